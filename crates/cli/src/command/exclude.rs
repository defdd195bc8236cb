//! `packwright exclude`.

use clap::Args;
use packwright::service::{Request, Selection};

use super::Ended;
use super::assets::Selectors;
use super::include::show_inclusion;
use crate::host::Host;
use crate::mutation::HowFar;

/// Take assets out of the build
///
/// They stay registered and keep their ids.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright exclude ui/button
  packwright exclude 'levels/test/*'")]
pub(crate) struct Exclude {
    #[command(flatten)]
    selectors: Selectors,
    #[command(flatten)]
    how: HowFar,
}

impl Exclude {
    pub(super) fn run(self, host: &Host) -> Ended {
        let selectors = host.selectors(&self.selectors.selectors)?;
        let request = Request::ExcludeAssetFromBuild(Selection { selectors }.into());
        host.mutate(request, &self.how, |response, data| show_inclusion(host, response, data))
    }
}
