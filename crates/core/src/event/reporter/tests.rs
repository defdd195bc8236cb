//! What an operation is heard to say: numbers, causes, pace, and one end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};
use std::thread;

use super::super::payload::ProgressUpdated;
use super::super::ring::Limits;
use super::super::test_support::{StoppedClock, asset, drain, kinds, operation, project, sample};
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

    /// The voice of a build that has begun.
    fn build(&self) -> Reporter {
        let reporter = self.reporter(1);
        reporter.emit(notice(Kind::OperationStarted));
        reporter.emit(notice(Kind::BuildStarted));
        reporter
    }

    fn heard(&mut self) -> Vec<Event> {
        drain(&mut self.heard)
    }
}

/// What an operation says that is a build, which may say the most.
fn notice(kind: Kind) -> Notice {
    let notice = Notice::new(kind, kind.as_str()).payload(&sample(kind, 1).payload);
    if kind == Kind::OperationStarted { notice.with("service", "build") } else { notice }
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
    apply.emit(notice(Kind::OperationStarted).with("service", "remove_asset"));
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
    assert_eq!((last.done, last.bytes_done, events[20].summary.as_str()), (2_000, 20_000, "import: 2,000 of 2,000"));
}

#[test]
fn ord_1_what_was_held_back_is_said_before_the_next_lifecycle_event() {
    let mut stage = Stage::set();
    let reporter = stage.build();
    for done in 1..=5 {
        reporter.cache_hit(&asset("ui/button"));
        reporter.cache_miss(&asset("ui/panel"), "new");
        reporter.progress(Progress::new("import", done, 9));
    }
    reporter.finish(notice(Kind::BuildFinished));
    let events = stage.heard();
    let repeats = [Kind::CacheHit, Kind::CacheMiss, Kind::ProgressUpdated];
    let started = [Kind::OperationStarted, Kind::BuildStarted];
    assert_eq!(kinds(&events), [&started, &repeats[..], &repeats[..], &[Kind::BuildFinished]].concat());
    assert_eq!((&events[5].payload["count"], &events[6].payload["count"]), (&4.into(), &4.into()));
    assert_eq!(events[7].progress.as_ref().map(|progress| progress.done), Some(5));
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
    let reporter = stage.build();
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
    let limits = Limits { events: 16, bytes: usize::MAX, ..Limits::STANDARD };
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

#[test]
fn an_operation_that_waits_says_for_whom_and_comes_to_its_work() {
    let mut stage = Stage::set();
    let reporter = stage.reporter(1);
    let holder = LockHolder { pid: 7, host: "desk".to_owned(), service: "build".to_owned() };
    reporter.emit(notice(Kind::OperationQueued));
    for _ in 0..20 {
        reporter.waiting(&holder);
        stage.clock.advance(50);
    }
    reporter.emit(notice(Kind::OperationStarted));
    reporter.finish(notice(Kind::ActionFailed));
    let events = stage.heard();
    assert_eq!(check(&events), Ok(()));
    let waits: Vec<_> = events.iter().filter(|event| event.kind == Kind::ProgressUpdated).collect();
    assert_eq!(waits.len(), 10, "ten a second");
    assert_eq!(waits[0].summary, "waits for build by process 7 on desk");
    assert_eq!(waits[0].payload_as::<ProgressUpdated>().ok().and_then(|said| said.waiting_for), Some(holder));
}
