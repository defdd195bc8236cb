//! The bytes of pack format 1: its constants, its four records, and where a payload goes.
//!
//! Every integer is little-endian and no record needs alignment, so the records lie over the bytes as they are, wherever
//! these begin. Nothing here judges what a field says; [`crate::open`] does.

use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The first and the last eight bytes of every pack.
pub const MAGIC: [u8; 8] = *b"PWPACK\r\n";

/// The format version that this crate writes and reads.
pub const VERSION: u32 = 1;

/// Every payload, and the index behind them, begins at a multiple of this many bytes.
pub const PAYLOAD_ALIGNMENT: u64 = 64;

/// The trailer begins at a multiple of this many bytes.
pub const TRAILER_ALIGNMENT: u64 = 8;

/// The length of the header, in bytes; the first payload follows it.
pub const HEADER_LENGTH: u64 = size_of::<Header>() as u64;

/// The length of the trailer, in bytes.
pub const TRAILER_LENGTH: u64 = size_of::<Trailer>() as u64;

/// The longest pack, in bytes: file offsets are signed on every system.
pub const MAX_PACK_LENGTH: u64 = i64::MAX as u64;

/// Bit 0 of an asset's flags: load it before it is asked for.
pub(crate) const FLAG_PRELOAD: u32 = 1;

#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct Header {
    pub(crate) magic: [u8; 8],
    pub(crate) version: U32,
    pub(crate) flags: U32,
    pub(crate) n_assets: U32,
    pub(crate) n_parts: U32,
    pub(crate) index_offset: U64,
    pub(crate) index_length: U64,
    pub(crate) strings_offset: U64,
    pub(crate) strings_length: U64,
    pub(crate) pack_length: U64,
}

/// A text: a range of the strings.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct TextRange {
    pub(crate) offset: U32,
    pub(crate) length: U32,
}

#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct AssetRecord {
    pub(crate) asset_id: U32,
    pub(crate) flags: U32,
    pub(crate) address: TextRange,
    pub(crate) first_part: U32,
    pub(crate) n_parts: U32,
    pub(crate) labels: TextRange,
}

#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct PartRecord {
    pub(crate) name: TextRange,
    pub(crate) format: TextRange,
    pub(crate) metadata: TextRange,
    pub(crate) codec: U32,
    pub(crate) reserved_a: U32,
    pub(crate) offset: U64,
    pub(crate) stored_length: U64,
    pub(crate) raw_length: U64,
    pub(crate) reserved_b: U64,
    pub(crate) hash: [u8; 32],
}

#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct Trailer {
    pub(crate) hash: [u8; 32],
    pub(crate) pack_length: U64,
    pub(crate) magic: [u8; 8],
}

const _: () = {
    assert!(size_of::<Header>() == 64);
    assert!(size_of::<AssetRecord>() == 32);
    assert!(size_of::<PartRecord>() == 96);
    assert!(size_of::<Trailer>() == 48);
};

/// The length of the index of a pack with so many assets and parts; far below what a `u64` holds.
pub(crate) fn index_length(n_assets: u32, n_parts: u32) -> u64 {
    let an_asset = (size_of::<AssetRecord>() + size_of::<U32>()) as u64;
    u64::from(n_assets) * an_asset + u64::from(n_parts) * size_of::<PartRecord>() as u64
}

/// The end of the bytes that begin at `offset`, rounded up to `alignment`; `None` past [`MAX_PACK_LENGTH`].
pub(crate) fn aligned_end(offset: u64, length: u64, alignment: u64) -> Option<u64> {
    let end = offset.checked_add(length)?.checked_next_multiple_of(alignment)?;
    (end <= MAX_PACK_LENGTH).then_some(end)
}

/// Where the index begins and the strings end, as a header says it, for who checks a pack without holding it in memory:
/// the trailer's hash is over the header and these bytes. `None` where it is no header, or says what cannot be.
#[must_use]
pub fn frame_extent(header: &[u8]) -> Option<std::ops::Range<u64>> {
    let header = Header::read_from_prefix(header).ok()?.0;
    let end = header.strings_offset.get().checked_add(header.strings_length.get())?;
    let start = header.index_offset.get();
    let follows = start.checked_add(header.index_length.get()) == Some(header.strings_offset.get());
    (header.magic == MAGIC && follows && end <= header.pack_length.get()).then_some(start..end)
}

/// The payloads would make the pack longer than [`MAX_PACK_LENGTH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the pack would be longer than {MAX_PACK_LENGTH} bytes")]
pub struct TooLong;

/// Says where each payload goes, from nothing but the lengths of those before it.
///
/// A writer places every part in the order of the pack (assets by id, then parts by the bytes of their names) before it
/// writes any, and may then write them in any order. The bytes between payloads are zero.
///
/// ```
/// let mut placer = packwright_format::Placer::new();
/// assert_eq!(placer.place(5), Ok(64));
/// assert_eq!(placer.place(64), Ok(128));
/// assert_eq!(placer.index_offset(), 192);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Placer {
    next: u64,
}

impl Placer {
    /// A placer whose first payload follows the header.
    #[must_use]
    pub const fn new() -> Self {
        Self { next: HEADER_LENGTH }
    }

    /// The offset of the next payload, which has `stored_length` bytes.
    ///
    /// # Errors
    /// Where the payload would end past [`MAX_PACK_LENGTH`].
    pub fn place(&mut self, stored_length: u64) -> Result<u64, TooLong> {
        let end = aligned_end(self.next, stored_length, PAYLOAD_ALIGNMENT).ok_or(TooLong)?;
        Ok(std::mem::replace(&mut self.next, end))
    }

    /// Where the index begins, when every payload has its place.
    #[must_use]
    pub const fn index_offset(&self) -> u64 {
        self.next
    }
}

impl Default for Placer {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_payload_has_a_place_and_takes_no_room() {
        let mut placer = Placer::new();
        assert_eq!([placer.place(0), placer.place(1), placer.place(0)], [Ok(64), Ok(64), Ok(128)]);
        assert_eq!(placer.index_offset(), 128);
    }

    #[test]
    fn a_pack_longer_than_a_file_can_be_is_refused() {
        let mut placer = Placer::new();
        assert_eq!(placer.place(u64::MAX), Err(TooLong));
        assert_eq!(placer.place(MAX_PACK_LENGTH - 64), Err(TooLong), "rounding up passes the limit");
        assert_eq!(placer.place(MAX_PACK_LENGTH - 191), Ok(64));
        assert_eq!(placer.place(65), Err(TooLong), "the payloads before it count");
    }
}
