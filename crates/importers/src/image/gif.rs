//! Looks through a GIF: block by block to its trailer. What follows the trailer is left alone.

use packwright::importer::{ImportError, Source};

use super::header::{Color, Header};
use crate::scan::Scan;

const IMAGE: u8 = 0x2c;
const EXTENSION: u8 = 0x21;
const TRAILER: u8 = 0x3b;
const GRAPHIC_CONTROL: u8 = 0xf9;

pub(super) fn inspect(source: &Source<'_>) -> Result<Header, ImportError> {
    let mut scan = Scan::new(source, "GIF");
    scan.skip(6, "its signature")?;
    let width = scan.u16_le("its screen size")?;
    let height = scan.u16_le("its screen size")?;
    let [flags, _, _] = scan.array("its screen descriptor")?;
    skip_palette(&mut scan, flags)?;
    let (mut images, mut alpha) = (0_u32, false);
    loop {
        let at = scan.position();
        match scan.byte("its blocks: there is no trailer")? {
            IMAGE => {
                image(&mut scan)?;
                images = images.saturating_add(1);
            }
            EXTENSION => alpha |= extension(&mut scan)? && images == 0,
            TRAILER => break,
            0 => {}
            other => {
                return Err(scan.refuse(format_args!("is damaged at byte {at}: 0x{other:02x} begins no block")));
            }
        }
    }
    if images == 0 {
        return Err(scan.refuse("has no image"));
    }
    Ok(Header::new(width.into(), height.into(), Color::Indexed { alpha }))
}

fn image(scan: &mut Scan<'_>) -> Result<(), ImportError> {
    scan.skip(8, "an image descriptor")?;
    let flags = scan.byte("an image descriptor")?;
    skip_palette(scan, flags)?;
    scan.skip(1, "an image's code size")?;
    skip_sub_blocks(scan, "an image's data")
}

/// Passes over an extension; says whether it makes a colour transparent.
fn extension(scan: &mut Scan<'_>) -> Result<bool, ImportError> {
    const WHAT: &str = "an extension block";
    let label = scan.byte(WHAT)?;
    let mut transparent = false;
    if label == GRAPHIC_CONTROL {
        let length = scan.byte(WHAT)?;
        if length == 0 {
            return Ok(false);
        }
        transparent = scan.byte(WHAT)? & 1 != 0;
        scan.skip(u64::from(length) - 1, WHAT)?;
    }
    skip_sub_blocks(scan, WHAT)?;
    Ok(transparent)
}

fn skip_palette(scan: &mut Scan<'_>, flags: u8) -> Result<(), ImportError> {
    let entries = if flags & 0x80 == 0 { 0 } else { 2_u64 << (flags & 7) };
    scan.skip(entries * 3, "a palette")
}

fn skip_sub_blocks(scan: &mut Scan<'_>, what: &str) -> Result<(), ImportError> {
    loop {
        match scan.byte(what)? {
            0 => return Ok(()),
            length => scan.skip(length.into(), what)?,
        }
    }
}
