//! Watching folders: what happens to the entries of each, told as it happens.
//!
//! The system watches one folder at a time (inotify); which folders, the caller says. This file keeps the path of each
//! watch, through renames too: a watch lives and dies with the folder, not with its path, so a folder that leaves its
//! path loses its watch, and all below it lose theirs, in time that grows with them alone. Reading is never told.
//! Events are hints: by the time one is heard, its path may name something else.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsStr;
use std::io;
use std::mem::MaybeUninit;
use std::ops::Bound;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;

use super::RealFs;
use crate::value::RelPath;

/// What is asked for of every folder. Opening and reading is not, or a scan would drown what matters; nor what becomes
/// of files that are deleted and still open.
const ASKED: WatchFlags = WatchFlags::CREATE
    .union(WatchFlags::DELETE)
    .union(WatchFlags::MOVE)
    .union(WatchFlags::MODIFY)
    .union(WatchFlags::CLOSE_WRITE)
    .union(WatchFlags::ATTRIB)
    .union(WatchFlags::ONLYDIR)
    .union(WatchFlags::DONT_FOLLOW)
    .union(WatchFlags::EXCL_UNLINK);
/// What is asked for of the workspace folder besides, for no watched folder holds it.
const ASKED_OF_ITSELF: WatchFlags = WatchFlags::DELETE_SELF.union(WatchFlags::MOVE_SELF);

const BUFFER: usize = 64 * 1024;
/// How many watches are ended before events are read again: each end is an event too, and the system keeps few.
const LET_GO: usize = 1024;

/// What a watch tells.
#[derive(Debug)]
pub(crate) enum Seen<'a> {
    /// Something happened to an entry of a folder.
    Change {
        /// The folder, in the workspace, as the disk spells it.
        folder: &'a RelPath,
        /// The entry; `None` where it is the folder itself.
        name: Option<&'a OsStr>,
        /// Whether the entry is a folder.
        is_folder: bool,
        /// What happened.
        change: Change,
    },
    /// More happened than the system could keep.
    Overflow,
    /// The system cannot tell more.
    Failed(Errno),
}

/// What happened to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is there: made, or moved there, whatever was there before.
    Came,
    /// It is there no more.
    Went,
    /// Its content was written.
    Written,
    /// Its permissions or times were changed.
    Retouched,
}

/// A number of watched folders of one workspace. Dropping it ends all watches.
#[derive(Debug)]
pub(crate) struct FolderWatches {
    root: PathBuf,
    system: Arc<System>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct System {
    events: OwnedFd,
    /// Readable once the watches are to end.
    end: OwnedFd,
    places: Mutex<Places>,
}

/// Which watch stands for which path, and back.
#[derive(Debug, Default)]
struct Places {
    by_watch: HashMap<i32, RelPath>,
    by_path: BTreeMap<RelPath, i32>,
    /// Watches of folders that left their path, which are to end unless they turn up under another.
    homeless: BTreeSet<i32>,
}

impl FolderWatches {
    /// Begins with no folder. `see` is called on a thread of its own, and must be quick: while it takes its time, the
    /// system has to keep what happens, and does not keep much.
    ///
    /// # Errors
    /// What the system says; `MFILE` where the user has too many of these.
    pub(crate) fn start(fs: &RealFs, see: impl FnMut(Seen<'_>) + Send + 'static) -> io::Result<Self> {
        let system = Arc::new(System::new()?);
        let listening = system.clone();
        let thread = thread::Builder::new().name("packwright-watch".to_owned());
        let thread = Some(thread.spawn(move || listening.listen(see))?);
        Ok(Self { root: fs.path().to_owned(), system, thread })
    }

    /// Watches a folder, or goes on watching it: whatever happens in it once this has returned is told under this
    /// path.
    ///
    /// # Errors
    /// What the system says: `NOENT` or `NOTDIR` where there is no folder (a link is none), `ACCESS` where it may not
    /// be read, `NOSPC` where the user has too many watches.
    pub(crate) fn add(&self, folder: &RelPath) -> Result<(), Errno> {
        let (path, asked) = match folder.is_root() {
            true => (self.root.clone(), ASKED | ASKED_OF_ITSELF),
            false => (self.root.join(folder.as_str()), ASKED),
        };
        // Held meanwhile, for the first event may be read before the watch is known.
        let mut places = self.system.places();
        let watch = inotify::add_watch(&self.system.events, &path, asked)?;
        places.put(watch, folder);
        Ok(())
    }
}

impl Drop for FolderWatches {
    fn drop(&mut self) {
        // Cannot fail: the counter is far from full.
        let _ = rustix::io::write(&self.system.end, &1_u64.to_ne_bytes());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl System {
    fn new() -> io::Result<Self> {
        let events = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let end = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self { events, end, places: Mutex::default() })
    }

    fn listen(&self, mut see: impl FnMut(Seen<'_>)) {
        let mut buffer = [MaybeUninit::uninit(); BUFFER];
        let mut reader = Reader::new(&self.events, &mut buffer);
        loop {
            match reader.next() {
                Ok(event) => self.tell(&event, &mut see),
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(error) => return see(Seen::Failed(error)),
            }
            if reader.is_buffer_empty() {
                let is_busy = self.let_go();
                match self.wait(is_busy) {
                    Ok(true) => {}
                    Ok(false) => return,
                    Err(error) => return see(Seen::Failed(error)),
                }
            }
        }
    }

    /// Waits for an event, unless there is more to do; `false` where the watches are to end.
    fn wait(&self, is_busy: bool) -> Result<bool, Errno> {
        let mut ready = [PollFd::new(&self.events, PollFlags::IN), PollFd::new(&self.end, PollFlags::IN)];
        let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
        match poll(&mut ready, is_busy.then_some(&at_once)) {
            Ok(_) => Ok(ready[1].revents().is_empty()),
            Err(Errno::INTR) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Ends some of the watches that have no path; whether there are more.
    fn let_go(&self) -> bool {
        let mut places = self.places();
        for watch in places.homeless.iter().take(LET_GO) {
            // Fails where the folder was deleted, and its watch with it.
            let _ = inotify::remove_watch(&self.events, *watch);
        }
        let rest = places.homeless.iter().nth(LET_GO).copied();
        places.homeless = rest.map(|first| places.homeless.split_off(&first)).unwrap_or_default();
        !places.homeless.is_empty()
    }

    fn tell(&self, event: &inotify::Event<'_>, see: &mut impl FnMut(Seen<'_>)) {
        let mask = event.events();
        if mask.contains(ReadFlags::QUEUE_OVERFLOW) {
            return see(Seen::Overflow);
        }
        let name = event.file_name().map(|name| OsStr::from_bytes(name.to_bytes())).filter(|name| !name.is_empty());
        let is_folder = name.is_none() || mask.contains(ReadFlags::ISDIR);
        let Some(folder) = self.follow(event.wd(), mask, name) else { return };
        if let Some(change) = change_of(mask) {
            see(Seen::Change { folder: &folder, name, is_folder, change });
        }
    }

    /// Keeps the places true to an event; the folder that is meant, where it still has its watch.
    fn follow(&self, watch: i32, mask: ReadFlags, name: Option<&OsStr>) -> Option<RelPath> {
        let mut places = self.places();
        let folder = places.by_watch.get(&watch)?.clone();
        if mask.contains(ReadFlags::IGNORED) {
            places.forget(watch);
        }
        if mask.contains(ReadFlags::MOVED_FROM | ReadFlags::ISDIR)
            && let Some(name) = name.and_then(OsStr::to_str)
        {
            places.leave(&folder.entry(name));
        }
        Some(folder)
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Places {
    /// The folder of a watch is at `path`, wherever it was before, and whatever was there.
    fn put(&mut self, watch: i32, path: &RelPath) {
        self.homeless.remove(&watch);
        self.forget(watch);
        if let Some(other) = self.by_path.insert(path.clone(), watch) {
            self.by_watch.remove(&other);
            self.homeless.insert(other);
        }
        self.by_watch.insert(watch, path.clone());
    }

    fn forget(&mut self, watch: i32) {
        if let Some(path) = self.by_watch.remove(&watch) {
            self.by_path.remove(&path);
        }
    }

    /// A folder left its path, and all below it with it.
    fn leave(&mut self, folder: &RelPath) {
        // Below `a` lies what begins with `a/`; `0` is what follows `/`.
        let (from, to) = (format!("{folder}/"), format!("{folder}0"));
        let below = self.by_path.range::<str, _>((Bound::Included(&*from), Bound::Excluded(&*to)));
        let watches: Vec<i32> =
            self.by_path.get(folder).into_iter().chain(below.map(|(_, watch)| watch)).copied().collect();
        watches.iter().for_each(|watch| self.forget(*watch));
        self.homeless.extend(watches);
    }
}

fn change_of(mask: ReadFlags) -> Option<Change> {
    let went =
        ReadFlags::DELETE | ReadFlags::MOVED_FROM | ReadFlags::DELETE_SELF | ReadFlags::MOVE_SELF | ReadFlags::UNMOUNT;
    if mask.intersects(ReadFlags::CREATE | ReadFlags::MOVED_TO) {
        Some(Change::Came)
    } else if mask.intersects(went) {
        Some(Change::Went)
    } else if mask.intersects(ReadFlags::MODIFY | ReadFlags::CLOSE_WRITE) {
        Some(Change::Written)
    } else if mask.intersects(ReadFlags::ATTRIB) {
        Some(Change::Retouched)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;
    use crate::fs::Fs;

    fn places(paths: &[&'static str]) -> Places {
        let mut places = Places::default();
        for (watch, path) in (1..).zip(paths) {
            places.put(watch, &RelPath::literal(path));
        }
        places
    }

    fn is_consistent(places: &Places) -> bool {
        places.by_watch.len() == places.by_path.len()
            && places.by_watch.iter().all(|(watch, path)| places.by_path.get(path) == Some(watch))
    }

    #[test]
    fn a_folder_that_leaves_takes_all_below_it_and_nothing_beside_it() {
        let mut places = places(&["a", "a/x", "a/x/y", "a-b", "a0", "b", "ab/x"]);
        places.leave(&RelPath::literal("a"));
        assert_eq!(places.homeless, [1, 2, 3].into());
        assert!(is_consistent(&places));
        assert_eq!(places.by_path.len(), 4);
    }

    #[test]
    fn a_folder_found_under_a_new_path_before_it_is_told_to_leave_the_old_one_keeps_its_watch() {
        let mut places = places(&["a", "b"]);
        places.put(1, &RelPath::literal("b/a"));
        places.leave(&RelPath::literal("a"));
        assert_eq!(places.homeless, BTreeSet::new());
        assert_eq!(places.by_watch[&1], RelPath::literal("b/a"));
        assert!(is_consistent(&places));
    }

    #[test]
    fn a_folder_that_turns_up_again_keeps_its_watch() {
        let mut places = places(&["a", "a/x"]);
        places.leave(&RelPath::literal("a"));
        places.put(1, &RelPath::literal("b"));
        assert_eq!(places.homeless, [2].into());
        assert!(is_consistent(&places));
    }

    #[test]
    fn a_folder_in_the_place_of_another_has_its_path() {
        let mut places = places(&["a", "b"]);
        places.put(7, &RelPath::literal("a"));
        assert_eq!(places.homeless, [1].into());
        // The other's end, told late, is not this one's.
        places.forget(1);
        assert_eq!(places.by_path["a"], 7);
        assert!(is_consistent(&places));
    }

    /// Watches of a temporary folder, and what they tell, as text.
    fn watched() -> (tempfile::TempDir, RealFs, FolderWatches, Receiver<String>) {
        let dir = tempfile::tempdir().unwrap();
        let fs = RealFs::create(&dir.path().join("in")).unwrap();
        let (tell, told) = channel();
        let see = move |seen: Seen<'_>| tell.send(format!("{seen:?}")).unwrap_or_default();
        let watches = FolderWatches::start(&fs, see).unwrap();
        watches.add(&RelPath::root()).unwrap();
        (dir, fs, watches, told)
    }

    #[test]
    fn many_watches_end_a_few_at_a_time_so_that_their_ends_fit_between_two_readings() {
        let system = System::new().unwrap();
        // Watches that the system never gave out.
        system.places().homeless = (1_000_000..).take(2 * LET_GO + 1).collect();
        let mut rounds = 1;
        while system.let_go() {
            rounds += 1;
        }
        assert_eq!(rounds, 3);
    }

    #[test]
    fn a_folder_that_is_moved_out_gives_back_its_watch_and_all_below_it_theirs() {
        let (dir, fs, watches, told) = watched();
        for folder in ["a", "a/b", "a/b/c", "d"] {
            fs.create_dir(&RelPath::literal(folder)).unwrap();
            watches.add(&RelPath::literal(folder)).unwrap();
        }
        std::fs::rename(dir.path().join("in/a"), dir.path().join("out")).unwrap();
        std::fs::create_dir(dir.path().join("out/b/unseen")).unwrap();
        fs.create_dir(&RelPath::literal("last")).unwrap();
        let seen: Vec<String> = told.iter().take_while(|seen| !seen.contains("last")).collect();
        assert!(seen.iter().any(|seen| seen.contains("Went")), "{seen:?}");
        let left: Vec<RelPath> = watches.system.places().by_path.keys().cloned().collect();
        assert_eq!(left, [RelPath::root(), RelPath::literal("d")]);
    }

    #[test]
    fn reading_is_not_told() {
        let (dir, fs, _watches, told) = watched();
        std::fs::write(dir.path().join("in/a"), "a").unwrap();
        std::fs::read(dir.path().join("in/a")).unwrap();
        fs.read_dir(&RelPath::root()).unwrap();
        fs.create_dir(&RelPath::literal("last")).unwrap();
        let seen: Vec<String> = told.iter().take_while(|seen| !seen.contains("last")).collect();
        assert!(seen.iter().all(|seen| seen.contains("Came") || seen.contains("Written")), "{seen:?}");
    }

    #[test]
    fn what_is_no_folder_is_not_watched() {
        let (dir, _fs, watches, _told) = watched();
        std::fs::write(dir.path().join("in/file"), "").unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("in/link")).unwrap();
        for name in ["file", "link"] {
            assert_eq!(watches.add(&RelPath::literal(name)), Err(Errno::NOTDIR), "{name}");
        }
        assert_eq!(watches.add(&RelPath::literal("none")), Err(Errno::NOENT));
    }
}
