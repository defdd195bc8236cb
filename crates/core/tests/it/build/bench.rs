//! Builds over files that are watched: nothing looks younger than an hour, so that what is remembered of a file is
//! believed; every opening is counted, and a test may act before it. Nothing is synced: no power is cut here.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use packwright::build::{BuildError, Built, Job, Options, content_findings, finish_publication};
use packwright::diagnose::registered;
use packwright::event::Reporter;
use packwright::fs::{DirEntry, Fs, FsError, LockGuard, ReadFile, RealFs, SharedFs, Stat, WorkspaceLock, WriteFile};
use packwright::importer::ImporterSet;
use packwright::service::{Records, View};
use packwright::snapshot::{Reader, Snapshot};
use packwright::value::{Cancel, OperationId, RelPath};
use packwright::workspace::{Listing, Scanned, layout};
use packwright_testkit::Tree;

type Act = Box<dyn FnMut(&str) + Send>;

/// The real files, an hour older than they are.
pub(super) struct Watched {
    files: RealFs,
    opened: Mutex<Vec<String>>,
    before_open: Mutex<Option<Act>>,
    refused: Mutex<Option<String>>,
    /// How many bytes the disk still takes.
    room: Arc<AtomicU64>,
}

impl Watched {
    fn note(&self, path: &RelPath) {
        self.opened.lock().expect("no panic").push(path.as_str().to_owned());
        // Taken out while it acts, so that it may look at files itself.
        let act = self.before_open.lock().expect("no panic").take();
        if let Some(mut act) = act {
            act(path.as_str());
            self.before_open.lock().expect("no panic").get_or_insert(act);
        }
    }
}

struct Aged(Box<dyn ReadFile>);

fn aged(stat: Stat) -> Stat {
    let hour = Duration::from_secs(3600).as_nanos() as i64;
    Stat { mtime_ns: stat.mtime_ns - hour, ctime_ns: stat.ctime_ns - hour, ..stat }
}

impl ReadFile for Aged {
    fn stat(&self) -> std::io::Result<Stat> {
        self.0.stat().map(aged)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        self.0.read_at(buffer, offset)
    }

    fn descriptor(&self) -> Option<std::os::fd::BorrowedFd<'_>> {
        self.0.descriptor()
    }
}

struct Unsynced {
    file: Box<dyn WriteFile>,
    room: Arc<AtomicU64>,
}

impl Unsynced {
    fn take_room(&self, length: u64) -> std::io::Result<()> {
        let taken = self.room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |room| room.checked_sub(length));
        taken.map(drop).map_err(|_| std::io::ErrorKind::StorageFull.into())
    }
}

impl WriteFile for Unsynced {
    fn write_at(&self, bytes: &[u8], offset: u64) -> std::io::Result<()> {
        self.take_room(bytes.len() as u64)?;
        self.file.write_at(bytes, offset)
    }

    fn copy_from(&self, source: &dyn ReadFile, from: u64, to: u64, length: u64) -> std::io::Result<()> {
        self.take_room(length)?;
        self.file.copy_from(source, from, to, length)
    }

    fn set_len(&self, length: u64) -> std::io::Result<()> {
        self.file.set_len(length)
    }

    fn sync(&self) -> std::io::Result<()> {
        Ok(())
    }

    fn stat(&self) -> std::io::Result<Stat> {
        self.file.stat().map(aged)
    }
}

impl Fs for Watched {
    fn read_dir(&self, dir: &RelPath) -> Result<Vec<DirEntry>, FsError> {
        let entries = self.files.read_dir(dir)?;
        Ok(entries.into_iter().map(|entry| DirEntry { stat: aged(entry.stat), ..entry }).collect())
    }

    fn stat(&self, path: &RelPath) -> Result<Stat, FsError> {
        self.files.stat(path).map(aged)
    }

    fn open(&self, path: &RelPath) -> Result<Box<dyn ReadFile>, FsError> {
        self.note(path);
        if self.refused.lock().expect("no panic").as_deref() == Some(path.as_str()) {
            let source = std::io::Error::other("too many open files");
            return Err(FsError { action: "open", path: path.clone(), source });
        }
        Ok(Box::new(Aged(self.files.open(path)?)))
    }

    fn create_new(&self, path: &RelPath) -> Result<Box<dyn WriteFile>, FsError> {
        Ok(Box::new(Unsynced { file: self.files.create_new(path)?, room: self.room.clone() }))
    }

    fn create_dir(&self, path: &RelPath) -> Result<(), FsError> {
        self.files.create_dir(path)
    }

    fn rename(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.files.rename(from, to)
    }

    fn rename_no_replace(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.files.rename_no_replace(from, to)
    }

    fn remove_file(&self, path: &RelPath) -> Result<(), FsError> {
        self.files.remove_file(path)
    }

    fn remove_dir(&self, path: &RelPath) -> Result<(), FsError> {
        self.files.remove_dir(path)
    }

    fn sync_dir(&self, dir: &RelPath) -> Result<(), FsError> {
        self.files.stat(dir).map(drop)
    }

    fn copy_mode(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.files.copy_mode(from, to)
    }

    fn try_lock(&self, path: &RelPath) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        self.files.try_lock(path)
    }

    fn is_network(&self) -> Result<bool, FsError> {
        self.files.is_network()
    }
}

/// Builds of one workspace.
pub(super) struct Bench {
    watched: Arc<Watched>,
    importers: ImporterSet,
    pool: rayon::ThreadPool,
    pub(super) cancel: Cancel,
}

impl Bench {
    pub(super) fn new(tree: &Tree, importers: ImporterSet) -> Self {
        Self::with_threads(tree, importers, 2)
    }

    pub(super) fn with_threads(tree: &Tree, importers: ImporterSet, n: usize) -> Self {
        let files = RealFs::open(tree.path()).expect("a folder");
        let watched = Watched {
            files,
            opened: Mutex::default(),
            before_open: Mutex::default(),
            refused: Mutex::default(),
            room: Arc::new(AtomicU64::new(u64::MAX)),
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("threads");
        Self { watched: Arc::new(watched), importers, pool, cancel: Cancel::new() }
    }

    /// One build, as the runtime runs it under the lock.
    pub(super) fn build(&self, options: Options) -> Result<Built, BuildError> {
        let fs: SharedFs = self.watched.clone();
        let operation = OperationId::mint();
        let private = RelPath::literal(layout::PRIVATE);
        let _lock = WorkspaceLock::acquire(&fs, &private, ("build", operation), (Duration::ZERO, &Cancel::new()), true)
            .expect("the lock");
        self.pool.install(|| {
            let (snapshot, listing) = self.read(&fs);
            let _ = finish_publication(&*fs);
            self.watched.opened.lock().expect("no panic").clear();
            let job = Job {
                fs: &fs,
                importers: &self.importers,
                snapshot: &snapshot,
                listing: &listing,
                structural: registered(&snapshot, &*fs),
                options,
                operation,
                reporter: &Reporter::silent(),
                cancel: &self.cancel,
            };
            let (result, records) = job.run();
            self.remember(&fs, (&snapshot, &listing), records);
            result
        })
    }

    fn read(&self, fs: &SharedFs) -> (Snapshot, Listing) {
        let path = RelPath::literal(layout::LISTING);
        let (listing, _) = Listing::load(&**fs, &path, self.importers.fingerprint());
        let reading = Reader { fs: &**fs, importers: &self.importers }.open(&listing);
        (reading.snapshot, reading.listing)
    }

    fn remember(&self, fs: &SharedFs, (snapshot, listing): (&Snapshot, &Listing), records: Records) {
        let mut view = View { snapshot: snapshot.clone(), listing: listing.clone(), ..View::default() };
        view.remember(records);
        let settings = snapshot.setting.digest.expect("settings that read");
        let scanned = Scanned { settings, tree: snapshot.tree.clone() };
        let path = RelPath::literal(layout::LISTING);
        // As in a project: where it cannot be written, that costs time, and nothing else.
        let _ = view.listing.store(&**fs, &path, &scanned, OperationId::mint());
    }

    /// What the doctor says of contents: codes, and `unchecked` for each source that no build has looked at.
    pub(super) fn doctor(&self) -> Vec<String> {
        let fs: SharedFs = self.watched.clone();
        let (snapshot, listing) = self.read(&fs);
        let known = content_findings(&fs, &self.importers, &snapshot, &listing);
        let unchecked = (0..known.unchecked).map(|_| "unchecked".to_owned());
        known.findings.iter().map(|found| found.code.to_string()).chain(unchecked).collect()
    }

    /// Builds, which goes well.
    pub(super) fn built(&self) -> Built {
        self.build(Options::default()).unwrap_or_else(|error| panic!("{error:#?}"))
    }

    /// The sources that the last build opened, sorted.
    pub(super) fn sources_opened(&self) -> Vec<String> {
        let mut opened = self.watched.opened.lock().expect("no panic").clone();
        opened.retain(|path| path.starts_with("assets/"));
        opened.sort();
        opened
    }

    /// Does `act` before the build next opens `path`, once.
    pub(super) fn once_before(&self, path: &'static str, act: impl FnOnce() + Send + 'static) {
        let mut act = Some(act);
        self.before_each(path, move || {
            if let Some(act) = act.take() {
                act();
            }
        });
    }

    /// Does `act` each time before the build opens `path`.
    pub(super) fn before_each(&self, path: &'static str, mut act: impl FnMut() + Send + 'static) {
        let when = move |opened: &str| {
            if opened == path {
                act();
            }
        };
        *self.watched.before_open.lock().expect("no panic") = Some(Box::new(when));
    }

    /// From now on `path` cannot be opened, though it is there.
    pub(super) fn refuse_to_open(&self, path: &str) {
        *self.watched.refused.lock().expect("no panic") = Some(path.to_owned());
    }

    /// From now on the disk takes so many bytes more; `None` for as many as it likes.
    pub(super) fn room_left(&self, bytes: Option<u64>) {
        self.watched.room.store(bytes.unwrap_or(u64::MAX), Ordering::SeqCst);
    }
}
