//! The host that a command runs in: the folder it works in, and the packer.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use packwright::event::EventBus;
use packwright::service::{BlockerCode, OperationClass, Request, Response, Service};
use packwright::{Cancel, OpenError, Packer, Project};

use crate::interrupt::Interrupts;
use crate::progress::ProgressDisplay;
use crate::refusal::Refusal;
use crate::shell_path;
use crate::terminal::Terminal;

/// What a command runs in.
pub(crate) struct Host {
    /// Where it speaks.
    pub terminal: Terminal,
    /// The packer, on the bus of this process.
    pub packer: Packer,
    /// The folder that paths are taken from: `-C`, or the current one. Absolute.
    folder: PathBuf,
    /// Set with the first operation, or question.
    interrupts: OnceCell<Interrupts>,
}

/// Where the requests of one command go.
pub(crate) enum Door {
    /// To a project, which stays open between them.
    Project(Project),
    /// To the packer, which makes workspaces.
    Packer,
}

impl Host {
    /// A host that works in `folder`, which is absolute.
    pub(crate) fn new(terminal: Terminal, packer: Packer, folder: PathBuf) -> Self {
        Self { terminal, packer, folder, interrupts: OnceCell::new() }
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
        let service = request.service();
        match self.door(service) {
            Ok(door) => self.call(&door, request),
            Err(error) => error.into_response(service),
        }
    }

    /// Where requests of that service go.
    pub(crate) fn door(&self, service: Service) -> Result<Door, OpenError> {
        if service == Service::InitWorkspace { Ok(Door::Packer) } else { self.open().map(Door::Project) }
    }

    /// Sends a request to a door that is open, and waits for the answer; Ctrl-C cancels.
    pub(crate) fn call(&self, door: &Door, request: Request) -> Response {
        match (door, request) {
            (Door::Packer, Request::InitWorkspace(request)) => self.packer.init(request),
            (Door::Packer, request) => self.no_workspace().into_response(request.service()),
            (Door::Project(project), request) if is_operation(&request) => {
                let progress = || ProgressDisplay::start(self.bus(), &self.terminal);
                let _progress = self.terminal.shows_progress().then(progress);
                project.call_with(request, self.interrupts().cancel())
            }
            (Door::Project(project), request) => project.call(request),
        }
    }

    /// What Ctrl-C stops.
    pub(crate) fn interrupts(&self) -> &Interrupts {
        self.interrupts.get_or_init(Interrupts::heard)
    }

    /// Opens that workspace for `calls` that take their time: they say how far they have come, and Ctrl-C cancels them.
    pub(crate) fn with_progress(
        &self,
        service: Service,
        calls: impl FnOnce(&Project, &Cancel) -> Response,
    ) -> Response {
        let _progress = self.terminal.shows_progress().then(|| ProgressDisplay::start(self.bus(), &self.terminal));
        self.with_project(service, |project| calls(project, self.interrupts().cancel()))
    }

    /// Opens that workspace for `calls`, which end in an answer of `service`. It is not scanned: what needs to see all files
    /// looks at them itself.
    pub(crate) fn with_project(&self, service: Service, calls: impl FnOnce(&Project) -> Response) -> Response {
        match self.open() {
            Ok(project) => calls(&project),
            Err(error) => error.into_response(service),
        }
    }

    /// Opens that workspace without a scan.
    pub(crate) fn open(&self) -> Result<Project, OpenError> {
        match self.workspace() {
            Some(workspace) => self.packer.open_unscanned(workspace),
            None => Err(self.no_workspace()),
        }
    }

    fn no_workspace(&self) -> OpenError {
        OpenError::NoWorkspace(self.folder.display().to_string())
    }

    /// The bus of this process.
    pub(crate) fn bus(&self) -> &EventBus {
        self.packer.bus()
    }
}

/// Whether a request takes its time, says how far it has come, and can be cancelled. A read does neither, and writes
/// nothing that Ctrl-C could leave half-done.
fn is_operation(request: &Request) -> bool {
    request.service() == Service::Doctor || request.service().class() != OperationClass::ReadOnly
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
