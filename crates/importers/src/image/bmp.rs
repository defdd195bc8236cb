//! Looks through a BMP: its headers, where its pixels begin, and whether all of them are there.
//!
//! The file size and image size that the headers state are passed over: too many writers get them wrong.

use packwright::importer::{ImportError, Source};

use super::header::{Color, Header};
use crate::scan::Scan;

/// The lengths of the headers behind the file header: core, info, and info with two to five extensions.
const HEADER_LENGTHS: [u32; 6] = [12, 40, 52, 56, 108, 124];
const FILE_HEADER_BYTES: usize = 14;
/// Where in a header, if it is that long, the mask of the alpha channel ends.
const ALPHA_MASK_END: u32 = 56;

const NONE: u32 = 0;
const RLE8: u32 = 1;
const RLE4: u32 = 2;
const BITFIELDS: u32 = 3;

struct Pixels {
    width: u32,
    height: u32,
    bits: u16,
    compression: u32,
    alpha: bool,
}

/// Whether behind `BM` there are headers of a BMP: two letters alone may begin any text.
pub(super) fn has_header(head: &[u8]) -> bool {
    let length = head.get(FILE_HEADER_BYTES..FILE_HEADER_BYTES + 4);
    length.is_some_and(|bytes| HEADER_LENGTHS.iter().any(|length| bytes == length.to_le_bytes()))
}

pub(super) fn inspect(source: &Source<'_>) -> Result<Header, ImportError> {
    let mut scan = Scan::new(source, "BMP");
    scan.skip(10, "its file header")?;
    let offset = u64::from(scan.u32_le("its file header")?);
    let header_length = scan.u32_le("its header")?;
    let pixels = if header_length == 12 { core_header(&mut scan)? } else { info_header(&mut scan, header_length)? };
    let color = color_of(&scan, &pixels)?;
    if offset < scan.position() {
        return Err(scan.refuse(format_args!("says that its pixels begin at byte {offset}, inside its headers")));
    }
    let header = Header::new(pixels.width, pixels.height, color);
    header.within_budget()?;
    scan.go_to(offset)?;
    match pixels.compression {
        RLE8 | RLE4 => walk_runs(&mut scan, pixels.compression == RLE4)?,
        _ => scan.need(stored_bytes(&pixels), "its pixels")?,
    }
    Ok(header)
}

fn core_header(scan: &mut Scan<'_>) -> Result<Pixels, ImportError> {
    let width = scan.u16_le("its header")?.into();
    let height = scan.u16_le("its header")?.into();
    scan.skip(2, "its header")?;
    Ok(Pixels { width, height, bits: scan.u16_le("its header")?, compression: NONE, alpha: false })
}

fn info_header(scan: &mut Scan<'_>, length: u32) -> Result<Pixels, ImportError> {
    let width = scan.u32_le("its header")?.cast_signed();
    let height = scan.u32_le("its header")?.cast_signed();
    scan.skip(2, "its header")?;
    let bits = scan.u16_le("its header")?;
    let compression = scan.u32_le("its header")?;
    scan.skip(20, "its header")?;
    let mut alpha = false;
    if length >= ALPHA_MASK_END {
        scan.skip(12, "its header")?;
        alpha = scan.u32_le("its header")? != 0 && compression == BITFIELDS;
        scan.skip((length - ALPHA_MASK_END).into(), "its header")?;
    }
    if width < 0 || height == i32::MIN {
        return Err(scan.refuse(format_args!("says a size of {width} x {height}")));
    }
    Ok(Pixels { width: width.unsigned_abs(), height: height.unsigned_abs(), bits, compression, alpha })
}

fn color_of(scan: &Scan<'_>, pixels: &Pixels) -> Result<Color, ImportError> {
    let palette = Color::Indexed { alpha: false };
    match (pixels.compression, pixels.bits) {
        (NONE, 1 | 2 | 4 | 8) | (RLE8, 8) | (RLE4, 4) => Ok(palette),
        (NONE, 16 | 24 | 32) => Ok(Color::Rgb),
        (BITFIELDS, 16 | 32) if pixels.alpha => Ok(Color::Rgba),
        (BITFIELDS, 16 | 32) => Ok(Color::Rgb),
        (compression, bits) => {
            Err(scan
                .refuse(format_args!("has {bits} bits a pixel with compression {compression}, which is not supported")))
        }
    }
}

/// The bytes from the first pixel to the last. Rows are padded to four bytes; the last padding is often left out.
fn stored_bytes(pixels: &Pixels) -> u64 {
    let row_bits = u64::from(pixels.width) * u64::from(pixels.bits);
    row_bits.div_ceil(32) * 4 * u64::from(pixels.height - 1) + row_bits.div_ceil(8)
}

/// Walks run-length packets to the one that ends the image.
fn walk_runs(scan: &mut Scan<'_>, nibbles: bool) -> Result<(), ImportError> {
    const WHAT: &str = "its run-length packets";
    loop {
        let [count, value] = scan.array(WHAT)?;
        match (count, value) {
            (0, 1) => return Ok(()),
            (0, 0) | (1.., _) => {}
            (0, 2) => scan.skip(2, WHAT)?,
            (0, pixels) => {
                let bytes = if nibbles { u64::from(pixels).div_ceil(2) } else { pixels.into() };
                scan.skip(bytes.next_multiple_of(2), WHAT)?;
            }
        }
    }
}
