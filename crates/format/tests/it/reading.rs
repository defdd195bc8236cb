//! What opening refuses, rule by rule, and what the handles then answer.

use std::ops::ControlFlow;

use packwright_format::{
    DecodeError, Fault, Metadata, NewAsset, Pack, PackBuilder, PackError, PartError, verify, verify_with,
};

use crate::sample;

// Where things are in the pack of the document's example.
const ASSETS: usize = 192;
const PARTS: usize = ASSETS + 2 * 32;
const BY_ADDRESS: usize = PARTS + 2 * 96;
const STRINGS: usize = BY_ADDRESS + 2 * 4;

/// The example with `bytes` at `at`, behind a right hash.
fn forged(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut pack = sample::documented();
    pack[at..at + bytes.len()].copy_from_slice(bytes);
    sample::reseal(&mut pack);
    pack
}

fn refusal(at: usize, bytes: &[u8]) -> PackError {
    Pack::open(&forged(at, bytes)).expect_err("the pack breaks a rule")
}

/// Where the refusal says the broken field or rule is.
fn refused_at(at: usize, bytes: &[u8]) -> u64 {
    match refusal(at, bytes) {
        PackError::Field { offset, .. } | PackError::Rule { offset, .. } => offset,
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_no_pack_of_this_version_says_so() {
    assert_eq!(refusal(5, b"X"), PackError::NotAPack);
    assert_eq!(Pack::open(b"PK\x03\x04").expect_err("a zip file"), PackError::NotAPack);
    assert_eq!(refusal(8, &[2]), PackError::Version(2));
    assert_eq!(refusal(8, &[0]), PackError::Version(0));
}

#[test]
fn a_wrong_number_is_named_with_its_place() {
    let expected = "offset 12: flags is 1 and must be 0";
    assert_eq!(refusal(12, &[1]).to_string(), expected);
    let refusals = [
        (32, "index_length", 264, 263),
        (40, "strings_offset", 456, 457),
        (ASSETS + 32 + 16, "first_part", 1, 0),
        (PARTS + 28, "a reserved field", 0, 1),
        (PARTS + 32, "offset", 64, 65),
        (PARTS + 96 + 32, "offset", 128, 64),
        (PARTS + 56, "a reserved field", 0, 9),
    ];
    for (offset, field, expected, found) in refusals {
        let error = refusal(offset, &u16::to_le_bytes(found));
        let (offset, found) = (offset as u64, found.into());
        assert_eq!(error, PackError::Field { offset, field, found, expected });
    }
}

#[test]
fn a_broken_rule_is_named_with_its_place() {
    let broken = [
        (ASSETS, &[0][..], ASSETS),                     // the id zero
        (ASSETS, &[7], ASSETS + 32),                    // an id twice
        (ASSETS + 4, &[2], ASSETS + 4),                 // an unknown flag
        (ASSETS + 8, &[0xff; 4], ASSETS + 8),           // an address outside the strings
        (ASSETS + 12, &[0; 4], ASSETS + 8),             // an empty address
        (ASSETS + 20, &[3], ASSETS + 20),               // more parts than there are
        (ASSETS + 28, &[0xff; 4], ASSETS + 24),         // labels that end outside the strings
        (PARTS + 4, &[0; 4], PARTS),                    // a part without a name
        (PARTS + 8, &[0xff; 4], PARTS + 8),             // a format outside the strings
        (PARTS + 12, &[0; 4], PARTS + 8),               // a part without a format
        (PARTS + 20, &[0xff; 4], PARTS + 16),           // metadata that end outside the strings
        (PARTS + 24, &[2], PARTS + 24),                 // an unknown codec
        (PARTS + 40, &[0xff; 8], PARTS + 40),           // a payload longer than anything
        (PARTS + 48, &[4], PARTS + 48),                 // raw bytes that are not the stored ones
        (PARTS + 96 + 40, &[65], PARTS + 96 + 48),      // stored bytes that are not the raw ones
        (BY_ADDRESS, &[2], BY_ADDRESS),                 // no asset of this number
        (BY_ADDRESS, &[0], BY_ADDRESS + 4),             // an asset twice
        (BY_ADDRESS, &[0, 0, 0, 0, 1], BY_ADDRESS + 4), // addresses that descend
        (48, &[57, 0, 0, 0, 1], 48),                    // strings past 32 bits
        (STRINGS + 57 + 6, &[1], STRINGS + 57),         // padding before the trailer
        (STRINGS + 3, &[0xff], STRINGS + 3),            // not UTF-8
    ];
    for (at, bytes, offset) in broken {
        assert_eq!(refused_at(at, bytes), offset as u64, "{bytes:?} at {at}");
    }
}

#[test]
fn assets_with_fewer_parts_than_the_pack_are_refused() {
    assert_eq!(refused_at(ASSETS + 32 + 20, &[0]), 20);
}

#[test]
fn payloads_that_do_not_end_at_the_index_are_refused() {
    // The last payload grows past its alignment: it would end where the index does not begin.
    let mut pack = sample::documented();
    for at in [PARTS + 96 + 40, PARTS + 96 + 48] {
        pack[at] = 65;
    }
    sample::reseal(&mut pack);
    let error = PackError::Field { offset: 24, field: "index_offset", found: 192, expected: 256 };
    assert_eq!(Pack::open(&pack).err(), Some(error));
}

#[test]
fn a_text_that_cuts_a_character_is_refused() {
    let asset = NewAsset::new(1, "\u{e4}\u{e4}").part("a", "b", Metadata::new(), *b"c");
    let mut pack = PackBuilder::new().asset(asset).finish().expect("the asset keeps the rules");
    pack[128 + 12] = 3;
    sample::reseal(&mut pack);
    assert!(matches!(Pack::open(&pack), Err(PackError::Rule { offset: 136, .. })));
}

#[test]
fn parts_out_of_order_are_refused() {
    let parts = |asset: NewAsset| asset.part("a", "f", Metadata::new(), *b"1").part("b", "f", Metadata::new(), *b"2");
    let mut pack = PackBuilder::new().asset(parts(NewAsset::new(1, "x"))).finish().expect("the asset keeps the rules");
    let (first, second) = (192 + 32, 192 + 32 + 96);
    let name: [u8; 8] = pack[first..first + 8].try_into().expect("a text range");
    pack[second..second + 8].copy_from_slice(&name);
    sample::reseal(&mut pack);
    assert!(matches!(Pack::open(&pack), Err(PackError::Rule { offset, .. }) if offset == second as u64));
}

#[test]
fn a_damaged_index_fails_by_its_hash() {
    let mut pack = sample::documented();
    pack[PARTS + 70] ^= 1;
    let trailer = pack.len() as u64 - 48;
    assert_eq!(Pack::open(&pack).err(), Some(PackError::Hash { offset: trailer }));
}

#[test]
fn a_pack_reads_at_any_alignment() {
    let pack = sample::plain();
    for shift in 0..8 {
        let shifted = [&vec![0; shift][..], &pack].concat();
        assert!(Pack::open(&shifted[shift..]).is_ok());
    }
}

#[test]
fn what_is_not_there_is_none() {
    let bytes = sample::plain();
    let pack = Pack::open(&bytes).expect("a pack");
    assert!(pack.asset(0).is_none());
    assert!(pack.asset(2).is_none());
    for address in ["", "ui", "ui/button2", "zzz"] {
        assert!(pack.by_address(address).is_none(), "{address:?}");
    }
    let button = pack.asset(1).expect("an asset of the pack");
    assert!(button.part("on").is_none());
}

#[test]
fn verify_names_every_fault_where_it_is() {
    let mut bytes = sample::documented();
    bytes[64] ^= 1;
    bytes[67] = 1;
    bytes[191] = 1;
    let faults = verify(&Pack::open(&bytes).expect("payloads are not read by opening"));
    let [Fault::Part { asset_id: 3, name, offset: 64, error: PartError::Hash { .. } }, rest @ ..] = &faults[..] else {
        panic!("{faults:?}");
    };
    assert_eq!(name, "hi.txt");
    assert_eq!(rest, [Fault::Padding { offset: 67 }, Fault::Padding { offset: 191 }]);
}

#[test]
fn json_that_is_not_canonical_is_a_fault_and_not_a_refusal() {
    let whole = sample::documented();
    let find = |text: &[u8]| whole.windows(text.len()).position(|window| window == text).expect("a text of the pack");
    let bytes = forged(find(b"{\"lines\":1}"), b"{\"lines\": }");
    let faults = verify(&Pack::open(&bytes).expect("opening reads no JSON"));
    assert!(matches!(&faults[..], [Fault::Metadata { asset_id: 3, .. }]), "{faults:?}");
    let bytes = forged(find(b"[\"ui\"]"), b"[12345");
    let faults = verify(&Pack::open(&bytes).expect("opening reads no JSON"));
    assert!(matches!(&faults[..], [Fault::Labels { asset_id: 7, .. }]), "{faults:?}");
}

#[test]
fn verifying_tells_how_far_it_is_and_can_be_broken_off() {
    let large = NewAsset::new(1, "large").part("a", "raw", Metadata::new(), vec![1; 3 << 20]);
    let bytes = PackBuilder::new().asset(large).finish().expect("the asset keeps the rules");
    let pack = Pack::open(&bytes).expect("a pack");
    let mut seen = Vec::new();
    let report = verify_with(&pack, |progress| {
        seen.push((progress.done >> 20, progress.total >> 20));
        ControlFlow::Continue(())
    });
    assert!(report.complete && report.faults.is_empty());
    assert_eq!(seen, [(1, 3), (2, 3), (3, 3)]);
    assert!(!verify_with(&pack, |_| ControlFlow::Break(())).complete);
}

#[test]
fn an_output_of_another_length_is_refused() {
    let bytes = sample::documented();
    let part = Pack::open(&bytes).expect("a pack").parts().next().expect("a part");
    let refused = Err(DecodeError::Output { expected: 3, found: 2 });
    assert_eq!(part.read_into(&mut [0; 2]), refused);
}

#[test]
fn an_lz4_part_that_claims_more_than_lz4_can_hold_is_refused_before_memory_is_taken() {
    let whole = sample::builder().lz4().finish().expect("the assets keep the rules");
    let pack = Pack::open(&whole).expect("a pack");
    let n_before = pack.parts().position(|part| part.name() == "words.txt").expect("a part of the pack");
    let index = u64::from_le_bytes(whole[24..32].try_into().expect("eight bytes")) as usize;
    let raw_length = index + pack.assets().len() * 32 + n_before * 96 + 48;
    let mut forged = whole.clone();
    forged[raw_length + 4] = 1;
    sample::reseal(&mut forged);
    assert!(matches!(Pack::open(&forged), Err(PackError::Rule { offset, .. }) if offset == raw_length as u64));
}
