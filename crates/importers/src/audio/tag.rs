//! The tag of 128 bytes that old programs put behind the audio of any format.

use packwright::importer::ImportError;

use crate::scan::Scan;

const TAG_BYTES: u64 = 128;

/// Where the audio ends: before such a tag, else with the source. Leaves `scan` where it stood.
pub(super) fn end_before_tag(scan: &mut Scan<'_>) -> Result<u64, ImportError> {
    let here = scan.position();
    let Some(start) = scan.length().checked_sub(TAG_BYTES) else { return Ok(scan.length()) };
    scan.go_to(start)?;
    let tagged = &scan.array::<3>("its tag")? == b"TAG";
    scan.go_to(here)?;
    Ok(if tagged { start } else { scan.length() })
}
