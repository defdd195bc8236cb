//! What the writer refuses, and how a pack is put together from its pieces.

use packwright_format::{
    AssetEntry, Codec, FrameBuilder, Metadata, NewAsset, Pack, PackBuilder, PartEntry, Placer, WriteError, verify,
};

fn asset(asset_id: u32, address: &str) -> AssetEntry<'_> {
    AssetEntry { asset_id, preload: false, address, labels_json: "[]" }
}

/// The first part of a pack, which has three bytes.
fn part(name: &str) -> PartEntry<'_> {
    PartEntry {
        name,
        format: "raw",
        metadata_json: "{}",
        codec: Codec::None,
        offset: 64,
        stored_length: 3,
        raw_length: 3,
        hash: *blake3::hash(b"abc").as_bytes(),
    }
}

fn refusal<'a>(asset: AssetEntry<'a>, parts: impl IntoIterator<Item = PartEntry<'a>>) -> WriteError {
    FrameBuilder::new().asset(asset, parts).expect_err("the records break a rule")
}

#[test]
fn ids_must_ascend_and_never_be_zero() {
    assert_eq!(refusal(asset(0, "a"), []), WriteError::ZeroId("a".to_owned()));
    for second in [4, 5] {
        let first = FrameBuilder::new().asset(asset(5, "a"), []).expect("one asset");
        let error = first.asset(asset(second, "b"), []).expect_err("not above 5");
        assert_eq!(error, WriteError::AssetOrder { before: 5, asset_id: second });
    }
}

#[test]
fn part_names_must_ascend_within_an_asset() {
    for second in ["a", "b"] {
        let second = PartEntry { offset: 128, ..part(second) };
        let error = refusal(asset(1, "x"), [part("b"), second]);
        let (before, name) = ("b".to_owned(), second.name.to_owned());
        assert_eq!(error, WriteError::PartOrder { asset_id: 1, before, name });
    }
    let next = PartEntry { offset: 128, ..part("a") };
    let first = FrameBuilder::new().asset(asset(1, "x"), [part("b")]).expect("one part");
    assert!(first.asset(asset(2, "y"), [next]).is_ok(), "another asset begins anew");
}

#[test]
fn an_address_belongs_to_one_asset() {
    let two = FrameBuilder::new().asset(asset(1, "same"), []).and_then(|one| one.asset(asset(2, "same"), []));
    let error = two.and_then(FrameBuilder::finish).expect_err("one address twice");
    assert_eq!(error, WriteError::DuplicateAddress("same".to_owned()));
}

#[test]
fn nothing_goes_without_a_name() {
    let empty = |what| WriteError::Empty { asset_id: 1, what };
    assert_eq!(refusal(asset(1, ""), []), empty("address"));
    assert_eq!(refusal(asset(1, "a"), [part("")]), empty("part's name"));
    assert_eq!(refusal(asset(1, "a"), [PartEntry { format: "", ..part("p") }]), empty("part's format"));
}

#[test]
fn labels_and_metadata_come_in_their_canonical_text() {
    let unsorted = AssetEntry { labels_json: "[\"b\",\"a\"]", ..asset(1, "a") };
    assert!(matches!(refusal(unsorted, []), WriteError::Text { asset_id: 1, .. }));
    let float = PartEntry { metadata_json: "{\"a\":1.5}", ..part("{\"a\":1.5}") };
    assert!(matches!(refusal(asset(1, "a"), [float]), WriteError::Text { asset_id: 1, .. }));
}

#[test]
fn a_part_lies_where_the_placer_puts_it() {
    let error = refusal(asset(1, "a"), [PartEntry { offset: 128, ..part("p") }]);
    assert_eq!(error, WriteError::Misplaced { asset_id: 1, name: "p".to_owned(), offset: 128, place: 64 });
}

#[test]
fn stored_lengths_must_be_able_to_stand_for_raw_ones() {
    let longer = PartEntry { raw_length: 4, ..part("p") };
    assert!(matches!(refusal(asset(1, "a"), [longer]), WriteError::Lengths { raw_length: 4, .. }));
    let bomb = PartEntry { codec: Codec::Lz4, raw_length: 3 * 255 + 1, ..part("p") };
    assert!(matches!(refusal(asset(1, "a"), [bomb]), WriteError::Lengths { codec: Codec::Lz4, .. }));
    let most = PartEntry { codec: Codec::Lz4, raw_length: 3 * 255, ..part("p") };
    assert!(FrameBuilder::new().asset(asset(1, "a"), [most]).is_ok());
}

#[test]
fn a_pack_past_the_longest_file_is_refused() {
    let endless = PartEntry { stored_length: u64::MAX, raw_length: u64::MAX, ..part("p") };
    assert!(matches!(refusal(asset(1, "a"), [endless]), WriteError::TooLong(_)));
    let length = i64::MAX as u64 - 63 - 64;
    let longest = PartEntry { stored_length: length, raw_length: length, ..part("p") };
    let builder = FrameBuilder::new().asset(asset(1, "a"), [longest]).expect("the payload itself fits");
    assert!(matches!(builder.finish(), Err(WriteError::TooLong(_))), "the index does not");
}

#[test]
fn payloads_written_in_any_order_and_the_frame_make_the_pack() {
    let payloads = [&b"abc"[..], &[9; 64], b"", b"z"];
    let mut placer = Placer::new();
    let offsets = payloads.map(|payload| placer.place(payload.len() as u64).expect("room"));
    let names = ["a", "b", "c", "d"];
    let entry = |n: usize| PartEntry {
        offset: offsets[n],
        stored_length: payloads[n].len() as u64,
        raw_length: payloads[n].len() as u64,
        hash: *blake3::hash(payloads[n]).as_bytes(),
        ..part(names[n])
    };
    let frame = FrameBuilder::with_capacity(1, 4).asset(asset(1, "x"), (0..4).map(entry));
    let frame = frame.and_then(FrameBuilder::finish).expect("the records keep the rules");

    let mut file = vec![0; frame.pack_length() as usize];
    let writes = (0..4).rev().map(|n| (offsets[n], payloads[n])).chain(frame.sections());
    for (offset, bytes) in writes {
        file[offset as usize..][..bytes.len()].copy_from_slice(bytes);
    }

    let pack = Pack::open(&file).expect("a pack");
    assert_eq!((pack.hash(), frame.index_offset()), (frame.hash(), placer.index_offset()));
    assert_eq!(verify(&pack), []);
    let build = |asset: NewAsset, n: usize| asset.part(names[n], "raw", Metadata::new(), payloads[n]);
    let whole = PackBuilder::new().asset((0..4).fold(NewAsset::new(1, "x"), build)).finish();
    assert_eq!(whole.as_ref(), Ok(&file));
}

#[test]
fn a_text_is_stored_once_in_the_order_of_first_use() {
    let raw = |asset: NewAsset, name| asset.part(name, "raw", Metadata::new(), Vec::new());
    let builder =
        PackBuilder::new().asset(raw(NewAsset::new(2, "raw"), "two")).asset(raw(NewAsset::new(1, "b"), "two"));
    let bytes = builder.finish().expect("the assets keep the rules");
    let strings = b"b[]tworaw{}";
    let end = bytes.len() - 48;
    assert_eq!(&bytes[end - 16..end], [&strings[..], &[0; 5]].concat());
}
