//! How much memory the tables of a Vorbis stream take, read from its headers before the decoder builds them.
//!
//! A few thousand hostile bytes can ask for gigabytes of tables; encoders ask for less than one megabyte. Headers that do
//! not read are left to the decoder, which refuses them.

use std::io;

use packwright::importer::ImportError;
use symphonia::core::io::{BitReaderRtl, ReadBitsRtl};

use crate::budget::within;

const MAX_TABLE_BYTES: u64 = 64 << 20;
const IDENTIFICATION_BYTES: usize = 30;
const SETUP_SIGNATURE: &[u8] = b"\x05vorbis";
const CODEBOOK_SYNC: u32 = 0x0056_4342;
/// What the decoder takes; it refuses more.
const MAX_DIMENSIONS: u32 = 32;
const MAX_ENTRIES: u32 = 128 << 10;
/// What an entry takes in the tree of codes.
const ENTRY_BYTES: u64 = 16;

/// Refuses headers (the identification, then the setup) whose tables take too much.
pub(super) fn within_budget(headers: &[u8]) -> Result<(), ImportError> {
    let setup = headers.get(IDENTIFICATION_BYTES..).and_then(|setup| setup.strip_prefix(SETUP_SIGNATURE));
    let bytes = setup.map_or(0, table_bytes);
    within("size of Vorbis tables in bytes", bytes, MAX_TABLE_BYTES)
}

/// The bytes that all codebooks take, as far as they read.
fn table_bytes(setup: &[u8]) -> u64 {
    let mut bits = BitReaderRtl::new(setup);
    let Ok(more_codebooks) = bits.read_bits_leq32(8) else { return 0 };
    (0..=more_codebooks).map_while(|_| codebook_bytes(&mut bits).ok()).sum()
}

/// Reads one codebook; gives the bytes it takes.
fn codebook_bytes(bits: &mut BitReaderRtl<'_>) -> io::Result<u64> {
    let sync = bits.read_bits_leq32(24)?;
    let dimensions = bits.read_bits_leq32(16)?;
    let entries = bits.read_bits_leq32(24)?;
    if sync != CODEBOOK_SYNC || !(1..=MAX_DIMENSIONS).contains(&dimensions) || entries > MAX_ENTRIES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let pass = if bits.read_bool()? { pass_ordered_lengths } else { pass_lengths };
    pass(bits, entries)?;
    let values = match bits.read_bits_leq32(4)? {
        0 => return Ok(u64::from(entries) * ENTRY_BYTES),
        1 => lattice_values(entries, dimensions),
        _ => entries * dimensions,
    };
    bits.ignore_bits(64)?;
    let value_bits = bits.read_bits_leq32(4)? + 1;
    bits.ignore_bits(1)?;
    for _ in 0..values {
        bits.ignore_bits(value_bits)?;
    }
    Ok(u64::from(entries) * (ENTRY_BYTES + u64::from(dimensions) * 4))
}

fn pass_lengths(bits: &mut BitReaderRtl<'_>, entries: u32) -> io::Result<()> {
    let sparse = bits.read_bool()?;
    for _ in 0..entries {
        if !sparse || bits.read_bool()? {
            bits.ignore_bits(5)?;
        }
    }
    Ok(())
}

fn pass_ordered_lengths(bits: &mut BitReaderRtl<'_>, entries: u32) -> io::Result<()> {
    bits.ignore_bits(5)?;
    let mut left = entries;
    while left > 0 {
        let count = bits.read_bits_leq32(u32::BITS - left.leading_zeros())?;
        left = left.checked_sub(count).ok_or(io::ErrorKind::InvalidData)?;
    }
    Ok(())
}

/// The greatest number whose power to `dimensions` is at most `entries`.
fn lattice_values(entries: u32, dimensions: u32) -> u32 {
    let fits = |value: &u32| value.checked_pow(dimensions).is_some_and(|power| power <= entries);
    (1..=entries).take_while(fits).last().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packs numbers of so many bits, the lowest bits first.
    fn packed(numbers: &[(u32, u32)]) -> Vec<u8> {
        let bits: Vec<bool> =
            numbers.iter().flat_map(|(value, n)| (0..*n).map(move |bit| value >> bit & 1 == 1)).collect();
        bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))).collect()
    }

    /// The headers of a stream with `count` codebooks of the largest size, in a few bytes each.
    fn bomb(count: u32) -> Vec<u8> {
        let lengths = [(1, 1), (16, 5), (MAX_ENTRIES, 18)];
        let lookup = [(1, 4), (0, 32), (0, 32), (0, 4), (0, 1), (0, 1)];
        let book = [[(CODEBOOK_SYNC, 24), (32, 16), (MAX_ENTRIES, 24)].as_slice(), &lengths, &lookup].concat();
        let numbers = [vec![(count - 1, 8)], book.repeat(count as usize)].concat();
        [vec![0; IDENTIFICATION_BYTES], SETUP_SIGNATURE.to_vec(), packed(&numbers)].concat()
    }

    #[test]
    fn tables_of_gigabytes_are_past_the_budget() {
        let headers = bomb(256);
        assert!(headers.len() < 8192);
        let error = within_budget(&headers).expect_err("too much");
        let bytes = u64::from(MAX_ENTRIES) * (16 + 128) * 256;
        assert_eq!(
            error.to_string(),
            format!("size of Vorbis tables in bytes is {bytes}, and the limit is {MAX_TABLE_BYTES}")
        );
        assert!(within_budget(&bomb(2)).is_ok());
    }

    #[test]
    fn headers_that_do_not_read_are_left_to_the_decoder() {
        assert!(within_budget(b"").is_ok());
        assert!(within_budget(&bomb(256)[..40]).is_ok());
    }

    #[test]
    fn a_lattice_has_as_many_values_as_fit() {
        assert_eq!(
            [lattice_values(81, 4), lattice_values(80, 4), lattice_values(5, 1), lattice_values(0, 3)],
            [3, 2, 5, 0]
        );
    }
}
