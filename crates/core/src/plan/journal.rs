//! The undo journal of a commit, and the record that it becomes.
//!
//! While a commit is under way, `.packwright/journal` says how to take it back. Once it is committed, the same file is
//! the operation's record: it is renamed to `.packwright/history/OPERATION`. Where the registry's bytes stay as they
//! were, that rename is the commit.

use serde::{Deserialize, Serialize};

use super::change::{Change, Identity, Step};
use crate::fs::{Fs, FsError, SealError, is_temporary_name, read_limited, seal, unseal, write_atomic};
use crate::value::{AssetRef, ContentHash, OperationId, RelPath};
use crate::workspace::{disk, layout};

const KIND: &[u8; 8] = b"PWJRNL01";
/// A journal names each file it touches, and holds the old bytes of those it replaces.
const MAX_BYTES: u64 = 1 << 30;

/// An operation, as its journal and its record know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Journal {
    /// Which.
    pub operation: OperationId,
    /// The service.
    pub service: String,
    /// When it was committed, RFC 3339.
    pub at: String,
    /// What it did, in one line.
    pub summary: String,
    /// The assets it is about.
    pub affected: Vec<AssetRef>,
    /// The actions, as JSON.
    pub actions: String,
    /// The operation that it reverts.
    pub reverts: Option<OperationId>,
    /// Which file `.packwright/lock` is: a journal that was copied with its workspace has another.
    pub lock: Identity,
    /// The registry, where it changes.
    pub registry: Option<RegistryRecord>,
    /// The steps, in order.
    pub steps: Vec<Record>,
}

/// What becomes of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryRecord {
    /// The hash of its bytes before; none where it was absent.
    pub before: Option<ContentHash>,
    /// And after.
    pub after: ContentHash,
    /// How entries change, each by its text: what it was and what it is.
    pub entries: Vec<(Option<String>, Option<String>)>,
    /// Its bytes before, where undoing takes them and not the entries.
    pub old: Option<Vec<u8>>,
}

/// One step, with what it takes to undo it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// Makes a folder.
    MakeDir(#[serde(with = "disk")] RelPath),
    /// Writes a new file.
    Create {
        /// The file.
        #[serde(with = "disk")]
        path: RelPath,
        /// The hash of its bytes.
        digest: ContentHash,
    },
    /// Replaces a file.
    Replace {
        /// The file.
        #[serde(with = "disk")]
        path: RelPath,
        /// Its old bytes.
        before: Vec<u8>,
        /// The hash of the new ones.
        after: ContentHash,
    },
    /// Removes a file.
    Remove {
        /// The file.
        #[serde(with = "disk")]
        path: RelPath,
        /// Its bytes.
        before: Vec<u8>,
        /// Where it is until the commit.
        #[serde(with = "disk")]
        trash: RelPath,
    },
    /// Moves a folder.
    Move {
        /// From here.
        #[serde(with = "disk")]
        from: RelPath,
        /// To here.
        #[serde(with = "disk")]
        to: RelPath,
        /// Which folder.
        identity: Identity,
    },
    /// Deletes a folder.
    Discard {
        /// The folder.
        #[serde(with = "disk")]
        path: RelPath,
        /// Where it is until the commit.
        #[serde(with = "disk")]
        trash: RelPath,
        /// Which folder.
        identity: Identity,
    },
    /// Removes a folder after the commit.
    RemoveDir(#[serde(with = "disk")] RelPath),
}

/// Why a journal is not followed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// It is damaged, or of another version.
    #[error("{journal} cannot be read: {0}", journal = layout::JOURNAL)]
    Unreadable(String),
    /// It names what no operation of ours touches.
    #[error("{journal} names {0}, which no operation touches", journal = layout::JOURNAL)]
    Strays(RelPath),
    /// The system said no.
    #[error(transparent)]
    Fs(#[from] FsError),
}

/// What an operation says of itself in its journal.
#[derive(Debug, Clone)]
pub struct Told {
    /// Which.
    pub operation: OperationId,
    /// The service.
    pub service: &'static str,
    /// What it does, in one line.
    pub summary: String,
    /// The assets it is about.
    pub affected: Vec<AssetRef>,
    /// The actions, as JSON.
    pub actions: String,
    /// The operation that it reverts.
    pub reverts: Option<OperationId>,
}

impl Journal {
    /// The journal of a change that is about to be made.
    pub(super) fn of(
        change: &Change,
        told: &Told,
        lock: Identity,
        entries: Vec<(Option<String>, Option<String>)>,
    ) -> Self {
        let trash = trash_of(told.operation);
        let record = |(n, step): (usize, &Step)| Record::of(step, trash.entry(&n.to_string()));
        let registry = change.registry.as_ref();
        Self {
            operation: told.operation,
            service: told.service.to_owned(),
            at: jiff::Timestamp::now().to_string(),
            summary: told.summary.clone(),
            affected: told.affected.clone(),
            actions: told.actions.clone(),
            reverts: told.reverts,
            lock,
            registry: registry.map(|write| RegistryRecord {
                before: write.before,
                after: write.digest,
                entries,
                old: write.old.clone(),
            }),
            steps: change.steps.iter().enumerate().map(record).collect(),
        }
    }

    /// The journal of an unfinished operation; `None` where there is none.
    ///
    /// # Errors
    /// Where there is one that cannot be followed.
    pub fn load(fs: &dyn Fs) -> Result<Option<Self>, JournalError> {
        match read_limited(fs, &RelPath::literal(layout::JOURNAL), MAX_BYTES) {
            Ok(bytes) => Self::read(&bytes).map(Some),
            Err(error) if error.is_absent() => Ok(None),
            Err(error) => Err(JournalError::Unreadable(error.to_string())),
        }
    }

    /// Reads a journal, or a record.
    ///
    /// # Errors
    /// Where it is damaged, of another version, or names what no operation touches.
    pub fn read(bytes: &[u8]) -> Result<Self, JournalError> {
        let read: Self = unseal(KIND, bytes).map_err(|error: SealError| JournalError::Unreadable(error.to_string()))?;
        let trash = trash_of(read.operation);
        match read.steps.iter().find_map(|step| step.stray(&trash)) {
            Some(path) => Err(JournalError::Strays(path.clone())),
            None => Ok(read),
        }
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        seal(KIND, self)
    }

    /// Writes it, durably.
    pub(super) fn store(&self, fs: &dyn Fs) -> Result<(), FsError> {
        write_atomic(fs, &RelPath::literal(layout::JOURNAL), &self.to_bytes(), self.operation)
    }

    /// Where the record of the operation is kept.
    #[must_use]
    pub fn record_path(operation: OperationId) -> RelPath {
        RelPath::literal(layout::HISTORY).entry(&operation.to_string())
    }

    /// The folder that holds what the operation deletes, until it is deleted for good.
    #[must_use]
    pub fn trash(&self) -> RelPath {
        trash_of(self.operation)
    }

    /// Whether it can be undone once it is committed: it deletes nothing for good.
    #[must_use]
    pub fn is_reversible(&self) -> bool {
        !self.steps.iter().any(|step| matches!(step, Record::Discard { .. }))
    }
}

fn trash_of(operation: OperationId) -> RelPath {
    RelPath::literal(layout::TRASH).entry(&operation.to_string())
}

impl Record {
    fn of(step: &Step, trash: RelPath) -> Self {
        match step.clone() {
            Step::MakeDir(path) => Self::MakeDir(path),
            Step::Create { path, bytes } => Self::Create { path, digest: ContentHash::of(&bytes) },
            Step::Replace { path, before, after } => Self::Replace { path, before, after: ContentHash::of(&after) },
            Step::Remove { path, before } => Self::Remove { path, before, trash },
            Step::Move { from, to, identity } => Self::Move { from, to, identity },
            Step::Discard { path, identity } => Self::Discard { path, trash, identity },
            Step::RemoveDir(path) => Self::RemoveDir(path),
        }
    }

    /// The paths that it names, those in the trash left out.
    pub fn paths(&self) -> impl Iterator<Item = &RelPath> {
        let (first, second) = match self {
            Self::MakeDir(path) | Self::RemoveDir(path) => (path, None),
            Self::Create { path, .. } | Self::Replace { path, .. } | Self::Remove { path, .. } => (path, None),
            Self::Discard { path, .. } => (path, None),
            Self::Move { from, to, .. } => (from, Some(to)),
        };
        std::iter::once(first).chain(second)
    }

    /// A path of it that no operation of ours touches: the packer's own folder, the registry, the workspace itself.
    fn stray(&self, trash: &RelPath) -> Option<&RelPath> {
        let private = RelPath::literal(layout::PRIVATE);
        // Leftovers that the doctor removes.
        let is_leftover = |path: &RelPath| {
            path.file_name().is_some_and(is_temporary_name) || path.is_within(&RelPath::literal(layout::CACHE))
        };
        let is_private = |path: &RelPath| path.is_within(&private) && !is_leftover(path);
        let strays = |path: &&RelPath| path.is_root() || is_private(path) || path.as_str() == layout::REGISTRY;
        let in_trash = match self {
            Self::Remove { trash, .. } | Self::Discard { trash, .. } => Some(trash),
            _ => None,
        };
        self.paths().find(strays).or_else(|| in_trash.filter(|path| path.parent().as_ref() != Some(trash)))
    }
}
