//! The operations of one project: those that run, and the answers of those that have ended, as many as fit.
//!
//! An operation goes on whether or not anybody still waits for it. Answers are kept in the order in which they came; the
//! oldest go first, and then `get_history` is what knows of them.

use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use packwright::Pending;
use packwright::service::{OperationClass, Response, Service};
use packwright::value::{OperationId, ProjectId};
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::hosted::{Hosted, Ready};

/// How many answers are kept.
const MAX_KEPT: usize = 256;
/// How many bytes of answers are kept, where there is more than one.
const MAX_KEPT_BYTES: usize = 32 << 20;

/// One operation that was asked for over HTTP.
pub(crate) struct Operation {
    pub(crate) id: OperationId,
    pub(crate) project: Option<ProjectId>,
    pub(crate) service: Service,
    pub(crate) class: OperationClass,
    /// `None` when it has ended.
    pending: Mutex<Option<Arc<Pending<Response>>>>,
    ready: watch::Sender<Option<Ready>>,
}

impl Operation {
    /// Its answer, if it has ended.
    pub(crate) fn ready(&self) -> Option<Ready> {
        self.ready.borrow().clone()
    }

    /// Waits for its answer.
    pub(crate) async fn wait(&self) -> Option<Ready> {
        let mut ready = self.ready.subscribe();
        ready.wait_for(Option::is_some).await.ok()?.clone()
    }

    /// Tells it to stop.
    pub(crate) fn cancel(&self) {
        let pending = lock(&self.pending).clone();
        if let Some(pending) = pending {
            pending.cancel();
        }
    }
}

/// The operations of one project.
#[derive(Default)]
pub(crate) struct Operations(Mutex<Table>);

#[derive(Default)]
struct Table {
    all: HashMap<OperationId, Arc<Operation>>,
    /// Those that have ended, the oldest first, with the bytes of their answers.
    ended: VecDeque<(OperationId, usize)>,
    bytes: usize,
}

impl Operations {
    /// Follows an operation to its end. `permit` is given back then.
    pub(crate) fn begin(
        &self,
        hosted: &Arc<Hosted>,
        (id, (service, class)): (OperationId, (Service, OperationClass)),
        pending: Pending<Response>,
        permit: OwnedSemaphorePermit,
    ) -> Arc<Operation> {
        let (ready, _) = watch::channel(None);
        let (project, pending) = (hosted.project().id(), Arc::new(pending));
        let running = Mutex::new(Some(Arc::clone(&pending)));
        let operation = Arc::new(Operation { id, project, service, class, pending: running, ready });
        lock(&self.0).all.insert(id, Arc::clone(&operation));
        let (hosted, followed) = (Arc::clone(hosted), Arc::clone(&operation));
        tokio::spawn(async move {
            let response = poll_fn(|context| pending.poll_answer(context)).await;
            drop(pending);
            hosted.operations().end(&followed, Ready::of(&response));
            drop(permit);
        });
        operation
    }

    /// The operation, if it runs or its answer is kept.
    pub(crate) fn get(&self, id: OperationId) -> Option<Arc<Operation>> {
        lock(&self.0).all.get(&id).cloned()
    }

    /// Tells all that run to stop; gives them back.
    pub(crate) fn cancel_all(&self) -> Vec<Arc<Operation>> {
        let running: Vec<_> = lock(&self.0).all.values().filter(|one| one.ready().is_none()).cloned().collect();
        running.iter().for_each(|operation| operation.cancel());
        running
    }

    fn end(&self, operation: &Operation, ready: Ready) {
        let mut table = lock(&self.0);
        table.bytes += ready.body.len();
        table.ended.push_back((operation.id, ready.body.len()));
        while table.ended.len() > MAX_KEPT || (table.bytes > MAX_KEPT_BYTES && table.ended.len() > 1) {
            if let Some((oldest, bytes)) = table.ended.pop_front() {
                table.bytes -= bytes;
                table.all.remove(&oldest);
            }
        }
        drop(table);
        lock(&operation.pending).take();
        operation.ready.send_replace(Some(ready));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
