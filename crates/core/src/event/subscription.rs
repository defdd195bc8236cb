//! A subscription: one reader of the packer's events, at its own pace.
//!
//! It keeps nothing on the bus but its place in the queue while it waits, so one that sleeps costs nothing and one that
//! is dropped leaves nothing behind. Events of several projects come in the order of their cursors.

use std::collections::{BTreeMap, VecDeque};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::bus::{Interest, Shared, State, SubscriberId};
use super::filter::{Filter, Start};
use super::ring::{Gap, Reader};
use super::wait::block_on;
use super::{Event, Kind, Moment, Notice, payload};
use crate::sync::Arc;
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
    /// The newest cursor when it looked last; all there is, where another subscription of its host did.
    looked: u64,
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
        Start::After(run, cursor) if run == run_id => {
            (Place { looked: u64::MAX, ..Place::at(cursor.min(state.cursor)) }, None)
        }
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
    let mut place = Place { looked: u64::MAX, ..Place::at(0) };
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
        Self { start, passed: BTreeMap::new(), looked: start }
    }

    fn of(&self, project: ProjectId) -> Reader {
        Reader { after: self.passed.get(&project).copied().unwrap_or(self.start), looked: self.looked }
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
        self.looked = state.cursor;
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
        let other_run = self.other_run.map(RunId::uuid);
        let notice = Notice::new(Kind::StreamGap, "events were missed: read the snapshot, then go on")
            .payload(&payload::StreamGap { from, to, lifecycle, other_run });
        let event = notice.into_event(self.project, OperationId::mint(), 1, now.wall);
        Event { cursor: self.cursor, terminal: true, ..event }
    }
}

#[cfg(test)]
mod tests;
