//! Looks at a QOI: its header, and the eight bytes that end every one.

use packwright::importer::{ImportError, Source};

use super::header::{Color, Header};
use crate::scan::Scan;

const END: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 1];

pub(super) fn inspect(source: &Source<'_>) -> Result<Header, ImportError> {
    let mut scan = Scan::new(source, "QOI");
    scan.skip(4, "its signature")?;
    let width = scan.u32_be("its header")?;
    let height = scan.u32_be("its header")?;
    let [channels, color_space] = scan.array("its header")?;
    let color = match (channels, color_space) {
        (3, 0 | 1) => Color::Rgb,
        (4, 0 | 1) => Color::Rgba,
        _ => {
            return Err(
                scan.refuse(format_args!("says {channels} channels in colour space {color_space}, which there is not"))
            );
        }
    };
    scan.need(END.len() as u64, "its end marker")?;
    scan.go_to(scan.length() - END.len() as u64)?;
    if scan.array("its end marker")? != END {
        return Err(scan.refuse("is cut off: it does not end with its end marker"));
    }
    Ok(Header::new(width, height, color))
}
