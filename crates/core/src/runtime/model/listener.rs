//! What every subscriber checks, and counts.

use std::collections::BTreeMap;

use super::sight;
use crate::event::{Checker, Event, Kind};
use crate::sync::Arc;
use crate::value::OperationId;

/// Reads a stream to its end. Gives back how many lifecycle events it had, or was told that it missed.
pub(super) fn listen(events: impl Iterator<Item = Arc<Event>>, hides_gaps: bool, mut look: impl FnMut(&Event)) -> u64 {
    let mut checker = Checker::default();
    let mut order = Order::default();
    let mut accounted = 0;
    for event in events {
        if event.kind == Kind::StreamGap {
            if hides_gaps {
                continue;
            }
            sight("a gap");
            accounted += event.payload["lifecycle"].as_u64().expect("a gap says how many");
        } else {
            accounted += u64::from(event.kind.is_lifecycle());
            if event.merged() > 1 {
                sight("a merged event");
            }
        }
        checker.observe(&event).expect("the stream keeps the contract");
        order.look(&event);
        look(&event);
    }
    checker.finish().expect("every operation has its end");
    accounted
}

/// The order in which operations are said to wait and to run, which is that of their ids.
#[derive(Default)]
struct Order {
    last: BTreeMap<Kind, OperationId>,
    revision: u64,
}

impl Order {
    fn look(&mut self, event: &Event) {
        if event.kind == Kind::StreamGap {
            return;
        }
        let opens = matches!(event.kind, Kind::OperationQueued | Kind::ReconcileStarted);
        assert_eq!(opens, event.sequence == 1, "{} is number {}", event.kind, event.sequence);
        if matches!(event.kind, Kind::OperationQueued | Kind::OperationStarted) {
            let before = self.last.insert(event.kind, event.operation_id);
            assert!(before.is_none_or(|before| before < event.operation_id), "{} out of order", event.kind);
        }
        if event.kind == Kind::RuntimeStateChanged {
            let revision = event.revision.expect("a state is of a revision");
            assert!(self.revision < revision, "the state of {revision} is said after that of {}", self.revision);
            self.revision = revision;
        }
    }
}
