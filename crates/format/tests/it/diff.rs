//! Comparing two packs.

use packwright_format::{Change, Metadata, NewAsset, Pack, PackBuilder, diff};

use crate::sample;

fn pack(assets: impl IntoIterator<Item = NewAsset>) -> Vec<u8> {
    assets.into_iter().fold(PackBuilder::new(), PackBuilder::asset).finish().expect("the assets keep the rules")
}

fn asset(asset_id: u32) -> NewAsset {
    NewAsset::new(asset_id, format!("a/{asset_id}"))
}

/// Each changed asset, its changed parts, and the bytes they had and have.
fn described(old: &[u8], new: &[u8]) -> Vec<(String, Vec<String>, (u64, u64))> {
    let old = Pack::open(old).expect("a pack");
    let new = Pack::open(new).expect("a pack");
    let describe = |change: &packwright_format::AssetChange<'_>| {
        let parts = change.parts.iter().map(|part| text(part, |part| part.name().to_owned())).collect();
        (text(&change.asset, |asset| asset.id().to_string()), parts, change.stored_bytes())
    };
    diff(&old, &new).iter().map(describe).collect()
}

fn text<T>(change: &Change<T>, name: impl Fn(&T) -> String) -> String {
    match change {
        Change::Added(new) => format!("+{}", name(new)),
        Change::Removed(old) => format!("-{}", name(old)),
        Change::Changed { new, .. } => format!("~{}", name(new)),
    }
}

fn raw(asset: NewAsset, name: &str, bytes: &[u8]) -> NewAsset {
    asset.part(name, "raw", Metadata::new(), bytes)
}

#[test]
fn assets_and_parts_that_come_go_and_change_are_told_apart_with_their_bytes() {
    let kept = raw(asset(9), "kept", b"kept");
    let edited = raw(raw(raw(asset(5), "same", b"same"), "gone", b"12"), "edited", b"123");
    let old = pack([raw(asset(1), "x", b"1"), edited, kept.clone()]);
    let edited = raw(raw(raw(asset(5), "same", b"same"), "new", b"1234567"), "edited", &[1; 100]);
    let new = pack([edited, raw(asset(7), "y", b"12345"), kept]);

    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let expected = vec![
        ("-1".to_owned(), names(&["-x"]), (1, 0)),
        ("~5".to_owned(), names(&["~edited", "-gone", "+new"]), (5, 107)),
        ("+7".to_owned(), names(&["+y"]), (0, 5)),
    ];
    assert_eq!(described(&old, &new), expected);
}

#[test]
fn a_part_that_only_moved_has_not_changed() {
    let last = raw(asset(2), "last", b"last");
    let old = pack([raw(asset(1), "first", b"1"), last.clone()]);
    let new = pack([raw(asset(1), "first", &[1; 1000]), last]);
    assert_eq!(described(&old, &new), [("~1".to_owned(), vec!["~first".to_owned()], (1, 1000))]);
}

#[test]
fn an_asset_changes_with_its_record_though_no_part_did() {
    let old = pack([raw(asset(1), "p", b"1")]);
    let renamed = NewAsset::new(1, "b").part("p", "raw", Metadata::new(), *b"1");
    for changed in [raw(asset(1), "p", b"1").preload(), raw(asset(1), "p", b"1").labels(["ui"]), renamed] {
        assert_eq!(described(&old, &pack([changed])), [("~1".to_owned(), vec![], (0, 0))]);
    }
}

#[test]
fn a_part_changes_with_its_bytes_format_metadata_or_codec() {
    let old = pack([raw(asset(1), "p", b"1")]);
    let part = |format: &str, metadata, bytes: &[u8]| pack([asset(1).part("p", format, metadata, bytes)]);
    let metadata = Metadata::from_iter([("width", 1u32)]);
    let mut block = old.clone();
    block[128 + 32 + 24] = 1;
    sample::reseal(&mut block);
    for new in
        [part("raw", Metadata::new(), b"2"), part("text", Metadata::new(), b"1"), part("raw", metadata, b"1"), block]
    {
        assert_eq!(described(&old, &new), [("~1".to_owned(), vec!["~p".to_owned()], (1, 1))]);
    }
}
