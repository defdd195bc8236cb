//! Arguments that do not parse, and what is asked for instead of a command: help and version.

use std::ffi::OsString;

use clap::{Error, ValueEnum};
use packwright::service::Service;

use crate::command;
use crate::refusal::Refusal;
use crate::terminal::{ColorWhen, Manner, Terminal};

/// Says what clap has to say, and gives the exit code.
///
/// With `--json` a mistake is answered in the shape of every answer. What was wanted is read from the bare words, since
/// there are no parsed ones.
pub(crate) fn report(error: &Error, words: &Words) -> u8 {
    let terminal = Terminal::new(Manner { json: words.json, color: words.color, ..Manner::default() });
    if error.use_stderr() && words.json {
        return Refusal::bad_request(message(error), "`packwright --help` shows what can be said")
            .report(&terminal, words.service);
    }
    let paint = if error.use_stderr() { terminal.err() } else { terminal.out() };
    let rendered = error.render();
    let text = if paint.colored { rendered.ansi().to_string() } else { rendered.to_string() };
    if error.use_stderr() {
        terminal.error(&text);
    } else {
        terminal.result(&text);
    }
    u8::try_from(error.exit_code()).unwrap_or(2)
}

/// The first paragraph of what clap says, without its `error:`.
fn message(error: &Error) -> String {
    let text = error.render().to_string();
    let first = text.split("\n\n").next().unwrap_or_default();
    first.strip_prefix("error: ").unwrap_or(first).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the bare words say, whether or not they parse.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    json: bool,
    color: ColorWhen,
    /// The service that the command asks; `None` for those that work on files.
    pub service: Option<Service>,
}

impl Words {
    /// Reads the arguments of the process, without the program's name.
    pub(crate) fn read(words: impl IntoIterator<Item = OsString>) -> Self {
        let mut read = Self::default();
        let mut words = words.into_iter().map(|word| word.to_string_lossy().into_owned());
        while let Some(word) = words.next() {
            match word.as_str() {
                "--" => break,
                "--json" => read.json = true,
                "--color" => read.color(&words.next().unwrap_or_default()),
                "-C" => drop(words.next()),
                word => match word.strip_prefix("--color=") {
                    Some(when) => read.color(when),
                    None => read.service = command::service_of(word, read.service),
                },
            }
        }
        read
    }

    fn color(&mut self, when: &str) {
        self.color = ColorWhen::from_str(when, false).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Words {
        Words::read(line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_bare_words_say_how_to_answer() {
        let words = read("-C build list --json --color=never --bogus");
        assert_eq!(words, Words { json: true, color: ColorWhen::Never, service: Some(Service::ListAssets) });
        assert_eq!(read("--color always show"), Words { json: false, color: ColorWhen::Always, ..read("show") });
    }

    #[test]
    fn of_two_words_the_second_says_what_becomes_of_quarantine() {
        assert_eq!(read("quarantine list").service, Some(Service::ListQuarantine));
        assert_eq!(read("quarantine purge --json x").service, Some(Service::PurgeQuarantined));
        assert_eq!(read("show restore").service, Some(Service::GetAssetDetails));
    }

    #[test]
    fn what_follows_two_dashes_is_no_option() {
        assert!(!read("show -- --json").json);
    }
}
