//! What every stream of events keeps, as a check that a host may run over any stream of its own.
//!
//! Each event is in [`shape`], the numbers of an operation have no holes, an operation takes its [`course`], and what is
//! said of a project's state and revision goes on from what was said before ([`standing`]). The stream must be one subscription's, unfiltered by kind, and have begun before the operations in it. One that fell
//! behind is checked as far as its gaps and merged events allow.

mod course;
mod shape;
mod standing;

use std::collections::BTreeMap;

use self::course::Course;
use self::standing::Standing;
use super::payload::State;
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
    /// An event does not say what its kind says.
    #[error("operation {operation_id}: {kind}, number {sequence}: {problem}")]
    Malformed {
        /// The operation.
        operation_id: OperationId,
        /// What it said.
        kind: Kind,
        /// Its number.
        sequence: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// An operation said something where it cannot be said.
    #[error("operation {operation_id}: {kind}, number {sequence}: {rule}")]
    OffCourse {
        /// The operation.
        operation_id: OperationId,
        /// What it said.
        kind: Kind,
        /// Its number.
        sequence: u64,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// A new state of a project is of an older revision than one that was told before.
    #[error("project {project_id}: revision {found} after {told}")]
    RevisionWentBack {
        /// The project.
        project_id: ProjectId,
        /// The revision told before.
        told: u64,
        /// The event's.
        found: u64,
    },
    /// A project's state is said to have been another than the one told before.
    #[error("project {project_id}: {previous:?} is said to come before {state:?}, and {told:?} was told")]
    WrongPrevious {
        /// The project.
        project_id: ProjectId,
        /// The state told before.
        told: State,
        /// The one the event says there was.
        previous: State,
        /// The one it says there is.
        state: State,
    },
    /// An operation ended and left its project in a state that only passes.
    #[error("operation {operation_id} ended and left its project {state:?}")]
    LeftPassing {
        /// The operation.
        operation_id: OperationId,
        /// The state.
        state: State,
    },
}

/// Checks a whole stream: the shape of each event; for each operation its numbers, its course and its one end; for each
/// project its states and revisions.
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
    projects: BTreeMap<ProjectId, Standing>,
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
    course: Course,
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
        shape::check(event).map_err(|problem| {
            let &Event { operation_id, kind, sequence, .. } = event;
            Violation::Malformed { operation_id, kind, sequence, problem }
        })?;
        self.check_cause(event)?;
        if event.kind == Kind::StreamGap {
            self.note_gap(event);
        }
        let gap = self.gap_of(event.project_id);
        let heard = self.operations.entry(event.operation_id).or_insert_with(|| Heard::nothing(event.project_id));
        let is_excused = heard.cursor < gap;
        heard.check(event, is_excused)?;
        heard.note(event, is_excused);
        self.projects.entry(event.project_id).or_default().observe(event)
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
        // What was told before the gap may be long past.
        self.projects.retain(|told, _| project.is_some_and(|project| project != *told));
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
    fn nothing(project: ProjectId) -> Self {
        let kind = Kind::OperationQueued;
        let course = Course::default();
        Self { project, sequence: 0, cursor: 0, kind, ended: false, boundary: 0, heard_for: 0, course }
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
        match self.course.rule_broken_by(event) {
            Some(rule) if !self.has_holes(event, is_excused) => {
                Err(Violation::OffCourse { operation_id, kind, sequence, rule })
            }
            _ => Ok(()),
        }
    }

    /// Whether a gap took events of the operation, up to this one.
    fn has_holes(&self, event: &Event, is_excused: bool) -> bool {
        self.course.has_holes || (is_excused && event.sequence != self.sequence + 1)
    }

    fn note(&mut self, event: &Event, is_excused: bool) {
        self.course.has_holes = self.has_holes(event, is_excused);
        self.course.note(event);
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
mod tests;
