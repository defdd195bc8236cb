//! Looks through a JPEG: segment by segment to the first scan, then for the marker that ends the image.
//!
//! Stray bytes between segments and after the end are passed over, as every decoder does.

use packwright::importer::{ImportError, Source};

use super::header::{Color, Header};
use crate::scan::Scan;

const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;
const BLOCK_BYTES: u64 = 64 << 10;

pub(super) fn inspect(source: &Source<'_>) -> Result<Header, ImportError> {
    let mut scan = Scan::new(source, "JPEG");
    scan.skip(2, "its first marker")?;
    let mut header = None;
    loop {
        match next_marker(&mut scan)? {
            START_OF_SCAN => break,
            END_OF_IMAGE => return Err(scan.refuse("has no image data: it ends before its first scan")),
            frame @ 0xc0..=0xcf if !matches!(frame, 0xc4 | 0xc8 | 0xcc) => {
                header = Some(frame_header(&mut scan, frame)?);
            }
            0x01 | 0xd0..=0xd8 => {}
            _ => {
                let length = segment_length(&mut scan)?;
                scan.skip(length, "a segment")?;
            }
        }
    }
    let header = header.ok_or_else(|| scan.refuse("has no frame header before its first scan"))?;
    let length = segment_length(&mut scan)?;
    scan.skip(length, "the header of its first scan")?;
    find_end(&mut scan)?;
    Ok(header)
}

/// Goes past the next marker and gives it.
fn next_marker(scan: &mut Scan<'_>) -> Result<u8, ImportError> {
    const WHAT: &str = "the headers before its first scan";
    loop {
        while scan.byte(WHAT)? != 0xff {}
        let mut marker = 0xff;
        while marker == 0xff {
            marker = scan.byte(WHAT)?;
        }
        if marker != 0 {
            return Ok(marker);
        }
    }
}

/// The bytes of a segment behind its length.
fn segment_length(scan: &mut Scan<'_>) -> Result<u64, ImportError> {
    let length = scan.u16_be("a segment's length")?;
    let inner = length.checked_sub(2);
    inner.map(u64::from).ok_or_else(|| {
        scan.refuse(format_args!("is damaged at byte {}: a segment of length {length}", scan.position() - 2))
    })
}

fn frame_header(scan: &mut Scan<'_>, frame: u8) -> Result<Header, ImportError> {
    let length = segment_length(scan)?;
    if length < 6 {
        return Err(scan.refuse("has a frame header that is too short"));
    }
    let [precision, h1, h0, w1, w0, components] = scan.array("its frame header")?;
    scan.skip(length - 6, "its frame header")?;
    if frame > 0xc2 {
        return Err(scan.refuse("is lossless, hierarchical or arithmetic, which is not supported"));
    }
    if precision != 8 {
        return Err(scan.refuse(format_args!("has {precision} bits a sample, and only 8 are supported")));
    }
    let color = match components {
        1 => Color::Gray,
        3 => Color::Rgb,
        4 => Color::Cmyk,
        _ => return Err(scan.refuse(format_args!("has {components} components, and 1, 3 or 4 are supported"))),
    };
    Ok(Header::new(u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into(), color))
}

/// Finds the end marker: at the end, as in nearly every file, or before what was appended.
fn find_end(scan: &mut Scan<'_>) -> Result<(), ImportError> {
    let start = scan.position();
    if scan.left() >= 2 {
        scan.go_to(scan.length() - 2)?;
        if scan.array("its end")? == [0xff, END_OF_IMAGE] {
            return Ok(());
        }
        scan.go_to(start)?;
    }
    let mut after_ff = false;
    while scan.left() > 0 {
        let mut block = vec![0; scan.left().min(BLOCK_BYTES) as usize];
        scan.fill(&mut block, "its image data")?;
        let continued = after_ff && block[0] == END_OF_IMAGE;
        if continued || block.windows(2).any(|pair| pair == [0xff, END_OF_IMAGE]) {
            return Ok(());
        }
        after_ff = block.last() == Some(&0xff);
    }
    Err(scan
        .refuse(format_args!("is cut off: it ends at byte {} without the marker that ends the image", scan.length())))
}
