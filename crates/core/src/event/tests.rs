//! The laws of the room as properties: whatever is said, by however many operations, and however its readers lag, each
//! reader's stream keeps the contract, and every lifecycle event was heard or counted as missed.

use std::sync::Arc;

use proptest::prelude::*;

use super::payload::{Blocker, DiagnosticsUpdated, Ended, Finding, OperationClass, OperationStarted, Status};
use super::ring::Limits;
use super::test_support::{StoppedClock, asset, drain, project};
use super::{Event, EventBus, Filter, Kind, Notice, Progress, Reporter, Subscription, check};
use crate::value::OperationId;

#[derive(Debug, Clone)]
enum Step {
    Begin(usize),
    Lifecycle(usize),
    Asset(usize),
    Progress(usize),
    Hit(usize),
    Finish(usize),
    Time(u64),
    Read(usize, usize),
}

const OPERATIONS: usize = 4;
const READERS: usize = 3;

fn step() -> impl Strategy<Value = Step> {
    let who = 0..OPERATIONS;
    prop_oneof![
        1 => who.clone().prop_map(Step::Begin),
        2 => who.clone().prop_map(Step::Lifecycle),
        6 => who.clone().prop_map(Step::Asset),
        4 => who.clone().prop_map(Step::Progress),
        4 => who.clone().prop_map(Step::Hit),
        1 => who.prop_map(Step::Finish),
        2 => (50..150_u64).prop_map(Step::Time),
        3 => (0..READERS, 1..12_usize).prop_map(|(reader, n)| Step::Read(reader, n)),
    ]
}

/// Any operation is a build, which may say the most.
fn begun(reporter: Reporter) -> Reporter {
    let build = OperationStarted { service: "build", operation_class: OperationClass::WorkspaceMutation };
    reporter.emit(Notice::new(Kind::OperationStarted, "build runs").payload(&build));
    reporter.emit(Notice::new(Kind::BuildStarted, "build started"));
    reporter
}

fn found() -> Notice {
    Notice::new(Kind::DiagnosticsUpdated, "found").payload(&DiagnosticsUpdated { structural: 0 })
}

fn finished() -> Notice {
    let ended = Ended::<_, &Blocker, &Finding>::of(Status::Ok, &[], &[]);
    Notice::new(Kind::BuildFinished, "built").payload(&ended)
}

struct World {
    clock: StoppedClock,
    bus: Arc<EventBus>,
    operations: [Option<Reporter>; OPERATIONS],
    done: u64,
    readers: Vec<(Subscription, Vec<Event>)>,
}

impl World {
    fn new(limits: Limits) -> Self {
        let clock = StoppedClock::default();
        let bus = EventBus::with_limits(clock.clone(), limits);
        let readers = (0..READERS).map(|_| (bus.subscribe(Filter::all()), Vec::new())).collect();
        Self { clock, bus, operations: Default::default(), done: 0, readers }
    }

    /// The operation with this number; two share a project.
    fn operation(&mut self, number: usize) -> &Reporter {
        let project = project(number as u128 % 2);
        let begin = || begun(Reporter::new(Arc::clone(&self.bus), project, OperationId::mint()));
        self.operations[number].get_or_insert_with(begin)
    }

    fn take(&mut self, step: &Step) {
        match *step {
            // What ran under this number breaks off.
            Step::Begin(who) => self.operations[who] = None,
            Step::Lifecycle(who) => drop(self.operation(who).emit(found())),
            Step::Asset(who) => self.operation(who).assets(Kind::AssetChanged, 1, &[asset("a")]),
            Step::Progress(who) => {
                self.done += 1;
                let progress = Progress::new("import", self.done, 0);
                self.operation(who).progress(progress);
            }
            Step::Hit(who) => self.operation(who).cache_hit(&asset("a")),
            Step::Finish(who) => {
                self.operation(who).finish(finished());
                self.operations[who] = None;
            }
            Step::Time(ms) => self.clock.advance(ms),
            Step::Read(reader, n) => {
                let (subscription, heard) = &mut self.readers[reader];
                heard.extend((0..n).map_while(|_| subscription.try_next()).map(Arc::unwrap_or_clone));
            }
        }
    }

    /// Ends all operations and gives back what each reader heard.
    fn end(mut self) -> Vec<Vec<Event>> {
        self.operations = Default::default();
        let drained = |(mut subscription, mut heard): (Subscription, Vec<Event>)| {
            heard.extend(drain(&mut subscription));
            heard
        };
        self.readers.into_iter().map(drained).collect()
    }
}

fn played(limits: Limits, steps: &[Step]) -> Vec<Vec<Event>> {
    let mut world = World::new(limits);
    steps.iter().for_each(|step| world.take(step));
    world.end()
}

/// Lifecycle events that a reader heard, or was told that it missed.
fn accounted(events: &[Event]) -> u64 {
    let of = |event: &Event| match event.kind {
        Kind::StreamGap => event.number("lifecycle").expect("a gap says how many"),
        kind => u64::from(kind.is_lifecycle()),
    };
    events.iter().map(of).sum()
}

proptest! {
    #[test]
    fn however_readers_lag_their_streams_keep_the_contract(
        steps in prop::collection::vec(step(), 1..200),
        events in 1..12_usize,
    ) {
        let published = played(Limits::STANDARD, &steps).remove(0);
        for heard in played(Limits { events, bytes: usize::MAX, ..Limits::STANDARD }, &steps) {
            prop_assert_eq!(check(&heard), Ok(()));
            prop_assert_eq!(accounted(&heard), accounted(&published));
        }
    }

    #[test]
    fn a_ring_bounded_by_bytes_keeps_the_same_laws(
        steps in prop::collection::vec(step(), 1..200),
        bytes in 500..20_000_usize,
    ) {
        let published = played(Limits::STANDARD, &steps).remove(0);
        for heard in played(Limits { events: usize::MAX, bytes, ..Limits::STANDARD }, &steps) {
            prop_assert_eq!(check(&heard), Ok(()));
            prop_assert_eq!(accounted(&heard), accounted(&published));
        }
    }

    #[test]
    fn a_ring_with_room_gives_every_reader_the_same_events(steps in prop::collection::vec(step(), 1..200)) {
        let mut streams = played(Limits::STANDARD, &steps).into_iter();
        let first = streams.next().expect("there are readers");
        prop_assert!(first.iter().all(|event| event.merged() == 1));
        for other in streams {
            prop_assert_eq!(&first, &other);
        }
    }
}
