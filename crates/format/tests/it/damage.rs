//! Whatever is done to a pack's bytes: it is refused, or found by `verify`, and nothing panics.

use packwright_format::{Codec, Pack, PackBuilder, PackError, Part, diff, verify};
use proptest::prelude::*;

use crate::sample;

/// Reads everything that a pack offers, whatever it says.
fn read_all(pack: &Pack<'_>) {
    for asset in pack.assets() {
        assert_eq!(pack.asset(asset.id()).map(|found| found.address()), Some(asset.address()));
        assert_eq!(pack.by_address(asset.address()).map(|found| found.id()), Some(asset.id()));
        let _ = asset.labels();
        for part in asset.parts() {
            assert_eq!(asset.part(part.name()).map(|found| found.offset()), Some(part.offset()));
            let _ = (part.metadata(), part.format(), part.verify());
        }
    }
    let _ = verify(pack);
    let whole = sample::plain();
    let whole = Pack::open(&whole).expect("a pack");
    assert_eq!(diff(pack, &whole).len(), diff(&whole, pack).len());
}

fn contents(pack: &Pack<'_>) -> Vec<Vec<u8>> {
    pack.parts().map(|part| part.bytes().expect("a whole part").into_owned()).collect()
}

/// Whether nobody would notice that `bytes` were damaged.
fn passes(bytes: &[u8]) -> bool {
    Pack::open(bytes).is_ok_and(|pack| verify(&pack).is_empty())
}

fn every_flip(pack: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> {
    let masks = [1, 2, 4, 8, 16, 32, 64, 128, 255];
    (0..pack.len()).flat_map(move |at| {
        masks.into_iter().map(move |mask| {
            let mut damaged = pack.to_vec();
            damaged[at] ^= mask;
            (at, damaged)
        })
    })
}

#[test]
fn no_flipped_byte_goes_unnoticed() {
    for (at, damaged) in every_flip(&sample::plain()) {
        assert!(!passes(&damaged), "the flip at offset {at} is not noticed");
    }
}

#[test]
fn a_flip_in_an_lz4_block_is_noticed_or_changes_no_content() {
    let whole = sample::builder().lz4().finish().expect("the assets keep the rules");
    let pack = Pack::open(&whole).expect("a pack");
    let expected = contents(&pack);
    let covers = |part: &Part<'_>, at: usize| {
        let offset = part.offset() as usize;
        (offset..offset + part.stored().len()).contains(&at)
    };
    let in_block = |at: usize| pack.parts().any(|part| part.codec() == Codec::Lz4 && covers(&part, at));
    for (at, damaged) in every_flip(&whole).filter(|(_, damaged)| passes(damaged)) {
        assert!(in_block(at), "the flip at offset {at} is not noticed");
        assert_eq!(contents(&Pack::open(&damaged).expect("it passes")), expected, "the flip at offset {at}");
    }
}

#[test]
fn every_cut_and_every_addition_is_refused() {
    let whole = sample::plain();
    for length in 0..whole.len() {
        assert!(Pack::open(&whole[..length]).is_err(), "the first {length} bytes");
    }
    assert_eq!(Pack::open(&[]).err(), Some(PackError::TooShort { found: 0 }));
    let expected = whole.len() as u64;
    let cut = Pack::open(&whole[..whole.len() - 1]).err();
    assert_eq!(cut, Some(PackError::Length { expected, found: expected - 1 }));
    let longer = Pack::open(&[&whole[..], &[0]].concat()).err();
    assert_eq!(longer, Some(PackError::Length { expected, found: expected + 1 }));
}

#[test]
fn extreme_numbers_behind_a_right_hash_never_panic() {
    // Behind a right hash, each 32-bit word of header and index is put to the values that arithmetic trips over.
    let whole = sample::documented();
    let index = 192..whole.len() - 48;
    for at in (0..64).chain(index).step_by(4) {
        for value in [0, 1, 2, 64, 0x7fff_ffff, 0x8000_0000, u32::MAX - 1, u32::MAX] {
            let mut damaged = whole.clone();
            damaged[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
            sample::reseal(&mut damaged);
            if let Ok(pack) = Pack::open(&damaged) {
                read_all(&pack);
            }
        }
    }
}

/// Overwrites of a few bytes each, as hostile as chance makes them.
fn overwrites() -> impl Strategy<Value = Vec<(prop::sample::Index, Vec<u8>)>> {
    let extreme = prop::sample::select(vec![vec![0; 4], vec![0xff; 4], vec![0xff; 8], vec![0, 0, 0, 0x80], vec![1]]);
    let bytes = prop_oneof![prop::collection::vec(any::<u8>(), 1..9), extreme];
    prop::collection::vec((any::<prop::sample::Index>(), bytes), 1..6)
}

proptest! {
    #[test]
    fn no_overwritten_pack_panics(edits in overwrites(), lz4 in any::<bool>(), seal in any::<bool>()) {
        let builder = if lz4 { sample::builder().lz4() } else { sample::builder() };
        let mut bytes = builder.finish().expect("the assets keep the rules");
        for (at, new) in edits {
            let at = at.index(bytes.len());
            let end = bytes.len().min(at + new.len());
            bytes[at..end].copy_from_slice(&new[..end - at]);
        }
        if seal {
            sample::reseal(&mut bytes);
        }
        if let Ok(pack) = Pack::open(&bytes) {
            read_all(&pack);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut headed = PackBuilder::new().finish().expect("an empty pack");
        prop_assert!(Pack::open(&bytes).is_err());
        headed.splice(16..64, bytes);
        prop_assert!(Pack::open(&headed).is_err());
    }
}
