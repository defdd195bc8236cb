//! How the toy project comes to know its disk: hints, barriers, and the reconciles behind both.
//!
//! A reconcile reads under the lock that a commit holds. A hint takes it only to look whether what it tells of is our own
//! doing; other hints are marked beside a commit. An outsider edits files, has it hinted and asks for a barrier.

use std::sync::atomic::Ordering;

use super::super::reconcile::{Asked, scope_of};
use super::super::{report, state};
use super::project::{FILES, Project, WORDS, Writing, folders};
use super::world::Shown;
use super::{Mistake, asset, sight};
use crate::event::payload::ReconcileReason;
use crate::event::{Cause, Reporter};
use crate::snapshot::{Changes, Dirty};
use crate::sync::{Arc, lock};
use crate::value::{OperationId, RelPath};

/// What was read.
struct Reading {
    words: [u64; 2],
    files: u64,
    changes: Changes,
}

/// So few folders, beside those that we wrote, are looked at before anything is said.
const FEW: usize = 1;

/// How often the system looks whether a commit has begun to write.
const GLANCES: usize = 12;

impl Project {
    /// Someone edits files, the system tells of it, and someone wants to know that it was seen.
    pub(super) fn edit_and_wait(&self) {
        let mine = {
            let mut files = lock(&self.world.files);
            *files += 1;
            *files
        };
        self.hinted(&folders(&FILES));
        let barrier = Asked { dirty: Dirty::everything(), why: ReconcileReason::Barrier, cause: None };
        let seen = self.reconcile(barrier);
        let now = self.world.published.load();
        assert!(seen.revision() <= now.revision(), "the barrier's revision is published");
        assert!(mine <= seen.files && mine <= now.files, "the barrier missed file {mine}");
    }

    /// The system tells of what a commit has written, perhaps before its end.
    pub(super) fn echo(&self) {
        if (0..GLANCES).any(|_| *lock(&self.world.words[0]) > 0) {
            if self.world.ghost.commits.load(Ordering::SeqCst) % 2 == 1 {
                sight("an echo within a commit");
            }
            self.hinted(&folders(&WORDS));
            self.reconcile(Asked { dirty: folders(&WORDS), why: ReconcileReason::Hints, cause: None });
        }
    }

    fn hinted(&self, hints: &Dirty) {
        let mark = state::changed(scope_of(hints));
        if self.world.published.load().view.marks.0.contains(&mark) {
            return;
        }
        if self.is_few(hints) {
            let _writing = self.writing();
            if !self.look(&self.world.published.load(), hints).changes.any {
                return;
            }
        }
        let mut pending = lock(&self.pending);
        let reporter = pending.get_or_insert_with(|| self.reporter(OperationId::mint()));
        self.publish(reporter, None, |shown| {
            if self.made(Mistake::HintEndsCommitting) {
                shown.view.marks.0.clear();
            }
            if !shown.view.marks.0.contains(&mark) {
                shown.view.marks.0.push(mark);
            }
        });
    }

    pub(super) fn reconcile(&self, asked: Asked) -> Arc<Shown> {
        self.reconciles.run(asked, |asked| {
            assert_eq!(self.world.ghost.reconciling.fetch_add(1, Ordering::SeqCst), 0, "two reconciles at once");
            let seen = self.read_again(&self.writing(), asked);
            self.world.ghost.reconciling.fetch_sub(1, Ordering::SeqCst);
            seen
        })
    }

    /// Looks again, in the turn to write.
    pub(super) fn read_again(&self, writing: &Writing<'_>, Asked { dirty, why, cause }: Asked) -> Arc<Shown> {
        let before = self.world.published.load();
        let settles = dirty.everything || why == ReconcileReason::Hints;
        let pending = if settles { lock(&self.pending).take() } else { None };
        let is_quiet = pending.is_none() && self.is_few(&dirty);
        let reporter = pending.unwrap_or_else(|| {
            let reporter = self.reporter(OperationId::mint());
            match cause {
                Some(cause) => reporter.caused_by(cause),
                None => reporter,
            }
        });
        if is_quiet && !self.look(&before, &dirty).changes.any {
            return before;
        }
        self.world.ghost.note(&reporter, 1);
        let started = report::reconcile_started(&reporter, why, &dirty);
        self.publish(&reporter, started, |shown| {
            if settles {
                shown.unmark(state::CHANGED);
            }
            shown.view.marks.0.push(state::reading(scope_of(&dirty), started));
        });
        let reading = self.look(&before, &dirty);
        self.publish_reading((writing, &before), reading, &reporter, started)
    }

    fn is_few(&self, dirty: &Dirty) -> bool {
        !dirty.everything && dirty.folders.difference(&lock(&self.written)).count() <= FEW
    }

    /// Reads what is dirty.
    fn look(&self, before: &Shown, dirty: &Dirty) -> Reading {
        let has = |folder: &'static str| dirty.everything || dirty.folders.contains(&RelPath::literal(folder));
        let words = if has(WORDS[0]) { self.world.words() } else { before.words };
        let files = if has(FILES[0]) { *lock(&self.world.files) } else { before.files };
        let any = (words, files) != (before.words, before.files);
        let changed = if any { WORDS.map(asset).into() } else { Vec::new() };
        Reading { words, files, changes: Changes { any, changed, ..Changes::default() } }
    }

    fn publish_reading(
        &self,
        (writing, before): (&Writing<'_>, &Shown),
        Reading { words, files, changes }: Reading,
        reporter: &Reporter,
        started: Option<Cause>,
    ) -> Arc<Shown> {
        let revision = if changes.any { self.next_revision(writing, before) } else { before.revision() };
        let change = |shown: &mut Shown| {
            (shown.words, shown.files) = (words, files);
            shown.set_revision(revision);
            if !self.made(Mistake::ReadingNotEnded) {
                shown.unmark(state::READING);
            }
        };
        self.publish_then(reporter, started, change, |shown| {
            self.world.ghost.note(reporter, if changes.any { 2 } else { 1 });
            report::reconciled(reporter, &shown.view, &changes);
        })
    }
}
