//! What an operation that was stopped half-way left, and nobody could settle.

use crate::diagnose::hygiene::Unsettled;
use crate::fs::Fs;
use crate::value::RelPath;
use crate::workspace::layout;

/// Each path that stands in the way of settling an unfinished operation; empty where there is none. (H316)
#[must_use]
pub fn unsettled(fs: &dyn Fs) -> Vec<Unsettled> {
    let journal = RelPath::literal(layout::JOURNAL);
    if fs.stat(&journal).is_err() {
        return Vec::new();
    }
    // This version writes no journal and reads none: whatever it says, another one has to settle it.
    let message = format!("`{journal}` names an operation that was stopped half-way, and it could not be settled");
    vec![Unsettled { path: journal, message }]
}
