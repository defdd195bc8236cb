//! `packwright remove`.

use clap::Args;
use packwright::service::{Data, Files, QuarantineData, RemoveAsset, Request, Response};

use super::Ended;
use super::assets::{Selectors, list_assets};
use super::done::{next_with_undo, summary};
use super::quarantine::list_entries;
use crate::host::Host;
use crate::mutation::HowFar;

/// Take assets out of the registered world
///
/// Their entries leave the registry, and their parts the next pack. What becomes of the files is yours to say. Registered again,
/// or restored, an asset gets the id that it had.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright remove ui/button --keep
  packwright remove 'ui/old/*' --quarantine            asks, then moves the folders to quarantine
  packwright remove ui/button --quarantine -n          only shows what would be done
  packwright remove ui/button --delete                 asks for the address, then deletes for good
  packwright remove ui/button --delete --yes --confirm ui/button
  packwright remove --keep -- root:old/button")]
#[group(skip)]
pub(crate) struct Remove {
    #[command(flatten)]
    selectors: Selectors,
    #[command(flatten)]
    files: WhatOfFiles,
    #[command(flatten)]
    how: HowFar,
}

/// What becomes of the files.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct WhatOfFiles {
    /// Leave the files where they are, as an unregistered folder
    #[arg(long)]
    keep: bool,
    /// Move the files to quarantine, from where `packwright quarantine restore` brings them back
    #[arg(long)]
    quarantine: bool,
    /// Delete the files for good; nothing brings them back
    #[arg(long)]
    delete: bool,
}

impl Remove {
    pub(super) fn run(self, host: &Host) -> Ended {
        let selectors = host.selectors(&self.selectors.selectors)?;
        let files = match self.files {
            WhatOfFiles { delete: true, .. } => Files::Delete,
            WhatOfFiles { quarantine: true, .. } => Files::Quarantine,
            WhatOfFiles { .. } => Files::Keep,
        };
        let request = Request::RemoveAsset(RemoveAsset { selectors, files }.into());
        host.mutate(request, &self.how, |response, data| show_removed(host, response, data))
    }
}

pub(super) fn show_removed(host: &Host, response: &Response, data: &Data) {
    summary(host, response);
    match data {
        Data::Quarantine(QuarantineData { entries }) if !entries.is_empty() => {
            list_entries(host, entries);
            next_with_undo(host, response, "`packwright build`; `packwright quarantine restore ENTRY` brings one back");
        }
        _ if super::done::is_undoable(response) => {
            list_assets(host, &response.affected_assets);
            next_with_undo(host, response, "`packwright build`; `packwright register PATH` takes a folder back");
        }
        _ => {
            list_assets(host, &response.affected_assets);
            next_with_undo(host, response, "`packwright build`");
        }
    }
}
