//! One open workspace.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::service::{Request, Response};
use crate::value::ProjectId;

/// One open workspace. Clones are the same project.
#[derive(Clone)]
pub struct Project {}

/// Cancels what runs with it, at the next safe point.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Not cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

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
