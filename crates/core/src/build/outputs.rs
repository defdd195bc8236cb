//! The outputs of a build: staged beside their places, then put there as one set.
//!
//! What is staged is named in `.packwright/staged` before it is made, so that the next build can clear away what a
//! killed one left. When all is written and synced, `.packwright/publish` names the renames; from then on the new set
//! is the one that counts, and whoever finds that file finishes them.

use std::io;

use serde::{Deserialize, Serialize};

use crate::fs::{
    FileKind, Fs, FsError, IoContext, WriteFile, create_dirs, is_temporary_name, read_limited, remove_if_present,
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

/// A set of outputs while it is made; dropping it clears away what was staged and is not published.
pub(super) struct Staging<'a> {
    fs: &'a dyn Fs,
    paths: &'a OutputPaths,
    operation: OperationId,
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        // A set that a note names is for whoever finds the note to finish.
        if !is_publication_unfinished(self.fs) {
            sweep(self.fs);
        }
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
}

#[derive(Serialize, Deserialize)]
struct StagedFile {
    staged: Vec<RelPath>,
}

#[derive(Serialize, Deserialize)]
struct PublishFile {
    operation: OperationId,
    outputs: Vec<RelPath>,
}

impl<'a> Staging<'a> {
    /// Makes the folder of outputs, and the pack's file in it under a temporary name.
    pub(super) fn begin(
        fs: &'a dyn Fs,
        paths: &'a OutputPaths,
        operation: OperationId,
    ) -> Result<(Self, Box<dyn WriteFile>), PublishError> {
        // What an earlier build published and could not finish must not be swept away with what others left.
        finish_publication(fs, paths)?;
        sweep(fs);
        create_dirs(fs, &paths.pack.parent().unwrap_or_else(RelPath::root))?;
        let staging = Self { fs, paths, operation };
        let staged = paths.all().map(|path| temporary_name(path, operation)).to_vec();
        let note = serde_json::to_vec(&StagedFile { staged }).map_err(io::Error::other);
        let note_path = RelPath::literal(layout::STAGED);
        write_atomic(fs, &note_path, &note.at("write", &note_path)?, operation)?;
        let file = fs.create_new(&staging.pack())?;
        Ok((staging, file))
    }

    /// The pack's file while it is staged.
    pub(super) fn pack(&self) -> RelPath {
        temporary_name(&self.paths.pack, self.operation)
    }

    /// Puts the set in its place. The pack's file is written and synced.
    pub(super) fn publish(self, addressables: &[u8], report: &[u8]) -> Result<(), PublishError> {
        for (path, bytes) in [(&self.paths.addressables, addressables), (&self.paths.report, report)] {
            let temporary = temporary_name(path, self.operation);
            let file = self.fs.create_new(&temporary)?;
            file.write_at(bytes, 0).at("write", &temporary)?;
            file.sync().at("make durable", &temporary)?;
        }
        for path in self.paths.all() {
            refuse_occupied(self.fs, path)?;
        }
        self.fs.sync_dir(&self.paths.pack.parent().unwrap_or_else(RelPath::root))?;
        let outputs: Vec<RelPath> = self.paths.all().map(Clone::clone).to_vec();
        let note = PublishFile { operation: self.operation, outputs };
        let note_path = RelPath::literal(layout::PUBLISH);
        let text = serde_json::to_vec(&note).map_err(io::Error::other).at("write", &note_path)?;
        write_atomic(self.fs, &note_path, &text, self.operation)?;
        rename_all(self.fs, &note)
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

fn rename_all(fs: &dyn Fs, note: &PublishFile) -> Result<(), PublishError> {
    for path in &note.outputs {
        match fs.rename(&temporary_name(path, note.operation), path) {
            Ok(()) => {}
            // It was renamed before the last one was stopped.
            Err(error) if error.is_absent() => {}
            Err(error) => return Err(PublishError::InUse { path: path.clone(), source: error.source }),
        }
    }
    if let Some(folder) = note.outputs.first().and_then(RelPath::parent) {
        fs.sync_dir(&folder)?;
    }
    fs.remove_file(&RelPath::literal(layout::PUBLISH))?;
    fs.sync_dir(&RelPath::literal(layout::PRIVATE))?;
    Ok(())
}

/// Whether a publication was stopped half-way. Looking costs one stat.
#[must_use]
pub fn is_publication_unfinished(fs: &dyn Fs) -> bool {
    fs.stat(&RelPath::literal(layout::PUBLISH)).is_ok()
}

/// Finishes the publication that a killed build began. Call it under the workspace's lock.
///
/// A note that names anything but outputs is not followed.
///
/// # Errors
/// Where an output cannot be replaced, and what the system says.
pub fn finish_publication(fs: &dyn Fs, paths: &OutputPaths) -> Result<(), PublishError> {
    let note_path = RelPath::literal(layout::PUBLISH);
    let Ok(bytes) = read_limited(fs, &note_path, MAX_NOTE_BYTES) else { return Ok(()) };
    let note = serde_json::from_slice::<PublishFile>(&bytes).ok();
    match note.filter(|note| note.outputs.iter().all(|path| paths.all().contains(&path))) {
        Some(note) => rename_all(fs, &note),
        None => Ok(remove_if_present(fs, &note_path)?),
    }
}

/// Removes what a killed build had staged: files that its note names and whose names are temporary ones of ours.
fn sweep(fs: &dyn Fs) {
    let note_path = RelPath::literal(layout::STAGED);
    let Ok(bytes) = read_limited(fs, &note_path, MAX_NOTE_BYTES) else { return };
    let staged = serde_json::from_slice::<StagedFile>(&bytes).map(|note| note.staged).unwrap_or_default();
    for path in staged.iter().filter(|path| path.file_name().is_some_and(is_temporary_name)) {
        // What cannot be removed now is named again by nobody; the doctor finds it as a leftover.
        let _ = remove_if_present(fs, path);
    }
    let _ = remove_if_present(fs, &note_path);
}

/// The stamp of an output in its place.
pub(super) fn stamp_of(fs: &dyn Fs, path: &RelPath) -> Option<Stamp> {
    fs.stat(path).ok().filter(|stat| stat.kind == FileKind::File).map(Stamp::from)
}
