//! Builds that follow the project: one for each revision that nobody has built, and never two at once.
//!
//! A build reads the workspace itself and answers with the revision that it read. What was published meanwhile is a later
//! one, and so built next, however much it was.

use packwright::service::{Build, Request, Response};
use packwright::value::OperationId;
use packwright::{Pending, Project};

/// The builds of a watch.
#[derive(Default)]
pub(super) struct Builds {
    running: Option<Pending<Response>>,
    /// The revision that was last built or tried; 0 before the first.
    tried: u64,
}

impl Builds {
    /// Builds, where nothing is being built and this revision was not.
    pub(super) fn follow(&mut self, project: &Project, revision: u64) {
        if self.running.is_none() && revision > self.tried {
            self.tried = revision;
            self.running = Some(project.submit(Request::Build(Build::default())));
        }
    }

    /// The build that runs.
    pub(super) fn running(&self) -> Option<OperationId> {
        self.running.as_ref()?.operation_id()
    }

    /// Whether this is the build that runs.
    pub(super) fn is_running(&self, operation: OperationId) -> bool {
        self.running() == Some(operation)
    }

    /// What came of the build that runs, if it has ended.
    pub(super) fn poll(&mut self) -> Option<Response> {
        let response = self.running.as_ref()?.poll()?;
        self.take(&response);
        Some(response)
    }

    /// What came of the build that has said its last word.
    pub(super) fn ended(&mut self) -> Option<Response> {
        let response = self.running.take()?.wait();
        self.take(&response);
        Some(response)
    }

    fn take(&mut self, response: &Response) {
        self.running = None;
        // What the build itself has read may be a later one than it was asked for.
        self.tried = self.tried.max(response.revision.unwrap_or_default());
    }

    /// Stops the build that runs, and waits until it has.
    pub(super) fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.cancel();
            let _ = running.wait();
        }
    }
}
