//! The lane: every operation has one answer, one runs at a time, in the order of the ids; what was removed never runs.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::lane::{Job, Lane};
use super::super::pending::{Pending, Promise};
use super::{Mistake, bites, holds, panic_on_purpose, sight};
use crate::service::Service;
use crate::sync::{Arc, Condvar, Mutex, lock, spawn, thread, wait};
use crate::value::{Cancel, OperationId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Done,
    Stopped,
    Removed,
    Broken,
}

/// A lane as it must not be.
struct WrongLane {
    shared: Arc<WrongShared>,
    thread: Mutex<Option<thread::JoinHandle<()>>>,
}

struct WrongShared {
    mistake: Mistake,
    queue: Mutex<(VecDeque<WrongWaiting>, bool)>,
    changed: Condvar,
}

type WrongWaiting = (Job<End>, Arc<Mutex<Option<Promise<End>>>>);

impl WrongLane {
    fn start(mistake: Mistake) -> Self {
        let shared = Arc::new(WrongShared { mistake, queue: Mutex::default(), changed: Condvar::new() });
        let served = Arc::clone(&shared);
        let thread = spawn("wrong-lane", move || served.serve());
        Self { shared, thread: Mutex::new(Some(thread)) }
    }

    fn submit(&self, job: impl FnOnce(OperationId) -> Job<End>) -> Pending<End> {
        let mut queue = lock(&self.shared.queue);
        let promise = Arc::new(Mutex::new(None::<Promise<End>>));
        let stopped = Arc::clone(&promise);
        let stop = move || {
            if let Some(promise) = lock(&stopped).take() {
                promise.keep(End::Removed);
            }
        };
        let id = OperationId::mint();
        let (kept, pending) = Pending::stopped_by(Some(id), stop, || End::Broken);
        *lock(&promise) = Some(kept);
        queue.0.push_back((job(id), promise));
        drop(queue);
        self.shared.changed.notify_one();
        pending
    }
}

impl WrongShared {
    fn serve(&self) {
        let mut queue = lock(&self.queue);
        loop {
            if let Some((job, promise)) = queue.0.pop_front() {
                drop(queue);
                self.serve_one(job, &promise);
                queue = lock(&self.queue);
            } else if queue.1 {
                return;
            } else {
                queue = wait(&self.changed, queue);
            }
        }
    }
}

impl WrongShared {
    fn serve_one(&self, job: Job<End>, promise: &Mutex<Option<Promise<End>>>) {
        let mut taken = None;
        if self.mistake != Mistake::RemovedRuns {
            taken = lock(promise).take();
            if taken.is_none() {
                return;
            }
        }
        let end = (job.run)(&Cancel::new());
        if let Some(promise) = taken.or_else(|| lock(promise).take()) {
            promise.keep(end);
        }
    }
}

impl Drop for WrongLane {
    fn drop(&mut self) {
        let mut queue = lock(&self.shared.queue);
        queue.1 = true;
        let waiting = std::mem::take(&mut queue.0);
        drop(queue);
        if self.shared.mistake == Mistake::ClosedForgets {
            std::mem::forget(waiting);
        } else {
            drop(waiting);
        }
        self.shared.changed.notify_one();
        if let Some(thread) = lock(&self.thread).take() {
            let _ = thread.join();
        }
    }
}

enum Subject {
    Real(Lane<End>),
    Wrong(WrongLane),
}

impl Subject {
    fn new(mistake: Option<Mistake>) -> Arc<Self> {
        Arc::new(match mistake {
            Some(mistake) => Self::Wrong(WrongLane::start(mistake)),
            None => Self::Real(Lane::start(|_, _| End::Broken)),
        })
    }

    fn submit(&self, job: impl FnOnce(OperationId) -> Job<End>) -> Pending<End> {
        match self {
            Self::Real(lane) => lane.submit(Service::Build, Cancel::new(), job),
            Self::Wrong(lane) => lane.submit(job),
        }
    }

    /// Whether there was something to cancel.
    fn cancel(&self, pending: &Pending<End>) -> bool {
        match self {
            Self::Real(lane) => lane.cancel(pending.operation_id().expect("it is the lane's")),
            Self::Wrong(lane) => {
                pending.cancel();
                lane.shared.mistake != Mistake::CancelMissesRunning || pending.poll() == Some(End::Removed)
            }
        }
    }
}

/// What the operations did.
#[derive(Default)]
struct Ghost {
    running: AtomicU64,
    /// In the order in which they ran.
    ran: std::sync::Mutex<Vec<OperationId>>,
}

impl Ghost {
    fn run(&self, operation: OperationId, cancel: &Cancel) -> End {
        assert_eq!(self.running.fetch_add(1, Ordering::SeqCst), 0, "two run at once");
        let before = self.ran().last().copied();
        assert!(before.is_none_or(|before| before < operation), "not in the order of the queue");
        let end = if cancel.is_cancelled() { End::Stopped } else { End::Done };
        self.ran().push(operation);
        self.running.fetch_sub(1, Ordering::SeqCst);
        end
    }

    fn ran(&self) -> std::sync::MutexGuard<'_, Vec<OperationId>> {
        self.ran.lock().expect("no panic under it")
    }
}

fn job(ghost: &Arc<Ghost>, id: OperationId) -> Job<End> {
    let ghost = Arc::clone(ghost);
    Job { run: Box::new(move |cancel| ghost.run(id, cancel)), removed: Box::new(|| End::Removed) }
}

fn ran(ends: &[End]) -> usize {
    assert!(!ends.contains(&End::Broken), "a check failed in the lane: {ends:?}");
    for end in ends {
        match end {
            End::Removed => sight("one removed"),
            End::Stopped => sight("one stopped"),
            _ => {}
        }
    }
    ends.iter().filter(|end| **end != End::Removed).count()
}

/// Two submit, and each has the other's operation cancelled or not.
fn submitted_and_cancelled(mistake: Option<Mistake>) {
    let (lane, ghost) = (Subject::new(mistake), Arc::new(Ghost::default()));
    let other = {
        let (lane, ghost) = (Arc::clone(&lane), Arc::clone(&ghost));
        thread::spawn(move || lane.submit(|id| job(&ghost, id)).wait())
    };
    let mine = Arc::new(lane.submit(|id| job(&ghost, id)));
    let canceller = {
        let (mine, lane, ghost) = (Arc::clone(&mine), Arc::clone(&lane), Arc::clone(&ghost));
        thread::spawn(move || {
            let is_over = || ghost.ran().iter().any(|ran| Some(*ran) == mine.operation_id());
            assert!(lane.cancel(&mine) || is_over(), "it neither waited nor ran, and was not over");
        })
    };
    canceller.join().expect("no panic");
    let mine = Arc::into_inner(mine).expect("the canceller is gone").wait();
    let ends = [mine, other.join().expect("no check failed")];
    drop(lane);
    assert_eq!(ghost.ran().len(), ran(&ends), "what was removed ran");
}

/// The lane is dropped while operations wait, one runs, and one that panics is among them.
fn closed_while_busy(mistake: Option<Mistake>) {
    let (lane, ghost) = (Subject::new(mistake), Arc::new(Ghost::default()));
    let first = lane.submit(|id| job(&ghost, id));
    let broken = mistake.is_none().then(|| {
        let panics = || Job { run: Box::new(|_: &Cancel| panic_on_purpose()), removed: Box::new(|| End::Removed) };
        lane.submit(|_| panics())
    });
    let last = lane.submit(|id| job(&ghost, id));
    drop(lane);
    let n = ghost.ran().len();
    assert!(broken.is_none_or(|broken| matches!(broken.wait(), End::Broken | End::Removed)));
    assert_eq!(ran(&[first.wait(), last.wait()]), n, "nothing runs once the lane is dropped");
}

/// The operation itself is the lane's last owner, as often as not.
fn owned_by_its_job(mistake: Option<Mistake>) {
    let lane = Subject::new(mistake);
    let owner = Arc::clone(&lane);
    let pending = lane.submit(|_| Job {
        run: Box::new(move |_| {
            if Arc::strong_count(&owner) == 1 {
                sight("its own owner");
            }
            drop(owner);
            End::Done
        }),
        removed: Box::new(|| End::Removed),
    });
    drop(lane);
    assert_eq!(pending.wait(), End::Done);
}

#[test]
fn what_is_removed_never_runs_and_what_runs_runs_alone_and_in_order() {
    holds("lane: cancelling", &["one removed", "one stopped"], || submitted_and_cancelled(None));
    bites(Mistake::CancelMissesRunning, "neither waited nor ran", |mistake| submitted_and_cancelled(Some(mistake)));
    bites(Mistake::RemovedRuns, "what was removed ran", |mistake| submitted_and_cancelled(Some(mistake)));
}

#[test]
fn a_closed_lane_owes_nobody_an_answer() {
    holds("lane: closing", &["one removed"], || closed_while_busy(None));
    bites(Mistake::ClosedForgets, "deadlock", |mistake| closed_while_busy(Some(mistake)));
}

#[test]
fn a_lane_may_be_dropped_on_its_own_thread() {
    holds("lane: its own owner", &["its own owner"], || owned_by_its_job(None));
    bites(Mistake::JoinsItself, "deadlock", |mistake| owned_by_its_job(Some(mistake)));
}
