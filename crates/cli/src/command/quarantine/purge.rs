//! `packwright quarantine purge`.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use packwright::service::{Data, PurgeQuarantined, QuarantineData, Request, Response, Service};

use super::list_entries;
use super::meant::entry_ids;
use crate::command::Ended;
use crate::command::done::{next_with_undo, summary};
use crate::complete;
use crate::host::Host;
use crate::mutation::HowFar;

/// Delete what waits in quarantine, for good
///
/// It asks for the asset's address, or for the number of assets where there are several.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright quarantine purge 2026-11-22-ui-button-7f3a
  packwright quarantine purge 7f3a --yes --confirm ui/button
  packwright quarantine purge 7f3a 91c0 -n                       only shows what would be deleted")]
pub(crate) struct Purge {
    /// The entries: their ids, the beginnings or the ends of them, or the assets' addresses
    #[arg(value_name = "ENTRY", required = true, add = ArgValueCompleter::new(complete::entries))]
    entries: Vec<String>,
    #[command(flatten)]
    how: HowFar,
}

impl Purge {
    pub(super) fn run(self, host: &Host) -> Ended {
        let door = match host.door(Service::PurgeQuarantined) {
            Ok(door) => door,
            Err(error) => return Ok(host.answer(&error.into_response(Service::PurgeQuarantined), |_, _| {})),
        };
        let entry_ids = entry_ids(host, &door, &self.entries)?;
        let request = Request::PurgeQuarantined(PurgeQuarantined { entry_ids }.into());
        host.mutate_at(&door, request, &self.how, |response, data| show_purged(host, response, data))
    }
}

pub(crate) fn show_purged(host: &Host, response: &Response, data: &Data) {
    summary(host, response);
    if let Data::Quarantine(QuarantineData { entries }) = data {
        list_entries(host, entries);
    }
    next_with_undo(host, response, "`packwright quarantine list` shows what is left");
}
