//! Doing what was planned.

use std::collections::BTreeSet;

use crate::fs::{Fs, FsError, IoContext, read_limited, replace};
use crate::value::{OperationId, RelPath};
use crate::workspace::{Registry, layout};

/// The files that a mutation writes, in the order in which it writes them; the registry comes last.
#[derive(Debug, Default)]
pub struct Planned {
    /// New files: nothing may be there.
    pub new_files: Vec<(RelPath, Vec<u8>)>,
    /// Files that are replaced, each with the bytes it must have now.
    pub edited_files: Vec<(RelPath, Vec<u8>, Vec<u8>)>,
    /// The registry, where it changes: the bytes it must have now (none where it is absent), and those it will have.
    pub registry: Option<(Option<Vec<u8>>, Vec<u8>)>,
}

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
    let written = check(fs, planned).and_then(|()| write_files(fs, planned, operation, &mut done));
    let registry_path = RelPath::literal(layout::REGISTRY);
    let replaced = written.and_then(|()| match &planned.registry {
        Some((_, bytes)) => replace(fs, &registry_path, bytes, operation).map_err(CommitError::Failed),
        None => Ok(()),
    });
    if let Err(error) = replaced {
        take_back(fs, &done, operation);
        return Err(error);
    }
    match planned.registry {
        Some(_) => fs.sync_dir(&RelPath::root()).map_err(CommitError::Indeterminate),
        None => Ok(()),
    }
}

fn check(fs: &dyn Fs, planned: &Planned) -> Result<(), CommitError> {
    for (path, before, _) in &planned.edited_files {
        if !holds(fs, path, Some(before)) {
            return Err(CommitError::Changed(path.clone()));
        }
    }
    let path = RelPath::literal(Registry::FILE);
    match &planned.registry {
        Some((before, _)) if !holds(fs, &path, before.as_deref()) => Err(CommitError::Changed(path)),
        _ => Ok(()),
    }
}

/// Whether a file has exactly these bytes; none: whether it is absent. What cannot be read is neither.
fn holds(fs: &dyn Fs, path: &RelPath, bytes: Option<&[u8]>) -> bool {
    match read_limited(fs, path, bytes.map_or(0, |bytes| bytes.len() as u64)) {
        Ok(now) => bytes == Some(now.as_slice()),
        Err(error) => bytes.is_none() && error.is_absent(),
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
        let file = fs.create_new(path).map_err(CommitError::Failed)?;
        done.push(Undo::Remove(path));
        let written = file.write_at(bytes, 0).and_then(|()| file.sync());
        written.at("write", path).map_err(CommitError::Failed)?;
    }
    for (path, before, after) in &planned.edited_files {
        replace(fs, path, after, operation).map_err(CommitError::Failed)?;
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

    #[test]
    fn a_commit_that_cannot_finish_leaves_the_workspace_as_it_was() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(dir.path().join("manifest"), "old").expect("a file");
        std::fs::write(dir.path().join("taken"), "theirs").expect("a file");
        let fs = RealFs::open(dir.path()).expect("it opens");
        let planned = Planned {
            new_files: vec![(RelPath::literal("new"), b"x".to_vec()), (RelPath::literal("taken"), b"x".to_vec())],
            edited_files: vec![(RelPath::literal("manifest"), b"old".to_vec(), b"edited".to_vec())],
            registry: Some((None, b"registry".to_vec())),
        };
        assert!(matches!(commit(&fs, &planned, OperationId::mint()), Err(CommitError::Failed(_))));
        let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).ok();
        assert_eq!((read("manifest").as_deref(), read("taken").as_deref()), (Some("old"), Some("theirs")));
        assert_eq!((read("new"), read(Registry::FILE)), (None, None));
    }

    #[test]
    fn a_registry_that_was_edited_meanwhile_is_never_overwritten() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(dir.path().join(Registry::FILE), "by hand").expect("a file");
        let fs = RealFs::open(dir.path()).expect("it opens");
        let planned = Planned { registry: Some((None, b"ours".to_vec())), ..Planned::default() };
        assert!(matches!(commit(&fs, &planned, OperationId::mint()), Err(CommitError::Changed(_))));
        assert_eq!(std::fs::read(dir.path().join(Registry::FILE)).expect("it is there"), b"by hand");
    }
}
