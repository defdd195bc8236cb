//! The pack reader: no bytes make it panic, read outside, or take memory that the bytes do not justify.
//!
//! Every input is read twice: as it is, and with the right hash put into its trailer, so that the checks behind the hash
//! are reached as well.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packwright_format::{Pack, diff, verify};

fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    if let Some(sealed) = sealed(bytes) {
        read(&sealed);
    }
});

/// Asks for everything that a pack offers, and checks that lookups find what iteration shows.
fn read(bytes: &[u8]) {
    let Ok(pack) = Pack::open(bytes) else { return };
    for asset in pack.assets() {
        assert_eq!(pack.asset(asset.id()).map(|found| found.address()), Some(asset.address()));
        assert_eq!(pack.by_address(asset.address()).map(|found| found.id()), Some(asset.id()));
        for part in asset.parts() {
            let found = asset.part(part.name()).expect("a part is found by its name");
            assert_eq!((found.name(), found.format()), (part.name(), part.format()));
            assert!(part.raw_length() <= part.stored().len() as u64 * 255);
            if let Ok(raw) = part.bytes() {
                assert_eq!(raw.len() as u64, part.raw_length());
            }
        }
    }
    let _ = verify(&pack);
    assert!(diff(&pack, &pack).is_empty());
}

/// `bytes` with the length, the magic and the hash that its header calls for, where the header's sections lie within.
fn sealed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = bytes.to_vec();
    let number = |at: usize| {
        let field = bytes.get(at..at + 8)?;
        usize::try_from(u64::from_le_bytes(field.try_into().ok()?)).ok()
    };
    let (index, end) = (number(24)?, number(40)?.checked_add(number(48)?)?);
    let trailer = end.checked_next_multiple_of(8).filter(|trailer| *trailer >= 64)?;
    let length = trailer.checked_add(48).filter(|length| *length <= bytes.len())?;
    bytes.truncate(length);
    let pack_length = (length as u64).to_le_bytes();
    bytes[..8].copy_from_slice(&packwright_format::MAGIC);
    bytes[8..16].copy_from_slice(&[1, 0, 0, 0, 0, 0, 0, 0]);
    bytes[56..64].copy_from_slice(&pack_length);
    bytes[end..trailer].fill(0);
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes[..64]).update(bytes.get(index..end)?);
    bytes[trailer..trailer + 32].copy_from_slice(hasher.finalize().as_bytes());
    bytes[trailer + 32..trailer + 40].copy_from_slice(&pack_length);
    bytes[trailer + 40..].copy_from_slice(&packwright_format::MAGIC);
    Some(bytes)
}
