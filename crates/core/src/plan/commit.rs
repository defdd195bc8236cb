//! Doing what was planned: all of it, or nothing.
//!
//! The order is what makes it so. First the journal, which says how to take everything back; then the new registry beside
//! the old one, where a full disk shows before anything moved; then files and folders; then the one rename that makes all
//! of it true. Nothing that can fail comes after that. Each step is durable before the next kind begins.

use std::collections::BTreeSet;
use std::io;

use super::change::{Change, Identity, RegistryWrite, Step};
use super::journal::{Journal, Record, Told};
use super::recover::{finish, retire, take_back};
use crate::fs::{Fs, FsError, IoContext, Staged, create_dirs, read_limited, temporary_name};
use crate::value::{ContentHash, OperationId, RelPath};
use crate::workspace::layout;

/// No registry is longer: what cannot be read is not overwritten either.
const REGISTRY_MAX_BYTES: u64 = 1 << 30;

/// Why a mutation is not done, or not known to be.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Something is not as it was planned on. Nothing was done.
    #[error("{0} was changed meanwhile")]
    Changed(RelPath),
    /// It would go from one device to another. Nothing was done.
    #[error("{0} lies on another device")]
    CrossDevice(RelPath),
    /// Something broke. Nothing was done.
    #[error(transparent)]
    Failed(FsError),
    /// Something broke, and what had been done could not all be taken back: the journal says how to.
    #[error("{error}; what was done could not be taken back yet: {undo}")]
    Unsettled {
        /// What broke.
        error: Box<CommitError>,
        /// What broke then.
        undo: String,
    },
    /// It was done, and may not outlive a power cut.
    #[error("the change was made, and cannot be proven durable: {0}")]
    Indeterminate(FsError),
}

/// A change that is durable. What is left to do is done by [`Commit::finish`], once it is published.
#[must_use]
#[derive(Debug)]
pub struct Commit(Journal);

impl Commit {
    /// Puts the journal among the records and deletes for good what was to be deleted. What fails here is done by the next
    /// operation, or shown by the doctor.
    pub fn finish(self, fs: &dyn Fs) {
        let _ = finish(fs, &self.0);
    }
}

/// Makes a change, durably. Call it under the workspace's lock, where no journal is.
///
/// # Errors
/// Before the commit all that was done is taken back, and nothing was done. Afterwards only its durability can be in
/// doubt.
pub fn commit(fs: &dyn Fs, change: &Change, told: &Told, at_step: &dyn Fn(usize)) -> Result<Commit, CommitError> {
    check(fs, change)?;
    let lock = Identity::at(fs, &RelPath::literal(layout::LOCK)).map_err(CommitError::Failed)?;
    let entries = change.registry.as_ref().map(|write| write.entries.clone()).unwrap_or_default();
    let journal = Journal::of(change, told, lock, entries);
    let begun = begin(fs, &journal).map_err(CommitError::Failed);
    let done = begun.and_then(|()| make(fs, change, &journal, at_step));
    match done {
        Ok(()) => {}
        Err(error @ CommitError::Indeterminate(_)) => return Err(error),
        Err(error) => {
            return Err(match take_back(fs, &journal) {
                Ok(()) => error,
                Err(undo) => CommitError::Unsettled { error: Box::new(error), undo: undo.to_string() },
            });
        }
    }
    Ok(Commit(journal))
}

/// Everything is as it was planned on. It is looked at again just before it is touched; this is so that what can be known
/// beforehand costs no undoing.
fn check(fs: &dyn Fs, change: &Change) -> Result<(), CommitError> {
    for step in &change.steps {
        match step {
            Step::MakeDir(_) | Step::RemoveDir(_) => {}
            Step::Create { path, .. } => expect_nothing(fs, path)?,
            Step::Replace { path, before, .. } | Step::Remove { path, before } => expect_bytes(fs, path, before)?,
            Step::Move { from, to, identity } => {
                expect_folder(fs, from, *identity)?;
                expect_nothing(fs, to)?;
            }
            Step::Discard { path, identity } => expect_folder(fs, path, *identity)?,
        }
    }
    match &change.registry {
        Some(write) => expect_registry(fs, write),
        None => Ok(()),
    }
}

/// The journal, and the folders that it and its record need, are durable.
fn begin(fs: &dyn Fs, journal: &Journal) -> Result<(), FsError> {
    create_dirs(fs, &RelPath::literal(layout::HISTORY))?;
    journal.store(fs)?;
    // The packer's folder may be new itself.
    fs.sync_dir(&RelPath::root())
}

/// All steps, and the commit.
fn make(fs: &dyn Fs, change: &Change, journal: &Journal, at_step: &dyn Fn(usize)) -> Result<(), CommitError> {
    let registry_path = RelPath::literal(layout::REGISTRY);
    let staged = match &change.registry {
        Some(write) => {
            Some(Staged::write(fs, &registry_path, &write.bytes, journal.operation).map_err(CommitError::Failed)?)
        }
        None => None,
    };
    let mut touched = BTreeSet::new();
    for (n, (step, record)) in change.steps.iter().zip(&journal.steps).enumerate() {
        take_step(fs, step, record, journal.operation, &mut touched)?;
        at_step(n + 1);
    }
    touched.iter().try_for_each(|folder| fs.sync_dir(folder)).map_err(CommitError::Failed)?;
    match (staged, &change.registry) {
        (Some(staged), Some(write)) => {
            // Nothing that takes time comes between the look and the rename: who edits it by hand holds no lock.
            expect_registry(fs, write)?;
            staged.put().map_err(|error| match registry_digest(fs) {
                Ok(digest) if digest == write.before => CommitError::Failed(error),
                // It was done all the same, or nobody knows: what is committed is not taken back.
                _ => CommitError::Indeterminate(error),
            })?;
            fs.sync_dir(&RelPath::root()).map_err(CommitError::Indeterminate)
        }
        _ => retire(fs, journal).map_err(CommitError::Failed)?.map_err(CommitError::Indeterminate),
    }
}

fn take_step(
    fs: &dyn Fs,
    step: &Step,
    record: &Record,
    operation: OperationId,
    touched: &mut BTreeSet<RelPath>,
) -> Result<(), CommitError> {
    let taken_is_changed = |error: FsError, path: &RelPath| match error.source.kind() {
        io::ErrorKind::AlreadyExists => CommitError::Changed(path.clone()),
        io::ErrorKind::CrossesDevices => CommitError::CrossDevice(path.clone()),
        _ => CommitError::Failed(error),
    };
    match step {
        Step::MakeDir(path) => {
            fs.create_dir(path).map_err(|error| taken_is_changed(error, path))?;
            touched.insert(path.clone());
        }
        Step::Create { path, bytes } => {
            let staged = Staged::write(fs, path, bytes, operation).map_err(CommitError::Failed)?;
            staged.put_where_nothing_is().map_err(|error| taken_is_changed(error, path))?;
        }
        Step::Replace { path, before, after } => {
            let staged = Staged::write(fs, path, after, operation).map_err(CommitError::Failed)?;
            expect_bytes(fs, path, before)?;
            staged.put().map_err(CommitError::Failed)?;
        }
        Step::Remove { path, before } => {
            expect_bytes(fs, path, before)?;
            to_trash(fs, path, record, touched)?;
        }
        Step::Move { from, to, identity } => {
            expect_folder(fs, from, *identity)?;
            fs.rename_no_replace(from, to).map_err(|error| taken_is_changed(error, to))?;
            expect_folder(fs, to, *identity)?;
            follow(touched, from, to);
            touched.extend(to.parent());
        }
        Step::Discard { path, identity } => {
            expect_folder(fs, path, *identity)?;
            to_trash(fs, path, record, touched)?;
        }
        Step::RemoveDir(_) => return Ok(()),
    }
    touched.extend(step.paths().next().and_then(RelPath::parent));
    Ok(())
}

/// Folders that were touched and have moved since are made durable where they are now.
fn follow(touched: &mut BTreeSet<RelPath>, from: &RelPath, to: &RelPath) {
    *touched = touched.iter().map(|path| path.moved(from, to).unwrap_or_else(|| path.clone())).collect();
}

/// Moves what is to be deleted out of the way.
fn to_trash(fs: &dyn Fs, path: &RelPath, record: &Record, touched: &mut BTreeSet<RelPath>) -> Result<(), CommitError> {
    let (Record::Remove { trash, .. } | Record::Discard { trash, .. }) = record else {
        unreachable!("BUG: the record of another step")
    };
    let folder = trash.parent().unwrap_or_else(RelPath::root);
    create_dirs(fs, &folder).map_err(CommitError::Failed)?;
    fs.rename_no_replace(path, trash).map_err(|error| match error.source.kind() {
        io::ErrorKind::CrossesDevices => CommitError::CrossDevice(path.clone()),
        _ => CommitError::Failed(error),
    })?;
    follow(touched, path, trash);
    touched.extend([folder.clone()]);
    touched.extend(folder.parent());
    touched.insert(RelPath::literal(layout::PRIVATE));
    Ok(())
}

fn expect_nothing(fs: &dyn Fs, path: &RelPath) -> Result<(), CommitError> {
    match fs.stat(path) {
        Ok(_) => Err(CommitError::Changed(path.clone())),
        Err(error) if error.is_absent() => Ok(()),
        Err(error) => Err(CommitError::Failed(error)),
    }
}

fn expect_bytes(fs: &dyn Fs, path: &RelPath, bytes: &[u8]) -> Result<(), CommitError> {
    let holds = read_limited(fs, path, bytes.len() as u64).is_ok_and(|now| now == bytes);
    if holds { Ok(()) } else { Err(CommitError::Changed(path.clone())) }
}

fn expect_folder(fs: &dyn Fs, path: &RelPath, identity: Identity) -> Result<(), CommitError> {
    match Identity::at(fs, path) {
        Ok(found) if found == identity => Ok(()),
        Ok(_) => Err(CommitError::Changed(path.clone())),
        Err(error) if error.is_absent() => Err(CommitError::Changed(path.clone())),
        Err(error) => Err(CommitError::Failed(error)),
    }
}

fn expect_registry(fs: &dyn Fs, write: &RegistryWrite) -> Result<(), CommitError> {
    let path = RelPath::literal(layout::REGISTRY);
    match registry_digest(fs) {
        Ok(digest) if digest == write.before => Ok(()),
        _ => Err(CommitError::Changed(path)),
    }
}

/// The hash of the registry's bytes; none where it is absent.
///
/// # Errors
/// Where it is there and cannot be read.
pub(super) fn registry_digest(fs: &dyn Fs) -> Result<Option<ContentHash>, FsError> {
    let path = RelPath::literal(layout::REGISTRY);
    match read_limited(fs, &path, REGISTRY_MAX_BYTES) {
        Ok(now) => Ok(Some(ContentHash::of(&now))),
        Err(error) if error.is_absent() => Ok(None),
        Err(error) => Err(io::Error::other(error.to_string())).at("read", &path),
    }
}

/// The temporary file beside the registry that an operation stages.
pub(super) fn staged_registry(operation: OperationId) -> RelPath {
    temporary_name(&RelPath::literal(layout::REGISTRY), operation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::RealFs;
    use crate::workspace::Registry;

    /// A workspace whose lock file is there, as it is while anything is committed.
    fn workspace() -> (tempfile::TempDir, RealFs) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(dir.path().join(".packwright")).expect("a folder");
        std::fs::write(dir.path().join(".packwright/lock"), "").expect("a file");
        let fs = RealFs::open(dir.path()).expect("it opens");
        (dir, fs)
    }

    fn told() -> Told {
        let (summary, affected, actions) = ("done".to_owned(), Vec::new(), "[]".to_owned());
        Told { operation: OperationId::mint(), service: "edit_asset", summary, affected, actions, reverts: None }
    }

    fn names(dir: &std::path::Path) -> Vec<String> {
        let entries = std::fs::read_dir(dir).expect("a folder").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_commit_that_cannot_finish_leaves_the_workspace_as_it_was() {
        let (dir, fs) = workspace();
        let at = |path: &str| dir.path().join(path);
        std::fs::create_dir(at("root")).expect("a folder");
        std::fs::write(at("root/manifest"), "old").expect("a file");
        std::fs::write(at("gone"), "derived").expect("a file");
        let path = RelPath::literal;
        let identity = Identity::at(&fs, &path("root")).expect("it is there");
        let mut change = Change {
            steps: vec![
                Step::Replace { path: path("root/manifest"), before: b"old".to_vec(), after: b"new".to_vec() },
                Step::Remove { path: path("gone"), before: b"derived".to_vec() },
                Step::MakeDir(path("made")),
                Step::Create { path: path("made/file"), bytes: b"x".to_vec() },
                Step::Move { from: path("root"), to: path("made/root"), identity },
            ],
            registry: Some(RegistryWrite::new_file(b"registry".to_vec())),
        };
        // The folder of the last step is not there, which shows only when it is made.
        change.steps.push(Step::Create { path: path("nowhere/file"), bytes: b"x".to_vec() });
        assert!(matches!(commit(&fs, &change, &told(), &|_| {}), Err(CommitError::Failed(_))));
        assert_eq!(names(dir.path()), [".packwright", "gone", "root"]);
        assert_eq!(std::fs::read(at("root/manifest")).expect("it is back"), b"old");
        assert_eq!(names(&at("root")), ["manifest"]);
        let kept = names(&at(".packwright"));
        assert!(!kept.contains(&"journal".to_owned()), "{kept:?}");
        change.steps.pop();
        commit(&fs, &change, &told(), &|_| {}).expect("now it can").finish(&fs);
        assert_eq!(names(dir.path()), [".packwright", "made", Registry::FILE]);
        assert_eq!(std::fs::read(at("made/root/manifest")).expect("it moved"), b"new");
    }

    #[test]
    fn a_registry_that_was_edited_meanwhile_is_never_overwritten() {
        let (dir, fs) = workspace();
        std::fs::write(dir.path().join(Registry::FILE), "by hand").expect("a file");
        let registry = Some(RegistryWrite::new_file(b"ours".to_vec()));
        let change = Change { steps: Vec::new(), registry };
        assert!(matches!(commit(&fs, &change, &told(), &|_| {}), Err(CommitError::Changed(_))));
        assert_eq!(std::fs::read(dir.path().join(Registry::FILE)).expect("it is there"), b"by hand");
    }

    #[test]
    fn a_folder_that_took_the_place_of_another_is_not_moved_for_it() {
        let (dir, fs) = workspace();
        std::fs::create_dir(dir.path().join("root")).expect("a folder");
        let path = RelPath::literal;
        let identity = Identity { inode: 1, ..Identity::at(&fs, &path("root")).expect("it is there") };
        let moved = Step::Move { from: path("root"), to: path("elsewhere"), identity };
        let change = Change { steps: vec![moved], registry: None };
        assert!(matches!(commit(&fs, &change, &told(), &|_| {}), Err(CommitError::Changed(_))));
        assert_eq!(names(dir.path()), [".packwright", "root"]);
    }
}
