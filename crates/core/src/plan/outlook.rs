//! The workspace as it would be after a change: the files that are there, seen through what is planned.
//!
//! What reads a workspace reads this as well, so the outcome of a plan is found by the same rules as what is so already.
//! Nothing can be written here.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::change::{Change, Step};
use crate::fs::{DirEntry, FileKind, Fs, FsError, IoContext, LockGuard, ReadFile, Stat, WriteFile};
use crate::value::RelPath;
use crate::workspace::layout;

/// Files as they would be.
pub struct Outlook<'a> {
    fs: &'a dyn Fs,
    files: BTreeMap<RelPath, &'a [u8]>,
    folders: BTreeSet<RelPath>,
    /// Where a folder would be, and where it is.
    moved: BTreeMap<RelPath, RelPath>,
    gone: BTreeSet<RelPath>,
    /// What the change puts into a folder itself.
    put: BTreeMap<RelPath, BTreeSet<RelPath>>,
}

/// What would stand at a path.
enum Seen<'s> {
    Bytes(&'s [u8]),
    NewFolder,
    /// What stands here now.
    AsIs(RelPath),
    Nothing,
}

impl<'a> Outlook<'a> {
    /// The files of `fs` after `change`.
    #[must_use]
    pub fn new(fs: &'a dyn Fs, change: &'a Change) -> Self {
        let (files, folders, moved, gone, put) = Default::default();
        let mut outlook = Self { fs, files, folders, moved, gone, put };
        for step in &change.steps {
            match step {
                Step::MakeDir(path) => drop(outlook.folders.insert(path.clone())),
                Step::Create { path, bytes: after } | Step::Replace { path, after, .. } => {
                    outlook.files.insert(path.clone(), after);
                }
                Step::Remove { path, .. } | Step::Discard { path, .. } => drop(outlook.gone.insert(path.clone())),
                Step::Move { from, to, .. } => {
                    outlook.gone.insert(from.clone());
                    outlook.moved.insert(to.clone(), from.clone());
                }
                Step::RemoveDir(_) => {}
            }
        }
        if let Some(write) = &change.registry {
            outlook.files.insert(RelPath::literal(layout::REGISTRY), &write.bytes);
        }
        for path in outlook.files.keys().chain(&outlook.folders).chain(outlook.moved.keys()) {
            let dir = path.parent().unwrap_or_else(RelPath::root);
            outlook.put.entry(dir).or_default().insert(path.clone());
        }
        outlook
    }

    /// A workspace in which there is nothing, whatever is in `fs`.
    #[must_use]
    pub fn nothing(fs: &'a dyn Fs) -> Self {
        let (files, folders, moved, put) = Default::default();
        Self { fs, files, folders, moved, gone: BTreeSet::from([RelPath::root()]), put }
    }

    fn see(&self, path: &RelPath) -> Seen<'_> {
        if let Some(bytes) = self.files.get(path) {
            return Seen::Bytes(bytes);
        }
        if self.folders.contains(path) {
            return Seen::NewFolder;
        }
        for above in std::iter::successors(Some(path.clone()), RelPath::parent) {
            if let Some(now) = self.moved.get(&above).and_then(|from| path.moved(&above, from)) {
                return Seen::AsIs(now);
            }
            if self.gone.contains(&above) {
                return Seen::Nothing;
            }
        }
        Seen::AsIs(path.clone())
    }
}

fn nothing<T>(action: &'static str, path: &RelPath) -> Result<T, FsError> {
    Err(io::Error::from(io::ErrorKind::NotFound)).at(action, path)
}

fn unwritable<T>(action: &'static str, path: &RelPath) -> Result<T, FsError> {
    Err(io::Error::from(io::ErrorKind::ReadOnlyFilesystem)).at(action, path)
}

fn stat_of(kind: FileKind, size: u64) -> Stat {
    Stat { size, ..Stat::of_entry(kind, 0) }
}

impl Fs for Outlook<'_> {
    fn read_dir(&self, dir: &RelPath) -> Result<Vec<DirEntry>, FsError> {
        let mut entries = match self.see(dir) {
            Seen::AsIs(now) => self.fs.read_dir(&now)?,
            Seen::NewFolder => Vec::new(),
            Seen::Bytes(_) => return Err(io::Error::from(io::ErrorKind::NotADirectory)).at("read the folder", dir),
            Seen::Nothing => return nothing("read the folder", dir),
        };
        let nothing_put = BTreeSet::new();
        let put = self.put.get(dir).unwrap_or(&nothing_put);
        entries.retain(|entry| {
            let path = dir.entry(&entry.name);
            !entry.is_utf8 || !(put.contains(&path) || self.gone.contains(&path))
        });
        for path in put {
            let name = path.file_name().unwrap_or_default().to_owned();
            entries.push(DirEntry { name, is_utf8: true, stat: self.stat(path)? });
        }
        Ok(entries)
    }

    fn stat(&self, path: &RelPath) -> Result<Stat, FsError> {
        match self.see(path) {
            Seen::AsIs(now) => self.fs.stat(&now),
            Seen::Bytes(bytes) => Ok(stat_of(FileKind::File, bytes.len() as u64)),
            Seen::NewFolder => Ok(stat_of(FileKind::Dir, 0)),
            Seen::Nothing => nothing("look at", path),
        }
    }

    fn open(&self, path: &RelPath) -> Result<Box<dyn ReadFile>, FsError> {
        match self.see(path) {
            Seen::AsIs(now) => self.fs.open(&now),
            Seen::Bytes(bytes) => Ok(Box::new(Bytes(bytes.to_vec()))),
            Seen::NewFolder => Err(io::Error::from(io::ErrorKind::IsADirectory)).at("open", path),
            Seen::Nothing => nothing("open", path),
        }
    }

    fn create_new(&self, path: &RelPath) -> Result<Box<dyn WriteFile>, FsError> {
        unwritable("create", path)
    }

    fn create_dir(&self, path: &RelPath) -> Result<(), FsError> {
        unwritable("create the folder", path)
    }

    fn rename(&self, _from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        unwritable("replace", to)
    }

    fn rename_no_replace(&self, _from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        unwritable("move to", to)
    }

    fn remove_file(&self, path: &RelPath) -> Result<(), FsError> {
        unwritable("remove", path)
    }

    fn remove_dir(&self, path: &RelPath) -> Result<(), FsError> {
        unwritable("remove the folder", path)
    }

    fn sync_dir(&self, dir: &RelPath) -> Result<(), FsError> {
        unwritable("make durable", dir)
    }

    fn copy_mode(&self, _from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        unwritable("set the permissions of", to)
    }

    fn try_lock(&self, path: &RelPath) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        unwritable("lock", path)
    }

    fn is_network(&self) -> Result<bool, FsError> {
        self.fs.is_network()
    }
}

/// A file that is not there yet.
struct Bytes(Vec<u8>);

impl ReadFile for Bytes {
    fn stat(&self) -> io::Result<Stat> {
        Ok(stat_of(FileKind::File, self.0.len() as u64))
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|start| self.0.get(start..)).unwrap_or_default();
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::{RealFs, read_limited};
    use crate::plan::Identity;

    fn names(fs: &dyn Fs, dir: &RelPath) -> Vec<String> {
        let mut names: Vec<String> = fs.read_dir(dir).expect("a folder").into_iter().map(|entry| entry.name).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_planned_is_seen_and_what_is_there_stays_as_it_is() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir_all(dir.path().join("assets/ui/deep")).expect("folders");
        std::fs::write(dir.path().join("assets/ui/deep/x"), "x").expect("a file");
        std::fs::write(dir.path().join("assets/ui/asset.json"), "old").expect("a file");
        std::fs::write(dir.path().join("assets/other"), "other").expect("a file");
        let real = RealFs::open(dir.path()).expect("it opens");
        let path = RelPath::literal;
        let identity = Identity { device: 0, inode: 0 };
        let change = Change {
            steps: vec![
                Step::MakeDir(path("quarantine")),
                Step::MakeDir(path("quarantine/e")),
                Step::Create { path: path("quarantine/e/entry.json"), bytes: b"entry".to_vec() },
                Step::Move { from: path("assets/ui"), to: path("quarantine/e/payload"), identity },
                Step::Replace { path: path("assets/other"), before: b"other".to_vec(), after: b"another".to_vec() },
            ],
            registry: None,
        };
        let outlook = Outlook::new(&real, &change);
        let read = |at: &'static str| read_limited(&outlook, &path(at), 100).ok();
        assert_eq!(names(&outlook, &RelPath::root()), ["assets", "quarantine"]);
        assert_eq!(names(&outlook, &path("assets")), ["other"]);
        assert_eq!(names(&outlook, &path("quarantine/e")), ["entry.json", "payload"]);
        assert_eq!(names(&outlook, &path("quarantine/e/payload")), ["asset.json", "deep"]);
        assert_eq!(read("quarantine/e/payload/deep/x").as_deref(), Some(&b"x"[..]));
        assert_eq!((read("assets/other").as_deref(), read("assets/ui/asset.json")), (Some(&b"another"[..]), None));
        assert!(outlook.stat(&path("assets/ui")).is_err_and(|error| error.is_absent()));
        assert!(outlook.create_dir(&path("new")).is_err());
        assert_eq!(names(&real, &RelPath::root()), ["assets"]);
    }
}
