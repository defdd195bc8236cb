//! What this room's tests share: a clock that stands still, and short ways to say who and what.

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::{Clock, Event, Kind, Moment, Payload, Subscription};
use crate::sync::{Arc, Mutex, lock};
use crate::value::{AssetRef, OperationId, ProjectId};

pub(super) fn project(number: u128) -> ProjectId {
    ProjectId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn operation(number: u128) -> OperationId {
    OperationId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn asset(root: &str) -> AssetRef {
    AssetRef { asset_id: None, address: None, root: root.into() }
}

/// An event of operation 1 on project 1.
pub(super) fn event(kind: Kind, sequence: u64) -> Event {
    Event {
        project_id: project(1),
        operation_id: operation(1),
        sequence,
        cursor: sequence,
        kind,
        timestamp: Timestamp::UNIX_EPOCH,
        summary: kind.to_string(),
        terminal: false,
        revision: None,
        cause: None,
        progress: None,
        affected_assets: Vec::new(),
        payload: Payload::new(),
    }
}

/// All that a subscription has now.
pub(super) fn drain(subscription: &mut Subscription) -> Vec<Event> {
    std::iter::from_fn(|| subscription.try_next()).map(Arc::unwrap_or_clone).collect()
}

pub(super) fn kinds(events: &[Event]) -> Vec<Kind> {
    events.iter().map(|event| event.kind).collect()
}

/// A clock that moves only when told to.
#[derive(Clone, Default)]
pub(super) struct StoppedClock(Arc<Mutex<Duration>>);

impl StoppedClock {
    pub(super) fn advance(&self, ms: u64) {
        *lock(&self.0) += Duration::from_millis(ms);
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        let elapsed = *lock(&self.0);
        let ms = i64::try_from(elapsed.as_millis()).expect("a test is short");
        Moment { wall: Timestamp::from_millisecond(ms).expect("a test is short"), elapsed }
    }
}
