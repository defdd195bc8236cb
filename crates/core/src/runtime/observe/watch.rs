//! The watches themselves: the workspace folder, the quarantine, those between it and the assets folder, and every folder
//! below that.
//!
//! Each folder is watched before it is listed: so whatever appears in it is either listed or hinted. A folder that
//! cannot be watched is known and tried again, and no watch is spent on what is ignored. Links are never followed.
//! Nothing is written.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use rustix::io::Errno;

use super::inbox::Inbox;
use super::sort::{Chores, Ground};
use super::{Dirty, Lost};
use crate::fs::{FileKind, FolderWatches, Fs, RealFs};
use crate::value::RelPath;
use crate::workspace::layout;

/// The watches of one workspace.
pub(super) struct Watch {
    watches: FolderWatches,
    ground: Arc<Ground>,
    fs: Arc<RealFs>,
    /// Folders that could not be watched or read, and may be some day.
    unreadable: BTreeSet<RelPath>,
}

/// How watching, or listing, one folder ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    Well,
    Absent,
    Unreadable,
}

impl Watch {
    /// Sets all watches in the workspace that `fs` holds. What happens from then on is hinted in `inbox`.
    pub(super) fn open(fs: Arc<RealFs>, ground: Arc<Ground>, inbox: Arc<Inbox>) -> Result<Self, Lost> {
        if !is_in_place(&fs, &ground) {
            return Err(Lost::Gone);
        }
        let sorter = ground.clone();
        let watches = FolderWatches::start(&fs, move |seen| inbox.hint(sorter.sort(&seen)))?;
        let mut watch = Self { watches, ground, fs, unreadable: BTreeSet::new() };
        watch.set_all()?;
        Ok(watch)
    }

    /// Whether the workspace still lies where it is watched.
    pub(super) fn is_in_place(&self) -> bool {
        is_in_place(&self.fs, &self.ground)
    }

    /// Watches the folders that appeared, and returns them and all that lie below them.
    pub(super) fn follow(&mut self, chores: Chores) -> Result<Dirty, Lost> {
        if chores.quarantine {
            self.set_quarantine()?;
        }
        let mut places = chores.appeared;
        places.append(&mut self.unreadable);
        self.walk(&places)
    }

    fn set_all(&mut self) -> Result<(), Lost> {
        if self.set(&RelPath::root())? != Done::Well {
            return Err(Lost::Gone);
        }
        self.set_quarantine()?;
        let mut outer: Vec<RelPath> = std::iter::successors(self.ground.assets_dir.parent(), RelPath::parent).collect();
        outer.pop();
        while let Some(folder) = outer.pop() {
            if self.set(&folder)? != Done::Well {
                return Ok(());
            }
        }
        self.walk(&[RelPath::root()].into()).map(|_| ())
    }

    /// Watches for entries that come and go. There may be no quarantine yet: its coming is hinted.
    fn set_quarantine(&self) -> Result<(), Lost> {
        self.set(&RelPath::literal(layout::QUARANTINE)).map(|_| ())
    }

    /// Watches all folders at or below the `places`, which are relative to the assets folder, and returns them.
    fn walk(&mut self, places: &BTreeSet<RelPath>) -> Result<Dirty, Lost> {
        let mut found = Dirty::default();
        let mut seen = HashSet::new();
        for place in places {
            let mut ahead = vec![place.clone()];
            while let Some(folder) = ahead.pop() {
                if seen.insert(folder.clone()) {
                    self.enter(&folder, &mut ahead, &mut found)?;
                }
            }
        }
        Ok(found)
    }

    /// Watches one folder, and adds those in it to `ahead`.
    fn enter(&mut self, folder: &RelPath, ahead: &mut Vec<RelPath>, found: &mut Dirty) -> Result<(), Lost> {
        let mut done = self.set(&self.ground.assets_dir.join(folder))?;
        if done == Done::Well {
            found.add_folder(folder);
            done = self.list(folder, ahead);
        }
        if done == Done::Unreadable {
            self.unreadable.insert(folder.clone());
        }
        Ok(())
    }

    /// Adds the folders in `folder` that count.
    fn list(&self, folder: &RelPath, ahead: &mut Vec<RelPath>) -> Done {
        let entries = match self.fs.read_dir(&self.ground.assets_dir.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.is_absent() || error.is_escape() => return Done::Absent,
            Err(_) => return Done::Unreadable,
        };
        for entry in entries.iter().filter(|entry| entry.is_utf8 && entry.stat.kind == FileKind::Dir) {
            let path = folder.entry(&entry.name);
            if path.as_str().len() <= RelPath::MAX_BYTES && self.ground.ignore.ignores(&path, true).is_none() {
                ahead.push(path);
            }
        }
        Done::Well
    }

    fn set(&self, folder: &RelPath) -> Result<Done, Lost> {
        match self.watches.add(folder) {
            Ok(()) => Ok(Done::Well),
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(Done::Absent),
            Err(Errno::ACCESS) => Ok(Done::Unreadable),
            Err(error) => Err(error.into()),
        }
    }
}

fn is_in_place(held: &RealFs, ground: &Ground) -> bool {
    let identity = |fs: &RealFs| fs.stat(&RelPath::root()).ok().map(|stat| (stat.device, stat.inode));
    RealFs::open(&ground.workspace).is_ok_and(|now| identity(&now).is_some_and(|now| Some(now) == identity(held)))
}
