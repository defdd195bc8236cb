//! What waits for the observer's thread: hints from the system's thread, and orders from the host.
//!
//! Hints are merged as they come, so a storm takes no more room than what it names.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::sort::Hints;
use crate::value::RelPath;
use crate::workspace::IgnoreRules;

/// The one place where observer, system and host meet.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    mail: Mutex<Mail>,
    arrived: Condvar,
}

/// What has come since it was last looked at.
#[derive(Debug, Default)]
pub(super) struct Mail {
    /// What the system said.
    pub(super) hints: Hints,
    /// Another assets folder, and what to ignore in it.
    pub(super) reassigned: Option<(RelPath, IgnoreRules)>,
    /// The observer is to end.
    pub(super) stop: bool,
}

impl Inbox {
    pub(super) fn hint(&self, hints: Hints) {
        if hints.is_empty() {
            return;
        }
        let mut mail = self.mail();
        // Where something waits already, the observer has been woken for it.
        let wakes = mail.is_empty();
        mail.hints.merge(hints);
        if wakes {
            self.arrived.notify_one();
        }
    }

    pub(super) fn reassign(&self, assets_dir: RelPath, ignore: IgnoreRules) {
        self.mail().reassigned = Some((assets_dir, ignore));
        self.arrived.notify_one();
    }

    pub(super) fn stop(&self) {
        self.mail().stop = true;
        self.arrived.notify_one();
    }

    /// Waits until something has come, or `timeout` is over, and takes all there is. An order to stop stays.
    pub(super) fn wait(&self, timeout: Option<Duration>) -> Mail {
        let mail = self.mail();
        let mut mail = match timeout {
            None => self.arrived.wait_while(mail, |mail| mail.is_empty()).unwrap_or_else(PoisonError::into_inner),
            Some(timeout) => {
                let waited = self.arrived.wait_timeout_while(mail, timeout, |mail| mail.is_empty());
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        let stop = mail.stop;
        std::mem::replace(&mut *mail, Mail { stop, ..Mail::default() })
    }

    fn mail(&self) -> MutexGuard<'_, Mail> {
        self.mail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mail {
    fn is_empty(&self) -> bool {
        !self.stop && self.reassigned.is_none() && self.hints.is_empty()
    }
}
