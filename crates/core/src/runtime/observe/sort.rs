//! What an event of the system means for one workspace: most mean nothing, the rest where to look again.
//!
//! An event is trusted for its path alone. What it says happened there serves only to leave out what cannot have
//! changed anything (reading), and to know where a folder may have appeared or left, whose watches need care. Events
//! of files that are ours or that nobody's asset holds are passed over: the packer's own folder, the outputs, the
//! quarantine, temporary names, what is ignored.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RenameMode};

use super::{Dirty, Lost};
use crate::value::RelPath;
use crate::workspace::{IgnoreRules, layout};

/// Where the workspace lies and what of it counts.
#[derive(Debug)]
pub(super) struct Ground {
    /// The workspace without links in its path, as the system spells it in events.
    pub(super) workspace: PathBuf,
    /// The assets folder, in the workspace.
    pub(super) assets_dir: RelPath,
    /// What below it is nobody's asset.
    pub(super) ignore: IgnoreRules,
}

/// What a number of events said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Hints {
    /// Where to look.
    pub(super) dirty: Dirty,
    /// What to do about the watches before that.
    pub(super) chores: Chores,
    /// How the watch came to miss things, if it did.
    pub(super) lost: Option<Lost>,
}

/// What there is to do about the watches.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chores {
    /// Paths, as the disk spells them, relative to the assets folder, at which a folder may have appeared.
    pub(super) appeared: BTreeSet<RelPath>,
    /// Paths, spelt likewise, of which permissions or times changed; one that is a folder is dirty itself.
    pub(super) altered: BTreeSet<RelPath>,
    /// Something has left its place, and if it was a folder, its watches went.
    pub(super) moved: bool,
    /// No watch can be relied on: all are to be set anew.
    pub(super) renew: bool,
}

/// What an event says happened, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Something may be there that was not.
    Came,
    /// It may be gone.
    Went,
    /// It may have come, or gone.
    Moved,
    /// Its content may not be what it was.
    Altered,
    /// Its permissions or times may not be what they were.
    Retouched,
}

impl Change {
    /// Whether something else may stand there now, or nothing.
    fn replaces(self) -> bool {
        matches!(self, Self::Came | Self::Went | Self::Moved)
    }
}

impl Ground {
    /// What one event, or the error in its place, says.
    pub(super) fn sort(&self, event: &notify::Result<notify::Event>) -> Hints {
        let mut hints = Hints::default();
        match event {
            Err(error) => hints.lose(Lost::from(error)),
            Ok(event) => {
                // The flag may stand on any event, and the one that says so most often has no path.
                if event.need_rescan() {
                    hints.lose(Lost::Overflow);
                }
                if let Some(change) = Change::of(event.kind) {
                    event.paths.iter().for_each(|path| self.sort_path(path, change, &mut hints));
                }
            }
        }
        hints
    }

    fn sort_path(&self, path: &Path, change: Change, hints: &mut Hints) {
        let Ok(path) = path.strip_prefix(&self.workspace) else { return };
        match path.strip_prefix(self.assets_dir.as_str()) {
            Ok(below) if below != Path::new("") => self.sort_asset(below, change, hints),
            _ => self.sort_other(path, change, hints),
        }
    }

    /// An event of the workspace folder itself, or of something in it, or of the assets folder.
    fn sort_other(&self, path: &Path, change: Change, hints: &mut Hints) {
        let (path, is_whole) = spelt(path);
        if !is_whole {
            return;
        }
        match path.as_str() {
            layout::SETTINGS => hints.dirty.settings = true,
            layout::REGISTRY => hints.dirty.registry = true,
            layout::PRIVATE if change.replaces() => hints.dirty.private = true,
            // The workspace, the assets folder, or a folder between the two.
            _ if self.assets_dir.is_within(&path) => {
                if change.replaces() {
                    hints.renew();
                } else if path == self.assets_dir {
                    hints.dirty.add_folder(&RelPath::root());
                }
            }
            _ => {}
        }
    }

    /// An event below the assets folder.
    fn sort_asset(&self, path: &Path, change: Change, hints: &mut Hints) {
        let (path, is_whole) = spelt(path);
        if !is_whole {
            // Of a name that cannot be written down, the folder that holds it is all there is to say.
            if self.ignore.covers(&path, true).is_none() {
                hints.dirty.add_folder(&path);
            }
            return;
        }
        // Whether a folder or a file was there the event does not say for certain; the rules may tell them apart.
        if self.ignore.covers(&path, false).is_some() && self.ignore.covers(&path, true).is_some() {
            return;
        }
        hints.dirty.add_folder(&path.parent().unwrap_or_else(RelPath::root));
        hints.chores.moved |= matches!(change, Change::Moved | Change::Went);
        match change {
            Change::Came | Change::Moved => hints.chores.appeared.insert(path),
            Change::Retouched => hints.chores.altered.insert(path),
            Change::Went | Change::Altered => false,
        };
    }
}

impl Change {
    fn of(kind: EventKind) -> Option<Self> {
        match kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(Self::Altered),
            // Reading. A build would mark all there is.
            EventKind::Access(_) => None,
            EventKind::Create(CreateKind::File) => Some(Self::Altered),
            EventKind::Create(_) => Some(Self::Came),
            EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From)) => Some(Self::Went),
            EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Some(Self::Came),
            EventKind::Modify(ModifyKind::Name(_)) | EventKind::Any | EventKind::Other => Some(Self::Moved),
            EventKind::Modify(ModifyKind::Metadata(_)) => Some(Self::Retouched),
            EventKind::Modify(_) => Some(Self::Altered),
        }
    }
}

impl Hints {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what others say.
    pub(super) fn merge(&mut self, others: Self) {
        self.dirty.merge(&others.dirty);
        self.chores.merge(others.chores);
        if let Some(lost) = others.lost {
            self.lose(lost);
        }
    }

    fn lose(&mut self, lost: Lost) {
        self.renew();
        self.lost = Some(match self.lost.take() {
            Some(before) => before.or(lost),
            None => lost,
        });
    }

    fn renew(&mut self) {
        self.dirty = Dirty::everything();
        self.chores.renew();
    }
}

impl Chores {
    pub(super) fn merge(&mut self, others: Self) {
        self.moved |= others.moved;
        if self.renew || others.renew {
            return self.renew();
        }
        self.appeared.extend(others.appeared);
        self.altered.extend(others.altered);
        if self.appeared.len() + self.altered.len() > Dirty::MAX_FOLDERS {
            self.renew();
        }
    }

    pub(super) fn renew(&mut self) {
        *self = Self { renew: true, moved: self.moved, ..Self::default() };
    }
}

/// A path of an event in our own words, as far as it can be written down, and whether that is all of it.
fn spelt(path: &Path) -> (RelPath, bool) {
    let mut spelt = RelPath::root();
    for component in path.components() {
        let Component::Normal(name) = component else { return (spelt, false) };
        let Some(name) = name.to_str() else { return (spelt, false) };
        let next = spelt.entry(name);
        if next.as_str().len() > RelPath::MAX_BYTES {
            return (spelt, false);
        }
        spelt = next;
    }
    (spelt, true)
}

#[cfg(test)]
mod tests;
