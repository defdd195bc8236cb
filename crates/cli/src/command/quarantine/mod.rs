//! `packwright quarantine`: what `remove --quarantine` put aside.

mod list;
mod meant;
mod purge;
mod restore;

use clap::Subcommand;
use packwright::service::ListedEntry;

use super::Ended;
use crate::host::Host;
use crate::text::{self, Table};

pub(super) use purge::show_purged;
pub(super) use restore::show_restored;

/// Show, bring back or delete what was removed to quarantine
///
/// Each entry lies in `quarantine/`, whole, with a file that says where it was and how it was registered.
#[derive(Debug, Subcommand)]
#[command(
    disable_help_subcommand = true,
    after_help = "\
Examples:
  packwright quarantine list
  packwright quarantine restore 2026-11-22-ui-button-7f3a
  packwright quarantine restore ui/button
  packwright quarantine purge 7f3a"
)]
pub(crate) enum Quarantine {
    List(list::List),
    Restore(restore::Restore),
    Purge(purge::Purge),
}

impl Quarantine {
    pub(super) fn run(self, host: &Host) -> Ended {
        match self {
            Self::List(command) => command.run(host),
            Self::Restore(command) => command.run(host),
            Self::Purge(command) => command.run(host),
        }
    }
}

/// Entries as a table.
pub(super) fn list_entries(host: &Host, entries: &[ListedEntry]) {
    let mut table = Table::new(["ENTRY", "ADDRESS", "ORIGIN", ">FILES", ">BYTES", "SINCE"]);
    for entry in entries {
        let address = entry.asset.address.as_ref().map_or("-", |address| address.as_str());
        table.row([
            entry.entry_id.clone(),
            address.to_owned(),
            entry.origin.to_string(),
            text::number(entry.files),
            text::bytes(entry.bytes),
            text::moment(&entry.since),
        ]);
    }
    host.terminal.result(&table.render(host.terminal.out()));
}
