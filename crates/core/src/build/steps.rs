//! How far a phase of many equal steps has come, told by many threads at once.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::event::{Progress, Reporter};
use crate::value::Cancel;

/// How often a step is told of.
const EVERY: u64 = 64;

/// The steps of one phase.
pub struct Steps<'a> {
    reporter: &'a Reporter,
    cancel: &'a Cancel,
    phase: &'static str,
    total: u64,
    done: AtomicU64,
}

impl<'a> Steps<'a> {
    /// A phase of `total` steps.
    #[must_use]
    pub fn new((reporter, cancel): (&'a Reporter, &'a Cancel), phase: &'static str, total: usize) -> Self {
        let total = total as u64;
        if total > 0 {
            reporter.progress(Progress::new(phase, 0, total));
        }
        Self { reporter, cancel, phase, total, done: AtomicU64::new(0) }
    }

    /// One more is done.
    pub fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(EVERY) || done == self.total {
            self.reporter.progress(Progress::new(self.phase, done, self.total));
        }
    }

    /// Whether nobody cancelled.
    #[must_use]
    pub fn go_on(&self) -> bool {
        !self.cancel.is_cancelled()
    }
}
