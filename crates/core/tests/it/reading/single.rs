//! Cases of their own, each of which a history found or could miss.

use packwright::fs::RealFs;
use packwright::snapshot::{Changes, Dirty, Reader, Reading};
use packwright::value::{OperationId, RelPath};
use packwright::workspace::{Listing, Scanned, layout};
use packwright_testkit::Tree;

use super::same::{assert_findings, assert_same};
use crate::SETTINGS;

fn workspace(text: &str) -> Tree {
    let tree = Tree::from_text(text);
    tree.write("packwright.toml", SETTINGS);
    tree
}

fn folder(path: &'static str) -> Dirty {
    Dirty::folders([path
        .split('/')
        .filter(|name| !name.is_empty())
        .fold(RelPath::root(), |path, name| path.entry(name))])
}

/// Reads what `text` spells out, lets `change` happen, and looks again where `dirty` says.
fn after(text: &str, change: impl FnOnce(&Tree), dirty: &Dirty) -> (Reading, Reading) {
    let tree = workspace(text);
    let (fs, importers) = (RealFs::open(tree.path()).expect("a folder"), packwright_importers::standard());
    let reader = Reader { fs: &fs, importers: &importers };
    let before = reader.open(&Listing::new(importers.fingerprint()));
    change(&tree);
    let after = reader.read(&before.snapshot, &before.listing, dirty);
    let fresh = reader.open(&Listing::new(importers.fingerprint()));
    assert_same(&after.snapshot, &fresh.snapshot);
    assert_findings(&after.snapshot, Some(&fresh.snapshot), &fs);
    (before, after)
}

fn named(changes: &Changes) -> [Vec<&str>; 3] {
    [&changes.discovered, &changes.changed, &changes.removed]
        .map(|assets| assets.iter().map(|asset| &*asset.root).collect())
}

fn entry(id: u32, root: &str) -> String {
    format!(
        "{{\"asset_id\": {id}, \"uuid\": \"0199c0de-0000-7000-8000-0000000000{id:02}\", \"root\": \"{root}\", \"included\": true}}"
    )
}

fn registry(entries: &[(u32, &str)]) -> String {
    let entries: Vec<String> = entries.iter().map(|(id, root)| entry(*id, root)).collect();
    format!("{{\"schema\": 1, \"assets\": [{}]}}", entries.join(",\n"))
}

const REGISTRY: &str = "packwright.registry.json";

fn with_registry(entries: &[(u32, &str)]) -> String {
    format!("-- {REGISTRY} --\n{}\n", registry(entries))
}

fn edited(before: &[(u32, &str)], now: &[(u32, &str)]) -> Changes {
    let dirty = Dirty { registry: true, ..Dirty::default() };
    after(&with_registry(before), |tree| tree.write(REGISTRY, registry(now)), &dirty).1.changes
}

#[test]
fn an_entry_before_others_in_the_file_changes_none_of_them() {
    let many: Vec<(u32, &str)> = vec![(2, "b"), (3, "c"), (4, "d"), (5, "e")];
    let more: Vec<(u32, &str)> = [(1, "a")].into_iter().chain(many.iter().copied()).collect();
    assert_eq!(named(&edited(&many, &more)), [vec!["a"], vec![], vec![]]);
    assert_eq!(named(&edited(&more, &many)), [vec![], vec![], vec!["a"]]);
    let turned: Vec<(u32, &str)> = many.iter().copied().rev().collect();
    let changes = edited(&many, &turned);
    assert_eq!((named(&changes), changes.any), ([vec![], vec![], vec![]], true), "only their places in the file");
}

#[test]
fn one_of_two_entries_of_a_root_is_not_the_root() {
    assert_eq!(named(&edited(&[(1, "a"), (2, "a"), (3, "b")], &[(1, "a"), (3, "b")])), [vec![], vec!["a"], vec![]]);
    assert_eq!(named(&edited(&[(1, "a"), (3, "b")], &[(1, "a"), (2, "a"), (3, "b")])), [vec![], vec!["a"], vec![]]);
}

#[test]
fn a_root_inside_another_is_found_whose_accents_are_spelled_otherwise() {
    let others = [(3, "x1"), (4, "x2"), (5, "x3"), (6, "x4"), (7, "x5"), (8, "x6")];
    let inner: Vec<(u32, &str)> = others.into_iter().chain([(1, "cafe\u{301}/in")]).collect();
    let both: Vec<(u32, &str)> = inner.iter().copied().chain([(2, "caf\u{e9}")]).collect();
    assert_eq!(named(&edited(&inner, &both)), [vec!["caf\u{e9}"], vec![], vec![]]);
    assert_eq!(named(&edited(&both, &inner)), [vec![], vec![], vec!["caf\u{e9}"]]);
}

#[test]
fn what_a_folder_could_not_take_in_stays_known_when_its_parent_is_read_again() {
    use std::os::unix::ffi::OsStrExt;
    let odd = |tree: &Tree| {
        let name = std::ffi::OsStr::from_bytes(b"odd-\xff");
        std::fs::write(tree.at("assets/a/in").join(name), "x").expect("a file");
    };
    let tree = workspace("-- assets/a/in/x.txt --\nx\n");
    odd(&tree);
    let (fs, importers) = (RealFs::open(tree.path()).expect("a folder"), packwright_importers::standard());
    let reader = Reader { fs: &fs, importers: &importers };
    let before = reader.open(&Listing::new(importers.fingerprint()));
    tree.write("assets/a/y.txt", "y");
    let after = reader.read(&before.snapshot, &before.listing, &folder("a"));
    assert_eq!(after.snapshot.tree.faults(), before.snapshot.tree.faults());
    assert_eq!(after.snapshot.tree.faults().len(), 1);
}

#[test]
fn what_the_folder_in_anothers_place_cannot_take_in_is_known() {
    use std::os::unix::ffi::OsStrExt;
    let replace = |tree: &Tree| {
        tree.write("other/x.txt", "x");
        std::fs::write(tree.at("other").join(std::ffi::OsStr::from_bytes(b"odd-\xff")), "x").expect("a file");
        tree.rename("assets/a", "away");
        tree.rename("other", "assets/a");
    };
    let (_, after) = after("-- assets/a/x.txt --\nx\n", replace, &folder(""));
    assert_eq!(after.snapshot.tree.faults().len(), 1);
}

#[test]
fn a_folder_stays_a_folder_beside_a_file_whose_name_is_one_with_its_in_nfc() {
    let text = "-- assets/cafe\u{301}/asset.json --\n{}\n";
    let (before, after) = after(text, |tree| tree.write("assets/caf\u{e9}", "a file"), &folder(""));
    assert_eq!(after.snapshot.assets.n_unregistered(), before.snapshot.assets.n_unregistered());
}

#[test]
fn a_manifest_of_the_same_length_and_time_is_read_again_while_its_time_may_lie() {
    let text = "-- assets/a/asset.json --\n{\"schema\": 1, \"uuid\": \"0199c0de-0000-7000-8000-00000000000a\", \"address\": \"a1\"}\n";
    let lie = |tree: &Tree| {
        let path = tree.at("assets/a/asset.json");
        let time = std::fs::metadata(&path).and_then(|stat| stat.modified()).expect("a time");
        tree.write("assets/a/asset.json", tree.text("assets/a/asset.json").replace("a1", "a2"));
        std::fs::File::options().append(true).open(path).and_then(|file| file.set_modified(time)).expect("a time");
    };
    let (_, after) = after(text, lie, &folder("a"));
    assert_eq!(
        after.changes.changed.iter().map(|asset| asset.address.as_ref().map(ToString::to_string)).collect::<Vec<_>>(),
        [Some("a2".to_owned())]
    );
}

#[test]
fn a_listing_recalls_the_scan_that_it_was_stored_after_whatever_happened_since() {
    let tree = workspace(&format!(
        "{}-- assets/a/asset.json --\n{{}}\n-- assets/a/x.txt --\nx\n",
        with_registry(&[(1, "a"), (2, "gone")])
    ));
    let (fs, importers) = (RealFs::open(tree.path()).expect("a folder"), packwright_importers::standard());
    let reader = Reader { fs: &fs, importers: &importers };
    let stored = reader.open(&Listing::new(importers.fingerprint()));
    let settings = stored.snapshot.setting.digest.expect("settings");
    let (path, scanned) = (RelPath::literal(layout::LISTING), Scanned { settings, tree: stored.snapshot.tree.clone() });
    tree.write(layout::LISTING, "");
    stored.listing.store(&fs, &path, &scanned, OperationId::mint()).expect("it is written");
    tree.remove("assets/a");
    tree.write("assets/new/asset.json", "{}");
    let (listing, scanned) = Listing::load(&fs, &path, importers.fingerprint());
    let recalled = reader.recall(&listing, &scanned.expect("what was stored")).expect("by the same settings");
    assert_same(&recalled.snapshot, &stored.snapshot);
}
