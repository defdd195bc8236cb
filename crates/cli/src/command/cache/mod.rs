//! `packwright cache`: what builds take from, so that they need not make it again.

mod prune;

use clap::Subcommand;

use super::Ended;
use crate::host::Host;

/// Make room in the cache that builds take from
///
/// The cache lies in `.packwright/cache` and holds what cost work to make. Without it builds make the same, in more time.
#[derive(Debug, Subcommand)]
#[command(
    disable_help_subcommand = true,
    after_help = "\
Examples:
  packwright cache prune
  packwright cache prune --older-than-days 7"
)]
pub(crate) enum Cache {
    Prune(prune::Prune),
}

impl Cache {
    pub(super) fn run(self, host: &Host) -> Ended {
        match self {
            Self::Prune(command) => command.run(host),
        }
    }
}
