//! `packwright remove`.

use clap::Args;
use packwright::service::{Files, RemoveAsset, Request};

use super::Ended;
use super::assets::{Selectors, list_assets};
use crate::host::Host;
use crate::text;

/// Take assets out of the registered world
///
/// Their entries leave the registry. Registered again, an asset gets the id that it had.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright remove ui/button --keep
  packwright remove --keep -- root:old/button")]
pub(crate) struct Remove {
    #[command(flatten)]
    selectors: Selectors,
    /// Leave the files where they are, as an unregistered folder
    #[arg(long, required = true)]
    keep: bool,
}

impl Remove {
    pub(super) fn run(self, host: &Host) -> Ended {
        let selectors = host.selectors(&self.selectors.selectors)?;
        let response = host.ask(Request::RemoveAsset(RemoveAsset { selectors, files: Files::Keep }.into()));
        Ok(host.answer(&response, |response, _| {
            host.terminal.result(&format!("{}\n", text::plain(&response.summary)));
            list_assets(host, &response.affected_assets);
            host.terminal.next("`packwright build`; `packwright register PATH` takes a folder back");
        }))
    }
}
