//! The registry: the durable list of registered assets.
//!
//! Reading keeps whatever a person or a newer tool added, and keeps findings that are about one entry (an id of zero, a
//! root that escapes, two entries of one UUID) as values; only a file that cannot be understood as a whole is an error.
//! Entries are always sorted by the bytes of their roots. Writing is canonical: the same registry, the same bytes.

mod places;
mod read;
pub(super) mod write;

pub use places::{EntryPlace, EntryPlaces, entry_places};

use std::sync::Arc;

use super::Problem;
use crate::value::{AssetId, AssetUuid, PathError, RelPath};

/// The registered world as its file says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Registry {
    /// The entries, sorted by the bytes of `root`, then by UUID. Whoever changes them by hand calls [`Registry::sort`].
    pub entries: Vec<RegistryEntry>,
    /// Fields of the file itself that this version does not know, `$schema` among them.
    pub extra: Box<[ExtraField]>,
}

/// One registered asset. Two are equal that say the same, wherever they stand.
#[derive(Debug, Clone)]
pub struct RegistryEntry {
    /// Its run-time number, as the file spells it.
    pub asset_id: RawAssetId,
    /// Its identity.
    pub uuid: AssetUuid,
    /// Its folder relative to the assets folder, as the file spells it; [`RegistryEntry::root_path`] checks it.
    pub root: Arc<str>,
    /// Whether builds take it.
    pub included: bool,
    /// Fields that this version does not know.
    pub extra: Box<[ExtraField]>,
    /// Its index in the file it was read from; see [`entry_places`].
    pub file_index: Option<u32>,
}

/// An `asset_id` as the file spells it. A bad one is a finding of its entry (S107), not of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawAssetId {
    /// A number from 1 to 4,294,967,295.
    Valid(AssetId),
    /// The text of another JSON number (`0`, `4294967296`, `-1`, `1.5`).
    Invalid(Box<str>),
}

/// A field that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraField {
    /// Its name.
    pub name: Box<str>,
    /// Its JSON on one line: numbers and strings as the file spells them, `, ` and `: ` between them.
    pub json: Box<str>,
}

/// Why a registry cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Not JSON, conflict markers, a wrong type, a key that stands twice (S101).
    #[error("{}", .0.message)]
    Unreadable(Problem),
    /// Written by a newer version: it must not be rewritten (S102).
    #[error("{}", problem.message)]
    SchemaNewer {
        /// The schema it names.
        schema: u64,
        /// Where it does so.
        problem: Problem,
    },
}

impl RegistryError {
    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        match self {
            Self::Unreadable(problem) | Self::SchemaNewer { problem, .. } => problem,
        }
    }
}

impl Registry {
    /// The name of the file, in the workspace.
    pub const FILE: &str = "packwright.registry.json";
    /// The fields of the file itself, for [`nearest`](super::nearest).
    pub const FIELDS: [&str; 2] = ["schema", "assets"];

    /// A registry of nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Reads a registry.
    ///
    /// # Errors
    /// Where the file as a whole cannot be understood, or is of a newer schema.
    pub fn parse(bytes: &[u8]) -> Result<Self, RegistryError> {
        read::parse(bytes)
    }

    /// The file's bytes in canonical form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write::to_bytes(self)
    }

    /// The bytes of a file with these entries, in canonical form.
    pub fn write<'a>(entries: impl Iterator<Item = &'a RegistryEntry>, extra: &[ExtraField]) -> Vec<u8> {
        write::of_entries(entries, extra)
    }

    /// Puts the entries in order again.
    pub fn sort(&mut self) {
        self.entries.sort_by(RegistryEntry::order);
    }

    /// The first entry with that root.
    #[must_use]
    pub fn by_root(&self, root: &str) -> Option<&RegistryEntry> {
        let index = self.entries.partition_point(|entry| &*entry.root < root);
        self.entries.get(index).filter(|entry| &*entry.root == root)
    }

    /// Adds one entry in its place. For many, extend `entries` and [`Registry::sort`] once.
    pub fn insert(&mut self, entry: RegistryEntry) {
        let index = self.entries.partition_point(|other| RegistryEntry::order(other, &entry).is_lt());
        self.entries.insert(index, entry);
    }

    /// Takes out the first entry with that root and UUID.
    pub fn remove(&mut self, root: &str, uuid: AssetUuid) -> Option<RegistryEntry> {
        let start = self.entries.partition_point(|entry| &*entry.root < root);
        let same_root = self.entries[start..].iter().take_while(|entry| &*entry.root == root);
        let offset = same_root.into_iter().position(|entry| entry.uuid == uuid)?;
        Some(self.entries.remove(start + offset))
    }
}

impl RegistryEntry {
    /// The fields of an entry, for [`nearest`](super::nearest).
    pub const FIELDS: [&str; 4] = ["asset_id", "uuid", "root", "included"];

    /// A new entry.
    #[must_use]
    pub fn new(asset_id: AssetId, uuid: AssetUuid, root: &RelPath, included: bool) -> Self {
        let root = root.nfc().as_str().into();
        let asset_id = RawAssetId::Valid(asset_id);
        Self { asset_id, uuid, root, included, extra: Box::default(), file_index: None }
    }

    /// The id, where it is one.
    #[must_use]
    pub fn asset_id(&self) -> Option<AssetId> {
        match self.asset_id {
            RawAssetId::Valid(id) => Some(id),
            RawAssetId::Invalid(_) => None,
        }
    }

    /// The root as a path.
    ///
    /// # Errors
    /// Where it is none, or leaves the assets folder (S206).
    pub fn root_path(&self) -> Result<RelPath, PathError> {
        RelPath::parse_shared(&self.root)
    }

    /// The entry as its line in the file, without comma: what two entries share that say the same.
    #[must_use]
    pub fn to_json(&self) -> String {
        write::entry(self)
    }

    /// How two entries stand in the file: by the bytes of their roots, then by UUID.
    #[must_use]
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        self.root.cmp(&other.root).then_with(|| self.uuid.cmp(&other.uuid))
    }
}

impl PartialEq for RegistryEntry {
    fn eq(&self, other: &Self) -> bool {
        let facts = |entry: &Self| (entry.uuid, entry.included);
        facts(self) == facts(other)
            && self.asset_id == other.asset_id
            && self.root == other.root
            && self.extra == other.extra
    }
}

impl Eq for RegistryEntry {}

#[cfg(test)]
mod tests;
