//! How much of anything an importer takes. Budgets are measured from headers, before anything is decoded.

use packwright::importer::ImportError;

/// Pixels a side of an image.
pub const MAX_SIDE: u32 = 16_384;
/// Bytes of an image or of audio once decoded.
pub const MAX_DECODED_BYTES: u64 = 512 << 20;
/// Seconds of audio.
pub const MAX_SECONDS: u64 = 30 * 60;
/// Bytes of data and text.
pub const MAX_TEXT_BYTES: u64 = 16 << 20;
/// Levels of nesting in data.
pub const MAX_NESTING: u32 = 64;

/// Refuses what is past its limit. `what` names the measure with its unit.
pub(crate) fn within(what: &'static str, actual: u64, limit: u64) -> Result<(), ImportError> {
    if actual > limit { Err(ImportError::OverBudget { what, actual, limit }) } else { Ok(()) }
}
