//! The adapter: the packer's events in, what the UI is to show out, once a frame.
//!
//! It changes shapes and no facts. Operation, number and cause of what it gives out are those of an event, and it makes
//! none up. Lifecycle events pass one by one, in their order. Progress and other repeats of one operation become one
//! update a frame, in the place of the newest, and never across a lifecycle event of their operation.

use std::collections::HashMap;
use std::sync::Arc;

use packwright::event::payload::{AssetsSeen, RuntimeStateChanged, State};
use packwright::event::{Cause, Event, EventBus, Filter, Kind, Progress, Subscription};
use packwright::value::OperationId;

/// The most events that one frame takes, so that a flood costs many frames a little and none of them much.
const PER_FRAME: usize = 2_000;

/// One thing for the UI to show.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Update {
    pub(crate) operation_id: OperationId,
    pub(crate) sequence: u64,
    pub(crate) cause: Option<Cause>,
    pub(crate) kind: Kind,
    /// How many events it stands for.
    pub(crate) stands_for: u64,
    pub(crate) summary: String,
    pub(crate) change: Change,
}

/// What changes on the screen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    /// A line in the log; the operation's last, where it ends.
    Line { ends: bool },
    /// The project's badge.
    Badge(State),
    /// The operation's bar.
    Bar(Progress),
    /// So many assets or imports more.
    Count(u64),
    /// Everything: events were missed, and this is what a reader sees now.
    Everything(Shelf),
}

/// What the UI shows of a project when it starts anew: read from the snapshot, never put together from events.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Shelf {
    pub(crate) revision: u64,
    pub(crate) roots: Vec<Arc<str>>,
}

/// The packer's events, frame by frame.
pub(crate) struct Adapter(Subscription);

impl Adapter {
    /// Listens on the Studio's bus.
    pub(crate) fn new(bus: &EventBus, filter: Filter) -> Self {
        Self(bus.subscribe(filter))
    }

    /// What happened since the last frame. Never waits; `shelf` reads the snapshot.
    pub(crate) fn frame(&mut self, shelf: impl Fn() -> Shelf) -> Vec<Update> {
        let mut frame = Frame::default();
        for event in std::iter::from_fn(|| self.0.try_next()).take(PER_FRAME) {
            frame.take(&event, &shelf);
        }
        frame.updates.into_iter().flatten().collect()
    }
}

/// One frame in the making.
#[derive(Default)]
struct Frame {
    updates: Vec<Option<Update>>,
    /// Where the repeats stand that a newer one of their operation and kind takes in.
    open: HashMap<OperationId, HashMap<Kind, usize>>,
}

impl Frame {
    fn take(&mut self, event: &Event, shelf: &impl Fn() -> Shelf) {
        let mut update = Update {
            operation_id: event.operation_id,
            sequence: event.sequence,
            cause: event.cause,
            kind: event.kind,
            stands_for: event.merged(),
            summary: event.summary.clone(),
            change: change(event, shelf),
        };
        if event.kind.is_lifecycle() {
            self.open.remove(&event.operation_id);
        } else {
            let open = self.open.entry(event.operation_id).or_default();
            if let Some(older) = open.insert(event.kind, self.updates.len()).and_then(|at| self.updates[at].take()) {
                update.take_in(&older);
            }
        }
        self.updates.push(Some(update));
    }
}

impl Update {
    fn take_in(&mut self, older: &Self) {
        self.stands_for += older.stands_for;
        if let (Change::Count(count), Change::Count(more)) = (&mut self.change, &older.change) {
            *count += more;
        }
    }
}

fn change(event: &Event, shelf: &impl Fn() -> Shelf) -> Change {
    match event.kind {
        Kind::StreamGap => Change::Everything(shelf()),
        Kind::RuntimeStateChanged => match event.payload_as::<RuntimeStateChanged>() {
            Ok(said) => Change::Badge(said.state),
            Err(_) => Change::Line { ends: false },
        },
        kind if kind.is_lifecycle() => Change::Line { ends: event.terminal },
        _ => match &event.progress {
            Some(progress) => Change::Bar(progress.clone()),
            None => Change::Count(event.payload_as::<AssetsSeen>().ok().and_then(|seen| seen.count).unwrap_or(1)),
        },
    }
}

#[cfg(test)]
mod tests {
    use packwright::event::payload::{Blocker, Ended, Finding, Status};
    use packwright::event::{Notice, Reporter};
    use packwright::value::{AssetRef, ProjectId, RunId};

    use super::*;

    struct Stage {
        bus: Arc<EventBus>,
        project: ProjectId,
        adapter: Adapter,
        /// Hears what the adapter hears.
        heard: Subscription,
    }

    impl Stage {
        fn set() -> Self {
            let bus = EventBus::new();
            let (adapter, heard) = (Adapter::new(&bus, Filter::all()), bus.subscribe(Filter::all()));
            Self { bus, project: ProjectId::mint(), adapter, heard }
        }

        fn operation(&self) -> Reporter {
            Reporter::new(Arc::clone(&self.bus), self.project, OperationId::mint())
        }

        /// One frame, and the events that it was made of.
        fn frame(&mut self) -> (Vec<Update>, Vec<Arc<Event>>) {
            let updates = self.adapter.frame(Shelf::default);
            (updates, std::iter::from_fn(|| self.heard.try_next()).collect())
        }
    }

    fn changed(reporter: &Reporter, root: &str) {
        reporter.assets(Kind::AssetChanged, 1, &[AssetRef { asset_id: None, address: None, root: root.into() }]);
    }

    fn end(reporter: &Reporter) -> Option<Cause> {
        let ended = Ended::<_, &Blocker, &Finding>::of(Status::Failed, &[], &[]);
        reporter.finish(Notice::new(Kind::ActionFailed, "failed").payload(&ended))
    }

    #[test]
    fn env_4_every_update_has_operation_number_and_cause_of_an_event() {
        let mut stage = Stage::set();
        let first = stage.operation();
        changed(&first, "a");
        let second = stage.operation().caused_by(end(&first).expect("it spoke"));
        let third = stage.operation();
        changed(&second, "b");
        changed(&third, "c");
        changed(&second, "d");
        end(&third);
        end(&second);
        let (updates, events) = stage.frame();
        for update in &updates {
            let is_of =
                |event: &&Arc<Event>| (event.operation_id, event.sequence) == (update.operation_id, update.sequence);
            let event = events.iter().find(is_of).expect("an event of the packer");
            assert_eq!((update.cause, update.kind), (event.cause, event.kind));
        }
        assert_eq!(updates.iter().filter(|update| update.cause.is_some()).count(), 2, "of the second alone");
    }

    #[test]
    fn ord_2_repeats_of_one_operation_are_one_update_in_the_place_of_the_newest() {
        let mut stage = Stage::set();
        let reporter = stage.operation();
        for phase in ["scan", "import", "write"] {
            changed(&reporter, "a");
            reporter.progress(Progress::new(phase, 1, 1));
        }
        let (updates, events) = stage.frame();
        let shown: Vec<_> = updates.iter().map(|update| (update.kind, update.sequence, update.stands_for)).collect();
        assert_eq!((events.len(), shown), (6, vec![(Kind::AssetChanged, 5, 3), (Kind::ProgressUpdated, 6, 3)]));
        assert_eq!(updates[0].change, Change::Count(3));
        assert_eq!(updates[1].change, Change::Bar(Progress::new("write", 1, 1)));
        changed(&reporter, "a");
        assert_eq!(stage.frame().0[0].stands_for, 1, "the next frame begins anew");
    }

    #[test]
    fn ord_3_lifecycle_events_pass_one_by_one_and_nothing_is_drawn_across_them() {
        let mut stage = Stage::set();
        let reporter = stage.operation();
        for _ in 0..3 {
            changed(&reporter, "a");
            changed(&reporter, "a");
            reporter.emit(Notice::new(Kind::BuildStarted, "build started"));
        }
        let (updates, _) = stage.frame();
        let sequences: Vec<_> = updates.iter().map(|update| update.sequence).collect();
        assert_eq!(sequences, [2, 3, 5, 6, 8, 9]);
    }

    #[test]
    fn a_flood_is_taken_a_frame_at_a_time_and_nothing_of_it_is_lost() {
        let mut stage = Stage::set();
        let reporter = stage.operation();
        (0..PER_FRAME + 10).for_each(|_| changed(&reporter, "a"));
        let stands_for = |updates: Vec<Update>| updates.iter().map(|update| update.stands_for).sum::<u64>();
        assert_eq!(stands_for(stage.adapter.frame(Shelf::default)), PER_FRAME as u64);
        assert_eq!(stands_for(stage.adapter.frame(Shelf::default)), 10);
    }

    #[test]
    fn after_a_gap_the_snapshot_is_read_and_the_events_go_on() {
        let stage = Stage::set();
        let reporter = stage.operation();
        changed(&reporter, "a");
        let mut adapter = Adapter::new(&stage.bus, Filter::all().from_cursor(RunId::mint(), 7));
        let shelf = || Shelf { revision: 4, roots: vec!["a".into()] };
        let updates = adapter.frame(shelf);
        assert_eq!(updates[0].change, Change::Everything(shelf()));
        assert_eq!(updates[1].kind, Kind::AssetChanged);
    }
}
