//! A whole pack in memory, from assets with their bytes: for tests, examples and small tools.
//!
//! It sorts what it is given and leaves every rule of the format to [`FrameBuilder`].

use crate::canonical::{Labels, Metadata};
use crate::codec::{Codec, compress};
use crate::layout::Placer;
use crate::writer::{AssetEntry, FrameBuilder, PartEntry, WriteError};

/// One asset to be packed.
#[derive(Debug, Clone, Default)]
pub struct NewAsset {
    asset_id: u32,
    address: String,
    labels: Labels,
    preload: bool,
    parts: Vec<NewPart>,
}

#[derive(Debug, Clone)]
struct NewPart {
    name: String,
    format: String,
    metadata: Metadata,
    bytes: Vec<u8>,
}

impl NewAsset {
    /// An asset without labels and parts, loaded when it is asked for.
    #[must_use]
    pub fn new(asset_id: u32, address: impl Into<String>) -> Self {
        Self { asset_id, address: address.into(), ..Self::default() }
    }

    /// This asset with these labels.
    #[must_use]
    pub fn labels<L: Into<String>>(mut self, labels: impl IntoIterator<Item = L>) -> Self {
        self.labels = labels.into_iter().collect();
        self
    }

    /// This asset, loaded before it is asked for.
    #[must_use]
    pub fn preload(mut self) -> Self {
        self.preload = true;
        self
    }

    /// This asset with one part more.
    #[must_use]
    pub fn part(
        mut self,
        name: impl Into<String>,
        format: impl Into<String>,
        metadata: Metadata,
        bytes: impl Into<Vec<u8>>,
    ) -> Self {
        self.parts.push(NewPart { name: name.into(), format: format.into(), metadata, bytes: bytes.into() });
        self
    }
}

/// Makes a whole pack in memory.
///
/// ```
/// use packwright_format::{Metadata, NewAsset, Pack, PackBuilder};
///
/// let button = NewAsset::new(7, "ui/button").part("button.txt", "text", Metadata::new(), *b"press me");
/// let bytes = PackBuilder::new().asset(button).finish()?;
/// let pack = Pack::open(&bytes)?;
/// let part = pack.by_address("ui/button").and_then(|asset| asset.part("button.txt"));
/// assert_eq!(part.map(|part| part.stored()), Some(&b"press me"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct PackBuilder {
    assets: Vec<NewAsset>,
    lz4: bool,
}

struct Placed<'a> {
    part: &'a NewPart,
    block: Option<Vec<u8>>,
    offset: u64,
}

impl PackBuilder {
    /// A builder of a pack without assets, whose parts are stored as they are.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// This builder, which stores a part as LZ4 where [`compress`] says that it saves.
    #[must_use]
    pub fn lz4(mut self) -> Self {
        self.lz4 = true;
        self
    }

    /// This builder with one asset more, in any order.
    #[must_use]
    pub fn asset(mut self, asset: NewAsset) -> Self {
        self.assets.push(asset);
        self
    }

    /// The bytes of the pack.
    ///
    /// # Errors
    /// Where the assets break a rule of the format: an id, an address or a part's name twice, a zero id, an empty name.
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        self.assets.sort_by_key(|asset| asset.asset_id);
        for asset in &mut self.assets {
            asset.parts.sort_by(|a, b| a.name.cmp(&b.name));
        }
        let mut placer = Placer::new();
        let mut bytes = vec![0; placer.index_offset() as usize];
        let mut frame = FrameBuilder::new();
        for asset in &self.assets {
            let placed = self.place(asset, &mut placer)?;
            for part in &placed {
                bytes.resize(part.offset as usize, 0);
                bytes.extend_from_slice(part.stored());
            }
            let labels_json = asset.labels.to_json();
            let metadata: Vec<String> = placed.iter().map(|placed| placed.part.metadata.to_json()).collect();
            let parts = placed.iter().zip(&metadata).map(|(placed, metadata)| placed.entry(metadata));
            frame = frame.asset(asset.entry(&labels_json), parts)?;
        }
        let frame = frame.finish()?;
        for (offset, section) in frame.sections() {
            bytes.resize(bytes.len().max(offset as usize + section.len()), 0);
            bytes[offset as usize..][..section.len()].copy_from_slice(section);
        }
        Ok(bytes)
    }

    fn place<'a>(&self, asset: &'a NewAsset, placer: &mut Placer) -> Result<Vec<Placed<'a>>, WriteError> {
        let place = |part: &'a NewPart| {
            let block = if self.lz4 { compress(&part.bytes) } else { None };
            let stored_length = block.as_ref().unwrap_or(&part.bytes).len() as u64;
            Ok(Placed { part, offset: placer.place(stored_length)?, block })
        };
        asset.parts.iter().map(place).collect()
    }
}

impl NewAsset {
    fn entry<'a>(&'a self, labels_json: &'a str) -> AssetEntry<'a> {
        AssetEntry { asset_id: self.asset_id, preload: self.preload, address: &self.address, labels_json }
    }
}

impl Placed<'_> {
    fn stored(&self) -> &[u8] {
        self.block.as_ref().unwrap_or(&self.part.bytes)
    }

    fn entry<'a>(&'a self, metadata_json: &'a str) -> PartEntry<'a> {
        PartEntry {
            name: &self.part.name,
            format: &self.part.format,
            metadata_json,
            codec: if self.block.is_some() { Codec::Lz4 } else { Codec::None },
            offset: self.offset,
            stored_length: self.stored().len() as u64,
            raw_length: self.part.bytes.len() as u64,
            hash: *blake3::hash(&self.part.bytes).as_bytes(),
        }
    }
}
