//! A toy project: what the runtime does with its shared parts, in its order and with its words, around a toy disk.
//!
//! Operations take the lane. Under the writing lock they look again, plan on what they see, mark the commit, write both
//! words and publish. How the project comes to know what others did to its disk is in [`reading`](super::reading).

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::super::lane::{Job, Lane};
use super::super::pending::Pending;
use super::super::reconcile::{Asked, scope_of};
use super::super::turns::Turns;
use super::super::{report, state};
use super::world::{Shown, World};
use super::{Mistake, asset, done, project_id, sight};
use crate::event::payload::ReconcileReason;
use crate::event::{Cause, EventBus, Reporter};
use crate::plan::{Action, ActionKind, Nature};
use crate::service::{Answer, Service};
use crate::snapshot::{Changes, Dirty};
use crate::sync::{Arc, Mutex, MutexGuard, lock};
use crate::value::{Cancel, OperationId, RelPath};

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Applied,
    Built,
    Cancelled,
    Broken,
}

pub(super) struct Project {
    pub(super) world: Arc<World>,
    writing: Mutex<()>,
    pub(super) lane: Lane<End>,
    pub(super) reconciles: Turns<Asked, Arc<Shown>>,
    /// The voice of the reconcile that will settle what was hinted.
    pub(super) pending: Mutex<Option<Reporter>>,
    /// The folders that the last commit of ours wrote in.
    pub(super) written: Mutex<BTreeSet<RelPath>>,
    bus: Arc<EventBus>,
    mistake: Option<Mistake>,
}

/// The right to read the disk into the next snapshot, or to commit to it.
pub(super) struct Writing<'a> {
    guard: Option<MutexGuard<'a, ()>>,
    /// The revision to go on from, where it was drawn too early.
    drawn: Option<u64>,
}

/// A commit that is planned, and for whom.
struct Plan<'a> {
    reporter: &'a Reporter,
    started: Option<Cause>,
    cancel: &'a Cancel,
    n: u64,
}

/// When what is published is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Say {
    BeforePublication,
    InTurn,
    AfterTurn,
}

/// Where the words lie, and where the files.
pub(super) const WORDS: [&str; 2] = ["a", "b"];
pub(super) const FILES: [&str; 2] = ["c", "d"];

pub(super) fn folders(names: &[&'static str]) -> Dirty {
    Dirty::folders(names.iter().map(|name| RelPath::literal(name)))
}

impl Project {
    pub(super) fn open(bus: &Arc<EventBus>, mistake: Option<Mistake>) -> Arc<Self> {
        let project = Self {
            world: Arc::new(World::new()),
            writing: Mutex::new(()),
            lane: Lane::start(|_, _| End::Broken),
            reconciles: Turns::new(),
            pending: Mutex::default(),
            written: Mutex::default(),
            bus: Arc::clone(bus),
            mistake,
        };
        project.opened();
        Arc::new(project)
    }

    fn opened(&self) {
        let reporter = self.reporter(OperationId::mint());
        self.world.ghost.note(&reporter, 2);
        let cause = report::reconcile_started(&reporter, ReconcileReason::Opened, &Dirty::everything());
        let said = |shown: &Shown| report::reconciled(&reporter, &shown.view, &Changes::default());
        self.publish_then(&reporter, cause, |shown| shown.set_revision(1), said);
    }

    pub(super) fn made(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    /// Puts a write into the lane.
    pub(super) fn write(self: &Arc<Self>) -> Pending<End> {
        self.submit(Service::RegisterAsset, Self::apply)
    }

    /// Puts a build into the lane.
    pub(super) fn build(self: &Arc<Self>) -> Pending<End> {
        if self.made(Mistake::BuildOutsideLane) {
            self.look_for_build();
        }
        self.submit(Service::Build, |project, reporter, started, _| {
            project.reconcile(Asked { dirty: Dirty::everything(), why: ReconcileReason::Asked, cause: started });
            project.look_for_build();
            project.ended(reporter, Service::Build, &done());
            End::Built
        })
    }

    fn submit(
        self: &Arc<Self>,
        service: Service,
        run: impl FnOnce(&Self, &Reporter, Option<Cause>, &Cancel) -> End + Send + 'static,
    ) -> Pending<End> {
        let (project, unheard) = (Arc::clone(self), Arc::clone(self));
        let mut late = None;
        let queued = |reporter: &Reporter| {
            self.world.ghost.note(reporter, 1);
            report::queued(reporter, service);
        };
        let pending = self.lane.submit(service, Cancel::new(), |operation| {
            let reporter = Arc::new(self.reporter(operation));
            if self.made(Mistake::QueuedSaidLate) {
                late = Some(Arc::clone(&reporter));
            } else {
                queued(&reporter);
            }
            let voice = Arc::clone(&reporter);
            Job {
                run: Box::new(move |cancel| {
                    project.world.ghost.note(&reporter, if service == Service::Build { 2 } else { 1 });
                    let started = report::started(&reporter, service, service.class());
                    run(&project, &reporter, started, cancel)
                }),
                removed: Box::new(move || {
                    sight("one removed");
                    unheard.world.ghost.note(&voice, 1);
                    report::removed(&voice, &Answer::cancelled());
                    End::Cancelled
                }),
            }
        });
        if let Some(reporter) = late {
            queued(&reporter);
        }
        pending
    }

    /// In the lane: one write.
    fn apply(&self, reporter: &Reporter, started: Option<Cause>, cancel: &Cancel) -> End {
        let mut writing = self.writing();
        if self.made(Mistake::CommitWithoutWritingLock) {
            writing.guard = None;
        }
        let relied_on = Asked { dirty: folders(&WORDS[..1]), why: ReconcileReason::Behind, cause: started };
        let now = self.read_again(&writing, relied_on);
        if cancel.is_cancelled() && !self.made(Mistake::CancelledAfterCommit) {
            sight("one stopped");
            return self.cancelled(reporter);
        }
        self.publish(reporter, started, |shown| {
            shown.view.marks.0.push(state::committing(scope_of(&folders(&WORDS)), started));
        });
        let end = self.commit(writing, &Plan { reporter, started, cancel, n: now.words[0] + 1 });
        if self.made(Mistake::TerminalTwice) {
            self.cancelled(&self.reporter(reporter.operation_id().expect("it speaks")));
        }
        end
    }

    fn commit<'a>(&'a self, mut writing: Writing<'a>, plan: &Plan<'_>) -> End {
        let says_late = self.made(Mistake::WrittenSaidLate);
        if !says_late {
            *lock(&self.written) = folders(&WORDS).folders;
        }
        let early = match self.mistake {
            Some(Mistake::PublicationBeforeCommit) => Some(self.take_over(&writing, plan)),
            Some(Mistake::SuccessBeforeCommit) => Some(self.say_success(plan)),
            _ => None,
        };
        let is_marked = u64::from(early.is_none());
        self.world.ghost.commits.fetch_add(is_marked, Ordering::SeqCst);
        *lock(&self.world.words[0]) = plan.n;
        if self.made(Mistake::WritingLockGivenBack) {
            writing.guard = None;
            writing = self.writing();
        }
        *lock(&self.world.words[1]) = plan.n;
        self.world.ghost.commits.fetch_add(is_marked, Ordering::SeqCst);
        let end = match (early, self.mistake) {
            (Some(_), Some(Mistake::SuccessBeforeCommit)) => {
                self.take_over(&writing, &Plan { reporter: &Reporter::silent(), ..*plan })
            }
            (Some(end), _) => end,
            (None, _) => self.take_over(&writing, plan),
        };
        if says_late {
            *lock(&self.written) = folders(&WORDS).folders;
        }
        end
    }

    /// For the mistake of saying so before the commit.
    fn say_success(&self, plan: &Plan<'_>) -> End {
        let applied = |shown: &Shown| self.applied(plan, shown);
        self.publish_then(plan.reporter, plan.started, |shown| shown.unmark(state::COMMITTING), applied);
        End::Applied
    }

    /// Publishes what a commit made.
    fn take_over(&self, writing: &Writing<'_>, plan: &Plan<'_>) -> End {
        let revision = self.next_revision(writing, &self.world.published.load());
        let change = |shown: &mut Shown| {
            shown.words = [plan.n; 2];
            shown.set_revision(revision);
            shown.unmark(state::COMMITTING);
        };
        let is_taken_back = self.made(Mistake::CancelledAfterCommit) && plan.cancel.is_cancelled();
        self.publish_then(plan.reporter, plan.started, change, |shown| {
            if !is_taken_back {
                self.applied(plan, shown);
            }
        });
        if is_taken_back { self.cancelled(plan.reporter) } else { End::Applied }
    }

    fn look_for_build(&self) {
        let [first, second] = self.world.words();
        self.world.ghost.read_torn.fetch_or(first != second, Ordering::SeqCst);
    }

    pub(super) fn writing(&self) -> Writing<'_> {
        let drawn = self.made(Mistake::RevisionDrawnEarly).then(|| self.world.published.load().revision());
        Writing { guard: Some(lock(&self.writing)), drawn }
    }

    pub(super) fn next_revision(&self, writing: &Writing<'_>, before: &Shown) -> u64 {
        self.world.ghost.revisions.fetch_add(1, Ordering::SeqCst);
        writing.drawn.unwrap_or_else(|| before.revision()) + 1
    }

    pub(super) fn publish(&self, reporter: &Reporter, cause: Option<Cause>, change: impl FnOnce(&mut Shown)) {
        self.publish_then(reporter, cause, change, |_| {});
    }

    /// Publishes a change of what is known, and says so.
    pub(super) fn publish_then(
        &self,
        reporter: &Reporter,
        cause: Option<Cause>,
        change: impl FnOnce(&mut Shown),
        then: impl FnOnce(&Shown),
    ) -> Arc<Shown> {
        let published = &self.world.published;
        let older = self.made(Mistake::PublicationOverOlder).then(|| published.load());
        let say = Cell::new(Some(|after: &Shown, before: &Shown| {
            let previous = (before.revision() > 0).then_some(before.view.state.state);
            if previous.is_none() || after.view.state != before.view.state {
                self.world.ghost.note(reporter, 1);
                report::state_changed(reporter, &after.view, previous);
            }
            then(after);
        }));
        let say_where_due = |here: Say, after: &Shown, before: &Shown| {
            if here == self.says()
                && let Some(say) = say.take()
            {
                say(after, before);
            }
        };
        let next = |now: &Arc<Shown>| {
            let before = Arc::clone(older.as_ref().unwrap_or(now));
            let mut after = Shown::clone(&before);
            change(&mut after);
            after.view.state = state::of(&after.view.snapshot, &after.view.marks, &before.view.state, cause);
            say_where_due(Say::BeforePublication, &after, &before);
            (Arc::new(after), before)
        };
        let (after, before) = published.update_then(next, |after, before| {
            say_where_due(Say::InTurn, after, &before);
            (Arc::clone(after), before)
        });
        say_where_due(Say::AfterTurn, &after, &before);
        after
    }

    fn says(&self) -> Say {
        match self.mistake {
            Some(Mistake::EventBeforePublication) => Say::BeforePublication,
            Some(Mistake::EventAfterTurn) => Say::AfterTurn,
            _ => Say::InTurn,
        }
    }

    fn applied(&self, plan: &Plan<'_>, shown: &Shown) {
        let answer = Answer { affected: WORDS.map(asset).into(), ..done() };
        let kind = ActionKind::WriteFile { path: RelPath::literal(WORDS[0]), bytes: plan.n };
        let action = Action { action_id: 1, nature: Nature::Additive, kind };
        self.world.ghost.note(plan.reporter, 2);
        let changes = Changes { any: true, discovered: answer.affected.clone(), ..Changes::default() };
        report::applied(plan.reporter, &answer, &shown.view, (&[action], None), Some(&changes));
    }

    fn cancelled(&self, reporter: &Reporter) -> End {
        self.ended(reporter, Service::RegisterAsset, &Answer::cancelled());
        End::Cancelled
    }

    fn ended(&self, reporter: &Reporter, service: Service, answer: &Answer) {
        self.world.ghost.note(reporter, if service == Service::Build { 2 } else { 1 });
        report::ended(reporter, service, answer);
    }

    pub(super) fn reporter(&self, operation: OperationId) -> Reporter {
        Reporter::new(Arc::clone(&self.bus), project_id(), operation)
    }
}
