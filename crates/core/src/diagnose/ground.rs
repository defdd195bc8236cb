//! What rules stand on: a snapshot, and the places in files that a finding names.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{Code, Diagnostic, Location};
use crate::fs::{Fs, ReadError, read_limited};
use crate::snapshot::{Asset, Snapshot};
use crate::value::{ContentHash, RelPath};
use crate::workspace::{EntryPlace, Manifest, Place, Registry, ScanFault, ScanFaultKind, entry_places, place_at};

/// A field of a registry entry, or the entry as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the field of that name")]
pub enum EntryField {
    Whole,
    AssetId,
    Uuid,
    Root,
}

/// A snapshot, and what is needed to point into its files. Places are looked up only when a finding asks.
pub struct Ground<'a> {
    /// What is known.
    pub snapshot: &'a Snapshot,
    fs: &'a dyn Fs,
    suspects: Vec<&'a Asset>,
    by_root: HashMap<&'a RelPath, Entries>,
    registry_bytes: OnceLock<Result<Vec<u8>, ReadError>>,
    entry_places: OnceLock<HashMap<u32, EntryPlace>>,
}

/// The entries of one root: the index of the first, and how many.
struct Entries {
    first: usize,
    count: usize,
}

impl<'a> Ground<'a> {
    /// The ground of one snapshot.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, fs: &'a dyn Fs) -> Self {
        let faulty = snapshot.tree.faults().iter().map(|fault| fault.path.nfc());
        Self::of(snapshot, fs, snapshot.assets.suspects(faulty))
    }

    /// The ground with every registered asset on it, suspect or not. Rules find no more here, and take longer.
    #[must_use]
    pub fn over_all(snapshot: &'a Snapshot, fs: &'a dyn Fs) -> Self {
        Self::of(snapshot, fs, snapshot.registered().map(|asset| &**asset).collect())
    }

    fn of(snapshot: &'a Snapshot, fs: &'a dyn Fs, suspects: Vec<&'a Asset>) -> Self {
        let mut by_root: HashMap<&RelPath, Entries> = HashMap::new();
        for (first, asset) in suspects.iter().enumerate() {
            let Ok(root) = &asset.root else { continue };
            by_root.entry(root).or_insert(Entries { first, count: 0 }).count += 1;
        }
        Self { snapshot, fs, suspects, by_root, registry_bytes: OnceLock::new(), entry_places: OnceLock::new() }
    }

    /// All registered assets that a rule may have something to say of, a folder that stands in the registry twice among
    /// them twice. The others are known to be clean.
    pub fn entries(&self) -> impl Iterator<Item = &'a Asset> + '_ {
        self.suspects.iter().copied()
    }

    /// The same assets, each folder once. That a folder stands in the registry twice is one finding (S105), and
    /// whatever else its second entry would show follows from that.
    pub fn registered(&self) -> impl Iterator<Item = &'a Asset> + '_ {
        let all = self.entries().enumerate();
        let is_first = |index, asset| self.entries_of(asset).is_none_or(|entries| entries.first == index);
        all.filter(move |(index, asset)| is_first(*index, asset)).map(|(_, asset)| asset)
    }

    /// Those of them that are in the build.
    pub fn included(&self) -> impl Iterator<Item = &'a Asset> + '_ {
        self.registered().filter(|asset| asset.is_included())
    }

    /// Whether more than one entry names the folder of this asset.
    #[must_use]
    pub fn is_registered_twice(&self, asset: &Asset) -> bool {
        self.entries_of(asset).is_some_and(|entries| entries.count > 1)
    }

    /// The entries that name the folder of this asset; `None` where its root is no path.
    fn entries_of(&self, asset: &Asset) -> Option<&Entries> {
        self.by_root.get(asset.root.as_ref().ok()?)
    }

    /// Where a registered asset stands in the registry.
    #[must_use]
    pub fn entry(&self, asset: &Asset, field: EntryField) -> Location {
        let index = self.file_index(asset);
        let found = index.and_then(|index| self.entry_places().get(&index));
        let (place, member) = match (found, field) {
            (Some(found), EntryField::AssetId) => (found.asset_id, "/asset_id"),
            (Some(found), EntryField::Uuid) => (found.uuid, "/uuid"),
            (Some(found), EntryField::Root) => (found.root, "/root"),
            (Some(found), EntryField::Whole) => (Some(found.entry), ""),
            (None, _) => (None, ""),
        };
        let pointer = index.filter(|_| found.is_some()).map(|index| format!("/assets/{index}{member}"));
        Location { path: RelPath::literal(Registry::FILE), place, pointer }
    }

    /// The registry, where it is still the one that the snapshot was made of; else nothing.
    ///
    /// # Errors
    /// Where it is there and cannot be read.
    pub fn registry_bytes(&self) -> Result<&[u8], &ReadError> {
        let read = self.registry_bytes.get_or_init(|| {
            match read_limited(self.fs, &RelPath::literal(Registry::FILE), u64::from(u32::MAX)) {
                Ok(bytes) if self.snapshot.registry.digest == Some(ContentHash::of(&bytes)) => Ok(bytes),
                Ok(_) => Ok(Vec::new()),
                Err(error) if error.is_absent() => Ok(Vec::new()),
                Err(error) => Err(error),
            }
        });
        read.as_deref()
    }

    /// The index of an asset's entry in the file.
    fn file_index(&self, asset: &Asset) -> Option<u32> {
        if self.snapshot.registry.in_order {
            return u32::try_from(self.snapshot.assets.rank(&asset.key())).ok();
        }
        asset.entry.as_ref()?.file_index
    }

    /// The places of the entries that a finding may name.
    fn entry_places(&self) -> &HashMap<u32, EntryPlace> {
        self.entry_places.get_or_init(|| {
            let places = entry_places(self.registry_bytes().unwrap_or_default());
            let indices = self.suspects.iter().filter_map(|asset| self.file_index(asset));
            indices.filter_map(|index| Some((index, places.get(index)?))).collect()
        })
    }

    /// Where a member of an asset's manifest stands.
    #[must_use]
    pub fn manifest(&self, asset: &Asset, pointer: &str) -> Location {
        let path = self.manifest_path(asset);
        let text =
            read_limited(self.fs, &path, Manifest::MAX_BYTES).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let place = text.and_then(|text| place_at(&text, pointer));
        Location { path, place, pointer: place.map(|_| pointer.to_owned()) }
    }

    /// A place in an asset's manifest that is known already.
    #[must_use]
    pub fn manifest_span(&self, asset: &Asset, place: Place, pointer: String) -> Location {
        Location { path: self.manifest_path(asset), place: Some(place), pointer: Some(pointer) }
    }

    /// The path of an asset's manifest, relative to the workspace.
    #[must_use]
    pub fn manifest_path(&self, asset: &Asset) -> RelPath {
        self.root_path(asset).entry(Manifest::FILE)
    }

    /// The path of an asset's root, relative to the workspace.
    #[must_use]
    pub fn root_path(&self, asset: &Asset) -> RelPath {
        let root = asset.root.clone().unwrap_or_else(|_| RelPath::root());
        let disk = self.snapshot.tree.folder(&root).map(|folder| folder.disk.clone());
        self.snapshot.assets_dir().join(&disk.unwrap_or(root))
    }

    /// Whether a folder within an asset's root cannot be read.
    #[must_use]
    pub fn is_partly_unreadable(&self, asset: &'a Asset) -> bool {
        self.faults_within(asset).any(|fault| matches!(fault.kind, ScanFaultKind::Unreadable(_)))
    }

    /// What the scan could not take in within an asset's root.
    pub fn faults_within(&self, asset: &'a Asset) -> impl Iterator<Item = &'a ScanFault> {
        let root = asset.root.as_ref().ok();
        let faults = self.snapshot.tree.faults().iter();
        faults.filter(move |fault| root.is_some_and(|root| fault.path.nfc().is_within(root)))
    }

    /// A finding about an asset.
    #[must_use]
    pub fn finding(&self, code: Code, asset: &Asset, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, message).of_asset(asset.reference())
    }
}
