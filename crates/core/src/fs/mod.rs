//! The only place that touches files.
//!
//! [`Fs`] is one workspace seen through a held folder handle: every path is relative to the workspace, nothing follows
//! a link, nothing leaves the folder. [`RealFs`] is the one that works; tests put others in its place. What names mean
//! is not known here.

mod atomic;
mod lock;
mod real;
mod sealed;
mod watch;

use std::io;
use std::sync::Arc;

pub use atomic::{
    ReadError, Staged, create_dirs, is_temporary_name, read_limited, remove_if_present, replace, temporary_name,
    write_atomic,
};
pub use lock::{Holder, LockError, WorkspaceLock, running_holder};
pub use real::RealFs;
pub use sealed::{SealError, seal, unseal};
pub(crate) use watch::{Change, FolderWatches, Seen};

use serde::{Deserialize, Serialize};

use crate::value::RelPath;

/// A file operation that failed, with what was tried and where.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {path}: {}", self.why())]
pub struct FsError {
    /// What was tried, as it stands after "cannot".
    pub action: &'static str,
    /// Where, relative to the workspace.
    pub path: RelPath,
    /// What the system said.
    pub source: io::Error,
}

impl FsError {
    /// What stands in the way, in words: after a colon, or after "because".
    #[must_use]
    pub fn why(&self) -> String {
        if self.is_escape() {
            return "a link stands there, and links are never followed".to_owned();
        }
        match self.source.kind() {
            io::ErrorKind::IsADirectory => "it is not a regular file".to_owned(),
            io::ErrorKind::NotADirectory => "it is no folder".to_owned(),
            _ => self.source.to_string(),
        }
    }

    /// Whether there was nothing at the path.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self.source.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
    }

    /// Whether the path, or a folder on the way, is a link or leaves the workspace.
    #[must_use]
    pub fn is_escape(&self) -> bool {
        matches!(self.source.raw_os_error(), Some(code) if code == rustix::io::Errno::LOOP.raw_os_error()
            || code == rustix::io::Errno::XDEV.raw_os_error())
    }

    /// Whether nothing can be written there: a read-only mount, or no permission.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        matches!(self.source.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied)
    }
}

/// Puts the path and the intent beside an I/O error.
pub trait IoContext<T> {
    /// The same result, its error saying what was tried where.
    ///
    /// # Errors
    /// The error it had.
    fn at(self, action: &'static str, path: &RelPath) -> Result<T, FsError>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn at(self, action: &'static str, path: &RelPath) -> Result<T, FsError> {
        self.map_err(|source| FsError { action, path: path.clone(), source })
    }
}

/// What kind of thing a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Dir,
    /// A symbolic link (or a junction).
    Link,
    /// Anything else: a socket, a device, a pipe.
    Other,
}

/// What a stat says of a file. A hint: content is the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    /// Time of the last change of content, in nanoseconds since 1970.
    pub mtime_ns: i64,
    /// Time of the last change of content or of its record, in nanoseconds since 1970.
    pub ctime_ns: i64,
    /// The file's number on its device.
    pub inode: u64,
    /// The device.
    pub device: u64,
}

impl Stat {
    /// What a folder says of an entry by itself.
    #[must_use]
    pub const fn of_entry(kind: FileKind, inode: u64) -> Self {
        Self { kind, size: 0, mtime_ns: 0, ctime_ns: 0, inode, device: 0 }
    }
}

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirEntry {
    /// Its name; lossy where the name is not UTF-8.
    pub name: String,
    /// Whether the name is UTF-8. Nothing can be done with an entry whose name is not.
    pub is_utf8: bool,
    /// What a stat said of it; of a folder and a link, kind and inode alone.
    pub stat: Stat,
}

/// A file open for reading at any place.
pub trait ReadFile: Send + Sync {
    /// The file's stat, by its handle.
    ///
    /// # Errors
    /// What the system says.
    fn stat(&self) -> io::Result<Stat>;

    /// Reads at `offset` into `buffer`; returns how many bytes, 0 at the end.
    ///
    /// # Errors
    /// What the system says.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;

    /// The handle, for copies that the system makes by itself; `None` where there is none.
    fn descriptor(&self) -> Option<std::os::fd::BorrowedFd<'_>> {
        None
    }
}

/// A file open for writing at any place, and not yet seen by anyone.
pub trait WriteFile: Send + Sync {
    /// Writes all of `bytes` at `offset`.
    ///
    /// # Errors
    /// What the system says.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Copies `length` bytes from `source`, by the system itself where it can.
    ///
    /// # Errors
    /// What the system says, and where the source ends early.
    fn copy_from(&self, source: &dyn ReadFile, from: u64, to: u64, length: u64) -> io::Result<()>;

    /// Makes the file `length` bytes long; what is added is zero.
    ///
    /// # Errors
    /// What the system says.
    fn set_len(&self, length: u64) -> io::Result<()>;

    /// Makes everything written so far durable.
    ///
    /// # Errors
    /// What the system says. A sync that failed is never tried again on the same handle.
    fn sync(&self) -> io::Result<()>;

    /// The file's stat, by its handle.
    ///
    /// # Errors
    /// What the system says.
    fn stat(&self) -> io::Result<Stat>;
}

/// A workspace's files.
///
/// Every path is relative to the workspace. A path that is, or passes through, a symbolic link is refused, save by
/// [`Fs::stat`] and [`Fs::remove_file`], which look at the link itself.
pub trait Fs: Send + Sync {
    /// The entries of a folder, in no order.
    ///
    /// Entries that vanish while they are looked at are left out.
    ///
    /// # Errors
    /// What the system says.
    fn read_dir(&self, dir: &RelPath) -> Result<Vec<DirEntry>, FsError>;

    /// What is there; a link is not followed.
    ///
    /// # Errors
    /// What the system says.
    fn stat(&self, path: &RelPath) -> Result<Stat, FsError>;

    /// Opens a regular file for reading.
    ///
    /// # Errors
    /// What the system says, and where it is no regular file.
    fn open(&self, path: &RelPath) -> Result<Box<dyn ReadFile>, FsError>;

    /// Makes a new file; one that is there is an error.
    ///
    /// # Errors
    /// What the system says.
    fn create_new(&self, path: &RelPath) -> Result<Box<dyn WriteFile>, FsError>;

    /// Makes a folder.
    ///
    /// # Errors
    /// What the system says; one that is there is an error.
    fn create_dir(&self, path: &RelPath) -> Result<(), FsError>;

    /// Moves `from` to `to`, replacing what is there.
    ///
    /// # Errors
    /// What the system says.
    fn rename(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError>;

    /// Moves `from` to `to`, where nothing may be.
    ///
    /// # Errors
    /// What the system says.
    fn rename_no_replace(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError>;

    /// Removes a file, or a link itself.
    ///
    /// # Errors
    /// What the system says.
    fn remove_file(&self, path: &RelPath) -> Result<(), FsError>;

    /// Removes an empty folder.
    ///
    /// # Errors
    /// What the system says.
    fn remove_dir(&self, path: &RelPath) -> Result<(), FsError>;

    /// Makes what was created, renamed and removed in a folder durable.
    ///
    /// # Errors
    /// What the system says.
    fn sync_dir(&self, dir: &RelPath) -> Result<(), FsError>;

    /// Gives the file at `to` the permissions of the file at `from`.
    ///
    /// # Errors
    /// What the system says.
    fn copy_mode(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError>;

    /// Takes the advisory lock of the file at `path`, which is made where it is absent; `None` while another holds it.
    ///
    /// # Errors
    /// What the system says.
    fn try_lock(&self, path: &RelPath) -> Result<Option<Box<dyn LockGuard>>, FsError>;

    /// Whether the workspace lies on a file system that other machines may share.
    ///
    /// # Errors
    /// What the system says.
    fn is_network(&self) -> Result<bool, FsError>;
}

/// A held lock; dropping it lets go.
pub trait LockGuard: Send + Sync {}

/// The files of one workspace, shared.
pub type SharedFs = Arc<dyn Fs>;
