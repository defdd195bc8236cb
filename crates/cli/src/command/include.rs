//! `packwright include`, and how a change of what is in the build is shown.

use clap::Args;
use packwright::service::{Data, Request, Response, Selection};

use super::Ended;
use super::assets::{Selectors, list_assets};
use super::done::summary;
use crate::host::Host;
use crate::mutation::HowFar;

/// Take registered assets into the build
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright include ui/button
  packwright include 'ui/*' audio/theme")]
pub(crate) struct Include {
    #[command(flatten)]
    selectors: Selectors,
    #[command(flatten)]
    how: HowFar,
}

impl Include {
    pub(super) fn run(self, host: &Host) -> Ended {
        let selectors = host.selectors(&self.selectors.selectors)?;
        let request = Request::IncludeAssetInBuild(Selection { selectors }.into());
        host.mutate(request, &self.how, |response, data| show_inclusion(host, response, data))
    }
}

pub(super) fn show_inclusion(host: &Host, response: &Response, data: &Data) {
    summary(host, response);
    let Data::Inclusion(data) = data else { return };
    list_assets(host, &data.changed);
    if !data.changed.is_empty() {
        host.terminal.next("`packwright build`");
    }
}
