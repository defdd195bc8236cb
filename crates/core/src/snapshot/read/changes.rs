//! How two snapshots differ, told root by root.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::snapshot::{Asset, Assets};
use crate::value::AssetRef;
use crate::workspace::RegistryEntry;

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

/// Where something came, went or changed, while it does: for each root one of the assets that did.
#[derive(Default)]
pub(super) struct Tally {
    touched: BTreeMap<Arc<str>, Arc<Asset>>,
}

impl Tally {
    pub(super) fn touch(&mut self, asset: &Arc<Asset>) {
        self.touched.entry(asset.root_name()).or_insert_with(|| Arc::clone(asset));
    }

    pub(super) fn put(&mut self, assets: &mut Assets, asset: Asset, in_order: bool) {
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

    pub(super) fn compare(&mut self, before: &Assets, after: &Assets) {
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
    pub(super) fn changes(self, before: &Assets, after: &Assets) -> Changes {
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

/// Whether an asset's entry stands where this one does in the file.
pub(super) fn is_placed_alike(asset: &Asset, entry: Option<&RegistryEntry>) -> bool {
    let index = |entry: Option<&RegistryEntry>| entry.and_then(|entry| entry.file_index);
    index(asset.entry.as_ref()) == index(entry)
}
