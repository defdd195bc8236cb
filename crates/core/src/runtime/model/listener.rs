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
struct Order(BTreeMap<Kind, OperationId>);

impl Order {
    fn look(&mut self, event: &Event) {
        if event.kind == Kind::StreamGap {
            return;
        }
        // A hint says the state before the reconcile that settles it.
        let may_open = matches!(event.kind, Kind::OperationQueued | Kind::ReconcileStarted | Kind::RuntimeStateChanged);
        assert!(may_open || event.sequence > 1, "{} is number 1", event.kind);
        if matches!(event.kind, Kind::OperationQueued | Kind::OperationStarted) {
            let before = self.0.insert(event.kind, event.operation_id);
            assert!(before.is_none_or(|before| before < event.operation_id), "{} out of order", event.kind);
        }
    }
}
