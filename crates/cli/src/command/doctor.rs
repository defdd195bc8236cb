//! `packwright doctor`.

use clap::{Args, ValueEnum};
use packwright::diagnose::Code;
use packwright::service::{self, Data, DoctorData, Request, Response, Scope};

use super::Ended;
use crate::host::Host;
use crate::text;

/// Say what is wrong with the registered assets
///
/// It changes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright doctor
  packwright doctor --only S203,S204       only these findings
  packwright doctor --strict               any finding makes the exit code 1
  packwright doctor --format json

Exit codes: 0 nothing structural; 1 structural findings, or any with --strict; 3 a check could not run.")]
pub(crate) struct Doctor {
    /// Exit with 1 for any finding, not only for structural ones
    #[arg(long)]
    strict: bool,
    /// Look for these codes only (`S203` or `source-missing`)
    #[arg(long, value_name = "CODE", num_args = 1.., value_delimiter = ',', value_parser = code)]
    only: Vec<Code>,
    /// How to print the findings; `json` is the whole answer, as with --json
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// A code by number or name.
pub(super) fn code(text: &str) -> Result<Code, String> {
    text.parse().map_err(|()| "no such code; `packwright explain` lists them all".to_owned())
}

impl Doctor {
    pub(super) fn run(self, host: &Host) -> Ended {
        let only = self.only.iter().map(ToString::to_string).collect();
        let response = host.ask(Request::Doctor(service::Doctor { scope: Scope::Registered, only }));
        let exit_code = match self.format {
            Format::Json if !host.terminal.json() => {
                host.terminal.result_json(&response);
                response.exit_code()
            }
            _ => {
                if let (Data::Doctor(data), false) = (&response.data, host.terminal.json()) {
                    show(host, &response, data);
                    response.exit_code()
                } else {
                    host.answer(&response, |_, _| {})
                }
            }
        };
        let found = self.strict && !response.diagnostics.is_empty();
        Ok(if exit_code == 0 && found { 1 } else { exit_code })
    }
}

fn show(host: &Host, response: &Response, data: &DoctorData) {
    let paint = host.terminal.out();
    host.terminal.result(&host.findings(&response.diagnostics, paint));
    for check in &data.failed {
        let message = format!("the check `{}` could not run: {}", check.check, check.message);
        host.terminal.result(&text::failure(None, &message, "", paint));
    }
    if data.unchecked_sources > 0 {
        let sources = text::count(data.unchecked_sources, "source");
        host.terminal.note(&format!("{sources} changed since the last build: the content is checked when it is built"));
    }
    if response.diagnostics.is_empty() {
        let checks = text::count(data.checks.len() as u64, "check");
        host.terminal.result(&format!("{} by {checks}\n", paint.good("nothing found")));
    } else {
        host.terminal.result(&text::verdict(&response.diagnostics, paint));
    }
}
