//! The listing: what was found in each file, and the stamp it had then, so that a file that has not changed is not read.
//!
//! It is a hint and may be thrown away. A record whose file was changed about when it was read is *racy*: a change right
//! after the reading could have left the same stamp. Such a record is not believed, and its file is read again until a
//! later reading settles it.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::Stamp;
use crate::fs::{Fs, FsError, SealError, read_limited, seal, unseal, write_atomic};
use crate::value::{CacheKey, ContentHash, OperationId, RelPath};

const KIND: &[u8; 8] = b"PWLIST02";
const MAX_BYTES: u64 = 2 << 30;
const RACY: Duration = Duration::from_secs(2);

/// What is remembered of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its stamp when it was read.
    pub stamp: Stamp,
    /// Whether it may have changed right after.
    pub racy: bool,
    /// The hash of its content.
    pub hash: ContentHash,
    /// What was found in it.
    pub found: Found,
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// It is a manifest: its bytes.
    Manifest(Vec<u8>),
    /// It is a source.
    Source {
        /// What `auto` chose for it, where that was asked.
        auto: Option<String>,
        /// What an importer last said of its content.
        checked: Option<Checked>,
    },
}

/// An importer's word about a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Stands for the importer, the content and all else that was asked about.
    pub key: CacheKey,
    /// Whether the content was refused; why, the cache says.
    pub refused: bool,
}

/// The records, by path relative to the workspace, as the disk spells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Stands for the importers that made the choices in it.
    importers: [u8; 32],
    files: HashMap<RelPath, FileRecord>,
}

#[derive(Serialize, Deserialize)]
struct ListingFile {
    importers: [u8; 32],
    files: Vec<(String, FileRecord)>,
}

impl Listing {
    /// An empty listing for these importers.
    #[must_use]
    pub fn new(importers: [u8; 32]) -> Self {
        Self { importers, files: HashMap::new() }
    }

    /// Reads the listing at `path`. One that does not read is empty; choices of other importers are forgotten.
    #[must_use]
    pub fn load(fs: &dyn Fs, path: &RelPath, importers: [u8; 32]) -> Self {
        let read = read_limited(fs, path, MAX_BYTES).ok().and_then(|bytes| Self::from_bytes(&bytes).ok());
        let mut listing = read.unwrap_or_else(|| Self::new(importers));
        if listing.importers != importers {
            listing.importers = importers;
            for record in listing.files.values_mut() {
                if let Found::Source { auto, checked } = &mut record.found {
                    (*auto, *checked) = (None, None);
                }
            }
        }
        listing
    }

    /// Writes the listing to `path`.
    ///
    /// # Errors
    /// What the system says.
    pub fn store(&self, fs: &dyn Fs, path: &RelPath, operation: OperationId) -> Result<(), FsError> {
        write_atomic(fs, path, &self.to_bytes(), operation)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut files: Vec<(String, FileRecord)> =
            self.files.iter().map(|(path, record)| (path.as_str().to_owned(), record.clone())).collect();
        files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        seal(KIND, &ListingFile { importers: self.importers, files })
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let file: ListingFile = unseal(KIND, bytes)?;
        let files = file.files.into_iter().filter_map(|(path, record)| Some((disk_path(&path)?, record))).collect();
        Ok(Self { importers: file.importers, files })
    }

    /// What is remembered of the file at `path`, where its stamp is the same and the record is to be believed.
    #[must_use]
    pub fn known(&self, path: &RelPath, stamp: &Stamp) -> Option<&FileRecord> {
        self.recalled(path, stamp).filter(|record| !record.racy)
    }

    /// What is remembered of the file at `path`, where its stamp is the same. A racy record is to be believed only when
    /// the content has the same hash.
    #[must_use]
    pub fn recalled(&self, path: &RelPath, stamp: &Stamp) -> Option<&FileRecord> {
        self.files.get(path).filter(|record| record.stamp == *stamp)
    }

    /// Remembers a file.
    pub fn record(&mut self, path: RelPath, record: FileRecord) {
        self.files.insert(path, record);
    }

    /// Forgets every file that `stays` does not know.
    pub fn retain(&mut self, mut stays: impl FnMut(&RelPath) -> bool) {
        self.files.retain(|path, _| stays(path));
    }

    /// How many files it remembers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether it remembers none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl FileRecord {
    /// A record of what was read at `read_at`, the moment just before the file was opened.
    #[must_use]
    pub fn new(stamp: Stamp, read_at: SystemTime, hash: ContentHash, found: Found) -> Self {
        Self { stamp, racy: is_racy(&stamp, read_at), hash, found }
    }
}

/// Whether a file with this stamp may change after `read_at` without its stamp telling.
fn is_racy(stamp: &Stamp, read_at: SystemTime) -> bool {
    let settled = read_at.checked_sub(RACY).and_then(|moment| moment.duration_since(UNIX_EPOCH).ok());
    let settled_ns = settled.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(i64::MIN);
    stamp.mtime_ns.max(stamp.ctime_ns) >= settled_ns
}

/// A path that we wrote ourselves: segments as the disk spells them.
fn disk_path(text: &str) -> Option<RelPath> {
    let fits = |segment: &str| !segment.is_empty() && segment != "." && segment != "..";
    let mut segments = text.split('/');
    segments.all(fits).then(|| text.split('/').fold(RelPath::root(), |path, segment| path.entry(segment)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(ns: i64) -> Stamp {
        Stamp { size: 1, mtime_ns: ns, ctime_ns: ns, inode: 7 }
    }

    fn record(changed_ns: i64, read_at: SystemTime) -> FileRecord {
        let found = Found::Source { auto: Some("raw".into()), checked: None };
        FileRecord::new(stamp(changed_ns), read_at, ContentHash::of(b"x"), found)
    }

    #[test]
    fn a_file_read_within_two_seconds_of_its_change_is_not_believed() {
        let read_at = UNIX_EPOCH + Duration::from_secs(100);
        let second = 1_000_000_000;
        assert!(record(100 * second, read_at).racy);
        assert!(record(98 * second, read_at).racy);
        assert!(record(200 * second, read_at).racy, "a change in the future");
        assert!(!record(98 * second - 1, read_at).racy);
    }

    #[test]
    fn a_listing_reads_back_and_a_damaged_one_is_empty() {
        let path = RelPath::root().entry("assets").entry("cafe\u{301}");
        let mut listing = Listing::new([1; 32]);
        listing.record(path.clone(), record(0, SystemTime::now()));
        let bytes = listing.to_bytes();
        assert_eq!(Listing::from_bytes(&bytes).expect("it reads"), listing);
        assert!(listing.known(&path, &stamp(0)).is_some());
        assert!(listing.known(&path, &stamp(1)).is_none(), "another stamp");
        assert!(Listing::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    }
}
