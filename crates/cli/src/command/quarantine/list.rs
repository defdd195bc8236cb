//! `packwright quarantine list`.

use clap::Args;
use packwright::service::{Data, ListQuarantine, QuarantineData, Request, Response};

use super::list_entries;
use crate::command::Ended;
use crate::host::Host;
use crate::text;

/// List what waits in quarantine, the oldest first
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright quarantine list
  packwright quarantine list --json")]
pub(crate) struct List {}

impl List {
    pub(super) fn run(self, host: &Host) -> Ended {
        let response = host.ask(Request::ListQuarantine(ListQuarantine {}));
        Ok(host.answer(&response, |response, data| {
            if let Data::Quarantine(data) = data {
                show(host, response, data);
            }
        }))
    }
}

fn show(host: &Host, response: &Response, data: &QuarantineData) {
    let terminal = &host.terminal;
    if !data.entries.is_empty() {
        list_entries(host, &data.entries);
    }
    // It also tells of folders there that are no entries.
    terminal.note(&text::plain(&response.summary));
    if !data.entries.is_empty() {
        terminal.next("`packwright quarantine restore ENTRY` brings one back; `… purge ENTRY` deletes it for good");
    }
}
