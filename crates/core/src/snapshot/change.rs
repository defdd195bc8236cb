//! A change of the registry: what a mutation plans, and what becomes of the file.

use std::collections::{BTreeMap, BTreeSet};

use super::{AssetKey, Snapshot};
use crate::workspace::{Registry, RegistryEntry};

/// Entries that come, change and go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegistryChange {
    /// New entries.
    pub added: Vec<RegistryEntry>,
    /// Entries that are others now; their roots stay the same.
    pub changed: BTreeMap<AssetKey, RegistryEntry>,
    /// Entries that go.
    pub removed: BTreeSet<AssetKey>,
}

impl RegistryChange {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// The bytes of the snapshot's registry with this change, in canonical form.
    #[must_use]
    pub fn bytes(&self, snapshot: &Snapshot) -> Vec<u8> {
        let mut added: Vec<&RegistryEntry> = self.added.iter().collect();
        added.sort_by(|a, b| RegistryEntry::order(a, b));
        let mut added = added.into_iter().peekable();
        let kept = snapshot.assets.registered().filter_map(|asset| {
            let key = asset.key();
            let entry = self.changed.get(&key).or(asset.entry.as_ref());
            entry.filter(|_| !self.removed.contains(&key))
        });
        let mut kept = kept.peekable();
        let merged = std::iter::from_fn(|| match (kept.peek(), added.peek()) {
            (Some(one), Some(other)) if RegistryEntry::order(one, other).is_le() => kept.next(),
            (_, Some(_)) => added.next(),
            _ => kept.next(),
        });
        let entries: Vec<&RegistryEntry> = merged.collect();
        Registry::write(entries.into_iter(), &snapshot.registry.extra)
    }

    /// Whether the keys of other assets stay what they are: they count entries of one root.
    pub(super) fn keeps_keys(&self, snapshot: &Snapshot) -> bool {
        let is_one_of_several = |root: &std::sync::Arc<str>| {
            let second = AssetKey { root: root.clone(), nth: 1 };
            snapshot.assets.get(&second).is_some()
        };
        let is_taken = |entry: &RegistryEntry| {
            let first = AssetKey { root: entry.root.clone(), nth: 0 };
            snapshot.assets.get(&first).is_some()
        };
        !self.removed.iter().any(|key| is_one_of_several(&key.root)) && !self.added.iter().any(is_taken)
    }
}
