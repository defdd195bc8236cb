//! `packwright init`.

use std::path::PathBuf;

use clap::Args;
use packwright::service::{Data, InitData, InitWorkspace, Request, Response};
use packwright::workspace::layout;

use super::Ended;
use crate::host::Host;
use crate::mutation::HowFar;
use crate::refusal::Refusal;
use crate::text;

/// Make a folder a workspace
///
/// Writes the settings, an empty registry, the assets folder and lines for version control; what is there stays.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright init                      make this folder a workspace
  packwright init my-game --name game  make or take the folder `my-game`
  packwright init --assets art         the assets are in `art`")]
pub(crate) struct Init {
    /// The folder; made where it is absent
    #[arg(value_name = "DIR", default_value = ".", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,
    /// The project's name, which is also the pack's; by default the folder's
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The assets folder, relative to the workspace
    #[arg(long, value_name = "DIR", default_value = layout::ASSETS)]
    assets: String,
    #[command(flatten)]
    how: HowFar,
}

impl Init {
    pub(super) fn run(self, host: &Host) -> Ended {
        let path =
            host.path(&self.dir).into_os_string().into_string().map_err(|path| {
                Refusal::bad_request(format!("{} is not UTF-8", path.display()), "rename the folder")
            })?;
        let request = InitWorkspace { path, name: self.name, assets: self.assets };
        let request = Request::InitWorkspace(request.into());
        host.mutate(request, &self.how, |response, data| show(host, response, data))
    }
}

pub(super) fn show(host: &Host, response: &Response, data: &Data) {
    host.terminal.result(&format!("{}\n", text::plain(&response.summary)));
    let Data::InitWorkspace(InitData { written, .. }) = data else { return };
    let width = written.iter().map(|path| path.as_str().len()).max().unwrap_or(0);
    for path in written {
        let line = format!("  {:width$}  {}", text::plain(path.as_str()), purpose(path.as_str()));
        host.terminal.note(line.trim_end());
    }
    host.terminal.next(&format!("in each clone, so that git merges the registry by asset:\n        {GIT}"));
    host.terminal.next("put folders of art below the assets folder, then `packwright register assets/*`");
}

const GIT: &str = layout::GIT_CONFIG_COMMAND;

/// What the file is for, and what version control does with it.
fn purpose(path: &str) -> &'static str {
    match path {
        layout::SETTINGS => "settings, yours to edit; commit it",
        layout::REGISTRY => "the registered assets, written by packwright; commit it",
        ".gitignore" => "keeps outputs, quarantine and packwright's own folder out of version control",
        ".gitattributes" => "lets git merge the registry by asset",
        _ => "",
    }
}
