//! Bus and reporter: whatever a subscriber's pace, its stream keeps the contract and accounts for every lifecycle event.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::report;
use super::listener::listen;
use super::{Mistake, NoTime, asset, bites, done, holds, project_id};
use crate::event::payload::{DiagnosticsUpdated, ReconcileFinished, ReconcileReason};
use crate::event::{EventBus, Filter, Kind, Notice, OldRules, Progress, Reporter};
use crate::service::{Service, Status};
use crate::snapshot::Dirty;
use crate::sync::{Arc, thread};
use crate::value::{AssetRef, OperationId};

/// How many lifecycle events were said by all who speak.
#[derive(Default)]
struct Said(AtomicU64);

impl Said {
    fn more(&self, lifecycle: u64) {
        self.0.fetch_add(lifecycle, Ordering::SeqCst);
    }

    fn begin(&self, reporter: &Reporter) {
        self.more(3);
        report::queued(reporter, Service::Build);
        report::started(reporter, Service::Build, Service::Build.class());
    }

    fn found(&self, reporter: &Reporter) {
        self.more(1);
        reporter.emit(Notice::new(Kind::DiagnosticsUpdated, "said").payload(&DiagnosticsUpdated { structural: 0 }));
    }

    fn end(&self, reporter: &Reporter) {
        self.more(2);
        report::ended(reporter, Service::Build, &done());
    }
}

/// One build whose two workers speak at once.
fn operation(bus: &Arc<EventBus>, said: &Arc<Said>, mistake: Option<Mistake>) {
    let id = OperationId::mint();
    let voice = || Arc::new(Reporter::new(Arc::clone(bus), project_id(), id));
    let reporter = voice();
    said.begin(&reporter);
    let worker = {
        let (said, reporter) =
            (Arc::clone(said), if mistake == Some(Mistake::TwoVoices) { voice() } else { Arc::clone(&reporter) });
        thread::spawn(move || {
            reporter.cache_hit(&asset("a"));
            said.found(&reporter);
            reporter.progress(Progress::new("import", 1, 2));
        })
    };
    reporter.cache_hit(&asset("b"));
    said.found(&reporter);
    worker.join().expect("no check failed");
    said.end(&reporter);
    if mistake == Some(Mistake::TerminalTwice) {
        report::ended(&voice(), Service::RegisterAsset, &crate::service::Answer::cancelled());
    }
}

/// Operations one after another, one who listens all the time and one who comes when all is over.
fn spoken(room: usize, operations: usize, mistake: Option<Mistake>) {
    let bus = EventBus::with_room_for(room, NoTime);
    let said = Arc::new(Said::default());
    let hides_gaps = mistake == Some(Mistake::GapNotTold);
    let (fast, slow) = (bus.subscribe(Filter::all()), bus.subscribe(Filter::all()));
    let fast = thread::spawn(move || listen(fast, hides_gaps, |_| {}));
    for _ in 0..operations {
        operation(&bus, &said, mistake);
    }
    drop(bus);
    let said = said.0.load(Ordering::SeqCst);
    assert_eq!(listen(slow, hides_gaps, |_| {}), said, "of the slow one");
    assert_eq!(fast.join().expect("no check failed"), said, "of the fast one");
}

/// One who listens comes to an operation that goes on.
fn side_by_side(room: usize) {
    let bus = EventBus::with_room_for(room, NoTime);
    let said = Arc::new(Said::default());
    let mut heard = bus.subscribe(Filter::all());
    let other = {
        let (bus, said) = (Arc::clone(&bus), Arc::clone(&said));
        thread::spawn(move || operation(&bus, &said, None))
    };
    let first = heard.next();
    other.join().expect("no check failed");
    drop(bus);
    assert_eq!(listen(first.into_iter().chain(heard), false, |_| {}), said.0.load(Ordering::SeqCst));
}

/// How often the one who is listened to in [`behind`] speaks of each kind.
const REPEATS: usize = 4;

/// One who is given a single event at a look, while repeats are merged behind it and before it. The ring has room for
/// all that cannot be merged, so nothing is ever lost, and every event is to be heard of: alone or as a part.
fn behind(kinds: &'static [Kind], mistake: Option<Mistake>) {
    let rules = match mistake {
        Some(Mistake::PassedIsGiven) => OldRules::PassedIsGiven,
        Some(Mistake::CutPassesParts) => OldRules::CutPassesParts,
        _ => OldRules::None,
    };
    let bus = EventBus::with_short_looks(kinds.len() + 2, rules, NoTime);
    let heard = bus.subscribe(Filter::all());
    let speaker = thread::spawn(move || {
        let reporter = Reporter::new(Arc::clone(&bus), project_id(), OperationId::mint());
        report::reconcile_started(&reporter, ReconcileReason::Asked, &Dirty::everything());
        for name in 0..REPEATS {
            kinds.iter().for_each(|kind| reporter.assets(*kind, 1, &[numbered(name)]));
        }
        let said = ReconcileFinished { status: Status::Ok, discovered: 0, changed: 0, removed: 0 };
        reporter.finish(Notice::new(Kind::ReconcileFinished, "read").payload(&said));
    });
    let mut told = BTreeSet::new();
    let accounted = listen(heard, false, |event| {
        assert_ne!(event.kind, Kind::StreamGap, "nothing had to be lost");
        told.extend(event.affected_assets.iter().map(|asset| (event.kind, asset.root.clone())));
    });
    speaker.join().expect("no check failed");
    assert_eq!(accounted, 2);
    assert_eq!(told.len(), kinds.len() * REPEATS, "of some nothing was heard: {told:?}");
}

fn numbered(name: usize) -> AssetRef {
    asset(&name.to_string())
}

#[test]
fn a_stream_with_room_is_whole() {
    holds("bus: room for all", &[], || spoken(64, 1, None));
    holds("bus: a late reader with room", &[], || side_by_side(64));
    bites(Mistake::TerminalTwice, "AfterTerminal", |mistake| spoken(64, 1, Some(mistake)));
    bites(Mistake::TwoVoices, "Sequence", |mistake| spoken(64, 1, Some(mistake)));
}

#[test]
fn a_tiny_ring_loses_no_lifecycle_event_untold() {
    holds("bus: tiny ring", &["a gap", "a merged event"], || spoken(2, 2, None));
    holds("bus: a late reader of a tiny ring", &["a gap"], || side_by_side(2));
    bites(Mistake::GapNotTold, "the stream keeps the contract", |mistake| spoken(2, 2, Some(mistake)));
}

#[test]
fn a_reader_that_is_behind_while_merging_goes_on_hears_of_everything() {
    const ONE: &[Kind] = &[Kind::AssetChanged];
    const TWO: &[Kind] = &[Kind::AssetDiscovered, Kind::AssetChanged];
    holds("bus: short looks, one kind", &["a merged event"], || behind(ONE, None));
    holds("bus: short looks, two kinds", &["a merged event"], || behind(TWO, None));
    let shows = "Sequence | of some nothing was heard";
    bites(Mistake::PassedIsGiven, shows, |mistake| behind(TWO, Some(mistake)));
    bites(Mistake::CutPassesParts, shows, |mistake| behind(ONE, Some(mistake)));
}
