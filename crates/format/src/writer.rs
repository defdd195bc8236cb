//! Everything of a pack but its payloads: header, index, strings and trailer, made from complete records.
//!
//! The writer of payloads places them with [`Placer`], writes them in any order and any number of threads, and gives
//! their records here when it knows every hash. What would break the format is refused, so that whatever comes out of
//! here opens. The same records give the same bytes.

use zerocopy::IntoBytes;
use zerocopy::little_endian::U32;

use crate::canonical::{Labels, Metadata, TextError};
use crate::codec::Codec;
use crate::layout::{
    AssetRecord, FLAG_PRELOAD, Header, MAGIC, PartRecord, Placer, TRAILER_ALIGNMENT, TRAILER_LENGTH, TextRange,
    TooLong, Trailer, VERSION, aligned_end, index_length,
};
use crate::strings::{Full, Strings};

/// Why records do not make a pack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// An asset has the id zero.
    #[error("asset {0:?} has the id 0, which no asset has")]
    ZeroId(String),
    /// The assets are not sorted by id, or two have one id.
    #[error("asset {asset_id} comes after asset {before}: ids must ascend")]
    AssetOrder {
        /// The id before.
        before: u32,
        /// The id that is not above it.
        asset_id: u32,
    },
    /// The parts of an asset are not sorted by name, or two have one name.
    #[error("asset {asset_id}: part {name:?} comes after part {before:?}: names must ascend by their bytes")]
    PartOrder {
        /// The asset.
        asset_id: u32,
        /// The name before.
        before: String,
        /// The name that is not above it.
        name: String,
    },
    /// Two assets have one address.
    #[error("two assets have the address {0:?}")]
    DuplicateAddress(String),
    /// An address, a part's name or a part's format is empty.
    #[error("asset {asset_id}: its {what} is empty")]
    Empty {
        /// The asset.
        asset_id: u32,
        /// Which text.
        what: &'static str,
    },
    /// Labels or metadata are not in their canonical text.
    #[error("asset {asset_id}: {source}")]
    Text {
        /// The asset.
        asset_id: u32,
        /// What is wrong with the text.
        source: TextError,
    },
    /// A part is not where [`Placer`] puts it.
    #[error("asset {asset_id}: part {name:?} is at offset {offset}, and its place is {place}")]
    Misplaced {
        /// The asset.
        asset_id: u32,
        /// The part.
        name: String,
        /// Where its record says it is.
        offset: u64,
        /// Where it must be.
        place: u64,
    },
    /// A part's stored bytes cannot stand for its raw bytes.
    #[error("asset {asset_id}: part {name:?} stores {raw_length} bytes as {stored_length} ({codec:?})")]
    Lengths {
        /// The asset.
        asset_id: u32,
        /// The part.
        name: String,
        /// How it is stored.
        codec: Codec,
        /// The length of what is stored.
        stored_length: u64,
        /// The length of what it stands for.
        raw_length: u64,
    },
    /// There are more of something than 32 bits can count.
    #[error("a pack counts its {0} in 32 bits, and there are more")]
    TooMany(&'static str),
    /// The pack would be longer than a file can be.
    #[error(transparent)]
    TooLong(#[from] TooLong),
}

impl From<Full> for WriteError {
    fn from(_: Full) -> Self {
        Self::TooMany("bytes of strings")
    }
}

/// One asset, as its record says it.
#[derive(Debug, Clone, Copy)]
pub struct AssetEntry<'a> {
    /// Its id, above the id of the asset before it.
    pub asset_id: u32,
    /// Whether an engine loads it before it is asked for.
    pub preload: bool,
    /// Its address, which no other asset has.
    pub address: &'a str,
    /// Its labels, as [`Labels::to_json`] spells them.
    pub labels_json: &'a str,
}

/// One part, as its record says it.
#[derive(Debug, Clone, Copy)]
pub struct PartEntry<'a> {
    /// Its name, above the name of the part before it in the same asset.
    pub name: &'a str,
    /// What its bytes are (`png`, `rgba8`, …).
    pub format: &'a str,
    /// Its metadata, as [`Metadata::to_json`] spells it.
    pub metadata_json: &'a str,
    /// How its bytes are stored.
    pub codec: Codec,
    /// Where its stored bytes begin, as [`Placer::place`] said.
    pub offset: u64,
    /// The length of its stored bytes.
    pub stored_length: u64,
    /// The length of its bytes before they were stored.
    pub raw_length: u64,
    /// The BLAKE3 hash of its bytes before they were stored.
    pub hash: [u8; 32],
}

/// Takes the records of a pack in order, and makes its [`Frame`].
///
/// It is passed along by value, so that nothing can be made of records of which one was refused.
#[derive(Debug, Default)]
pub struct FrameBuilder {
    assets: Vec<AssetRecord>,
    parts: Vec<PartRecord>,
    strings: Strings,
    placer: Placer,
}

impl FrameBuilder {
    /// A builder that has seen no asset.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A builder with room for so many assets and parts.
    #[must_use]
    pub fn with_capacity(n_assets: usize, n_parts: usize) -> Self {
        Self { assets: Vec::with_capacity(n_assets), parts: Vec::with_capacity(n_parts), ..Self::default() }
    }

    /// Adds the asset that comes next by id, with its parts in byte order of their names.
    ///
    /// # Errors
    /// Where the records break the order or any other rule of the format.
    pub fn asset<'a>(
        mut self,
        asset: AssetEntry<'_>,
        parts: impl IntoIterator<Item = PartEntry<'a>>,
    ) -> Result<Self, WriteError> {
        self.check_id(asset)?;
        let asset_id = asset.asset_id;
        let address = self.name(asset_id, "address", asset.address)?;
        let labels = self.strings.intern_checked(asset.labels_json, |text| {
            Labels::parse(text).map(drop).map_err(|source| WriteError::Text { asset_id, source })
        })?;
        let first_part = count(self.parts.len(), "parts")?;
        self.add_parts(asset_id, parts)?;
        self.assets.push(AssetRecord {
            asset_id: asset_id.into(),
            flags: if asset.preload { FLAG_PRELOAD } else { 0 }.into(),
            address,
            first_part: first_part.into(),
            n_parts: (count(self.parts.len(), "parts")? - first_part).into(),
            labels,
        });
        Ok(self)
    }

    /// The frame of the pack that has exactly the assets added.
    ///
    /// # Errors
    /// Where two assets have one address, or the pack is too large.
    pub fn finish(self) -> Result<Frame, WriteError> {
        let n_assets = count(self.assets.len(), "assets")?;
        let n_parts = count(self.parts.len(), "parts")?;
        let by_address = self.by_address(n_assets)?;
        let strings = self.strings.into_text();
        let index_offset = self.placer.index_offset();
        let index_length = index_length(n_assets, n_parts);
        let strings_offset = aligned_end(index_offset, index_length, 1).ok_or(TooLong)?;
        let trailer_offset = aligned_end(strings_offset, strings.len() as u64, TRAILER_ALIGNMENT).ok_or(TooLong)?;
        let header = Header {
            magic: MAGIC,
            version: VERSION.into(),
            flags: 0.into(),
            n_assets: n_assets.into(),
            n_parts: n_parts.into(),
            index_offset: index_offset.into(),
            index_length: index_length.into(),
            strings_offset: strings_offset.into(),
            strings_length: (strings.len() as u64).into(),
            pack_length: aligned_end(trailer_offset, TRAILER_LENGTH, 1).ok_or(TooLong)?.into(),
        };
        Ok(Frame::sealed(header, self.assets, self.parts, by_address, strings, trailer_offset))
    }

    fn check_id(&self, asset: AssetEntry<'_>) -> Result<(), WriteError> {
        let asset_id = asset.asset_id;
        let before = self.assets.last().map_or(0, |last| last.asset_id.get());
        match asset_id {
            0 => Err(WriteError::ZeroId(asset.address.to_owned())),
            _ if asset_id <= before => Err(WriteError::AssetOrder { before, asset_id }),
            _ => Ok(()),
        }
    }

    fn add_parts<'a>(
        &mut self,
        asset_id: u32,
        parts: impl IntoIterator<Item = PartEntry<'a>>,
    ) -> Result<(), WriteError> {
        let mut before = "";
        for part in parts {
            if part.name <= before && !before.is_empty() {
                let (before, name) = (before.to_owned(), part.name.to_owned());
                return Err(WriteError::PartOrder { asset_id, before, name });
            }
            self.add_part(asset_id, part)?;
            before = part.name;
        }
        Ok(())
    }

    fn add_part(&mut self, asset_id: u32, part: PartEntry<'_>) -> Result<(), WriteError> {
        self.check_payload(asset_id, part)?;
        let record = PartRecord {
            name: self.name(asset_id, "part's name", part.name)?,
            format: self.name(asset_id, "part's format", part.format)?,
            metadata: self.strings.intern_checked(part.metadata_json, |text| {
                Metadata::parse(text).map(drop).map_err(|source| WriteError::Text { asset_id, source })
            })?,
            codec: part.codec.number().into(),
            reserved_a: 0.into(),
            offset: part.offset.into(),
            stored_length: part.stored_length.into(),
            raw_length: part.raw_length.into(),
            reserved_b: 0.into(),
            hash: part.hash,
        };
        self.parts.push(record);
        Ok(())
    }

    fn check_payload(&mut self, asset_id: u32, part: PartEntry<'_>) -> Result<(), WriteError> {
        let PartEntry { codec, offset, stored_length, raw_length, .. } = part;
        if !codec.can_hold(stored_length, raw_length) {
            let name = part.name.to_owned();
            return Err(WriteError::Lengths { asset_id, name, codec, stored_length, raw_length });
        }
        let place = self.placer.place(stored_length)?;
        if offset != place {
            return Err(WriteError::Misplaced { asset_id, name: part.name.to_owned(), offset, place });
        }
        Ok(())
    }

    fn name(&mut self, asset_id: u32, what: &'static str, text: &str) -> Result<TextRange, WriteError> {
        if text.is_empty() {
            return Err(WriteError::Empty { asset_id, what });
        }
        Ok(self.strings.intern(text)?)
    }

    /// The numbers of the assets in byte order of their addresses.
    fn by_address(&self, n_assets: u32) -> Result<Vec<U32>, WriteError> {
        let address = |number: &U32| self.strings.get(self.assets[number.get() as usize].address);
        let mut numbers: Vec<U32> = (0..n_assets).map(U32::new).collect();
        numbers.sort_unstable_by(|a, b| address(a).cmp(address(b)));
        match numbers.windows(2).find(|pair| address(&pair[0]) == address(&pair[1])) {
            Some(pair) => Err(WriteError::DuplicateAddress(address(&pair[0]).to_owned())),
            None => Ok(numbers),
        }
    }
}

fn count(n: usize, what: &'static str) -> Result<u32, WriteError> {
    u32::try_from(n).map_err(|_| WriteError::TooMany(what))
}

/// Everything of a pack but its payloads and the zero bytes between them.
#[derive(Debug)]
pub struct Frame {
    header: Header,
    assets: Vec<AssetRecord>,
    parts: Vec<PartRecord>,
    by_address: Vec<U32>,
    /// The strings, and the zero bytes up to the trailer.
    strings: Vec<u8>,
    trailer: Trailer,
}

impl Frame {
    fn sealed(
        header: Header,
        assets: Vec<AssetRecord>,
        parts: Vec<PartRecord>,
        by_address: Vec<U32>,
        strings: String,
        trailer_offset: u64,
    ) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(header.as_bytes());
        hasher.update(assets.as_bytes()).update(parts.as_bytes()).update(by_address.as_bytes());
        hasher.update(strings.as_bytes());
        let trailer = Trailer { hash: *hasher.finalize().as_bytes(), pack_length: header.pack_length, magic: MAGIC };
        let mut strings = strings.into_bytes();
        strings.resize((trailer_offset - header.strings_offset.get()) as usize, 0);
        Self { header, assets, parts, by_address, strings, trailer }
    }

    /// The pack's hash: BLAKE3 of header, index and strings.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.trailer.hash
    }

    /// Where the index begins: the end of the payloads and of the zero bytes behind them.
    #[must_use]
    pub fn index_offset(&self) -> u64 {
        self.header.index_offset.get()
    }

    /// The length of the whole pack.
    #[must_use]
    pub fn pack_length(&self) -> u64 {
        self.header.pack_length.get()
    }

    /// What is to be written beside the payloads: bytes and the offset of each run, in ascending order.
    ///
    /// The first is the header; the others follow each other without a gap from [`Frame::index_offset`] to the end.
    pub fn sections(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let behind_payloads = [
            self.assets.as_bytes(),
            self.parts.as_bytes(),
            self.by_address.as_bytes(),
            &self.strings,
            self.trailer.as_bytes(),
        ];
        let mut offset = self.index_offset();
        let placed = behind_payloads.into_iter().map(move |bytes| {
            let at = offset;
            offset += bytes.len() as u64;
            (at, bytes)
        });
        std::iter::once((0, self.header.as_bytes())).chain(placed)
    }
}
