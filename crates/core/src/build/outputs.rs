//! The outputs of a build: staged beside their places, then put there as one set.
//!
//! A note names the set, and where the note lies says how far it is: in `.packwright/staged` before the first file is made,
//! so that whoever writes next can clear away what a killed build left; in `.packwright/publish` from when all is written and
//! durable. That rename is the commit: from then on the new set is the one that counts, and whoever finds the note puts it
//! in its place. It says all that takes: nobody has to know the settings, and those that changed meanwhile change nothing.

use std::io;

use serde::{Deserialize, Serialize};

use crate::fs::{
    FileKind, Fs, FsError, IoContext, ReadError, WriteFile, create_dirs, read_limited, remove_if_present,
    temporary_name, write_atomic,
};
use crate::value::{OperationId, RelPath};
use crate::workspace::{Settings, Stamp, layout};

const MAX_NOTE_BYTES: u64 = 64 << 10;

/// Where the outputs of a project go.
#[derive(Debug, Clone)]
pub struct OutputPaths {
    /// The pack.
    pub pack: RelPath,
    /// The compile surface of the pack.
    pub addressables: RelPath,
    /// What the build did.
    pub report: RelPath,
}

impl OutputPaths {
    /// The outputs that the settings name.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let below = |name: &str| settings.out_dir.entry(name);
        Self {
            pack: below(&layout::pack_file(&settings.name)),
            addressables: below(layout::ADDRESSABLES),
            report: below(layout::REPORT),
        }
    }

    fn all(&self) -> [&RelPath; 3] {
        // The pack last: where it is new, the others are.
        [&self.addressables, &self.report, &self.pack]
    }
}

/// Why outputs could not be put in their place.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// Something stands in the place of an output that cannot be replaced.
    #[error("{path} cannot be replaced: {source}")]
    InUse {
        /// The output.
        path: RelPath,
        /// What the system said.
        source: io::Error,
    },
    /// The system said no.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// The set is complete and counts as new, and not all of it is known to be in its place.
    #[error("the new outputs count, and are not all in their place yet: {0}")]
    Unfinished(Box<PublishError>),
}

/// A set of outputs, as its note names it.
#[derive(Serialize, Deserialize)]
struct Set {
    operation: OperationId,
    outputs: Vec<RelPath>,
}

impl Set {
    /// The set that a note names; outside `None` where there is no note, within where it names anything but the outputs of a
    /// build: such a note is not ours, and is not followed.
    fn load(fs: &dyn Fs, note: &RelPath) -> Result<Option<Option<Self>>, FsError> {
        match read_limited(fs, note, MAX_NOTE_BYTES) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).ok().filter(Self::is_of_a_build))),
            Err(error) if error.is_absent() => Ok(None),
            Err(ReadError::Fs(error)) => Err(error),
            Err(ReadError::TooLong { .. }) => Ok(Some(None)),
        }
    }

    fn is_of_a_build(&self) -> bool {
        let [addressables, report, pack] = &*self.outputs else { return false };
        let names = (addressables.file_name(), report.file_name());
        let folder = pack.parent();
        names == (Some(layout::ADDRESSABLES), Some(layout::REPORT))
            && pack.file_name().is_some_and(|name| name.ends_with(layout::PACK_ENDING))
            && [addressables, report].iter().all(|path| path.parent() == folder)
    }

    fn staged(&self) -> impl Iterator<Item = RelPath> {
        self.outputs.iter().map(|path| temporary_name(path, self.operation))
    }

    fn folder(&self) -> RelPath {
        self.outputs.first().and_then(RelPath::parent).unwrap_or_else(RelPath::root)
    }
}

/// A set of outputs while it is made; dropping it clears away what was staged and does not count.
pub(super) struct Staging<'a> {
    fs: &'a dyn Fs,
    paths: &'a OutputPaths,
    set: Set,
    counts: bool,
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        if !self.counts {
            // What stays is named by its note, for whoever writes next.
            let _ = sweep_staged(self.fs);
        }
    }
}

impl<'a> Staging<'a> {
    /// Makes the folder of outputs, and the pack's file in it under a temporary name.
    pub(super) fn begin(
        fs: &'a dyn Fs,
        paths: &'a OutputPaths,
        operation: OperationId,
    ) -> Result<(Self, Box<dyn WriteFile>), PublishError> {
        // What earlier builds left is named by the notes that this one is about to replace.
        finish_publication(fs)?;
        sweep_staged(fs)?;
        let set = Set { operation, outputs: paths.all().map(Clone::clone).to_vec() };
        create_dirs(fs, &set.folder())?;
        let staging = Self { fs, paths, set, counts: false };
        let note = RelPath::literal(layout::STAGED);
        let text = serde_json::to_vec(&staging.set).map_err(io::Error::other).at("write", &note)?;
        write_atomic(fs, &note, &text, operation)?;
        let file = fs.create_new(&staging.pack())?;
        Ok((staging, file))
    }

    /// The pack's file while it is staged.
    pub(super) fn pack(&self) -> RelPath {
        temporary_name(&self.paths.pack, self.set.operation)
    }

    /// Puts the set in its place. The pack's file is written and synced.
    pub(super) fn publish(mut self, addressables: &[u8], report: &[u8]) -> Result<(), PublishError> {
        for (path, bytes) in [(&self.paths.addressables, addressables), (&self.paths.report, report)] {
            let temporary = temporary_name(path, self.set.operation);
            let file = self.fs.create_new(&temporary)?;
            file.write_at(bytes, 0).at("write", &temporary)?;
            file.sync().at("make durable", &temporary)?;
        }
        for path in self.paths.all() {
            refuse_occupied(self.fs, path)?;
        }
        // The folder of outputs may be new itself, and those above it.
        for folder in std::iter::successors(Some(self.set.folder()), RelPath::parent) {
            self.fs.sync_dir(&folder)?;
        }
        let (staged, publish) = (RelPath::literal(layout::STAGED), RelPath::literal(layout::PUBLISH));
        let committed = self.fs.rename(&staged, &publish).map_err(PublishError::Fs);
        let Err(error) = committed.and_then(|()| put_in_place(self.fs, &self.set)) else {
            self.counts = true;
            return Ok(());
        };
        self.counts = !self.is_taken_back();
        Err(if self.counts { PublishError::Unfinished(Box::new(error)) } else { error })
    }

    /// Takes the commit back, where nothing is in its place yet. `false` where that cannot be done, or not be known.
    fn is_taken_back(&self) -> bool {
        let is_there = |path: &RelPath| match self.fs.stat(path) {
            Ok(_) => Some(true),
            Err(error) if error.is_absent() => Some(false),
            Err(_) => None,
        };
        let (staged, publish) = (RelPath::literal(layout::STAGED), RelPath::literal(layout::PUBLISH));
        let sync = || self.fs.sync_dir(&RelPath::literal(layout::PRIVATE)).is_ok();
        self.set.staged().all(|path| is_there(&path) == Some(true))
            && match (is_there(&staged), is_there(&publish)) {
                (Some(true), _) => true,
                (Some(false), Some(true)) => self.fs.rename(&publish, &staged).is_ok() && sync(),
                _ => false,
            }
    }
}

fn refuse_occupied(fs: &dyn Fs, path: &RelPath) -> Result<(), PublishError> {
    match fs.stat(path) {
        Ok(stat) if stat.kind != FileKind::File => {
            let source = io::Error::new(io::ErrorKind::AlreadyExists, "something that is no file stands there");
            Err(PublishError::InUse { path: path.clone(), source })
        }
        _ => Ok(()),
    }
}

/// Renames what is not in its place yet, durably, and forgets the note.
fn put_in_place(fs: &dyn Fs, set: &Set) -> Result<(), PublishError> {
    let private = RelPath::literal(layout::PRIVATE);
    // Nothing is renamed for a note that a power cut could take away: who made it may have been killed before this.
    fs.sync_dir(&private)?;
    for path in &set.outputs {
        let staged = temporary_name(path, set.operation);
        match fs.rename(&staged, path) {
            Ok(()) => {}
            // It is in its place: whoever began may have been stopped then, and the error may be of what was done.
            Err(_) if fs.stat(&staged).is_err_and(|error| error.is_absent()) => {}
            Err(error) => return Err(PublishError::InUse { path: path.clone(), source: error.source }),
        }
    }
    sync_where_there(fs, &set.folder())?;
    // All is done. A note that stays costs whoever finds it a look.
    let _ = remove_if_present(fs, &RelPath::literal(layout::PUBLISH)).and_then(|()| fs.sync_dir(&private));
    Ok(())
}

/// Whether a publication was stopped half-way. Looking costs one stat.
#[must_use]
pub fn is_publication_unfinished(fs: &dyn Fs) -> bool {
    fs.stat(&RelPath::literal(layout::PUBLISH)).is_ok()
}

/// Whether a build has staged something and not published it: it runs, or was stopped. Looking costs one stat.
#[must_use]
pub fn is_staged(fs: &dyn Fs) -> bool {
    fs.stat(&RelPath::literal(layout::STAGED)).is_ok()
}

/// Finishes the publication that a killed build began. Call it under the workspace's lock.
///
/// # Errors
/// Where an output cannot be replaced, and what the system says.
pub fn finish_publication(fs: &dyn Fs) -> Result<(), PublishError> {
    let note = RelPath::literal(layout::PUBLISH);
    match Set::load(fs, &note)? {
        Some(Some(set)) => put_in_place(fs, &set),
        Some(None) => Ok(remove_if_present(fs, &note)?),
        None => Ok(()),
    }
}

/// Removes what a stopped build had staged. Call it under the workspace's lock.
///
/// # Errors
/// What the system says. The note then stays, so that what stays is still named.
pub fn sweep_staged(fs: &dyn Fs) -> Result<(), FsError> {
    let note = RelPath::literal(layout::STAGED);
    let Some(set) = Set::load(fs, &note)? else { return Ok(()) };
    if let Some(set) = set {
        set.staged().try_for_each(|path| remove_if_present(fs, &path))?;
        sync_where_there(fs, &set.folder())?;
    }
    remove_if_present(fs, &note)
}

/// Makes what happened in a folder durable. Outputs that were deleted with their folder are nobody's any more.
fn sync_where_there(fs: &dyn Fs, folder: &RelPath) -> Result<(), FsError> {
    match fs.sync_dir(folder) {
        Err(error) if error.is_absent() => Ok(()),
        other => other,
    }
}

/// The stamp of an output in its place.
pub(super) fn stamp_of(fs: &dyn Fs, path: &RelPath) -> Option<Stamp> {
    fs.stat(path).ok().filter(|stat| stat.kind == FileKind::File).map(Stamp::from)
}
