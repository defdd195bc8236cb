//! Ctrl-C: the first stops at the next safe point, the second at once, which a killed build or commit is made to survive.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};

use packwright::Cancel;

/// The exit code of a command that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// The first Ctrl-C from now on cancels.
pub(crate) fn cancels(cancel: &Cancel) {
    let cancel = cancel.clone();
    on_interrupt(move || {
        cancel.cancel();
        say("stopping at the next safe point; Ctrl-C again stops at once");
    });
}

/// Whether there was a Ctrl-C, for a loop that ends by it.
#[derive(Clone)]
pub(crate) struct Interrupted(Arc<AtomicBool>);

impl Interrupted {
    /// The first Ctrl-C from now on is seen here, and unparks this thread.
    pub(crate) fn wakes_this_thread() -> Self {
        let (seen, sleeper): (_, Thread) = (Self(Arc::default()), thread::current());
        let seen_there = seen.clone();
        on_interrupt(move || {
            seen_there.0.store(true, Ordering::Release);
            sleeper.unpark();
        });
        seen
    }

    /// Whether there was one.
    pub(crate) fn is_seen(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

fn on_interrupt(first: impl Fn() + Send + 'static) {
    let mut is_second = false;
    let handler = move || {
        if std::mem::replace(&mut is_second, true) {
            std::process::exit(INTERRUPTED);
        }
        first();
    };
    // Where a handler cannot be set, Ctrl-C ends the process as it always does.
    let _ = ctrlc::set_handler(handler);
}

/// On a line of its own, since the terminal has just shown `^C`.
pub(crate) fn say(text: &str) {
    let _ = io::stderr().write_all(format!("\n{text}\n").as_bytes());
}
