//! One asset root as it was found: its entry, its folder, its manifest and the sources that the manifest takes in.

use std::sync::Arc;

use crate::fs::FileKind;
use crate::value::{Address, AssetId, AssetRef, AssetUuid, PathError, RelPath};
use crate::workspace::{Manifest, ManifestErrors, RegistryEntry, Stamp, Standing, Tree};

use super::AssetKey;
use super::state::State;

/// One asset root, registered or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its entry in the registry; `None` where it is not registered.
    pub entry: Option<RegistryEntry>,
    /// The root, relative to the assets folder; the error where the registry names none.
    pub root: Result<RelPath, PathError>,
    /// The root as it is written.
    pub root_text: Arc<str>,
    /// How many entries with the same root come before its own.
    pub nth: u32,
    /// What stands at the root.
    pub standing: Standing,
    /// The manifest, or why there is none to go by.
    pub manifest: ManifestState,
    /// What the manifest last said, where it is registered and there is none to go by.
    pub last_known: LastKnown,
    /// The files that the manifest takes in, in order of their paths in NFC.
    pub sources: Vec<SourceFile>,
    /// Patterns of the manifest that took nothing, or could not.
    pub unusable: Vec<UnusablePattern>,
    /// Links that a pattern met, relative to the root.
    pub links: Vec<RelPath>,
}

/// A manifest that was read before and cannot be read now. It is shown to people and decides nothing: two assets that
/// differ in it alone are the same.
#[derive(Debug, Clone, Default)]
pub struct LastKnown(pub Option<Arc<Manifest>>);

impl PartialEq for LastKnown {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for LastKnown {}

/// What was found where a manifest should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManifestState {
    /// Nothing; or the folder is not there.
    Missing,
    /// Something that cannot be read, with why.
    Unreadable(Arc<str>),
    /// A file that is no manifest.
    Invalid(Arc<ManifestErrors>),
    /// A manifest.
    Valid(Arc<Manifest>),
}

/// A file that a manifest takes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative to the asset root, in NFC.
    pub path: RelPath,
    /// Relative to the workspace, as the disk spells it.
    pub disk: RelPath,
    /// A regular file, or something that cannot be a source.
    pub kind: FileKind,
    /// What a stat said.
    pub stamp: Stamp,
}

impl SourceFile {
    /// The longest source, in bytes: 4 GiB.
    pub const MAX_BYTES: u64 = 4 << 30;

    /// Whether it is longer than a source may be.
    #[must_use]
    pub fn is_over_limit(&self) -> bool {
        self.stamp.size > Self::MAX_BYTES
    }

    /// Whether its content can be read at all: what cannot is found by the rules (S208, S209), and never opened.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.kind == FileKind::File && !self.is_over_limit()
    }
}

/// A pattern that took nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnusablePattern {
    /// It matches no file. The pattern's index in the manifest.
    NoMatch(usize),
    /// It names a path that is, or passes through, a link.
    Link(usize, RelPath),
}

impl Asset {
    /// Where it stands in the order of the registry, where it is registered.
    #[must_use]
    pub fn key(&self) -> AssetKey {
        AssetKey { root: Arc::clone(&self.root_text), nth: self.nth }
    }

    /// Whether a rule may have something to say of it, whatever else is registered.
    #[must_use]
    pub fn is_odd(&self) -> bool {
        let bad_entry = self.entry.is_some() && (self.asset_id().is_none() || self.root.is_err());
        let bad_manifest = self.manifest().is_none() || self.state() != State::Healthy;
        let bad_source = |source: &SourceFile| source.kind != FileKind::File || source.is_over_limit();
        let twins = |pair: &[SourceFile]| pair[0].path == pair[1].path;
        bad_entry
            || bad_manifest
            || self.standing != Standing::Folder
            || self.sources.is_empty()
            || !self.unusable.is_empty()
            || self.sources.iter().any(bad_source)
            || self.sources.windows(2).any(twins)
    }

    /// Its id, where it is registered under a valid one.
    #[must_use]
    pub fn asset_id(&self) -> Option<AssetId> {
        self.entry.as_ref().and_then(RegistryEntry::asset_id)
    }

    /// Whether it is registered and in the build.
    #[must_use]
    pub fn is_included(&self) -> bool {
        self.entry.as_ref().is_some_and(|entry| entry.included)
    }

    /// Its manifest, where that is valid.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        match &self.manifest {
            ManifestState::Valid(manifest) => Some(manifest),
            _ => None,
        }
    }

    /// What to show of its manifest: what it says, or last said.
    #[must_use]
    pub fn shown_manifest(&self) -> Option<&Manifest> {
        self.manifest().or(self.last_known.0.as_deref())
    }

    /// Its address, as far as the manifest can be read.
    #[must_use]
    pub fn address(&self) -> Option<&Address> {
        match &self.manifest {
            ManifestState::Valid(manifest) => Some(&manifest.address),
            ManifestState::Invalid(errors) => errors.address.as_ref(),
            _ => None,
        }
    }

    /// The UUID that the manifest says, as far as it can be read.
    #[must_use]
    pub fn manifest_uuid(&self) -> Option<AssetUuid> {
        match &self.manifest {
            ManifestState::Valid(manifest) => Some(manifest.uuid),
            ManifestState::Invalid(errors) => errors.uuid,
            _ => None,
        }
    }

    /// Its UUID: the registry's, else the manifest's.
    #[must_use]
    pub fn uuid(&self) -> Option<AssetUuid> {
        self.entry.as_ref().map(|entry| entry.uuid).or_else(|| self.manifest_uuid())
    }

    /// The UUIDs that registry and manifest say; one, where they agree.
    pub fn uuids(&self) -> impl Iterator<Item = AssetUuid> + use<> {
        let entry = self.entry.as_ref().map(|entry| entry.uuid);
        entry.into_iter().chain(self.manifest_uuid().filter(|uuid| Some(*uuid) != entry))
    }

    /// How responses and diagnostics name it.
    #[must_use]
    pub fn reference(&self) -> AssetRef {
        AssetRef { asset_id: self.asset_id(), address: self.address().cloned(), root: self.root_name() }
    }

    /// Its root: as a path, or as the registry spells it where that is none.
    #[must_use]
    pub fn root_name(&self) -> Arc<str> {
        match &self.root {
            Ok(root) if self.is_respelled() => root.as_str().into(),
            _ => Arc::clone(&self.root_text),
        }
    }

    /// Whether the registry spells its root otherwise than the path is spelt: its accents.
    pub(super) fn is_respelled(&self) -> bool {
        self.root.as_ref().is_ok_and(|root| root.as_str() != &*self.root_text)
    }

    /// The same, borrowed.
    #[must_use]
    pub fn root_str(&self) -> &str {
        self.root.as_ref().map_or(&self.root_text, RelPath::as_str)
    }

    /// Bytes of all its sources.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.sources.iter().map(|source| source.stamp.size).sum()
    }

    /// The state of the asset by itself: diverged where reading again cannot settle it.
    #[must_use]
    pub fn state(&self) -> State {
        let Some(entry) = &self.entry else { return State::Healthy };
        let there = self.standing == Standing::Folder && !matches!(self.manifest, ManifestState::Missing);
        let same = self.manifest_uuid().is_none_or(|uuid| uuid == entry.uuid);
        if there && same { State::Healthy } else { State::Diverged }
    }

    /// Matches the manifest's patterns against the tree.
    pub(super) fn match_sources(&mut self, tree: &Tree, assets_dir: &RelPath) {
        let (Ok(root), ManifestState::Valid(manifest)) = (&self.root, &self.manifest) else { return };
        let patterns = manifest.sources.patterns();
        let matcher = manifest.sources.matcher();
        let mut matched = vec![false; patterns.len()];
        for (folder_path, folder) in tree.folders_within(root) {
            if belongs_to_another(tree, root, folder_path) {
                continue;
            }
            let disk_folder = assets_dir.join(&folder.disk);
            for node in folder.nodes.iter().filter(|node| node.kind != FileKind::Dir) {
                let path = folder_path.entry(&node.name);
                let Some(below) = path.below(root).filter(|below| *below != Manifest::FILE) else { continue };
                let taken = matcher.takes(below);
                if node.kind != FileKind::Link {
                    matcher.matches(below).for_each(|index| matched[index] = true);
                }
                let below = RelPath::of_entries(below).expect("the tree holds names as folders gave them");
                if taken && node.kind == FileKind::Link {
                    self.links.push(below);
                } else if taken {
                    let disk = disk_folder.entry(node.disk_name());
                    self.sources.push(SourceFile { path: below, disk, kind: node.kind, stamp: node.stamp });
                }
            }
        }
        self.sources.shrink_to_fit();
        self.sources.sort_by(|a, b| (&a.path, &a.disk).cmp(&(&b.path, &b.disk)));
        self.unusable = (0..matched.len())
            .filter(|index| !matched[*index])
            .map(|index| {
                let pattern = &patterns[index].pattern;
                let named = pattern.is_literal().then(|| RelPath::parse(pattern.as_str()).ok()).flatten();
                match named.map(|path| tree.standing(&root.join(&path))) {
                    Some(Standing::Link(link)) => UnusablePattern::Link(index, link),
                    _ => UnusablePattern::NoMatch(index),
                }
            })
            .collect();
    }
}

/// Whether a folder within `root` lies in a root of its own, registered or not.
fn belongs_to_another(tree: &Tree, root: &RelPath, folder: &RelPath) -> bool {
    let mut at = folder.clone();
    while at != *root {
        if tree.holds_manifest(&at) {
            return true;
        }
        let Some(parent) = at.parent() else { return false };
        at = parent;
    }
    false
}
