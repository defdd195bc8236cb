//! The watches themselves: the workspace folder, those between it and the assets folder, and everything below that.
//!
//! Where the system can watch no more than one folder at a time (inotify), each folder gets a watch of its own, set by
//! us and always before the folder is listed: so whatever appears in a folder is either listed or hinted, what cannot
//! be watched is known, and no watch is spent on what is ignored. The walk that `notify` offers gives up silently at
//! the first folder that vanishes under it or cannot be read, which is why it is not used there.
//!
//! Links are never followed. Nothing is written.

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher};

use super::inbox::Inbox;
use super::sort::{Chores, Ground};
use super::{Dirty, Lost};
use crate::fs::{FileKind, Fs, RealFs};
use crate::value::RelPath;

/// Whether one watch sees a folder's whole subtree.
const SEES_SUBTREES: bool = cfg!(any(target_os = "macos", target_os = "windows"));

/// How many answers of the system's thread prove that it has passed on all that had happened before the first was
/// asked for: it may take our question before the events that lie ready, and again with those it had just fetched.
const ANSWERS: usize = 3;

/// How long the system's thread is waited for when a watch ends.
const ENDING: Duration = Duration::from_secs(2);

/// The watches of one workspace.
pub(super) struct Watch {
    system: RecommendedWatcher,
    /// Says that it is disconnected once the system's thread has let go of all watches.
    ended: Receiver<()>,
    ground: Arc<Ground>,
    inbox: Arc<Inbox>,
    fs: Arc<RealFs>,
    /// Folders that could not be watched or read, and may be some day.
    unreadable: BTreeSet<RelPath>,
    /// Folders below which watches were set while others were taken away, and may have gone with those.
    unsure: BTreeSet<RelPath>,
}

/// How setting one watch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Watched,
    Absent,
    Unreadable,
}

impl Watch {
    /// Sets all watches in the workspace that `fs` holds. What happens from then on is hinted in `inbox`.
    pub(super) fn open(fs: Arc<RealFs>, ground: Arc<Ground>, inbox: Arc<Inbox>) -> Result<Self, Lost> {
        if !is_in_place(&fs, &ground) {
            return Err(Lost::Gone);
        }
        let (lives, ended) = channel::<()>();
        let (sorter, sink) = (ground.clone(), inbox.clone());
        let pass_on = move |event| {
            let _held_as_long_as_the_thread = &lives;
            sink.hint(sorter.sort(&event));
        };
        let config = Config::default().with_follow_symlinks(false);
        let system = RecommendedWatcher::new(pass_on, config).map_err(|error| Lost::from(&error))?;
        let (unreadable, unsure) = (BTreeSet::new(), BTreeSet::new());
        let mut watch = Self { system, ended, ground, inbox, fs, unreadable, unsure };
        match watch.set_all() {
            Ok(()) => Ok(watch),
            Err(lost) => {
                watch.close();
                Err(lost)
            }
        }
    }

    /// Ends the watch. When this returns its watches no longer count against the system's limits.
    pub(super) fn close(self) {
        drop(self.system);
        let _ = self.ended.recv_timeout(ENDING);
    }

    /// Whether the workspace still lies where it is watched.
    pub(super) fn is_in_place(&self) -> bool {
        is_in_place(&self.fs, &self.ground)
    }

    /// Looks after the watches, and returns the folders that turned out to be dirty: those that changed themselves, and
    /// all at or below the places where one appeared, each watched by now.
    pub(super) fn follow(&mut self, chores: Chores) -> Result<Dirty, Lost> {
        let mut places = chores.appeared;
        places.append(&mut self.unsure);
        places.append(&mut self.unreadable);
        let mut found = self.walk(places)?;
        for path in chores.altered.iter().filter(|path| self.is_folder(&self.ground.assets_dir.join(path))) {
            found.add_folder(path);
        }
        Ok(found)
    }

    fn set_all(&mut self) -> Result<(), Lost> {
        let assets_dir = self.ground.assets_dir.clone();
        if self.set(&RelPath::root(), RecursiveMode::NonRecursive)? != Set::Watched {
            return Err(Lost::Gone);
        }
        let mut outer: Vec<RelPath> = std::iter::successors(assets_dir.parent(), RelPath::parent).collect();
        outer.pop();
        while let Some(folder) = outer.pop() {
            if !self.is_folder(&folder) || self.set(&folder, RecursiveMode::NonRecursive)? != Set::Watched {
                return Ok(());
            }
        }
        if SEES_SUBTREES && self.is_folder(&assets_dir) {
            self.set(&assets_dir, RecursiveMode::Recursive)?;
        }
        self.walk([RelPath::root()].into()).map(|_| ())
    }

    /// Watches all folders at or below the `places`, which are relative to the assets folder, and returns them.
    fn walk(&mut self, places: BTreeSet<RelPath>) -> Result<Dirty, Lost> {
        let mut found = Dirty::default();
        let mut seen = HashSet::new();
        for place in &places {
            if !seen.contains(place) && self.is_folder(&self.ground.assets_dir.join(place)) {
                self.walk_below(place, &mut seen, &mut found)?;
            }
        }
        if !seen.is_empty() {
            self.catch_up();
            if self.inbox.holds_move() {
                self.unsure = places;
            }
        }
        Ok(found)
    }

    fn walk_below(&mut self, place: &RelPath, seen: &mut HashSet<RelPath>, found: &mut Dirty) -> Result<(), Lost> {
        let mut ahead = vec![place.clone()];
        while let Some(folder) = ahead.pop() {
            if !seen.insert(folder.clone()) {
                continue;
            }
            let mut set = self.set_asset_folder(&folder)?;
            if set == Set::Watched {
                found.add_folder(&folder);
                set = self.list(&folder, &mut ahead);
            }
            if set == Set::Unreadable {
                self.unreadable.insert(folder);
            }
        }
        Ok(())
    }

    fn set_asset_folder(&mut self, folder: &RelPath) -> Result<Set, Lost> {
        if SEES_SUBTREES {
            return Ok(Set::Watched);
        }
        self.set(&self.ground.assets_dir.join(folder), RecursiveMode::NonRecursive)
    }

    /// Adds the folders in `folder` that count.
    fn list(&self, folder: &RelPath, ahead: &mut Vec<RelPath>) -> Set {
        let entries = match self.fs.read_dir(&self.ground.assets_dir.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.is_absent() || error.is_escape() => return Set::Absent,
            Err(_) => return Set::Unreadable,
        };
        for entry in entries.iter().filter(|entry| entry.is_utf8 && entry.stat.kind == FileKind::Dir) {
            let path = folder.entry(&entry.name);
            if path.as_str().len() <= RelPath::MAX_BYTES && self.ground.ignore.ignores(&path, true).is_none() {
                ahead.push(path);
            }
        }
        Set::Watched
    }

    fn is_folder(&self, path: &RelPath) -> bool {
        self.fs.stat(path).is_ok_and(|stat| stat.kind == FileKind::Dir)
    }

    fn set(&mut self, path: &RelPath, mode: RecursiveMode) -> Result<Set, Lost> {
        let Err(error) = self.system.watch(&self.absolute(path), mode) else { return Ok(Set::Watched) };
        let why = match &error.kind {
            notify::ErrorKind::PathNotFound => Some(io::ErrorKind::NotFound),
            notify::ErrorKind::Io(why) => Some(why.kind()),
            _ => None,
        };
        match why {
            Some(io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Set::Absent),
            Some(io::ErrorKind::PermissionDenied) => Ok(Set::Unreadable),
            _ => Err(Lost::from(&error)),
        }
    }

    fn absolute(&self, path: &RelPath) -> PathBuf {
        let workspace = &self.ground.workspace;
        if path.is_root() { workspace.clone() } else { workspace.join(path.as_str()) }
    }

    /// Waits until the system's thread has passed on what has happened so far.
    fn catch_up(&mut self) {
        for _ in 0..ANSWERS {
            // A question that changes nothing, whichever way it is answered.
            let _ = self.system.configure(Config::default());
        }
    }
}

fn is_in_place(held: &RealFs, ground: &Ground) -> bool {
    let identity = |fs: &RealFs| fs.stat(&RelPath::root()).ok().map(|stat| (stat.device, stat.inode));
    RealFs::open(&ground.workspace).is_ok_and(|now| identity(&now).is_some_and(|now| Some(now) == identity(held)))
}
