//! The history: one record an operation, bounded. A record is the operation's journal, kept.

use super::journal::Journal;
use crate::fs::{Fs, read_limited, remove_if_present};
use crate::value::{OperationId, RelPath};
use crate::workspace::layout;

/// How many records are kept.
pub const MAX_RECORDS: usize = 500;
/// How many bytes of them, the newest aside.
pub const MAX_RECORD_BYTES: u64 = 64 << 20;

/// The operations that there are records of, the newest first, each with the bytes of its record.
#[must_use]
pub fn operations(fs: &dyn Fs) -> Vec<(OperationId, u64)> {
    let entries = fs.read_dir(&RelPath::literal(layout::HISTORY)).unwrap_or_default();
    let named = |entry: &crate::fs::DirEntry| Some((entry.name.parse::<OperationId>().ok()?, entry.stat.size));
    let mut operations: Vec<_> = entries.iter().filter_map(named).collect();
    // Ids are made in the order of time.
    operations.sort_by(|a, b| b.cmp(a));
    operations
}

/// The record of an operation; `None` where there is none that reads.
#[must_use]
pub fn record(fs: &dyn Fs, operation: OperationId) -> Option<Journal> {
    let bytes = read_limited(fs, &Journal::record_path(operation), 1 << 30).ok()?;
    Journal::read(&bytes).ok().filter(|journal| journal.operation == operation)
}

/// Forgets the oldest records past the bounds.
pub(super) fn prune(fs: &dyn Fs) {
    let mut bytes = 0_u64;
    for (nth, (operation, size)) in operations(fs).into_iter().enumerate() {
        bytes = bytes.saturating_add(size);
        if nth >= MAX_RECORDS || (nth > 0 && bytes > MAX_RECORD_BYTES) {
            let _ = remove_if_present(fs, &Journal::record_path(operation));
        }
    }
}
