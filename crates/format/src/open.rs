//! Opening a pack: every rule that reading relies on is checked here, once, with arithmetic that cannot overflow.
//!
//! In this order: header, the places of the sections, trailer, hash, strings, records. Damage is so found by the hash,
//! and what is found behind it was written wrongly or on purpose. Each check is an equality with what the document
//! says, or an order; nothing is accepted that the document does not allow. Payload bytes, padding between payloads and
//! the JSON of labels and metadata are not read here: [`crate::verify`] does so.

use std::mem::offset_of;

use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, IntoBytes};

use crate::codec::Codec;
use crate::layout::{
    AssetRecord, FLAG_PRELOAD, HEADER_LENGTH, Header, MAGIC, PartRecord, Placer, TRAILER_ALIGNMENT, TRAILER_LENGTH,
    TextRange, Trailer, VERSION, aligned_end, index_length,
};
use crate::reader::{Content, Pack};

/// Why bytes are no pack that can be read. Offsets are from the beginning of the pack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// The bytes begin with something else than a pack does.
    #[error("offset 0: the bytes do not begin with `PWPACK`, so this is no pack")]
    NotAPack,
    /// The pack has a format version that this reader does not know.
    #[error("offset 8: the pack has format version {0}, and this reader knows version {VERSION}")]
    Version(u32),
    /// The pack is shorter than the shortest one.
    #[error("the pack ends at offset {found}, and the shortest pack has {} bytes", HEADER_LENGTH + TRAILER_LENGTH)]
    TooShort {
        /// How many bytes there are.
        found: u64,
    },
    /// The pack was cut off, or something was put behind it.
    #[error("the pack ends at offset {found}, and its header says at offset 56 that it has {expected} bytes")]
    Length {
        /// What the header says.
        expected: u64,
        /// How many bytes there are.
        found: u64,
    },
    /// Header, index or strings are damaged.
    #[error("offset {offset}: header, index and strings do not have the hash that the trailer says")]
    Hash {
        /// Where the trailer's hash is.
        offset: u64,
    },
    /// A field says another number than it must.
    #[error("offset {offset}: {field} is {found} and must be {expected}")]
    Field {
        /// Where the field is.
        offset: u64,
        /// Its name in the document of the format.
        field: &'static str,
        /// What it says.
        found: u64,
        /// What it must say.
        expected: u64,
    },
    /// Something breaks a rule of the format.
    #[error("offset {offset}: {rule}")]
    Rule {
        /// Where it is.
        offset: u64,
        /// What is wrong.
        rule: &'static str,
    },
}

impl<'a> Pack<'a> {
    /// Opens the pack that `bytes` are, from the first to the last.
    ///
    /// Takes time for a hash of header, index and strings and one pass over the records, whatever the payloads weigh,
    /// and no memory.
    ///
    /// # Errors
    /// Where the bytes are not exactly one pack of a version that this reader knows.
    pub fn open(bytes: &'a [u8]) -> Result<Self, PackError> {
        let header = read_header(bytes)?;
        let sections = Sections::locate(header)?;
        let hash = sections.check_trailer(header, bytes)?;
        let pack = sections.read(header, bytes, hash)?;
        let end_of_payloads = pack.check_assets()?;
        field(offset_of!(Header, index_offset) as u64, "index_offset", sections.index, end_of_payloads)?;
        pack.check_by_address()?;
        Ok(pack)
    }

    /// Checks the records of assets and parts. Returns where their payloads end and the index must begin.
    fn check_assets(&self) -> Result<u64, PackError> {
        let mut placer = Placer::new();
        let mut last_id = 0;
        let mut next_part = 0;
        for (n, asset) in self.assets.iter().enumerate() {
            let at = self.asset_offset(n);
            require(asset.asset_id.get() > last_id, at, "an asset's id is zero or not above the one before")?;
            self.check_asset(asset, at, next_part)?;
            last_id = asset.asset_id.get();
            next_part = self.check_parts(asset, at, &mut placer)?;
        }
        let n_parts = self.parts.len() as u64;
        field(offset_of!(Header, n_parts) as u64, "n_parts", n_parts, next_part as u64)?;
        Ok(placer.index_offset())
    }

    fn check_asset(&self, asset: &AssetRecord, at: u64, next_part: usize) -> Result<(), PackError> {
        let at_field = |offset: usize| at + offset as u64;
        let flags = asset.flags.get();
        require(flags & !FLAG_PRELOAD == 0, at_field(offset_of!(AssetRecord, flags)), "an unknown flag is set")?;
        self.check_name(asset.address, at_field(offset_of!(AssetRecord, address)))?;
        self.check_text(asset.labels, at_field(offset_of!(AssetRecord, labels)))?;
        let first_part = asset.first_part.get();
        field(at_field(offset_of!(AssetRecord, first_part)), "first_part", first_part, next_part as u64)
    }

    /// Checks the parts of `asset`, whose first part follows the parts before it. Returns the number of the next part.
    fn check_parts(&self, asset: &AssetRecord, at: u64, placer: &mut Placer) -> Result<usize, PackError> {
        let first = asset.first_part.get() as usize;
        let end = first.checked_add(asset.n_parts.get() as usize);
        let parts = end.and_then(|end| self.parts.get(first..end));
        let parts = parts.ok_or(PackError::Rule {
            offset: at + offset_of!(AssetRecord, n_parts) as u64,
            rule: "the asset has more parts than are left",
        })?;
        let mut last_name = "";
        for (n, part) in parts.iter().enumerate() {
            let at = self.part_offset(first + n);
            self.check_part(part, at, placer)?;
            let name = self.content.text(part.name);
            require(name > last_name, at, "a part's name is not above the one before in its asset")?;
            last_name = name;
        }
        Ok(first + parts.len())
    }

    fn check_part(&self, part: &PartRecord, at: u64, placer: &mut Placer) -> Result<(), PackError> {
        let at_field = |offset: usize| at + offset as u64;
        self.check_name(part.name, at_field(offset_of!(PartRecord, name)))?;
        self.check_name(part.format, at_field(offset_of!(PartRecord, format)))?;
        self.check_text(part.metadata, at_field(offset_of!(PartRecord, metadata)))?;
        field(at_field(offset_of!(PartRecord, reserved_a)), "a reserved field", part.reserved_a.get(), 0)?;
        field(at_field(offset_of!(PartRecord, reserved_b)), "a reserved field", part.reserved_b.get(), 0)?;
        let codec_offset = at_field(offset_of!(PartRecord, codec));
        let unknown = PackError::Rule { offset: codec_offset, rule: "the codec is unknown" };
        let codec = Codec::from_number(part.codec.get()).ok_or(unknown)?;
        let stored_length = part.stored_length.get();
        let place = placer.place(stored_length).map_err(|_| PackError::Rule {
            offset: at_field(offset_of!(PartRecord, stored_length)),
            rule: "the payload ends past the longest pack",
        })?;
        field(at_field(offset_of!(PartRecord, offset)), "offset", part.offset.get(), place)?;
        let can_hold = codec.can_hold(stored_length, part.raw_length.get());
        let raw_offset = at_field(offset_of!(PartRecord, raw_length));
        require(can_hold, raw_offset, "the stored bytes cannot stand for so many raw bytes")
    }

    fn check_text(&self, text: TextRange, at: u64) -> Result<(), PackError> {
        let offset = text.offset.get() as usize;
        let end = offset.checked_add(text.length.get() as usize);
        let found = end.and_then(|end| self.content.strings.get(offset..end));
        require(found.is_some(), at, "a text is not within the strings, or cuts a character")
    }

    fn check_name(&self, name: TextRange, at: u64) -> Result<(), PackError> {
        require(name.length.get() > 0, at, "a name is empty")?;
        self.check_text(name, at)
    }

    /// Checks that the table holds every asset once, in byte order of the addresses.
    ///
    /// As many numbers as assets, each of an asset, with addresses that ascend: no number can be there twice.
    fn check_by_address(&self) -> Result<(), PackError> {
        let mut last_address = "";
        for (n, number) in self.by_address.iter().enumerate() {
            let at = self.part_offset(self.parts.len()) + size_of_all::<U32>(n);
            let asset = self.assets.get(number.get() as usize);
            let asset = asset.ok_or(PackError::Rule { offset: at, rule: "there is no asset of this number" })?;
            let address = self.content.text(asset.address);
            require(address > last_address, at, "an asset's address is not above the one before")?;
            last_address = address;
        }
        Ok(())
    }

    fn asset_offset(&self, n: usize) -> u64 {
        self.index_offset + size_of_all::<AssetRecord>(n)
    }

    fn part_offset(&self, n: usize) -> u64 {
        self.asset_offset(self.assets.len()) + size_of_all::<PartRecord>(n)
    }
}

fn read_header(bytes: &[u8]) -> Result<&Header, PackError> {
    let found = bytes.len() as u64;
    let begins_well = bytes.iter().zip(MAGIC).all(|(found, expected)| *found == expected);
    if !begins_well {
        return Err(PackError::NotAPack);
    }
    if found < HEADER_LENGTH + TRAILER_LENGTH {
        return Err(PackError::TooShort { found });
    }
    let (header, _) = Header::ref_from_prefix(bytes).map_err(|_| PackError::TooShort { found })?;
    if header.version.get() != VERSION {
        return Err(PackError::Version(header.version.get()));
    }
    field(offset_of!(Header, flags) as u64, "flags", header.flags.get(), 0)?;
    let expected = header.pack_length.get();
    if found == expected { Ok(header) } else { Err(PackError::Length { expected, found }) }
}

/// Where the sections begin. Each lies behind the one before, and the trailer ends with the pack.
struct Sections {
    index: u64,
    strings: u64,
    end_of_strings: u64,
    trailer: u64,
}

impl Sections {
    fn locate(header: &Header) -> Result<Self, PackError> {
        let index = header.index_offset.get();
        let length = index_length(header.n_assets.get(), header.n_parts.get());
        field(offset_of!(Header, index_length) as u64, "index_length", header.index_length.get(), length)?;

        let at_strings = offset_of!(Header, strings_offset) as u64;
        let strings = header.strings_offset.get();
        field(at_strings, "strings_offset", strings, end(index, length, 1, at_strings)?)?;
        let at_length = offset_of!(Header, strings_length) as u64;
        let strings_length = header.strings_length.get();
        require(u32::try_from(strings_length).is_ok(), at_length, "the strings are longer than 32 bits can say")?;

        let end_of_strings = end(strings, strings_length, 1, at_length)?;
        let trailer = end(strings, strings_length, TRAILER_ALIGNMENT, at_length)?;
        let pack_length = end(trailer, TRAILER_LENGTH, 1, at_length)?;
        let at_pack_length = offset_of!(Header, pack_length) as u64;
        field(at_pack_length, "pack_length", header.pack_length.get(), pack_length)?;
        Ok(Self { index, strings, end_of_strings, trailer })
    }

    fn check_trailer(&self, header: &Header, bytes: &[u8]) -> Result<[u8; 32], PackError> {
        let at = self.trailer;
        let trailer = Trailer::ref_from_bytes(slice(bytes, at, bytes.len() as u64))
            .expect("the trailer begins its own length before the end");
        require(
            trailer.magic == MAGIC,
            at + offset_of!(Trailer, magic) as u64,
            "the pack does not end with its magic",
        )?;
        let length = trailer.pack_length.get();
        let at_length = at + offset_of!(Trailer, pack_length) as u64;
        field(at_length, "the trailer's pack_length", length, header.pack_length.get())?;
        let padding = slice(bytes, self.end_of_strings, at);
        require(padding.iter().all(|byte| *byte == 0), self.end_of_strings, "padding is not zero")?;
        let mut hasher = blake3::Hasher::new();
        hasher.update(header.as_bytes()).update(slice(bytes, self.index, self.end_of_strings));
        if hasher.finalize() != trailer.hash {
            return Err(PackError::Hash { offset: at });
        }
        Ok(trailer.hash)
    }

    fn read<'a>(&self, header: &Header, bytes: &'a [u8], hash: [u8; 32]) -> Result<Pack<'a>, PackError> {
        const FITS: &str = "the index has the length of its three tables";
        let index = slice(bytes, self.index, self.strings);
        let (n_assets, n_parts) = (header.n_assets.get() as usize, header.n_parts.get() as usize);
        let (assets, rest) = <[AssetRecord]>::ref_from_prefix_with_elems(index, n_assets).expect(FITS);
        let (parts, rest) = <[PartRecord]>::ref_from_prefix_with_elems(rest, n_parts).expect(FITS);
        let by_address = <[U32]>::ref_from_bytes_with_elems(rest, n_assets).expect(FITS);
        let strings = std::str::from_utf8(slice(bytes, self.strings, self.end_of_strings)).map_err(|error| {
            let offset = self.strings + error.valid_up_to() as u64;
            PackError::Rule { offset, rule: "the strings are not UTF-8" }
        })?;
        let content = Content { bytes, strings };
        Ok(Pack { content, assets, parts, by_address, index_offset: self.index, hash })
    }
}

/// The bytes from `begin` to `end`, which both were checked against the length of `bytes`.
fn slice(bytes: &[u8], begin: u64, end: u64) -> &[u8] {
    &bytes[begin as usize..end as usize]
}

fn size_of_all<T>(n: usize) -> u64 {
    n as u64 * size_of::<T>() as u64
}

fn end(offset: u64, length: u64, alignment: u64, at: u64) -> Result<u64, PackError> {
    let rule = "a section ends past the longest pack";
    aligned_end(offset, length, alignment).ok_or(PackError::Rule { offset: at, rule })
}

fn field(offset: u64, field: &'static str, found: impl Into<u64>, expected: u64) -> Result<(), PackError> {
    let found = found.into();
    if found == expected { Ok(()) } else { Err(PackError::Field { offset, field, found, expected }) }
}

fn require(holds: bool, offset: u64, rule: &'static str) -> Result<(), PackError> {
    if holds { Ok(()) } else { Err(PackError::Rule { offset, rule }) }
}
