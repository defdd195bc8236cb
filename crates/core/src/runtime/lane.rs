//! The write lane: one thread a project, on which what changes the project runs one after the other.
//!
//! First come, first served: an operation gets its id and its place in the queue under one lock. Everything else that
//! is not the lane's own (jobs, their answers when they are removed, what they hold) runs and is dropped outside of it.
//!
//! What always holds: every operation gets exactly one answer; at most one runs; a job that panics costs its own
//! operation and nothing else.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::pending::{Pending, Promise};
use crate::event::wake_after;
use crate::service::{LaneData, LaneOperation, Service};
use crate::sync::{Arc, Condvar, Mutex, lock, spawn, thread, wait};
use crate::value::{Cancel, OperationId};

/// The answer of an operation whose job panicked.
pub(crate) type Broken<T> = fn(OperationId, Service) -> T;

/// What an operation does in the lane.
pub(crate) struct Job<T> {
    /// Does it, when its turn has come.
    pub(crate) run: Box<dyn FnOnce(&Cancel) -> T + Send>,
    /// Makes the answer where its turn never comes: it was cancelled while it waited, or the lane was closed.
    pub(crate) removed: Box<dyn FnOnce() -> T + Send>,
}

/// A project's write lane. Dropping it lets the running operation finish and removes those that wait.
pub(crate) struct Lane<T> {
    shared: Arc<Shared<T>>,
    /// Started with the first operation: most projects are only read.
    thread: Mutex<Option<thread::JoinHandle<()>>>,
}

struct Shared<T> {
    queue: Mutex<Queue<T>>,
    changed: Condvar,
    broken: Broken<T>,
}

struct Queue<T> {
    running: Option<(LaneOperation, Cancel)>,
    waiting: VecDeque<Waiting<T>>,
    closed: bool,
}

struct Waiting<T> {
    operation: LaneOperation,
    cancel: Cancel,
    job: Job<T>,
    promise: Promise<T>,
}

impl<T: Send + 'static> Lane<T> {
    /// A lane in which nothing waits.
    pub(crate) fn start(broken: Broken<T>) -> Self {
        let queue = Queue { running: None, waiting: VecDeque::new(), closed: false };
        let shared = Shared { queue: Mutex::new(queue), changed: Condvar::new(), broken };
        Self { shared: Arc::new(shared), thread: Mutex::new(None) }
    }

    /// Puts an operation at the end of the queue.
    ///
    /// `job` is called at once, under the queue's lock: what it says comes in the order of the queue. It must not use
    /// the lane. Whom it wakes is woken after it.
    pub(crate) fn submit(
        &self,
        service: Service,
        cancel: Cancel,
        job: impl FnOnce(OperationId) -> Job<T>,
    ) -> Pending<T> {
        let pending = wake_after(|| {
            let mut queue = lock(&self.shared.queue);
            let operation = LaneOperation { operation_id: OperationId::mint(), service };
            let job = job(operation.operation_id);
            let (promise, pending) = self.promise(&operation, cancel.clone());
            queue.waiting.push_back(Waiting { operation, cancel, job, promise });
            pending
        });
        self.shared.changed.notify_one();
        self.ensure_thread();
        pending
    }

    /// Takes an operation that waits out of the queue; tells one that runs to stop. `false` for one that does neither.
    pub(crate) fn cancel(&self, operation: OperationId) -> bool {
        self.shared.cancel(operation)
    }

    /// What runs and what waits.
    pub(crate) fn standing(&self) -> LaneData {
        let queue = lock(&self.shared.queue);
        LaneData {
            running: queue.running.as_ref().map(|(operation, _)| operation.clone()),
            queued: queue.waiting.iter().map(|waiting| waiting.operation.clone()).collect(),
        }
    }

    fn promise(&self, operation: &LaneOperation, cancel: Cancel) -> (Promise<T>, Pending<T>) {
        let &LaneOperation { operation_id, service } = operation;
        let (lane, broken) = (Arc::downgrade(&self.shared), self.shared.broken);
        let stop = move || {
            cancel.cancel();
            if let Some(lane) = lane.upgrade() {
                lane.cancel(operation_id);
            }
        };
        Pending::stopped_by(Some(operation_id), stop, move || broken(operation_id, service))
    }

    fn ensure_thread(&self) {
        lock(&self.thread).get_or_insert_with(|| {
            let shared = Arc::clone(&self.shared);
            spawn("packwright-lane", move || shared.serve())
        });
    }
}

impl<T> Shared<T> {
    fn serve(&self) {
        while let Some((waiting, cancel)) = self.next() {
            let Waiting { job: Job { run, removed }, promise, .. } = waiting;
            let answer = catch_unwind(AssertUnwindSafe(|| run(&cancel)));
            lock(&self.queue).running = None;
            // What the job holds may be the last that keeps the project open: it goes before its answer comes.
            drop(removed);
            match answer {
                Ok(answer) => promise.keep(answer),
                // Dropped, the promise gives the broken answer.
                Err(_panic) => drop(promise),
            }
        }
    }

    /// Waits for the next operation and marks it as running; `None` when the lane is closed.
    fn next(&self) -> Option<(Waiting<T>, Cancel)> {
        let mut queue = lock(&self.queue);
        loop {
            if let Some(waiting) = queue.waiting.pop_front() {
                let cancel = waiting.cancel.clone();
                queue.running = Some((waiting.operation.clone(), cancel.clone()));
                return Some((waiting, cancel));
            }
            if queue.closed {
                return None;
            }
            queue = wait(&self.changed, queue);
        }
    }

    fn cancel(&self, operation: OperationId) -> bool {
        let mut queue = lock(&self.queue);
        if let Some((_, cancel)) = queue.running.as_ref().filter(|(running, _)| running.operation_id == operation) {
            cancel.cancel();
            return true;
        }
        let at = queue.waiting.iter().position(|waiting| waiting.operation.operation_id == operation);
        let removed = at.and_then(|at| queue.waiting.remove(at));
        drop(queue);
        removed.map(Waiting::remove).is_some()
    }

    fn close(&self) {
        let mut queue = lock(&self.queue);
        queue.closed = true;
        let waiting = std::mem::take(&mut queue.waiting);
        drop(queue);
        self.changed.notify_one();
        waiting.into_iter().for_each(Waiting::remove);
    }
}

impl<T> Waiting<T> {
    /// Answers without having run.
    fn remove(self) {
        let Self { cancel, job: Job { run, removed }, promise, .. } = self;
        cancel.cancel();
        drop(run);
        // Where this panics, the promise is dropped and gives the broken answer.
        if let Ok(answer) = catch_unwind(AssertUnwindSafe(removed)) {
            promise.keep(answer);
        }
    }
}

impl<T> Drop for Lane<T> {
    fn drop(&mut self) {
        self.shared.close();
        let Some(thread) = lock(&self.thread).take() else { return };
        // The last owner of the project may have been the job itself; then its thread ends when the job has.
        if thread.thread().id() != thread::current().id() {
            // It cannot have panicked: jobs are caught.
            let _ = thread.join();
        }
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests;
