//! `packwright pack`: the commands about built packs. They work on files and need no workspace.

mod diff;
mod extract;
mod extract_plan;
mod file;
mod inspect;
mod verify;

use clap::Subcommand;

use super::Ended;
use crate::host::Host;

/// Show, check, unpack or compare built packs
#[derive(Debug, Subcommand)]
#[command(
    disable_help_subcommand = true,
    after_help = "\
Examples:
  packwright pack inspect build/my-game.pack
  packwright pack verify build/my-game.pack
  packwright pack extract build/my-game.pack out
  packwright pack diff old.pack build/my-game.pack"
)]
pub(crate) enum Pack {
    Inspect(inspect::Inspect),
    Verify(verify::Verify),
    Extract(extract::Extract),
    Diff(diff::Diff),
}

impl Pack {
    pub(super) fn run(self, host: &Host) -> Ended {
        match self {
            Self::Inspect(command) => command.run(host),
            Self::Verify(command) => command.run(host),
            Self::Extract(command) => command.run(host),
            Self::Diff(command) => command.run(host),
        }
    }
}
