//! Looks through a WebP: its RIFF chunks, and the header of its first image. What follows the RIFF is left alone.

use packwright::importer::{ImportError, Source};

use super::header::{Color, Header};
use crate::scan::Scan;

const ALPHA_FLAG: u8 = 0x10;

pub(super) fn inspect(source: &Source<'_>) -> Result<Header, ImportError> {
    let mut scan = Scan::new(source, "WebP");
    scan.skip(4, "its signature")?;
    let riff_length = scan.u32_le("its length")?;
    scan.need(riff_length.into(), "its RIFF")?;
    let end = scan.position() + u64::from(riff_length);
    scan.skip(4, "its signature")?;
    let (mut header, mut image) = (None, false);
    while end.saturating_sub(scan.position()) >= 8 {
        let kind: [u8; 4] = scan.array("a chunk's type")?;
        let length = scan.u32_le("a chunk's length")?;
        let body = scan.position();
        let name = format!("its chunk `{}`", kind.escape_ascii());
        scan.need(length.into(), &name)?;
        image |= matches!(&kind, b"VP8 " | b"VP8L" | b"ANMF");
        if header.is_none() {
            header = Some(first_chunk(&mut scan, kind)?);
        }
        scan.go_to(body + u64::from(length).next_multiple_of(2))?;
    }
    match header {
        Some(header) if image => Ok(header),
        _ => Err(scan.refuse("has no image in its chunks")),
    }
}

/// The size and colours, which the first chunk tells.
fn first_chunk(scan: &mut Scan<'_>, kind: [u8; 4]) -> Result<Header, ImportError> {
    match &kind {
        b"VP8 " => lossy(scan),
        b"VP8L" => lossless(scan),
        b"VP8X" => extended(scan),
        _ => Err(scan.refuse(format_args!("begins with a chunk `{}`, which is no image", kind.escape_ascii()))),
    }
}

fn lossy(scan: &mut Scan<'_>) -> Result<Header, ImportError> {
    const WHAT: &str = "its frame header";
    let [tag, _, _] = scan.array(WHAT)?;
    let start: [u8; 3] = scan.array(WHAT)?;
    if tag & 1 != 0 || start != [0x9d, 0x01, 0x2a] {
        return Err(scan.refuse("does not begin with a key frame"));
    }
    let width = scan.u16_le(WHAT)? & 0x3fff;
    let height = scan.u16_le(WHAT)? & 0x3fff;
    Ok(Header::new(width.into(), height.into(), Color::Rgb))
}

fn lossless(scan: &mut Scan<'_>) -> Result<Header, ImportError> {
    const WHAT: &str = "its lossless header";
    if scan.byte(WHAT)? != 0x2f {
        return Err(scan.refuse("has a chunk `VP8L` without its signature"));
    }
    let bits = scan.u32_le(WHAT)?;
    let color = if bits & 1 << 28 == 0 { Color::Rgb } else { Color::Rgba };
    Ok(Header::new((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1, color))
}

fn extended(scan: &mut Scan<'_>) -> Result<Header, ImportError> {
    let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = scan.array("its chunk `VP8X`")?;
    let color = if flags & ALPHA_FLAG == 0 { Color::Rgb } else { Color::Rgba };
    let width = u32::from_le_bytes([w0, w1, w2, 0]) + 1;
    let height = u32::from_le_bytes([h0, h1, h2, 0]) + 1;
    Ok(Header::new(width, height, color))
}
