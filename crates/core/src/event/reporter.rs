//! The reporter: one operation's voice. It numbers, paces and ends.
//!
//! A sequence number is taken and the event published under one lock, so the order of the numbers is the order of the
//! cursors. Lock order: reporter, then bus. Clocks are read before and wakers woken after.

use std::sync::{Arc, Mutex, MutexGuard};

use super::bus::lock;
use super::notice::counted_summary;
use super::pace::{ProgressPace, Tally};
use super::wait::Wakers;
use super::{Cause, Event, EventBus, Kind, MAX_LISTED, Moment, Notice, Progress};
use crate::value::{AssetRef, OperationId, ProjectId};

/// One operation's voice on the bus. Workers may share it.
///
/// An operation ends with [`finish`](Self::finish); saying anything afterwards is a bug, which asserts in debug builds
/// and says nothing in others. A reporter dropped before its end says [`Kind::ActionFailed`], so that no operation is
/// left open.
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
        let is_open = self.0.as_ref().is_some_and(|voice| !lock(&voice.said).ended);
        if is_open {
            let notice = Notice::new(Kind::ActionFailed, "the operation broke off").with("status", "failed");
            self.finish(notice);
        }
    }
}

fn about_one(kind: Kind, asset: &AssetRef) -> Notice {
    let name = asset.address.as_ref().map_or(asset.root.as_str(), |address| address.as_str());
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
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Wake, Waker};
    use std::thread;

    use super::super::ring::Limits;
    use super::super::test_support::{StoppedClock, asset, drain, kinds, operation, project};
    use super::super::{Filter, Subscription, check};
    use super::*;

    struct Stage {
        clock: StoppedClock,
        bus: Arc<EventBus>,
        heard: Subscription,
    }

    impl Stage {
        fn set() -> Self {
            let clock = StoppedClock::default();
            let bus = EventBus::with_clock(clock.clone());
            let heard = bus.subscribe(Filter::all());
            Self { clock, bus, heard }
        }

        fn reporter(&self, number: u128) -> Reporter {
            Reporter::new(Arc::clone(&self.bus), project(1), operation(number))
        }

        fn heard(&mut self) -> Vec<Event> {
            drain(&mut self.heard)
        }
    }

    fn notice(kind: Kind) -> Notice {
        Notice::new(kind, kind.as_str())
    }

    #[test]
    fn env_2_one_operation_speaks_under_one_id_in_numbers_without_gaps() {
        let mut stage = Stage::set();
        let reporter = stage.reporter(1);
        reporter.emit(notice(Kind::OperationStarted));
        reporter.emit(notice(Kind::BuildStarted).at_revision(41));
        stage.clock.advance(5);
        reporter.finish(notice(Kind::BuildFinished).with("status", "ok"));
        let events = stage.heard();
        assert_eq!(kinds(&events), [Kind::OperationStarted, Kind::BuildStarted, Kind::BuildFinished]);
        assert!(events.iter().map(|event| event.sequence).eq(1..=3));
        assert!(events.iter().all(|event| event.operation_id == operation(1)));
        assert_eq!((events[1].revision, &events[2].payload["status"]), (Some(41), &"ok".into()));
        assert_eq!(events[2].timestamp.as_millisecond(), 5);
        assert_eq!(check(&events), Ok(()));
    }

    #[test]
    fn an_operation_names_its_cause_in_every_event() {
        let mut stage = Stage::set();
        let preview = stage.reporter(1);
        preview.emit(notice(Kind::OperationStarted));
        let ready = preview.finish(notice(Kind::PreviewReady)).expect("it spoke");
        let apply = stage.reporter(2).caused_by(ready);
        apply.emit(notice(Kind::OperationQueued));
        apply.finish(notice(Kind::ActionApplied));
        let events = stage.heard();
        assert_eq!(events[1].as_cause(), ready);
        assert!(events[..2].iter().all(|event| event.cause.is_none()));
        assert!(events[2..].iter().all(|event| event.cause == Some(ready)));
        assert_eq!(check(&events), Ok(()));
    }

    #[test]
    fn an_operation_that_breaks_off_ends_as_failed() {
        let mut stage = Stage::set();
        let reporter = stage.reporter(1);
        reporter.emit(notice(Kind::OperationStarted));
        drop(reporter);
        let events = stage.heard();
        assert_eq!(kinds(&events), [Kind::OperationStarted, Kind::ActionFailed]);
        assert_eq!(events[1].payload["status"], "failed");
        assert_eq!(check(&events), Ok(()));
    }

    #[test]
    fn an_operation_has_its_end_exactly_once() {
        let mut stage = Stage::set();
        let reporter = stage.reporter(1);
        reporter.finish(notice(Kind::ActionApplied));
        drop(reporter);
        assert_eq!(kinds(&stage.heard()), [Kind::ActionApplied]);
    }

    #[test]
    #[cfg_attr(debug_assertions, should_panic(expected = "BUG: an operation spoke after its end"))]
    fn what_is_said_after_the_end_is_a_bug_that_nobody_hears() {
        let mut stage = Stage::set();
        let reporter = stage.reporter(1);
        reporter.finish(notice(Kind::ActionApplied));
        reporter.emit(notice(Kind::AssetRemoved));
        assert_eq!(kinds(&stage.heard()), [Kind::ActionApplied]);
    }

    #[test]
    fn a_read_says_nothing() {
        let silent = Reporter::silent();
        assert_eq!(silent.operation_id(), None);
        silent.progress(Progress::new("scan", 1, 2));
        assert_eq!(silent.finish(notice(Kind::DiagnosticsUpdated)), None);
    }

    #[test]
    fn progress_is_said_ten_times_a_second_and_at_the_phases_end() {
        let mut stage = Stage::set();
        let reporter = stage.reporter(1);
        for done in 1..=2_000 {
            reporter.progress(Progress::new("import", done, 2_000).with_bytes(done * 10, 20_000));
            stage.clock.advance(1);
        }
        let events = stage.heard();
        assert_eq!(events.len(), 21);
        let last = events[20].progress.clone().expect("progress");
        assert_eq!(
            (last.done, last.bytes_done, events[20].summary.as_str()),
            (2_000, 20_000, "import: 2,000 of 2,000")
        );
    }

    #[test]
    fn ord_1_what_was_held_back_is_said_before_the_next_lifecycle_event() {
        let mut stage = Stage::set();
        let reporter = stage.reporter(1);
        for done in 1..=5 {
            reporter.cache_hit(&asset("ui/button"));
            reporter.cache_miss(&asset("ui/panel"), "new");
            reporter.progress(Progress::new("import", done, 9));
        }
        reporter.finish(notice(Kind::BuildFinished));
        let events = stage.heard();
        let repeats = [Kind::CacheHit, Kind::CacheMiss, Kind::ProgressUpdated];
        assert_eq!(kinds(&events), [&repeats[..], &repeats[..], &[Kind::BuildFinished]].concat());
        assert_eq!((&events[3].payload["count"], &events[4].payload["count"]), (&4.into(), &4.into()));
        assert_eq!(events[5].progress.as_ref().map(|progress| progress.done), Some(5));
        assert_eq!(check(&events), Ok(()));
    }

    #[test]
    fn cache_activity_is_counted_whole_though_it_is_said_seldom() {
        let mut stage = Stage::set();
        let reporter = stage.reporter(1);
        for n in 0..5_000 {
            reporter.cache_hit(&asset(&format!("a/{}", n % 50)));
            if n % 2 == 0 {
                stage.clock.advance(1);
            }
        }
        reporter.finish(notice(Kind::BuildFinished));
        let events = stage.heard();
        let hits: Vec<_> = events.iter().filter(|event| event.kind == Kind::CacheHit).collect();
        assert_eq!(hits.len(), 26);
        assert_eq!(hits.iter().filter_map(|event| event.payload["count"].as_u64()).sum::<u64>(), 5_000);
        assert_eq!(hits[1].affected_assets.len(), 50);
    }

    #[test]
    fn a_miss_says_why() {
        let mut stage = Stage::set();
        let reporter = stage.reporter(1);
        reporter.cache_miss(&asset("ui/button"), "source_changed: ui/button/a.png");
        let reasons = serde_json::json!([{"root": "ui/button", "reason": "source_changed: ui/button/a.png"}]);
        assert_eq!(stage.heard()[0].payload["reasons"], reasons);
    }

    #[test]
    fn a_thousand_assets_are_said_one_by_one_and_more_together() {
        let mut stage = Stage::set();
        let reporter = stage.reporter(1);
        let assets: Vec<_> = (0..1_001).map(|n| asset(&format!("a/{n}"))).collect();
        reporter.assets(Kind::AssetDiscovered, 3, &assets[..1_000]);
        reporter.assets(Kind::AssetChanged, 4, &assets);
        let events = stage.heard();
        assert_eq!(events.len(), 1_001);
        assert_eq!((events[7].summary.as_str(), events[7].revision), ("a/7 discovered", Some(3)));
        let together = &events[1_000];
        assert_eq!((together.summary.as_str(), together.affected_assets.len()), ("1,001 assets changed", 1_000));
        assert_eq!((&together.payload["count"], together.merged()), (&1_001.into(), 1));
    }

    #[test]
    fn workers_share_one_voice_without_breaking_its_order() {
        let mut stage = Stage::set();
        let reporter = stage.reporter(1);
        thread::scope(|scope| {
            for worker in 0..4 {
                let (reporter, clock) = (&reporter, &stage.clock);
                scope.spawn(move || {
                    for done in 0..250 {
                        clock.advance(7);
                        reporter.progress(Progress::new("import", worker * 250 + done, 1_000));
                        reporter.cache_hit(&asset("a"));
                        reporter.assets(Kind::AssetChanged, 1, &[asset("b")]);
                    }
                });
            }
        });
        reporter.finish(notice(Kind::BuildFinished));
        let events = stage.heard();
        assert_eq!(check(&events), Ok(()));
        assert_eq!(events.iter().filter(|event| event.kind == Kind::AssetChanged).count(), 1_000);
    }

    #[test]
    fn ord_3_a_late_reader_of_a_full_ring_finds_every_boundary_and_no_hole() {
        let limits = Limits { events: 16, bytes: usize::MAX };
        let bus = EventBus::with_limits(StoppedClock::default(), limits);
        let mut late = bus.subscribe(Filter::all());
        let reporter = Reporter::new(Arc::clone(&bus), project(1), operation(1));
        reporter.emit(notice(Kind::OperationStarted));
        reporter.emit(notice(Kind::BuildStarted));
        for _ in 0..500 {
            reporter.assets(Kind::AssetChanged, 1, &[asset("a")]);
        }
        reporter.emit(notice(Kind::DiagnosticsUpdated));
        reporter.finish(notice(Kind::BuildFinished));
        let events = drain(&mut late);
        assert_eq!(check(&events), Ok(()));
        let boundaries: Vec<_> = kinds(&events).into_iter().filter(|kind| kind.is_lifecycle()).collect();
        let said = [Kind::OperationStarted, Kind::BuildStarted, Kind::DiagnosticsUpdated, Kind::BuildFinished];
        assert_eq!(boundaries, said);
        assert_eq!(events.iter().map(Event::merged).sum::<u64>(), 504);
    }

    /// Counts its wakes, and apart those that came while the operation could not speak.
    struct Probe(Arc<Reporter>, AtomicUsize);

    impl Wake for Probe {
        fn wake(self: Arc<Self>) {
            let is_free = self.0.0.as_ref().is_some_and(|voice| voice.said.try_lock().is_ok());
            self.1.fetch_add(if is_free { 1 } else { 1_000 }, Ordering::Relaxed);
        }
    }

    #[test]
    fn evt_4_nobody_is_woken_while_the_operation_is_locked() {
        let mut stage = Stage::set();
        let reporter = Arc::new(stage.reporter(1));
        let probe = Arc::new(Probe(Arc::clone(&reporter), AtomicUsize::new(0)));
        let waker = Waker::from(Arc::clone(&probe));
        assert!(stage.heard.poll_next(&mut Context::from_waker(&waker)).is_pending());
        reporter.finish(notice(Kind::ActionApplied));
        assert_eq!(probe.1.load(Ordering::Relaxed), 1);
    }
}
