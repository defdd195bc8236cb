//! A change: what a mutation writes and moves, each step with what it relies on.

use crate::fs::{Fs, FsError, Stat};
use crate::snapshot::{Dirty, RegistryChange, Snapshot};
use crate::value::{ContentHash, RelPath};
use crate::workspace::{RegistryEntry, layout};

/// What a mutation does to files, in this order; the registry comes last.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The steps before the registry is replaced.
    pub steps: Vec<Step>,
    /// The registry, where it changes.
    pub registry: Option<RegistryWrite>,
}

/// One step. Each can be taken back until the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Makes a folder, where there is none.
    MakeDir(RelPath),
    /// Writes a new file; nothing may be there.
    Create {
        /// The file.
        path: RelPath,
        /// What it will hold.
        bytes: Vec<u8>,
    },
    /// Replaces a file.
    Replace {
        /// The file.
        path: RelPath,
        /// The bytes it must have now.
        before: Vec<u8>,
        /// What it will hold.
        after: Vec<u8>,
    },
    /// Removes a file that a tool wrote; its bytes are kept in the history.
    Remove {
        /// The file.
        path: RelPath,
        /// The bytes it must have now.
        before: Vec<u8>,
    },
    /// Moves a folder to where nothing is.
    Move {
        /// From here.
        from: RelPath,
        /// To here.
        to: RelPath,
        /// Which folder it must be.
        identity: Identity,
    },
    /// Deletes a folder with all that is in it: out of the way before the commit, for good after it.
    Discard {
        /// The folder.
        path: RelPath,
        /// Which folder it must be.
        identity: Identity,
    },
    /// Removes a folder after the commit, where it is empty then.
    RemoveDir(RelPath),
}

/// Which folder one is, by whatever name: device and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Identity {
    /// The device.
    pub device: u64,
    /// The inode.
    pub inode: u64,
}

impl Identity {
    /// What stands at a path.
    ///
    /// # Errors
    /// What the system says.
    pub fn at(fs: &dyn Fs, path: &RelPath) -> Result<Self, FsError> {
        fs.stat(path).map(Self::from)
    }
}

impl From<Stat> for Identity {
    fn from(stat: Stat) -> Self {
        Self { device: stat.device, inode: stat.inode }
    }
}

/// A new registry.
#[derive(Debug, Clone)]
pub struct RegistryWrite {
    /// The hash of the bytes it must have now; none where it is absent.
    pub before: Option<ContentHash>,
    /// The bytes it will have.
    pub bytes: Vec<u8>,
    /// Their hash.
    pub digest: ContentHash,
    /// How its entries differ.
    pub change: RegistryChange,
    /// The same, each entry by its text: what it was and what it is.
    pub entries: Vec<(Option<String>, Option<String>)>,
    /// The bytes it must have now, where undoing takes them and not the entries.
    pub old: Option<Vec<u8>>,
}

impl RegistryWrite {
    /// The registry of a snapshot with a change; none where there is none.
    #[must_use]
    pub fn of(snapshot: &Snapshot, change: RegistryChange) -> Option<Self> {
        (!change.is_empty()).then(|| Self::with(snapshot, change, None))
    }

    /// The same where it is written in any case, for its form; `old` are its bytes now.
    #[must_use]
    pub(super) fn anew(snapshot: &Snapshot, change: RegistryChange, old: Vec<u8>) -> Self {
        Self::with(snapshot, change, Some(old))
    }

    /// The bytes `then` in place of the bytes `now`.
    #[must_use]
    pub(super) fn bytes_again(now: Vec<u8>, then: Vec<u8>) -> Self {
        let digest = ContentHash::of(&then);
        let (change, entries) = (RegistryChange::default(), Vec::new());
        Self { before: Some(ContentHash::of(&now)), bytes: then, digest, change, entries, old: Some(now) }
    }

    fn with(snapshot: &Snapshot, change: RegistryChange, old: Option<Vec<u8>>) -> Self {
        let bytes = change.bytes(snapshot);
        let digest = ContentHash::of(&bytes);
        let text = |key| snapshot.assets.get(key).and_then(|asset| asset.entry.as_ref()).map(RegistryEntry::to_json);
        let removed = change.removed.iter().map(|key| (text(key), None));
        let changed = change.changed.iter().map(|(key, after)| (text(key), Some(after.to_json())));
        let added = change.added.iter().map(|entry| (None, Some(entry.to_json())));
        let entries = removed.chain(changed).chain(added).collect();
        Self { before: snapshot.registry.digest, bytes, digest, change, entries, old }
    }
}

impl RegistryWrite {
    /// The first registry of a workspace.
    #[must_use]
    pub(super) fn new_file(bytes: Vec<u8>) -> Self {
        let digest = ContentHash::of(&bytes);
        Self { before: None, bytes, digest, change: RegistryChange::default(), entries: Vec::new(), old: None }
    }
}

impl Change {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.registry.is_none()
    }

    /// Whether it touches anything but the registry.
    #[must_use]
    pub fn touches_files(&self) -> bool {
        !self.steps.is_empty()
    }

    /// Where the workspace is to be looked at after it. `assets_dir` is relative to the workspace.
    #[must_use]
    pub fn dirty(&self, assets_dir: &RelPath) -> Dirty {
        let paths = || self.steps.iter().flat_map(Step::paths);
        let folders = paths().filter_map(|path| path.parent()?.relative_to(assets_dir));
        let quarantine = RelPath::literal(layout::QUARANTINE);
        let is_of = |file: &'static str| paths().any(|path| path.as_str() == file);
        Dirty {
            quarantine: paths().any(|path| path.is_within(&quarantine)),
            // What its bytes say is not known from its entries.
            registry: self.registry.as_ref().is_some_and(|write| write.old.is_some()),
            settings: is_of(layout::SETTINGS),
            ..Dirty::folders(folders)
        }
    }
}

impl Step {
    /// The paths that it touches.
    pub fn paths(&self) -> impl Iterator<Item = &RelPath> {
        let (first, second) = match self {
            Self::MakeDir(path) | Self::RemoveDir(path) => (path, None),
            Self::Create { path, .. } | Self::Replace { path, .. } | Self::Remove { path, .. } => (path, None),
            Self::Discard { path, .. } => (path, None),
            Self::Move { from, to, .. } => (from, Some(to)),
        };
        std::iter::once(first).chain(second)
    }
}
