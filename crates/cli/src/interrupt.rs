//! Ctrl-C: the first stops at the next safe point, the second at once, which a killed build or commit is made to survive.
//! At a question the first is an answer.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use packwright::Cancel;

/// The exit code of a command that Ctrl-C ended.
pub(crate) const INTERRUPTED: u8 = 130;

/// What the first Ctrl-C of a command stops: its operations, or the question that it asks.
#[derive(Default)]
pub(crate) struct Interrupts {
    cancel: Cancel,
    /// Where the answer to a question is waited for.
    asking: Arc<Mutex<Option<Sender<Typed>>>>,
}

/// What came to a question.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// A line, without its end.
    Line(String),
    /// The end of what is typed.
    End,
    /// Ctrl-C.
    Interrupted,
}

impl Interrupts {
    /// The first Ctrl-C from now on is heard.
    pub(crate) fn heard() -> Self {
        let interrupts = Self::default();
        let (cancel, asking) = (interrupts.cancel.clone(), Arc::clone(&interrupts.asking));
        on_interrupt(move || {
            cancel.cancel();
            match lock(&asking).take() {
                // Whoever asked goes on, and says what came of it.
                Some(asks) => drop(asks.send(Typed::Interrupted)),
                None => say("stopping at the next safe point; Ctrl-C again stops at once"),
            }
        });
        interrupts
    }

    /// What stops the operations of the command.
    pub(crate) fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// Waits for a line on stdin, or for Ctrl-C.
    pub(crate) fn line(&self) -> Typed {
        let (sender, typed) = channel();
        *lock(&self.asking) = Some(sender.clone());
        if self.cancel.is_cancelled() {
            return Typed::Interrupted;
        }
        // It ends with the line, or with the process.
        let reader = thread::Builder::new().name("answer".to_owned()).spawn(move || {
            let mut line = String::new();
            let read = io::stdin().read_line(&mut line);
            let is_line = read.is_ok_and(|n| n > 0);
            let typed = if is_line { Typed::Line(line.trim_end_matches(['\n', '\r']).to_owned()) } else { Typed::End };
            drop(sender.send(typed));
        });
        let answer = match reader {
            Ok(_) => typed.recv().unwrap_or(Typed::End),
            Err(_) => Typed::End,
        };
        *lock(&self.asking) = None;
        answer
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
            std::process::exit(INTERRUPTED.into());
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
