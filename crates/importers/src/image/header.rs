//! What is known of an image before it is decoded, and the budgets that it has to keep.

use packwright::importer::ImportError;

use crate::budget::{MAX_DECODED_BYTES, MAX_SIDE, within};

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Png,
    Jpeg,
    Bmp,
    Tga,
    Gif,
    Qoi,
    Webp,
}

impl Format {
    /// The format whose signature the first bytes are. TGA has none.
    pub(super) fn by_signature(head: &[u8]) -> Option<Self> {
        match head {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'q', b'o', b'i', b'f', ..] => Some(Self::Qoi),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [b'B', b'M', ..] if super::bmp::has_header(head) => Some(Self::Bmp),
            _ => None,
        }
    }

    /// What a part of this format is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Bmp => "bmp",
            Self::Tga => "tga",
            Self::Gif => "gif",
            Self::Qoi => "qoi",
            Self::Webp => "webp",
        }
    }

    /// What messages call it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Bmp => "BMP",
            Self::Tga => "TGA",
            Self::Gif => "GIF",
            Self::Qoi => "QOI",
            Self::Webp => "WebP",
        }
    }
}

/// How colours are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Color {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
    /// Numbers into a palette, which may have transparent entries.
    Indexed {
        alpha: bool,
    },
    Cmyk,
}

impl Color {
    /// The value of `color` in metadata.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gray => "gray",
            Self::GrayAlpha => "gray_alpha",
            Self::Rgb => "rgb",
            Self::Rgba => "rgba",
            Self::Indexed { .. } => "indexed",
            Self::Cmyk => "cmyk",
        }
    }

    /// Channels of a pixel once it is looked up in the palette.
    pub(super) fn channels(self) -> u32 {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb | Self::Indexed { alpha: false } => 3,
            Self::Rgba | Self::Indexed { alpha: true } | Self::Cmyk => 4,
        }
    }
}

/// What an image says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) color: Color,
    /// Whether a channel has 16 bits; else it has at most 8.
    pub(super) deep: bool,
}

impl Header {
    /// A header of at most 8 bits a channel.
    pub(super) fn new(width: u32, height: u32, color: Color) -> Self {
        Self { width, height, color, deep: false }
    }

    /// Refuses what has no pixels or too many. Decoded, a pixel counts 4 bytes, and 8 where channels have 16 bits.
    pub(super) fn within_budget(&self) -> Result<(), ImportError> {
        if self.width == 0 || self.height == 0 {
            let message = format!("the image has no pixels: its size is {} x {}", self.width, self.height);
            return Err(ImportError::undecodable(message));
        }
        within("width in pixels", self.width.into(), MAX_SIDE.into())?;
        within("height in pixels", self.height.into(), MAX_SIDE.into())?;
        let pixel_bytes = if self.deep { 8 } else { 4 };
        let decoded = u64::from(self.width) * u64::from(self.height) * pixel_bytes;
        within("decoded size in bytes", decoded, MAX_DECODED_BYTES)
    }
}
