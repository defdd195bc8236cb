//! The clock that stamps events and paces repeats. A host or a test may bring its own.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// One reading of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The time of day that events carry.
    pub wall: Timestamp,
    /// Time since any fixed point; never goes back, whatever happens to the time of day.
    pub elapsed: Duration,
}

/// A source of time.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> Moment;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    /// A clock that counts elapsed time from now on.
    #[must_use]
    pub fn start() -> Self {
        Self { origin: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment { wall: Timestamp::now(), elapsed: self.origin.elapsed() }
    }
}
