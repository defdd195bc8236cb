//! What a stream has told of one project: its state and its revision, which go on from event to event.
//!
//! A project that is opened again begins anew; after a gap nothing told before it counts.

use super::super::payload::{ReconcileReason, ReconcileStarted, RuntimeStateChanged, State};
use super::super::{Event, Kind};
use super::Violation;
use crate::value::OperationId;

/// What was told of a project last.
#[derive(Debug, Default)]
pub(super) struct Standing {
    state: Option<Told>,
    revision: Option<u64>,
}

/// A state as it was told.
#[derive(Debug, Clone, Copy)]
struct Told {
    state: State,
    by: OperationId,
    /// Whether who told it is also to end it.
    passes: bool,
}

impl Standing {
    /// Takes in the next event of the project.
    ///
    /// # Errors
    /// Where it does not go on from what was told before.
    pub(super) fn observe(&mut self, event: &Event) -> Result<(), Violation> {
        if is_opening(event) {
            *self = Self::default();
        }
        self.observe_revision(event)?;
        if event.kind == Kind::RuntimeStateChanged {
            self.observe_state(event)?;
        }
        match self.state {
            Some(Told { state, by, passes: true }) if event.terminal && by == event.operation_id => {
                Err(Violation::LeftPassing { operation_id: by, state })
            }
            _ => Ok(()),
        }
    }

    fn observe_revision(&mut self, event: &Event) -> Result<(), Violation> {
        let Some(found) = event.revision.filter(|_| tells_of_the_present(event.kind)) else { return Ok(()) };
        match self.revision.replace(found).filter(|told| *told > found) {
            Some(told) => Err(Violation::RevisionWentBack { project_id: event.project_id, told, found }),
            None => Ok(()),
        }
    }

    fn observe_state(&mut self, event: &Event) -> Result<(), Violation> {
        let Ok(said) = event.payload_as::<RuntimeStateChanged>() else { return Ok(()) };
        let (state, by, passes) = (said.state, event.operation_id, said.passes());
        let told = self.state.replace(Told { state, by, passes });
        match (told, said.previous) {
            (Some(Told { state: told, .. }), Some(previous)) if told != previous => {
                Err(Violation::WrongPrevious { project_id: event.project_id, told, previous, state })
            }
            _ => Ok(()),
        }
    }
}

fn is_opening(event: &Event) -> bool {
    let opens = |started: ReconcileStarted| started.reason == ReconcileReason::Opened;
    event.kind == Kind::ReconcileStarted && event.payload_as().is_ok_and(opens)
}

/// Whether the kind tells what is published now. Findings may be of the revision that somebody looked at meanwhile.
const fn tells_of_the_present(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::RuntimeStateChanged
            | Kind::AssetDiscovered
            | Kind::AssetChanged
            | Kind::AssetRemoved
            | Kind::ActionApplied
            | Kind::ReconcileFinished
    )
}
