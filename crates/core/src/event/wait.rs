//! Waiting without an async runtime: one poll function serves tasks, which bring a waker, and threads, which block.

use std::cell::RefCell;
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use crate::sync::mpsc::{Receiver, SyncSender, sync_channel};
use crate::sync::{Arc, thread, thread_local};

/// Wakers to be woken once no lock is held: a waker is the host's code.
#[must_use = "a subscriber sleeps until its waker is woken"]
#[derive(Default)]
pub(super) struct Wakers(Vec<Waker>);

thread_local! {
    /// The wakers of this thread's events, while it is in a [`wake_after`].
    static HELD: RefCell<Option<Vec<Waker>>> = const { RefCell::new(None) };
}

/// Does `work`, and only then wakes those whom its events wake: for work under a lock of the caller's.
pub(crate) fn wake_after<R>(work: impl FnOnce() -> R) -> R {
    let is_outermost = HELD.with(|held| {
        let mut held = held.borrow_mut();
        let is_outermost = held.is_none();
        held.get_or_insert_default();
        is_outermost
    });
    let _waking = is_outermost.then_some(Waking);
    work()
}

/// Wakes when it is dropped, also where the work panicked.
struct Waking;

impl Drop for Waking {
    fn drop(&mut self) {
        let held = HELD.with(|held| held.borrow_mut().take());
        Wakers(held.unwrap_or_default()).wake();
    }
}

impl Wakers {
    pub(super) fn wake(self) {
        let now = HELD.with(|held| match &mut *held.borrow_mut() {
            Some(held) => {
                held.extend(self.0);
                Vec::new()
            }
            None => self.0,
        });
        now.into_iter().for_each(Waker::wake);
    }

    pub(super) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

impl FromIterator<Waker> for Wakers {
    fn from_iter<I: IntoIterator<Item = Waker>>(wakers: I) -> Self {
        Self(wakers.into_iter().collect())
    }
}

/// How long a woken thread lets a burst gather before it reads. It does not wait on the bus meanwhile, so a burst costs
/// its publisher one wake for each blocked reader and not one for each event.
const LINGER: Duration = Duration::from_micros(250);

/// A waker that rings for one blocked thread.
struct Bell(SyncSender<()>);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        // Full means that it rings already; closed, that nobody listens any more.
        let _ = self.0.try_send(());
    }
}

/// Blocks the thread until `poll` is ready, or until `timeout` is over.
pub(super) fn block_on<T>(timeout: Option<Duration>, mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> Option<T> {
    let (bell, rung) = sync_channel(1);
    let waker = Waker::from(Arc::new(Bell(bell)));
    let mut context = Context::from_waker(&waker);
    // A timeout past the end of time is none.
    let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    loop {
        if let Poll::Ready(ready) = poll(&mut context) {
            return Some(ready);
        }
        if !wait(&rung, deadline) {
            return None;
        }
        thread::sleep(LINGER);
    }
}

/// Whether the bell rang before the deadline.
fn wait(rung: &Receiver<()>, deadline: Option<Instant>) -> bool {
    match deadline {
        None => rung.recv().is_ok(),
        Some(deadline) => rung.recv_timeout(deadline.saturating_duration_since(Instant::now())).is_ok(),
    }
}
