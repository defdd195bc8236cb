//! `list_quarantine`, and how entries are found.

use super::answer::count;
use super::{Answer, Blocker, BlockerCode, Context, Data, ListedEntry, QuarantineData};
use crate::workspace::QuarantineEntry;

/// Lists what waits in quarantine, the oldest first.
#[must_use]
pub fn list_quarantine(context: &Context<'_>) -> Answer {
    let quarantine = &context.snapshot.quarantine;
    let mut entries: Vec<ListedEntry> = quarantine.entries.iter().map(ListedEntry::of).collect();
    entries.sort_by(|a, b| (&a.since, &a.entry_id).cmp(&(&b.since, &b.entry_id)));
    let mut summary = format!("{} in quarantine", count(entries.len() as u64, "asset", "assets"));
    for fault in &quarantine.faults {
        summary.push_str(&format!("; {} is no entry: {}", fault.path, fault.why));
    }
    Answer::ok(summary, Data::Quarantine(QuarantineData { entries }))
}

/// The entry with that id.
pub(super) fn find_entry<'c>(context: &'c Context<'_>, entry_id: &str) -> Result<&'c QuarantineEntry, Answer> {
    let quarantine = &context.snapshot.quarantine;
    if let Some(entry) = quarantine.entry(entry_id) {
        return Ok(entry);
    }
    let fault = quarantine.faults.iter().find(|fault| fault.path.file_name() == Some(entry_id));
    let blocker = match fault {
        Some(fault) => {
            let message = format!("{} is no entry that can be worked with: {}", fault.path, fault.why);
            let help = "look at it by hand: nothing is moved or deleted that no record speaks of";
            Blocker::new(BlockerCode::NotFound, message, help)
        }
        None => {
            let message = format!("there is no `{entry_id}` in quarantine");
            Blocker::new(BlockerCode::NotFound, message, "`packwright quarantine list` shows what there is")
        }
    };
    Err(Answer::blocked(vec![blocker]))
}
