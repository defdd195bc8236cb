//! The answer of work that goes on elsewhere: its reader's half and its worker's half.
//!
//! An answer is given exactly once: by the worker, or, where the worker's half is dropped without one, as broken. So
//! nobody waits for ever for work that came to nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::sync::{Arc, Condvar, Mutex, lock, wait, wait_until};
use crate::value::{Cancel, OperationId};

/// An operation that was asked for. Its answer can be waited for or looked at, and it can be told to stop.
///
/// Dropping it does not stop the operation.
pub struct Pending<T> {
    operation_id: Option<OperationId>,
    outcome: Arc<Outcome<T>>,
    stop: Box<dyn Fn() + Send + Sync>,
}

impl<T> Pending<T> {
    /// Of an answer that is there already.
    pub(crate) fn ready(operation_id: Option<OperationId>, answer: T) -> Self {
        let outcome = Outcome::default();
        outcome.set(answer);
        Self { operation_id, outcome: Arc::new(outcome), stop: Box::new(|| {}) }
    }

    /// Of work on another thread, which gives its answer to the promise. `broken` makes the answer where it gives none.
    pub(crate) fn promised(
        operation_id: Option<OperationId>,
        cancel: Cancel,
        broken: impl FnOnce() -> T + Send + 'static,
    ) -> (Promise<T>, Self) {
        Self::stopped_by(operation_id, move || cancel.cancel(), broken)
    }

    /// As [`promised`](Self::promised), stopped in another way than by a flag.
    pub(super) fn stopped_by(
        operation_id: Option<OperationId>,
        stop: impl Fn() + Send + Sync + 'static,
        broken: impl FnOnce() -> T + Send + 'static,
    ) -> (Promise<T>, Self) {
        let outcome = Arc::new(Outcome::default());
        let promise = Promise { outcome: Arc::clone(&outcome), broken: Some(Box::new(broken)) };
        (promise, Self { operation_id, outcome, stop: Box::new(stop) })
    }

    /// The operation; `None` for a read.
    #[must_use]
    pub fn operation_id(&self) -> Option<OperationId> {
        self.operation_id
    }

    /// Waits for the answer.
    #[must_use]
    pub fn wait(self) -> T {
        self.outcome.take()
    }

    /// Tells the operation to stop. One that waits for its turn is taken out of the queue; one that runs stops at its
    /// next safe point, or not, where it is past the last. Either way there will be an answer.
    pub fn cancel(&self) {
        (self.stop)();
    }
}

impl<T: Clone> Pending<T> {
    /// The answer, if it is there.
    #[must_use]
    pub fn poll(&self) -> Option<T> {
        lock(&self.outcome.place).answer.clone()
    }

    /// The answer for an asynchronous host, whose task is woken when it is there. The answer stays: a task that asks again
    /// is given it again, and several may wait for one.
    pub fn poll_answer(&self, context: &mut Context<'_>) -> Poll<T> {
        self.outcome.poll(context.waker())
    }

    /// Waits for the answer, at most so long.
    #[must_use]
    pub fn wait_timeout(&self, timeout: Duration) -> Option<T> {
        self.outcome.get_within(timeout)
    }
}

/// The worker's half of a [`Pending`].
pub(crate) struct Promise<T> {
    outcome: Arc<Outcome<T>>,
    /// `None` once the answer is given.
    broken: Option<Box<dyn FnOnce() -> T + Send>>,
}

impl<T> Promise<T> {
    /// Gives the answer.
    pub(crate) fn keep(mut self, answer: T) {
        self.broken = None;
        self.outcome.set(answer);
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        if let Some(broken) = self.broken.take() {
            self.outcome.set(broken());
        }
    }
}

/// A place for one answer, and those who wait for it.
pub(super) struct Outcome<T> {
    place: Mutex<Place<T>>,
    given: Condvar,
}

struct Place<T> {
    answer: Option<T>,
    /// Of the tasks that wait; none once the answer is given.
    wakers: Vec<Waker>,
}

impl<T> Default for Outcome<T> {
    fn default() -> Self {
        Self { place: Mutex::new(Place { answer: None, wakers: Vec::new() }), given: Condvar::new() }
    }
}

impl<T> Outcome<T> {
    pub(super) fn set(&self, answer: T) {
        let mut place = lock(&self.place);
        debug_assert!(place.answer.is_none(), "BUG: a second answer");
        place.answer = Some(answer);
        let wakers = std::mem::take(&mut place.wakers);
        drop(place);
        self.given.notify_all();
        for waker in wakers {
            // A waker is the host's code: where it panics, who gave the answer goes on, and so do the others.
            let _ = catch_unwind(AssertUnwindSafe(|| waker.wake()));
        }
    }

    /// Waits for the answer and takes it away.
    fn take(&self) -> T {
        let mut place = lock(&self.place);
        loop {
            match place.answer.take() {
                Some(answer) => return answer,
                None => place = wait(&self.given, place),
            }
        }
    }
}

impl<T: Clone> Outcome<T> {
    /// Waits for the answer and leaves it for others.
    pub(super) fn get(&self) -> T {
        let mut place = lock(&self.place);
        loop {
            match &place.answer {
                Some(answer) => return answer.clone(),
                None => place = wait(&self.given, place),
            }
        }
    }

    fn get_within(&self, timeout: Duration) -> Option<T> {
        let Some(deadline) = Instant::now().checked_add(timeout) else {
            // Past the end of time.
            return Some(self.get());
        };
        let mut place = lock(&self.place);
        while place.answer.is_none() {
            place = wait_until(&self.given, place, deadline)?;
        }
        place.answer.clone()
    }

    /// The answer; where it is not there, `waker` is woken when it is.
    fn poll(&self, waker: &Waker) -> Poll<T> {
        let mut place = lock(&self.place);
        if let Some(answer) = &place.answer {
            return Poll::Ready(answer.clone());
        }
        if !place.wakers.iter().any(|waiting| waiting.will_wake(waker)) {
            place.wakers.push(waker.clone());
        }
        Poll::Pending
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;
    use std::thread;

    use super::*;

    fn promised() -> (Promise<&'static str>, Pending<&'static str>) {
        Pending::promised(None, Cancel::new(), || "broken")
    }

    #[test]
    fn an_answer_that_is_there_is_given_at_once() {
        let id = OperationId::mint();
        let pending = Pending::ready(Some(id), 7);
        assert_eq!((pending.operation_id(), pending.poll()), (Some(id), Some(7)));
        assert_eq!(pending.wait_timeout(Duration::ZERO), Some(7));
        assert_eq!(pending.wait(), 7);
    }

    #[test]
    fn an_answer_from_another_thread_reaches_who_waits() {
        let (promise, pending) = promised();
        assert_eq!(pending.poll(), None);
        let worker = thread::spawn(move || promise.keep("done"));
        assert_eq!(pending.wait_timeout(Duration::MAX), Some("done"));
        assert_eq!(pending.wait(), "done");
        worker.join().expect("it does not panic");
    }

    /// Counts how often it is woken.
    #[derive(Default)]
    struct Bell(AtomicUsize);

    impl Wake for Bell {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    impl Bell {
        fn waker(self: &std::sync::Arc<Self>) -> Waker {
            Waker::from(std::sync::Arc::clone(self))
        }

        fn rung(&self) -> usize {
            self.0.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn a_task_that_polls_is_woken_once_and_then_given_the_answer() {
        let (promise, pending) = promised();
        let bell = std::sync::Arc::new(Bell::default());
        let waker = bell.waker();
        let mut context = Context::from_waker(&waker);
        assert_eq!(pending.poll_answer(&mut context), Poll::Pending);
        assert_eq!(pending.poll_answer(&mut context), Poll::Pending);
        assert_eq!(bell.rung(), 0);
        promise.keep("done");
        assert_eq!(bell.rung(), 1);
        assert_eq!(pending.poll_answer(&mut context), Poll::Ready("done"));
        assert_eq!(pending.poll_answer(&mut context), Poll::Ready("done"), "it stays");
        assert_eq!((pending.wait(), bell.rung()), ("done", 1));
    }

    #[test]
    fn every_task_that_polls_is_woken_also_by_a_broken_answer() {
        let (promise, pending) = promised();
        let bells = [std::sync::Arc::new(Bell::default()), std::sync::Arc::new(Bell::default())];
        for bell in &bells {
            assert_eq!(pending.poll_answer(&mut Context::from_waker(&bell.waker())), Poll::Pending);
        }
        drop(promise);
        assert_eq!(bells.map(|bell| bell.rung()), [1, 1]);
        assert_eq!(pending.poll_answer(&mut Context::from_waker(Waker::noop())), Poll::Ready("broken"));
    }

    #[test]
    fn a_waker_that_panics_harms_neither_who_answers_nor_who_else_waits() {
        struct Broken;
        impl Wake for Broken {
            fn wake(self: std::sync::Arc<Self>) {
                panic!("on purpose");
            }
        }
        let (promise, pending) = promised();
        let broken = Waker::from(std::sync::Arc::new(Broken));
        let bell = std::sync::Arc::new(Bell::default());
        assert_eq!(pending.poll_answer(&mut Context::from_waker(&broken)), Poll::Pending);
        assert_eq!(pending.poll_answer(&mut Context::from_waker(&bell.waker())), Poll::Pending);
        promise.keep("done");
        assert_eq!((bell.rung(), pending.poll()), (1, Some("done")));
    }

    #[test]
    fn a_timeout_ends_the_wait_and_not_the_work() {
        let (promise, pending) = promised();
        assert_eq!(pending.wait_timeout(Duration::from_millis(1)), None);
        promise.keep("done");
        assert_eq!(pending.poll(), Some("done"));
    }

    #[test]
    fn a_worker_that_comes_to_nothing_gives_the_broken_answer() {
        let (promise, pending) = promised();
        let worker = thread::spawn(move || {
            let _promise = promise;
            panic!("on purpose");
        });
        assert_eq!(pending.wait(), "broken");
        assert!(worker.join().is_err());
    }

    #[test]
    fn cancelling_sets_the_flag_that_the_work_was_given() {
        let cancel = Cancel::new();
        let (promise, pending) = Pending::promised(None, cancel.clone(), || ());
        pending.cancel();
        assert!(cancel.is_cancelled());
        promise.keep(());
    }
}
