//! As long as nothing stops and nothing fails, the model does what the real files do: the same calls, the same answers,
//! and the same things left.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use packwright::fs::{Fs, FsError, LockGuard, ReadFile, RealFs, WriteFile};
use packwright::value::RelPath;
use proptest::prelude::*;

use crate::model::{Image, ModelFs, Thing};

#[derive(Debug, Clone)]
enum Use {
    ReadDir(RelPath),
    Stat(RelPath),
    Read(RelPath),
    Create(RelPath, Vec<u8>),
    CreateDir(RelPath),
    Rename(RelPath, RelPath),
    RenameNoReplace(RelPath, RelPath),
    RemoveFile(RelPath),
    RemoveDir(RelPath),
    SyncDir(RelPath),
    CopyMode(RelPath, RelPath),
    Lock(RelPath),
    Unlock,
    /// Opens a file for reading and keeps it open.
    Keep(RelPath),
    /// Reads what is kept open.
    ReadKept(u64),
    /// Writes to the file that was created last, wherever it is by now.
    Write(u64, Vec<u8>),
    SetLen(u64),
    Sync,
    Copy(u64, u64, u64),
}

fn path() -> impl Strategy<Value = RelPath> {
    let name = prop_oneof![Just("a"), Just("b"), Just("c"), Just("link")];
    let path = |names: Vec<&str>| names.into_iter().fold(RelPath::root(), |path, name| path.entry(name));
    prop::collection::vec(name, 0..4).prop_map(path)
}

fn a_use() -> impl Strategy<Value = Use> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..20);
    prop_oneof![
        2 => path().prop_map(Use::ReadDir),
        2 => path().prop_map(Use::Stat),
        2 => path().prop_map(Use::Read),
        4 => (path(), bytes()).prop_map(|(path, bytes)| Use::Create(path, bytes)),
        4 => path().prop_map(Use::CreateDir),
        4 => (path(), path()).prop_map(|(from, to)| Use::Rename(from, to)),
        4 => (path(), path()).prop_map(|(from, to)| Use::RenameNoReplace(from, to)),
        2 => path().prop_map(Use::RemoveFile),
        2 => path().prop_map(Use::RemoveDir),
        1 => path().prop_map(Use::SyncDir),
        2 => (path(), path()).prop_map(|(from, to)| Use::CopyMode(from, to)),
        2 => path().prop_map(Use::Lock),
        1 => Just(Use::Unlock),
        2 => path().prop_map(Use::Keep),
        2 => (0_u64..30).prop_map(Use::ReadKept),
        2 => (0_u64..30, bytes()).prop_map(|(offset, bytes)| Use::Write(offset, bytes)),
        1 => (0_u64..30).prop_map(Use::SetLen),
        1 => Just(Use::Sync),
        1 => (0_u64..30, 0_u64..30, 0_u64..30).prop_map(|(from, to, length)| Use::Copy(from, to, length)),
    ]
}

/// Somebody who uses files.
struct User<'a> {
    fs: &'a dyn Fs,
    created: Option<Box<dyn WriteFile>>,
    kept: Option<Box<dyn ReadFile>>,
    locks: Vec<Box<dyn LockGuard>>,
}

/// What an answer is compared by.
type Said = Result<String, String>;

fn why(error: &io::Error) -> String {
    error
        .raw_os_error()
        .map_or_else(|| format!("{:?}", error.kind()), |code| io::Error::from_raw_os_error(code).to_string())
}

fn said<T>(answer: Result<T, FsError>, tell: impl FnOnce(T) -> String) -> Said {
    answer.map(tell).map_err(|error| format!("{} {}: {}", error.action, error.path, why(&error.source)))
}

fn io_said<T>(answer: io::Result<T>, tell: impl FnOnce(T) -> String) -> Said {
    answer.map(tell).map_err(|error| why(&error))
}

impl<'a> User<'a> {
    fn of(fs: &'a dyn Fs) -> Self {
        Self { fs, created: None, kept: None, locks: Vec::new() }
    }

    fn does(&mut self, what: &Use) -> Said {
        let done = |()| String::new();
        match what {
            Use::ReadDir(path) => said(self.fs.read_dir(path), |mut entries| {
                entries.sort_by(|one, other| one.name.cmp(&other.name));
                format!("{:?}", entries.iter().map(|entry| (&entry.name, entry.stat.kind)).collect::<Vec<_>>())
            }),
            Use::Stat(path) => said(self.fs.stat(path), |stat| format!("{:?}", stat.kind)),
            Use::Read(path) => said(self.fs.open(path), |file| format!("{:?}", all(&*file))),
            Use::Create(path, bytes) => {
                let created = self.fs.create_new(path);
                let written = created.map(|file| self.created.insert(file).write_at(bytes, 0));
                said(written, |written| format!("{:?}", io_said(written, done)))
            }
            Use::CreateDir(path) => said(self.fs.create_dir(path), done),
            Use::Rename(from, to) => said(self.fs.rename(from, to), done),
            Use::RenameNoReplace(from, to) => said(self.fs.rename_no_replace(from, to), done),
            Use::RemoveFile(path) => said(self.fs.remove_file(path), done),
            Use::RemoveDir(path) => said(self.fs.remove_dir(path), done),
            Use::SyncDir(path) => said(self.fs.sync_dir(path), done),
            Use::CopyMode(from, to) => said(self.fs.copy_mode(from, to), done),
            Use::Lock(path) => {
                let locked = self.fs.try_lock(path).map(|guard| guard.map(|guard| self.locks.push(guard)).is_some());
                said(locked, |got| got.to_string())
            }
            Use::Unlock => Ok(self.locks.pop().is_some().to_string()),
            Use::Keep(path) => said(self.fs.open(path).map(|file| self.kept = Some(file)), done),
            Use::ReadKept(offset) => {
                let Some(kept) = &self.kept else { return Ok(String::new()) };
                let mut buffer = [0; 8];
                io_said(kept.read_at(&mut buffer, *offset), |n| {
                    format!("{:?} of {}", &buffer[..n], kept.stat().expect("it is open").size)
                })
            }
            Use::Write(offset, bytes) => self.created.as_ref().map_or(Ok(String::new()), |file| {
                io_said(file.write_at(bytes, *offset), |()| file.stat().expect("it is open").size.to_string())
            }),
            Use::SetLen(length) => {
                self.created.as_ref().map_or(Ok(String::new()), |file| io_said(file.set_len(*length), done))
            }
            Use::Sync => self.created.as_ref().map_or(Ok(String::new()), |file| io_said(file.sync(), done)),
            Use::Copy(from, to, length) => match (&self.created, &self.kept) {
                // Of a copy that runs out of source, only that it fails is promised.
                (Some(file), Some(kept)) if kept.stat().is_ok_and(|stat| from + length <= stat.size) => {
                    io_said(file.copy_from(&**kept, *from, *to, *length), done)
                }
                _ => Ok(String::new()),
            },
        }
    }
}

fn all(file: &dyn ReadFile) -> Vec<u8> {
    let mut bytes = vec![0; file.stat().expect("it is open").size as usize + 1];
    let n = file.read_at(&mut bytes, 0).expect("it can be read");
    bytes.truncate(n);
    bytes
}

/// What lies in a real folder; modes as if the system's `umask` were the usual one.
fn real_image(root: &Path) -> Image {
    let probe = tempfile::tempdir().expect("a temporary folder");
    let new_mode = |make: &dyn Fn(&Path)| {
        let path = probe.path().join("probe");
        make(&path);
        std::fs::metadata(&path).expect("it is there").permissions().mode() & 0o7777
    };
    let new_dir = new_mode(&|path| std::fs::create_dir(path).expect("a folder"));
    std::fs::remove_dir(probe.path().join("probe")).expect("it goes");
    let new_file = new_mode(&|path| std::fs::write(path, "").expect("a file"));
    let modes = BTreeMap::from([(new_file, 0o644), (new_dir, 0o755)]);
    let mut image = Image::new();
    let mut folders = vec![(root.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let stat = entry.path().symlink_metadata().expect("it is there");
            let mode = stat.permissions().mode() & 0o7777;
            let mode = modes.get(&mode).copied().unwrap_or(mode);
            let thing = if stat.is_dir() {
                folders.push((entry.path(), format!("{path}/")));
                Thing::Dir { mode }
            } else if stat.is_symlink() {
                Thing::Link { target: std::fs::read_link(entry.path()).expect("a link").to_string_lossy().into_owned() }
            } else {
                Thing::File { bytes: std::fs::read(entry.path()).expect("a file"), mode }
            };
            image.insert(path, thing);
        }
    }
    image
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]


    #[test]
    fn the_same_calls_give_the_same_answers_and_leave_the_same_things(uses in prop::collection::vec(a_use(), 1..60)) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(dir.path().join("a")).expect("a folder");
        for path in ["a/b", "c"] {
            std::fs::write(dir.path().join(path), "old").expect("a file");
            std::fs::set_permissions(dir.path().join(path), PermissionsExt::from_mode(0o640)).expect("permissions");
        }
        symlink("a", dir.path().join("link")).expect("a link");
        symlink("nowhere", dir.path().join("a/link")).expect("a link");
        let model = ModelFs::new();
        for path in ["a/b", "c"] {
            model.put(path, "old");
            model.set_mode(path, 0o640);
        }
        model.put_link("link", "a");
        model.put_link("a/link", "nowhere");
        model.settle();

        let real = RealFs::open(dir.path()).expect("it opens");
        let (mut one, mut other) = (User::of(&real), User::of(&model));
        for what in &uses {
            prop_assert_eq!(one.does(what), other.does(what), "{:?}", what);
        }
        drop((one, other));
        prop_assert_eq!(real_image(dir.path()), model.image());
    }
}
