//! The listing: what the last scan found, and what was found in each file, with the stamp it had then, so that a file that
//! has not changed is not read.
//!
//! It is a hint and may be thrown away. A record whose file was changed about when it was read is *racy*: a change right
//! after the reading could have left the same stamp. Such a record is not believed, and its file is read again until a
//! later reading settles it.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::{Folder, ScanFault, Stamp, Tree};
use crate::fs::{Fs, FsError, SealError, read_limited, seal, unseal, write_atomic};
use crate::value::{CacheKey, ContentHash, OperationId, RelPath, SharedMap};

const KIND: &[u8; 8] = b"PWLIST03";
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
    Manifest(#[serde(with = "whole")] Vec<u8>),
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

/// The records, by path relative to the workspace, as the disk spells it. Clones are cheap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Stands for the importers that made the choices in it.
    importers: [u8; 32],
    files: SharedMap<RelPath, Arc<FileRecord>>,
}

/// What the last scan found, and by which settings it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// The settings file that said where and what to scan.
    pub settings: ContentHash,
    /// What was found.
    pub tree: Tree,
}

#[derive(Serialize, Deserialize)]
struct ListingFile {
    importers: [u8; 32],
    settings: ContentHash,
    folders: Vec<Arc<Folder>>,
    faults: Vec<ScanFault>,
    files: Vec<(DiskPath, Arc<FileRecord>)>,
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct DiskPath(#[serde(with = "disk")] RelPath);

impl Listing {
    /// An empty listing for these importers.
    #[must_use]
    pub fn new(importers: [u8; 32]) -> Self {
        Self { importers, files: SharedMap::default() }
    }

    /// Reads the listing at `path`, and what the scan before it found. One that does not read is empty; choices of other
    /// importers are forgotten.
    #[must_use]
    pub fn load(fs: &dyn Fs, path: &RelPath, importers: [u8; 32]) -> (Self, Option<Scanned>) {
        let read = read_limited(fs, path, MAX_BYTES).ok().and_then(|bytes| Self::from_bytes(&bytes).ok());
        let Some((mut listing, scanned)) = read else { return (Self::new(importers), None) };
        if listing.importers != importers {
            listing.importers = importers;
            let forget = |(path, record): (&RelPath, &Arc<FileRecord>)| {
                let mut record = FileRecord::clone(record);
                if let Found::Source { auto, checked } = &mut record.found {
                    (*auto, *checked) = (None, None);
                }
                (path.clone(), Arc::new(record))
            };
            listing.files = SharedMap::from_sorted(listing.files.iter().map(forget));
        }
        (listing, Some(scanned))
    }

    /// Writes the listing, and what a scan found, to `path`.
    ///
    /// # Errors
    /// What the system says.
    pub fn store(&self, fs: &dyn Fs, path: &RelPath, scanned: &Scanned, operation: OperationId) -> Result<(), FsError> {
        write_atomic(fs, path, &self.to_bytes(scanned), operation)
    }

    fn to_bytes(&self, scanned: &Scanned) -> Vec<u8> {
        let files = self.files.iter().map(|(path, record)| (DiskPath(path.clone()), Arc::clone(record))).collect();
        let (folders, faults) = scanned.tree.parts();
        seal(KIND, &ListingFile { importers: self.importers, settings: scanned.settings, folders, faults, files })
    }

    fn from_bytes(bytes: &[u8]) -> Result<(Self, Scanned), SealError> {
        let file: ListingFile = unseal(KIND, bytes)?;
        let mut files: Vec<(RelPath, Arc<FileRecord>)> =
            file.files.into_iter().map(|(DiskPath(path), record)| (path, record)).collect();
        files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        files.dedup_by(|a, b| a.0 == b.0);
        let tree = Tree::of_parts(file.folders, file.faults);
        let listing = Self { importers: file.importers, files: SharedMap::from_sorted(files) };
        Ok((listing, Scanned { settings: file.settings, tree }))
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
        self.files.get(path).filter(|record| record.stamp == *stamp).map(|record| &**record)
    }

    /// Remembers a file.
    pub fn record(&mut self, path: RelPath, record: FileRecord) {
        if self.files.get(&path).is_none_or(|known| **known != record) {
            self.files.insert(path, Arc::new(record));
        }
    }

    /// Forgets every file that `stays` does not know.
    pub fn retain(&mut self, mut stays: impl FnMut(&RelPath) -> bool) {
        let staying = self.files.iter().filter(|(path, _)| stays(path));
        self.files = SharedMap::from_sorted(staying.map(|(path, record)| (path.clone(), Arc::clone(record))));
    }

    /// Whether two remember the same, by being one or copies of one that nothing was added to.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.files.is_same(&other.files)
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

/// Bytes, read in one piece.
mod whole {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        <&[u8]>::deserialize(deserializer).map(<[u8]>::to_vec)
    }
}

/// How a path that the disk spells stands in the file.
/// A path as the disk spells it, as it is: it need not keep the rules of paths in files.
pub(crate) mod disk {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use crate::value::RelPath;

    pub(crate) fn serialize<S: Serializer>(path: &RelPath, serializer: S) -> Result<S::Ok, S::Error> {
        path.as_str().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RelPath, D::Error> {
        RelPath::of_entries(<&str>::deserialize(deserializer)?).ok_or_else(|| de::Error::custom("no path of ours"))
    }
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
        let folder = Arc::new(Folder { disk: RelPath::root().entry("cafe\u{301}"), nodes: Vec::new() });
        let scanned = Scanned { settings: ContentHash::of(b"s"), tree: Tree::of_parts(vec![folder], Vec::new()) };
        let bytes = listing.to_bytes(&scanned);
        assert_eq!(Listing::from_bytes(&bytes).expect("it reads"), (listing.clone(), scanned));
        assert!(listing.known(&path, &stamp(0)).is_some());
        assert!(listing.known(&path, &stamp(1)).is_none(), "another stamp");
        assert!(Listing::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    }
}
