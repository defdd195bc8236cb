//! Merging: clean where two sides changed different assets, and a conflict only where one was changed twice.

use proptest::prelude::*;

use super::*;
use crate::value::{AssetId, RelPath};
use crate::workspace::RawAssetId;

fn uuid(n: u8) -> AssetUuid {
    AssetUuid::from_uuid(uuid::Uuid::from_u128(n.into()))
}

fn entry(n: u8, root: &str) -> RegistryEntry {
    let id = AssetId::new(u32::from(n) + 1).expect("not zero");
    RegistryEntry::new(id, uuid(n), &RelPath::parse(root).expect("a path"), true)
}

fn registry(entries: impl IntoIterator<Item = RegistryEntry>) -> Registry {
    let mut registry = Registry { entries: entries.into_iter().collect(), extra: Box::default() };
    registry.sort();
    registry
}

fn bytes(entries: impl IntoIterator<Item = RegistryEntry>) -> Vec<u8> {
    registry(entries).to_bytes()
}

fn text(merged: &Merged) -> &str {
    std::str::from_utf8(&merged.bytes).expect("text")
}

#[test]
fn additions_on_both_sides_are_all_there() {
    let base = bytes([entry(0, "m")]);
    let ours = bytes([entry(0, "m"), entry(1, "a")]);
    let theirs = bytes([entry(0, "m"), entry(2, "a/b")]);
    let merged = merge(&base, &ours, &theirs).expect("a merge");
    assert_eq!(merged.bytes, bytes([entry(0, "m"), entry(1, "a"), entry(2, "a/b")]));
    assert!(merged.conflicts.is_empty());
}

#[test]
fn an_asset_that_both_sides_added_alike_is_there_once() {
    let both = bytes([entry(1, "a")]);
    let merged = merge(b"", &both, &both).expect("a merge");
    assert_eq!(merged, Merged { bytes: both, conflicts: vec![] });
}

#[test]
fn an_asset_changed_twice_differently_is_a_conflict_around_it_alone() {
    let base = bytes([entry(0, "a"), entry(1, "b"), entry(2, "c")]);
    let ours = bytes([entry(0, "a"), entry(1, "b1"), entry(2, "c")]);
    let theirs = bytes([entry(0, "a"), entry(1, "b2"), entry(2, "c2")]);
    let merged = merge(&base, &ours, &theirs).expect("a merge");
    let conflict = Conflict::Asset { uuid: uuid(1), ours: Some("b1".into()), theirs: Some("b2".into()) };
    assert_eq!(merged.conflicts, [conflict]);
    let lines: Vec<&str> = text(&merged).lines().map(str::trim_start).collect();
    let line = |entry: RegistryEntry| entry.to_json();
    let expected = [
        "{",
        "\"schema\": 1,",
        "\"assets\": [",
        &format!("{},", line(entry(0, "a"))),
        "<<<<<<< ours",
        &format!("{},", line(entry(1, "b1"))),
        "=======",
        &format!("{},", line(entry(1, "b2"))),
        ">>>>>>> theirs",
        &line(entry(2, "c2")),
        "]",
        "}",
    ];
    assert_eq!(lines, expected);
    let Err(RegistryError::Unreadable(problem)) = Registry::parse(&merged.bytes) else {
        panic!("a file in conflict is unreadable");
    };
    assert!(problem.help.is_some_and(|help| help.contains("merge-registry")));
}

/// What is left where a person keeps one side of every conflict.
fn settled(merged: &Merged, keep_ours: bool) -> String {
    let mut kept = true;
    let mut out = String::new();
    for line in text(merged).lines() {
        match line {
            "<<<<<<< ours" => kept = keep_ours,
            "=======" => kept = !keep_ours,
            ">>>>>>> theirs" => kept = true,
            line if kept => out.push_str(&format!("{line}\n")),
            _ => {}
        }
    }
    out
}

#[test]
fn a_removal_against_a_change_is_a_conflict_that_either_side_settles() {
    let base = bytes([entry(0, "a"), entry(1, "z")]);
    let removed = bytes([entry(0, "a")]);
    let moved = bytes([entry(0, "a"), entry(1, "y")]);
    let merged = merge(&base, &removed, &moved).expect("a merge");
    assert_eq!(merged.conflicts.len(), 1);
    let kept = |ours| Registry::parse(settled(&merged, ours).as_bytes()).expect("settled").to_bytes();
    assert_eq!(kept(true), removed);
    assert_eq!(kept(false), moved);
}

#[test]
fn a_removal_against_no_change_removes() {
    let base = bytes([entry(0, "a"), entry(1, "b")]);
    let removed = bytes([entry(0, "a")]);
    assert_eq!(merge(&base, &removed, &base).expect("a merge").bytes, removed);
    assert_eq!(merge(&base, &base, &removed).expect("a merge").bytes, removed);
}

#[test]
fn an_id_or_a_root_that_two_assets_come_to_share_is_kept_for_the_doctor() {
    let mut mine = entry(1, "same");
    let mut yours = entry(2, "same");
    mine.asset_id = RawAssetId::Valid(AssetId::new(9).expect("not zero"));
    yours.asset_id = mine.asset_id.clone();
    let merged = merge(b"", &bytes([mine.clone()]), &bytes([yours.clone()])).expect("a merge");
    assert_eq!(merged, Merged { bytes: bytes([mine, yours]), conflicts: vec![] });
}

#[test]
fn fields_that_nobody_knows_are_merged_by_name() {
    let file = |fields: &str| format!("{{\"schema\": 1, \"assets\": []{fields}}}").into_bytes();
    let merged = merge(&file(", \"a\": 1"), &file(", \"a\": 1, \"b\": 2"), &file(", \"a\": 3")).expect("a merge");
    assert_eq!(text(&merged), "{\n  \"schema\": 1,\n  \"assets\": [],\n  \"a\": 3,\n  \"b\": 2\n}\n");
    let conflict = merge(&file(", \"a\": 1"), &file(", \"a\": 2"), &file("")).expect("a merge");
    assert_eq!(conflict.conflicts, [Conflict::Field("a".into())]);
    for ours in [true, false] {
        assert!(Registry::parse(settled(&conflict, ours).as_bytes()).is_ok());
    }
}

#[test]
fn a_side_that_does_not_read_is_named() {
    let good = bytes([]);
    assert_eq!(merge(&good, b"x", &good).map_err(|error| error.side), Err(Side::Ours));
    assert_eq!(merge(&good, &good, b"").map_err(|error| error.side), Err(Side::Theirs));
    let newer = merge(b"{\"schema\": 2}", &good, &good).expect_err("read-only");
    assert!(matches!(newer, MergeError { side: Side::Base, error: RegistryError::SchemaNewer { schema: 2, .. } }));
}

fn any_entry() -> impl Strategy<Value = RegistryEntry> {
    ((0u8..6), "[a-c]{1,2}", any::<bool>(), 0u8..3).prop_map(|(n, root, included, extra)| {
        let mut entry = RegistryEntry { included, ..entry(n, &root) };
        if extra > 0 {
            entry.extra = Box::new([ExtraField { name: "x".into(), json: extra.to_string().into() }]);
        }
        entry
    })
}

/// A registry, now and then with two entries of one UUID.
fn any_file() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any_entry(), 0..7).prop_map(bytes)
}

proptest! {
    #[test]
    fn a_side_without_changes_gives_way_to_the_other(base in any_file(), other in any_file()) {
        let unchanged = |bytes: &[u8]| Ok(Merged { bytes: bytes.to_vec(), conflicts: vec![] });
        prop_assert_eq!(merge(&base, &other, &base), unchanged(&other));
        prop_assert_eq!(merge(&base, &base, &other), unchanged(&other));
        prop_assert_eq!(merge(&base, &other, &other), unchanged(&other));
    }

    #[test]
    fn both_orders_merge_alike(base in any_file(), ours in any_file(), theirs in any_file()) {
        let one = merge(&base, &ours, &theirs).expect("a merge");
        let other = merge(&base, &theirs, &ours).expect("a merge");
        prop_assert_eq!(one.conflicts.len(), other.conflicts.len());
        if one.conflicts.is_empty() {
            prop_assert_eq!(one.bytes, other.bytes);
        } else {
            prop_assert!(Registry::parse(&one.bytes).is_err());
        }
    }

    #[test]
    fn what_one_side_alone_added_survives(base in any_file(), ours in any_file(), theirs in any_file()) {
        let parse = |bytes: &[u8]| Registry::parse(bytes).expect("a registry").entries;
        let merged = merge(&base, &ours, &theirs).expect("a merge");
        let (base, ours, theirs) = (parse(&base), parse(&ours), parse(&theirs));
        let is_in = |entries: &[RegistryEntry], entry: &RegistryEntry| entries.iter().any(|other| other.uuid == entry.uuid);
        for (side, other) in [(&ours, &theirs), (&theirs, &ours)] {
            for entry in side.iter().filter(|entry| !is_in(&base, entry) && !is_in(other, entry)) {
                prop_assert!(text(&merged).contains(&entry.to_json()));
            }
        }
    }

    #[test]
    fn either_side_of_every_conflict_settles_the_file(base in any_file(), ours in any_file(), theirs in any_file()) {
        let merged = merge(&base, &ours, &theirs).expect("a merge");
        let clean = text(&merged).lines().rev().nth(2).is_some_and(|line| line.starts_with("    {"));
        for keep_ours in [true, false] {
            if clean {
                prop_assert!(Registry::parse(settled(&merged, keep_ours).as_bytes()).is_ok(), "{}", text(&merged));
            }
        }
    }
}
