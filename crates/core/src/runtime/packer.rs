//! The packer: one a process, holding the host's bus and the importers.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Project;
use crate::event::EventBus;
use crate::importer::ImporterSet;
use crate::service::{InitWorkspace, Response, Service};

/// The packer: one a process.
#[derive(Clone)]
pub struct Packer {}

/// Makes a [`Packer`].
pub struct PackerBuilder {}

impl Packer {
    /// A packer is built on the host's bus, and cannot be built without one.
    #[must_use]
    pub fn builder(_bus: Arc<EventBus>) -> PackerBuilder {
        PackerBuilder {}
    }

    /// Opens the workspace at `path`.
    ///
    /// # Errors
    /// Where there is no workspace, or its folder cannot be read.
    pub fn open(&self, _path: impl AsRef<Path>) -> Result<Project, OpenError> {
        Ok(Project {})
    }

    /// Runs `init_workspace`, the one service that needs no project.
    #[must_use]
    pub fn init(&self, _request: &InitWorkspace) -> Response {
        panic!()
    }

    /// The importers.
    #[must_use]
    pub fn importers(&self) -> &ImporterSet {
        panic!()
    }
}

impl PackerBuilder {
    /// With these importers.
    #[must_use]
    pub fn importers(self, _importers: ImporterSet) -> Self {
        self
    }

    /// With at most `n` threads for builds and scans; by default one a processor.
    #[must_use]
    pub fn threads(self, _n: usize) -> Self {
        self
    }

    /// How long to wait for a workspace that another process writes; by default 10 seconds.
    #[must_use]
    pub fn lock_wait(self, _wait: Duration) -> Self {
        self
    }

    /// The packer.
    #[must_use]
    pub fn build(self) -> Packer {
        Packer {}
    }
}

/// Why a workspace does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none.
    #[error("{0} is no workspace: there is no packwright.toml")]
    NoWorkspace(String),
}

impl OpenError {
    /// The same as the answer of the service that was wanted.
    #[must_use]
    pub fn into_response(self, _service: Service) -> Response {
        panic!()
    }
}
