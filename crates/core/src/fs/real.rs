//! The file system that works: one held folder handle, and everything beneath it.
//!
//! Where the kernel can, opening beneath the handle without passing a link is one call (`openat2`). Elsewhere the path
//! is walked a segment at a time, each opened without following a link, which comes to the same.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, RawDir, RenameFlags};
use rustix::io::Errno;

use super::{DirEntry, FileKind, Fs, FsError, IoContext, LockGuard, ReadFile, Stat, WriteFile};
use crate::value::RelPath;

const NEW_FILE: Mode = Mode::from_raw_mode(0o666);
const NEW_DIR: Mode = Mode::from_raw_mode(0o777);
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC).union(OFlags::NOFOLLOW);

/// One folder of the system's files.
#[derive(Debug)]
pub struct RealFs {
    root: OwnedFd,
    path: PathBuf,
}

impl RealFs {
    /// Holds the folder at `path`. Links on the way to it are followed: it is the host that names it.
    ///
    /// # Errors
    /// Where it is no folder or cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize()?;
        let root = rustix::fs::open(&path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        Ok(Self { root, path })
    }

    /// Makes the folder at `path`, and those above it, where they are absent, and holds it.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(path: &Path) -> Result<Self, FsError> {
        let made = std::fs::create_dir_all(path).and_then(|()| Self::open(path));
        made.at("open the folder", &RelPath::root())
    }

    /// The folder, as the system names it, without links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn open_beneath(&self, path: &RelPath, flags: OFlags, mode: Mode) -> rustix::io::Result<OwnedFd> {
        let flags = flags | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        if path.is_root() {
            return rustix::fs::openat(&self.root, c".", flags, mode);
        }
        open_beneath(self.root.as_fd(), path, flags, mode)
    }

    /// The folder that holds `path`, open, and the name in it.
    fn parent<'p>(&self, path: &'p RelPath) -> rustix::io::Result<(OwnedFd, &'p str)> {
        let name = path.file_name().ok_or(Errno::INVAL)?;
        let parent = path.parent().ok_or(Errno::INVAL)?;
        Ok((self.open_beneath(&parent, FOLDER, Mode::empty())?, name))
    }
}

#[cfg(target_os = "linux")]
fn open_beneath(root: BorrowedFd<'_>, path: &RelPath, flags: OFlags, mode: Mode) -> rustix::io::Result<OwnedFd> {
    use rustix::fs::ResolveFlags;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    loop {
        match rustix::fs::openat2(root, path.as_str(), flags, mode, resolve) {
            // The kernel says so where a rename ran beside the look-up.
            Err(Errno::AGAIN) => {}
            // Old kernels and some sandboxes have no such call.
            Err(Errno::NOSYS | Errno::PERM) => return open_by_segments(root, path, flags, mode),
            other => return other,
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn open_beneath(root: BorrowedFd<'_>, path: &RelPath, flags: OFlags, mode: Mode) -> rustix::io::Result<OwnedFd> {
    open_by_segments(root, path, flags, mode)
}

fn open_by_segments(root: BorrowedFd<'_>, path: &RelPath, flags: OFlags, mode: Mode) -> rustix::io::Result<OwnedFd> {
    let mut held: Option<OwnedFd> = None;
    let mut segments = path.segments().peekable();
    while let Some(segment) = segments.next() {
        let dir = held.as_ref().map_or(root, AsFd::as_fd);
        if segments.peek().is_none() {
            return rustix::fs::openat(dir, segment, flags, mode);
        }
        let next = rustix::fs::openat(dir, segment, FOLDER, Mode::empty());
        // A link where a folder should be is "not a directory" to the kernel; to us it is an escape.
        held = Some(next.map_err(|error| if is_link(dir, segment) { Errno::LOOP } else { error })?);
    }
    Err(Errno::INVAL)
}

fn is_link(dir: BorrowedFd<'_>, name: &str) -> bool {
    rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode).is_symlink())
}

/// Field types differ between systems; each is brought to ours.
#[allow(clippy::unnecessary_cast, clippy::cast_lossless, reason = "the types of these fields differ between systems")]
fn stat_of(stat: &rustix::fs::Stat) -> Stat {
    let nanoseconds = |seconds: i64, part: i64| seconds.saturating_mul(1_000_000_000).saturating_add(part);
    let kind = match rustix::fs::FileType::from_raw_mode(stat.st_mode) {
        rustix::fs::FileType::RegularFile => FileKind::File,
        rustix::fs::FileType::Directory => FileKind::Dir,
        rustix::fs::FileType::Symlink => FileKind::Link,
        _ => FileKind::Other,
    };
    Stat {
        kind,
        size: stat.st_size as u64,
        mtime_ns: nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
        ctime_ns: nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
        inode: stat.st_ino as u64,
        device: stat.st_dev as u64,
    }
}

impl Fs for RealFs {
    fn read_dir(&self, dir: &RelPath) -> Result<Vec<DirEntry>, FsError> {
        let handle =
            self.open_beneath(dir, FOLDER, Mode::empty()).map_err(io::Error::from).at("read the folder", dir)?;
        let mut entries = Vec::new();
        let mut buffer = Vec::with_capacity(32 * 1024);
        let mut listing = RawDir::new(&handle, buffer.spare_capacity_mut());
        while let Some(entry) = listing.next() {
            let entry = entry.map_err(io::Error::from).at("read the folder", dir)?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let stat = match entry.file_type() {
                FileType::Directory => Stat::of_entry(FileKind::Dir, entry.ino()),
                FileType::Symlink => Stat::of_entry(FileKind::Link, entry.ino()),
                // A file, or a file system that does not say.
                _ => match rustix::fs::statat(&handle, name, AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(stat) => stat_of(&stat),
                    // Gone since the folder was read: normal life.
                    Err(Errno::NOENT) => continue,
                    Err(error) => return Err(io::Error::from(error)).at("look at an entry of", dir),
                },
            };
            let text = name.to_string_lossy();
            let is_utf8 = matches!(text, std::borrow::Cow::Borrowed(_));
            entries.push(DirEntry { name: text.into_owned(), is_utf8, stat });
        }
        Ok(entries)
    }

    fn stat(&self, path: &RelPath) -> Result<Stat, FsError> {
        let stat = if path.is_root() {
            rustix::fs::fstat(&self.root)
        } else {
            self.parent(path).and_then(|(dir, name)| rustix::fs::statat(&dir, name, AtFlags::SYMLINK_NOFOLLOW))
        };
        stat.map(|stat| stat_of(&stat)).map_err(io::Error::from).at("look at", path)
    }

    fn open(&self, path: &RelPath) -> Result<Box<dyn ReadFile>, FsError> {
        // A pipe must not hold us up; for regular files the flag means nothing.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK;
        let file = self.open_beneath(path, flags, Mode::empty()).map_err(io::Error::from).at("open", path)?;
        let file = RealFile(File::from(file));
        if ReadFile::stat(&file).at("look at", path)?.kind != FileKind::File {
            let refused = io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file");
            return Err(refused).at("open", path);
        }
        Ok(Box::new(file))
    }

    fn create_new(&self, path: &RelPath) -> Result<Box<dyn WriteFile>, FsError> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        let file = self.open_beneath(path, flags, NEW_FILE).map_err(io::Error::from).at("create", path)?;
        Ok(Box::new(RealFile(File::from(file))))
    }

    fn create_dir(&self, path: &RelPath) -> Result<(), FsError> {
        let made = self.parent(path).and_then(|(dir, name)| rustix::fs::mkdirat(&dir, name, NEW_DIR));
        made.map_err(io::Error::from).at("create the folder", path)
    }

    fn rename(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        let renamed = self.parent(from).and_then(|(from_dir, from_name)| {
            let (to_dir, to_name) = self.parent(to)?;
            rustix::fs::renameat(&from_dir, from_name, &to_dir, to_name)
        });
        renamed.map_err(io::Error::from).at("replace", to)
    }

    fn rename_no_replace(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        let renamed = self.parent(from).and_then(|(from_dir, from_name)| {
            let (to_dir, to_name) = self.parent(to)?;
            match rename_no_replace(&from_dir, from_name, &to_dir, to_name) {
                // The file system cannot promise it; every writer holds the workspace's lock, so looking first will do.
                Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
                    match rustix::fs::statat(&to_dir, to_name, AtFlags::SYMLINK_NOFOLLOW) {
                        Err(Errno::NOENT) => rustix::fs::renameat(&from_dir, from_name, &to_dir, to_name),
                        Err(error) => Err(error),
                        Ok(_) => Err(Errno::EXIST),
                    }
                }
                other => other,
            }
        });
        renamed.map_err(io::Error::from).at("move to", to)
    }

    fn remove_file(&self, path: &RelPath) -> Result<(), FsError> {
        let removed = self.parent(path).and_then(|(dir, name)| rustix::fs::unlinkat(&dir, name, AtFlags::empty()));
        removed.map_err(io::Error::from).at("remove", path)
    }

    fn remove_dir(&self, path: &RelPath) -> Result<(), FsError> {
        let removed = self.parent(path).and_then(|(dir, name)| rustix::fs::unlinkat(&dir, name, AtFlags::REMOVEDIR));
        removed.map_err(io::Error::from).at("remove the folder", path)
    }

    fn sync_dir(&self, dir: &RelPath) -> Result<(), FsError> {
        let folder = self.open_beneath(dir, FOLDER, Mode::empty()).map_err(io::Error::from);
        // By way of the standard library, which on macOS also empties the drive's cache.
        folder.and_then(|folder| File::from(folder).sync_all()).at("make durable", dir)
    }

    fn copy_mode(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        let copied = self.open_beneath(from, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty()).and_then(|from| {
            let mode = Mode::from_raw_mode(rustix::fs::fstat(&from)?.st_mode);
            let to = self.open_beneath(to, OFlags::RDONLY, Mode::empty())?;
            rustix::fs::fchmod(&to, mode)
        });
        copied.map_err(io::Error::from).at("set the permissions of", to)
    }

    fn try_lock(&self, path: &RelPath) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        let flags = OFlags::RDWR | OFlags::CREATE;
        let file = self.open_beneath(path, flags, NEW_FILE).map_err(io::Error::from).at("lock", path)?;
        let file = File::from(file);
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(RealFile(file)))),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error).at("lock", path),
        }
    }

    fn is_network(&self) -> Result<bool, FsError> {
        is_network(self.root.as_fd()).map_err(io::Error::from).at("look at the file system of", &RelPath::root())
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn rename_no_replace(from_dir: &OwnedFd, from: &str, to_dir: &OwnedFd, to: &str) -> rustix::io::Result<()> {
    rustix::fs::renameat_with(from_dir, from, to_dir, to, RenameFlags::NOREPLACE)
}

#[cfg(target_os = "linux")]
fn is_network(root: BorrowedFd<'_>) -> rustix::io::Result<bool> {
    // The magic numbers of statfs(2): NFS, SMB, SMB2 and CIFS, AFS (two), Coda, Ceph, 9P, GFS2, OCFS2, Lustre.
    const SHARED: [u32; 12] = [
        0x6969,
        0x517b,
        0xfe53_4d42,
        0xff53_4d42,
        0x5346_414f,
        0x6b41_4653,
        0x7375_7245,
        0x00c3_6400,
        0x0102_1997,
        0x0116_1970,
        0x7461_636f,
        0x0bd0_0bd0,
    ];
    let stat = rustix::fs::fstatfs(root)?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "magic numbers have 32 bits")]
    let magic = stat.f_type as u32;
    Ok(SHARED.contains(&magic))
}

#[cfg(not(target_os = "linux"))]
fn is_network(_root: BorrowedFd<'_>) -> rustix::io::Result<bool> {
    Ok(false)
}

/// An open file of the system.
#[derive(Debug)]
struct RealFile(File);

impl ReadFile for RealFile {
    fn stat(&self) -> io::Result<Stat> {
        Ok(stat_of(&rustix::fs::fstat(&self.0)?))
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        loop {
            match self.0.read_at(buffer, offset) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.0.as_fd())
    }
}

impl WriteFile for RealFile {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }

    fn copy_from(&self, source: &dyn ReadFile, from: u64, to: u64, length: u64) -> io::Result<()> {
        let copied =
            source.descriptor().map_or(Ok(0), |source| copy_by_system(source, from, self.0.as_fd(), to, length))?;
        copy_by_hand(source, from + copied, self, to + copied, length - copied)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_all()
    }

    fn stat(&self) -> io::Result<Stat> {
        Ok(stat_of(&rustix::fs::fstat(&self.0)?))
    }
}

impl LockGuard for RealFile {}

/// How much the kernel copied before it would not go on; the rest is for [`copy_by_hand`].
#[cfg(target_os = "linux")]
fn copy_by_system(from: BorrowedFd<'_>, offset: u64, to: BorrowedFd<'_>, target: u64, length: u64) -> io::Result<u64> {
    let mut done = 0;
    while done < length {
        let (mut source, mut sink) = (offset + done, target + done);
        let chunk = usize::try_from(length - done).unwrap_or(usize::MAX).min(1 << 30);
        match rustix::fs::copy_file_range(from, Some(&mut source), to, Some(&mut sink), chunk) {
            Ok(0) => break,
            Ok(n) => done += n as u64,
            Err(Errno::INTR) => {}
            Err(Errno::XDEV | Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP | Errno::PERM) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(done)
}

#[cfg(not(target_os = "linux"))]
fn copy_by_system(_: BorrowedFd<'_>, _: u64, _: BorrowedFd<'_>, _: u64, _: u64) -> io::Result<u64> {
    Ok(0)
}

fn copy_by_hand(from: &dyn ReadFile, offset: u64, to: &dyn WriteFile, target: u64, length: u64) -> io::Result<()> {
    let mut buffer = vec![0; length.min(256 * 1024) as usize];
    let mut done = 0;
    while done < length {
        let wanted = (length - done).min(buffer.len() as u64) as usize;
        let read = from.read_at(&mut buffer[..wanted], offset + done)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        to.write_at(&buffer[..read], target + done)?;
        done += read as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, RealFs) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let fs = RealFs::open(dir.path()).expect("it opens");
        (dir, fs)
    }

    #[test]
    fn a_path_through_a_link_is_refused_however_it_is_opened() {
        let (dir, fs) = folder();
        std::fs::create_dir(dir.path().join("real")).expect("a folder");
        std::fs::write(dir.path().join("real/file"), "x").expect("a file");
        std::os::unix::fs::symlink("real", dir.path().join("link")).expect("a link");
        std::os::unix::fs::symlink("real/file", dir.path().join("alias")).expect("a link");
        for text in ["link/file", "alias"] {
            let path = RelPath::literal(text);
            assert!(fs.open(&path).err().expect("refused").is_escape(), "{text}");
            let by_segments =
                open_by_segments(fs.root.as_fd(), &path, OFlags::RDONLY | OFlags::NOFOLLOW, Mode::empty());
            assert_eq!(by_segments.err(), Some(Errno::LOOP), "{text}");
        }
        assert!(fs.read_dir(&RelPath::literal("link")).is_err());
        assert_eq!(fs.stat(&RelPath::literal("alias")).expect("a stat of the link itself").kind, FileKind::Link);
    }

    #[test]
    fn a_pipe_is_no_source_and_holds_nobody_up() {
        let (dir, fs) = folder();
        let made = std::process::Command::new("mkfifo").arg(dir.path().join("pipe")).status().expect("mkfifo runs");
        assert!(made.success());
        assert!(fs.open(&RelPath::literal("pipe")).is_err());
    }

    #[test]
    fn a_move_never_replaces_what_is_there() {
        let (dir, fs) = folder();
        std::fs::write(dir.path().join("a"), "a").expect("a file");
        std::fs::write(dir.path().join("b"), "b").expect("a file");
        let (a, b) = (RelPath::literal("a"), RelPath::literal("b"));
        assert!(fs.rename_no_replace(&a, &b).is_err());
        assert_eq!(std::fs::read(dir.path().join("b")).expect("still there"), b"b");
        fs.rename_no_replace(&a, &RelPath::literal("c")).expect("a free name");
    }

    #[test]
    fn a_second_handle_does_not_get_a_held_lock() {
        let (_dir, fs) = folder();
        let path = RelPath::literal("lock");
        let held = fs.try_lock(&path).expect("a lock file").expect("free");
        assert!(fs.try_lock(&path).expect("a lock file").is_none());
        drop(held);
        assert!(fs.try_lock(&path).expect("a lock file").is_some());
    }

    #[test]
    fn copying_between_files_gives_the_same_bytes_at_the_new_place() {
        let (dir, fs) = folder();
        let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| n as u8).collect();
        std::fs::write(dir.path().join("from"), &bytes).expect("a file");
        let source = fs.open(&RelPath::literal("from")).expect("it opens");
        let target = fs.create_new(&RelPath::literal("to")).expect("a new file");
        target.copy_from(&*source, 10, 64, 900_000).expect("a copy");
        let copied = std::fs::read(dir.path().join("to")).expect("it is there");
        assert_eq!(&copied[64..], &bytes[10..900_010]);
        assert!(target.copy_from(&*source, 999_999, 0, 2).is_err(), "past the source's end");
    }
}
