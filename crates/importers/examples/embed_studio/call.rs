//! A request on its way: it runs on a thread of its own, so that the UI's thread never waits for the packer.

use std::sync::mpsc::{Receiver, channel};
use std::thread;

use packwright::service::{Request, Response};
use packwright::{Cancel, Project};

/// A request that was sent and may not be answered yet.
pub(crate) struct Pending {
    answer: Receiver<Response>,
    cancel: Cancel,
}

impl Pending {
    /// Sends a request.
    pub(crate) fn submit(project: &Project, request: Request) -> Self {
        let cancel = Cancel::new();
        let (send, answer) = channel();
        let (project, stop) = (project.clone(), cancel.clone());
        // Nobody may be waiting any more when the answer comes.
        thread::spawn(move || drop(send.send(project.call_with(request, &stop))));
        Self { answer, cancel }
    }

    /// The answer, if it is there.
    pub(crate) fn poll(&self) -> Option<Response> {
        self.answer.try_recv().ok()
    }

    /// Stops it at its next safe point; it answers all the same.
    pub(crate) fn cancel(&self) {
        self.cancel.cancel();
    }
}
