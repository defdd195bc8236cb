//! `packwright quarantine restore`.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use packwright::service::{Request, Response, RestoreQuarantined, Service};

use super::meant::entry_ids;
use crate::command::Ended;
use crate::command::assets::list_assets;
use crate::command::done::{next_with_undo, summary};
use crate::complete;
use crate::host::Host;
use crate::mutation::HowFar;

/// Put an asset back where it was, registered as it was
///
/// Nothing is ever put over something: where another folder took its place, it stays in quarantine.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright quarantine restore 2026-11-22-ui-button-7f3a
  packwright quarantine restore 7f3a --yes                the end of its id is enough
  packwright quarantine restore ui/button                 or its address")]
pub(crate) struct Restore {
    /// The entry: its id, the beginning or the end of it, or the asset's address
    #[arg(value_name = "ENTRY", add = ArgValueCompleter::new(complete::entries))]
    entry: String,
    #[command(flatten)]
    how: HowFar,
}

impl Restore {
    pub(super) fn run(self, host: &Host) -> Ended {
        let door = match host.door(Service::RestoreQuarantined) {
            Ok(door) => door,
            Err(error) => return Ok(host.answer(&error.into_response(Service::RestoreQuarantined), |_, _| {})),
        };
        let entry_id = entry_ids(host, &door, &[self.entry])?.remove(0);
        let request = Request::RestoreQuarantined(RestoreQuarantined { entry_id }.into());
        host.mutate_at(&door, request, &self.how, |response, _| show_restored(host, response))
    }
}

pub(crate) fn show_restored(host: &Host, response: &Response) {
    summary(host, response);
    list_assets(host, &response.affected_assets);
    next_with_undo(host, response, "`packwright build`");
}
