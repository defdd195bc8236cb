//! What a service sees of a project: all of it of one moment.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::KnownHistory;
use crate::build::cache::StoredPart;
use crate::build::{BuiltAsset, LastBuild, ReportFile};
use crate::diagnose::Findings;
use crate::fs::Fs;
use crate::snapshot::{Marks, RuntimeState, Snapshot};
use crate::value::{AssetId, ContentHash, RelPath};
use crate::workspace::{FileRecord, Listing, Stamp, layout};

/// What is known of a project at one moment. Clones are cheap.
#[derive(Clone, Default)]
pub struct View {
    /// What is known.
    pub snapshot: Snapshot,
    /// What is remembered of files.
    pub listing: Listing,
    /// What the rules find in the snapshot.
    pub findings: Arc<Findings>,
    /// What is less to be believed than the rest.
    pub marks: Marks,
    /// How far all of it is to be believed.
    pub state: RuntimeState,
    /// What the last build made.
    pub last_build: Remembered<KnownBuild>,
    /// What the last build said of itself.
    pub report: Remembered<ReportFile>,
    /// What was done.
    pub history: Remembered<KnownHistory>,
}

/// Something that lies in a file or a folder of ours, read when it is first asked for, and again when that has changed.
/// While it is read again, others are given what was known before.
pub struct Remembered<T>(Arc<Kept<T>>);

struct Kept<T> {
    known: Mutex<Option<Known<T>>>,
    reading: Mutex<()>,
}

/// What was read, and the stamp of where it was read from.
type Known<T> = (Stamp, Option<Arc<T>>);

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self(Arc::new(Kept { known: Mutex::new(None), reading: Mutex::new(()) }))
    }
}

impl<T> Clone for Remembered<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Remembered<T> {
    /// What lies at `path`, as `load` reads it; `None` where there is nothing that reads.
    pub fn get(&self, fs: &dyn Fs, path: &RelPath, load: impl FnOnce(&dyn Fs) -> Option<T>) -> Option<Arc<T>> {
        let stamp = Stamp::from(fs.stat(path).ok()?);
        let known = lock(&self.0.known).clone();
        if known.as_ref().is_some_and(|(read, _)| *read == stamp) {
            return known.and_then(|(_, last)| last);
        }
        let reading = match known {
            None => Ok(lock(&self.0.reading)),
            Some(_) => self.0.reading.try_lock(),
        };
        if reading.is_ok() {
            *lock(&self.0.known) = Some((stamp, load(fs).map(Arc::new)));
        }
        lock(&self.0.known).clone().and_then(|(_, last)| last)
    }
}

/// The last build, ready to be asked about single assets.
pub struct KnownBuild {
    /// The record.
    pub last: LastBuild,
    n_parts: HashMap<AssetId, u64>,
    /// Made when it is first asked for: by hash, the places of asset, import and part in the record.
    by_hash: OnceLock<Vec<(ContentHash, [u32; 3])>>,
}

impl KnownBuild {
    /// Reads the record.
    #[must_use]
    pub fn load(fs: &dyn Fs) -> Option<Self> {
        let last = LastBuild::load(fs, &RelPath::literal(layout::LAST_BUILD))?;
        let n_parts = |asset: &BuiltAsset| asset.imports.iter().map(|import| import.parts.len() as u64).sum();
        let by_id = last.assets.iter().map(|asset| (asset.asset_id, n_parts(asset))).collect();
        Some(Self { last, n_parts: by_id, by_hash: OnceLock::new() })
    }

    /// How many parts it made of an asset; `None` where it made nothing of it.
    #[must_use]
    pub fn n_parts(&self, asset: AssetId) -> Option<u64> {
        self.n_parts.get(&asset).copied()
    }

    /// The parts whose raw bytes have that hash, each with its asset and its offset in the pack.
    pub fn parts_with(&self, hash: &ContentHash) -> impl Iterator<Item = (&BuiltAsset, &StoredPart, u64)> {
        let all = self.by_hash();
        let alike = all[all.partition_point(|(other, _)| other < hash)..].iter();
        alike.take_while(move |(other, _)| other == hash).filter_map(|(_, at)| self.part_at(*at))
    }

    /// The parts whose raw bytes another part has too, in groups, by hash.
    pub fn same_parts(&self) -> impl Iterator<Item = Vec<(&BuiltAsset, &StoredPart)>> {
        let groups = self.by_hash().chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
        groups.map(|group| {
            let parts = group.iter().filter_map(|(_, at)| self.part_at(*at));
            parts.map(|(asset, part, _)| (asset, part)).collect()
        })
    }

    fn part_at(&self, [asset, import, part]: [u32; 3]) -> Option<(&BuiltAsset, &StoredPart, u64)> {
        let asset = self.last.assets.get(asset as usize)?;
        let (part, offset) = asset.imports.get(import as usize)?.parts.get(part as usize)?;
        Some((asset, part, *offset))
    }

    fn by_hash(&self) -> &[(ContentHash, [u32; 3])] {
        self.by_hash.get_or_init(|| self.sorted_by_hash())
    }

    fn sorted_by_hash(&self) -> Vec<(ContentHash, [u32; 3])> {
        let mut all = Vec::new();
        for (a, asset) in (0..).zip(&self.last.assets) {
            for (i, import) in (0..).zip(&asset.imports) {
                all.extend((0..).zip(&import.parts).map(|(p, (part, _))| (part.hash, [a, i, p])));
            }
        }
        all.sort_unstable();
        all
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl View {
    /// Takes in what was found out about files. What was remembered of files that are gone is forgotten now and then.
    pub fn remember(&mut self, records: Vec<(RelPath, FileRecord)>) {
        for (path, record) in records {
            self.listing.record(path, record);
        }
        let assets = &self.snapshot.assets;
        let known: usize = assets.all().map(|asset| asset.sources.len() + 1).sum();
        if self.listing.len() > known {
            let assets_dir = self.snapshot.assets_dir();
            let files = self.snapshot.tree.folders().flat_map(|(_, folder)| {
                let folder_path = assets_dir.join(&folder.disk);
                folder.nodes.iter().map(move |node| folder_path.entry(node.disk_name()))
            });
            let there: HashSet<RelPath> = files.collect();
            self.listing.retain(|path| there.contains(path));
        }
    }
}
