//! A toy project: what the runtime does with its shared parts, around a disk of two words that must agree.
//!
//! Operations take the lane: mark the commit, say so, write both words, publish, say so, end. Reconciles read the disk
//! under the lock that a commit holds from its first write to its publication. An outsider edits files and asks for a
//! barrier; readers look at what is published as fast as they can.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::super::lane::{Job, Lane};
use super::super::pending::Pending;
use super::super::published::Published;
use super::super::turns::{Merge, Turns};
use super::{Mistake, sight};
use crate::event::{Event, EventBus, Kind, Notice, Reporter};
use crate::service::Service;
use crate::sync::{Arc, Mutex, lock};
use crate::value::{AssetRef, Cancel, OperationId, ProjectId};

/// What is published.
#[derive(Clone)]
pub(super) struct Snapshot {
    pub(super) revision: u64,
    pub(super) words: [u64; 2],
    pub(super) files: u64,
    committing: bool,
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Applied,
    Built,
    Cancelled,
    Broken,
}

/// What everyone sees, and what only the checks know.
pub(super) struct World {
    words: [Mutex<u64>; 2],
    files: Mutex<u64>,
    pub(super) published: Published<Snapshot>,
    pub(super) ghost: Ghost,
}

/// Kept beside the model without a scheduling point of its own.
#[derive(Default)]
pub(super) struct Ghost {
    /// Lifecycle events that were said.
    pub(super) said: AtomicU64,
    pub(super) publications: AtomicU64,
    reconciling: AtomicU64,
    /// Even between commits, odd from a commit's first write to its publication.
    commits: AtomicU64,
    /// For the mistake of drawing revisions early.
    drawn: AtomicU64,
    read_torn: AtomicBool,
}

pub(super) struct Project {
    pub(super) world: Arc<World>,
    writing: Mutex<()>,
    pub(super) lane: Lane<End>,
    reconciles: Turns<Everything, u64>,
    bus: Arc<EventBus>,
    mistake: Option<Mistake>,
}

/// What a reconcile of the model looks at.
#[derive(Clone)]
struct Everything;

impl Merge for Everything {
    fn merge(&mut self, _: Self) {}
}

impl World {
    fn new() -> Self {
        let first = Snapshot { revision: 1, words: [0; 2], files: 0, committing: false };
        Self {
            words: Default::default(),
            files: Mutex::default(),
            published: Published::new(first),
            ghost: Ghost { drawn: AtomicU64::new(1), ..Ghost::default() },
        }
    }

    pub(super) fn words(&self) -> [u64; 2] {
        [*lock(&self.words[0]), *lock(&self.words[1])]
    }

    /// A reader, at full speed.
    pub(super) fn read(&self, times: usize) {
        let mut revision = 0;
        for _ in 0..times {
            let commits = self.ghost.commits.load(Ordering::SeqCst);
            let now = self.published.load();
            assert_eq!(now.words[0], now.words[1], "a torn read");
            assert!(revision <= now.revision, "from revision {revision} back to {}", now.revision);
            if commits % 2 == 1 && commits == self.ghost.commits.load(Ordering::SeqCst) {
                assert!(now.committing, "a commit goes on and the state does not say so");
            }
            if now.committing {
                sight("a commit under way");
            }
            assert!(now.words[1] <= *lock(&self.words[1]), "published before it was durable");
            revision = now.revision;
        }
    }

    /// What must be true when an event is heard.
    pub(super) fn hear(&self, event: &Event) {
        if let Some(revision) = event.revision {
            assert!(revision <= self.published.load().revision, "{} before its publication", event.kind);
        }
        if let Some(n) = event.payload.get("n").and_then(serde_json::Value::as_u64) {
            assert!(n <= *lock(&self.words[1]), "success of {n} before it was durable");
        }
    }

    /// When all is over: `applied` operations, each seen.
    pub(super) fn settle(&self, applied: u64) {
        assert!(!self.ghost.read_torn.load(Ordering::SeqCst), "a build read a commit half done");
        let now = self.published.load();
        assert_eq!(self.words(), [applied; 2], "what was answered is what is on the disk");
        assert_eq!(now.words, [applied; 2], "what is on the disk is published");
        assert_eq!(now.revision - 1, self.ghost.publications.load(Ordering::SeqCst), "an update was lost");
        assert!(!now.committing);
    }
}

impl Project {
    pub(super) fn open(bus: &Arc<EventBus>, mistake: Option<Mistake>) -> Arc<Self> {
        Arc::new(Self {
            world: Arc::new(World::new()),
            writing: Mutex::new(()),
            lane: Lane::start(|_, _| End::Broken),
            reconciles: Turns::new(),
            bus: Arc::clone(bus),
            mistake,
        })
    }

    fn made(&self, mistake: Mistake) -> bool {
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
        self.submit(Service::Build, |project, reporter, _| {
            project.say(reporter, Notice::new(Kind::BuildStarted, "runs"));
            project.look_for_build();
            project.end(reporter, Notice::new(Kind::BuildFinished, "built"));
            End::Built
        })
    }

    fn submit(
        self: &Arc<Self>,
        service: Service,
        run: impl FnOnce(&Self, &Reporter, &Cancel) -> End + Send + 'static,
    ) -> Pending<End> {
        let (project, unheard) = (Arc::clone(self), Arc::clone(self));
        let mut late = None;
        let pending = self.lane.submit(service, Cancel::new(), |operation| {
            let reporter = Arc::new(self.reporter(operation));
            let queued = Notice::new(Kind::OperationQueued, "waits");
            if self.made(Mistake::QueuedSaidLate) {
                late = Some((Arc::clone(&reporter), queued));
            } else {
                self.say(&reporter, queued);
            }
            let voice = Arc::clone(&reporter);
            Job {
                run: Box::new(move |cancel| {
                    project.say(&reporter, Notice::new(Kind::OperationStarted, "runs"));
                    run(&project, &reporter, cancel)
                }),
                removed: Box::new(move || {
                    sight("one removed");
                    unheard.cancelled(&voice)
                }),
            }
        });
        if let Some((reporter, queued)) = late {
            self.say(&reporter, queued);
        }
        pending
    }

    /// In the lane: one write.
    fn apply(&self, reporter: &Reporter, cancel: &Cancel) -> End {
        self.publish(reporter, |now| Snapshot { committing: true, ..now.clone() });
        if cancel.is_cancelled() && !self.made(Mistake::CancelledAfterCommit) {
            sight("one stopped");
            self.publish(reporter, |now| Snapshot { committing: false, ..now.clone() });
            return self.cancelled(reporter);
        }
        let n = self.commit(reporter);
        if cancel.is_cancelled() && self.made(Mistake::CancelledAfterCommit) {
            return self.cancelled(reporter);
        }
        if !self.made(Mistake::SuccessBeforeCommit) {
            self.end(reporter, applied(n));
        }
        if self.made(Mistake::TerminalTwice) {
            self.end(&self.reporter(reporter.operation_id().expect("it speaks")), applied(n));
        }
        End::Applied
    }

    fn commit(&self, reporter: &Reporter) -> u64 {
        let ghost = &self.world.ghost;
        let mut writing = (!self.made(Mistake::CommitWithoutWritingLock)).then(|| lock(&self.writing));
        let n = *lock(&self.world.words[0]) + 1;
        if self.made(Mistake::SuccessBeforeCommit) {
            self.end(reporter, applied(n));
        }
        let ended = Reporter::silent();
        let reporter = if self.made(Mistake::SuccessBeforeCommit) { &ended } else { reporter };
        let publish = || self.publish(reporter, |now| Snapshot { words: [n; 2], committing: false, ..now.clone() });
        if self.made(Mistake::PublicationBeforeCommit) {
            publish();
        } else {
            ghost.commits.fetch_add(1, Ordering::SeqCst);
        }
        *lock(&self.world.words[0]) = n;
        if self.made(Mistake::WritingLockGivenBack) {
            drop(writing);
            writing = Some(lock(&self.writing));
        }
        *lock(&self.world.words[1]) = n;
        if !self.made(Mistake::PublicationBeforeCommit) {
            ghost.commits.fetch_add(1, Ordering::SeqCst);
            publish();
        }
        drop(writing);
        n
    }

    fn look_for_build(&self) {
        let [first, second] = self.world.words();
        self.world.ghost.read_torn.fetch_or(first != second, Ordering::SeqCst);
    }

    /// Someone edits files and wants to know that they were seen.
    pub(super) fn edit_and_wait(&self) {
        let mine = {
            let mut files = lock(&self.world.files);
            *files += 1;
            *files
        };
        let revision = self.reconciles.run(Everything, |_| self.reconcile());
        let now = self.world.published.load();
        assert!(revision <= now.revision, "the barrier's revision is published");
        assert!(mine <= now.files, "the barrier missed file {mine}");
    }

    fn reconcile(&self) -> u64 {
        assert_eq!(self.world.ghost.reconciling.fetch_add(1, Ordering::SeqCst), 0, "two reconciles at once");
        let reporter = self.reporter(OperationId::mint());
        self.say(&reporter, Notice::new(Kind::ReconcileStarted, "reads"));
        let writing = lock(&self.writing);
        let words = self.world.words();
        let files = *lock(&self.world.files);
        let forgets = self.made(Mistake::ReconcileEndsCommitting);
        let revision = self.publish(&reporter, |now| {
            if now.committing {
                sight("a reconcile beside a commit");
            }
            Snapshot { words, files, committing: now.committing && !forgets, revision: now.revision }
        });
        drop(writing);
        self.world.ghost.reconciling.fetch_sub(1, Ordering::SeqCst);
        self.end(&reporter, Notice::new(Kind::ReconcileFinished, "read").at_revision(revision));
        revision
    }

    /// Publishes the next revision and says so.
    fn publish(&self, reporter: &Reporter, change: impl FnOnce(&Snapshot) -> Snapshot) -> u64 {
        let World { published, ghost, .. } = &*self.world;
        ghost.publications.fetch_add(1, Ordering::SeqCst);
        let drawn = self.made(Mistake::RevisionDrawnEarly).then(|| ghost.drawn.fetch_add(1, Ordering::SeqCst) + 1);
        let older = self.made(Mistake::PublicationOverOlder).then(|| published.load());
        let say = |revision: u64| {
            self.say(reporter, Notice::new(Kind::RuntimeStateChanged, "changed").at_revision(revision));
            let asset = |root: &str| AssetRef { asset_id: None, address: None, root: root.into() };
            reporter.assets(Kind::AssetChanged, revision, &[asset("a"), asset("b")]);
        };
        let next = |now: &Arc<Snapshot>| {
            let now = older.as_ref().unwrap_or(now);
            let revision = drawn.unwrap_or(now.revision + 1);
            if self.made(Mistake::EventBeforePublication) {
                say(revision);
            }
            (Arc::new(Snapshot { revision, ..change(now) }), ())
        };
        let says_late = self.made(Mistake::EventAfterTurn);
        let revision = published.update_then(next, |after, ()| {
            if !says_late && !self.made(Mistake::EventBeforePublication) {
                say(after.revision);
            }
            after.revision
        });
        if says_late {
            say(revision);
        }
        revision
    }

    fn cancelled(&self, reporter: &Reporter) -> End {
        self.end(reporter, Notice::new(Kind::ActionFailed, "cancelled"));
        End::Cancelled
    }

    fn reporter(&self, operation: OperationId) -> Reporter {
        Reporter::new(Arc::clone(&self.bus), ProjectId::from_uuid(uuid::Uuid::nil()), operation)
    }

    fn say(&self, reporter: &Reporter, notice: Notice) {
        self.world.ghost.said.fetch_add(u64::from(reporter.operation_id().is_some()), Ordering::SeqCst);
        reporter.emit(notice);
    }

    fn end(&self, reporter: &Reporter, notice: Notice) {
        self.world.ghost.said.fetch_add(1, Ordering::SeqCst);
        reporter.finish(notice);
    }
}

fn applied(n: u64) -> Notice {
    Notice::new(Kind::ActionApplied, "applied").with("n", n)
}
