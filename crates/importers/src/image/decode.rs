//! Makes pixels of an image whose header keeps the budgets: RGBA, 8 bits a channel, straight alpha, rows top-down.
//!
//! JPEG goes through `zune-jpeg`, built without its vector paths, so that every machine makes the same bytes; the rest
//! through `image`, always with its limits. Nothing is rotated by EXIF and no colour profile is applied.

use std::io::{self, BufReader};

use image::{ImageError, ImageFormat, ImageReader, Limits};
use packwright::importer::{ImportError, Source};
use zune_core::bytestream::ZByteIoError;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use super::header::{Color, Format, Header};
use crate::budget::{MAX_DECODED_BYTES, MAX_SIDE};

/// All pixels, `width * height * 4` bytes.
pub(super) fn rgba8(format: Format, header: &Header, source: &Source<'_>) -> Result<Vec<u8>, ImportError> {
    let pixels = match library_format(format) {
        Some(library) => by_image(format, library, header, source)?,
        None => by_zune(header, source)?,
    };
    let expected = u64::from(header.width) * u64::from(header.height) * 4;
    if pixels.len() as u64 == expected {
        return Ok(pixels);
    }
    Err(refused(format, format_args!("{} bytes of pixels where its header says {expected}", pixels.len())))
}

/// What `image` calls a format; `None` for JPEG, which it does not decode here.
fn library_format(format: Format) -> Option<ImageFormat> {
    match format {
        Format::Jpeg => None,
        Format::Png => Some(ImageFormat::Png),
        Format::Bmp => Some(ImageFormat::Bmp),
        Format::Tga => Some(ImageFormat::Tga),
        Format::Gif => Some(ImageFormat::Gif),
        Format::Qoi => Some(ImageFormat::Qoi),
        Format::Webp => Some(ImageFormat::WebP),
    }
}

fn by_image(
    format: Format,
    library: ImageFormat,
    header: &Header,
    source: &Source<'_>,
) -> Result<Vec<u8>, ImportError> {
    let mut reader = ImageReader::with_format(BufReader::new(source.reader()), library);
    let mut limits = Limits::default();
    limits.max_image_width = Some(header.width);
    limits.max_image_height = Some(header.height);
    // The pixels, and as much again for what a decoder keeps beside them.
    limits.max_alloc = Some(2 * MAX_DECODED_BYTES);
    reader.limits(limits);
    match reader.decode() {
        Ok(image) => Ok(image.into_rgba8().into_raw()),
        Err(ImageError::IoError(error)) => Err(io_refused(format, error)),
        Err(error) => Err(refused(format, error)),
    }
}

fn by_zune(header: &Header, source: &Source<'_>) -> Result<Vec<u8>, ImportError> {
    // Its way from CMYK to RGBA writes pixels of three bytes, so CMYK goes by way of RGB.
    let by_way_of_rgb = header.color == Color::Cmyk;
    let space = if by_way_of_rgb { ColorSpace::RGB } else { ColorSpace::RGBA };
    // Without the vector paths, whatever features another crate turns on: those differ between processors.
    let options = DecoderOptions::default()
        .set_use_unsafe(false)
        .jpeg_set_out_colorspace(space)
        .set_strict_mode(true)
        .set_max_width(MAX_SIDE as usize)
        .set_max_height(MAX_SIDE as usize);
    let mut decoder = JpegDecoder::new_with_options(BufReader::new(source.reader()), options);
    let pixels = decoder.decode().map_err(|error| match error {
        DecodeErrors::IoErrors(ZByteIoError::StdIoError(error)) => io_refused(Format::Jpeg, error),
        error => refused(Format::Jpeg, error),
    })?;
    Ok(if by_way_of_rgb { opaque(&pixels) } else { pixels })
}

/// RGBA of RGB.
fn opaque(pixels: &[u8]) -> Vec<u8> {
    pixels.as_chunks().0.iter().flat_map(|&[red, green, blue]| [red, green, blue, u8::MAX]).collect()
}

/// An error while reading is the system's only where the system has a number for it; else the content ended early.
fn io_refused(format: Format, error: io::Error) -> ImportError {
    if error.raw_os_error().is_some() { error.into() } else { refused(format, error) }
}

fn refused(format: Format, reason: impl std::fmt::Display) -> ImportError {
    let reason = reason.to_string();
    let reason = reason.trim_end_matches('.').replace('\n', " ");
    ImportError::undecodable(format!("the {} does not decode: {reason}", format.title()))
}
