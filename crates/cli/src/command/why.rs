//! `packwright why`.

use std::borrow::Cow;

use clap::Args;
use packwright::service::{Data, DetailsData, GetAssetDetails, Request};

use super::Ended;
use super::assets::{Selector, address};
use crate::host::Host;
use crate::text::{self, Table};

/// Say why each part of an asset was last imported
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright why ui/button
  packwright why ui/button --json        with the reasons as words for programs")]
pub(crate) struct Why {
    #[command(flatten)]
    selector: Selector,
}

impl Why {
    pub(super) fn run(self, host: &Host) -> Ended {
        let selector = host.selector(&self.selector.selector)?;
        let response = host.ask(Request::GetAssetDetails(GetAssetDetails { selector, hashes: false }));
        Ok(host.answer(&response, |_, data| {
            if let Data::GetAssetDetails(data) = data {
                show(host, data);
            }
        }))
    }
}

fn show(host: &Host, data: &DetailsData) {
    if data.part_list.is_empty() {
        host.terminal.note(&format!("{} is in no build yet", text::plain(&address(&data.asset))));
        return host.terminal.next("`packwright build`");
    }
    let mut table = Table::new(["PART", "LAST IMPORTED BECAUSE"]);
    for part in &data.part_list {
        table.row([part.name.clone(), in_words(&part.reason).into_owned()]);
    }
    host.terminal.result(&table.render(host.terminal.out()));
}

/// A reason of the wire in words; one that has none is shown as it is.
pub(super) fn in_words(reason: &str) -> Cow<'_, str> {
    let (word, what) = reason.split_once(": ").unwrap_or((reason, ""));
    let words = match word {
        "new" => "it is new: no earlier build had it",
        "source_changed" if !what.is_empty() => return format!("{what} changed").into(),
        "source_changed" => "its source changed",
        "settings_changed" if !what.is_empty() => return format!("the setting `{what}` changed").into(),
        "settings_changed" => "its settings changed",
        "importer_changed" => "another importer took it",
        "importer_version" => "its importer has a new version",
        "compression_changed" | "codec_changed" => "the pack's compression changed",
        "cache_lost" => "what an earlier build had made was lost or damaged",
        "full" => "a full build makes everything again",
        _ => return Cow::Borrowed(reason),
    };
    Cow::Borrowed(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_what_changed() {
        assert_eq!(in_words("source_changed: assets/ui/a: b.png"), "assets/ui/a: b.png changed");
        assert_eq!(in_words("settings_changed: image.output"), "the setting `image.output` changed");
    }

    #[test]
    fn a_reason_without_words_is_not_hidden() {
        assert_eq!(in_words("moon_phase: full"), "moon_phase: full");
    }
}
