//! Threads, locks and channels: the standard library's, or under `cfg(shuttle)` those of the model checker.
//!
//! Whatever the runtime and the events share between threads goes through here, so that the code that is shipped is the
//! code whose schedules are tried out. Shuttle knows no time: what waits with a timeout waits there until it is woken.

#[cfg(not(shuttle))]
mod real {
    pub(crate) use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic, mpsc};
    pub(crate) use std::{thread, thread_local};
}

#[cfg(shuttle)]
mod real {
    pub(crate) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic, mpsc};
    pub(crate) use shuttle::{thread, thread_local};
}

use std::time::{Duration, Instant};

pub(crate) use real::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic, mpsc, thread, thread_local};

/// Locks, also where a thread panicked under the lock: what our locks guard is whole between two statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives the lock back and takes it again once the condition variable was notified, or for no reason.
pub(crate) fn wait<'a, T>(condvar: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condvar.wait(guard).unwrap_or_else(PoisonError::into_inner)
}

/// As [`wait`], at most until `deadline`. `None` when it is over: the lock is given back then.
pub(crate) fn wait_until<'a, T>(
    condvar: &Condvar,
    guard: MutexGuard<'a, T>,
    deadline: Instant,
) -> Option<MutexGuard<'a, T>> {
    let left = deadline.checked_duration_since(Instant::now()).filter(|left| *left > Duration::ZERO)?;
    Some(condvar.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0)
}

/// Starts a thread of this name.
///
/// # Panics
/// Where the system gives no thread, as [`std::thread::spawn`] does.
pub(crate) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> thread::JoinHandle<()> {
    thread::Builder::new().name(name.to_owned()).spawn(run).expect("the system has a thread left")
}

/// A value that is replaced whole; who reads it never waits for who replaces it.
pub(crate) struct Swap<V> {
    #[cfg(not(shuttle))]
    now: arc_swap::ArcSwap<V>,
    #[cfg(shuttle)]
    now: Mutex<Arc<V>>,
}

#[cfg(not(shuttle))]
impl<V> Swap<V> {
    pub(crate) fn new(value: Arc<V>) -> Self {
        Self { now: arc_swap::ArcSwap::new(value) }
    }

    pub(crate) fn load(&self) -> Arc<V> {
        self.now.load_full()
    }

    pub(crate) fn store(&self, value: Arc<V>) {
        self.now.store(value);
    }
}

/// Shuttle does not see into arc-swap; a lock held for one clone has the same order of loads and stores.
#[cfg(shuttle)]
impl<V> Swap<V> {
    pub(crate) fn new(value: Arc<V>) -> Self {
        Self { now: Mutex::new(value) }
    }

    pub(crate) fn load(&self) -> Arc<V> {
        Arc::clone(&lock(&self.now))
    }

    pub(crate) fn store(&self, value: Arc<V>) {
        let old = std::mem::replace(&mut *lock(&self.now), value);
        drop(old);
    }
}
