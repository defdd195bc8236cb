//! What the lane promises, one thread at a time: order, removal, panics and its own end.

use std::sync::mpsc::{Receiver, Sender, channel};

use std::task::{Context, Wake, Waker};

use super::*;
use crate::event::{EventBus, Filter, Kind, Notice, Reporter};
use crate::value::ProjectId;

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    Done(&'static str),
    Stopped,
    Removed,
    Broken(Service),
}

fn lane() -> Arc<Lane<End>> {
    Arc::new(Lane::start(|_, service| End::Broken(service)))
}

fn job(run: impl FnOnce(&Cancel) -> End + Send + 'static) -> Job<End> {
    Job { run: Box::new(run), removed: Box::new(|| End::Removed) }
}

fn submit(lane: &Lane<End>, run: impl FnOnce(&Cancel) -> End + Send + 'static) -> Pending<End> {
    lane.submit(Service::Build, Cancel::new(), |_| job(run))
}

/// An operation that runs until it is let go.
struct Held {
    pending: Pending<End>,
    has_begun: Receiver<()>,
    go: Sender<()>,
}

/// Submits an operation that is running when this returns.
fn hold(lane: &Lane<End>) -> Held {
    let ((begun, has_begun), (go, goes)) = (channel(), channel());
    let pending = submit(lane, move |cancel| {
        begun.send(()).expect("the test listens");
        goes.recv().expect("the test says when");
        if cancel.is_cancelled() { End::Stopped } else { End::Done("held") }
    });
    has_begun.recv().expect("it begins");
    Held { pending, has_begun, go }
}

impl Held {
    fn let_go(self) -> End {
        self.go.send(()).expect("it listens");
        let end = self.pending.wait();
        drop(self.has_begun);
        end
    }
}

fn ids(lane: &LaneData) -> (Option<OperationId>, Vec<OperationId>) {
    let id = |operation: &LaneOperation| operation.operation_id;
    (lane.running.as_ref().map(id), lane.queued.iter().map(id).collect())
}

#[test]
fn operations_run_one_after_the_other_in_the_order_they_came() {
    let lane = lane();
    let held = hold(&lane);
    let (said, heard) = channel();
    let pending: Vec<_> = (0..5)
        .map(|number| {
            let said = said.clone();
            submit(&lane, move |_| {
                said.send(number).expect("the test listens");
                End::Done("in turn")
            })
        })
        .collect();
    let waiting: Vec<_> = pending.iter().filter_map(Pending::operation_id).collect();
    assert!(waiting.is_sorted());
    assert_eq!(ids(&lane.standing()), (held.pending.operation_id(), waiting));
    held.let_go();
    assert!(pending.into_iter().all(|pending| pending.wait() == End::Done("in turn")));
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert_eq!(ids(&lane.standing()), (None, vec![]));
}

#[test]
fn who_submits_is_told_the_id_before_the_operation_can_run() {
    let lane = lane();
    let mut told = None;
    let pending = lane.submit(Service::Build, Cancel::new(), |id| {
        told = Some(id);
        job(|_| End::Done("told"))
    });
    assert!(told.is_some());
    assert_eq!(pending.operation_id(), told);
    assert_eq!(pending.wait(), End::Done("told"));
}

#[test]
fn cancelling_one_that_waits_removes_it_while_another_runs() {
    let lane = lane();
    let held = hold(&lane);
    let [first, second] = [(); 2].map(|()| submit(&lane, |_| End::Done("ran")));
    assert!(lane.cancel(first.operation_id().expect("it has one")));
    second.cancel();
    assert_eq!((first.poll(), second.poll()), (Some(End::Removed), Some(End::Removed)));
    assert!(lane.standing().queued.is_empty());
    assert_eq!(held.let_go(), End::Done("held"));
}

#[test]
fn cancelling_one_that_runs_sets_the_flag_it_looks_at() {
    let lane = lane();
    let held = hold(&lane);
    assert!(lane.cancel(held.pending.operation_id().expect("it has one")));
    assert_eq!(held.pending.poll(), None);
    assert_eq!(held.let_go(), End::Stopped);
}

#[test]
fn cancelling_one_that_has_ended_or_never_was_does_nothing() {
    let lane = lane();
    let pending = submit(&lane, |_| End::Done("ran"));
    assert_eq!(pending.wait_timeout(std::time::Duration::MAX), Some(End::Done("ran")));
    assert!(!lane.cancel(pending.operation_id().expect("it has one")));
    assert!(!lane.cancel(OperationId::mint()));
    pending.cancel();
    assert_eq!(pending.wait(), End::Done("ran"));
}

#[test]
fn a_job_that_panics_has_the_broken_answer_and_the_next_runs() {
    let lane = lane();
    let broken = submit(&lane, |_| panic!("on purpose"));
    let next = submit(&lane, |_| End::Done("next"));
    assert_eq!((broken.wait(), next.wait()), (End::Broken(Service::Build), End::Done("next")));
}

#[test]
fn an_answer_that_cannot_be_made_on_removal_is_the_broken_one() {
    let lane = lane();
    let held = hold(&lane);
    let pending = lane.submit(Service::Build, Cancel::new(), |_| Job {
        run: Box::new(|_| End::Done("ran")),
        removed: Box::new(|| panic!("on purpose")),
    });
    pending.cancel();
    assert_eq!(pending.wait(), End::Broken(Service::Build));
    assert_eq!(held.let_go(), End::Done("held"));
}

#[test]
fn a_closed_lane_finishes_what_runs_and_removes_what_waits() {
    let lane = lane();
    let held = hold(&lane);
    let waits = submit(&lane, |_| End::Done("ran"));
    let closer = thread::spawn(move || drop(lane));
    assert_eq!(waits.wait(), End::Removed);
    assert_eq!(held.let_go(), End::Done("held"));
    closer.join().expect("the lane's thread is joined");
}

#[test]
fn a_lane_whose_last_owner_is_its_own_job_ends_without_waiting_for_itself() {
    let lane = lane();
    let ((go, goes), (gone, is_gone)) = (channel::<()>(), channel::<()>());
    let owner = Arc::clone(&lane);
    let pending = submit(&lane, move |_| {
        goes.recv().expect("the test says when");
        drop((owner, gone));
        End::Done("the last")
    });
    let waits = submit(&lane, |_| End::Done("ran"));
    drop(lane);
    go.send(()).expect("it listens");
    assert_eq!((pending.wait(), waits.wait()), (End::Done("the last"), End::Removed));
    assert!(is_gone.recv().is_err(), "the job is gone with what it held");
}

#[test]
fn what_a_job_holds_is_dropped_before_its_answer_comes() {
    let lane = lane();
    let held = Arc::new(());
    let (by_run, by_removed) = (Arc::clone(&held), Arc::clone(&held));
    let pending = lane.submit(Service::Build, Cancel::new(), |_| Job {
        run: Box::new(move |_| {
            drop(by_run);
            End::Done("ran")
        }),
        removed: Box::new(move || {
            drop(by_removed);
            End::Removed
        }),
    });
    assert_eq!(pending.wait(), End::Done("ran"));
    assert_eq!(Arc::strong_count(&held), 1);
}

/// Says whether the queue was free when it was woken.
struct Probe(Arc<Lane<End>>, Sender<bool>);

impl Wake for Probe {
    fn wake(self: Arc<Self>) {
        self.1.send(self.0.shared.queue.try_lock().is_ok()).expect("the test listens");
    }
}

#[test]
fn who_listens_is_woken_when_the_queue_is_free_again() {
    let (lane, bus) = (lane(), EventBus::new());
    let (said, heard) = channel();
    let waker = Waker::from(Arc::new(Probe(Arc::clone(&lane), said)));
    let mut events = bus.subscribe(Filter::all());
    assert!(events.poll_next(&mut Context::from_waker(&waker)).is_pending());
    let pending = lane.submit(Service::Build, Cancel::new(), |id| {
        let reporter = Reporter::new(Arc::clone(&bus), ProjectId::mint(), id);
        reporter.emit(Notice::new(Kind::OperationQueued, "waits"));
        assert!(heard.try_recv().is_err(), "woken under the lock");
        job(move |_| {
            drop(reporter);
            End::Done("said")
        })
    });
    assert_eq!(heard.try_recv(), Ok(true));
    assert_eq!(pending.wait(), End::Done("said"));
}
