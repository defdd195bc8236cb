//! The reporter: one operation's voice. It numbers, paces and ends.
//!
//! A sequence number is taken and the event published under one lock, so the order of the numbers is the order of the
//! cursors. Lock order: reporter, then bus. Clocks are read before and wakers woken after.

use super::notice::counted_summary;
use super::pace::{ProgressPace, Tally};
use super::payload::{Blocker, Ended, Finding, LockHolder, Status};
use super::wait::Wakers;
use super::{Cause, Event, EventBus, Kind, MAX_LISTED, Moment, Notice, Progress};
use crate::sync::{Arc, Mutex, MutexGuard, lock};
use crate::value::{AssetRef, OperationId, ProjectId};

/// One operation's voice on the bus. Workers may share it.
///
/// An operation ends with [`finish`](Self::finish); saying anything afterwards is a bug, which asserts in debug builds
/// and says nothing in others. A reporter dropped before its end says [`Kind::ActionFailed`], so that no operation is
/// left open; one that never spoke says nothing.
pub struct Reporter(Option<Voice>);

struct Voice {
    bus: Arc<EventBus>,
    project_id: ProjectId,
    operation_id: OperationId,
    cause: Option<Cause>,
    said: Mutex<Said>,
}

/// What the operation has said, and what it holds back.
#[derive(Default)]
struct Said {
    sequence: u64,
    ended: bool,
    progress: ProgressPace,
    hits: Tally,
    misses: Tally,
}

impl Reporter {
    /// The voice of a new operation.
    #[must_use]
    pub fn new(bus: Arc<EventBus>, project_id: ProjectId, operation_id: OperationId) -> Self {
        Self(Some(Voice { bus, project_id, operation_id, cause: None, said: Mutex::default() }))
    }

    /// The voice of a read: it says nothing.
    #[must_use]
    pub const fn silent() -> Self {
        Self(None)
    }

    /// The same voice, whose events name what brought the operation about.
    #[must_use]
    pub fn caused_by(mut self, cause: Cause) -> Self {
        if let Some(voice) = &mut self.0 {
            voice.cause = Some(cause);
        }
        self
    }

    /// The operation; `None` for a read.
    #[must_use]
    pub fn operation_id(&self) -> Option<OperationId> {
        self.0.as_ref().map(|voice| voice.operation_id)
    }

    /// Says one thing, after whatever was held back before it. Gives back what a later operation may name as its cause.
    ///
    /// Progress, cache hits and misses have methods of their own.
    pub fn emit(&self, notice: Notice) -> Option<Cause> {
        debug_assert!(!notice.kind.is_paced(), "BUG: {} has a pace of its own", notice.kind);
        self.turn(|turn| turn.say(notice, false))
    }

    /// Says the last thing. An operation has exactly one such event.
    pub fn finish(&self, notice: Notice) -> Option<Cause> {
        debug_assert!(notice.kind.may_end(), "BUG: {} ends no operation", notice.kind);
        self.turn(|turn| turn.say(notice, true))
    }

    /// Says of each asset what happened to it; past [`MAX_LISTED`] assets, of all in one event that counts them.
    pub fn assets(&self, kind: Kind, revision: u64, assets: &[AssetRef]) {
        debug_assert!(kind.is_counted() && !kind.is_paced(), "BUG: {kind} is not about assets");
        if assets.is_empty() {
            return;
        }
        self.turn(|turn| {
            if assets.len() > MAX_LISTED {
                turn.say(about_many(kind, assets).at_revision(revision), false);
            } else {
                for asset in assets {
                    turn.say(about_one(kind, asset).at_revision(revision), false);
                }
            }
        });
    }

    /// Says how far the operation has come: at most ten times a second, and once at each phase's end.
    pub fn progress(&self, progress: Progress) {
        self.turn(|turn| {
            let said = turn.said.progress.report(progress, turn.now.elapsed);
            turn.publish_progress(said);
        });
    }

    /// Says for whom it waits who holds a lock: at most ten times a second, and nothing is held back.
    pub fn waiting(&self, holder: &LockHolder) {
        self.turn(|turn| {
            let is_said = turn.said.progress.may_wait(turn.now.elapsed);
            turn.publish_all(is_said.then(|| Notice::of_waiting(holder)));
        });
    }

    /// Counts an import that the cache had.
    pub fn cache_hit(&self, asset: &AssetRef) {
        self.turn(|turn| {
            turn.said.hits.count(asset, None);
            let notice = turn.said.hits.pass(Kind::CacheHit, turn.now.elapsed);
            turn.publish_all(notice);
        });
    }

    /// Counts an import that the cache did not have, and says why.
    pub fn cache_miss(&self, asset: &AssetRef, reason: &str) {
        self.turn(|turn| {
            turn.said.misses.count(asset, Some(reason));
            let notice = turn.said.misses.pass(Kind::CacheMiss, turn.now.elapsed);
            turn.publish_all(notice);
        });
    }

    fn turn<R: Default>(&self, speak: impl FnOnce(&mut Turn<'_>) -> R) -> R {
        let Some(voice) = &self.0 else { return R::default() };
        let now = voice.bus.now();
        let mut turn = Turn { voice, said: lock(&voice.said), now, wakers: Wakers::default() };
        if turn.said.ended {
            drop(turn);
            debug_assert!(false, "BUG: an operation spoke after its end");
            return R::default();
        }
        let spoken = speak(&mut turn);
        let Turn { said, wakers, .. } = turn;
        drop(said);
        wakers.wake();
        spoken
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        let is_open = |said: &Said| said.sequence > 0 && !said.ended;
        if self.0.as_ref().is_some_and(|voice| is_open(&lock(&voice.said))) {
            let ended = Ended::<_, &Blocker, &Finding>::of(Status::Failed, &[], &[]);
            self.finish(Notice::new(Kind::ActionFailed, "the operation broke off").payload(&ended));
        }
    }
}

fn about_one(kind: Kind, asset: &AssetRef) -> Notice {
    let name = asset.address.as_ref().map_or(&*asset.root, |address| address.as_str());
    let what = kind.as_str().trim_start_matches("asset_");
    Notice::new(kind, format!("{name} {what}")).about(vec![asset.clone()])
}

fn about_many(kind: Kind, assets: &[AssetRef]) -> Notice {
    let count = assets.len() as u64;
    Notice::new(kind, counted_summary(kind, count)).with("count", count).about(assets[..MAX_LISTED].to_vec())
}

/// One go at speaking: the operation's lock is held, and whom to wake is collected.
struct Turn<'a> {
    voice: &'a Voice,
    said: MutexGuard<'a, Said>,
    now: Moment,
    wakers: Wakers,
}

impl Turn<'_> {
    fn say(&mut self, notice: Notice, terminal: bool) -> Option<Cause> {
        self.flush();
        let cause = self.publish(notice, terminal);
        self.said.ended = terminal;
        Some(cause)
    }

    /// Says what was held back, so that it stands before what comes next.
    fn flush(&mut self) {
        let now = self.now.elapsed;
        let hits = self.said.hits.flush(Kind::CacheHit, now);
        let misses = self.said.misses.flush(Kind::CacheMiss, now);
        let progress = self.said.progress.flush(now);
        self.publish_all(hits.into_iter().chain(misses));
        self.publish_progress(progress);
    }

    fn publish_progress(&mut self, progress: Vec<Progress>) {
        self.publish_all(progress.into_iter().map(Notice::of_progress));
    }

    fn publish_all(&mut self, notices: impl IntoIterator<Item = Notice>) {
        for notice in notices {
            self.publish(notice, false);
        }
    }

    fn publish(&mut self, notice: Notice, terminal: bool) -> Cause {
        self.said.sequence += 1;
        let Voice { project_id, operation_id, cause, .. } = *self.voice;
        let event = notice.into_event(project_id, operation_id, self.said.sequence, self.now.wall);
        let event = Event { terminal, cause, ..event };
        let as_cause = event.as_cause();
        self.wakers.append(self.voice.bus.publish(event));
        as_cause
    }
}

#[cfg(test)]
mod tests;
