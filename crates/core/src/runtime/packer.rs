//! The packer: one a process, holding the host's bus and the importers.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::init::{Made, make};
use super::open::Open;
use super::plans::{PLAN_LIFE, Plans};
use super::project::Project;
use super::threads::Threads;
use crate::event::EventBus;
use crate::fs::{RealFs, SharedFs};
use crate::importer::ImporterSet;
use crate::service::{
    Answer, Blocker, BlockerCode, Data, InitWorkspace, Mutation, OperationClass, Response, RuntimeState, Service,
};
use crate::value::{OperationId, ProjectId, RelPath};
use crate::workspace::Settings;

/// How long a write waits for another process, where the host says nothing.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// The packer: one a process. Clones are the same packer.
#[derive(Clone)]
pub struct Packer(Arc<Inner>);

/// What all projects of a packer share.
pub(super) struct Inner {
    pub(super) bus: Arc<EventBus>,
    pub(super) importers: ImporterSet,
    threads: usize,
    pub(super) lock_wait: Duration,
    pub(super) plan_life: Duration,
    /// Of workspaces that are to be made.
    pub(super) plans: Plans,
    pub(super) through: Box<Through>,
    projects: Mutex<HashMap<PathBuf, Arc<Slot>>>,
    ids: Mutex<HashMap<ProjectId, (PathBuf, Weak<Open>)>>,
}

/// The place of one workspace, open or being opened. Opening one holds up nobody who opens another.
type Slot = Mutex<Weak<Open>>;

/// How the files of a workspace are seen.
type Through = dyn Fn(RealFs) -> SharedFs + Send + Sync;

impl Inner {
    /// Threads for one kind of work.
    pub(super) const fn threads(&self) -> Threads {
        Threads::new(self.threads)
    }
}

/// Makes a [`Packer`].
pub struct PackerBuilder {
    bus: Arc<EventBus>,
    importers: ImporterSet,
    threads: usize,
    lock_wait: Duration,
    plan_life: Duration,
    through: Box<Through>,
}

impl Packer {
    /// A packer is built on the host's bus, and cannot be built without one.
    #[must_use]
    pub fn builder(bus: Arc<EventBus>) -> PackerBuilder {
        let through: Box<Through> = Box::new(|files| Arc::new(files));
        PackerBuilder {
            bus,
            importers: ImporterSet::default(),
            threads: 0,
            lock_wait: LOCK_WAIT,
            plan_life: PLAN_LIFE,
            through,
        }
    }

    /// Opens the workspace at `path`; a folder that is open gives the same project.
    ///
    /// Settings or a registry that do not read are findings of the project, not errors of its opening.
    ///
    /// # Errors
    /// Where there is no workspace, its folder cannot be read, or its project is open from another folder.
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Project, OpenError> {
        self.open_as(path.as_ref(), false)
    }

    /// As [`Packer::open`], without a look at the assets: what is known is what the last scan found, and the project is
    /// `stale` (`not_scanned`) until a doctor, a build, a mutation or a barrier looks. Where there is no listing of the
    /// last scan, it is scanned.
    ///
    /// # Errors
    /// As [`Packer::open`].
    pub fn open_unscanned(&self, path: impl AsRef<Path>) -> Result<Project, OpenError> {
        self.open_as(path.as_ref(), true)
    }

    fn open_as(&self, path: &Path, is_cheap: bool) -> Result<Project, OpenError> {
        let named = || path.display().to_string();
        let canonical = path.canonicalize().map_err(|error| OpenError::of(error, named()))?;
        let slot = Arc::clone(lock(&self.0.projects).entry(canonical.clone()).or_default());
        let mut slot = lock(&slot);
        if let Some(open) = slot.upgrade() {
            return Ok(Project::from(open));
        }
        let fs = (self.0.through)(RealFs::open(&canonical).map_err(|error| OpenError::of(error, named()))?);
        let is_none = |fs: &SharedFs| fs.stat(&RelPath::literal(Settings::FILE)).is_err_and(|error| error.is_absent());
        if is_none(&fs) {
            return Err(OpenError::NoWorkspace(named()));
        }
        let open = Arc::new(Open::new(self.0.clone(), fs, canonical.clone(), is_cheap));
        // What was stopped half-way, and is taken back now, may have been its making.
        if is_none(&open.fs) {
            return Err(OpenError::NoWorkspace(named()));
        }
        self.take_id(&open, &canonical).map_err(|other| OpenError::ProjectIdInUse { path: named(), other })?;
        *slot = Arc::downgrade(&open);
        Ok(Project::from(open))
    }

    /// Takes the project's id for this workspace.
    ///
    /// # Errors
    /// The workspace that has it, where one does that is open.
    fn take_id(&self, open: &Arc<Open>, path: &Path) -> Result<(), String> {
        let Some(id) = open.project_id() else { return Ok(()) };
        let mut ids = lock(&self.0.ids);
        ids.retain(|_, (_, open)| open.strong_count() > 0);
        match ids.get(&id) {
            Some((other, _)) if other != path => Err(other.display().to_string()),
            _ => {
                ids.insert(id, (path.to_owned(), Arc::downgrade(open)));
                Ok(())
            }
        }
    }

    /// Runs `init_workspace`, the one service that needs no project.
    #[must_use]
    pub fn init(&self, request: impl Into<Mutation<InitWorkspace>>) -> Response {
        let operation = OperationId::mint();
        let Made { answer, proposed, applied } = make(&self.0, request.into(), operation);
        let project_id = match &answer.data {
            Data::InitWorkspace(made) => Some(made.project_id),
            _ => None,
        };
        Response {
            status: answer.status,
            service: Service::InitWorkspace,
            operation_class: OperationClass::WorkspaceMutation,
            operation_id: Some(operation),
            project_id,
            revision: None,
            runtime_state: RuntimeState::default(),
            summary: answer.summary,
            affected_assets: Vec::new(),
            diagnostics: Vec::new(),
            proposed_actions: proposed,
            applied_actions: applied,
            blockers: answer.blockers,
            data: answer.data,
        }
    }

    /// The importers.
    #[must_use]
    pub fn importers(&self) -> &ImporterSet {
        &self.0.importers
    }

    /// The host's bus.
    #[must_use]
    pub fn bus(&self) -> &Arc<EventBus> {
        &self.0.bus
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl PackerBuilder {
    /// With these importers.
    #[must_use]
    pub fn importers(mut self, importers: ImporterSet) -> Self {
        self.importers = importers;
        self
    }

    /// With at most `n` threads for each build and each look at a workspace; 0, the default, is one a processor.
    #[must_use]
    pub fn threads(mut self, n: usize) -> Self {
        self.threads = n;
        self
    }

    /// How long to wait for a workspace that another process writes; by default 10 seconds.
    #[must_use]
    pub fn lock_wait(mut self, wait: Duration) -> Self {
        self.lock_wait = wait;
        self
    }

    /// How long a plan can be applied; by default 15 minutes.
    #[must_use]
    pub fn plan_life(mut self, life: Duration) -> Self {
        self.plan_life = life;
        self
    }

    /// Seeing the files of every workspace that is opened through what `through` makes of them: one that counts, say, or
    /// one that fails.
    #[must_use]
    pub fn files(mut self, through: impl Fn(RealFs) -> SharedFs + Send + Sync + 'static) -> Self {
        self.through = Box::new(through);
        self
    }

    /// The packer.
    #[must_use]
    pub fn build(self) -> Packer {
        Packer(Arc::new(Inner {
            bus: self.bus,
            importers: self.importers,
            threads: self.threads,
            lock_wait: self.lock_wait,
            plan_life: self.plan_life,
            plans: Plans::new(self.plan_life),
            through: self.through,
            projects: Mutex::default(),
            ids: Mutex::default(),
        }))
    }
}

/// Why a workspace does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none.
    #[error("{0} is no workspace: there is no packwright.toml in it")]
    NoWorkspace(String),
    /// Its folder cannot be read.
    #[error("{path} cannot be opened: {source}")]
    Unreadable {
        /// The folder.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// Its project is open from another folder.
    #[error("{path} has the project id of {other}, which is open")]
    ProjectIdInUse {
        /// The folder.
        path: String,
        /// The folder that is open.
        other: String,
    },
}

impl OpenError {
    fn of(source: io::Error, path: String) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NoWorkspace(path),
            _ => Self::Unreadable { path, source },
        }
    }

    /// The same as the answer of the service that was wanted.
    #[must_use]
    pub fn into_response(self, service: Service) -> Response {
        let message = self.to_string();
        let answer = match self {
            Self::NoWorkspace(_) => {
                let help = "go to a workspace, name one with `-C`, or make one with `packwright init`";
                Answer::blocked(vec![Blocker::new(BlockerCode::NoWorkspace, message, help)])
            }
            Self::Unreadable { .. } => Answer::failed(message),
            Self::ProjectIdInUse { .. } => {
                let help = "if one is a copy meant to live on its own, give its packwright.toml another `id`";
                Answer::blocked(vec![Blocker::new(BlockerCode::ProjectIdInUse, message, help)])
            }
        };
        Response {
            status: answer.status,
            service,
            operation_class: service.class(),
            operation_id: None,
            project_id: None,
            revision: None,
            runtime_state: RuntimeState::default(),
            summary: answer.summary,
            affected_assets: Vec::new(),
            diagnostics: Vec::new(),
            proposed_actions: Vec::new(),
            applied_actions: Vec::new(),
            blockers: answer.blockers,
            data: Data::None {},
        }
    }
}
