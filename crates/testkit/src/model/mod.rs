//! A model of a file system: what programs see of it, and what would be left if everything stopped now.
//!
//! [`ModelFs`] stands in for the real files. It is as harsh as a journaling POSIX file system may be, and no harsher:
//!
//! - What a file holds is durable once the file was synced; before, a crash leaves the old bytes, the new ones, a
//!   beginning of them, or zeros in place of their end. The sync of a file does not make its name durable.
//! - What folders name changes in steps: create, rename, remove. A crash keeps any of those that are not durable, in order;
//!   one that cannot be done without another that was dropped is dropped too. A rename is kept or not, never by half.
//! - A step is durable once each folder whose names it changes was synced after it: a rename from one to another takes two.
//!   So a file renamed over another before it was synced can come back empty. The sync of a folder does not make its own
//!   name durable: what was moved into it by a durable rename goes with it.
//! - What a failed sync of a file was to make durable is in doubt for good. A later sync that says yes has not looked at
//!   it. A failed sync of a folder leaves its steps to the next one.
//! - Locks and open files are gone after a crash.
//! - A call fails as its [`Fault`] says, once or from then on, or everything stops before it.
//!
//! Nothing here is by chance: times, inode numbers and the order of folders are the same in every run, and what a crash
//! leaves follows from its [`Outcome`]. Inode numbers are used again at once, as real ones are.

mod calls;
mod crash;
mod disk;
mod files;
mod handles;
mod image;
mod machine;
#[cfg(test)]
mod tests;
mod unsynced;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use packwright::value::RelPath;

pub use calls::{Call, CallKind, Counted, Fault, FaultKind};
pub use crash::Outcome;
pub use image::{Image, Thing};

use calls::Calls;
use disk::Body;
use machine::Machine;

/// The files of one machine's workspace. Clones are the same machine, as another process on it would see it.
#[derive(Clone)]
pub struct ModelFs {
    machine: Arc<Mutex<Machine>>,
}

impl Default for ModelFs {
    fn default() -> Self {
        Self::new()
    }
}

impl ModelFs {
    /// An empty workspace.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Machine::new())
    }

    /// The files that `text` spells out, as [`crate::Tree`] reads it, all durable.
    ///
    /// # Panics
    /// Where the text does not begin with `-- path --`.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let files = Self::new();
        for (path, content) in crate::files_of(text) {
            files.put(&path, content);
        }
        files.settle();
        files
    }

    fn of(machine: Machine) -> Self {
        Self { machine: Arc::new(Mutex::new(machine)) }
    }

    fn machine(&self) -> MutexGuard<'_, Machine> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another machine that is as this one is now, with no file open and nothing that goes wrong.
    #[must_use]
    pub fn copy(&self) -> Self {
        self.crash(Outcome::Killed)
    }

    /// The machine started again after everything stopped.
    #[must_use]
    pub fn crash(&self, outcome: Outcome) -> Self {
        Self::of(self.machine().after(outcome))
    }

    /// From now on calls are counted from zero, and this goes wrong.
    pub fn fail(&self, fault: Fault) {
        self.machine().calls = Calls::with(fault);
    }

    /// From now on calls are counted from zero, and nothing goes wrong.
    pub fn heal(&self) {
        self.machine().calls = Calls::default();
    }

    /// The calls since the count began. One before which everything stopped is not among them.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.machine().calls.made.clone()
    }

    /// Whether everything has stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.machine().calls.is_stopped
    }

    /// Makes all there is durable.
    pub fn settle(&self) {
        self.machine().settle();
    }

    /// Puts a file there, and the folders it needs; what stood there goes. It is no call, and not durable before
    /// [`settle`](Self::settle).
    ///
    /// # Panics
    /// Where the path is none, or leads through something else than folders.
    pub fn put(&self, path: &str, content: impl Into<Vec<u8>>) {
        self.put_body(path, Body::File(Arc::new(content.into())));
    }

    /// Puts a link there, as [`put`](Self::put) does a file.
    ///
    /// # Panics
    /// As [`put`](Self::put).
    pub fn put_link(&self, path: &str, target: &str) {
        self.put_body(path, Body::Link(target.to_owned()));
    }

    fn put_body(&self, path: &str, body: Body) {
        self.machine().put(&relative(path), body);
    }

    /// Puts an empty folder there, and those above it, as [`put`](Self::put) does a file.
    ///
    /// # Panics
    /// As [`put`](Self::put).
    pub fn put_dir(&self, path: &str) {
        self.machine().put_dir(&relative(path));
    }

    /// Takes away what is there, with all that is in it, as [`put`](Self::put) puts it there.
    ///
    /// # Panics
    /// Where there is nothing.
    pub fn take(&self, path: &str) {
        self.machine().take(&relative(path));
    }

    /// Gives a file or folder permissions, durable.
    ///
    /// # Panics
    /// Where there is nothing.
    pub fn set_mode(&self, path: &str, mode: u32) {
        let mut machine = self.machine();
        let id = machine.live.find(&relative(path)).expect("something is there");
        machine.set_mode(id, mode);
    }

    /// Makes a folder, with all that is in it and ever will be, another device: nothing can be renamed into it or out of it.
    ///
    /// # Panics
    /// Where there is nothing.
    pub fn set_device(&self, path: &str, device: u64) {
        let mut machine = self.machine();
        let id = machine.live.find(&relative(path)).expect("something is there");
        machine.set_device(id, device);
    }

    /// Everything there is, as programs see it.
    #[must_use]
    pub fn image(&self) -> Image {
        image::of(&self.machine().live)
    }
}

fn relative(path: &str) -> RelPath {
    RelPath::of_entries(path).unwrap_or_else(|| panic!("{path:?} is no path"))
}
