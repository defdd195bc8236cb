//! Looks through a TGA: its header, and whether all pixels are there. What follows them is left alone.
//!
//! TGA has no signature, so its header is read strictly: only the combinations that decoders know pass.

use packwright::importer::{ImportError, Source};

use super::header::{Color, Header};
use crate::scan::Scan;

const HEADER_BYTES: usize = 18;

struct Layout {
    header: Header,
    pixel_bytes: u64,
    runs: bool,
}

pub(super) fn inspect(source: &Source<'_>) -> Result<Header, ImportError> {
    let mut scan = Scan::new(source, "TGA");
    let bytes: [u8; HEADER_BYTES] = scan.array("its header")?;
    let layout = read_header(&scan, &bytes)?;
    layout.header.within_budget()?;
    scan.skip(bytes[0].into(), "its comment")?;
    scan.skip(palette_bytes(&bytes), "its palette")?;
    let pixels = u64::from(layout.header.width) * u64::from(layout.header.height);
    if layout.runs {
        walk_runs(&mut scan, pixels, layout.pixel_bytes)?;
    } else {
        scan.need(pixels * layout.pixel_bytes, "its pixels")?;
    }
    Ok(layout.header)
}

fn read_header(scan: &Scan<'_>, bytes: &[u8; HEADER_BYTES]) -> Result<Layout, ImportError> {
    let [_, has_palette, kind, .., depth, descriptor] = *bytes;
    let entry_bits = bytes[7];
    let alpha_bits = descriptor & 0x0f;
    let palette_entry_known = has_palette == 0 || matches!(entry_bits, 15 | 16 | 24 | 32);
    let color = match (kind & !8, depth, alpha_bits) {
        (1, 8 | 16, _) if has_palette == 1 && depth <= entry_bits => palette_color(entry_bits, alpha_bits),
        (2, 24, 0) | (2, 15, 0) | (2, 16, 0 | 1) => Some(Color::Rgb),
        (2, 32, 0 | 8) => Some(Color::Rgba),
        (3, 8, 0 | 8) => Some(Color::Gray),
        (3, 16, 8) => Some(Color::GrayAlpha),
        _ => None,
    };
    let color = color.filter(|_| has_palette <= 1 && palette_entry_known && kind & 0xf0 == 0).ok_or_else(|| {
        scan.refuse(format_args!(
            "has image type {kind} with {depth} bits a pixel, {alpha_bits} of them alpha, which is no TGA or not supported"
        ))
    })?;
    let width = u16::from_le_bytes([bytes[12], bytes[13]]).into();
    let height = u16::from_le_bytes([bytes[14], bytes[15]]).into();
    let pixel_bytes = u64::from(depth).div_ceil(8);
    Ok(Layout { header: Header::new(width, height, color), pixel_bytes, runs: kind & 8 != 0 })
}

fn palette_color(entry_bits: u8, alpha_bits: u8) -> Option<Color> {
    match (entry_bits, alpha_bits) {
        (15, 0) | (16, 0 | 1) | (24, 0) => Some(Color::Indexed { alpha: false }),
        (32, 0 | 8) => Some(Color::Indexed { alpha: true }),
        _ => None,
    }
}

fn palette_bytes(bytes: &[u8; HEADER_BYTES]) -> u64 {
    let entries = u64::from(u16::from_le_bytes([bytes[5], bytes[6]]));
    if bytes[1] == 1 { entries * u64::from(bytes[7]).div_ceil(8) } else { 0 }
}

/// Walks run-length packets until all pixels are there.
fn walk_runs(scan: &mut Scan<'_>, pixels: u64, pixel_bytes: u64) -> Result<(), ImportError> {
    const WHAT: &str = "its run-length packets";
    let mut left = pixels;
    while left > 0 {
        let packet = scan.byte(WHAT)?;
        let count = u64::from(packet & 0x7f) + 1;
        let stored = if packet & 0x80 == 0 { count.min(left) } else { 1 };
        scan.skip(stored * pixel_bytes, WHAT)?;
        left = left.saturating_sub(count);
    }
    Ok(())
}
