//! What an event of the system means for one workspace: most mean nothing, the rest where to look again.
//!
//! An event is trusted for its path alone. What it says happened there serves only to know where a folder appeared,
//! which needs watches. Events of files that are ours or that nobody's asset holds are passed over: the packer's own
//! folder, the outputs, what lies within an entry in quarantine, temporary names, what is ignored.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;

use super::{Dirty, Lost};
use crate::fs::{Change, Seen};
use crate::value::RelPath;
use crate::workspace::{IgnoreRules, layout};

/// Where the workspace lies and what of it counts.
#[derive(Debug)]
pub(super) struct Ground {
    /// The workspace, without links in its path.
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
    /// Where folders appeared: their paths as the disk spells them, relative to the assets folder.
    pub(super) appeared: BTreeSet<RelPath>,
    /// The quarantine appeared.
    pub(super) quarantine: bool,
    /// No watch can be relied on: all are to be set anew.
    pub(super) renew: bool,
}

impl Ground {
    /// What one event says.
    pub(super) fn sort(&self, seen: &Seen<'_>) -> Hints {
        let mut hints = Hints::default();
        match *seen {
            Seen::Overflow => hints.lose(Lost::Overflow),
            Seen::Failed(error) => hints.lose(error.into()),
            Seen::Change { folder, name, is_folder, change } => {
                self.sort_change(folder, name, is_folder, change, &mut hints);
            }
        }
        hints
    }

    fn sort_change(&self, folder: &RelPath, name: Option<&OsStr>, is_folder: bool, change: Change, hints: &mut Hints) {
        let path = match name.map(OsStr::to_str) {
            None => Some(folder.clone()),
            Some(Some(name)) => Some(folder.entry(name)).filter(|path| path.as_str().len() <= RelPath::MAX_BYTES),
            Some(None) => None,
        };
        let holder = self.in_assets(folder);
        match (path, holder) {
            (Some(path), Some(holder)) if path != self.assets_dir => {
                let path = self.in_assets(&path).unwrap_or(holder);
                self.sort_asset(path, is_folder, change, hints);
            }
            (Some(path), _) => self.sort_other(&path, change, hints),
            // Of a name that cannot be written down, the folder that holds it is all there is to say.
            (None, Some(holder)) => {
                hints.dirty.add_folder(&holder);
            }
            (None, None) => {}
        }
    }

    /// An event of the workspace folder itself, or of something in it, or of the assets folder.
    fn sort_other(&self, path: &RelPath, change: Change, hints: &mut Hints) {
        let is_replaced = matches!(change, Change::Came | Change::Went);
        match path.as_str() {
            layout::SETTINGS => hints.dirty.settings = true,
            layout::REGISTRY => hints.dirty.registry = true,
            layout::PRIVATE if is_replaced => hints.dirty.private = true,
            layout::QUARANTINE if is_replaced => {
                hints.dirty.quarantine = true;
                hints.chores.quarantine = change == Change::Came;
            }
            // An entry: made by what another process does, or taken away.
            _ if is_replaced && is_quarantined(path) => hints.dirty.quarantine = true,
            // The workspace, the assets folder, or a folder between the two.
            _ if is_replaced && self.assets_dir.is_within(path) => hints.renew(),
            _ if *path == self.assets_dir => {
                hints.dirty.add_folder(&RelPath::root());
            }
            _ => {}
        }
    }

    /// An event below the assets folder; `path` is relative to it.
    fn sort_asset(&self, path: RelPath, is_folder: bool, change: Change, hints: &mut Hints) {
        if self.ignore.covers(&path, is_folder).is_some() {
            return;
        }
        hints.dirty.add_folder(&path.parent().unwrap_or_else(RelPath::root));
        match change {
            Change::Came if is_folder => hints.chores.add(path),
            Change::Retouched if is_folder => {
                hints.dirty.add_folder(&path);
            }
            _ => {}
        }
    }

    /// A path of the workspace, relative to the assets folder; `None` where it lies elsewhere.
    fn in_assets(&self, path: &RelPath) -> Option<RelPath> {
        path.relative_to(&self.assets_dir)
    }
}

/// Whether it is the folder of an entry in quarantine.
fn is_quarantined(path: &RelPath) -> bool {
    path.parent().is_some_and(|parent| parent.as_str() == layout::QUARANTINE)
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
        if others.renew {
            self.renew();
        }
        self.quarantine |= others.quarantine && !self.renew;
        others.appeared.into_iter().for_each(|path| self.add(path));
    }

    fn add(&mut self, path: RelPath) {
        if self.renew {
            return;
        }
        self.appeared.insert(path);
        if self.appeared.len() > Dirty::MAX_FOLDERS {
            self.renew();
        }
    }

    pub(super) fn renew(&mut self) {
        *self = Self { renew: true, ..Self::default() };
    }
}

#[cfg(test)]
mod tests;
