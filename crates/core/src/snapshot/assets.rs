//! All asset roots of a project, and the ways to find one.
//!
//! Clones are cheap, and an edit costs what it touches. Beside the assets stand the *suspects*: the registered ones that a
//! rule may have something to say of, because they look odd by themselves or share what none may share. Every other asset
//! is known to be clean, so that rules need not look at it.

mod index;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use index::{Index, Key};

use super::Asset;
use crate::value::{Address, AssetId, AssetUuid, RelPath, SharedMap};

/// Where a registered asset stands in the order of the registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetKey {
    /// Its root as the registry spells it.
    pub root: Arc<str>,
    /// How many entries with the same root come before it.
    pub nth: u32,
}

/// The asset roots of a project.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    registered: SharedMap<AssetKey, Arc<Asset>>,
    unregistered: SharedMap<RelPath, Arc<Asset>>,
    index: Index,
    /// Registered assets that look odd by themselves.
    odd: SharedMap<AssetKey, ()>,
    /// Registered assets whose roots the registry spells otherwise than their paths, by accents.
    respelled: SharedMap<AssetKey, ()>,
    /// What more than one registered asset has of what only one may have, by hash.
    contested: SharedMap<u64, ()>,
    /// Registered roots that lie in another.
    nested: SharedMap<AssetKey, ()>,
    totals: Totals,
}

/// How many of what the registered assets have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Assets in the build.
    pub included: u64,
    /// Sources of all.
    pub sources: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Assets {
    /// All these assets.
    #[must_use]
    pub fn new(assets: Vec<Arc<Asset>>) -> Self {
        let (registered, unregistered): (Vec<_>, Vec<_>) = assets.into_iter().partition(|asset| asset.entry.is_some());
        let mut registered: Vec<_> = registered.into_iter().map(|asset| (asset.key(), asset)).collect();
        registered.sort_by(|a, b| a.0.cmp(&b.0));
        let by_root = |asset: Arc<Asset>| Some((asset.root.as_ref().ok()?.clone(), asset));
        let mut unregistered: Vec<_> = unregistered.into_iter().filter_map(by_root).collect();
        unregistered.sort_by(|a, b| a.0.cmp(&b.0));
        let mut all = Self {
            index: Index::new(
                registered.iter().map(|(_, asset)| asset).chain(unregistered.iter().map(|(_, asset)| asset)),
            ),
            odd: SharedMap::from_sorted(
                registered.iter().filter(|(_, asset)| asset.is_odd()).map(|(key, _)| (key.clone(), ())),
            ),
            respelled: SharedMap::from_sorted(
                registered.iter().filter(|(_, asset)| asset.is_respelled()).map(|(key, _)| (key.clone(), ())),
            ),
            registered: SharedMap::from_sorted(registered),
            unregistered: SharedMap::from_sorted(unregistered),
            ..Self::default()
        };
        all.contested = SharedMap::from_sorted(all.index.contested().map(|hash| (hash, ())));
        all.nested = all.find_nested();
        all.totals = all.registered.values().fold(Totals::default(), |totals, asset| totals.with(asset));
        all
    }

    /// The registered assets, in order of the registry.
    pub fn registered(&self) -> impl DoubleEndedIterator<Item = &Arc<Asset>> + Clone {
        self.registered.values()
    }

    /// The registered assets in runs of some hundreds, for work in parallel.
    pub fn registered_runs(&self) -> impl ExactSizeIterator<Item = &[(AssetKey, Arc<Asset>)]> {
        self.registered.runs()
    }

    /// The asset roots that no entry names, by path.
    pub fn unregistered(&self) -> impl DoubleEndedIterator<Item = &Arc<Asset>> + Clone {
        self.unregistered.values()
    }

    /// Registered assets in order of the registry, then unregistered roots by path.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Arc<Asset>> + Clone {
        self.registered().chain(self.unregistered())
    }

    /// How many are registered.
    #[must_use]
    pub fn n_registered(&self) -> usize {
        self.registered.len()
    }

    /// How many roots no entry names.
    #[must_use]
    pub fn n_unregistered(&self) -> usize {
        self.unregistered.len()
    }

    /// How many of what the registered assets have.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The registered asset with that key.
    #[must_use]
    pub fn get(&self, key: &AssetKey) -> Option<&Arc<Asset>> {
        self.registered.get(key)
    }

    /// How many entries stand before that one.
    #[must_use]
    pub fn rank(&self, key: &AssetKey) -> usize {
        self.registered.rank(key)
    }

    /// The registered assets whose roots are `root` or lie below it.
    pub fn registered_within<'a>(&'a self, root: &'a RelPath) -> impl Iterator<Item = &'a Arc<Asset>> + 'a {
        let first = AssetKey { root: root.as_str().into(), nth: 0 };
        let from = self.registered.from(&first).map(|(_, asset)| asset);
        // What begins like the root ends with the last name that does; `a-b` sorts between `a` and `a/b`.
        let alike = from.take_while(move |asset| asset.root_text.starts_with(root.as_str()));
        let respelled = self.respelled.keys().filter_map(|key| self.registered.get(key));
        let all = alike.filter(|asset| !asset.is_respelled()).chain(respelled);
        all.filter(move |asset| asset.root.as_ref().is_ok_and(|path| path.is_within(root)))
    }

    /// The assets with that address, registered or not.
    pub fn with_address<'a>(&'a self, address: &'a Address) -> impl Iterator<Item = &'a Arc<Asset>> + 'a {
        self.index.of(&Key::Address(address)).filter(move |asset| asset.address() == Some(address))
    }

    /// The assets with that UUID in the registry or the manifest, registered or not.
    pub fn with_uuid(&self, uuid: AssetUuid) -> impl Iterator<Item = &Arc<Asset>> {
        let has = move |asset: &&Arc<Asset>| asset.uuids().any(|other| other == uuid);
        self.index.of(&Key::Uuid(uuid)).filter(has)
    }

    /// The registered assets with that id.
    pub fn with_id(&self, id: AssetId) -> impl Iterator<Item = &Arc<Asset>> {
        self.index.of(&Key::Id(id)).filter(move |asset| asset.asset_id() == Some(id))
    }

    /// The assets at that root, registered or not.
    #[must_use]
    pub fn at_root(&self, root: &RelPath) -> Vec<&Arc<Asset>> {
        self.index.of(&Key::Root(&root.folded())).filter(|asset| asset.root.as_ref() == Ok(root)).collect()
    }

    /// An asset at the root of that one: it itself, where nothing else is there.
    pub(super) fn at_root_of(&self, asset: &Asset) -> Option<&Arc<Asset>> {
        match &asset.root {
            Ok(root) => self.at_root(root).into_iter().next(),
            Err(_) => self.spelled(&asset.root_text).next(),
        }
    }

    /// The registered assets whose roots the registry spells so.
    pub fn spelled(&self, root: &str) -> impl Iterator<Item = &Arc<Asset>> {
        let root: Arc<str> = root.into();
        let from = self.registered.from(&AssetKey { root: Arc::clone(&root), nth: 0 });
        from.take_while(move |(key, _)| key.root == root).map(|(_, asset)| asset)
    }

    /// The assets whose roots are the same as some file system would see them. `folded` is [`RelPath::folded`].
    pub fn folded_as<'a>(&'a self, folded: &str) -> impl Iterator<Item = &'a Arc<Asset>> + use<'a> {
        let folded = folded.to_owned();
        let of = self.index.of(&Key::Root(&folded));
        of.filter(move |asset| asset.root.as_ref().is_ok_and(|path| path.folded() == folded))
    }

    /// The registered assets whose standing is not that of a folder.
    pub fn without_folder(&self) -> impl Iterator<Item = &Arc<Asset>> {
        let odd = self.odd.keys().filter_map(|key| self.registered.get(key));
        odd.filter(|asset| asset.standing != crate::workspace::Standing::Folder)
    }

    /// The registered assets that look odd by themselves.
    pub fn odd(&self) -> impl Iterator<Item = &Arc<Asset>> {
        self.odd.keys().filter_map(|key| self.registered.get(key))
    }

    /// The registered assets that a rule may have something to say of, in order of the registry. `faulty` are folders
    /// that the scan could not take in as they are.
    #[must_use]
    pub fn suspects<'a>(&'a self, faulty: impl Iterator<Item = RelPath>) -> Vec<&'a Asset> {
        let mut suspects: BTreeMap<AssetKey, &'a Asset> = BTreeMap::new();
        let mut suspect = |asset: &'a Arc<Asset>| {
            suspects.insert(asset.key(), asset);
        };
        self.odd().for_each(&mut suspect);
        for hash in self.contested.keys() {
            self.index.of_hash(*hash).filter(|asset| asset.entry.is_some()).for_each(&mut suspect);
        }
        for inner in self.nested.keys().filter_map(|key| self.registered.get(key)) {
            suspect(inner);
            let root = inner.root.as_ref().ok().and_then(RelPath::parent);
            self.registered_above(root).into_iter().for_each(&mut suspect);
        }
        let faulty: BTreeSet<RelPath> = faulty.collect();
        for folder in faulty {
            self.registered_above(Some(folder)).into_iter().for_each(&mut suspect);
        }
        suspects.into_values().collect()
    }

    /// The registered assets at `path` and at the folders above it.
    #[must_use]
    pub fn registered_above(&self, path: Option<RelPath>) -> Vec<&Arc<Asset>> {
        let paths = std::iter::successors(path, RelPath::parent);
        paths.flat_map(|path| self.at_root(&path)).filter(|asset| asset.entry.is_some()).collect()
    }

    fn find_nested(&self) -> SharedMap<AssetKey, ()> {
        let root = |asset: &'_ Arc<Asset>| asset.root.clone().ok();
        let roots: HashSet<RelPath> = self.registered().filter_map(root).collect();
        let lies_in_another = |asset: &Arc<Asset>| {
            let mut above = asset.root.as_ref().map_or("", RelPath::as_str);
            std::iter::from_fn(|| {
                above = above.rsplit_once('/')?.0;
                Some(above)
            })
            .any(|above| roots.contains(above))
        };
        let nested = self.registered.iter().filter(|(_, asset)| lies_in_another(asset));
        SharedMap::from_sorted(nested.map(|(key, _)| (key.clone(), ())))
    }

    fn lies_in_another(&self, asset: &Asset) -> bool {
        let parent = asset.root.as_ref().ok().and_then(RelPath::parent);
        !self.registered_above(parent).is_empty()
    }

    /// Puts an asset in its place; one that stands there with the same key makes room.
    pub fn insert(&mut self, asset: &Arc<Asset>) {
        if asset.entry.is_none() {
            let Ok(root) = asset.root.clone() else { return };
            let before = self.unregistered.insert(root, Arc::clone(asset));
            self.reindex(before.as_ref(), Some(asset));
            return;
        }
        let key = asset.key();
        let before = self.registered.insert(key.clone(), Arc::clone(asset));
        self.reindex(before.as_ref(), Some(asset));
        if asset.is_respelled() {
            self.respelled.insert(key.clone(), ());
        }
        if asset.is_odd() {
            self.odd.insert(key, ());
        } else {
            self.odd.remove(&key);
        }
        let totals = before.iter().fold(self.totals, |totals, asset| totals.without(asset));
        self.totals = totals.with(asset);
        if before.is_none() {
            self.renest(asset);
        }
    }

    /// Takes a registered asset out.
    pub fn remove(&mut self, key: &AssetKey) -> Option<Arc<Asset>> {
        let asset = self.registered.remove(key)?;
        self.reindex(Some(&asset), None);
        self.odd.remove(key);
        self.respelled.remove(key);
        self.nested.remove(key);
        self.totals = self.totals.without(&asset);
        self.renest(&asset);
        Some(asset)
    }

    /// Takes an unregistered root out.
    pub fn remove_unregistered(&mut self, root: &RelPath) -> Option<Arc<Asset>> {
        let asset = self.unregistered.remove(root)?;
        self.reindex(Some(&asset), None);
        Some(asset)
    }

    fn reindex(&mut self, before: Option<&Arc<Asset>>, after: Option<&Arc<Asset>>) {
        let hashes = |asset: Option<&Arc<Asset>>| asset.map(|asset| self.index.hashes(asset)).unwrap_or_default();
        let (old, new) = (hashes(before), hashes(after));
        old.iter().zip(before.into_iter().cycle()).for_each(|(hash, asset)| self.index.remove(*hash, asset));
        new.iter().zip(after.into_iter().cycle()).for_each(|(hash, asset)| self.index.insert(*hash, asset));
        for hash in old.iter().chain(&new) {
            if self.index.is_contested(*hash) {
                self.contested.insert(*hash, ());
            } else {
                self.contested.remove(hash);
            }
        }
    }

    /// Looks again which roots lie in another, around one that came or went.
    fn renest(&mut self, asset: &Asset) {
        let Ok(root) = &asset.root else { return };
        let around: Vec<Arc<Asset>> = self.registered_within(root).cloned().collect();
        for asset in around {
            if self.lies_in_another(&asset) {
                self.nested.insert(asset.key(), ());
            } else {
                self.nested.remove(&asset.key());
            }
        }
    }
}

impl Totals {
    fn with(self, asset: &Asset) -> Self {
        Self {
            included: self.included + u64::from(asset.is_included()),
            sources: self.sources + asset.sources.len() as u64,
            bytes: self.bytes + asset.bytes(),
        }
    }

    fn without(self, asset: &Asset) -> Self {
        Self {
            included: self.included - u64::from(asset.is_included()),
            sources: self.sources - asset.sources.len() as u64,
            bytes: self.bytes - asset.bytes(),
        }
    }
}
