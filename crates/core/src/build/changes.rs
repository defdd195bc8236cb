//! What a pack holds otherwise than the one before it, by what was remembered of that: it is gone by then.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::record::{BuiltAsset, LastBuild};
use crate::value::{AssetId, ContentHash};

/// How many assets a list names; it counts all.
const MOST: usize = 100;

/// What a pack holds otherwise than the one before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Changes {
    /// When the one before was built, RFC 3339.
    pub since: String,
    /// Its hash.
    pub pack: ContentHash,
    /// Assets that it had not.
    pub added: ChangedAssets,
    /// Assets that it had and this one has not.
    pub removed: ChangedAssets,
    /// Assets that have other parts, or another address.
    pub changed: ChangedAssets,
}

/// Assets that are otherwise in some way.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ChangedAssets {
    /// How many.
    pub total: u64,
    /// How many bytes the pack is longer by all of them; negative where it is shorter.
    pub bytes: i64,
    /// Those that make the most of that, at most 100.
    pub assets: Vec<ChangedAsset>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedAsset {
    /// Its id.
    pub asset_id: AssetId,
    /// Its address; the one it has now, where it has another.
    pub address: String,
    /// The bytes of its parts in the pack before; 0 where that had none.
    pub before: u64,
    /// In this one.
    pub after: u64,
}

impl Changes {
    /// How `now` differs from what the last build made. Both by asset id.
    pub(super) fn between(last: &LastBuild, now: &[BuiltAsset]) -> Self {
        let mut changes = Self {
            since: last.at.clone(),
            pack: last.pack_hash,
            added: ChangedAssets::default(),
            removed: ChangedAssets::default(),
            changed: ChangedAssets::default(),
        };
        let (mut before, mut after) = (last.assets.iter().peekable(), now.iter().peekable());
        loop {
            let order = match (before.peek(), after.peek()) {
                (None, None) => break,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(one), Some(other)) => one.asset_id.cmp(&other.asset_id),
            };
            let one = before.next_if(|_| order.is_le());
            let other = after.next_if(|_| order.is_ge());
            let list = match (one, other) {
                (Some(one), Some(other)) if one.is_same(other) => continue,
                (Some(_), Some(_)) => &mut changes.changed,
                (Some(_), None) => &mut changes.removed,
                _ => &mut changes.added,
            };
            list.add(one, other);
        }
        [&mut changes.added, &mut changes.removed, &mut changes.changed].into_iter().for_each(ChangedAssets::cut);
        changes
    }
}

impl ChangedAssets {
    fn add(&mut self, before: Option<&BuiltAsset>, after: Option<&BuiltAsset>) {
        let Some(named) = after.or(before) else { return };
        let bytes = |asset: Option<&BuiltAsset>| asset.map(BuiltAsset::stored_bytes).unwrap_or_default();
        let asset = ChangedAsset {
            asset_id: named.asset_id,
            address: named.address.clone(),
            before: bytes(before),
            after: bytes(after),
        };
        self.total += 1;
        self.bytes = self.bytes.saturating_add_unsigned(asset.after).saturating_sub_unsigned(asset.before);
        self.assets.push(asset);
        if self.assets.len() > 16 * MOST {
            self.cut();
        }
    }

    /// Leaves those that make the most of it.
    fn cut(&mut self) {
        self.assets.sort_by_key(|asset| (std::cmp::Reverse(asset.before.abs_diff(asset.after)), asset.asset_id));
        self.assets.truncate(MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::super::cache::StoredPart;
    use super::super::recipe::Recipe;
    use super::super::record::BuiltImport;
    use super::*;
    use crate::workspace::Stamp;

    fn asset(id: u32, bytes: u64) -> BuiltAsset {
        let hash = ContentHash::of(&bytes.to_le_bytes());
        let text = String::new;
        let recipe = Recipe { importer: text(), version: 1, settings: text(), codec: text(), source: "x".into(), hash };
        let part = StoredPart {
            name: "x".into(),
            format: "raw".into(),
            metadata: "{}".into(),
            is_lz4: false,
            stored_length: bytes,
            raw_length: bytes,
            hash,
            blob: None,
        };
        let imports = vec![BuiltImport { recipe, reason: "new".into(), parts: vec![(part, u64::from(id))] }];
        BuiltAsset { asset_id: AssetId::new(id).expect("not zero"), address: format!("a{id}"), imports }
    }

    fn last(assets: Vec<BuiltAsset>) -> LastBuild {
        let stamp = Stamp { size: 0, mtime_ns: 0, ctime_ns: 0, inode: 0 };
        LastBuild {
            at: "then".into(),
            pack_path: "p".into(),
            pack_hash: ContentHash::of(b"p"),
            pack_stamp: stamp,
            addressables_stamp: stamp,
            assets,
        }
    }

    #[test]
    fn assets_are_added_removed_and_changed_with_their_bytes_and_the_place_of_a_part_does_not_count() {
        let before = last(vec![asset(1, 10), asset(2, 20), asset(3, 30), asset(5, 50)]);
        let mut moved = asset(1, 10);
        moved.imports[0].parts[0].1 = 4096;
        let now = [moved, asset(3, 35), asset(4, 40), asset(5, 45)];
        let changes = Changes::between(&before, &now);
        let ids = |list: &ChangedAssets| list.assets.iter().map(|asset| asset.asset_id.get()).collect::<Vec<_>>();
        assert_eq!((ids(&changes.added), changes.added.bytes), (vec![4], 40));
        assert_eq!((ids(&changes.removed), changes.removed.bytes), (vec![2], -20));
        assert_eq!((ids(&changes.changed), changes.changed.bytes), (vec![3, 5], 0));
        assert_eq!((changes.changed.assets[0].before, changes.changed.assets[0].after), (30, 35));
    }

    #[test]
    fn a_long_list_names_the_biggest_and_counts_all() {
        let now: Vec<BuiltAsset> = (1..=5_000).map(|id| asset(id, u64::from(id))).collect();
        let added = Changes::between(&last(Vec::new()), &now).added;
        assert_eq!((added.total, added.bytes, added.assets.len()), (5_000, 12_502_500, MOST));
        assert_eq!(added.assets[0].after, 5_000);
        assert_eq!(added.assets[MOST - 1].after, 4_901);
    }
}
