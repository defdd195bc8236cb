//! The real files, an hour older than they are: what is remembered of them is believed.

use std::os::fd::BorrowedFd;
use std::time::Duration;

use packwright::fs::{DirEntry, Fs, FsError, LockGuard, ReadFile, RealFs, Stat, WriteFile};
use packwright::value::RelPath;

pub(super) struct Aged(pub(super) RealFs);

struct AgedFile(Box<dyn ReadFile>);

fn aged(stat: Stat) -> Stat {
    let hour = Duration::from_secs(3600).as_nanos() as i64;
    Stat { mtime_ns: stat.mtime_ns - hour, ctime_ns: stat.ctime_ns - hour, ..stat }
}

impl ReadFile for AgedFile {
    fn stat(&self) -> std::io::Result<Stat> {
        self.0.stat().map(aged)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        self.0.read_at(buffer, offset)
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        self.0.descriptor()
    }
}

impl Fs for Aged {
    fn read_dir(&self, dir: &RelPath) -> Result<Vec<DirEntry>, FsError> {
        let entries = self.0.read_dir(dir)?;
        Ok(entries.into_iter().map(|entry| DirEntry { stat: aged(entry.stat), ..entry }).collect())
    }

    fn stat(&self, path: &RelPath) -> Result<Stat, FsError> {
        self.0.stat(path).map(aged)
    }

    fn open(&self, path: &RelPath) -> Result<Box<dyn ReadFile>, FsError> {
        Ok(Box::new(AgedFile(self.0.open(path)?)))
    }

    fn create_new(&self, path: &RelPath) -> Result<Box<dyn WriteFile>, FsError> {
        self.0.create_new(path)
    }

    fn create_dir(&self, path: &RelPath) -> Result<(), FsError> {
        self.0.create_dir(path)
    }

    fn rename(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.0.rename(from, to)
    }

    fn rename_no_replace(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.0.rename_no_replace(from, to)
    }

    fn remove_file(&self, path: &RelPath) -> Result<(), FsError> {
        self.0.remove_file(path)
    }

    fn remove_dir(&self, path: &RelPath) -> Result<(), FsError> {
        self.0.remove_dir(path)
    }

    fn sync_dir(&self, dir: &RelPath) -> Result<(), FsError> {
        self.0.stat(dir).map(drop)
    }

    fn copy_mode(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.0.copy_mode(from, to)
    }

    fn try_lock(&self, path: &RelPath) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        self.0.try_lock(path)
    }

    fn is_network(&self) -> Result<bool, FsError> {
        self.0.is_network()
    }
}
