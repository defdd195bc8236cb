//! `packwright completions`.

use std::path::Path;

use clap::{Args, ValueEnum};
use clap_complete::env::Shells;

use super::Ended;
use crate::complete;
use crate::host::Host;
use crate::refusal::Refusal;

/// Print what makes a shell complete packwright
///
/// Commands, options, addresses and codes are completed. The shell then asks `packwright` itself, so that completions always fit the version and the workspace.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bash   echo 'source <(packwright completions bash)' >> ~/.bashrc
  zsh    echo 'source <(packwright completions zsh)' >> ~/.zshrc
  fish   packwright completions fish > ~/.config/fish/completions/packwright.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

impl Completions {
    pub(super) fn run(self, host: &Host) -> Ended {
        let name = self.shell.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        let shells = Shells::builtins();
        let shell = shells.completer(&name).ok_or_else(|| Refusal::failed(format!("{name} has no completions")))?;
        let mut script = Vec::new();
        let written =
            shell.write_registration(complete::VARIABLE, "packwright", "packwright", "packwright", &mut script);
        written.map_err(|error| Refusal::io("make completions for", Path::new(&name), &error))?;
        host.terminal.result(&String::from_utf8_lossy(&script));
        Ok(0)
    }
}
