//! Reading the event bus beside what the process does: on a thread of its own, or between other things.
//!
//! A reader sleeps until there is an event or somebody wakes it; nothing here polls.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle, Thread};
use std::time::Duration;

use packwright::event::{Event, Subscription};

/// Gives each event to a state of type `T`, on a thread of its own, until it is ended or dropped.
pub(crate) struct Listener<T> {
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<T>>,
}

impl<T: Send + 'static> Listener<T> {
    /// Starts with the next event of `subscription`.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub(crate) fn start(
        name: &str,
        subscription: Subscription,
        state: T,
        hear: impl Fn(&mut T, &Event) + Send + 'static,
    ) -> io::Result<Self> {
        let stopping = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopping);
        let thread = thread::Builder::new().name(name.to_owned());
        let thread = thread.spawn(move || listen(subscription, &stop, state, hear))?;
        Ok(Self { stopping, thread: Some(thread) })
    }

    /// Ends once everything is heard that was published before the call; gives back the state, where it did not panic.
    pub(crate) fn end(mut self) -> Option<T> {
        self.stop()
    }
}

impl<T> Listener<T> {
    fn stop(&mut self) -> Option<T> {
        self.stopping.store(true, Ordering::Release);
        let thread = self.thread.take()?;
        thread.thread().unpark();
        thread.join().ok()
    }
}

impl<T> Drop for Listener<T> {
    fn drop(&mut self) {
        self.stop();
    }
}

fn listen<T>(mut subscription: Subscription, stopping: &AtomicBool, mut state: T, hear: impl Fn(&mut T, &Event)) -> T {
    let waker = waker_of(thread::current());
    loop {
        // Read before the bus is: what was published before the stop is heard still.
        let last = stopping.load(Ordering::Acquire);
        match subscription.poll_next(&mut Context::from_waker(&waker)) {
            Poll::Ready(Some(event)) => hear(&mut state, &event),
            Poll::Pending if !last => thread::park(),
            Poll::Pending | Poll::Ready(None) => return state,
        }
    }
}

/// The next event, if there is one within `patience` and before somebody unparks this thread.
pub(crate) fn next_unless_woken(subscription: &mut Subscription, patience: Duration) -> Option<Arc<Event>> {
    let waker = waker_of(thread::current());
    let mut context = Context::from_waker(&waker);
    if let Poll::Ready(event) = subscription.poll_next(&mut context) {
        return event;
    }
    thread::park_timeout(patience);
    subscription.try_next()
}

/// Unparks a thread, as everything else does that wants its attention.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn waker_of(thread: Thread) -> Waker {
    Waker::from(Arc::new(Unpark(thread)))
}
