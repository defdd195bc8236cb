//! What a subscriber hears: order, filters, places to start, gaps, waking.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;
use std::thread;

use super::super::bus::EventBus;
use super::super::ring::Limits;
use super::super::test_support::{StoppedClock, drain, event, kinds, operation, project};
use super::*;

fn small_bus() -> Arc<EventBus> {
    EventBus::with_limits(StoppedClock::default(), Limits { events: 8, bytes: usize::MAX, ..Limits::STANDARD })
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
    let limits = Limits { events: 2_000, bytes: usize::MAX, ..Limits::STANDARD };
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
    (0..7).for_each(|_| publish(&bus, 2, Kind::AssetRemoved));
    (0..7).for_each(|_| publish(&bus, 1, Kind::AssetRemoved));
    let mut subscription = bus.subscribe(Filter::all());
    for cursor in 15..=100 {
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
        let heard: Vec<_> =
            listeners.into_iter().map(|listener| scope.spawn(|| listener.take(4_000).collect::<Vec<_>>())).collect();
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
