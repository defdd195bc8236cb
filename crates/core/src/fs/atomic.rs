//! Reading whole small files, and writing them so that a reader sees the old or the new.

use std::io;

use super::{FileKind, Fs, FsError, IoContext};
use crate::value::{OperationId, RelPath};

/// A file that could not be read whole.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system said no.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// It is longer than its kind may be.
    #[error("{path} has {size} bytes, and at most {limit} are read")]
    TooLong {
        /// The file.
        path: RelPath,
        /// Its bytes.
        size: u64,
        /// How many there may be.
        limit: u64,
    },
}

impl ReadError {
    /// Whether there was nothing at the path.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Fs(error) if error.is_absent())
    }

    /// Whether the path is, or passes through, a link.
    #[must_use]
    pub fn is_escape(&self) -> bool {
        matches!(self, Self::Fs(error) if error.is_escape())
    }
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// What the system says, and where it is longer.
pub fn read_limited(fs: &dyn Fs, path: &RelPath, limit: u64) -> Result<Vec<u8>, ReadError> {
    let file = fs.open(path)?;
    let size = file.stat().at("look at", path)?.size;
    let mut bytes = Vec::with_capacity(size.min(limit) as usize + 1);
    let mut chunk = [0; 16 * 1024];
    loop {
        let read = file.read_at(&mut chunk, bytes.len() as u64).at("read", path)?;
        if read == 0 {
            return Ok(bytes);
        }
        bytes.extend_from_slice(&chunk[..read]);
        if bytes.len() as u64 > limit {
            let size = size.max(bytes.len() as u64);
            return Err(ReadError::TooLong { path: path.clone(), size, limit });
        }
    }
}

/// Replaces the file at `path`, durably: temporary file, sync, rename, folder sync. Its permissions stay.
///
/// # Errors
/// What the system says. The old file is then as it was, unless it was the last sync that failed.
pub fn write_atomic(fs: &dyn Fs, path: &RelPath, bytes: &[u8], operation: OperationId) -> Result<(), FsError> {
    replace(fs, path, bytes, operation)?;
    fs.sync_dir(&path.parent().unwrap_or_else(RelPath::root))
}

/// [`write_atomic`] without the last step: the new file is durable, its name is not yet.
///
/// # Errors
/// What the system says. The old file is then as it was.
pub fn replace(fs: &dyn Fs, path: &RelPath, bytes: &[u8], operation: OperationId) -> Result<(), FsError> {
    Staged::write(fs, path, bytes, operation)?.put()
}

/// What a file is to hold, durable beside it. Dropping it leaves the old file as it was, and nothing beside it.
#[must_use]
pub struct Staged<'a> {
    fs: &'a dyn Fs,
    path: &'a RelPath,
    temporary: RelPath,
    is_put: bool,
}

impl<'a> Staged<'a> {
    /// Writes it.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(fs: &'a dyn Fs, path: &'a RelPath, bytes: &[u8], operation: OperationId) -> Result<Self, FsError> {
        let staged = Self { fs, path, temporary: temporary_name(path, operation), is_put: false };
        write_temporary(fs, path, &staged.temporary, bytes)?;
        Ok(staged)
    }

    /// Puts it in the file's place. The name is not durable yet.
    ///
    /// # Errors
    /// What the system says. The old file is then as it was.
    pub fn put(mut self) -> Result<(), FsError> {
        self.fs.rename(&self.temporary, self.path)?;
        self.is_put = true;
        Ok(())
    }

    /// Puts it where nothing may be. The name is not durable yet.
    ///
    /// # Errors
    /// What the system says, and where something is there.
    pub fn put_where_nothing_is(mut self) -> Result<(), FsError> {
        self.fs.rename_no_replace(&self.temporary, self.path)?;
        self.is_put = true;
        Ok(())
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        if !self.is_put {
            // What is left is named as ours; the error that matters came before.
            let _ = self.fs.remove_file(&self.temporary);
        }
    }
}

fn write_temporary(fs: &dyn Fs, path: &RelPath, temporary: &RelPath, bytes: &[u8]) -> Result<(), FsError> {
    let file = fs.create_new(temporary)?;
    file.write_at(bytes, 0).at("write", temporary)?;
    match fs.copy_mode(path, temporary) {
        Err(error) if error.is_absent() => {}
        other => other?,
    }
    file.sync().at("make durable", temporary)
}

/// The name under which `path` is written before it is renamed: `.NAME.pw-OPERATION` beside it.
#[must_use]
pub fn temporary_name(path: &RelPath, operation: OperationId) -> RelPath {
    let parent = path.parent().unwrap_or_else(RelPath::root);
    parent.entry(&format!(".{}.pw-{operation}", path.file_name().unwrap_or_default()))
}

/// Whether a file's name is one that [`temporary_name`] gives.
#[must_use]
pub fn is_temporary_name(name: &str) -> bool {
    name.strip_prefix('.')
        .and_then(|rest| rest.rsplit_once(".pw-"))
        .is_some_and(|(stem, operation)| !stem.is_empty() && operation.parse::<OperationId>().is_ok())
}

/// Makes a folder and those above it, where they are absent.
///
/// # Errors
/// What the system says, and where something else than a folder is there.
pub fn create_dirs(fs: &dyn Fs, dir: &RelPath) -> Result<(), FsError> {
    if dir.is_root() {
        return Ok(());
    }
    match create_or_find_dir(fs, dir) {
        Err(error) if error.source.kind() == io::ErrorKind::NotFound => {
            create_dirs(fs, &dir.parent().unwrap_or_else(RelPath::root))?;
            create_or_find_dir(fs, dir)
        }
        other => other,
    }
}

fn create_or_find_dir(fs: &dyn Fs, dir: &RelPath) -> Result<(), FsError> {
    match fs.create_dir(dir) {
        Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => match fs.stat(dir)?.kind {
            FileKind::Dir => Ok(()),
            _ => Err(io::Error::from(io::ErrorKind::NotADirectory)).at("make the folder", dir),
        },
        other => other,
    }
}

/// Removes a file, where it is there.
///
/// # Errors
/// What the system says.
pub fn remove_if_present(fs: &dyn Fs, path: &RelPath) -> Result<(), FsError> {
    match fs.remove_file(path) {
        Err(error) if error.is_absent() => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::RealFs;

    #[test]
    fn a_written_file_replaces_the_old_one_and_leaves_nothing_beside_it() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a temporary folder");
        let fs = RealFs::open(dir.path()).expect("it opens");
        let file = dir.path().join("file");
        std::fs::write(&file, "old").expect("a file");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).expect("permissions");
        write_atomic(&fs, &RelPath::literal("file"), b"new", OperationId::mint()).expect("written");
        assert_eq!(std::fs::read(&file).expect("it is there"), b"new");
        assert_eq!(std::fs::metadata(&file).expect("a stat").permissions().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn our_temporary_names_are_told_from_others() {
        let name = temporary_name(&RelPath::literal("a/registry.json"), OperationId::mint());
        assert!(is_temporary_name(name.file_name().expect("a name")));
        assert!(!is_temporary_name(".notes.pw-draft"));
        assert!(!is_temporary_name("registry.json"));
    }

    #[test]
    fn a_file_past_its_limit_is_refused_by_name() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let fs = RealFs::open(dir.path()).expect("it opens");
        std::fs::write(dir.path().join("big"), vec![0; 100]).expect("a file");
        let error = read_limited(&fs, &RelPath::literal("big"), 99).expect_err("too long");
        assert!(matches!(error, ReadError::TooLong { size: 100, limit: 99, .. }));
        assert!(read_limited(&fs, &RelPath::literal("big"), 100).is_ok());
    }
}
