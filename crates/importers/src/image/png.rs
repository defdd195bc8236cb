//! Looks through a PNG: chunk by chunk, `IHDR` first, image data there and in one run, `IEND` last.
//!
//! Checksums are checked for the critical chunks but `IDAT`: reading all pixel data to hash it would cost as much as
//! the import, and decoding checks it anyway. What follows `IEND` is left alone; exporters leave much there.

use packwright::importer::{ImportError, Source};

use super::header::{Color, Header};
use crate::scan::Scan;

/// The longest critical chunk that is read: a palette of 256 entries.
const MAX_READ_BYTES: u32 = 768;

/// What the chunks before the image data say.
struct Chunks {
    header: Header,
    indexed: bool,
    palette: bool,
    data: bool,
    data_ended: bool,
}

pub(super) fn inspect(source: &Source<'_>) -> Result<Header, ImportError> {
    let mut scan = Scan::new(source, "PNG");
    scan.skip(8, "its signature")?;
    let mut chunks = first_chunk(&mut scan)?;
    loop {
        let at = scan.position();
        let length = scan.u32_be("a chunk's length")?;
        let kind: [u8; 4] = scan.array("a chunk's type")?;
        if !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(scan.refuse(format_args!("is damaged at byte {at}, where a chunk should begin")));
        }
        if &kind == b"IEND" {
            critical(&mut scan, length, kind)?;
            return end(&scan, &chunks);
        }
        chunks.data_ended |= chunks.data && &kind != b"IDAT";
        next_chunk(&mut scan, &mut chunks, kind, length, at)?;
    }
}

/// Reads `IHDR`.
fn first_chunk(scan: &mut Scan<'_>) -> Result<Chunks, ImportError> {
    let length = scan.u32_be("the length of its chunk `IHDR`")?;
    let kind: [u8; 4] = scan.array("the type of its chunk `IHDR`")?;
    if &kind == b"CgBI" {
        return Err(scan.refuse("is in Apple's own form for iOS, which is no PNG; export it anew"));
    }
    if &kind != b"IHDR" || length != 13 {
        return Err(scan.refuse("does not begin with a chunk `IHDR` of 13 bytes"));
    }
    let body = critical(scan, length, kind)?;
    let number = |at: usize| u32::from_be_bytes([body[at], body[at + 1], body[at + 2], body[at + 3]]);
    let (depth, color) = (body[8], body[9]);
    let color = match (color, depth) {
        (0, 1 | 2 | 4 | 8 | 16) => Color::Gray,
        (2, 8 | 16) => Color::Rgb,
        (3, 1 | 2 | 4 | 8) => Color::Indexed { alpha: false },
        (4, 8 | 16) => Color::GrayAlpha,
        (6, 8 | 16) => Color::Rgba,
        _ => return Err(scan.refuse(format_args!("says colour type {color} with {depth} bits, which there is not"))),
    };
    if body[10] != 0 || body[11] != 0 || body[12] > 1 {
        return Err(scan.refuse("says a compression, filter or interlace method that there is not"));
    }
    let header = Header { width: number(0), height: number(4), color, deep: depth == 16 };
    let indexed = matches!(color, Color::Indexed { .. });
    Ok(Chunks { header, indexed, palette: false, data: false, data_ended: false })
}

/// Takes one chunk after `IHDR` and before `IEND`.
fn next_chunk(
    scan: &mut Scan<'_>,
    chunks: &mut Chunks,
    kind: [u8; 4],
    length: u32,
    at: u64,
) -> Result<(), ImportError> {
    match &kind {
        b"IHDR" => return Err(scan.refuse(format_args!("has a second chunk `IHDR` at byte {at}"))),
        b"IDAT" if chunks.data_ended => {
            return Err(scan.refuse(format_args!("has other chunks amid its image data, before byte {at}")));
        }
        b"PLTE" => {
            critical(scan, length, kind)?;
            chunks.palette = true;
            return Ok(());
        }
        b"IDAT" => chunks.data = true,
        b"tRNS" => chunks.header.color = with_alpha(chunks.header.color),
        _ => {}
    }
    scan.skip(u64::from(length) + 4, &format!("its chunk `{}` at byte {at}", kind.escape_ascii()))
}

/// Transparency by `tRNS` makes one more channel.
fn with_alpha(color: Color) -> Color {
    match color {
        Color::Gray => Color::GrayAlpha,
        Color::Rgb => Color::Rgba,
        Color::Indexed { .. } => Color::Indexed { alpha: true },
        other => other,
    }
}

fn end(scan: &Scan<'_>, chunks: &Chunks) -> Result<Header, ImportError> {
    if !chunks.data {
        return Err(scan.refuse("has no image data: there is no chunk `IDAT`"));
    }
    if chunks.indexed && !chunks.palette {
        return Err(scan.refuse("has no palette, though its colours are numbers into one"));
    }
    Ok(chunks.header)
}

/// Reads the body of a short critical chunk and checks its checksum.
fn critical(scan: &mut Scan<'_>, length: u32, kind: [u8; 4]) -> Result<Vec<u8>, ImportError> {
    let name = kind.escape_ascii();
    if length > MAX_READ_BYTES {
        return Err(scan.refuse(format_args!("has a chunk `{name}` of {length} bytes, which is too long for one")));
    }
    let mut body = vec![0; length as usize];
    scan.fill(&mut body, &format!("its chunk `{name}`"))?;
    let stated = scan.u32_be(&format!("the checksum of its chunk `{name}`"))?;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&kind);
    hasher.update(&body);
    if hasher.finalize() != stated {
        return Err(scan.refuse(format_args!("is damaged: the checksum of its chunk `{name}` is wrong")));
    }
    Ok(body)
}
