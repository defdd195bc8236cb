//! What it is for two snapshots to be the same, and to differ.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use packwright::diagnose::{Diagnostic, Ground, RULES, registered};
use packwright::fs::Fs;
use packwright::snapshot::{Asset, AssetKey, Assets, Changes, Snapshot};
use packwright::value::AssetRef;

/// Everything that a snapshot says but its revision, and the faults of its registry.
pub(crate) fn assert_same(known: &Snapshot, fresh: &Snapshot) {
    let setting = |snapshot: &Snapshot| {
        let setting = &snapshot.setting;
        (setting.settings.clone(), setting.digest, setting.linked_folders.clone())
    };
    assert_eq!(setting(known), setting(fresh), "settings");
    assert_eq!(known.registry.extra, fresh.registry.extra, "what the registry says beside its entries");
    assert_eq!(known.registry.in_order, fresh.registry.in_order, "whether the registry is in order");
    assert_eq!(known.tree.faults(), fresh.tree.faults(), "what the scan could not take in");
    let folders = |snapshot: &Snapshot| -> BTreeMap<String, _> {
        snapshot.tree.folders().map(|(path, folder)| (path.to_string(), folder.clone())).collect()
    };
    assert_eq!(folders(known), folders(fresh), "the folders");
    assert_eq!(known.tree_error, fresh.tree_error, "why the assets folder cannot be read");
    assert_assets(&known.assets, &fresh.assets);
    assert_eq!(keys(suspects(known)), keys(suspects(fresh)), "the suspects");
}

fn assert_assets(known: &Assets, fresh: &Assets) {
    let all = |assets: &Assets| assets.all().map(|asset| Asset::clone(asset)).collect::<Vec<_>>();
    assert_eq!(all(known), all(fresh), "the assets");
    assert_eq!((known.n_registered(), known.n_unregistered()), (fresh.n_registered(), fresh.n_unregistered()));
    assert_eq!(known.totals(), fresh.totals(), "the totals");
    let odd = |assets: &Assets| assets.odd().map(|asset| asset.key()).collect::<Vec<_>>();
    assert_eq!(odd(known), odd(fresh), "what is odd");
    for asset in fresh.all() {
        assert_eq!(found_by(known, asset), found_by(fresh, asset), "what is found by what `{}` has", asset.root_text);
    }
}

/// The assets that share something with one, by what they are found by.
fn found_by(assets: &Assets, asset: &Asset) -> BTreeMap<String, BTreeSet<(AssetKey, bool)>> {
    let set = |found: Vec<&Arc<Asset>>| -> BTreeSet<(AssetKey, bool)> {
        found.into_iter().map(|asset| (asset.key(), asset.entry.is_some())).collect()
    };
    let mut found = BTreeMap::new();
    if let Some(address) = asset.address() {
        found.insert("address".to_owned(), set(assets.with_address(address).collect()));
    }
    if let Some(id) = asset.asset_id() {
        found.insert("id".to_owned(), set(assets.with_id(id).collect()));
    }
    for uuid in asset.uuids() {
        found.insert(format!("uuid {uuid}"), set(assets.with_uuid(uuid).collect()));
    }
    if let Ok(root) = &asset.root {
        found.insert("root".to_owned(), set(assets.at_root(root)));
        found.insert("folded root".to_owned(), set(assets.folded_as(&root.folded()).collect()));
        found.insert("within".to_owned(), set(assets.registered_within(root).collect()));
        found.insert("above".to_owned(), set(assets.registered_above(root.parent())));
    }
    found.insert("spelled".to_owned(), set(assets.spelled(&asset.root_text).collect()));
    found.insert(format!("rank {}", assets.rank(&asset.key())), BTreeSet::new());
    found
}

fn suspects(snapshot: &Snapshot) -> Vec<&Asset> {
    snapshot.assets.suspects(snapshot.tree.faults().iter().map(|fault| fault.path.nfc()))
}

fn keys(assets: Vec<&Asset>) -> Vec<AssetKey> {
    assets.into_iter().map(Asset::key).collect()
}

/// Rules find among the suspects what they find among all, and what they find in another snapshot of the same files.
pub(super) fn assert_findings(known: &Snapshot, fresh: Option<&Snapshot>, fs: &dyn Fs) {
    let found = registered(known, fs);
    let ground = Ground::over_all(known, fs);
    for (codes, check) in RULES {
        let mut over_all: Vec<Diagnostic> = Vec::new();
        check(&ground, &mut over_all);
        Diagnostic::sort(&mut over_all);
        let rest: Vec<&Diagnostic> = over_all.iter().filter(|one| !found.contains(one)).collect();
        assert_eq!(rest, Vec::<&Diagnostic>::new(), "found by {codes:?} among all, and not among the suspects");
    }
    if let Some(fresh) = fresh {
        assert_eq!(found, registered(fresh, fs), "findings");
    }
}

/// The assets at each root, as the root is named.
fn by_name(assets: &Assets) -> BTreeMap<Arc<str>, Vec<Arc<Asset>>> {
    let mut named: BTreeMap<Arc<str>, Vec<Arc<Asset>>> = BTreeMap::new();
    assets.all().for_each(|asset| named.entry(asset.root_name()).or_default().push(Arc::clone(asset)));
    named
}

/// The changes are the difference, no more and no less.
pub(super) fn assert_changes(before: &Snapshot, after: &Snapshot, changes: &Changes) {
    let (old, new) = (by_name(&before.assets), by_name(&after.assets));
    let is_another = |name: &Arc<str>| old.get(name) != new.get(name);
    let names = |of: &BTreeMap<Arc<str>, Vec<Arc<Asset>>>| of.keys().cloned().collect::<BTreeSet<_>>();
    let (was, is) = (names(&old), names(&new));
    let said = |assets: &[AssetRef]| assets.iter().map(|asset| Arc::clone(&asset.root)).collect::<Vec<_>>();
    let is_registered = |of: &BTreeMap<Arc<str>, Vec<Arc<Asset>>>, name: &Arc<str>| {
        of.get(name).is_some_and(|assets| assets.iter().any(|asset| asset.entry.is_some()))
    };
    let (mut discovered, mut changed, mut removed) = (Vec::new(), Vec::new(), Vec::new());
    for name in was.union(&is) {
        match (is_registered(&old, name), is_registered(&new, name)) {
            _ if !was.contains(name) => discovered.push(name.clone()),
            _ if !is.contains(name) => removed.push(name.clone()),
            (false, true) => discovered.push(name.clone()),
            (true, false) => removed.push(name.clone()),
            _ if is_another(name) => changed.push(name.clone()),
            _ => {}
        }
    }
    assert_eq!(said(&changes.discovered), discovered, "discovered");
    assert_eq!(said(&changes.removed), removed, "removed");
    assert_eq!(said(&changes.changed), changed, "changed");
    let assert_known = |said: &[AssetRef], of: &BTreeMap<Arc<str>, Vec<Arc<Asset>>>| {
        for asset in said {
            assert!(of[&asset.root].iter().any(|known| known.reference() == *asset), "{asset:?} is nobody's reference");
        }
    };
    assert_known(&changes.discovered, &new);
    assert_known(&changes.changed, &new);
    assert_known(&changes.removed, &old);
    assert_eq!(changes.any, !is_same(before, after), "whether anything differs");
    assert_eq!(after.revision - before.revision, u64::from(changes.any), "the revision");
}

/// Whether they say the same, but for their revisions.
pub(crate) fn is_same(before: &Snapshot, after: &Snapshot) -> bool {
    let setting = |snapshot: &Snapshot| {
        let setting = &snapshot.setting;
        (setting.settings.clone(), setting.digest, setting.linked_folders.clone())
    };
    setting(before) == setting(after)
        && before.registry == after.registry
        && before.tree == after.tree
        && before.tree_error == after.tree_error
        && by_name(&before.assets) == by_name(&after.assets)
}

/// What did not change is not there twice; where the registry is in another order than its assets, their places in the
/// file are part of it.
pub(super) fn assert_shared(before: &Snapshot, after: &Snapshot) {
    let place = |asset: &Arc<Asset>| (asset.entry.is_some(), asset.key());
    let known: BTreeMap<_, _> = before.assets.all().map(|asset| (place(asset), asset)).collect();
    for asset in after.assets.all() {
        let index = |asset: &Asset| asset.entry.as_ref().map(|entry| entry.file_index);
        let is_placed_alike = |known: &Asset| after.registry.in_order || index(known) == index(asset);
        let same = known.get(&place(asset)).filter(|known| known == &&asset && is_placed_alike(known));
        assert!(same.is_none_or(|known| Arc::ptr_eq(known, asset)), "`{}` was made again", asset.root_text);
    }
}
