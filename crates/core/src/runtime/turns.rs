//! At most one runs and one waits: work that is asked for more often than it is worth doing.
//!
//! Who asks while nobody works, works. Who asks while someone works waits to work next, with all that others ask for
//! meanwhile. So the work whose result a caller gets began after it called, and saw all that was there when it called;
//! and however many call, work in progress is followed by one more and not by one for each.
//!
//! Work must not ask for a turn of its own.

use super::pending::Outcome;
use crate::sync::{Arc, Condvar, Mutex, lock, wait};

/// What is to be done, of several callers made one.
pub(crate) trait Merge: Clone {
    /// Takes in what another asks for.
    fn merge(&mut self, other: Self);
}

/// Turns at work of the kind `D`, which results in `R`.
pub(crate) struct Turns<D, R> {
    state: Mutex<State<D, R>>,
    free: Condvar,
}

struct State<D, R> {
    running: bool,
    next: Option<Next<D, R>>,
}

/// The work after the one that runs. The caller that asked first does it.
struct Next<D, R> {
    what: D,
    /// For those who asked after the first; `None` where the work panicked.
    result: Arc<Outcome<Option<R>>>,
}

/// What a caller finds.
enum Place<R> {
    /// Nobody works.
    Now,
    /// Someone works, and nobody waits.
    Next,
    /// Someone waits already, and does this too.
    With(Arc<Outcome<Option<R>>>),
}

impl<D: Merge, R: Clone> Turns<D, R> {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new(State { running: false, next: None }), free: Condvar::new() }
    }

    /// Has `what` done, by `work` or by another caller's.
    ///
    /// # Panics
    /// Where this caller's own `work` panics; those who waited for it try again.
    pub(crate) fn run(&self, what: D, work: impl FnOnce(D) -> R) -> R {
        loop {
            match self.ask(what.clone()) {
                Place::Now => return self.turn(None).work(what, work),
                Place::Next => {
                    let Next { what, result } = self.wait_for_turn();
                    return self.turn(Some(result)).work(what, work);
                }
                Place::With(result) => {
                    if let Some(result) = result.get() {
                        return result;
                    }
                }
            }
        }
    }

    fn ask(&self, what: D) -> Place<R> {
        let mut state = lock(&self.state);
        if let Some(next) = &mut state.next {
            next.what.merge(what);
            return Place::With(Arc::clone(&next.result));
        }
        if state.running {
            state.next = Some(Next { what, result: Arc::default() });
            return Place::Next;
        }
        state.running = true;
        Place::Now
    }

    /// From here on nothing is merged into the work any more.
    fn wait_for_turn(&self) -> Next<D, R> {
        let mut state = lock(&self.state);
        while state.running {
            state = wait(&self.free, state);
        }
        state.running = true;
        state.next.take().expect("only who waits takes what waits")
    }

    fn turn(&self, result: Option<Arc<Outcome<Option<R>>>>) -> Turn<'_, D, R> {
        Turn { turns: self, result }
    }
}

/// The right to work; dropping it gives the turn to whoever waits.
struct Turn<'a, D, R> {
    turns: &'a Turns<D, R>,
    /// Of those who wait for this work, until they are told.
    result: Option<Arc<Outcome<Option<R>>>>,
}

impl<D, R: Clone> Turn<'_, D, R> {
    fn work(mut self, what: D, work: impl FnOnce(D) -> R) -> R {
        let done = work(what);
        let for_others = done.clone();
        if let Some(result) = self.result.take() {
            result.set(Some(for_others));
        }
        done
    }
}

impl<D, R> Drop for Turn<'_, D, R> {
    fn drop(&mut self) {
        lock(&self.turns.state).running = false;
        self.turns.free.notify_one();
        if let Some(result) = self.result.take() {
            result.set(None);
        }
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread;

    use super::*;

    /// Names of what is to be looked at.
    #[derive(Debug, Clone, PartialEq)]
    struct Names(Vec<&'static str>);

    impl Merge for Names {
        fn merge(&mut self, other: Self) {
            self.0.extend(other.0);
        }
    }

    fn names(name: &'static str) -> Names {
        Names(vec![name])
    }

    impl<D: Merge, R: Clone> Turns<D, R> {
        fn n_waiting_with(&self) -> usize {
            lock(&self.state).next.as_ref().map_or(0, |next| Arc::strong_count(&next.result))
        }

        /// Until one waits to be next, and `followers` wait for it.
        fn until_waiting(&self, followers: usize) {
            while self.n_waiting_with() != followers + 1 {
                thread::yield_now();
            }
        }
    }

    /// Work that has begun and does not end before it is told to.
    fn held_up(turns: &Turns<Names, Names>, begun: &Sender<()>, end: &Receiver<()>) -> Names {
        turns.run(names("first"), |what| {
            begun.send(()).expect("the test listens");
            end.recv().expect("the test says when");
            what
        })
    }

    #[test]
    fn who_comes_alone_works_at_once_and_again() {
        let turns = Turns::new();
        assert_eq!(turns.run(names("a"), |what| what), names("a"));
        assert_eq!(turns.run(names("b"), |what| what), names("b"));
    }

    #[test]
    fn what_comes_while_one_works_is_done_together_after_it() {
        let turns = &Turns::new();
        let ((begun, has_begun), (end, ends)) = (channel(), channel());
        thread::scope(|scope| {
            let first = scope.spawn(move || held_up(turns, &begun, &ends));
            has_begun.recv().expect("it begins");
            let next = scope.spawn(|| turns.run(names("next"), |what| what));
            turns.until_waiting(0);
            let with = scope.spawn(|| turns.run(names("with"), |_| panic!("another works for this one")));
            turns.until_waiting(1);
            end.send(()).expect("it listens");
            assert_eq!(first.join().expect("no panic"), names("first"));
            let both = Names(vec!["next", "with"]);
            assert_eq!(next.join().expect("no panic"), both);
            assert_eq!(with.join().expect("no panic"), both);
        });
    }

    #[test]
    fn work_that_panics_wedges_neither_who_waits_nor_who_comes_later() {
        let turns = &Turns::new();
        let ((begun, has_begun), (end, ends)) = (channel(), channel());
        thread::scope(|scope| {
            scope.spawn(move || held_up(turns, &begun, &ends));
            has_begun.recv().expect("it begins");
            let broken = || turns.run(names("broken"), |_| -> Names { panic!("on purpose") });
            let next = scope.spawn(move || catch_unwind(AssertUnwindSafe(broken)).is_err());
            turns.until_waiting(0);
            let with = scope.spawn(|| turns.run(names("with"), |what| what));
            turns.until_waiting(1);
            end.send(()).expect("it listens");
            assert!(next.join().expect("caught"));
            assert_eq!(with.join().expect("no panic"), names("with"), "it did its own work again, alone");
        });
        assert_eq!(turns.run(names("later"), |what| what), names("later"));
    }
}
