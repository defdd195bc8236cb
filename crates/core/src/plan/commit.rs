//! Doing what was planned.

use std::collections::BTreeSet;
use std::io;

use crate::fs::{Fs, FsError, IoContext, Staged, read_limited, replace};
use crate::snapshot::{RegistryChange, Snapshot};
use crate::value::{ContentHash, OperationId, RelPath};
use crate::workspace::layout;

/// The files that a mutation writes, in the order in which it writes them; the registry comes last.
#[derive(Debug, Default)]
pub struct Planned {
    /// New files: nothing may be there.
    pub new_files: Vec<(RelPath, Vec<u8>)>,
    /// Files that are replaced, each with the bytes it must have now.
    pub edited_files: Vec<(RelPath, Vec<u8>, Vec<u8>)>,
    /// The registry, where it changes.
    pub registry: Option<RegistryWrite>,
}

impl Planned {
    /// Whether it writes anything but the registry.
    #[must_use]
    pub fn writes_files(&self) -> bool {
        !self.new_files.is_empty() || !self.edited_files.is_empty()
    }
}

/// A new registry.
#[derive(Debug)]
pub struct RegistryWrite {
    /// The hash of the bytes it must have now; none where it is absent.
    pub before: Option<ContentHash>,
    /// The bytes it will have.
    pub bytes: Vec<u8>,
    /// Their hash.
    pub digest: ContentHash,
    /// How its entries differ.
    pub change: RegistryChange,
}

impl RegistryWrite {
    /// The registry of a snapshot with a change; none where there is none.
    #[must_use]
    pub fn of(snapshot: &Snapshot, change: RegistryChange) -> Option<Self> {
        if change.is_empty() {
            return None;
        }
        let bytes = change.bytes(snapshot);
        let digest = ContentHash::of(&bytes);
        Some(Self { before: snapshot.registry.digest, bytes, digest, change })
    }
}

/// No registry is longer: what cannot be read is not overwritten either.
const REGISTRY_MAX_BYTES: u64 = 1 << 30;

/// Why a mutation is not done, or not known to be.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// A file is not as it was planned on. Nothing was done.
    #[error("{0} was changed meanwhile")]
    Changed(RelPath),
    /// Something broke. Nothing was done.
    #[error(transparent)]
    Failed(FsError),
    /// It was done, and may not outlive a power cut.
    #[error("the change was made, and cannot be proven durable: {0}")]
    Indeterminate(FsError),
}

/// Writes what was planned, durably. Call it under the workspace's lock.
///
/// # Errors
/// Before the registry is replaced, everything that was written is taken back, and nothing was done. Afterwards only
/// its durability can be in doubt.
pub fn commit(fs: &dyn Fs, planned: &Planned, operation: OperationId) -> Result<(), CommitError> {
    let mut done = Vec::new();
    let written = write_files(fs, planned, operation, &mut done).and_then(|()| match &planned.registry {
        Some(write) => write_registry(fs, write, operation),
        None => Ok(()),
    });
    if let Err(error) = written {
        take_back(fs, &done, operation);
        return Err(error);
    }
    match planned.registry {
        Some(_) => fs.sync_dir(&RelPath::root()).map_err(CommitError::Indeterminate),
        None => Ok(()),
    }
}

fn write_registry(fs: &dyn Fs, write: &RegistryWrite, operation: OperationId) -> Result<(), CommitError> {
    let path = RelPath::literal(layout::REGISTRY);
    let is_as_planned_on = || is_registry(fs, &path, write.before);
    replace_unless_changed(fs, &path, &write.bytes, operation, &is_as_planned_on)
}

/// Replaces a file that is as it was planned on. Nothing that takes time comes between the look at it and its end: who
/// edits it by hand holds no lock.
fn replace_unless_changed(
    fs: &dyn Fs,
    path: &RelPath,
    bytes: &[u8],
    operation: OperationId,
    is_as_planned_on: &dyn Fn() -> bool,
) -> Result<(), CommitError> {
    let staged = Staged::write(fs, path, bytes, operation).map_err(CommitError::Failed)?;
    if !is_as_planned_on() {
        return Err(CommitError::Changed(path.clone()));
    }
    staged.put().map_err(CommitError::Failed)
}

/// Whether a file has exactly these bytes.
fn holds(fs: &dyn Fs, path: &RelPath, bytes: &[u8]) -> bool {
    read_limited(fs, path, bytes.len() as u64).is_ok_and(|now| now == bytes)
}

/// Whether the registry has the bytes of this hash; none: whether it is absent.
fn is_registry(fs: &dyn Fs, path: &RelPath, digest: Option<ContentHash>) -> bool {
    match read_limited(fs, path, REGISTRY_MAX_BYTES) {
        Ok(now) => digest == Some(ContentHash::of(&now)),
        Err(error) => digest.is_none() && error.is_absent(),
    }
}

/// How one written file is taken back.
enum Undo<'a> {
    Remove(&'a RelPath),
    Restore(&'a RelPath, &'a [u8]),
}

fn write_files<'a>(
    fs: &dyn Fs,
    planned: &'a Planned,
    operation: OperationId,
    done: &mut Vec<Undo<'a>>,
) -> Result<(), CommitError> {
    for (path, bytes) in &planned.new_files {
        let file = fs.create_new(path).map_err(|error| match error.source.kind() {
            io::ErrorKind::AlreadyExists => CommitError::Changed(path.clone()),
            _ => CommitError::Failed(error),
        })?;
        done.push(Undo::Remove(path));
        let written = file.write_at(bytes, 0).and_then(|()| file.sync());
        written.at("write", path).map_err(CommitError::Failed)?;
    }
    for (path, before, after) in &planned.edited_files {
        let is_as_planned_on = || holds(fs, path, before);
        replace_unless_changed(fs, path, after, operation, &is_as_planned_on)?;
        done.push(Undo::Restore(path, before));
    }
    let new_paths = planned.new_files.iter().map(|(path, _)| path);
    let paths = new_paths.chain(planned.edited_files.iter().map(|(path, _, _)| path));
    let folders: BTreeSet<RelPath> = paths.filter_map(RelPath::parent).collect();
    folders.iter().try_for_each(|folder| fs.sync_dir(folder)).map_err(CommitError::Failed)
}

fn take_back(fs: &dyn Fs, done: &[Undo<'_>], operation: OperationId) {
    for undo in done.iter().rev() {
        // The error that matters is the first; what stays behind is an unregistered root, which the doctor shows.
        let _ = match undo {
            Undo::Remove(path) => fs.remove_file(path),
            Undo::Restore(path, bytes) => replace(fs, path, bytes, operation),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::RealFs;
    use crate::workspace::Registry;

    fn new_registry(bytes: &[u8]) -> RegistryWrite {
        let change = RegistryChange::default();
        RegistryWrite { before: None, bytes: bytes.to_vec(), digest: ContentHash::of(bytes), change }
    }

    #[test]
    fn a_commit_that_cannot_finish_leaves_the_workspace_as_it_was() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(dir.path().join("manifest"), "old").expect("a file");
        std::fs::write(dir.path().join("taken"), "theirs").expect("a file");
        let fs = RealFs::open(dir.path()).expect("it opens");
        let planned = Planned {
            new_files: vec![(RelPath::literal("new"), b"x".to_vec()), (RelPath::literal("taken"), b"x".to_vec())],
            edited_files: vec![(RelPath::literal("manifest"), b"old".to_vec(), b"edited".to_vec())],
            registry: Some(new_registry(b"registry")),
        };
        assert!(matches!(commit(&fs, &planned, OperationId::mint()), Err(CommitError::Changed(_))));
        let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).ok();
        assert_eq!((read("manifest").as_deref(), read("taken").as_deref()), (Some("old"), Some("theirs")));
        assert_eq!((read("new"), read(Registry::FILE)), (None, None));
    }

    #[test]
    fn a_registry_that_was_edited_meanwhile_is_never_overwritten() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(dir.path().join(Registry::FILE), "by hand").expect("a file");
        let fs = RealFs::open(dir.path()).expect("it opens");
        let planned = Planned { registry: Some(new_registry(b"ours")), ..Planned::default() };
        assert!(matches!(commit(&fs, &planned, OperationId::mint()), Err(CommitError::Changed(_))));
        assert_eq!(std::fs::read(dir.path().join(Registry::FILE)).expect("it is there"), b"by hand");
    }
}
