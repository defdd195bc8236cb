//! Mistakes that the commit protocol could make, each made by what stands between it and the disk.
//!
//! A check that catches nothing proves nothing. [`Mistaken`] lets calls through as they come, save those that one
//! [`Mistake`] is about: it drops a sync, swaps two steps, swallows an error, answers with old bytes. So the product has
//! no hooks for it.

mod file;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use packwright::fs::{
    DirEntry, FileKind, Fs, FsError, LockGuard, ReadFile, Stat, WriteFile, is_temporary_name, read_limited,
};
use packwright::plan::Journal;
use packwright::value::RelPath;
use packwright_testkit::ModelFs;

use super::mistakes::Mistake;
use file::{MistakenFile, Remembered};

pub(super) const PRIVATE: &str = ".packwright";
pub(super) const JOURNAL: &str = ".packwright/journal";
pub(super) const PUBLISH: &str = ".packwright/publish";
pub(super) const HISTORY: &str = ".packwright/history";
pub(super) const TRASH: &str = ".packwright/trash";
pub(super) const LOCK: &str = ".packwright/lock";
pub(super) const REGISTRY: &str = "packwright.registry.json";

/// The files, and one mistake.
pub(super) struct Mistaken {
    files: ModelFs,
    mistake: Mistake,
    course: Arc<Mutex<Course>>,
    /// What is known beyond one process, for mistakes that need to know better.
    memory: Arc<Mutex<Memory>>,
    before_moves: Box<BeforeMoves>,
}

/// What happens before something is moved to where nothing may be.
type BeforeMoves = dyn Fn(&ModelFs, &RelPath, &RelPath) + Send + Sync;

/// The registry's bytes before the last commit, and after it.
#[derive(Default)]
pub(super) struct Memory {
    before: Vec<u8>,
    after: Vec<u8>,
}

/// How far an operation has come, as its calls show.
#[derive(Default)]
struct Course {
    /// Where the last rename went to.
    renamed_to: String,
    is_committed: bool,
    is_undoing: bool,
    /// Whether the journal was read, and the registry not since.
    has_read_journal: bool,
    /// Renames that are not done yet.
    held: Vec<(RelPath, RelPath)>,
    /// Removals and moves that are not done yet.
    undone: Vec<Undoing>,
    /// Files that are synced too late.
    unsynced: Vec<Arc<dyn WriteFile>>,
}

enum Undoing {
    Move(RelPath, RelPath),
    RemoveFile(RelPath),
    RemoveDir(RelPath),
}

impl Mistaken {
    pub(super) fn new(files: &ModelFs, mistake: Mistake, memory: &Arc<Mutex<Memory>>) -> Self {
        let (course, memory) = (Arc::default(), Arc::clone(memory));
        Self { files: files.clone(), mistake, course, memory, before_moves: Box::new(|_, _, _| {}) }
    }

    pub(super) fn before_moves(self, hook: impl Fn(&ModelFs, &RelPath, &RelPath) + Send + Sync + 'static) -> Self {
        Self { before_moves: Box::new(hook), ..self }
    }

    fn course(&self) -> MutexGuard<'_, Course> {
        self.course.lock().expect("no panic")
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("no panic")
    }

    fn bytes(&self, path: &RelPath) -> Vec<u8> {
        read_limited(&self.files, path, 1 << 20).unwrap_or_default()
    }

    /// Whether this sync of a folder is the one that is forgotten.
    fn forgets_sync(&self, dir: &str) -> bool {
        let course = self.course();
        let after = |place: &str| course.renamed_to == place;
        match self.mistake {
            Mistake::JournalNameNotSynced => dir == PRIVATE && after(JOURNAL),
            Mistake::PrivateFolderNotSynced => dir.is_empty() && after(JOURNAL),
            Mistake::RegistryNameNotSynced => dir.is_empty() && after(REGISTRY),
            Mistake::ManifestNameNotSynced => dir.starts_with("assets/") && !course.is_undoing,
            Mistake::QuarantineEntryNotSynced => dir.starts_with("quarantine/"),
            Mistake::QuarantineNotSynced => dir == "quarantine",
            Mistake::OriginNotSynced => dir == "assets" && !course.is_undoing,
            Mistake::TrashFolderNotSynced => dir.starts_with(".packwright/trash/"),
            Mistake::TrashNotSynced => dir == TRASH,
            Mistake::NewParentsNotSynced => dir.starts_with("assets/far") && !course.is_undoing,
            Mistake::HistoryNotSynced => dir == HISTORY,
            Mistake::RetiredJournalNotSynced => dir == PRIVATE && course.renamed_to.starts_with(HISTORY),
            Mistake::OutputsNotSynced | Mistake::NewOutputFoldersNotSynced => dir == "build",
            Mistake::PublicationNotSynced => dir == PRIVATE && after(PUBLISH),
            Mistake::UndoNotSynced => course.is_undoing && dir != PRIVATE,
            Mistake::TidyingNotSynced => course.is_committed && dir.starts_with("quarantine"),
            _ => false,
        }
    }

    /// Does what was held back, the folders of it synced.
    fn release(&self) -> Result<(), FsError> {
        let held = std::mem::take(&mut self.course().held);
        for (from, to) in held {
            self.files.rename(&from, &to)?;
            self.files.sync_dir(&to.parent().unwrap_or_else(RelPath::root))?;
        }
        Ok(())
    }

    fn holds(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.course().held.push((from.clone(), to.clone()));
        Ok(())
    }

    /// Writes over what is there, as careless programs do.
    fn write_in_place(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        let bytes = self.bytes(from);
        let _ = self.files.remove_file(to);
        let file = self.files.create_new(to)?;
        let told = |error| FsError { action: "write", path: to.clone(), source: error };
        let (first, second) = bytes.split_at(bytes.len() / 2);
        file.write_at(first, 0).map_err(told)?;
        file.write_at(second, first.len() as u64).map_err(told)?;
        file.sync().map_err(told)?;
        self.files.remove_file(from)
    }

    fn delete_all(&self, path: &RelPath) {
        if self.files.stat(path).is_ok_and(|stat| stat.kind == FileKind::Dir) {
            for entry in self.files.read_dir(path).unwrap_or_default() {
                self.delete_all(&path.entry(&entry.name));
            }
            let _ = self.files.remove_dir(path);
        } else {
            let _ = self.files.remove_file(path);
        }
    }

    /// What is removed or moved back while an operation is undone is done from its end.
    fn undo_forward(&self) {
        let undone = std::mem::take(&mut self.course().undone);
        for one in undone.into_iter().rev() {
            let _ = match one {
                Undoing::Move(from, to) => self.files.rename_no_replace(&from, &to),
                Undoing::RemoveFile(path) => self.files.remove_file(&path),
                Undoing::RemoveDir(path) => self.files.remove_dir(&path),
            };
        }
    }

    fn is_undoing(&self, mistake: Mistake) -> bool {
        self.mistake == mistake && self.course().is_undoing
    }

    /// A rename to where a file of ours is replaced.
    fn rename_as_mistaken(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        match (self.mistake, from.as_str(), to.as_str()) {
            (Mistake::NoJournal, _, JOURNAL) => self.files.remove_file(from),
            (Mistake::NoJournal | Mistake::JournalStays, JOURNAL, _) => Ok(()),
            (Mistake::HistoryBeforeCommit, JOURNAL, _) if self.course().is_committed => Ok(()),
            (Mistake::JournalForgottenFirst, JOURNAL, _) if self.course().is_undoing => Ok(()),
            (Mistake::JournalLate, _, JOURNAL) => self.holds(from, to),
            (Mistake::JournalLate, JOURNAL, _) => self.release().and_then(|()| self.files.rename(from, to)),
            (Mistake::JournalLate, _, REGISTRY) => self.release().and_then(|()| self.files.rename(from, to)),
            (Mistake::ManifestAfterRegistry, _, REGISTRY) => {
                self.files.rename(from, to)?;
                self.release()
            }
            (Mistake::HistoryBeforeCommit, _, REGISTRY) => {
                let operation = from.as_str().rsplit_once(".pw-").map_or("none", |(_, operation)| operation);
                let journal = RelPath::literal(JOURNAL);
                let _ = self.files.rename(&journal, &RelPath::literal(HISTORY).entry(operation));
                let _ = self.files.sync_dir(&RelPath::literal(HISTORY));
                let _ = self.files.sync_dir(&RelPath::literal(PRIVATE));
                self.files.rename(from, to)
            }
            (Mistake::OkBeforeCommit, _, REGISTRY) => self.holds(from, to),
            (Mistake::RegistryInPlace, _, REGISTRY) => self.write_in_place(from, to),
            (Mistake::ManifestInPlace, _, path) if path.ends_with("/asset.json") => self.write_in_place(from, to),
            (Mistake::UndoKeepsEdits, _, path) if path.ends_with("/asset.json") && self.course().is_undoing => {
                self.files.remove_file(from)
            }
            (Mistake::RegistrySyncedLate, _, REGISTRY) => {
                self.files.rename(from, to)?;
                let unsynced = std::mem::take(&mut self.course().unsynced);
                let synced: io::Result<()> = unsynced.iter().try_for_each(|file| file.sync());
                synced.map_err(|source| FsError { action: "make durable", path: to.clone(), source })
            }
            _ => self.files.rename(from, to),
        }
    }
}

/// A name under which an operation stages something for `place`.
fn is_staged_for(path: &RelPath, place: &str) -> bool {
    let name = path.file_name().unwrap_or_default();
    is_temporary_name(name) && name.starts_with(&format!(".{place}.pw-"))
}

fn is_staged(path: &RelPath) -> bool {
    path.file_name().is_some_and(is_temporary_name)
}

impl Fs for Mistaken {
    fn read_dir(&self, dir: &RelPath) -> Result<Vec<DirEntry>, FsError> {
        self.files.read_dir(dir)
    }

    fn stat(&self, path: &RelPath) -> Result<Stat, FsError> {
        let stat = self.files.stat(path)?;
        if self.mistake != Mistake::ForeignJournalFollowed || path.as_str() != LOCK {
            return Ok(stat);
        }
        let journal = Journal::read(&self.bytes(&RelPath::literal(JOURNAL))).ok();
        Ok(journal.map_or(stat, |journal| Stat { inode: journal.lock.inode, ..stat }))
    }

    fn open(&self, path: &RelPath) -> Result<Box<dyn ReadFile>, FsError> {
        let file = self.files.open(path)?;
        let asks = path.as_str() == REGISTRY && std::mem::take(&mut self.course().has_read_journal);
        self.course().has_read_journal |= path.as_str() == JOURNAL;
        let bytes = match self.mistake {
            Mistake::RecoveryAlwaysUndoes if asks => self.memory().before.clone(),
            Mistake::RecoveryRedoes if asks => self.memory().after.clone(),
            _ => return Ok(file),
        };
        let told = |source| FsError { action: "look at", path: path.clone(), source };
        let stat = Stat { size: bytes.len() as u64, ..file.stat().map_err(told)? };
        Ok(Box::new(Remembered { bytes, stat }))
    }

    fn create_new(&self, path: &RelPath) -> Result<Box<dyn WriteFile>, FsError> {
        let file: Arc<dyn WriteFile> = Arc::from(self.files.create_new(path)?);
        let (path, mistake, course) = (path.clone(), self.mistake, Arc::clone(&self.course));
        Ok(Box::new(MistakenFile { file, path, mistake, course, memory: Arc::clone(&self.memory) }))
    }

    fn create_dir(&self, path: &RelPath) -> Result<(), FsError> {
        self.files.create_dir(path)
    }

    fn rename(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        if to.as_str() == REGISTRY {
            let before = self.bytes(to);
            self.memory().before = before;
        }
        if to.as_str() == JOURNAL {
            let mut course = self.course();
            (course.is_committed, course.is_undoing) = (false, false);
        }
        if [from.as_str(), to.as_str()].contains(&JOURNAL) || [REGISTRY, PUBLISH].contains(&to.as_str()) {
            self.course().renamed_to = to.as_str().to_owned();
        }
        self.rename_as_mistaken(from, to)?;
        if to.as_str() == REGISTRY || from.as_str() == JOURNAL {
            let mut course = self.course();
            (course.is_committed, course.is_undoing) = (true, false);
        }
        Ok(())
    }

    fn rename_no_replace(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        (self.before_moves)(&self.files, from, to);
        let is_to_trash = to.is_within(&RelPath::literal(TRASH));
        match self.mistake {
            Mistake::MovesReplace => self.files.rename(from, to),
            Mistake::ManifestAfterRegistry if is_staged_for(from, "asset.json") => self.holds(from, to),
            Mistake::ManifestInPlace if is_staged_for(from, "asset.json") => self.write_in_place(from, to),
            Mistake::TrashEmptiedEarly if is_to_trash => {
                self.files.rename_no_replace(from, to)?;
                self.delete_all(to);
                // What is moved is looked at again.
                self.files.create_dir(to)
            }
            Mistake::NothingUndone if self.course().is_undoing => Ok(()),
            Mistake::UndoneForward if self.course().is_undoing => {
                self.course().undone.push(Undoing::Move(from.clone(), to.clone()));
                Ok(())
            }
            _ => self.files.rename_no_replace(from, to),
        }
    }

    fn remove_file(&self, path: &RelPath) -> Result<(), FsError> {
        if is_staged_for(path, REGISTRY) && !self.course().is_committed {
            // With this, undoing begins.
            self.course().is_undoing = true;
            if self.mistake == Mistake::JournalForgottenFirst {
                let _ = self.files.remove_file(&RelPath::literal(JOURNAL));
                let _ = self.files.sync_dir(&RelPath::literal(PRIVATE));
            }
            let _ = self.release();
        }
        if path.as_str() == JOURNAL {
            self.undo_forward();
            self.course().is_undoing = false;
        }
        if self.mistake == Mistake::OkBeforeCommit && path.as_str() == ".packwright/holder.json" {
            // Where the next operation begins, and not where this one ends.
            let is_next = !self.course().held.is_empty() && self.course().renamed_to.is_empty();
            self.course().renamed_to.clear();
            if is_next {
                self.release()?;
            }
        }
        let is_in_trash = path.is_within(&RelPath::literal(TRASH));
        match self.mistake {
            Mistake::TemporariesStay if is_staged(path) => Ok(()),
            Mistake::TrashStays if is_in_trash => Ok(()),
            Mistake::NothingUndone if self.course().is_undoing && path.as_str() != JOURNAL && !is_staged(path) => {
                Ok(())
            }
            Mistake::UndoneForward if self.course().is_undoing && path.as_str() != JOURNAL && !is_staged(path) => {
                self.course().undone.push(Undoing::RemoveFile(path.clone()));
                Ok(())
            }
            _ => self.files.remove_file(path),
        }
    }

    fn remove_dir(&self, path: &RelPath) -> Result<(), FsError> {
        if self.is_undoing(Mistake::NothingUndone) {
            return Ok(());
        }
        if self.is_undoing(Mistake::UndoneForward) {
            self.course().undone.push(Undoing::RemoveDir(path.clone()));
            return Ok(());
        }
        self.files.remove_dir(path)
    }

    fn sync_dir(&self, dir: &RelPath) -> Result<(), FsError> {
        if self.is_undoing(Mistake::UndoneForward) {
            self.undo_forward();
        }
        if self.forgets_sync(dir.as_str()) {
            return Ok(());
        }
        match (self.mistake, self.files.sync_dir(dir)) {
            (Mistake::FolderSyncErrorsIgnored, _) => Ok(()),
            (_, synced) => synced,
        }
    }

    fn copy_mode(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        if self.mistake == Mistake::ModeNotKept { Ok(()) } else { self.files.copy_mode(from, to) }
    }

    fn try_lock(&self, path: &RelPath) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        let got = self.files.try_lock(path)?;
        Ok(if self.mistake == Mistake::LockForEverybody { Some(Box::new(NoLock)) } else { got })
    }

    fn is_network(&self) -> Result<bool, FsError> {
        self.files.is_network()
    }
}

/// A lock that keeps nobody out.
struct NoLock;

impl LockGuard for NoLock {}
