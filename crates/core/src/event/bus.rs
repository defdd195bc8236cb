//! The bus: what the host makes, passes to the packer, and reads from.
//!
//! One lock guards the counter of cursors, the rings and the list of who waits, because a cursor means something only if
//! nobody can see a later one first. Under it there is only our own code, in short pieces: what a host brought (clocks,
//! wakers, its own events) is called or dropped before the lock is taken or after it is given back.

use std::any::{Any, TypeId};
use std::collections::{BTreeMap, HashMap};
use std::task::Waker;

use super::filter::Filter;
use super::host::{HostRing, HostSubscription};
use super::ring::{Limits, Ring};
use super::subscription::Subscription;
use super::wait::Wakers;
use super::{Clock, Event, Moment, SystemClock};
use crate::sync::{Arc, Mutex, MutexGuard, lock};
use crate::value::{ProjectId, RunId};

/// The typed event bus that a host makes and every part of it shares.
///
/// It carries the packer's [`Event`]s, which come by [`subscribe`](Self::subscribe), and the host's own events of any
/// type, which come by [`subscribe_to`](Self::subscribe_to). When its last owner drops it, subscribers read what is left
/// and then come to their end.
pub struct EventBus {
    shared: Arc<Shared>,
}

/// What bus and subscriptions share.
pub(super) struct Shared {
    run_id: RunId,
    clock: Box<dyn Clock>,
    limits: Limits,
    state: Mutex<State>,
}

pub(super) struct State {
    /// The newest cursor given out.
    pub(super) cursor: u64,
    pub(super) rings: BTreeMap<ProjectId, Ring>,
    /// A `HostRing<T>` for each type `T` that is subscribed to.
    hosts: HashMap<TypeId, Box<dyn Any + Send>>,
    waiting: Vec<Waiting>,
    subscribers: u64,
    pub(super) closed: bool,
}

/// A subscriber that found nothing and wants to be woken.
struct Waiting {
    id: SubscriberId,
    interest: Interest,
    waker: Waker,
}

/// What a waiting subscriber is woken for.
pub(super) enum Interest {
    Packer(Arc<Filter>),
    Host(TypeId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SubscriberId(u64);

impl EventBus {
    /// A bus of its own run, on the machine's clock.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Self::with_clock(SystemClock::start())
    }

    /// A bus on a clock of the caller's.
    #[must_use]
    pub fn with_clock(clock: impl Clock) -> Arc<Self> {
        Self::with_limits(clock, Limits::STANDARD)
    }

    pub(super) fn with_limits(clock: impl Clock, limits: Limits) -> Arc<Self> {
        let state = Mutex::new(State::new());
        let shared = Shared { run_id: RunId::mint(), clock: Box::new(clock), limits, state };
        Arc::new(Self { shared: Arc::new(shared) })
    }

    /// A bus whose rings hold so few events that readers miss some.
    #[cfg(all(test, shuttle))]
    pub(crate) fn with_room_for(events: usize, clock: impl Clock) -> Arc<Self> {
        Self::with_limits(clock, Limits { events, bytes: usize::MAX, ..Limits::STANDARD })
    }

    /// A bus whose rings hold few events and give one at a look, perhaps by rules that were wrong.
    #[cfg(all(test, shuttle))]
    pub(crate) fn with_short_looks(events: usize, rules: super::OldRules, clock: impl Clock) -> Arc<Self> {
        let look = super::ring::LookLimits { events: 1, ..Limits::STANDARD.look };
        Self::with_limits(clock, Limits { events, bytes: usize::MAX, look, rules })
    }

    /// The run that this bus's cursors count in.
    #[must_use]
    pub fn run_id(&self) -> RunId {
        self.shared.run_id
    }

    /// The time by this bus's clock.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.shared.clock.now()
    }

    /// Subscribes to the packer's events.
    #[must_use]
    pub fn subscribe(&self, filter: Filter) -> Subscription {
        Subscription::open(&self.shared, filter)
    }

    /// Publishes an event of the host's own; gives back its cursor. Nothing is kept where nobody subscribes to `T`.
    pub fn publish_host<T: Send + Sync + 'static>(&self, event: T) -> u64 {
        let event = Arc::new(event);
        let mut state = self.shared.lock();
        let cursor = state.next_cursor();
        let left = state.host_ring::<T>().and_then(|ring| ring.push(cursor, Arc::clone(&event)));
        let wakers = state.wakers_for(|interest| matches!(interest, Interest::Host(of) if *of == TypeId::of::<T>()));
        drop(state);
        drop((event, left));
        wakers.wake();
        cursor
    }

    /// Subscribes to the host's own events of type `T`, from now on.
    #[must_use]
    pub fn subscribe_to<T: Send + Sync + 'static>(&self) -> HostSubscription<T> {
        HostSubscription::open(&self.shared)
    }

    /// Gives the event its cursor and puts it in its ring. The caller wakes the wakers when it holds no lock.
    pub(super) fn publish(&self, mut event: Event) -> Wakers {
        let mut state = self.shared.lock();
        event.cursor = state.next_cursor();
        let (project, kind) = (event.project_id, event.kind);
        let ring = state.rings.entry(project).or_insert_with(|| Ring::new(self.shared.limits));
        ring.push(Arc::new(event));
        state.wakers_for(|interest| match interest {
            Interest::Packer(filter) => filter.wants_project(project) && filter.wanted_kinds().has(kind),
            Interest::Host(_) => false,
        })
    }

    #[cfg(test)]
    pub(super) fn n_waiting(&self) -> usize {
        self.shared.lock().waiting.len()
    }

    #[cfg(test)]
    pub(super) fn is_locked(&self) -> bool {
        self.shared.state.try_lock().is_err()
    }
}

impl Drop for EventBus {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.closed = true;
        let wakers = state.wakers_for(|_| true);
        drop(state);
        wakers.wake();
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(super) const fn run_id(&self) -> RunId {
        self.run_id
    }

    pub(super) fn now(&self) -> Moment {
        self.clock.now()
    }
}

impl State {
    fn new() -> Self {
        Self {
            cursor: 0,
            rings: BTreeMap::new(),
            hosts: HashMap::new(),
            waiting: Vec::new(),
            subscribers: 0,
            closed: false,
        }
    }

    const fn next_cursor(&mut self) -> u64 {
        self.cursor += 1;
        self.cursor
    }

    pub(super) const fn new_subscriber(&mut self) -> SubscriberId {
        self.subscribers += 1;
        SubscriberId(self.subscribers)
    }

    /// Has the waker woken at the next event of interest. Gives back the waker that it takes the place of.
    #[must_use = "dropping a waker is the host's code: not under the lock"]
    pub(super) fn wait(&mut self, id: SubscriberId, interest: Interest, waker: Waker) -> Option<Waker> {
        let replaced = self.stop_waiting(id);
        self.waiting.push(Waiting { id, interest, waker });
        replaced
    }

    #[must_use = "dropping a waker is the host's code: not under the lock"]
    pub(super) fn stop_waiting(&mut self, id: SubscriberId) -> Option<Waker> {
        let at = self.waiting.iter().position(|waiting| waiting.id == id)?;
        Some(self.waiting.swap_remove(at).waker)
    }

    fn wakers_for(&mut self, is_of_interest: impl Fn(&Interest) -> bool) -> Wakers {
        self.waiting.extract_if(.., |waiting| is_of_interest(&waiting.interest)).map(|waiting| waiting.waker).collect()
    }

    pub(super) fn host_ring<T: Send + Sync + 'static>(&mut self) -> Option<&mut HostRing<T>> {
        self.hosts.get_mut(&TypeId::of::<T>())?.downcast_mut()
    }

    pub(super) fn host_ring_or_new<T: Send + Sync + 'static>(&mut self) -> &mut HostRing<T> {
        let ring = self.hosts.entry(TypeId::of::<T>()).or_insert_with(|| Box::new(HostRing::<T>::new()));
        ring.downcast_mut().expect("the ring of a type is kept under that type")
    }

    /// One reader less; gives back the ring, unread events and all, when it was the last.
    #[must_use = "dropping events is the host's code: not under the lock"]
    pub(super) fn leave_host_ring<T: Send + Sync + 'static>(&mut self) -> Option<Box<dyn Any + Send>> {
        let ring = self.host_ring::<T>()?;
        ring.readers -= 1;
        if ring.readers == 0 { self.hosts.remove(&TypeId::of::<T>()) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Weak;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::test_support::{drain, event};
    use super::super::{Kind, Posted};
    use super::*;

    struct TabOpened(&'static str);

    fn heard<T: Send + Sync>(subscription: &mut HostSubscription<T>) -> Vec<Posted<T>> {
        std::iter::from_fn(|| subscription.try_next()).collect()
    }

    #[test]
    fn emb_3_a_hosts_own_types_travel_beside_the_packers_events() {
        let bus = EventBus::new();
        let mut tabs = bus.subscribe_to::<TabOpened>();
        let mut numbers = bus.subscribe_to::<u32>();
        let mut packer = bus.subscribe(Filter::all());
        bus.publish_host(TabOpened("assets"));
        bus.publish(event(Kind::BuildStarted, 1)).wake();
        bus.publish_host(7_u32);

        let tabs = heard(&mut tabs);
        assert_eq!(tabs.iter().map(|tab| (tab.cursor, tab.event.0)).collect::<Vec<_>>(), [(1, "assets")]);
        let packer = drain(&mut packer);
        assert_eq!(
            packer.iter().map(|event| (event.cursor, event.kind)).collect::<Vec<_>>(),
            [(2, Kind::BuildStarted)]
        );
        let numbers = heard(&mut numbers);
        assert_eq!(numbers.iter().map(|number| (number.cursor, *number.event)).collect::<Vec<_>>(), [(3, 7)]);
    }

    #[test]
    fn a_host_subscriber_hears_what_was_published_after_it_came() {
        let bus = EventBus::new();
        let mut early = bus.subscribe_to::<u32>();
        bus.publish_host(1_u32);
        let mut late = bus.subscribe_to::<u32>();
        bus.publish_host(2_u32);
        assert_eq!(heard(&mut early).iter().map(|posted| *posted.event).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(heard(&mut late).iter().map(|posted| *posted.event).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn events_of_a_type_go_with_its_last_subscriber() {
        let bus = EventBus::new();
        let (first, second) = (bus.subscribe_to::<u32>(), bus.subscribe_to::<u32>());
        bus.publish_host(1_u32);
        drop(first);
        assert_eq!(bus.shared.lock().hosts.len(), 1);
        drop(second);
        assert!(bus.shared.lock().hosts.is_empty());
        bus.publish_host(2_u32);
        assert!(bus.shared.lock().hosts.is_empty());
    }

    /// Counts the drops that happened while the bus was locked.
    struct Probe(Weak<EventBus>, Arc<AtomicUsize>);

    impl Drop for Probe {
        fn drop(&mut self) {
            let locked = self.0.upgrade().is_some_and(|bus| bus.is_locked());
            self.1.fetch_add(if locked { 1_000_000 } else { 1 }, Ordering::Relaxed);
        }
    }

    #[test]
    fn no_event_of_the_host_is_dropped_under_the_lock() {
        let bus = EventBus::new();
        let drops = Arc::new(AtomicUsize::new(0));
        let subscription = bus.subscribe_to::<Probe>();
        for _ in 0..65_540 {
            bus.publish_host(Probe(Arc::downgrade(&bus), Arc::clone(&drops)));
        }
        assert_eq!(drops.load(Ordering::Relaxed), 4, "those that the ring has no room for");
        drop(subscription);
        bus.publish_host(Probe(Arc::downgrade(&bus), Arc::clone(&drops)));
        assert_eq!(drops.load(Ordering::Relaxed), 65_541);
    }

    #[test]
    fn subscribers_read_what_is_left_of_a_dropped_bus_and_then_end() {
        let bus = EventBus::new();
        let packer = bus.subscribe(Filter::all());
        let host = bus.subscribe_to::<u32>();
        bus.publish(event(Kind::BuildStarted, 1)).wake();
        bus.publish_host(5_u32);
        drop(bus);
        assert_eq!(packer.map(|event| event.kind).collect::<Vec<_>>(), [Kind::BuildStarted]);
        assert_eq!(host.map(|posted| *posted.event).collect::<Vec<_>>(), [5]);
    }

    #[test]
    fn emb_4_two_buses_are_two_runs_and_share_nothing() {
        let (one, other) = (EventBus::new(), EventBus::new());
        let mut subscription = other.subscribe(Filter::all());
        one.publish(event(Kind::BuildStarted, 1)).wake();
        assert!(subscription.try_next().is_none());
        assert_ne!(one.run_id(), other.run_id());
    }
}
