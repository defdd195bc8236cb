//! Bus and reporter: whatever a subscriber's pace, its stream keeps the contract and accounts for every lifecycle event.

use std::sync::atomic::{AtomicU64, Ordering};

use super::listener::listen;
use super::{Mistake, NoTime, bites, holds};
use crate::event::{EventBus, Filter, Kind, Notice, Progress, Reporter};
use crate::sync::{Arc, thread};
use crate::value::{AssetRef, OperationId, ProjectId};

/// What was said by all who speak.
#[derive(Default)]
struct Said(AtomicU64);

impl Said {
    fn emit(&self, reporter: &Reporter, kind: Kind) {
        self.0.fetch_add(1, Ordering::SeqCst);
        reporter.emit(Notice::new(kind, "said"));
    }

    fn finish(&self, reporter: &Reporter) {
        self.0.fetch_add(1, Ordering::SeqCst);
        reporter.finish(Notice::new(Kind::ActionApplied, "said"));
    }
}

/// One operation whose two workers speak at once.
fn operation(bus: &Arc<EventBus>, said: &Arc<Said>, mistake: Option<Mistake>) {
    let (project, id) = (ProjectId::from_uuid(uuid::Uuid::nil()), OperationId::mint());
    let voice = || Arc::new(Reporter::new(Arc::clone(bus), project, id));
    let reporter = voice();
    said.emit(&reporter, Kind::OperationQueued);
    let worker = {
        let (said, reporter) =
            (Arc::clone(said), if mistake == Some(Mistake::TwoVoices) { voice() } else { Arc::clone(&reporter) });
        thread::spawn(move || {
            reporter.assets(Kind::AssetChanged, 1, &[asset()]);
            said.emit(&reporter, Kind::DiagnosticsUpdated);
            reporter.progress(Progress::new("import", 1, 2));
        })
    };
    reporter.assets(Kind::AssetChanged, 1, &[asset()]);
    said.emit(&reporter, Kind::DiagnosticsUpdated);
    worker.join().expect("no check failed");
    said.finish(&reporter);
    if mistake == Some(Mistake::TerminalTwice) {
        voice().finish(Notice::new(Kind::ActionFailed, "again"));
    }
}

fn asset() -> AssetRef {
    AssetRef { asset_id: None, address: None, root: "a".into() }
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

/// Two operations at once.
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
