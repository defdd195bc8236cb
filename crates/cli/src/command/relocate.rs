//! `packwright move`.

use std::path::PathBuf;

use clap::Args;
use packwright::service::{RelocateAsset, Request, Response};

use super::Ended;
use super::assets::{Selector, list_assets};
use super::done::{is_undoable, next_with_undo, summary};
use crate::host::Host;
use crate::mutation::HowFar;

/// Move an asset to another folder
///
/// Its id, UUID and address stay, so that nothing that refers to it needs to change. Nothing is ever put over something.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright move ui/button assets/widgets/button          asks, then moves the folder
  packwright move ui/button assets/widgets/button --yes
  packwright move ui/button assets/widgets/button -n       only shows what would be done
  packwright edit ui/button address=widgets/button         for another address")]
pub(crate) struct Move {
    #[command(flatten)]
    selector: Selector,
    /// The folder that the asset becomes, as the shell names it; below the assets folder, and not there yet
    #[arg(value_name = "NEW_ROOT", value_hint = clap::ValueHint::DirPath)]
    to: PathBuf,
    #[command(flatten)]
    how: HowFar,
}

impl Move {
    pub(super) fn run(self, host: &Host) -> Ended {
        let selector = host.selector(&self.selector.selector)?;
        let to = host.asset_path(&self.to).map_err(|refusal| match host.workspace() {
            Some(_) => {
                refusal.with_help("NEW_ROOT is a path as the shell takes it, to a folder below the assets folder")
            }
            None => refusal,
        })?;
        let request = Request::RelocateAsset(RelocateAsset { selector, to }.into());
        host.mutate(request, &self.how, |response, _| show_moved(host, response))
    }
}

pub(super) fn show_moved(host: &Host, response: &Response) {
    summary(host, response);
    list_assets(host, &response.affected_assets);
    if is_undoable(response) {
        next_with_undo(host, response, "`packwright build`");
    }
}
