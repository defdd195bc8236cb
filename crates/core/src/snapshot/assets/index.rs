//! Assets by what they are found by: address, UUID, id, root.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Arc;

use crate::snapshot::Asset;
use crate::value::{Address, AssetId, AssetUuid, SharedMap};

/// What assets are found by.
#[derive(Hash)]
pub(super) enum Key<'a> {
    Address(&'a Address),
    Uuid(AssetUuid),
    Id(AssetId),
    Root(&'a str),
}

/// Assets by the hash of what they are found by. Different things may share a hash: who looks compares.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    hasher: RandomState,
    groups: SharedMap<u64, Group>,
}

#[derive(Debug, Clone)]
enum Group {
    One(Arc<Asset>),
    Many(Arc<[Arc<Asset>]>),
}

impl Group {
    fn assets(&self) -> &[Arc<Asset>] {
        match self {
            Self::One(asset) => std::slice::from_ref(asset),
            Self::Many(assets) => assets,
        }
    }

    fn of(mut assets: Vec<Arc<Asset>>) -> Option<Self> {
        match assets.len() {
            0 => None,
            1 => assets.pop().map(Self::One),
            _ => Some(Self::Many(assets.into())),
        }
    }
}

impl Index {
    pub(super) fn new<'a>(assets: impl Iterator<Item = &'a Arc<Asset>>) -> Self {
        let mut index = Self::default();
        let mut entries: Vec<(u64, &Arc<Asset>)> = Vec::new();
        for asset in assets {
            entries.extend(index.hashes(asset).into_iter().map(|hash| (hash, asset)));
        }
        entries.sort_by_key(|(hash, _)| *hash);
        let groups = entries.chunk_by(|a, b| a.0 == b.0);
        let group = |group: &[(u64, &Arc<Asset>)]| match group {
            [(hash, asset)] => Some((*hash, Group::One(Arc::clone(asset)))),
            many => Some((many.first()?.0, Group::Many(many.iter().map(|(_, asset)| Arc::clone(asset)).collect()))),
        };
        index.groups = SharedMap::from_sorted(groups.filter_map(group));
        index
    }

    pub(super) fn hash(&self, key: &Key<'_>) -> u64 {
        self.hasher.hash_one(key)
    }

    /// The hashes of all that an asset is found by, each once.
    pub(super) fn hashes(&self, asset: &Asset) -> Vec<u64> {
        let mut hashes: Vec<u64> = asset.uuids().map(|uuid| self.hash(&Key::Uuid(uuid))).collect();
        hashes.extend(asset.address().map(|address| self.hash(&Key::Address(address))));
        hashes.extend(asset.asset_id().map(|id| self.hash(&Key::Id(id))));
        hashes.extend(asset.root.as_ref().ok().map(|root| self.hash(&Key::Root(&root.folded()))));
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }

    pub(super) fn of(&self, key: &Key<'_>) -> impl Iterator<Item = &Arc<Asset>> + use<'_> {
        self.of_hash(self.hash(key))
    }

    pub(super) fn of_hash(&self, hash: u64) -> impl Iterator<Item = &Arc<Asset>> {
        self.groups.get(&hash).into_iter().flat_map(Group::assets)
    }

    /// The hashes that more than one registered asset has, ascending.
    pub(super) fn contested(&self) -> impl Iterator<Item = u64> {
        self.groups.iter().filter(|(_, group)| is_contested(group.assets())).map(|(hash, _)| *hash)
    }

    pub(super) fn is_contested(&self, hash: u64) -> bool {
        self.groups.get(&hash).is_some_and(|group| is_contested(group.assets()))
    }

    pub(super) fn insert(&mut self, hash: u64, asset: &Arc<Asset>) {
        let group = match self.groups.get(&hash) {
            None => Group::One(Arc::clone(asset)),
            Some(group) => {
                let mut assets = group.assets().to_vec();
                assets.push(Arc::clone(asset));
                Group::Many(assets.into())
            }
        };
        self.groups.insert(hash, group);
    }

    pub(super) fn remove(&mut self, hash: u64, asset: &Arc<Asset>) {
        let Some(group) = self.groups.get(&hash) else { return };
        let rest = group.assets().iter().filter(|other| !Arc::ptr_eq(other, asset)).cloned().collect();
        match Group::of(rest) {
            Some(group) => drop(self.groups.insert(hash, group)),
            None => drop(self.groups.remove(&hash)),
        }
    }
}

fn is_contested(group: &[Arc<Asset>]) -> bool {
    group.iter().filter(|asset| asset.entry.is_some()).nth(1).is_some()
}
