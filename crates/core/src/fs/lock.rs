//! The workspace's lock: one writer or builder a workspace, across processes.
//!
//! The lock is the operating system's, on a file that is never removed. Who holds it stands beside it in a file that is
//! for messages only: nothing is decided by it.
//!
//! Whoever wants the lock first takes the *turn*, a second lock, and gives it back when it has the first. So whoever
//! writes without a pause waits in between for the one whose turn it is, and keeps nobody out.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{Fs, FsError, LockGuard, SharedFs, create_dirs, read_limited, remove_if_present};
use crate::value::{Cancel, OperationId, RelPath};

/// How often to look whether it is one's turn.
const POLL: Duration = Duration::from_millis(5);
/// How often whose turn it is looks whether the lock is free.
const POLL_IN_TURN: Duration = Duration::from_millis(1);

/// A held lock; dropping it lets go.
pub struct WorkspaceLock {
    fs: SharedFs,
    holder_file: RelPath,
    _guard: Box<dyn LockGuard>,
}

/// Who holds a lock, as it said itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// Its machine.
    pub host: String,
    /// What it does.
    pub operation: OperationId,
    /// The service.
    pub service: String,
}

/// Why the lock was not got.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process held it for as long as we waited.
    #[error("another process is writing to this workspace{}", .0.as_ref().map(describe).unwrap_or_default())]
    Held(Option<Holder>),
    /// The file system may not keep the promise.
    #[error("locking cannot be proven here: {0}")]
    Unproven(&'static str),
    /// The wait was cancelled.
    #[error("cancelled while waiting for the workspace")]
    Cancelled,
    /// The lock file cannot be opened.
    #[error(transparent)]
    Fs(#[from] FsError),
}

fn describe(holder: &Holder) -> String {
    format!(" ({} by process {} on {})", holder.service, holder.pid, holder.host)
}

impl WorkspaceLock {
    /// Takes the lock in `private`, waiting at most `wait` and no longer than until `cancel`.
    ///
    /// # Errors
    /// Where another holds it, where locking cannot be proven, and what the system says.
    pub fn acquire(
        fs: &SharedFs,
        private: &RelPath,
        (service, operation): (&str, OperationId),
        (wait, cancel): (Duration, &Cancel),
        trust: bool,
    ) -> Result<Self, LockError> {
        Self::acquire_telling(fs, private, (service, operation), (wait, cancel), trust, &|_| {})
    }

    /// As [`WorkspaceLock::acquire`]; `waiting` is told whom it waits for, again and again, while it does.
    ///
    /// # Errors
    /// As [`WorkspaceLock::acquire`].
    pub fn acquire_telling(
        fs: &SharedFs,
        private: &RelPath,
        (service, operation): (&str, OperationId),
        (wait, cancel): (Duration, &Cancel),
        trust: bool,
        waiting: &dyn Fn(Option<&Holder>),
    ) -> Result<Self, LockError> {
        create_dirs(&**fs, private)?;
        let lock_file = private.entry("lock");
        let holder_file = private.entry("holder.json");
        let files = [&lock_file, &private.entry("turn"), &holder_file];
        if !trust && fs.is_network()? {
            return Err(LockError::Unproven("the workspace lies on a network file system"));
        }
        let guard = wait_for(&**fs, files, (wait, cancel), waiting)?;
        if !trust && fs.try_lock(&lock_file)?.is_some() {
            return Err(LockError::Unproven("a second handle got the lock while the first held it"));
        }
        let lock = Self { fs: fs.clone(), holder_file, _guard: guard };
        lock.announce(service, operation);
        Ok(lock)
    }

    /// For messages only, so that nothing depends on its being written.
    fn announce(&self, service: &str, operation: OperationId) {
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let holder = Holder { pid: std::process::id(), host, operation, service: service.to_owned() };
        let Ok(text) = serde_json::to_vec(&holder) else { return };
        let _ = remove_if_present(&*self.fs, &self.holder_file);
        if let Ok(file) = self.fs.create_new(&self.holder_file) {
            let _ = file.write_at(&text, 0);
        }
    }
}

/// Who holds the lock in `private`, going by what it said itself and by whether its process still lives; of a process on
/// another machine that cannot be told, and it is believed. For advice only: the lock itself is not touched.
#[must_use]
pub fn running_holder(fs: &dyn Fs, private: &RelPath) -> Option<Holder> {
    let text = read_limited(fs, &private.entry("holder.json"), 4096).ok()?;
    let holder: Holder = serde_json::from_slice(&text).ok()?;
    let is_here = rustix::system::uname().nodename().to_string_lossy() == holder.host;
    let lives = || {
        let process = i32::try_from(holder.pid).ok().and_then(rustix::process::Pid::from_raw);
        process.is_some_and(|process| {
            !matches!(rustix::process::test_kill_process(process), Err(error) if error == rustix::io::Errno::SRCH)
        })
    };
    (!is_here || lives()).then_some(holder)
}

impl Drop for WorkspaceLock {
    fn drop(&mut self) {
        // Before the guard lets go: afterwards the file may be the next holder's.
        let _ = remove_if_present(&*self.fs, &self.holder_file);
    }
}

fn wait_for(
    fs: &dyn Fs,
    [lock_file, turn_file, holder_file]: [&RelPath; 3],
    (wait, cancel): (Duration, &Cancel),
    waiting: &dyn Fn(Option<&Holder>),
) -> Result<Box<dyn LockGuard>, LockError> {
    let deadline = Instant::now() + wait;
    let holder = || -> Option<Holder> { serde_json::from_slice(&read_limited(fs, holder_file, 4096).ok()?).ok() };
    let mut turn = None;
    loop {
        if turn.is_none() {
            turn = fs.try_lock(turn_file)?;
        }
        // Who does not wait takes what is free: it has no other turn.
        if (turn.is_some() || wait.is_zero())
            && let Some(guard) = fs.try_lock(lock_file)?
        {
            return Ok(guard);
        }
        if cancel.is_cancelled() {
            return Err(LockError::Cancelled);
        }
        if Instant::now() >= deadline {
            return Err(LockError::Held(holder()));
        }
        waiting(holder().as_ref());
        std::thread::sleep(if turn.is_some() { POLL_IN_TURN } else { POLL });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fs::RealFs;

    #[test]
    fn a_held_lock_is_refused_with_the_name_of_its_holder() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let fs: SharedFs = Arc::new(RealFs::open(dir.path()).expect("it opens"));
        let private = RelPath::literal(".packwright");
        let operation = OperationId::mint();
        let cancel = Cancel::new();
        let take = |wait| WorkspaceLock::acquire(&fs, &private, ("build", operation), (wait, &cancel), false);
        let held = take(Duration::ZERO).expect("free");
        let Err(LockError::Held(Some(holder))) = take(Duration::ZERO) else { panic!("it was held") };
        assert_eq!((holder.pid, holder.operation), (std::process::id(), operation));
        cancel.cancel();
        assert!(
            matches!(take(Duration::from_secs(3600)), Err(LockError::Cancelled)),
            "a wait ends when it is cancelled"
        );
        drop(held);
        assert!(take(Duration::ZERO).is_ok());
    }

    #[test]
    fn lane_2_who_lets_go_and_comes_back_at_once_comes_after_who_waited() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let fs: SharedFs = Arc::new(RealFs::open(dir.path()).expect("it opens"));
        let private = RelPath::literal(".packwright");
        let take = |service: &str, waiting: &dyn Fn(Option<&Holder>)| {
            let (who, wait) = ((service, OperationId::mint()), (Duration::from_secs(60), &Cancel::new()));
            WorkspaceLock::acquire_telling(&fs, &private, who, wait, false, waiting).expect("in the end")
        };
        let first = take("first", &|_| {});
        let (waits, waiting) = std::sync::mpsc::channel();
        let (enters, entered) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            let (take, enters_too) = (&take, enters.clone());
            scope.spawn(move || {
                let held = take("second", &|holder| {
                    let _ = waits.send(holder.map(|holder| holder.service.clone()));
                });
                enters_too.send("second").expect("the test listens");
                drop(held);
            });
            assert_eq!(waiting.recv().expect("it waits").as_deref(), Some("first"));
            drop(first);
            let again = take("first", &|_| {});
            enters.send("first").expect("the test listens");
            drop(again);
        });
        assert_eq!([entered.recv(), entered.recv()], [Ok("second"), Ok("first")]);
    }
}
