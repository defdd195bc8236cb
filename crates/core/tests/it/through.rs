//! The real files, seen through a test: every use of them is told before it happens, and locks may be made to lie.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use packwright::fs::{DirEntry, Fs, FsError, LockGuard, ReadFile, RealFs, SharedFs, Stat, WriteFile};
use packwright::value::RelPath;

/// A use of the files, before it happens: what is done, and where.
type Tell = dyn Fn(&str, &str) + Send + Sync;

/// What a test decides about files. Clones are the same.
#[derive(Clone)]
pub(crate) struct Through {
    tell: Arc<Tell>,
    lets_all_lock: Arc<AtomicBool>,
    is_network: Arc<AtomicBool>,
}

impl Through {
    pub(crate) fn new(tell: impl Fn(&str, &str) + Send + Sync + 'static) -> Self {
        let no = || Arc::new(AtomicBool::new(false));
        Self { tell: Arc::new(tell), lets_all_lock: no(), is_network: no() }
    }

    /// From now on every lock is given to everybody.
    pub(crate) fn let_all_lock(&self) {
        self.lets_all_lock.store(true, Ordering::SeqCst);
    }

    /// From now on the files lie on a network.
    pub(crate) fn move_to_a_network(&self) {
        self.is_network.store(true, Ordering::SeqCst);
    }

    /// These files, seen so.
    pub(crate) fn over(&self, files: RealFs) -> SharedFs {
        Arc::new(Seen { files, through: self.clone() })
    }
}

struct Seen {
    files: RealFs,
    through: Through,
}

impl Seen {
    fn told(&self, what: &str, path: &RelPath) -> &RealFs {
        (self.through.tell)(what, path.as_str());
        &self.files
    }
}

/// A lock that keeps nobody out.
struct NoLock;

impl LockGuard for NoLock {}

impl Fs for Seen {
    fn read_dir(&self, dir: &RelPath) -> Result<Vec<DirEntry>, FsError> {
        self.told("read_dir", dir).read_dir(dir)
    }

    fn stat(&self, path: &RelPath) -> Result<Stat, FsError> {
        self.told("stat", path).stat(path)
    }

    fn open(&self, path: &RelPath) -> Result<Box<dyn ReadFile>, FsError> {
        self.told("open", path).open(path)
    }

    fn create_new(&self, path: &RelPath) -> Result<Box<dyn WriteFile>, FsError> {
        self.told("create_new", path).create_new(path)
    }

    fn create_dir(&self, path: &RelPath) -> Result<(), FsError> {
        self.told("create_dir", path).create_dir(path)
    }

    fn rename(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.told("rename", to).rename(from, to)
    }

    fn rename_no_replace(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.told("rename_no_replace", to).rename_no_replace(from, to)
    }

    fn remove_file(&self, path: &RelPath) -> Result<(), FsError> {
        self.told("remove_file", path).remove_file(path)
    }

    fn remove_dir(&self, path: &RelPath) -> Result<(), FsError> {
        self.told("remove_dir", path).remove_dir(path)
    }

    fn sync_dir(&self, dir: &RelPath) -> Result<(), FsError> {
        self.told("sync_dir", dir).sync_dir(dir)
    }

    fn copy_mode(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.told("copy_mode", to).copy_mode(from, to)
    }

    fn try_lock(&self, path: &RelPath) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        let files = self.told("try_lock", path);
        if self.through.lets_all_lock.load(Ordering::SeqCst) {
            return Ok(Some(Box::new(NoLock)));
        }
        files.try_lock(path)
    }

    fn is_network(&self) -> Result<bool, FsError> {
        Ok(self.through.is_network.load(Ordering::SeqCst) || self.files.is_network()?)
    }
}
