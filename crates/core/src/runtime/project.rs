//! One open workspace.

use crate::service::{Request, Response};
use crate::value::{Cancel, ProjectId};

/// One open workspace. Clones are the same project.
#[derive(Clone)]
pub struct Project {}

impl Project {
    /// The project's id; `None` while its settings do not say one.
    #[must_use]
    pub fn id(&self) -> Option<ProjectId> {
        None
    }

    /// Runs a request and waits for the answer.
    #[must_use]
    pub fn call(&self, request: Request) -> Response {
        self.call_with(request, &Cancel::new())
    }

    /// Runs a request that `cancel` can stop.
    #[must_use]
    pub fn call_with(&self, _request: Request, _cancel: &Cancel) -> Response {
        panic!()
    }
}
