//! Bringing the assets up to date: which have to be made again, and making them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;

use super::changes::{Changes, Tally, is_placed_alike};
use super::{Entries, Reader};
use crate::fs::{ReadError, read_limited};
use crate::snapshot::asset::{Asset, LastKnown, ManifestState};
use crate::snapshot::{AssetKey, Assets, Dirty, Known, Snapshot};
use crate::value::{ContentHash, RelPath};
use crate::workspace::{FileRecord, Found, Listing, Manifest, ManifestErrors, Problem, RegistryEntry, Standing, Tree};

/// One such work.
pub(super) struct Work<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) before: &'a Snapshot,
    pub(super) listing: &'a Listing,
    /// Nothing of before counts.
    pub(super) is_anew: bool,
    /// No file was looked at: what the listing says is believed.
    pub(super) is_recalled: bool,
}

/// One asset to be made.
enum Due {
    Registered(AssetKey, RegistryEntry),
    Unregistered(RelPath),
}

/// An asset that was made, and what is to be remembered of its manifest.
type Made = (Asset, Option<(RelPath, FileRecord)>);

impl Work<'_> {
    pub(super) fn assets(
        &self,
        after: &mut Known,
        entries: Entries,
        changed: &BTreeSet<RelPath>,
        dirty: &Dirty,
    ) -> (Changes, Vec<(RelPath, FileRecord)>) {
        let mut roots = self.roots_around(&after.tree, changed);
        roots.extend(self.unsettled_manifests(&after.tree, dirty));
        let (mut due, removed) = self.due(after, entries, &roots);
        // A root that comes to the registry or leaves it changes sides.
        let moved = due.values().filter_map(|(_, entry)| entry.root_path().ok());
        roots.extend(moved.chain(removed.iter().filter_map(|key| RelPath::parse(&key.root).ok())));
        let is_most = due.len() + roots.len() > self.before.assets.n_registered() / 2;
        let registered = std::mem::take(&mut due).into_values().map(|(key, entry)| Due::Registered(key, entry));
        let (made, mut records) = self.make(after, registered.collect());
        let mut tally = Tally::default();
        if is_most || self.is_anew {
            let made = self.all_again(after, made, &removed, &roots);
            tally.compare(&self.before.assets, &made.0);
            records.extend(made.1);
            after.assets = made.0;
        } else {
            removed.iter().filter_map(|key| after.assets.remove(key)).for_each(|asset| tally.touch(&asset));
            let in_order = after.registry.in_order;
            made.into_iter().for_each(|asset| tally.put(&mut after.assets, asset, in_order));
            let is_free = |root: &&RelPath| {
                let is_registered = after.assets.at_root(root).iter().any(|asset| asset.entry.is_some());
                !is_registered && after.tree.holds_manifest(root)
            };
            let (free, taken): (Vec<&RelPath>, Vec<&RelPath>) = roots.iter().partition(is_free);
            let gone = taken.into_iter().filter_map(|root| after.assets.remove_unregistered(root));
            gone.for_each(|asset| tally.touch(&asset));
            let (made, more) = self.make(after, free.into_iter().cloned().map(Due::Unregistered).collect());
            made.into_iter().for_each(|asset| tally.put(&mut after.assets, asset, in_order));
            records.extend(more);
        }
        (tally.changes(&self.before.assets, &after.assets), records)
    }

    /// All assets in one go, where most of them are made anyway.
    fn all_again(
        &self,
        after: &Known,
        made: Vec<Asset>,
        removed: &BTreeSet<AssetKey>,
        roots: &BTreeSet<RelPath>,
    ) -> (Assets, Vec<(RelPath, FileRecord)>) {
        let mut all: BTreeMap<AssetKey, Arc<Asset>> = BTreeMap::new();
        if !self.is_anew {
            let kept = self.before.assets.registered().filter(|asset| !removed.contains(&asset.key()));
            all.extend(kept.map(|asset| (asset.key(), Arc::clone(asset))));
        }
        for asset in made {
            let key = asset.key();
            let is_same = |known: &&Arc<Asset>| {
                ***known == asset && (after.registry.in_order || is_placed_alike(known, asset.entry.as_ref()))
            };
            let same = self.before.assets.get(&key).filter(is_same).cloned();
            all.insert(key, same.unwrap_or_else(|| Arc::new(asset)));
        }
        let taken: BTreeSet<&RelPath> = all.values().filter_map(|asset| asset.root.as_ref().ok()).collect();
        let is_free = |root: &&RelPath| !taken.contains(root) && after.tree.holds_manifest(root);
        let free: Vec<RelPath> = roots.iter().filter(is_free).cloned().collect();
        let kept = self.before.assets.unregistered().filter(|asset| {
            !self.is_anew && asset.root.as_ref().is_ok_and(|root| !roots.contains(root) && !taken.contains(root))
        });
        let kept: Vec<Arc<Asset>> = kept.cloned().collect();
        let (made, records) = self.make(after, free.into_iter().map(Due::Unregistered).collect());
        let unregistered = made.into_iter().map(|asset| {
            let root = asset.root.clone().unwrap_or_else(|_| RelPath::root());
            let known = self.before.assets.at_root(&root).into_iter().find(|known| ***known == asset);
            known.cloned().unwrap_or_else(|| Arc::new(asset))
        });
        let all = all.into_values().chain(kept).chain(unregistered).collect();
        (Assets::new(all), records)
    }

    /// The roots that a change in these folders may touch: those that hold them, and those that had no folder.
    fn roots_around(&self, tree: &Tree, changed: &BTreeSet<RelPath>) -> BTreeSet<RelPath> {
        let holding =
            |(path, folder): (&RelPath, &crate::workspace::Folder)| folder.holds_manifest().then(|| path.clone());
        if self.is_anew {
            return tree.folders().filter_map(holding).collect();
        }
        let mut roots = BTreeSet::new();
        for folder in changed {
            for path in std::iter::successors(Some(folder.clone()), RelPath::parent) {
                if tree.holds_manifest(&path) || !self.before.assets.at_root(&path).is_empty() {
                    roots.insert(path);
                }
            }
        }
        if !changed.is_empty() {
            roots.extend(self.before.assets.without_folder().filter_map(|asset| asset.root.clone().ok()));
        }
        roots
    }

    /// Roots whose manifests may have changed without their stamps telling.
    fn unsettled_manifests(&self, tree: &Tree, dirty: &Dirty) -> Vec<RelPath> {
        if self.is_recalled || self.is_anew {
            return Vec::new();
        }
        let assets_dir = self.before.assets_dir();
        let is_unsettled = |root: &&RelPath| {
            let Some(folder) = tree.folder(root).filter(|folder| folder.holds_manifest()) else { return false };
            let node = tree.node(&root.entry(Manifest::FILE));
            node.is_some_and(|node| {
                let path = assets_dir.join(&folder.disk).entry(node.disk_name());
                self.listing.known(&path, &node.stamp).is_none()
            })
        };
        if dirty.everything {
            tree.folders().map(|(path, _)| path).filter(is_unsettled).cloned().collect()
        } else {
            dirty.folders.iter().filter(is_unsettled).cloned().collect()
        }
    }

    /// The registered assets that have to be made again, by key, and the keys that go.
    fn due(
        &self,
        after: &Known,
        entries: Entries,
        roots: &BTreeSet<RelPath>,
    ) -> (BTreeMap<AssetKey, (AssetKey, RegistryEntry)>, BTreeSet<AssetKey>) {
        let mut due = BTreeMap::new();
        let mut removed = BTreeSet::new();
        let mut add = |key: AssetKey, entry: RegistryEntry| due.insert(key.clone(), (key, entry));
        let known = if self.is_anew { None } else { Some(&self.before.assets) };
        if self.is_anew && !matches!(entries, Entries::Read(_)) {
            for asset in after.assets.registered() {
                asset.entry.iter().for_each(|entry| drop(add(asset.key(), entry.clone())));
            }
        }
        match entries {
            Entries::Same => {}
            Entries::Read(entries) => {
                if self.before.assets.n_registered() > 0 {
                    let now: BTreeSet<&AssetKey> = entries.iter().map(|(key, _)| key).collect();
                    let before = self.before.assets.registered().map(|asset| asset.key());
                    removed.extend(before.filter(|key| !now.contains(key)));
                }
                for (key, entry) in entries {
                    let same = known.and_then(|known| known.get(&key)).is_some_and(|asset| {
                        asset.entry.as_ref() == Some(&entry)
                            && (after.registry.in_order || is_placed_alike(asset, Some(&entry)))
                            && asset.root.as_ref().is_ok_and(|root| !roots.contains(root))
                    });
                    if !same {
                        add(key, entry);
                    }
                }
            }
            Entries::Changed(change) => {
                for entry in change.added {
                    add(AssetKey { root: Arc::clone(&entry.root), nth: 0 }, entry);
                }
                for (key, entry) in change.changed {
                    add(key, entry);
                }
                removed = change.removed;
                due.retain(|key, _| !removed.contains(key));
            }
        }
        if let Some(known) = known {
            for asset in roots.iter().flat_map(|root| known.at_root(root)) {
                let key = asset.key();
                if let Some(entry) = asset.entry.clone().filter(|_| !removed.contains(&key)) {
                    due.entry(key.clone()).or_insert((key, entry));
                }
            }
        }
        (due, removed)
    }

    fn make(&self, after: &Known, due: Vec<Due>) -> (Vec<Asset>, Vec<(RelPath, FileRecord)>) {
        let made: Vec<Made> = due.into_par_iter().map(|due| self.make_one(after, due)).collect();
        let mut records = Vec::new();
        let assets = made.into_iter().map(|(asset, record)| {
            records.extend(record);
            asset
        });
        (assets.collect(), records)
    }

    fn make_one(&self, after: &Known, due: Due) -> Made {
        let (root_text, nth, root, entry) = match due {
            Due::Registered(key, entry) => (key.root, key.nth, entry.root_path(), Some(entry)),
            Due::Unregistered(root) => (root.as_str().into(), 0, Ok(root), None),
        };
        let standing = root.as_ref().map_or(Standing::Nothing, |root| after.tree.standing(root));
        let (manifest, record) = match &root {
            Ok(root) => self.manifest(after, root),
            Err(_) => (ManifestState::Missing, None),
        };
        let (sources, unusable, links) = Default::default();
        let mut asset = Asset {
            entry,
            root,
            root_text,
            nth,
            standing,
            manifest,
            last_known: LastKnown::default(),
            sources,
            unusable,
            links,
        };
        asset.last_known = self.last_known(&asset);
        asset.match_sources(&after.tree, &after.setting.assets_dir());
        (asset, record)
    }

    /// What the manifest of a registered asset last said, where there is none to go by now.
    fn last_known(&self, asset: &Asset) -> LastKnown {
        if asset.entry.is_none() || asset.manifest().is_some() {
            return LastKnown::default();
        }
        match self.before.assets.get(&asset.key()) {
            Some(before) => match &before.manifest {
                ManifestState::Valid(manifest) => LastKnown(Some(Arc::clone(manifest))),
                _ => before.last_known.clone(),
            },
            None => LastKnown::default(),
        }
    }

    /// A manifest: as it was where nothing says that it changed, else as it reads.
    fn manifest(&self, after: &Known, root: &RelPath) -> (ManifestState, Option<(RelPath, FileRecord)>) {
        let folder = after.tree.folder(root);
        let Some((folder, node)) = folder.and_then(|folder| Some((folder, folder.node(Manifest::FILE)?))) else {
            return (ManifestState::Missing, None);
        };
        let path = after.setting.assets_dir().join(&folder.disk).entry(node.disk_name());
        let remembered = match self.is_recalled {
            true => self.listing.recalled(&path, &node.stamp),
            false => self.listing.known(&path, &node.stamp),
        };
        if let Some(Found::Manifest(bytes)) = remembered.map(|record| &record.found) {
            return (self.as_before(root, &path, remembered).unwrap_or_else(|| self.parse(bytes)), None);
        }
        let read_at = SystemTime::now();
        match read_limited(self.reader.fs, &path, Manifest::MAX_BYTES) {
            Ok(bytes) => {
                let hash = ContentHash::of(&bytes);
                let state = self.parse(&bytes);
                (state, Some((path, FileRecord::new(node.stamp, read_at, hash, Found::Manifest(bytes)))))
            }
            Err(error) if error.is_absent() => (ManifestState::Missing, None),
            Err(ReadError::TooLong { size, limit, .. }) => {
                let problem = Problem::new(format!("the manifest has {size} bytes, and the limit is {limit}"));
                let errors = ManifestErrors { problems: vec![problem], ..ManifestErrors::default() };
                (ManifestState::Invalid(Arc::new(errors)), None)
            }
            Err(ReadError::Fs(error)) => (ManifestState::Unreadable(error.why().into()), None),
        }
    }

    /// The manifest of the asset of before, where it was made of this very file.
    fn as_before(&self, root: &RelPath, path: &RelPath, record: Option<&FileRecord>) -> Option<ManifestState> {
        let node = self.before.tree.node(&root.entry(Manifest::FILE))?;
        let same = record.is_some_and(|record| record.stamp == node.stamp);
        let folder = self.before.tree.folder(root)?;
        let same_path = self.before.assets_dir().join(&folder.disk).entry(node.disk_name()) == *path;
        let asset = self.before.assets.at_root(root).into_iter().next()?;
        (same && same_path && !self.is_anew).then(|| asset.manifest.clone())
    }

    fn parse(&self, bytes: &[u8]) -> ManifestState {
        match Manifest::parse(bytes, self.reader.importers) {
            Ok(manifest) => ManifestState::Valid(Arc::new(manifest)),
            Err(errors) => ManifestState::Invalid(Arc::new(errors)),
        }
    }
}
