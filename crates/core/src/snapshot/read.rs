//! Reading a workspace into the next snapshot. Nothing is written.
//!
//! The first snapshot of a project is the next one after one of nothing: there is one way to read, and what a snapshot
//! says does not depend on how it was come by.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;

use super::asset::{Asset, LastKnown, ManifestState};
use super::{AssetKey, Assets, Dirty, Known, RegistryChange, RegistryFile, Setting, Snapshot};
use crate::fs::{FileKind, Fs, ReadError, read_limited};
use crate::importer::ImporterSet;
use crate::value::{AssetRef, ContentHash, RelPath};
use crate::workspace::{
    FileRecord, Found, IgnoreRules, Listing, Manifest, ManifestErrors, Problem, Registry, RegistryEntry, RegistryError,
    Scanned, Settings, Standing, Tree, decode,
};

/// The longest settings file that is read, in bytes.
const SETTINGS_MAX_BYTES: u64 = 1 << 20;
/// The longest registry that is read, in bytes: a million entries have about 150 MB.
const REGISTRY_MAX_BYTES: u64 = 1 << 30;

/// Reads one workspace, again and again.
pub struct Reader<'a> {
    /// Its files.
    pub fs: &'a dyn Fs,
    /// Who checks manifests.
    pub importers: &'a ImporterSet,
}

/// What came of reading.
#[derive(Clone)]
pub struct Reading {
    /// What is known now; the snapshot of before, where nothing differs.
    pub snapshot: Snapshot,
    /// What is remembered of files now.
    pub listing: Listing,
    /// How it differs from before.
    pub changes: Changes,
}

/// How two snapshots differ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Whether they differ at all.
    pub any: bool,
    /// Asset roots that were not known before, and those that are registered now.
    pub discovered: Vec<AssetRef>,
    /// Asset roots of which something is another.
    pub changed: Vec<AssetRef>,
    /// Asset roots that are gone, and those that are not registered any more, as they were.
    pub removed: Vec<AssetRef>,
}

/// How the entries of the registry came to be known.
enum Entries {
    /// They are as they were.
    Same,
    /// All of them, as read.
    Read(Vec<(AssetKey, RegistryEntry)>),
    /// As before but for these: we wrote the file ourselves.
    Changed(RegistryChange),
}

impl Reader<'_> {
    /// Looks again at what is dirty.
    #[must_use]
    pub fn read(&self, before: &Snapshot, listing: &Listing, dirty: &Dirty) -> Reading {
        let (file, entries) = if dirty.registry || dirty.everything {
            self.registry(before)
        } else {
            (Arc::clone(&before.registry), Entries::Same)
        };
        self.next(before, listing, dirty, (file, entries), None)
    }

    /// The first snapshot, of all that is there.
    #[must_use]
    pub fn open(&self, listing: &Listing) -> Reading {
        self.read(&Snapshot::default(), listing, &Dirty::everything())
    }

    /// The first snapshot as the last scan would have it: only settings and registry are read. `None` where the last
    /// scan was made by other settings.
    #[must_use]
    pub fn recall(&self, listing: &Listing, scanned: &Scanned) -> Option<Reading> {
        let nothing = Snapshot::default();
        let reading = self.next(&nothing, listing, &Dirty::everything(), self.registry(&nothing), Some(&scanned.tree));
        (reading.snapshot.setting.digest == Some(scanned.settings)).then_some(reading)
    }

    /// The snapshot after a commit of ours, which wrote this registry and manifests in these folders.
    #[must_use]
    pub fn committed(
        &self,
        before: &Snapshot,
        listing: &Listing,
        folders: &Dirty,
        (change, digest): (&RegistryChange, ContentHash),
    ) -> Reading {
        if change.is_empty() || !change.keeps_keys(before) {
            let mut dirty = folders.clone();
            dirty.registry |= !change.is_empty();
            return self.read(before, listing, &dirty);
        }
        let file =
            RegistryFile { digest: Some(digest), fault: None, extra: before.registry.extra.clone(), in_order: true };
        let registry = (Arc::new(file), Entries::Changed(change.clone()));
        self.next(before, listing, folders, registry, None)
    }

    fn next(
        &self,
        before: &Snapshot,
        listing: &Listing,
        dirty: &Dirty,
        (registry, entries): (Arc<RegistryFile>, Entries),
        recalled: Option<&Tree>,
    ) -> Reading {
        let setting = self.setting(before, dirty);
        let is_anew = !Arc::ptr_eq(&setting, &before.setting) || before.revision == 0;
        let scanned = if dirty.everything || is_anew || before.tree_error.is_some() {
            self.scan(before, &setting, recalled)
        } else {
            self.look_again(before, &setting, &dirty.folders)
        };
        let mut after = Known {
            revision: before.revision + 1,
            setting,
            registry,
            tree: scanned.tree,
            tree_error: scanned.error,
            assets: before.assets.clone(),
        };
        let is_other_tree = !scanned.changed.is_empty();
        let work = Work { reader: self, before, listing, is_anew, is_recalled: recalled.is_some() };
        let (mut changes, records) = work.assets(&mut after, entries, &scanned.changed, dirty);
        changes.any |=
            is_anew || after.registry != before.registry || after.tree_error != before.tree_error || is_other_tree;
        let mut listing = listing.clone();
        for (path, record) in records {
            listing.record(path, record);
        }
        let snapshot = if changes.any { Snapshot::new(after) } else { before.clone() };
        Reading { snapshot, listing, changes }
    }

    /// The settings; those of before, where they are the same.
    fn setting(&self, before: &Snapshot, dirty: &Dirty) -> Arc<Setting> {
        let before = &before.setting;
        let linked_folders = |settings: &Result<Settings, Vec<Problem>>| -> Vec<RelPath> {
            let named = settings.iter().flat_map(|known| [&known.assets_dir, &known.out_dir]);
            named.filter(|folder| self.is_behind_link(folder)).cloned().collect()
        };
        if !dirty.settings && !dirty.everything && linked_folders(&before.settings) == before.linked_folders {
            return Arc::clone(before);
        }
        let path = RelPath::literal(Settings::FILE);
        let (digest, settings) = match read_limited(self.fs, &path, SETTINGS_MAX_BYTES) {
            Ok(bytes) => {
                let read = decode(&bytes).map_err(|problem| vec![problem]).and_then(Settings::parse);
                (Some(ContentHash::of(&bytes)), read)
            }
            Err(error) => (None, Err(vec![Problem::new(error.to_string())])),
        };
        let patterns = settings.as_ref().map(|known| known.ignore.clone()).unwrap_or_default();
        let ignored = IgnoreRules::new(&patterns).expect("settings that parse have only patterns that parse");
        let linked_folders = linked_folders(&settings);
        if before.digest == digest && before.settings == settings && before.linked_folders == linked_folders {
            return Arc::clone(before);
        }
        Arc::new(Setting { settings, digest, ignored, linked_folders })
    }

    fn is_behind_link(&self, folder: &RelPath) -> bool {
        let mut paths = std::iter::successors(Some(folder.clone()), RelPath::parent).filter(|path| !path.is_root());
        paths.any(|path| self.fs.stat(&path).is_ok_and(|stat| stat.kind == FileKind::Link))
    }

    /// The registry. No file is an empty one. One that cannot be read is never taken for an absent one, and leaves the
    /// entries as they were.
    fn registry(&self, before: &Snapshot) -> (Arc<RegistryFile>, Entries) {
        let (digest, read) = match read_limited(self.fs, &RelPath::literal(Registry::FILE), REGISTRY_MAX_BYTES) {
            Ok(bytes) => {
                let digest = ContentHash::of(&bytes);
                if before.revision > 0 && before.registry.digest == Some(digest) {
                    return (Arc::clone(&before.registry), Entries::Same);
                }
                (Some(digest), Registry::parse(&bytes))
            }
            Err(error) if error.is_absent() => (None, Ok(Registry::empty())),
            Err(error) => (None, Err(RegistryError::Unreadable(Problem::new(error.to_string())))),
        };
        match read {
            Ok(registry) => {
                let positions = (0..).zip(&registry.entries);
                let in_order = positions.into_iter().all(|(index, entry)| entry.file_index == Some(index));
                let file = RegistryFile { digest, fault: None, extra: registry.extra, in_order };
                (Arc::new(file), Entries::Read(keyed(registry.entries)))
            }
            Err(fault) => {
                let file = RegistryFile { digest, fault: Some(fault), ..RegistryFile::clone(&before.registry) };
                (Arc::new(file), Entries::Same)
            }
        }
    }

    fn scan(&self, before: &Snapshot, setting: &Setting, recalled: Option<&Tree>) -> TreeRead {
        let assets_dir = setting.assets_dir();
        let read = match recalled {
            Some(tree) => Ok(tree.clone()),
            None => Tree::scan(self.fs, &assets_dir, &setting.ignored),
        };
        let is_link = setting.linked_folders.contains(&assets_dir);
        let (tree, error) = match read {
            Ok(tree) => (tree.sharing(&before.tree), None),
            Err(_) if is_link => (Tree::default(), None),
            Err(error) => (Tree::default(), Some(error.why().into())),
        };
        let changed = tree.changed_since(&before.tree);
        TreeRead { tree, error, changed }
    }

    fn look_again(&self, before: &Snapshot, setting: &Setting, folders: &BTreeSet<RelPath>) -> TreeRead {
        let mut tree = before.tree.clone();
        match tree.read_again(self.fs, &setting.assets_dir(), &setting.ignored, folders) {
            Ok(changed) => TreeRead { tree, error: None, changed },
            Err(_) => self.scan(before, setting, None),
        }
    }
}

struct TreeRead {
    tree: Tree,
    error: Option<Arc<str>>,
    /// The folders in which it differs from the tree before.
    changed: BTreeSet<RelPath>,
}

/// The entries with the keys they have: among those of one root, in the order of the registry.
fn keyed(entries: Vec<RegistryEntry>) -> Vec<(AssetKey, RegistryEntry)> {
    let mut keyed: Vec<(AssetKey, RegistryEntry)> = Vec::with_capacity(entries.len());
    for entry in entries {
        let nth = match keyed.last() {
            Some((last, _)) if last.root == entry.root => last.nth + 1,
            _ => 0,
        };
        keyed.push((AssetKey { root: Arc::clone(&entry.root), nth }, entry));
    }
    keyed
}

/// Bringing the assets up to date.
struct Work<'a> {
    reader: &'a Reader<'a>,
    before: &'a Snapshot,
    listing: &'a Listing,
    /// Nothing of before counts.
    is_anew: bool,
    /// No file was looked at: what the listing says is believed.
    is_recalled: bool,
}

/// One asset to be made.
enum Due {
    Registered(AssetKey, RegistryEntry),
    Unregistered(RelPath),
}

/// An asset that was made, and what is to be remembered of its manifest.
type Made = (Asset, Option<(RelPath, FileRecord)>);

impl Work<'_> {
    fn assets(
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

/// Whether an asset's entry stands where this one does in the file.
fn is_placed_alike(asset: &Asset, entry: Option<&RegistryEntry>) -> bool {
    let index = |entry: Option<&RegistryEntry>| entry.and_then(|entry| entry.file_index);
    index(asset.entry.as_ref()) == index(entry)
}

/// Where something came, went or changed, while it does: for each root one of the assets that did.
#[derive(Default)]
struct Tally {
    touched: BTreeMap<Arc<str>, Arc<Asset>>,
}

impl Tally {
    fn touch(&mut self, asset: &Arc<Asset>) {
        self.touched.entry(asset.root_name()).or_insert_with(|| Arc::clone(asset));
    }

    fn put(&mut self, assets: &mut Assets, asset: Asset, in_order: bool) {
        let known = match (&asset.entry, &asset.root) {
            (Some(_), _) => assets.get(&asset.key()),
            (None, Ok(root)) => assets.at_root(root).into_iter().find(|known| known.entry.is_none()),
            (None, Err(_)) => None,
        };
        let is_same = known.is_some_and(|known| **known == asset);
        if is_same && (in_order || known.is_some_and(|known| is_placed_alike(known, asset.entry.as_ref()))) {
            return;
        }
        let asset = Arc::new(asset);
        if !is_same {
            self.touch(&asset);
        }
        assets.insert(&asset);
    }

    fn compare(&mut self, before: &Assets, after: &Assets) {
        let by_place = |assets: &Assets| -> BTreeMap<(Arc<str>, u32, bool), Arc<Asset>> {
            let place = |asset: &Arc<Asset>| (Arc::clone(&asset.root_text), asset.nth, asset.entry.is_some());
            assets.all().map(|asset| (place(asset), Arc::clone(asset))).collect()
        };
        let (before, after) = (by_place(before), by_place(after));
        for (place, asset) in &after {
            if !before.get(place).is_some_and(|known| Arc::ptr_eq(known, asset) || known == asset) {
                self.touch(asset);
            }
        }
        before.iter().filter(|(place, _)| !after.contains_key(*place)).for_each(|(_, asset)| self.touch(asset));
    }

    /// What that comes to, root by root.
    fn changes(self, before: &Assets, after: &Assets) -> Changes {
        let mut changes = Changes { any: !self.touched.is_empty(), ..Changes::default() };
        let is_first = before.all().next().is_none();
        for asset in self.touched.values() {
            let is_registered = |asset: &Asset| asset.entry.is_some();
            let then = if is_first { None } else { before.at_root_of(asset) };
            match (then, after.at_root_of(asset)) {
                (Some(then), Some(now)) if is_registered(then) == is_registered(now) => {
                    changes.changed.push(now.reference());
                }
                (Some(then), None) => changes.removed.push(then.reference()),
                (Some(then), Some(_)) if is_registered(then) => changes.removed.push(then.reference()),
                (_, Some(now)) => changes.discovered.push(now.reference()),
                (None, None) => {}
            }
        }
        changes
    }
}
