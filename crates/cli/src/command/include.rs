//! `packwright include`, and how a change of what is in the build is shown.

use clap::Args;
use packwright::service::{Data, Request, Response, Selection};

use super::Ended;
use super::assets::{Selectors, list_assets};
use crate::host::Host;
use crate::text;

/// Take registered assets into the build
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright include ui/button
  packwright include 'ui/*' audio/theme")]
pub(crate) struct Include {
    #[command(flatten)]
    selectors: Selectors,
}

impl Include {
    pub(super) fn run(self, host: &Host) -> Ended {
        let selectors = host.selectors(&self.selectors.selectors)?;
        let response = host.ask(Request::IncludeAssetInBuild(Selection { selectors }.into()));
        Ok(host.answer(&response, |response, data| show_inclusion(host, response, data)))
    }
}

pub(super) fn show_inclusion(host: &Host, response: &Response, data: &Data) {
    host.terminal.result(&format!("{}\n", text::plain(&response.summary)));
    let Data::Inclusion(data) = data else { return };
    list_assets(host, &data.changed);
    if !data.changed.is_empty() {
        host.terminal.next("`packwright build`");
    }
}
