//! The importer `image`: PNG, JPEG, BMP, TGA, GIF, QOI and WebP.
//!
//! Each format has a file that looks through its container and gives a [`Header`], without decoding. `decode` makes
//! pixels of those that pass.

mod bmp;
mod decode;
mod gif;
mod header;
mod jpeg;
mod png;
mod qoi;
mod tga;
mod webp;

use packwright::importer::{Claim, ImportError, Imported, Importer, Metadata, Setting, SettingKind, Settings, Source};

use self::header::{Color, Format, Header};

const OUTPUT: &str = "output";
const SETTINGS: &[Setting] = &[Setting {
    name: OUTPUT,
    summary: "What the part holds: the source as it is, or its pixels with 8 bits a channel, RGBA.",
    kind: SettingKind::Choice(&["source", "rgba8"]),
}];

/// Takes images; keeps them, or makes `rgba8` of them.
#[derive(Debug, Clone, Copy)]
pub struct Image;

impl Importer for Image {
    fn name(&self) -> &'static str {
        "image"
    }

    fn version(&self) -> u32 {
        1
    }

    fn settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn keeps(&self, settings: &Settings) -> bool {
        settings.word(OUTPUT) == "source"
    }

    fn compressed_formats(&self) -> &'static [&'static str] {
        &["png", "jpeg", "gif", "qoi", "webp"]
    }

    fn claims(&self, claim: Claim, source: &Source<'_>) -> bool {
        match claim {
            Claim::Signature => Format::by_signature(&source.head()).is_some(),
            Claim::Extension => is_tga(source),
            Claim::Content | Claim::Anything => false,
        }
    }

    fn import(&self, source: &Source<'_>, settings: &Settings) -> Result<Imported, ImportError> {
        let format = format_of(source)?;
        let header = inspect(format, source)?;
        header.within_budget()?;
        if settings.word(OUTPUT) == "rgba8" {
            let pixels = decode::rgba8(format, &header, source)?;
            return Ok(Imported::made("rgba8", metadata(&header, Color::Rgba), pixels));
        }
        Ok(Imported::kept(format.name(), metadata(&header, header.color)))
    }

    fn examine(&self, source: &Source<'_>, _: &Settings) -> Result<(), ImportError> {
        let format = format_of(source)?;
        let header = inspect(format, source)?;
        header.within_budget()?;
        decode::rgba8(format, &header, source).map(drop)
    }
}

/// A decoded picture.
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// RGBA, 8 bits a channel, straight alpha, rows top-down: `width * height * 4` bytes.
    pub(crate) rgba: Vec<u8>,
}

/// The pixels of a source, under the limits of an import.
pub(crate) fn pixels(source: &Source<'_>) -> Result<Pixels, ImportError> {
    let format = format_of(source)?;
    let header = inspect(format, source)?;
    header.within_budget()?;
    let rgba = decode::rgba8(format, &header, source)?;
    Ok(Pixels { width: header.width, height: header.height, rgba })
}

fn format_of(source: &Source<'_>) -> Result<Format, ImportError> {
    let by_extension = || is_tga(source).then_some(Format::Tga);
    Format::by_signature(&source.head()).or_else(by_extension).ok_or_else(|| {
        ImportError::undecodable(
            "no image: the first bytes are no signature of PNG, JPEG, BMP, GIF, QOI or WebP, and the name does not end \
             in .tga",
        )
    })
}

/// TGA has no signature, so its name has to tell.
fn is_tga(source: &Source<'_>) -> bool {
    source.extension().is_some_and(|extension| extension == "tga")
}

fn inspect(format: Format, source: &Source<'_>) -> Result<Header, ImportError> {
    match format {
        Format::Png => png::inspect(source),
        Format::Jpeg => jpeg::inspect(source),
        Format::Bmp => bmp::inspect(source),
        Format::Tga => tga::inspect(source),
        Format::Gif => gif::inspect(source),
        Format::Qoi => qoi::inspect(source),
        Format::Webp => webp::inspect(source),
    }
}

fn metadata(header: &Header, color: Color) -> Metadata {
    Metadata::new()
        .with("width", header.width)
        .with("height", header.height)
        .with("channels", color.channels())
        .with("color", color.name())
}
