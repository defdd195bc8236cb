//! The cache: what cost work to make, under the key it was made from.
//!
//! `entries/KK/KEY` says what an import gave; `blobs/HH/HASH` holds bytes that it made, under their own hash. Both are
//! written in `partial/` and renamed, are not synced, and are verified whenever they are read: what does not read is as
//! if it were not there. An entry's time is that of its making, or of the last build that used it and had a successor
//! that did not. What is dropped is found in `survey`.

mod survey;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::diagnose::content::Refusal;
use crate::fs::{
    FileKind, FsError, IoContext, ReadFile, SharedFs, create_dirs, read_limited, remove_if_present, seal, unseal,
};
use crate::value::{CacheKey, ContentHash, OperationId, RelPath};

pub use survey::{Dropped, Survey, Tally};

const KIND: &[u8; 8] = b"PWENTR01";
const MAX_ENTRY_BYTES: u64 = 64 << 20;
/// The largest blob: what an importer may decode.
const MAX_BLOB_BYTES: u64 = 1 << 30;

/// What an import gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// Parts.
    Parts(Vec<StoredPart>),
    /// Nothing: the content was refused, and always will be.
    Refused(Refusal),
}

/// One part, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPart {
    /// The part's name.
    pub name: String,
    /// Its format.
    pub format: String,
    /// Its metadata, canonical.
    pub metadata: String,
    /// Whether its stored bytes are one LZ4 block.
    pub is_lz4: bool,
    /// Bytes as stored.
    pub stored_length: u64,
    /// Bytes before that.
    pub raw_length: u64,
    /// The hash of the raw bytes.
    pub hash: ContentHash,
    /// The blob with the stored bytes; `None` where they are the source's own.
    pub blob: Option<ContentHash>,
}

/// How often builds look for what to drop.
const PRUNED_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// The cache of one workspace.
pub struct Cache {
    fs: SharedFs,
    dir: RelPath,
    writable: bool,
}

impl Cache {
    /// The cache in `dir`. One that is not `writable` keeps nothing.
    #[must_use]
    pub fn new(fs: SharedFs, dir: RelPath, writable: bool) -> Self {
        Self { fs, dir, writable }
    }

    /// What an import under `key` gave.
    #[must_use]
    pub fn entry(&self, key: &CacheKey) -> Option<Entry> {
        let bytes = read_limited(&*self.fs, &self.entry_path(key), MAX_ENTRY_BYTES).ok()?;
        unseal(KIND, &bytes).ok()
    }

    /// Keeps what an import under `key` gave. A cache that cannot be written costs time, and nothing else.
    pub fn keep(&self, key: &CacheKey, entry: &Entry) {
        if self.writable {
            let _ = self.write(&self.entry_path(key), &seal(KIND, entry));
        }
    }

    /// Keeps bytes under their hash; whether they are there now. A damaged blob is replaced.
    pub fn keep_blob(&self, bytes: &[u8], hash: &ContentHash) -> bool {
        let present = || self.has_blob(hash, bytes.len() as u64) && self.blob(hash).is_some();
        self.writable && (present() || self.write(&self.blob_path(hash), bytes).is_ok())
    }

    /// Whether a blob of that length is there. Its bytes are verified when they are read.
    #[must_use]
    pub fn has_blob(&self, hash: &ContentHash, length: u64) -> bool {
        self.fs.stat(&self.blob_path(hash)).is_ok_and(|stat| stat.kind == FileKind::File && stat.size == length)
    }

    /// A blob's bytes; `None` where it is missing or damaged.
    #[must_use]
    pub fn blob(&self, hash: &ContentHash) -> Option<Vec<u8>> {
        let bytes = read_limited(&*self.fs, &self.blob_path(hash), MAX_BLOB_BYTES).ok()?;
        (ContentHash::of(&bytes) == *hash).then_some(bytes)
    }

    /// A blob, open; its bytes are not looked at.
    #[must_use]
    pub fn open_blob(&self, hash: &ContentHash) -> Option<Box<dyn ReadFile>> {
        self.fs.open(&self.blob_path(hash)).ok()
    }

    /// Says that an entry was in use until now.
    pub fn renew(&self, key: &CacheKey) {
        if let Some(entry) = self.entry(key) {
            self.keep(key, &entry);
        }
    }

    /// Removes what a killed build was writing. Call it under the workspace's lock.
    pub fn sweep(&self) {
        let partial = self.dir.entry("partial");
        for entry in self.fs.read_dir(&partial).unwrap_or_default().iter().filter(|entry| entry.is_utf8) {
            let _ = remove_if_present(&*self.fs, &partial.entry(&entry.name));
        }
    }

    /// Drops what [`Cache::survey`] finds stale, where that was not done today: it reads every entry.
    ///
    /// # Errors
    /// As [`Cache::survey`].
    pub fn prune_daily(&self, age: Duration, in_use: impl Fn(&CacheKey) -> bool) -> Result<(), FsError> {
        let mark = self.dir.entry("pruned");
        if self.fs.stat(&mark).is_ok_and(|stat| stat.mtime_ns > ns_before_now(PRUNED_EVERY)) {
            return Ok(());
        }
        self.drop_stale(&self.survey(age, in_use, |_, _| true)?);
        self.write(&mark, b"")
    }

    /// The files of entries and blobs, each with its bytes.
    ///
    /// # Errors
    /// What the system says of the folders.
    pub fn all_files(&self) -> Result<Vec<(RelPath, u64)>, FsError> {
        let all = self.files("entries")?.into_iter().chain(self.files("blobs")?);
        Ok(all.map(|(path, stat)| (path, stat.size)).collect())
    }

    /// What is wrong with one of [`Cache::all_files`]; `None` where it holds what its name says, or is gone.
    #[must_use]
    pub fn fault_of(&self, path: &RelPath) -> Option<&'static str> {
        let is_entry = path.is_within(&self.dir.entry("entries"));
        let Some(name) = path.file_name().and_then(key_from_hex) else { return Some("is no file of the cache") };
        let limit = if is_entry { MAX_ENTRY_BYTES } else { MAX_BLOB_BYTES };
        let bytes = match read_limited(&*self.fs, path, limit) {
            Ok(bytes) => bytes,
            Err(error) if error.is_absent() => return None,
            Err(_) => return Some("cannot be read"),
        };
        if is_entry {
            return unseal::<Entry>(KIND, &bytes).is_err().then_some("does not read as an entry");
        }
        (ContentHash::of(&bytes).as_bytes() != name.as_bytes()).then_some("does not hash to its name")
    }

    fn files(&self, kind: &str) -> Result<Vec<(RelPath, crate::fs::Stat)>, FsError> {
        let mut files = Vec::new();
        let list = |dir: &RelPath| match self.fs.read_dir(dir) {
            Err(error) if error.is_absent() => Ok(Vec::new()),
            other => other,
        };
        let top = self.dir.entry(kind);
        for folder in list(&top)?.into_iter().filter(|entry| entry.is_utf8 && entry.stat.kind == FileKind::Dir) {
            let folder = top.entry(&folder.name);
            let inside = list(&folder)?.into_iter().filter(|entry| entry.is_utf8 && entry.stat.kind == FileKind::File);
            files.extend(inside.map(|entry| (folder.entry(&entry.name), entry.stat)));
        }
        Ok(files)
    }

    fn write(&self, path: &RelPath, bytes: &[u8]) -> Result<(), FsError> {
        create_dirs(&*self.fs, &path.parent().unwrap_or_else(RelPath::root))?;
        let partial = self.dir.entry("partial");
        create_dirs(&*self.fs, &partial)?;
        // Two threads may make the same bytes at once; each has a name of its own.
        let temporary = partial.entry(&OperationId::mint().to_string());
        let written = self.fs.create_new(&temporary).and_then(|file| file.write_at(bytes, 0).at("write", &temporary));
        let renamed = written.and_then(|()| self.fs.rename(&temporary, path));
        if renamed.is_err() {
            let _ = self.fs.remove_file(&temporary);
        }
        renamed
    }

    fn entry_path(&self, key: &CacheKey) -> RelPath {
        let hex = key.to_hex();
        self.dir.entry("entries").entry(&hex[..2]).entry(&hex)
    }

    fn blob_path(&self, hash: &ContentHash) -> RelPath {
        let hex = hash.to_hex();
        self.dir.entry("blobs").entry(&hex[..2]).entry(&hex)
    }
}

fn ns_before_now(age: Duration) -> i64 {
    let moment = SystemTime::now().checked_sub(age).and_then(|moment| moment.duration_since(UNIX_EPOCH).ok());
    moment.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0)
}

fn key_from_hex(hex: &str) -> Option<CacheKey> {
    blake3::Hash::from_hex(hex).ok().map(|hash| CacheKey::from_bytes(*hash.as_bytes()))
}
