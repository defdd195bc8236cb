//! A pack as an engine sees it: assets and parts over bytes that stay where they are.
//!
//! Nothing is copied but what LZ4 decodes. Every handle is `Copy` and borrows only the pack's bytes. Ranges and lengths
//! are taken from the records without looking again: [`Pack::open`] has checked each of them against the bytes.

use std::borrow::Cow;
use std::ops::Range;

use zerocopy::little_endian::U32;

use crate::canonical::{Labels, Metadata, TextError};
use crate::codec::{Codec, DecodeError, decode_lz4, decode_lz4_into};
use crate::layout::{AssetRecord, FLAG_PRELOAD, PartRecord, TextRange};

/// What makes a part's content not what the pack says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartError {
    /// The stored bytes do not decode.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The bytes have another hash.
    #[error("the bytes have the BLAKE3 hash {}, and the pack says {}", hex(found), hex(expected))]
    Hash {
        /// What the pack says.
        expected: [u8; 32],
        /// What the bytes have.
        found: [u8; 32],
    },
}

fn hex(hash: &[u8; 32]) -> blake3::Hash {
    blake3::Hash::from_bytes(*hash)
}

/// An opened pack.
#[derive(Debug, Clone, Copy)]
pub struct Pack<'a> {
    pub(crate) content: Content<'a>,
    pub(crate) assets: &'a [AssetRecord],
    pub(crate) parts: &'a [PartRecord],
    pub(crate) by_address: &'a [U32],
    pub(crate) index_offset: u64,
    pub(crate) hash: [u8; 32],
}

/// The bytes that records point into.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Content<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) strings: &'a str,
}

impl<'a> Content<'a> {
    pub(crate) fn text(self, range: TextRange) -> &'a str {
        let offset = range.offset.get() as usize;
        &self.strings[offset..offset + range.length.get() as usize]
    }

    fn payload(self, part: &PartRecord) -> &'a [u8] {
        let offset = part.offset.get() as usize;
        &self.bytes[offset..offset + part.stored_length.get() as usize]
    }
}

impl<'a> Pack<'a> {
    /// The pack's hash: BLAKE3 of header, index and strings. It stands for the whole content.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.hash
    }

    /// The length of the pack in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.content.bytes.len() as u64
    }

    /// The assets, by ascending id.
    pub fn assets(&self) -> impl ExactSizeIterator<Item = Asset<'a>> + DoubleEndedIterator + use<'a> {
        let pack = *self;
        self.assets.iter().map(move |record| pack.handle(record))
    }

    /// The parts of all assets, in the order of the pack: by asset, then by name.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = Part<'a>> + DoubleEndedIterator + use<'a> {
        let content = self.content;
        self.parts.iter().map(move |record| Part { record, content })
    }

    /// The asset with this id.
    #[must_use]
    pub fn asset(&self, asset_id: u32) -> Option<Asset<'a>> {
        let at = self.assets.binary_search_by_key(&asset_id, |record| record.asset_id.get()).ok()?;
        Some(self.handle(&self.assets[at]))
    }

    /// The asset with this address.
    #[must_use]
    pub fn by_address(&self, address: &str) -> Option<Asset<'a>> {
        let record = |number: &U32| &self.assets[number.get() as usize];
        let found = |number: &U32| self.content.text(record(number).address).cmp(address);
        let at = self.by_address.binary_search_by(found).ok()?;
        Some(self.handle(record(&self.by_address[at])))
    }

    fn handle(&self, record: &'a AssetRecord) -> Asset<'a> {
        Asset { record, parts: &self.parts[part_range(record)], content: self.content }
    }
}

fn part_range(record: &AssetRecord) -> Range<usize> {
    let first = record.first_part.get() as usize;
    first..first + record.n_parts.get() as usize
}

/// One asset of a pack.
#[derive(Debug, Clone, Copy)]
pub struct Asset<'a> {
    record: &'a AssetRecord,
    parts: &'a [PartRecord],
    content: Content<'a>,
}

impl<'a> Asset<'a> {
    /// Its id, never zero.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.record.asset_id.get()
    }

    /// Its address, which no other asset of the pack has.
    #[must_use]
    pub fn address(&self) -> &'a str {
        self.content.text(self.record.address)
    }

    /// Whether an engine loads it before it is asked for.
    #[must_use]
    pub fn preload(&self) -> bool {
        self.record.flags.get() & FLAG_PRELOAD != 0
    }

    /// Its labels as the pack spells them.
    #[must_use]
    pub fn labels_json(&self) -> &'a str {
        self.content.text(self.record.labels)
    }

    /// Its labels.
    ///
    /// # Errors
    /// Where the pack does not spell labels there: opening reads no JSON.
    pub fn labels(&self) -> Result<Labels, TextError> {
        Labels::parse(self.labels_json())
    }

    /// Its parts, in byte order of their names.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = Part<'a>> + DoubleEndedIterator + use<'a> {
        let content = self.content;
        self.parts.iter().map(move |record| Part { record, content })
    }

    /// The part with this name.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<Part<'a>> {
        let at = self.parts.binary_search_by(|record| self.content.text(record.name).cmp(name)).ok()?;
        Some(Part { record: &self.parts[at], content: self.content })
    }
}

/// One part of an asset.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    record: &'a PartRecord,
    content: Content<'a>,
}

impl<'a> Part<'a> {
    /// Its name, which no other part of the asset has. Never a path to be trusted: a pack can say anything here.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.content.text(self.record.name)
    }

    /// What its bytes are (`png`, `rgba8`, …).
    #[must_use]
    pub fn format(&self) -> &'a str {
        self.content.text(self.record.format)
    }

    /// Its metadata as the pack spells it.
    #[must_use]
    pub fn metadata_json(&self) -> &'a str {
        self.content.text(self.record.metadata)
    }

    /// Its metadata.
    ///
    /// # Errors
    /// Where the pack does not spell metadata there: opening reads no JSON.
    pub fn metadata(&self) -> Result<Metadata, TextError> {
        Metadata::parse(self.metadata_json())
    }

    /// How its bytes are stored.
    #[must_use]
    pub fn codec(&self) -> Codec {
        match self.record.codec.get() {
            0 => Codec::None,
            _ => Codec::Lz4,
        }
    }

    /// Where its stored bytes begin in the pack, a multiple of 64.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.record.offset.get()
    }

    /// Its bytes as they are stored.
    #[must_use]
    pub fn stored(&self) -> &'a [u8] {
        self.content.payload(self.record)
    }

    /// The length of its bytes when they are decoded.
    #[must_use]
    pub fn raw_length(&self) -> u64 {
        self.record.raw_length.get()
    }

    /// The BLAKE3 hash of its bytes when they are decoded.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.record.hash
    }

    /// Its bytes: in place where they are stored as they are, else decoded. The hash is not looked at.
    ///
    /// Decoding takes [`Part::raw_length`] bytes of memory: at most 255 times the stored length, and less than 2 GiB.
    ///
    /// # Errors
    /// Where the stored bytes do not decode to the length said, or there is no memory for them.
    pub fn bytes(&self) -> Result<Cow<'a, [u8]>, DecodeError> {
        match self.codec() {
            Codec::None => Ok(Cow::Borrowed(self.stored())),
            Codec::Lz4 => {
                let length = self.raw_length();
                let in_memory = usize::try_from(length).map_err(|_| DecodeError::Memory(length))?;
                decode_lz4(self.stored(), in_memory).map(Cow::Owned)
            }
        }
    }

    /// Puts its bytes into `out`, which has exactly [`Part::raw_length`] bytes. The hash is not looked at.
    ///
    /// # Errors
    /// Where `out` has another length, or the stored bytes do not decode to the length said.
    pub fn read_into(&self, out: &mut [u8]) -> Result<(), DecodeError> {
        let (expected, found) = (self.raw_length(), out.len() as u64);
        if found != expected {
            return Err(DecodeError::Output { expected, found });
        }
        match self.codec() {
            Codec::None => out.copy_from_slice(self.stored()),
            Codec::Lz4 => decode_lz4_into(self.stored(), out)?,
        }
        Ok(())
    }

    /// Checks its bytes against its hash.
    ///
    /// # Errors
    /// Where the stored bytes do not decode, or decode to something else.
    pub fn verify(&self) -> Result<(), PartError> {
        self.compare_hash(*blake3::hash(&self.bytes()?).as_bytes())
    }

    pub(crate) fn compare_hash(&self, found: [u8; 32]) -> Result<(), PartError> {
        let expected = self.hash();
        if found == expected { Ok(()) } else { Err(PartError::Hash { expected, found }) }
    }
}
