//! What every stream of events keeps, as a check that a host may run over any stream of its own.
//!
//! The stream must be one subscription's, unfiltered by kind, and have begun before the operations in it. One that fell
//! behind is checked as far as its gaps and merged events allow.

use std::collections::BTreeMap;

use super::{Cause, Event, Kind};
use crate::value::{OperationId, ProjectId};

/// How a stream of events breaks its contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// An event stands before one that the bus published earlier.
    #[error("cursor {cursor} comes after cursor {after}")]
    CursorOrder {
        /// The event's.
        cursor: u64,
        /// That of the event before it.
        after: u64,
    },
    /// An event of an operation is missing, or comes twice, or out of order. What is missing among repeats shows at the
    /// lifecycle event after them.
    #[error("operation {operation_id}: sequence {found} where {expected} was due")]
    Sequence {
        /// The operation.
        operation_id: OperationId,
        /// The number that was due; where events were merged, the last that could be.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// An operation spoke after its terminal event, or had a second one.
    #[error("operation {operation_id}: {kind} after its terminal event")]
    AfterTerminal {
        /// The operation.
        operation_id: OperationId,
        /// What it said.
        kind: Kind,
    },
    /// A kind that ends nothing is marked terminal.
    #[error("operation {operation_id}: {kind} is terminal")]
    WrongTerminal {
        /// The operation.
        operation_id: OperationId,
        /// What it ended with.
        kind: Kind,
    },
    /// An operation has no terminal event.
    #[error("operation {operation_id} has no terminal event; its last is {kind}")]
    NeverEnded {
        /// The operation.
        operation_id: OperationId,
        /// The last it said.
        kind: Kind,
    },
    /// One operation spoke for two projects.
    #[error("operation {operation_id} is of two projects")]
    TwoProjects {
        /// The operation.
        operation_id: OperationId,
    },
    /// An event names as its cause one that the stream has not come to.
    #[error("operation {operation_id} names a cause that comes later: {cause:?}")]
    CauseLater {
        /// The operation.
        operation_id: OperationId,
        /// What it names.
        cause: Cause,
    },
}

/// Checks a whole stream: order, numbers without gaps, one terminal event and last, for each operation.
///
/// # Errors
/// The first way in which the stream breaks its contract.
pub fn check<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<(), Violation> {
    let mut checker = Checker::default();
    events.into_iter().try_for_each(|event| checker.observe(event))?;
    checker.finish()
}

/// Checks a stream as it comes.
#[derive(Debug, Default)]
pub struct Checker {
    cursor: Option<u64>,
    operations: BTreeMap<OperationId, Heard>,
    /// The cursor that the last gap of each project, or of all, reaches to.
    gaps: BTreeMap<Option<ProjectId>, u64>,
}

/// What was heard of one operation.
#[derive(Debug)]
struct Heard {
    project: ProjectId,
    sequence: u64,
    cursor: u64,
    kind: Kind,
    ended: bool,
    /// The lifecycle event that was heard last, by number; 0 before the first.
    boundary: u64,
    /// How many events those heard since the boundary stand for at most.
    heard_for: u64,
}

impl Checker {
    /// Takes in the next event.
    ///
    /// # Errors
    /// Where the event breaks the contract.
    pub fn observe(&mut self, event: &Event) -> Result<(), Violation> {
        if let Some(after) = self.cursor.replace(event.cursor).filter(|after| *after >= event.cursor) {
            return Err(Violation::CursorOrder { cursor: event.cursor, after });
        }
        self.check_cause(event)?;
        if event.kind == Kind::StreamGap {
            self.note_gap(event);
        }
        let gap = self.gap_of(event.project_id);
        let heard = self.operations.entry(event.operation_id).or_insert_with(|| Heard::nothing(event.project_id));
        let is_excused = heard.cursor < gap;
        heard.check(event, is_excused)?;
        heard.note(event, is_excused);
        Ok(())
    }

    /// Says that the stream is at its end.
    ///
    /// # Errors
    /// Where an operation is still open.
    pub fn finish(&self) -> Result<(), Violation> {
        let is_open = |heard: &Heard| !heard.ended && !self.is_excused(heard);
        match self.operations.iter().find(|(_, heard)| is_open(heard)) {
            Some((&operation_id, heard)) => Err(Violation::NeverEnded { operation_id, kind: heard.kind }),
            None => Ok(()),
        }
    }

    fn check_cause(&self, event: &Event) -> Result<(), Violation> {
        let Some(cause) = event.cause else { return Ok(()) };
        match self.operations.get(&cause.operation_id) {
            Some(heard) if heard.sequence < cause.sequence && !self.is_excused(heard) => {
                Err(Violation::CauseLater { operation_id: event.operation_id, cause })
            }
            _ => Ok(()),
        }
    }

    fn note_gap(&mut self, event: &Event) {
        let project = Some(event.project_id).filter(|project| !project.uuid().is_nil());
        self.gaps.insert(project, event.number("to").unwrap_or(event.cursor));
    }

    fn gap_of(&self, project: ProjectId) -> u64 {
        let of_all = self.gaps.get(&None);
        self.gaps.get(&Some(project)).max(of_all).copied().unwrap_or_default()
    }

    /// Whether a gap may have swallowed what the operation said last.
    fn is_excused(&self, heard: &Heard) -> bool {
        heard.cursor < self.gap_of(heard.project)
    }
}

impl Heard {
    const fn nothing(project: ProjectId) -> Self {
        let kind = Kind::OperationQueued;
        Self { project, sequence: 0, cursor: 0, kind, ended: false, boundary: 0, heard_for: 0 }
    }

    fn check(&self, event: &Event, is_excused: bool) -> Result<(), Violation> {
        let &Event { operation_id, kind, sequence, .. } = event;
        if self.ended {
            return Err(Violation::AfterTerminal { operation_id, kind });
        }
        if self.project != event.project_id {
            return Err(Violation::TwoProjects { operation_id });
        }
        if event.terminal && !kind.may_end() {
            return Err(Violation::WrongTerminal { operation_id, kind });
        }
        let expected = self.boundary.saturating_add(self.heard_for).saturating_add(1);
        // A repeat may come late, merged into a later one; at the next boundary all must have come.
        let is_due = sequence <= expected || !kind.is_lifecycle() || is_excused;
        if sequence <= self.sequence || !is_due {
            return Err(Violation::Sequence { operation_id, expected, found: sequence });
        }
        Ok(())
    }

    fn note(&mut self, event: &Event, is_excused: bool) {
        self.sequence = event.sequence;
        self.cursor = event.cursor;
        self.kind = event.kind;
        self.ended = event.terminal;
        if event.kind.is_lifecycle() || is_excused {
            (self.boundary, self.heard_for) = (event.sequence, 0);
        } else {
            self.heard_for = self.heard_for.saturating_add(event.merged());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{event, operation, project};
    use super::*;

    /// A stream of one operation: numbers and kinds, the last one terminal.
    fn stream(said: &[(u64, Kind)]) -> Vec<Event> {
        let mut events: Vec<Event> = said.iter().map(|(sequence, kind)| event(*kind, *sequence)).collect();
        for (cursor, event) in (1..).zip(&mut events) {
            event.cursor = cursor;
        }
        if let Some(last) = events.last_mut() {
            last.terminal = true;
        }
        events
    }

    fn whole() -> Vec<Event> {
        stream(&[(1, Kind::OperationStarted), (2, Kind::ProgressUpdated), (3, Kind::ActionApplied)])
    }

    fn merged(mut event: Event, n: u64) -> Event {
        event.payload.insert("merged".to_owned(), n.into());
        event
    }

    #[test]
    fn a_whole_operation_keeps_the_contract() {
        assert_eq!(check(&whole()), Ok(()));
    }

    #[test]
    fn env_3_a_missing_a_repeated_and_a_late_event_are_found() {
        for numbers in [[2, 3, 4], [1, 3, 4], [1, 1, 2], [2, 1, 3]] {
            let events = stream(&numbers.map(|number| (number, Kind::OperationStarted)));
            assert!(matches!(check(&events), Err(Violation::Sequence { .. })), "{numbers:?}");
        }
    }

    #[test]
    fn an_operation_without_an_end_is_found_when_the_stream_ends() {
        let mut events = whole();
        events.pop();
        assert!(matches!(check(&events), Err(Violation::NeverEnded { kind: Kind::ProgressUpdated, .. })));
    }

    #[test]
    fn a_second_end_is_found() {
        let mut events = whole();
        events.push(Event { cursor: 4, terminal: true, ..event(Kind::ActionFailed, 4) });
        assert!(matches!(check(&events), Err(Violation::AfterTerminal { kind: Kind::ActionFailed, .. })));
    }

    #[test]
    fn progress_cannot_be_the_end() {
        let events = stream(&[(1, Kind::OperationStarted), (2, Kind::ProgressUpdated)]);
        assert!(matches!(check(&events), Err(Violation::WrongTerminal { .. })));
    }

    #[test]
    fn a_stream_out_of_the_order_of_its_cursors_is_found() {
        let mut events = whole();
        events[2].cursor = 2;
        assert_eq!(check(&events), Err(Violation::CursorOrder { cursor: 2, after: 2 }));
    }

    #[test]
    fn an_operation_of_two_projects_is_found() {
        let mut events = whole();
        events[1].project_id = project(9);
        assert!(matches!(check(&events), Err(Violation::TwoProjects { .. })));
    }

    #[test]
    fn env_4_a_cause_that_comes_later_is_found() {
        let mut events = whole();
        let other = Event { operation_id: operation(2), cursor: 4, ..event(Kind::OperationStarted, 1) };
        events.push(Event { cause: Some(events[2].as_cause()), ..other.clone() });
        events.push(Event { cursor: 5, terminal: true, ..event(Kind::ActionApplied, 2) });
        events[4].operation_id = operation(2);
        assert_eq!(check(&events), Ok(()));
        events[3].cause = Some(Cause { sequence: 4, ..events[2].as_cause() });
        assert!(matches!(check(&events), Err(Violation::CauseLater { .. })));
    }

    #[test]
    fn ord_2_merged_events_explain_just_as_many_missing_numbers_as_they_stand_for() {
        let mut events = stream(&[(1, Kind::OperationStarted), (5, Kind::CacheHit), (6, Kind::BuildFinished)]);
        events[1] = merged(events[1].clone(), 4);
        assert_eq!(check(&events), Ok(()));
        events[1] = merged(events[1].clone(), 3);
        assert!(matches!(check(&events), Err(Violation::Sequence { expected: 5, found: 6, .. })));
    }

    #[test]
    fn ord_3_merged_events_explain_nothing_beyond_a_lifecycle_event() {
        let said = [(3, Kind::CacheHit), (4, Kind::DiagnosticsUpdated), (6, Kind::BuildFinished)];
        let mut events = stream(&said);
        events[0] = merged(events[0].clone(), 100);
        assert!(matches!(check(&events), Err(Violation::Sequence { found: 6, .. })));
    }

    #[test]
    fn a_gap_explains_what_came_before_it_and_nothing_after() {
        let mut gap = Event { operation_id: operation(7), cursor: 2, terminal: true, ..event(Kind::StreamGap, 1) };
        gap.payload.insert("to".to_owned(), 2.into());
        let mut events = stream(&[(1, Kind::OperationStarted), (1, Kind::StreamGap), (8, Kind::AssetRemoved)]);
        events[1] = gap;
        events[2].terminal = false;
        let mut ended = events.clone();
        ended.push(Event { cursor: 4, terminal: true, ..event(Kind::ActionApplied, 9) });
        assert_eq!(check(&ended), Ok(()));
        ended[3].sequence = 10;
        assert!(matches!(check(&ended), Err(Violation::Sequence { expected: 9, found: 10, .. })));
        assert!(matches!(check(&events), Err(Violation::NeverEnded { .. })));
        events.pop();
        assert_eq!(check(&events), Ok(()), "its end may be in the gap");
    }

    #[test]
    fn a_gap_of_all_projects_explains_what_is_missing_in_each() {
        let mut events = stream(&[(1, Kind::StreamGap), (8, Kind::ActionApplied)]);
        let nil = ProjectId::from_uuid(uuid::Uuid::nil());
        events[0] = Event { project_id: nil, operation_id: operation(7), terminal: true, ..events[0].clone() };
        events[0].payload.insert("to".to_owned(), 1.into());
        assert_eq!(check(&events), Ok(()));
    }

    #[test]
    fn a_cause_may_lie_in_a_gap() {
        let mut events = stream(&[(1, Kind::OperationStarted), (1, Kind::StreamGap), (1, Kind::ActionApplied)]);
        events[1] = Event { operation_id: operation(7), terminal: true, ..events[1].clone() };
        events[2].operation_id = operation(2);
        events[2].cause = Some(Cause { sequence: 5, ..events[0].as_cause() });
        assert_eq!(check(&events), Ok(()));
    }

    #[test]
    fn no_number_from_the_wire_makes_the_check_overflow() {
        let mut events = whole();
        events[1] = merged(events[1].clone(), u64::MAX);
        events[2] = merged(events[2].clone(), 0);
        assert_eq!(check(&events), Ok(()));
    }
}
