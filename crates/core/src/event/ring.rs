//! One project's ring: the events that a subscriber can still be given.
//!
//! The ring is bounded by count and by bytes. Where it is full, two events of one operation and one kind that may be
//! merged become one, oldest pair first; only where no pair is left does the oldest event fall off its end. No pair
//! reaches across a lifecycle event of its operation: a merged event stands where its newest part stood, still between
//! the same two boundaries.
//!
//! A merged slot keeps its newest part as it was published. A reader that was given the older parts, because it passed
//! them before they were merged, is given that one; so one that keeps up never hears anything twice. Every other reader is
//! given the whole, though it may know a part: rather twice than never. The ring knows nothing of its readers.

use std::collections::{BTreeMap, VecDeque};

use super::filter::KindSet;
use super::merge::merge;
use super::{Event, Kind};
use crate::sync::Arc;
use crate::value::OperationId;

/// What a ring holds at most, and what one look at it takes. The newest event is always held, however heavy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) events: usize,
    pub(super) bytes: usize,
    pub(super) look: LookLimits,
    #[cfg(all(test, shuttle))]
    pub(super) rules: super::OldRules,
}

/// What one look at a ring takes at most, so that a reader far behind does not hold the lock for long.
#[derive(Debug, Clone, Copy)]
pub(super) struct LookLimits {
    pub(super) slots: usize,
    pub(super) events: usize,
    pub(super) bytes: usize,
}

impl Limits {
    pub(super) const STANDARD: Self = Self {
        events: 65_536,
        bytes: 16 << 20,
        look: LookLimits { slots: 1_024, events: 256, bytes: 1 << 20 },
        #[cfg(all(test, shuttle))]
        rules: super::OldRules::None,
    };
}

pub(super) struct Ring {
    limits: Limits,
    /// By cursor.
    slots: BTreeMap<u64, Slot>,
    bytes: usize,
    /// The cursor of the event that came last.
    newest: u64,
    /// The newest event of each operation and kind that a later one may be merged with.
    open: BTreeMap<(OperationId, Kind), u64>,
    /// What may be merged: an older event's cursor and that of the next like it, in the order of the latter.
    pairs: VecDeque<(u64, u64)>,
    lost: Lost,
}

struct Slot {
    published: Arc<Event>,
    merged: Option<Merged>,
    bytes: usize,
}

/// An event with older ones merged into it.
struct Merged {
    event: Arc<Event>,
    /// The cursor of the newest of the older ones.
    through: u64,
    /// The newest cursor when they were merged.
    at: u64,
}

/// How far a reader of a ring has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reader {
    /// The cursor that it has passed.
    pub(super) after: u64,
    /// The newest cursor when it looked last; all there is, where nobody knows.
    pub(super) looked: u64,
}

/// What fell off the ring's end.
#[derive(Default)]
struct Lost {
    /// The newest cursor that was lost; 0 for none.
    through: u64,
    /// The lifecycle events among them, the newest [`Lost::REMEMBERED`].
    lifecycle: VecDeque<(u64, Kind)>,
    /// How many lifecycle events were lost before those.
    forgotten: u64,
}

/// What a reader finds that looks into a ring from a cursor on.
pub(super) struct Look {
    /// What was lost between the reader's cursor and the first event.
    pub(super) gap: Option<Gap>,
    /// The events after it, in order.
    pub(super) events: Vec<Arc<Event>>,
    /// The last cursor looked at; `None` where the look reached the ring's newest event.
    pub(super) cut_at: Option<u64>,
}

/// Events that a reader can no longer be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) lifecycle: u64,
}

impl Ring {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            slots: BTreeMap::new(),
            bytes: 0,
            newest: 0,
            open: BTreeMap::new(),
            pairs: VecDeque::new(),
            lost: Lost::default(),
        }
    }

    /// Takes an event in; its cursor is above all before it.
    pub(super) fn push(&mut self, event: Arc<Event>) {
        debug_assert!(
            self.slots.last_key_value().is_none_or(|(newest, _)| *newest < event.cursor),
            "BUG: out of order"
        );
        if event.kind.is_lifecycle() {
            self.close_pairs_of(event.operation_id);
        } else if let Some(older) = self.open.insert((event.operation_id, event.kind), event.cursor) {
            self.pairs.push_back((older, event.cursor));
        }
        self.newest = event.cursor;
        let slot = Slot { bytes: event.weight(), merged: None, published: event };
        self.bytes += slot.bytes;
        self.slots.insert(slot.published.cursor, slot);
        self.shrink();
    }

    fn close_pairs_of(&mut self, operation: OperationId) {
        for kind in Kind::MERGEABLE {
            self.open.remove(&(operation, kind));
        }
    }

    fn shrink(&mut self) {
        while self.slots.len() > 1 && (self.slots.len() > self.limits.events || self.bytes > self.limits.bytes) {
            match self.pairs.pop_front() {
                Some((older, newer)) => self.merge_slots(older, newer),
                None => self.lose_oldest(),
            }
        }
    }

    fn merge_slots(&mut self, older: u64, newer: u64) {
        let from = self.take(older).expect("BUG: an event is lost only when no pair is left");
        let into = self.slots.get_mut(&newer).expect("BUG: an event is lost only when no pair is left");
        let base = from.merged.map_or(from.published, |merged| merged.event);
        let event = Arc::new(merge(base, &into.published));
        let bytes = into.published.weight() + event.weight();
        self.bytes = self.bytes - into.bytes + bytes;
        into.bytes = bytes;
        into.merged = Some(Merged { event, through: older, at: self.newest });
    }

    fn lose_oldest(&mut self) {
        let Some((&oldest, _)) = self.slots.first_key_value() else { return };
        let event = self.take(oldest).expect("it was just seen").published;
        let key = (event.operation_id, event.kind);
        if self.open.get(&key) == Some(&oldest) {
            self.open.remove(&key);
        }
        self.lost.note(&event);
    }

    fn take(&mut self, cursor: u64) -> Option<Slot> {
        let slot = self.slots.remove(&cursor)?;
        self.bytes -= slot.bytes;
        Some(slot)
    }

    /// What a reader finds next, of the wanted kinds.
    pub(super) fn look(&self, reader: Reader, wanted: KindSet) -> Look {
        let after = reader.after;
        let gap = self.lost.after(after, wanted);
        let mut look = Look { gap, events: Vec::new(), cut_at: None };
        let (limits, mut bytes, mut last) = (self.limits.look, 0, after);
        for (looked, (&cursor, slot)) in self.slots.range(after + 1..).enumerate() {
            if looked == limits.slots || look.events.len() == limits.events || bytes > limits.bytes {
                #[cfg(all(test, shuttle))]
                let last = self.limits.rules.cut(last, cursor);
                look.cut_at = Some(last);
                break;
            }
            last = cursor;
            if wanted.has(slot.published.kind) {
                #[cfg(all(test, shuttle))]
                let reader = Reader { looked: self.limits.rules.looked(reader.looked), ..reader };
                look.events.push(slot.seen_by(reader));
                bytes += slot.bytes;
            }
        }
        look
    }

    /// The newest cursor that was lost; 0 for none.
    pub(super) const fn lost_through(&self) -> u64 {
        self.lost.through
    }

    /// What a reader that has seen nothing missed.
    pub(super) fn lost_from_start(&self, wanted: KindSet) -> u64 {
        self.lost.after(0, wanted).map_or(0, |gap| gap.lifecycle)
    }
}

impl Slot {
    fn seen_by(&self, reader: Reader) -> Arc<Event> {
        let was_given = |merged: &Merged| merged.through <= reader.after && merged.at > reader.looked;
        let merged = self.merged.as_ref().filter(|merged| !was_given(merged));
        Arc::clone(merged.map_or(&self.published, |merged| &merged.event))
    }
}

impl Lost {
    const REMEMBERED: usize = 65_536;

    fn note(&mut self, event: &Event) {
        self.through = event.cursor;
        if event.kind.is_lifecycle() {
            self.lifecycle.push_back((event.cursor, event.kind));
        }
        if self.lifecycle.len() > Self::REMEMBERED {
            self.lifecycle.pop_front();
            self.forgotten += 1;
        }
    }

    fn after(&self, cursor: u64, wanted: KindSet) -> Option<Gap> {
        if self.through <= cursor {
            return None;
        }
        let first = self.lifecycle.partition_point(|(lost, _)| *lost <= cursor);
        let remembered = self.lifecycle.range(first..).filter(|(_, kind)| wanted.has(*kind)).count();
        // Nobody remembers where the forgotten ones stood: from before them, all of them count.
        let forgotten = if first == 0 { self.forgotten } else { 0 };
        Some(Gap { from: cursor + 1, to: self.through, lifecycle: remembered as u64 + forgotten })
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{event, operation};
    use super::*;

    const LOOK_EVENTS: usize = Limits::STANDARD.look.events;
    const LOOK_SLOTS: usize = Limits::STANDARD.look.slots;
    const SMALL: Limits = Limits { events: 8, bytes: usize::MAX, ..Limits::STANDARD };

    /// Pushes events of the numbered operations, with cursors 1, 2, 3, …
    fn ring(limits: Limits, said: impl IntoIterator<Item = (u128, Kind)>) -> Ring {
        let mut ring = Ring::new(limits);
        for (cursor, (number, kind)) in (1..).zip(said) {
            let event = Event { cursor, operation_id: operation(number), ..event(kind, cursor) };
            ring.push(event.into());
        }
        ring
    }

    /// A reader that has passed all there was when it looked last.
    fn reader(after: u64) -> Reader {
        Reader { after, looked: after }
    }

    fn seen(ring: &Ring, after: u64) -> Vec<(u64, u64)> {
        seen_by(ring, reader(after))
    }

    fn seen_by(ring: &Ring, reader: Reader) -> Vec<(u64, u64)> {
        ring.look(reader, KindSet::ALL).events.iter().map(|event| (event.cursor, event.merged())).collect()
    }

    fn held(ring: &Ring, kind: Kind) -> usize {
        ring.look(reader(0), KindSet::ALL).events.iter().filter(|event| event.kind == kind).count()
    }

    #[test]
    fn a_ring_below_its_limits_merges_nothing() {
        let ring = ring(SMALL, [(1, Kind::ProgressUpdated); 8]);
        assert_eq!(seen(&ring, 0).len(), 8);
        assert_eq!(ring.look(reader(0), KindSet::ALL).gap, None);
    }

    #[test]
    fn ord_3_lifecycle_events_are_never_merged() {
        let mut said = vec![(1, Kind::OperationStarted)];
        said.extend([(1, Kind::ProgressUpdated); 100]);
        said.extend([(1, Kind::AssetRemoved); 5]);
        said.push((1, Kind::ActionApplied));
        let ring = ring(SMALL, said);
        assert_eq!(held(&ring, Kind::OperationStarted), 1);
        assert_eq!(held(&ring, Kind::AssetRemoved), 5);
        assert_eq!(held(&ring, Kind::ActionApplied), 1);
        assert_eq!(seen(&ring, 0)[1], (101, 100), "one event stands for all progress");
        assert_eq!(ring.look(reader(0), KindSet::ALL).gap, None);
    }

    #[test]
    fn ord_4_repeats_give_way_before_a_failure_is_lost() {
        let mut said = vec![(1, Kind::ActionFailed)];
        for _ in 0..50 {
            said.extend([(2, Kind::CacheHit), (2, Kind::CacheMiss), (3, Kind::AssetChanged)]);
        }
        let ring = ring(SMALL, said);
        assert_eq!(held(&ring, Kind::ActionFailed), 1);
        assert_eq!(ring.look(reader(0), KindSet::ALL).gap, None);
    }

    #[test]
    fn ord_1_no_merge_reaches_across_a_lifecycle_event_of_its_operation() {
        let mut said = vec![(1, Kind::ProgressUpdated), (1, Kind::DiagnosticsUpdated), (1, Kind::ProgressUpdated)];
        said.extend([(2, Kind::OperationStarted); 5]);
        let full = ring(SMALL, said.clone());
        assert_eq!(seen(&full, 0).len(), 8);
        said.push((2, Kind::ActionApplied));
        let over = ring(SMALL, said);
        assert_eq!(over.look(reader(0), KindSet::ALL).gap, Some(Gap { from: 1, to: 1, lifecycle: 0 }));
        assert!(seen(&over, 0).iter().all(|(_, merged)| *merged == 1));
    }

    #[test]
    fn operations_and_kinds_are_merged_apart() {
        let mut said = Vec::new();
        for _ in 0..30 {
            said.extend([(1, Kind::ProgressUpdated), (2, Kind::ProgressUpdated), (2, Kind::CacheHit)]);
        }
        let ring = ring(SMALL, said);
        let events = ring.look(reader(0), KindSet::ALL).events;
        let stands_for = |number, kind| -> u64 {
            let like = events.iter().filter(|event| event.operation_id == operation(number) && event.kind == kind);
            like.map(|event| event.merged()).sum()
        };
        assert_eq!(stands_for(1, Kind::ProgressUpdated), 30);
        assert_eq!(stands_for(2, Kind::ProgressUpdated), 30);
        assert_eq!(stands_for(2, Kind::CacheHit), 30);
    }

    #[test]
    fn a_reader_that_keeps_up_is_given_what_was_published_and_not_the_merged_event() {
        let mut said = vec![(2, Kind::AssetRemoved); 7];
        said.extend([(1, Kind::CacheHit); 5]);
        let ring = ring(SMALL, said);
        assert_eq!(seen(&ring, 7), [(12, 5)]);
        assert_eq!(seen(&ring, 11), [(12, 1)]);
    }

    #[test]
    fn what_falls_off_the_end_is_a_gap_that_counts_its_lifecycle_events() {
        let mut said = vec![(1, Kind::OperationStarted), (2, Kind::ProgressUpdated), (1, Kind::ActionApplied)];
        said.extend([(3, Kind::OperationStarted); 8]);
        let ring = ring(SMALL, said);
        let gap = |after| ring.look(reader(after), KindSet::ALL).gap;
        assert_eq!(gap(0), Some(Gap { from: 1, to: 3, lifecycle: 2 }));
        assert_eq!(gap(1), Some(Gap { from: 2, to: 3, lifecycle: 1 }));
        assert_eq!(gap(3), None);
        assert_eq!(seen(&ring, 0).len(), 8);
    }

    #[test]
    fn a_ring_is_bounded_by_bytes_too_and_always_holds_the_newest_event() {
        let limits = Limits { events: 100, bytes: 10_000, ..Limits::STANDARD };
        let mut ring = ring(limits, [(1, Kind::OperationStarted); 5]);
        let mut heavy = Event { cursor: 6, ..event(Kind::DiagnosticsUpdated, 6) };
        heavy.summary = "x".repeat(9_000);
        ring.push(Arc::new(heavy.clone()));
        assert!(ring.bytes <= limits.bytes);
        assert!(ring.lost_through() > 0);
        heavy.cursor = 7;
        heavy.summary = "x".repeat(50_000);
        ring.push(heavy.into());
        assert_eq!(seen(&ring, 0), [(7, 1)]);
    }

    #[test]
    fn lifecycle_events_lost_long_ago_are_still_counted() {
        let lost = Lost::REMEMBERED + 10;
        let ring = ring(Limits { events: 1, ..SMALL }, vec![(1, Kind::OperationStarted); lost + 1]);
        assert_eq!(ring.look(reader(0), KindSet::ALL).gap.map(|gap| gap.lifecycle), Some(lost as u64));
        assert_eq!(ring.look(reader(20), KindSet::ALL).gap.map(|gap| gap.lifecycle), Some(lost as u64 - 20));
    }

    #[test]
    fn a_ring_remembers_nothing_of_events_it_no_longer_holds() {
        let said = (0..1_000).map(|number| (number, Kind::ProgressUpdated));
        let ring = ring(SMALL, said);
        assert_eq!(ring.open.len(), 8);
        assert!(ring.pairs.is_empty());
    }

    #[test]
    fn a_look_that_is_cut_before_a_merged_event_leaves_all_its_parts_to_the_next() {
        let mut said = vec![(2, Kind::OperationStarted); LOOK_EVENTS];
        said.extend([(1, Kind::ProgressUpdated); 3]);
        let ring = ring(Limits { events: LOOK_EVENTS + 1, ..SMALL }, said);
        let first = ring.look(reader(0), KindSet::ALL);
        assert_eq!(first.events.len(), LOOK_EVENTS);
        let next = Reader { after: first.cut_at.expect("it was cut"), looked: LOOK_EVENTS as u64 + 3 };
        assert_eq!(seen_by(&ring, next), [(LOOK_EVENTS as u64 + 3, 3)]);
    }

    #[test]
    fn a_part_that_was_merged_before_a_reader_came_to_its_place_is_not_lost_to_it() {
        let mut said = vec![(1, Kind::CacheHit), (1, Kind::CacheMiss)];
        said.extend([(2, Kind::AssetRemoved); 6]);
        said.push((1, Kind::CacheHit));
        let ring = ring(SMALL, said);
        // It looked when 1 was merged into 9 already, and was given 2 and no more.
        assert_eq!(seen_by(&ring, Reader { after: 2, looked: 9 }).last(), Some(&(9, 2)));
        // It looked when 1 stood where it was published.
        assert_eq!(seen_by(&ring, Reader { after: 2, looked: 8 }).last(), Some(&(9, 1)));
    }

    #[test]
    fn one_look_is_bounded_and_says_where_it_was_cut() {
        let limits = Limits { events: 10_000, ..SMALL };
        let ring = ring(limits, vec![(1, Kind::OperationStarted); 5_000]);
        let look = ring.look(reader(0), KindSet::ALL);
        assert_eq!(look.events.len(), LOOK_EVENTS);
        assert_eq!(look.cut_at, look.events.last().map(|event| event.cursor));
        let nothing = ring.look(reader(0), super::super::Filter::all().kinds(&[Kind::ActionFailed]).wanted_kinds());
        assert_eq!((nothing.events.len(), nothing.cut_at), (0, Some(LOOK_SLOTS as u64)));
    }
}
