//! The host's own events: values of any type, carried by type beside the packer's.
//!
//! Events of a type are kept only while someone subscribes to it. They draw their cursors from the bus's one counter, so
//! a host can tell what came first, its event or the packer's.

use std::any::TypeId;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::bus::{Interest, Shared, SubscriberId};
use super::wait::block_on;
use crate::sync::Arc;

/// How many events of one type are kept for its subscribers.
const KEPT: usize = 65_536;

/// One event of a host, as a subscriber gets it.
#[derive(Debug)]
pub struct Posted<T> {
    /// Its place among everything on the bus.
    pub cursor: u64,
    /// How many events of the type this subscriber missed just before it, being too slow.
    pub missed: u64,
    /// The event.
    pub event: Arc<T>,
}

/// The events of one type for all who subscribe to it.
pub(super) struct HostRing<T> {
    events: VecDeque<(u64, Arc<T>)>,
    /// How many events were ever dropped: the number of the first one kept.
    first: u64,
    pub(super) readers: usize,
}

impl<T> HostRing<T> {
    pub(super) const fn new() -> Self {
        Self { events: VecDeque::new(), first: 0, readers: 0 }
    }

    /// Takes an event in and gives back the one that has to leave: dropping it is the host's code.
    pub(super) fn push(&mut self, cursor: u64, event: Arc<T>) -> Option<Arc<T>> {
        self.events.push_back((cursor, event));
        if self.events.len() <= KEPT {
            return None;
        }
        self.first += 1;
        self.events.pop_front().map(|(_, event)| event)
    }

    /// The number that the next event will have.
    pub(super) fn end(&self) -> u64 {
        self.first + self.events.len() as u64
    }

    /// The first event from number `next` on, and the number after it.
    fn get(&self, next: u64) -> Option<(Posted<T>, u64)> {
        let number = next.max(self.first);
        let at = usize::try_from(number - self.first).ok()?;
        let (cursor, event) = self.events.get(at)?;
        let posted = Posted { cursor: *cursor, missed: number - next, event: Arc::clone(event) };
        Some((posted, number + 1))
    }
}

/// A subscriber to the host's events of type `T`. It reads what was published after it was made.
///
/// As an iterator it blocks for the next event, and ends when the bus is gone.
pub struct HostSubscription<T: Send + Sync + 'static> {
    shared: Arc<Shared>,
    id: SubscriberId,
    next: u64,
    of: PhantomData<fn() -> T>,
}

impl<T: Send + Sync + 'static> HostSubscription<T> {
    pub(super) fn open(shared: &Arc<Shared>) -> Self {
        let mut state = shared.lock();
        let ring = state.host_ring_or_new::<T>();
        ring.readers += 1;
        let next = ring.end();
        let id = state.new_subscriber();
        drop(state);
        Self { shared: Arc::clone(shared), id, next, of: PhantomData }
    }

    /// The next event, if there is one now.
    pub fn try_next(&mut self) -> Option<Posted<T>> {
        match self.poll(None) {
            Poll::Ready(posted) => posted,
            Poll::Pending => None,
        }
    }

    /// The next event, waiting for it at most `timeout`; `None` where none came or the bus is gone.
    pub fn next_timeout(&mut self, timeout: Duration) -> Option<Posted<T>> {
        block_on(Some(timeout), |context| self.poll_next(context)).flatten()
    }

    /// The next event for an asynchronous host; ready with `None` when the bus is gone.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Posted<T>>> {
        self.poll(Some(context.waker().clone()))
    }

    fn poll(&mut self, waker: Option<Waker>) -> Poll<Option<Posted<T>>> {
        let mut state = self.shared.lock();
        if let Some((posted, next)) = state.host_ring::<T>().and_then(|ring| ring.get(self.next)) {
            self.next = next;
            return Poll::Ready(Some(posted));
        }
        if state.closed {
            return Poll::Ready(None);
        }
        let replaced = waker.map(|waker| state.wait(self.id, Interest::Host(TypeId::of::<T>()), waker));
        drop(state);
        drop(replaced);
        Poll::Pending
    }
}

impl<T: Send + Sync + 'static> Iterator for HostSubscription<T> {
    type Item = Posted<T>;

    fn next(&mut self) -> Option<Posted<T>> {
        block_on(None, |context| self.poll_next(context)).flatten()
    }
}

impl<T: Send + Sync + 'static> Drop for HostSubscription<T> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        let waker = state.stop_waiting(self.id);
        let unread = state.leave_host_ring::<T>();
        drop(state);
        drop((waker, unread));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_overtaken_by_the_ring_is_told_how_much_it_missed() {
        let mut ring = HostRing::new();
        for cursor in 1..=KEPT as u64 + 3 {
            drop(ring.push(cursor, Arc::new(cursor)));
        }
        let (posted, next) = ring.get(1).expect("an event");
        assert_eq!((posted.missed, *posted.event, next), (2, 4, 4));
        assert!(ring.get(ring.end()).is_none());
    }
}
