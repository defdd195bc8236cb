//! The threads that a project's work runs on.
//!
//! Each project has its own for looks at the workspace, and each build and doctor its own again: a build that takes its
//! time, with all the threads it may have, holds up neither another project nor who looks at the files beside it.

use std::sync::OnceLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// Threads, started with the first work.
pub(super) struct Threads {
    /// How many at most; 0 is one a processor.
    most: usize,
    pool: OnceLock<ThreadPool>,
}

impl Threads {
    pub(super) const fn new(most: usize) -> Self {
        Self { most, pool: OnceLock::new() }
    }

    /// Does `work` on these threads.
    ///
    /// # Panics
    /// Where the system gives no threads.
    pub(super) fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.pool.get_or_init(|| start(self.most)).install(work)
    }
}

fn start(most: usize) -> ThreadPool {
    let named = |index| format!("packwright-{index}");
    let pool = ThreadPoolBuilder::new().num_threads(most).thread_name(named).build();
    pool.expect("the system gives threads")
}
