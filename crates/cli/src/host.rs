//! The host that a command runs in: the folder it works in, the packer, and how it is stopped.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use packwright::event::EventBus;
use packwright::service::{BlockerCode, OperationClass, Request, Response, Service};
use packwright::{Cancel, OpenError, Packer, Project};

use crate::progress::ProgressDisplay;
use crate::refusal::Refusal;
use crate::shell_path;
use crate::terminal::Terminal;

/// The exit code of a command that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// What a command runs in.
pub(crate) struct Host {
    /// Where it speaks.
    pub terminal: Terminal,
    /// The packer, on the bus of this process.
    pub packer: Packer,
    bus: Arc<EventBus>,
    /// The folder that paths are taken from: `-C`, or the current one. Absolute.
    folder: PathBuf,
}

impl Host {
    /// A host that works in `folder`, which is absolute.
    pub(crate) fn new(terminal: Terminal, bus: Arc<EventBus>, packer: Packer, folder: PathBuf) -> Self {
        Self { terminal, packer, bus, folder }
    }

    /// A path of the shell's, made absolute.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        shell_path::absolute(&self.folder, path)
    }

    /// A path of the shell's, relative to the assets folder of the workspace that the command works in.
    pub(crate) fn asset_path(&self, path: &Path) -> Result<String, Refusal> {
        let Some(workspace) = self.workspace() else {
            let message = format!("there is no workspace in {} or above it", self.folder.display());
            let help = "go to one, name one with `-C`, or make one with `packwright init`";
            return Err(Refusal::blocked(BlockerCode::NoWorkspace, message, help));
        };
        let assets = shell_path::assets_folder(workspace);
        shell_path::relative_to(&assets, "assets folder", &self.folder, path)
    }

    /// A selector. One that begins as only a path can (`./`, `../`, `/`) is turned into the root it names.
    pub(crate) fn selector(&self, text: &str) -> Result<String, Refusal> {
        let is_path = matches!(text, "." | "..") || ["./", "../", "/"].iter().any(|start| text.starts_with(start));
        if is_path { Ok(format!("root:{}", self.asset_path(Path::new(text))?)) } else { Ok(text.to_owned()) }
    }

    /// Several selectors.
    pub(crate) fn selectors(&self, texts: &[String]) -> Result<Vec<String>, Refusal> {
        texts.iter().map(|text| self.selector(text)).collect()
    }

    /// The workspace that the command works in.
    pub(crate) fn workspace(&self) -> Option<&Path> {
        shell_path::nearest_workspace(&self.folder)
    }

    /// Asks a service of that workspace and waits for the answer; Ctrl-C cancels.
    pub(crate) fn ask(&self, request: Request) -> Response {
        let _progress = self.shows_progress(&request).then(|| ProgressDisplay::start(&self.bus, &self.terminal));
        self.with_project(request.service(), |project, cancel| project.call_with(request, cancel))
    }

    /// Opens that workspace for `calls`, which end in an answer of `service`.
    pub(crate) fn with_project(&self, service: Service, calls: impl FnOnce(&Project, &Cancel) -> Response) -> Response {
        let Some(workspace) = self.workspace() else {
            return OpenError::NoWorkspace(self.folder.display().to_string()).into_response(service);
        };
        let cancel = Cancel::new();
        cancel_on_interrupt(&cancel);
        match self.packer.open(workspace) {
            Ok(project) => calls(&project, &cancel),
            Err(error) => error.into_response(service),
        }
    }

    fn shows_progress(&self, request: &Request) -> bool {
        let long = request.service() == Service::Doctor || request.service().class() != OperationClass::ReadOnly;
        long && !self.terminal.quiet()
    }
}

/// The folder to work in: the one that `-C` names, or the current one.
pub(crate) fn working_folder(named: Option<&Path>) -> Result<PathBuf, Refusal> {
    let current =
        std::env::current_dir().map_err(|error| Refusal::io("find", Path::new("the current folder"), &error))?;
    let folder = named.map_or_else(|| current.clone(), |named| shell_path::absolute(&current, named));
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(Refusal::bad_request(format!("{} is no folder", folder.display()), "`-C` takes the folder to work in"))
}

/// The first Ctrl-C cancels, which a safe point hears; the second ends the process at once, which a killed build or
/// commit is made to survive.
fn cancel_on_interrupt(cancel: &Cancel) {
    let cancel = cancel.clone();
    let handler = move || {
        if cancel.is_cancelled() {
            std::process::exit(INTERRUPTED);
        }
        cancel.cancel();
        let _ = io::stderr().write_all(b"\nstopping at the next safe point; Ctrl-C again stops at once\n");
    };
    // Where a handler cannot be set, Ctrl-C ends the process as it always does.
    let _ = ctrlc::set_handler(handler);
}
