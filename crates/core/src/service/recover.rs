//! `recover`: an operation that was stopped half-way, and that recovery could not end, is ended by a person's word.

use super::{Answer, Blocker, BlockerCode, Context, Data, Proposal, Recover, RecoverChoice, RecoverData, RecoverStep};
use crate::fs::{Fs, FsError, read_limited};
use crate::plan::recover::{Conflict, conflicts, forget, is_ours, leave_as_it_is, undo_what_can_be};
use crate::plan::{ActionKind, Draft, Journal, Nature, Receipt, Record};
use crate::value::{ContentHash, RelPath};
use crate::workspace::layout;

/// How the unfinished operation is to be ended.
pub struct Settlement {
    /// Its journal; `None` where that cannot be read.
    journal: Option<Journal>,
    choice: RecoverChoice,
}

impl Settlement {
    /// Ends it. Call it under the workspace's lock.
    ///
    /// # Errors
    /// What the system says.
    pub fn make(&self, fs: &dyn Fs) -> Result<(), FsError> {
        match (&self.journal, self.choice) {
            (Some(journal), RecoverChoice::Undo) => undo_what_can_be(fs, journal),
            (Some(journal), RecoverChoice::Keep) => leave_as_it_is(fs, journal),
            (None, _) => forget(fs),
        }
    }
}

/// Plans how the unfinished operation is ended; without a settlement where there is none, or nobody said how.
///
/// # Errors
/// The answer, where it cannot be ended so.
pub fn recover(context: &Context<'_>, request: Recover) -> Result<(Proposal, Option<Settlement>), Answer> {
    let fs = &**context.fs;
    let bytes = match read_limited(fs, &RelPath::literal(layout::JOURNAL), 1 << 30) {
        Ok(bytes) => bytes,
        Err(error) if error.is_absent() => {
            let answer = Answer::ok("nothing is unfinished", Data::Recover(RecoverData { steps: Vec::new() }));
            return Ok((Proposal::new(Draft::default().finish(context.snapshot), answer), None));
        }
        Err(error) => return Err(Answer::failed(error.to_string())),
    };
    let journal = Journal::read(&bytes).ok();
    let of_system = |error: FsError| Answer::of_system(&error);
    let steps = journal.as_ref().map_or(Ok(Vec::new()), |journal| steps(fs, journal)).map_err(of_system)?;
    let what = journal.as_ref().map_or_else(
        || "an operation whose journal cannot be read".to_owned(),
        |journal| format!("operation {} ({}: {})", journal.operation, journal.service, journal.summary),
    );
    let Some(choice) = request.choice else {
        let data = Data::Recover(RecoverData { steps });
        let summary = format!("{what} was stopped half-way");
        return Ok((Proposal::new(Draft::default().finish(context.snapshot), Answer::ok(summary, data)), None));
    };
    if journal.is_none() && choice == RecoverChoice::Undo {
        let message = "the journal cannot be read, so nothing is known that could be undone";
        let help =
            "look at the workspace, then `packwright recover --keep` forgets the journal and leaves all as it lies";
        return Err(Answer::blocked(vec![Blocker::new(BlockerCode::RecoveryNeeded, message, help)]));
    }
    let mut draft = Draft::default();
    draft.rely_on(Receipt::Journal { journal: ContentHash::of(&bytes) });
    if let (Some(journal), RecoverChoice::Undo) = (&journal, choice) {
        show_undo(journal, &steps, &mut draft);
    }
    let outcome = match choice {
        RecoverChoice::Undo => "what can be taken back is, the rest stays where it lies",
        RecoverChoice::Keep => "everything stays where it lies",
    };
    let operation_id = journal.as_ref().map(|journal| journal.operation.to_string()).unwrap_or_default();
    draft.show(Nature::Edit, ActionKind::Settle { operation_id, outcome: outcome.to_owned() });
    let affected = journal.as_ref().map(|journal| journal.affected.clone()).unwrap_or_default();
    let answer = Answer::ok(format!("ended {what}: {outcome}"), Data::Recover(RecoverData { steps })).about(affected);
    let settlement = Settlement { journal, choice };
    Ok((Proposal::new(draft.finish(context.snapshot), answer), Some(settlement)))
}

/// What is there now of each step.
fn steps(fs: &dyn Fs, journal: &Journal) -> Result<Vec<RecoverStep>, FsError> {
    let by_identity = is_ours(fs, journal)?;
    let conflicts = conflicts(fs, journal, by_identity)?;
    let step = |record: &Record| {
        let path = record.paths().next()?.clone();
        let (what, in_the_way) = match record {
            Record::MakeDir(_) | Record::RemoveDir(_) => return None,
            Record::Create { .. } => ("a new file".to_owned(), None),
            Record::Replace { .. } => ("a changed file".to_owned(), None),
            Record::Remove { trash, .. } => (format!("a file that was to go, by way of {trash}"), Some(trash)),
            Record::Discard { trash, .. } => {
                (format!("a folder that was to be deleted, by way of {trash}"), Some(trash))
            }
            Record::Move { to, .. } => (format!("a folder that was to go to {to}"), Some(to)),
        };
        let in_the_way =
            |conflict: &&Conflict| conflict.path == path || in_the_way.is_some_and(|other| conflict.path == *other);
        let conflict = conflicts.iter().find(in_the_way);
        let message = conflict.map_or_else(|| what.clone(), |conflict| format!("{what}; {conflict}"));
        Some(RecoverStep { path, message, undoable: conflict.is_none() })
    };
    Ok(journal.steps.iter().filter_map(step).collect())
}

fn show_undo(journal: &Journal, steps: &[RecoverStep], draft: &mut Draft) {
    let is_undoable = |path: &RelPath| steps.iter().any(|step| step.path == *path && step.undoable);
    for record in journal.steps.iter().rev() {
        match record {
            Record::Move { from, to, .. } if is_undoable(from) => {
                let kind = ActionKind::MoveRoot { from: to.clone(), to: from.clone(), files: 0, bytes: 0 };
                draft.show(Nature::Relocational, kind);
            }
            Record::Discard { path, trash, .. } if is_undoable(path) => {
                let kind = ActionKind::MoveRoot { from: trash.clone(), to: path.clone(), files: 0, bytes: 0 };
                draft.show(Nature::Relocational, kind);
            }
            Record::Replace { path, before, .. } => {
                draft.show(Nature::Edit, ActionKind::RestoreFile { path: path.clone(), bytes: before.len() as u64 });
            }
            Record::Create { path, .. } => {
                draft.show(Nature::Edit, ActionKind::RemoveFile { path: path.clone(), bytes: 0 });
            }
            _ => {}
        }
    }
}
