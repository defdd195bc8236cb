//! Reading the workspace again, and publishing the difference.
//!
//! At most one reconcile runs and one waits; whoever asks for another joins the one that waits.

use std::time::{Duration, Instant};

use super::open::{Open, Writing};
use super::turns::Merge;
use super::{report, state};
use crate::build::{finish_publication, is_publication_unfinished, is_staged, sweep_staged};
use crate::diagnose::Findings;
use crate::event::{Cause, Reporter, payload::ReconcileReason};
use crate::fs::{LockError, WorkspaceLock};
use crate::plan::recover::{Recovered, is_commit_unfinished, recover};
use crate::service::View;
use crate::snapshot::{Dirty, Mark, Reading, Scope, Snapshot};
use crate::sync::{Arc, lock, thread};
use crate::value::{Cancel, OperationId, RelPath};
use crate::workspace::{Stamp, layout};

/// A reconcile as it is asked for.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) dirty: Dirty,
    pub(super) why: ReconcileReason,
    /// The event that it is asked for in.
    pub(super) cause: Option<Cause>,
}

impl Merge for Asked {
    fn merge(&mut self, other: Self) {
        self.dirty.merge(&other.dirty);
        self.cause = self.cause.or(other.cause);
    }
}

/// So few folders are looked at before anything is said: where nothing differs, nothing has happened.
const FEW: usize = 64;

impl Open {
    /// Looks again, by itself or with others who ask for the same, and gives back what is then published. It began after
    /// the call.
    pub(super) fn reconcile(&self, asked: Asked) -> Arc<View> {
        self.reconciles.run(asked, |asked| self.read_again(&self.writing(), asked))
    }

    /// Everything, as a reconcile of its own.
    pub(super) fn reconcile_all(&self, why: ReconcileReason, cause: Option<Cause>) -> Arc<View> {
        self.reconcile(Asked { dirty: Dirty::everything(), why, cause })
    }

    /// Looks again, in the turn to write.
    pub(super) fn read_again(&self, _writing: &Writing<'_>, asked: Asked) -> Arc<View> {
        let Asked { dirty, why, cause } = asked;
        let before = self.published.load();
        // Only who looks at all that was hinted settles it.
        let settles = dirty.everything || matches!(why, ReconcileReason::Hints);
        let pending = if settles { self.watcher.take_pending() } else { None };
        let is_quiet = pending.is_none() && self.is_few(&dirty);
        let reporter = pending.unwrap_or_else(|| {
            let reporter = self.reporter(OperationId::mint());
            match cause {
                Some(cause) => reporter.caused_by(cause),
                None => reporter,
            }
        });
        if is_quiet {
            let reading = self.look(&before, &dirty);
            if !reading.changes.any {
                return before;
            }
            let started = report::reconcile_started(&reporter, why, &dirty);
            return self.publish_reading(&before, reading, &reporter, started);
        }
        let started = report::reconcile_started(&reporter, why, &dirty);
        self.publish(&reporter, started, |view| {
            view.marks.0.retain(|mark| !(settles && is_settled(&mark.reason.code, &dirty)));
            view.marks.0.push(state::reading(scope_of(&dirty), started));
        });
        let mut reading = self.look(&before, &dirty);
        if dirty.everything && self.recover_again(&reading.snapshot, &reporter, started) {
            reading = self.look(&before, &dirty);
        }
        self.publish_reading(&before, reading, &reporter, started)
    }

    /// Looks whether what was left to finish still is. Says whether that moved anything.
    fn recover_again(&self, snapshot: &Snapshot, reporter: &Reporter, started: Option<Cause>) -> bool {
        let is_about_it = |mark: &Mark| [state::ANOTHER_COMMITS, state::RECOVERY_NEEDED].contains(&&*mark.reason.code);
        // What the lane does is the lane's to end.
        let is_at_work = self.lane.standing().running.is_some();
        let is_marked = self.published.load().marks.0.iter().any(is_about_it);
        if !is_at_work && (is_marked || is_commit_unfinished(&*self.fs)) {
            let recovery = self.recover(snapshot, Duration::ZERO);
            // Whoever holds the lock is at work, and what comes of it will be seen.
            let is_news = |mark: &Mark| is_marked || mark.reason.code != state::ANOTHER_COMMITS;
            self.publish(reporter, started, |view| {
                view.marks.0.retain(|mark| !is_about_it(mark));
                view.marks.0.extend(recovery.mark.filter(is_news));
            });
            return recovery.moved;
        }
        false
    }

    /// Whether so little is dirty that it is looked at before anything is said. Where we wrote ourselves it most likely is as
    /// we left it, and that is not worth a word.
    pub(super) fn is_few(&self, dirty: &Dirty) -> bool {
        !dirty.everything && dirty.folders.difference(&lock(&self.written)).count() <= FEW
    }

    /// Reads what is dirty. A registry that another process replaced meanwhile is read again with all the rest, so that no
    /// snapshot has one file from before a commit and another from after it.
    pub(super) fn look(&self, before: &View, dirty: &Dirty) -> Reading {
        const ATTEMPTS: usize = 3;
        self.wait_for_others();
        let registry = RelPath::literal(layout::REGISTRY);
        let stamp = || self.fs.stat(&registry).ok().map(Stamp::from);
        let read =
            |dirty: &Dirty| self.threads.install(|| self.reader().read(&before.snapshot, &before.listing, dirty));
        let mut was = stamp();
        let mut reading = read(dirty);
        for _ in 1..ATTEMPTS {
            let now = stamp();
            if now == was {
                break;
            }
            was = now;
            self.wait_for_others();
            reading = read(&Dirty { registry: true, ..dirty.clone() });
        }
        reading
    }

    /// Waits while another process commits, but not for long.
    fn wait_for_others(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.another_commits() && Instant::now() < deadline {
            thread::sleep(PAUSE);
        }
    }

    fn publish_reading(
        &self,
        before: &View,
        reading: Reading,
        reporter: &Reporter,
        started: Option<Cause>,
    ) -> Arc<View> {
        let Reading { snapshot, listing, changes } = reading;
        let findings = match changes.any {
            true => Arc::new(Findings::of(&snapshot, &*self.fs)),
            false => Arc::clone(&before.findings),
        };
        let change = |view: &mut View| {
            (view.snapshot, view.listing, view.findings) = (snapshot, listing, findings);
            view.marks.0.retain(|mark| mark.reason.code != state::READING);
        };
        self.publish_then(reporter, started, change, |view| report::reconciled(reporter, view, &changes))
    }

    /// Ends what was stopped half-way, where no other process is about to do so, and clears away what was staged for it.
    pub(super) fn recover(&self, snapshot: &Snapshot, patience: Duration) -> Recovery {
        let private = RelPath::literal(layout::PRIVATE);
        let trust = snapshot.settings().is_ok_and(|settings| settings.trust_lock);
        let deadline = Instant::now() + patience;
        let mut moved = false;
        let is_unfinished = || is_publication_unfinished(&*self.fs) || is_commit_unfinished(&*self.fs);
        // What is staged is of a build under way, unless nobody holds the lock: nobody waits for that.
        while is_unfinished() || is_staged(&*self.fs) {
            let operation = OperationId::mint();
            let at_once = (Duration::ZERO, &Cancel::new());
            match WorkspaceLock::acquire(&self.fs, &private, ("open", operation), at_once, trust) {
                Ok(_lock) => {
                    // What cannot be ended stays as it is, and is the state of the project.
                    match recover(&*self.fs) {
                        Ok(recovered) => moved |= recovered != Recovered::Nothing,
                        Err(unsettled) => {
                            let why = format!("{unsettled}; `packwright recover` ends it");
                            return Recovery { moved, mark: Some(state::recovery_needed(why)) };
                        }
                    }
                    let mark = finish_publication(&*self.fs).is_err().then(state::publication_unfinished);
                    // What stays is still named, for who writes next.
                    let _ = sweep_staged(&*self.fs);
                    return Recovery { moved, mark };
                }
                Err(_) if !is_unfinished() => break,
                // Who holds it is at work on it.
                Err(LockError::Held(_)) if Instant::now() < deadline => thread::sleep(PAUSE),
                Err(LockError::Held(_)) => return Recovery { moved, mark: Some(state::another_commits()) },
                Err(_) if is_commit_unfinished(&*self.fs) => {
                    let why = "an operation was stopped half-way, and cannot be ended where nothing can be written";
                    return Recovery { moved, mark: Some(state::recovery_needed(why)) };
                }
                Err(_) => return Recovery { moved, mark: Some(state::publication_unfinished()) },
            }
        }
        Recovery { moved, mark: None }
    }
}

/// What came of ending what was stopped half-way.
pub(super) struct Recovery {
    /// Whether files were moved or written: what was read before is old.
    pub(super) moved: bool,
    /// What is to be said where it stays unfinished.
    pub(super) mark: Option<Mark>,
}

/// How long opening waits for another process to finish what it is putting in place.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(20);

/// What a look settles.
fn is_settled(code: &str, dirty: &Dirty) -> bool {
    code == state::CHANGED || dirty.everything && [state::NOT_SCANNED, state::OVERFLOW].contains(&code)
}

pub(super) fn scope_of(dirty: &Dirty) -> Scope {
    if dirty.everything || dirty.settings || dirty.registry {
        Scope::Everything
    } else {
        Scope::Folders(dirty.folders.clone())
    }
}
