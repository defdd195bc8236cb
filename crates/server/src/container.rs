//! The container: the host's packer and bus, and the projects that are open on them.
//!
//! Projects come, and stay until the container goes. A project whose settings do not read has no id; it is listed without
//! one, and found by it as soon as they are mended.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use packwright::event::EventBus;
use packwright::service::{InitWorkspace, Response, Service};
use packwright::value::ProjectId;
use packwright::{OpenError, Packer};
use schemars::JsonSchema;
use serde::Serialize;

use crate::hosted::Hosted;

/// The most projects that are open at once.
const MAX_PROJECTS: usize = 64;

/// Makes a small picture of a file's content, where it can: from its bytes, its name, and the longest side that the picture
/// may have, to a PNG.
pub type Thumbnails = Arc<dyn Fn(&[u8], &str, u32) -> Option<Vec<u8>> + Send + Sync>;

/// The packer, its bus, and the projects that are open. Clones are the same.
#[derive(Clone)]
pub struct Container(Arc<Inner>);

struct Inner {
    packer: Packer,
    thumbnails: Option<Thumbnails>,
    projects: RwLock<Vec<Arc<Hosted>>>,
}

/// Makes a [`Container`].
pub struct ContainerBuilder {
    packer: Packer,
    thumbnails: Option<Thumbnails>,
}

/// A project as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Listed {
    /// Its id; null while its settings do not say one.
    pub project_id: Option<ProjectId>,
    /// Its name; null while its settings do not say one.
    pub name: Option<String>,
    /// The workspace, as the host's file system names it.
    pub path: String,
}

impl Container {
    /// A container around this packer, and the bus that it was built on.
    #[must_use]
    pub fn builder(packer: Packer) -> ContainerBuilder {
        ContainerBuilder { packer, thumbnails: None }
    }

    /// The bus that carries the packer's events, and may carry the host's.
    #[must_use]
    pub fn event_bus(&self) -> &Arc<EventBus> {
        self.0.packer.bus()
    }

    /// Opens a workspace and observes it from now on; one that is open is the same. Takes as long as a scan.
    ///
    /// # Errors
    /// As [`Packer::open`] has them, as the answer of a service.
    pub fn open(&self, path: &Path) -> Result<Listed, Box<Response>> {
        self.host(path).map(|hosted| hosted.listed()).map_err(|error| Box::new(error.into_response(Service::GetStatus)))
    }

    /// As [`open`](Self::open).
    pub(crate) fn host(&self, path: &Path) -> Result<Arc<Hosted>, OpenError> {
        let project = self.0.packer.open(path)?;
        let known = |projects: &[Arc<Hosted>]| projects.iter().find(|one| one.path() == project.path()).cloned();
        if let Some(hosted) = known(&self.projects()) {
            return Ok(hosted);
        }
        project.observe();
        let mut projects = self.0.projects.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(hosted) = known(&projects) {
            return Ok(hosted);
        }
        let hosted = Arc::new(Hosted::new(project));
        projects.push(Arc::clone(&hosted));
        Ok(hosted)
    }

    /// Whether no more projects can be opened.
    pub(crate) fn is_full(&self) -> bool {
        self.projects().len() >= MAX_PROJECTS
    }

    /// Makes a folder a workspace.
    pub(crate) fn init(&self, request: InitWorkspace) -> Response {
        self.0.packer.init(request)
    }

    /// The projects that are open, in the order in which they were opened.
    pub(crate) fn projects(&self) -> Vec<Arc<Hosted>> {
        self.0.projects.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The project with this id: the one that was opened first, where settings were edited so that two say it.
    pub(crate) fn project(&self, id: ProjectId) -> Option<Arc<Hosted>> {
        self.projects().into_iter().find(|hosted| hosted.project().id() == Some(id))
    }

    /// What makes small pictures.
    pub(crate) fn thumbnails(&self) -> Option<&Thumbnails> {
        self.0.thumbnails.as_ref()
    }

    /// The projects that are open.
    #[must_use]
    pub fn listed(&self) -> Vec<Listed> {
        self.listing().into_iter().map(|(_, listed)| listed).collect()
    }

    /// The same, with each. Where settings were edited so that two say one id, the first has it and the other has none.
    pub(crate) fn listing(&self) -> Vec<(Arc<Hosted>, Listed)> {
        let mut taken = BTreeSet::new();
        let listed = |hosted: Arc<Hosted>| {
            let mut listed = hosted.listed();
            listed.project_id = listed.project_id.filter(|id| taken.insert(*id));
            (hosted, listed)
        };
        self.projects().into_iter().map(listed).collect()
    }
}

impl ContainerBuilder {
    /// With what makes small pictures; without it there are none.
    #[must_use]
    pub fn thumbnails(self, thumbnails: Thumbnails) -> Self {
        Self { thumbnails: Some(thumbnails), ..self }
    }

    /// The container.
    #[must_use]
    pub fn build(self) -> Container {
        let Self { packer, thumbnails } = self;
        Container(Arc::new(Inner { packer, thumbnails, projects: RwLock::default() }))
    }
}
