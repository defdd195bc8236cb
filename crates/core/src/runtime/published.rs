//! What is published now: one value, replaced whole.
//!
//! Readers take what is there and never wait for a writer. Writers change it one at a time, so none overwrites what
//! another has just published, and what is said under the writer's turn is said in the order of publication.
//!
//! Nothing that waits for another thread belongs into a turn: the writers behind it wait too. Whom its events wake is woken
//! after it.

use crate::event::wake_after;
use crate::sync::{Arc, Mutex, Swap, lock};

/// A published value of type `V`.
pub(crate) struct Published<V> {
    now: Swap<V>,
    turn: Mutex<()>,
}

impl<V> Published<V> {
    pub(crate) fn new(value: V) -> Self {
        Self { now: Swap::new(Arc::new(value)), turn: Mutex::new(()) }
    }

    /// What is published.
    pub(crate) fn load(&self) -> Arc<V> {
        self.now.load()
    }

    /// Publishes what `change` makes of the published value. Where it panics, nothing is published.
    #[cfg(test)]
    pub(crate) fn update<R>(&self, change: impl FnOnce(&Arc<V>) -> (Arc<V>, R)) -> R {
        self.update_then(change, |_, result| result)
    }

    /// Publishes what `change` makes of the published value, and calls `then` once it is published and before any other
    /// writer's turn: the place for events that must not come before what they tell of.
    pub(crate) fn update_then<R, S>(
        &self,
        change: impl FnOnce(&Arc<V>) -> (Arc<V>, R),
        then: impl FnOnce(&Arc<V>, R) -> S,
    ) -> S {
        wake_after(|| {
            let _turn = lock(&self.turn);
            let before = self.now.load();
            let (after, result) = change(&before);
            self.now.store(Arc::clone(&after));
            then(&after, result)
        })
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread;

    use super::*;

    #[test]
    fn no_update_of_several_writers_is_lost() {
        let published = Published::new(0_u64);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        published.update(|now| (Arc::new(**now + 1), ()));
                    }
                });
            }
        });
        assert_eq!(*published.load(), 2_000);
    }

    #[test]
    fn what_is_done_after_publication_finds_it_published() {
        let published = Published::new(1_u64);
        let seen = published
            .update_then(|now| (Arc::new(**now + 1), **now), |after, before| (before, **after, *published.load()));
        assert_eq!(seen, (1, 2, 2));
    }

    #[test]
    fn a_change_that_panics_publishes_nothing_and_stops_nobody() {
        let published = Published::new(1_u64);
        let panicked = catch_unwind(AssertUnwindSafe(|| published.update(|_| -> (Arc<u64>, ()) { panic!("broken") })));
        assert!(panicked.is_err());
        assert_eq!(published.update(|now| (Arc::new(**now + 1), **now)), 1);
        assert_eq!(*published.load(), 2);
    }
}
