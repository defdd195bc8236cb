//! What rules stand on: a snapshot, and the places in files that a finding names.

use std::cell::OnceCell;

use super::{Code, Diagnostic, Location};
use crate::fs::{Fs, read_limited};
use crate::snapshot::{Asset, Snapshot};
use crate::value::RelPath;
use crate::workspace::{EntryPlaces, Manifest, Place, Registry, entry_places, place_at};

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
    entry_places: OnceCell<EntryPlaces<'a>>,
}

impl<'a> Ground<'a> {
    /// The ground of one snapshot.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, fs: &'a dyn Fs) -> Self {
        Self { snapshot, fs, entry_places: OnceCell::new() }
    }

    /// Where a registered asset stands in the registry.
    #[must_use]
    pub fn entry(&self, asset: &Asset, field: EntryField) -> Location {
        let places =
            self.entry_places.get_or_init(|| entry_places(self.snapshot.registry_bytes.as_deref().unwrap_or_default()));
        let index = asset.entry.as_ref().and_then(|entry| entry.file_index);
        let found = index.and_then(|index| places.get(index));
        let (place, member) = match (&found, field) {
            (Some(found), EntryField::AssetId) => (found.asset_id, "/asset_id"),
            (Some(found), EntryField::Uuid) => (found.uuid, "/uuid"),
            (Some(found), EntryField::Root) => (found.root, "/root"),
            (Some(found), EntryField::Whole) => (Some(found.entry), ""),
            (None, _) => (None, ""),
        };
        let pointer = index.map(|index| format!("/assets/{index}{member}"));
        Location { path: RelPath::literal(Registry::FILE), place, pointer }
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

    /// A finding about an asset.
    #[must_use]
    pub fn finding(&self, code: Code, asset: &Asset, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, message).of_asset(asset.reference())
    }
}
