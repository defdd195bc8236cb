//! A subscription: one reader of the packer's events, at its own pace.
//!
//! It keeps nothing on the bus but its place in the queue while it waits, so one that sleeps costs nothing and one that
//! is dropped leaves nothing behind. Events of several projects come in the order of their cursors.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::bus::{Interest, Shared, State, SubscriberId};
use super::filter::{Filter, Start};
use super::ring::Gap;
use super::wait::block_on;
use super::{Event, Kind, Moment, Notice};
use crate::value::{OperationId, ProjectId, RunId};

/// A reader of the packer's events.
///
/// As an iterator it blocks for the next event, and ends when the bus is gone.
pub struct Subscription {
    shared: Arc<Shared>,
    id: SubscriberId,
    filter: Arc<Filter>,
    place: Place,
    /// What was read from the rings and not yet given out.
    read: VecDeque<Arc<Event>>,
}

/// How far a subscription has come.
struct Place {
    /// Where it stands in a project that it has found nothing of yet.
    start: u64,
    passed: BTreeMap<ProjectId, u64>,
}

/// What the rings have for a subscription.
enum Found {
    Event(Arc<Event>),
    Gap(ProjectId, Gap),
}

/// One round through the rings.
struct Round {
    found: Vec<Found>,
    /// Whether it came to the end of every ring.
    at_end: bool,
}

impl Subscription {
    pub(super) fn open(shared: &Arc<Shared>, filter: Filter) -> Self {
        let now = shared.now();
        let mut state = shared.lock();
        let id = state.new_subscriber();
        let (place, gap) = start(&state, &filter, shared.run_id());
        drop(state);
        let read = gap.map(|gap| Arc::new(gap.event(now))).into_iter().collect();
        Self { shared: Arc::clone(shared), id, filter: Arc::new(filter), place, read }
    }

    /// The run that the cursors of its events count in.
    #[must_use]
    pub fn run_id(&self) -> RunId {
        self.shared.run_id()
    }

    /// The next event, if there is one now.
    pub fn try_next(&mut self) -> Option<Arc<Event>> {
        match self.poll(None) {
            Poll::Ready(event) => event,
            Poll::Pending => None,
        }
    }

    /// The next event, waiting for it at most `timeout`; `None` where none came or the bus is gone.
    pub fn next_timeout(&mut self, timeout: Duration) -> Option<Arc<Event>> {
        block_on(Some(timeout), |context| self.poll_next(context)).flatten()
    }

    /// The next event for an asynchronous host; ready with `None` when the bus is gone.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Arc<Event>>> {
        self.poll(Some(context.waker().clone()))
    }

    fn poll(&mut self, mut waker: Option<Waker>) -> Poll<Option<Arc<Event>>> {
        while self.read.is_empty() {
            let mut state = self.shared.lock();
            let round = self.place.advance(&state, &self.filter);
            if round.found.is_empty() && round.at_end {
                if state.closed {
                    return Poll::Ready(None);
                }
                let interest = Interest::Packer(Arc::clone(&self.filter));
                let replaced = waker.take().and_then(|waker| state.wait(self.id, interest, waker));
                drop(state);
                drop(replaced);
                return Poll::Pending;
            }
            drop(state);
            self.keep(round.found);
        }
        Poll::Ready(self.read.pop_front())
    }

    fn keep(&mut self, found: Vec<Found>) {
        for one in found {
            self.read.push_back(match one {
                Found::Event(event) => event,
                Found::Gap(project, gap) => {
                    let gap = StreamGap { project, cursor: gap.to, gap, other_run: None };
                    Arc::new(gap.event(self.shared.now()))
                }
            });
        }
    }
}

impl Iterator for Subscription {
    type Item = Arc<Event>;

    fn next(&mut self) -> Option<Arc<Event>> {
        if let Poll::Ready(event) = self.poll(None) {
            return event;
        }
        block_on(None, |context| self.poll_next(context)).flatten()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        let waker = state.stop_waiting(self.id);
        drop(state);
        drop(waker);
    }
}

/// Where a subscription starts, and what it is told at once.
fn start(state: &State, filter: &Filter, run_id: RunId) -> (Place, Option<StreamGap>) {
    match filter.start {
        Start::Now => (Place::at(state.cursor), None),
        Start::After(run, cursor) if run == run_id => (Place::at(cursor.min(state.cursor)), None),
        Start::After(run, _) => {
            let (place, gap) = start_after_another_run(state, filter);
            let project = filter.only_project().unwrap_or_else(|| ProjectId::from_uuid(uuid::Uuid::nil()));
            // Its cursor is 0, so that one who resumes from it is given all there is of this run.
            (place, Some(StreamGap { project, cursor: 0, gap, other_run: Some(run) }))
        }
    }
}

/// All that this run still has, and one gap for what it has lost: that of every ring at once.
fn start_after_another_run(state: &State, filter: &Filter) -> (Place, Gap) {
    let mut place = Place::at(0);
    let mut gap = Gap { from: 1, to: 0, lifecycle: 0 };
    for (project, ring) in state.rings.iter().filter(|(project, _)| filter.wants_project(**project)) {
        place.passed.insert(*project, ring.lost_through());
        gap.to = gap.to.max(ring.lost_through());
        gap.lifecycle += ring.lost_from_start(filter.wanted_kinds());
    }
    (place, gap)
}

impl Place {
    const fn at(start: u64) -> Self {
        Self { start, passed: BTreeMap::new() }
    }

    fn of(&self, project: ProjectId) -> u64 {
        self.passed.get(&project).copied().unwrap_or(self.start)
    }

    /// Finds what comes next and moves past it.
    fn advance(&mut self, state: &State, filter: &Filter) -> Round {
        let wanted = state.rings.iter().filter(|(project, _)| filter.wants_project(**project));
        let looks: Vec<_> =
            wanted.map(|(project, ring)| (*project, ring.look(self.of(*project), filter.wanted_kinds()))).collect();
        // Past the first look that was cut, another ring may have events that come before what that one has next.
        let cut_at = looks.iter().filter_map(|(_, look)| look.cut_at).min();
        let horizon = cut_at.unwrap_or(state.cursor);
        let mut found = Vec::new();
        for (project, look) in looks {
            let (gap, later_gap) = match look.gap {
                Some(gap) if gap.to > horizon => (None, true),
                gap => (gap, false),
            };
            found.extend(gap.map(|gap| (gap.to, Found::Gap(project, gap))));
            let events = look.events.into_iter().take_while(|event| event.cursor <= horizon);
            found.extend(events.map(|event| (event.cursor, Found::Event(event))));
            // A gap not told yet keeps the place before it, so that it is told whole.
            if !later_gap {
                self.passed.insert(project, horizon);
            }
        }
        found.sort_unstable_by_key(|(cursor, _)| *cursor);
        Round { found: found.into_iter().map(|(_, one)| one).collect(), at_end: cut_at.is_none() }
    }
}

/// What a subscriber is told that missed events. It is an operation of its own, of this one event.
struct StreamGap {
    project: ProjectId,
    cursor: u64,
    gap: Gap,
    other_run: Option<RunId>,
}

impl StreamGap {
    fn event(self, now: Moment) -> Event {
        let Gap { from, to, lifecycle } = self.gap;
        let mut notice = Notice::new(Kind::StreamGap, "events were missed: read the snapshot, then go on")
            .with("from", from)
            .with("to", to)
            .with("lifecycle", lifecycle);
        if let Some(run) = self.other_run {
            notice = notice.with("other_run", run.to_string());
        }
        let event = notice.into_event(self.project, OperationId::mint(), 1, now.wall);
        Event { cursor: self.cursor, terminal: true, ..event }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;
    use std::thread;

    use super::super::bus::EventBus;
    use super::super::ring::Limits;
    use super::super::test_support::{StoppedClock, drain, event, kinds, operation, project};
    use super::*;

    fn small_bus() -> Arc<EventBus> {
        EventBus::with_limits(StoppedClock::default(), Limits { events: 8, bytes: usize::MAX })
    }

    /// Publishes an event of a numbered project, as if of one endless operation of it.
    fn publish(bus: &EventBus, number: u128, kind: Kind) {
        let event = Event { project_id: project(number), operation_id: operation(number), ..event(kind, 1) };
        bus.publish(event).wake();
    }

    fn cursors(events: &[Event]) -> Vec<u64> {
        events.iter().map(|event| event.cursor).collect()
    }

    fn payload(event: &Event, field: &str) -> Option<u64> {
        event.payload.get(field).and_then(serde_json::Value::as_u64)
    }

    #[test]
    fn a_subscriber_starts_now_and_hears_all_projects_in_the_order_of_their_cursors() {
        let bus = EventBus::new();
        publish(&bus, 1, Kind::BuildStarted);
        let mut subscription = bus.subscribe(Filter::all());
        for number in [2, 1, 3, 2] {
            publish(&bus, number, Kind::BuildFinished);
        }
        let events = drain(&mut subscription);
        assert_eq!(cursors(&events), [2, 3, 4, 5]);
        assert_eq!(events[2].project_id, project(3));
    }

    #[test]
    fn filters_choose_projects_and_kinds() {
        let bus = EventBus::new();
        let mut of_project = bus.subscribe(Filter::project(project(2)));
        let mut of_kind = bus.subscribe(Filter::all().kinds(&[Kind::ActionFailed, Kind::BuildFinished]));
        let mut of_both = bus.subscribe(Filter::projects([project(1), project(3)]).kinds(&[Kind::BuildFinished]));
        for number in 1..=3 {
            publish(&bus, number, Kind::BuildStarted);
            publish(&bus, number, Kind::BuildFinished);
        }
        assert_eq!(cursors(&drain(&mut of_project)), [3, 4]);
        assert_eq!(cursors(&drain(&mut of_kind)), [2, 4, 6]);
        assert_eq!(cursors(&drain(&mut of_both)), [2, 6]);
    }

    #[test]
    fn a_subscriber_that_was_away_goes_on_at_its_cursor() {
        let bus = EventBus::new();
        (0..5).for_each(|_| publish(&bus, 1, Kind::BuildStarted));
        let mut resumed = bus.subscribe(Filter::all().from_cursor(bus.run_id(), 3));
        assert_eq!(cursors(&drain(&mut resumed)), [4, 5]);
        let mut from_the_future = bus.subscribe(Filter::all().from_cursor(bus.run_id(), 99));
        publish(&bus, 1, Kind::BuildStarted);
        assert_eq!(cursors(&drain(&mut from_the_future)), [6]);
    }

    #[test]
    fn a_cursor_of_another_run_is_one_gap_and_then_all_of_this_run() {
        let bus = EventBus::new();
        publish(&bus, 1, Kind::BuildStarted);
        let away = RunId::mint();
        let events = drain(&mut bus.subscribe(Filter::all().from_cursor(away, 50)));
        assert_eq!(kinds(&events), [Kind::StreamGap, Kind::BuildStarted]);
        assert_eq!(events[0].payload["other_run"], away.to_string());
        assert_eq!((payload(&events[0], "lifecycle"), events[0].cursor), (Some(0), 0));
        assert!(events[0].project_id.uuid().is_nil());
        let of_one = drain(&mut bus.subscribe(Filter::project(project(1)).from_cursor(away, 50)));
        assert_eq!(of_one[0].project_id, project(1));
    }

    #[test]
    fn a_cursor_of_another_run_is_told_what_this_run_lost_in_the_same_gap() {
        let bus = small_bus();
        (0..10).for_each(|_| publish(&bus, 1, Kind::AssetRemoved));
        (0..9).for_each(|_| publish(&bus, 2, Kind::AssetRemoved));
        let events = drain(&mut bus.subscribe(Filter::all().from_cursor(RunId::mint(), 50)));
        assert_eq!(kinds(&events).iter().filter(|kind| **kind == Kind::StreamGap).count(), 1);
        assert_eq!((payload(&events[0], "to"), payload(&events[0], "lifecycle")), (Some(11), Some(3)));
        assert_eq!(events.len(), 17);
    }

    #[test]
    fn a_subscriber_overtaken_by_the_rings_end_is_told_once_what_it_missed() {
        let bus = small_bus();
        let mut subscription = bus.subscribe(Filter::all());
        (0..8).for_each(|_| publish(&bus, 1, Kind::ProgressUpdated));
        (0..12).for_each(|_| publish(&bus, 1, Kind::AssetRemoved));
        let events = drain(&mut subscription);
        let gap = &events[0];
        assert_eq!((gap.kind, gap.project_id, gap.terminal, gap.sequence), (Kind::StreamGap, project(1), true, 1));
        assert_eq!((payload(gap, "from"), payload(gap, "to"), payload(gap, "lifecycle")), (Some(1), Some(12), Some(4)));
        assert_eq!(cursors(&events[1..]), [13, 14, 15, 16, 17, 18, 19, 20]);
        publish(&bus, 1, Kind::AssetRemoved);
        assert_eq!(kinds(&drain(&mut subscription)), [Kind::AssetRemoved], "it keeps up now");
    }

    #[test]
    fn a_gap_counts_the_lifecycle_events_of_the_wanted_kinds_and_projects() {
        let bus = small_bus();
        let mut subscription = bus.subscribe(Filter::project(project(1)).kinds(&[Kind::ActionFailed]));
        publish(&bus, 1, Kind::ActionFailed);
        for _ in 0..20 {
            publish(&bus, 1, Kind::AssetRemoved);
            publish(&bus, 2, Kind::ActionFailed);
        }
        let events = drain(&mut subscription);
        assert_eq!(kinds(&events), [Kind::StreamGap]);
        assert_eq!(payload(&events[0], "lifecycle"), Some(1));
    }

    #[test]
    fn resuming_at_a_gap_does_not_lose_what_came_after_it() {
        let bus = small_bus();
        (0..20).for_each(|_| publish(&bus, 1, Kind::AssetRemoved));
        let start = Filter::all().from_cursor(bus.run_id(), 0);
        let events = drain(&mut bus.subscribe(start.clone()));
        let resumed = drain(&mut bus.subscribe(start.from_cursor(bus.run_id(), events[0].cursor)));
        assert_eq!(cursors(&resumed), cursors(&events[1..]));
    }

    #[test]
    fn a_gap_of_one_project_keeps_its_place_among_the_events_of_others() {
        let bus = small_bus();
        let mut subscription = bus.subscribe(Filter::all());
        publish(&bus, 1, Kind::AssetRemoved);
        publish(&bus, 2, Kind::BuildStarted);
        (0..8).for_each(|_| publish(&bus, 1, Kind::AssetRemoved));
        let events = drain(&mut subscription);
        assert_eq!(cursors(&events), (1..=10).collect::<Vec<_>>());
        assert_eq!(events[0].kind, Kind::StreamGap);
    }

    #[test]
    fn a_gap_far_ahead_of_another_projects_events_is_told_whole() {
        let limits = Limits { events: 2_000, bytes: usize::MAX };
        let bus = EventBus::with_limits(StoppedClock::default(), limits);
        let mut subscription = bus.subscribe(Filter::all());
        (0..10).for_each(|_| publish(&bus, 1, Kind::AssetRemoved));
        (0..2_000).for_each(|_| publish(&bus, 2, Kind::AssetRemoved));
        (0..4_000).for_each(|_| publish(&bus, 1, Kind::AssetRemoved));
        let events = drain(&mut subscription);
        let gaps: Vec<_> = events.iter().filter(|event| event.kind == Kind::StreamGap).collect();
        assert_eq!(gaps.len(), 1);
        assert_eq!((payload(gaps[0], "from"), gaps[0].cursor), (Some(1), 4_010));
        assert_eq!(payload(gaps[0], "lifecycle"), Some(2_010));
        assert_eq!(cursors(&events[..2_000]), (11..=2_010).collect::<Vec<_>>());
        assert_eq!(cursors(&events[2_000..]), (4_010..=6_010).collect::<Vec<_>>());
    }

    #[test]
    fn a_subscriber_that_keeps_up_hears_every_event_of_a_full_ring_once() {
        let bus = small_bus();
        let mut subscription = bus.subscribe(Filter::all());
        for cursor in 1..=100 {
            publish(&bus, 1, Kind::CacheHit);
            let events = drain(&mut subscription);
            assert_eq!((cursors(&events), events[0].merged()), (vec![cursor], 1));
        }
    }

    #[test]
    fn a_subscriber_of_rare_kinds_is_not_lost_in_a_long_ring() {
        let bus = EventBus::new();
        let mut subscription = bus.subscribe(Filter::all().kinds(&[Kind::ActionFailed]));
        (0..5_000).for_each(|_| publish(&bus, 1, Kind::AssetRemoved));
        publish(&bus, 1, Kind::ActionFailed);
        assert_eq!(cursors(&drain(&mut subscription)), [5_001]);
    }

    /// Counts its wakes, and apart those that came while the bus was locked.
    struct Counter(Arc<EventBus>, AtomicUsize);

    impl Wake for Counter {
        fn wake(self: Arc<Self>) {
            self.1.fetch_add(if self.0.is_locked() { 1_000 } else { 1 }, Ordering::Relaxed);
        }
    }

    #[test]
    fn evt_4_a_subscriber_is_woken_once_and_outside_the_lock_and_only_for_what_it_wants() {
        let bus = EventBus::new();
        let mut subscription = bus.subscribe(Filter::project(project(1)).kinds(&[Kind::ActionFailed]));
        let counter = Arc::new(Counter(Arc::clone(&bus), AtomicUsize::new(0)));
        let waker = Waker::from(Arc::clone(&counter));
        assert!(subscription.poll_next(&mut Context::from_waker(&waker)).is_pending());
        publish(&bus, 1, Kind::BuildStarted);
        publish(&bus, 2, Kind::ActionFailed);
        assert_eq!(counter.1.load(Ordering::Relaxed), 0);
        publish(&bus, 1, Kind::ActionFailed);
        publish(&bus, 1, Kind::ActionFailed);
        assert_eq!(counter.1.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_dropped_subscription_leaves_nothing_behind() {
        let bus = EventBus::new();
        let mut subscription = bus.subscribe(Filter::all());
        for _ in 0..2 {
            assert!(subscription.poll_next(&mut Context::from_waker(Waker::noop())).is_pending());
            assert_eq!(bus.n_waiting(), 1);
        }
        drop(subscription);
        assert_eq!(bus.n_waiting(), 0);
    }

    #[test]
    fn waiting_for_an_event_ends_when_none_comes() {
        let bus = EventBus::new();
        assert!(bus.subscribe(Filter::all()).next_timeout(Duration::ZERO).is_none());
    }

    #[test]
    fn a_blocked_subscriber_hears_what_another_thread_publishes() {
        let bus = EventBus::new();
        let mut subscription = bus.subscribe(Filter::all());
        let listener = thread::spawn(move || subscription.next().map(|event| event.kind));
        while bus.n_waiting() == 0 {
            thread::yield_now();
        }
        publish(&bus, 1, Kind::BuildStarted);
        assert_eq!(listener.join().expect("it does not panic"), Some(Kind::BuildStarted));
    }

    #[test]
    fn every_subscriber_hears_every_publisher_while_one_of_them_never_reads() {
        let bus = EventBus::new();
        let mut asleep = bus.subscribe(Filter::all());
        let listeners: Vec<_> = (0..3).map(|_| bus.subscribe(Filter::all())).collect();
        thread::scope(|scope| {
            let heard: Vec<_> = listeners
                .into_iter()
                .map(|listener| scope.spawn(|| listener.take(4_000).collect::<Vec<_>>()))
                .collect();
            for number in 0..4 {
                let bus = &bus;
                scope.spawn(move || (0..1_000).for_each(|_| publish(bus, number, Kind::AssetRemoved)));
            }
            for heard in heard {
                let heard = heard.join().expect("it does not panic");
                assert!(heard.iter().map(|event| event.cursor).eq(1..=4_000));
            }
        });
        assert_eq!(drain(&mut asleep).len(), 4_000);
    }
}
