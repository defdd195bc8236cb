//! `purge_quarantined`: entries in quarantine are deleted, for good.

use std::collections::BTreeSet;

use super::answer::count;
use super::place::Here;
use super::quarantine::find_entry;
use super::{Answer, Context, Data, ListedEntry, Proposal, PurgeQuarantined, QuarantineData};
use crate::plan::{Draft, FolderListing};
use crate::value::RelPath;
use crate::workspace::layout;

/// Deletes entries for good.
///
/// # Errors
/// The answer, where nothing can be done.
pub(super) fn purge(context: &Context<'_>, request: &PurgeQuarantined) -> Result<Proposal, Answer> {
    context.need_settings()?;
    if request.entry_ids.is_empty() {
        let help = "name at least one; `packwright quarantine list` shows them";
        return Err(Answer::bad_request("no entry is named", help));
    }
    let ids: BTreeSet<&String> = request.entry_ids.iter().collect();
    let fs = &**context.fs;
    let mut draft = Draft::default();
    let (mut entries, mut affected, mut blockers) = (Vec::new(), Vec::new(), Vec::new());
    for id in ids {
        let waiting = match find_entry(context, id) {
            Ok(waiting) => waiting,
            Err(answer) => {
                blockers.extend(answer.blockers);
                continue;
            }
        };
        let here = Here::at(fs, &waiting.folder())?;
        let payload = FolderListing::read(fs, &waiting.payload()).map_err(|error| Answer::of_system(&error))?;
        blockers.extend(here.check_device(fs, &RelPath::literal(layout::TRASH)).err());
        draft.purge_entry(here.path.clone(), &here.listing, (payload.n_files(), payload.bytes()), here.identity);
        entries.push(ListedEntry::of(waiting));
        affected.push(waiting.reference());
    }
    if !blockers.is_empty() {
        return Err(Answer::blocked(blockers));
    }
    draft.remove_dir(RelPath::literal(layout::QUARANTINE));
    let summary = format!("purged {} from quarantine", count(entries.len() as u64, "asset", "assets"));
    let answer = Answer::ok(summary, Data::Quarantine(QuarantineData { entries })).about(affected);
    Ok(Proposal::new(draft.finish(context.snapshot), answer))
}
