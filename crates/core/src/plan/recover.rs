//! Ending what was stopped half-way: taking it back before its commit, tidying up after it.
//!
//! Whether an operation is committed, the registry's bytes say. Undoing looks at what is there and never at how far the
//! operation came, so it can itself be stopped anywhere and begun again. It puts nothing over anything, moves a folder
//! only where it is the one that the journal names, and gives a file its old bytes only in place of our own. Where it
//! cannot do all of that it does nothing, and a person decides.

use std::collections::BTreeSet;
use std::io;

use super::change::Identity;
use super::commit::{registry_digest, staged_registry};
use super::history::prune;
use super::journal::{Journal, JournalError, Record};
use crate::fs::{
    FileKind, Fs, FsError, IoContext, Staged, create_dirs, is_temporary_name, read_limited, remove_if_present,
    temporary_name, write_atomic,
};
use crate::value::{ContentHash, OperationId, RelPath};
use crate::workspace::layout;

/// The largest file that a step of ours replaces.
const MAX_BYTES: u64 = 16 << 20;
const REGISTRY_MAX_BYTES: u64 = 1 << 30;

/// What recovery came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovered {
    /// Nothing was unfinished.
    Nothing,
    /// An operation was taken back.
    Undone(OperationId),
    /// An operation was committed, and is finished now.
    Finished(OperationId),
}

/// Why an unfinished operation is not settled.
#[derive(Debug, thiserror::Error)]
pub enum Unsettled {
    /// The journal came with a copy of the workspace.
    #[error("the journal of operation {0} belongs to another workspace, of which this one is a copy")]
    Foreign(OperationId),
    /// The registry is neither what it was nor what it was to be.
    #[error("the registry was changed while operation {0} was unfinished")]
    RegistryChanged(OperationId),
    /// Something stands in the way of taking it back.
    #[error("operation {operation} cannot be taken back: {}", conflicts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Conflicts {
        /// Which.
        operation: OperationId,
        /// What stands in the way.
        conflicts: Vec<Conflict>,
    },
    /// The journal cannot be followed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The system said no.
    #[error(transparent)]
    Fs(#[from] FsError),
}

/// What stands in the way at one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Where.
    pub path: RelPath,
    /// What.
    pub why: String,
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.why)
    }
}

impl Unsettled {
    /// Whether a person has to decide; else it may do to try again.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        !matches!(self, Self::Fs(_) | Self::Journal(JournalError::Fs(_)))
    }
}

/// Whether an operation was stopped half-way, or is under way. Looking costs one stat.
#[must_use]
pub fn is_commit_unfinished(fs: &dyn Fs) -> bool {
    fs.stat(&RelPath::literal(layout::JOURNAL)).is_ok()
}

/// Ends an unfinished operation, where that can be done without a person's word. Call it under the workspace's lock.
///
/// # Errors
/// Where it cannot. Then nothing was moved.
pub fn recover(fs: &dyn Fs) -> Result<Recovered, Unsettled> {
    let Some(journal) = Journal::load(fs)? else { return Ok(Recovered::Nothing) };
    if !is_ours(fs, &journal)? {
        return Err(Unsettled::Foreign(journal.operation));
    }
    if is_committed(fs, &journal)? {
        make_registry_durable(fs, journal.operation)?;
        match tidy(fs, &journal) {
            // An empty folder that nobody may remove keeps nobody from writing.
            Err(error) if error.is_read_only() => {}
            other => other?,
        }
        put_away(fs, &journal)?;
        return Ok(Recovered::Finished(journal.operation));
    }
    take_back(fs, &journal)?;
    Ok(Recovered::Undone(journal.operation))
}

/// Whether a journal is of this workspace, and not of one that it was copied from.
///
/// # Errors
/// What the system says.
pub fn is_ours(fs: &dyn Fs, journal: &Journal) -> Result<bool, FsError> {
    Ok(Identity::at(fs, &RelPath::literal(layout::LOCK))? == journal.lock)
}

/// Whether the operation of a journal is committed.
pub(super) fn is_committed(fs: &dyn Fs, journal: &Journal) -> Result<bool, Unsettled> {
    let Some(registry) = &journal.registry else { return Ok(false) };
    let now = registry_digest(fs)?;
    if now == Some(registry.after) {
        return Ok(true);
    }
    if now == registry.before { Ok(false) } else { Err(Unsettled::RegistryChanged(journal.operation)) }
}

/// The rename that committed may not be durable yet, and its sync may have failed: a sync is not tried twice, the file is
/// written anew.
fn make_registry_durable(fs: &dyn Fs, operation: OperationId) -> Result<(), FsError> {
    let path = RelPath::literal(layout::REGISTRY);
    let bytes = read_limited(fs, &path, REGISTRY_MAX_BYTES).map_err(io::Error::other).at("read", &path)?;
    remove_if_present(fs, &staged_registry(operation))?;
    write_atomic(fs, &path, &bytes, operation)
}

/// Undoes an operation before its commit, and forgets its journal.
pub(super) fn take_back(fs: &dyn Fs, journal: &Journal) -> Result<(), Unsettled> {
    let conflicts = conflicts(fs, journal, true)?;
    if !conflicts.is_empty() {
        return Err(Unsettled::Conflicts { operation: journal.operation, conflicts });
    }
    undo(fs, journal, true)?;
    forget(fs)?;
    Ok(())
}

/// Undoes what can be undone of an operation that nobody else will settle, leaves the rest where it lies, and forgets its
/// journal. Call it under the workspace's lock, where a person said so.
///
/// # Errors
/// What the system says.
pub fn undo_what_can_be(fs: &dyn Fs, journal: &Journal) -> Result<(), FsError> {
    let is_ours = is_ours(fs, journal)?;
    undo(fs, journal, is_ours)?;
    forget(fs)
}

/// Leaves everything as it lies, and forgets the journal. Nothing is deleted.
///
/// # Errors
/// What the system says.
pub fn leave_as_it_is(fs: &dyn Fs, journal: &Journal) -> Result<(), FsError> {
    remove_temporaries(fs, journal)?;
    let folders = temporaries(journal).filter_map(|path| path.parent()).collect();
    sync_all(fs, &folders)?;
    forget(fs)
}

/// Forgets a journal that cannot be read, so that nothing is known of what it did.
///
/// # Errors
/// What the system says.
pub fn forget(fs: &dyn Fs) -> Result<(), FsError> {
    remove_if_present(fs, &RelPath::literal(layout::JOURNAL))?;
    fs.sync_dir(&RelPath::literal(layout::PRIVATE))
}

/// Where something was, and where it is to be again.
struct Return<'a> {
    home: &'a RelPath,
    away: &'a RelPath,
    identity: Option<Identity>,
}

impl<'a> Return<'a> {
    fn of(record: &'a Record, by_identity: bool) -> Option<Self> {
        let known = |identity: &Identity| by_identity.then_some(*identity);
        match record {
            Record::Move { from, to, identity } => Some(Self { home: from, away: to, identity: known(identity) }),
            Record::Discard { path, trash, identity } => {
                Some(Self { home: path, away: trash, identity: known(identity) })
            }
            Record::Remove { path, trash, .. } => Some(Self { home: path, away: trash, identity: None }),
            _ => None,
        }
    }

    /// Whether it is away and can come back; the error says what stands in the way.
    fn is_due(&self, fs: &dyn Fs) -> Result<Result<bool, Conflict>, FsError> {
        let (home, away) = (look(fs, self.home)?, look(fs, self.away)?);
        let is_it = |found: Option<Identity>| found.is_some_and(|found| self.identity.is_none_or(|it| it == found));
        let conflict = |path: &RelPath, why: &str| Ok(Err(Conflict { path: path.clone(), why: why.to_owned() }));
        match (home, away) {
            (None, Some(_)) if is_it(away) => Ok(Ok(true)),
            (Some(_), None) if is_it(home) => Ok(Ok(false)),
            // It never went: somebody else's stands where it was to go.
            (Some(_), Some(_)) if is_it(home) && !is_it(away) => Ok(Ok(false)),
            (Some(_), Some(_)) if is_it(away) => {
                conflict(self.home, &format!("something else stands there now; what was there lies at {}", self.away))
            }
            (_, Some(_)) => conflict(self.away, "it is not what was put there"),
            (Some(_), None) => conflict(self.home, "it is not what was there"),
            (None, None) => conflict(self.home, &format!("it is gone, and is not at {} either", self.away)),
        }
    }
}

fn look(fs: &dyn Fs, path: &RelPath) -> Result<Option<Identity>, FsError> {
    match Identity::at(fs, path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_absent() => Ok(None),
        Err(error) => Err(error),
    }
}

/// What stands in the way of undoing an operation.
///
/// # Errors
/// What the system says.
pub fn conflicts(fs: &dyn Fs, journal: &Journal, by_identity: bool) -> Result<Vec<Conflict>, FsError> {
    let mut conflicts = Vec::new();
    for back in journal.steps.iter().filter_map(|record| Return::of(record, by_identity)) {
        conflicts.extend(back.is_due(fs)?.err());
    }
    Ok(conflicts)
}

/// Undoes the steps that can be undone, in reverse, durably.
fn undo(fs: &dyn Fs, journal: &Journal, by_identity: bool) -> Result<(), FsError> {
    // They stand in the way of those that undoing writes, and of removing folders. One that stays keeps nothing else from
    // being taken back, and the journal stays with it.
    let temporaries_removed = remove_temporaries(fs, journal);
    let mut touched: BTreeSet<RelPath> = temporaries(journal).filter_map(|path| path.parent()).collect();
    for record in journal.steps.iter().rev() {
        undo_step(fs, record, journal.operation, by_identity, &mut touched)?;
    }
    // What was not taken back lies there still.
    let _ = fs.remove_dir(&journal.trash());
    touched.extend(journal.trash().parent());
    sync_all(fs, &touched)?;
    temporaries_removed
}

/// Makes what happened in folders durable; one that is gone was removed meanwhile.
fn sync_all(fs: &dyn Fs, folders: &BTreeSet<RelPath>) -> Result<(), FsError> {
    for folder in folders {
        match fs.sync_dir(folder) {
            Err(error) if error.is_absent() => {}
            other => other?,
        }
    }
    Ok(())
}

fn undo_step(
    fs: &dyn Fs,
    record: &Record,
    operation: OperationId,
    by_identity: bool,
    touched: &mut BTreeSet<RelPath>,
) -> Result<(), FsError> {
    match record {
        Record::Move { .. } | Record::Discard { .. } | Record::Remove { .. } => {
            let Some(back) = Return::of(record, by_identity) else { return Ok(()) };
            if let Ok(true) = back.is_due(fs)? {
                fs.rename_no_replace(back.away, back.home)?;
            }
            touched.extend([back.away, back.home].into_iter().filter_map(RelPath::parent));
        }
        Record::Create { path, digest } => {
            if holds(fs, path)? == Some(*digest) {
                remove_if_present(fs, path)?;
            }
            touched.extend(path.parent());
        }
        Record::Replace { path, before, after } => {
            if holds(fs, path)? == Some(*after) {
                Staged::write(fs, path, before, operation)?.put()?;
            }
            touched.extend(path.parent());
        }
        Record::MakeDir(path) => {
            remove_if_empty(fs, path)?;
            touched.extend(path.parent());
        }
        Record::RemoveDir(_) => {}
    }
    Ok(())
}

/// The hash of a file; none where there is no such file.
fn holds(fs: &dyn Fs, path: &RelPath) -> Result<Option<ContentHash>, FsError> {
    match read_limited(fs, path, MAX_BYTES) {
        Ok(bytes) => Ok(Some(ContentHash::of(&bytes))),
        Err(error) if error.is_absent() => Ok(None),
        Err(crate::fs::ReadError::Fs(error)) => Err(error),
        // Nothing of ours is that long.
        Err(crate::fs::ReadError::TooLong { .. }) => Ok(None),
    }
}

/// What an operation stages beside the files that it writes.
fn remove_temporaries(fs: &dyn Fs, journal: &Journal) -> Result<(), FsError> {
    temporaries(journal).map(|path| remove_if_present(fs, &path)).fold(Ok(()), Result::and)
}

fn temporaries(journal: &Journal) -> impl Iterator<Item = RelPath> {
    let beside = |record: &Record| match record {
        Record::Create { path, .. } | Record::Replace { path, .. } => Some(temporary_name(path, journal.operation)),
        _ => None,
    };
    std::iter::once(staged_registry(journal.operation)).chain(journal.steps.iter().filter_map(beside))
}

/// Removes the temporary files that stopped operations left beside our own records. Call it under the workspace's lock: then
/// none of them is in use.
pub fn sweep_private(fs: &dyn Fs) {
    let private = RelPath::literal(layout::PRIVATE);
    let entries = fs.read_dir(&private).unwrap_or_default();
    for entry in entries.iter().filter(|entry| entry.is_utf8 && is_temporary_name(&entry.name)) {
        let _ = remove_if_present(fs, &private.entry(&entry.name));
    }
}

/// The journal becomes the operation's record. Where the registry stays as it was, this is the commit. The error outside
/// says that it did not; the one within, that it may not outlive a power cut.
pub(super) fn retire(fs: &dyn Fs, journal: &Journal) -> Result<Result<(), FsError>, FsError> {
    let history = RelPath::literal(layout::HISTORY);
    create_dirs(fs, &history)?;
    if let Err(error) = fs.rename(&RelPath::literal(layout::JOURNAL), &Journal::record_path(journal.operation)) {
        // It may have been done all the same: only where the journal still stands it was not.
        return if is_commit_unfinished(fs) { Err(error) } else { Ok(Err(error)) };
    }
    Ok(fs.sync_dir(&history).and_then(|()| fs.sync_dir(&RelPath::literal(layout::PRIVATE))))
}

/// What is left to do of a committed operation. What only the journal knows comes first, so that where that cannot be done
/// the next operation tries again.
pub(super) fn finish(fs: &dyn Fs, journal: &Journal) -> Result<(), FsError> {
    tidy(fs, journal)?;
    put_away(fs, journal)
}

/// Removes what an operation leaves empty or beside its files, durably.
fn tidy(fs: &dyn Fs, journal: &Journal) -> Result<(), FsError> {
    remove_temporaries(fs, journal)?;
    let mut touched = BTreeSet::new();
    for record in &journal.steps {
        if let Record::RemoveDir(path) = record {
            remove_if_empty(fs, path)?;
            touched.extend(path.parent());
        }
    }
    sync_all(fs, &touched)
}

/// Removes a folder. One that somebody put something in stays.
fn remove_if_empty(fs: &dyn Fs, path: &RelPath) -> Result<(), FsError> {
    match fs.remove_dir(path) {
        Err(error) if error.is_absent() => Ok(()),
        Err(error) if error.source.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        other => other,
    }
}

fn put_away(fs: &dyn Fs, journal: &Journal) -> Result<(), FsError> {
    if is_commit_unfinished(fs) {
        retire(fs, journal)??;
    }
    empty_trash(fs);
    prune(fs);
    Ok(())
}

/// Deletes for good what committed operations deleted. What has no record is nobody's to delete.
fn empty_trash(fs: &dyn Fs) {
    let trash = RelPath::literal(layout::TRASH);
    let Ok(entries) = fs.read_dir(&trash) else { return };
    for entry in entries.iter().filter(|entry| entry.is_utf8 && entry.stat.kind == FileKind::Dir) {
        let is_committed =
            entry.name.parse::<OperationId>().is_ok_and(|operation| fs.stat(&Journal::record_path(operation)).is_ok());
        let folder = trash.entry(&entry.name);
        if is_committed {
            delete_all(fs, &folder);
        } else {
            // Where it holds nothing, it is of an operation that was taken back.
            let _ = fs.remove_dir(&folder);
        }
    }
    let _ = fs.remove_dir(&trash);
}

/// Deletes a folder with all that is in it, as far as that goes: what stays is found by the doctor.
fn delete_all(fs: &dyn Fs, folder: &RelPath) {
    for entry in fs.read_dir(folder).unwrap_or_default().iter().filter(|entry| entry.is_utf8) {
        let path = folder.entry(&entry.name);
        match entry.stat.kind {
            FileKind::Dir => delete_all(fs, &path),
            _ => drop(fs.remove_file(&path)),
        }
    }
    let _ = fs.remove_dir(folder);
}
