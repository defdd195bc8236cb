//! The Packwright pack, format 1: what a build writes and an engine maps.
//!
//! Bytes in, bytes out: no file system, no threads, no async, no `unsafe`. A pack is opened once and read in place:
//!
//! ```
//! # use packwright_format::{Metadata, NewAsset, PackBuilder};
//! # let theme = NewAsset::new(3, "audio/theme").part("theme.ogg", "ogg", Metadata::new(), *b"OggS");
//! # let bytes = PackBuilder::new().asset(theme).finish()?;
//! use packwright_format::Pack;
//!
//! let pack = Pack::open(&bytes)?;
//! for part in pack.by_address("audio/theme").into_iter().flat_map(|asset| asset.parts()) {
//!     assert_eq!((part.name(), part.format()), ("theme.ogg", "ogg"));
//!     assert_eq!(&*part.bytes()?, b"OggS");
//! }
//! assert!(packwright_format::verify(&pack).is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - **Reading**: [`Pack::open`] checks every bound; then nothing panics, reads outside the bytes or takes memory by an
//!   unchecked number. [`verify()`] checks the payloads, [`diff()`] compares two packs.
//! - **Writing**: [`Placer`] says where payloads go, [`FrameBuilder`] makes the rest; [`PackBuilder`] does both in
//!   memory.
//!
//! The format is described byte by byte in `docs/formats/pack.md`.

mod canonical;
mod codec;
mod diff;
mod layout;
mod open;
mod pack_builder;
mod reader;
mod strings;
mod verify;
mod writer;

pub use canonical::{Integer, Labels, Metadata, TextError, Value};
pub use codec::{CODEC_VERSION, Codec, DecodeError, compress, decompress};
pub use diff::{AssetChange, Change, diff};
pub use layout::{
    HEADER_LENGTH, MAGIC, MAX_PACK_LENGTH, PAYLOAD_ALIGNMENT, Placer, TRAILER_ALIGNMENT, TRAILER_LENGTH, TooLong,
    VERSION, frame_extent,
};
pub use open::PackError;
pub use pack_builder::{NewAsset, PackBuilder};
pub use reader::{Asset, Pack, Part, PartError};
pub use verify::{Fault, Progress, Report, verify, verify_with};
pub use writer::{AssetEntry, Frame, FrameBuilder, PartEntry, WriteError};
