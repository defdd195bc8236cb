//! What an operation that was stopped half-way left, and recovery cannot settle.

use super::recover::{Unsettled, conflicts, is_commit_unfinished, is_ours};
use super::{Journal, recover};
use crate::diagnose::hygiene::{NotChecked, Unsettled as Left};
use crate::fs::{Fs, running_holder};
use crate::value::RelPath;
use crate::workspace::layout;

/// Each path that stands in the way of settling an unfinished operation; empty where there is none, where it is under way,
/// and where the next one to write will settle it (H316).
///
/// # Errors
/// Where it could not be looked.
pub fn unsettled(fs: &dyn Fs) -> Result<Vec<Left>, NotChecked> {
    let private = RelPath::literal(layout::PRIVATE);
    if !is_commit_unfinished(fs) || running_holder(fs, &private).is_some() {
        return Ok(Vec::new());
    }
    let at_journal = |error: &Unsettled| Left { path: RelPath::literal(layout::JOURNAL), message: error.to_string() };
    let journal = match Journal::load(fs).map_err(Unsettled::from) {
        // Settled meanwhile.
        Ok(None) => return Ok(Vec::new()),
        Ok(Some(journal)) => journal,
        Err(error) if error.is_conflict() => return Ok(vec![at_journal(&error)]),
        Err(error) => return Err(NotChecked(error.to_string())),
    };
    if !is_ours(fs, &journal)? {
        return Ok(vec![at_journal(&Unsettled::Foreign(journal.operation))]);
    }
    match recover::is_committed(fs, &journal) {
        Ok(true) => return Ok(Vec::new()),
        Ok(false) => {}
        Err(error) if error.is_conflict() => {
            return Ok(vec![Left { path: RelPath::literal(layout::REGISTRY), message: error.to_string() }]);
        }
        Err(error) => return Err(NotChecked(error.to_string())),
    }
    let left = |conflict: super::recover::Conflict| {
        let message = format!("operation {} cannot be taken back: {conflict}", journal.operation);
        Left { path: conflict.path, message }
    };
    Ok(conflicts(fs, &journal, true)?.into_iter().map(left).collect())
}
