//! What this room's tests share: a clock that stands still, and short ways to say who and what.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Clock, Event, Kind, Moment, Payload, Progress, Subscription};
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

/// What an event of this kind has to say at least.
pub(super) fn sample(kind: Kind, sequence: u64) -> Event {
    let mut event = event(kind, sequence);
    event.terminal = kind.may_end() && kind != Kind::DiagnosticsUpdated;
    event.progress = (kind == Kind::ProgressUpdated).then(|| Progress::new("import", 1, 2));
    if kind.is_counted() {
        event.affected_assets = vec![asset("a")];
    }
    event.payload = fields(sample_payload(kind));
    event
}

fn sample_payload(kind: Kind) -> Value {
    let blocker = json!({"code": "not_found", "message": "nothing is named `a`", "help": "look at the list"});
    match kind {
        Kind::AssetDiscovered | Kind::AssetChanged | Kind::AssetRemoved => json!({}),
        Kind::BuildStarted | Kind::ProgressUpdated => json!({}),
        Kind::DiagnosticsUpdated => json!({"structural": 0}),
        Kind::BuildFinished => json!({"status": "ok", "blockers": [], "diagnostics": [], "diagnostics_total": 0}),
        Kind::ActionFailed => {
            json!({"status": "blocked", "blockers": [blocker], "diagnostics": [], "diagnostics_total": 0})
        }
        Kind::CacheHit => json!({"count": 1}),
        Kind::CacheMiss => json!({"count": 1, "reasons": [{"root": "a", "reason": "new"}]}),
        Kind::PreviewReady => json!({"plan_id": Uuid::nil()}),
        Kind::ActionApplied => json!({"actions": []}),
        Kind::RuntimeStateChanged => json!({"state": "healthy", "reasons": []}),
        Kind::OperationQueued => json!({"service": "build"}),
        Kind::OperationStarted => json!({"service": "register_asset", "operation_class": "workspace_mutation"}),
        Kind::ReconcileStarted => json!({"reason": "hints", "folders": 2}),
        Kind::ReconcileFinished => json!({"status": "ok", "discovered": 0, "changed": 1, "removed": 0}),
        Kind::StreamGap => json!({"from": 1, "to": 2, "lifecycle": 1}),
    }
}

/// An event of each kind at its simplest, and some that say all they can.
pub(super) fn samples() -> Vec<Event> {
    let finding = json!({"code": "S201", "severity": "error", "message": "`a` is gone", "asset": null, "related": []});
    let said = |kind, more: Value| {
        let mut event = sample(kind, 1);
        event.payload.extend(fields(more));
        event
    };
    let mut samples: Vec<Event> = Kind::ALL.iter().map(|kind| sample(*kind, 1)).collect();
    samples.extend([
        said(Kind::AssetChanged, json!({"count": 3, "merged": 2})),
        said(
            Kind::ActionApplied,
            json!({"actions": [{"action_id": 1, "kind": "write_file", "nature": "additive",
            "path": "assets/a/asset.json", "bytes": 90}]}),
        ),
        said(Kind::BuildFinished, json!({"status": "cancelled", "diagnostics": [finding], "diagnostics_total": 1})),
        said(Kind::ProgressUpdated, json!({"waiting_for": {"pid": 7, "host": "desk", "service": "build"}})),
        said(Kind::ReconcileStarted, json!({"reason": "opened", "folders": null})),
        said(
            Kind::RuntimeStateChanged,
            json!({"state": "diverged", "previous": "reconciling", "reasons": [
            {"code": "root_missing", "message": "registered folders are gone", "count": 1,
             "cause": {"operation_id": Uuid::nil(), "sequence": 3}}]}),
        ),
        said(Kind::StreamGap, json!({"other_run": Uuid::nil()})),
        Event {
            terminal: true,
            payload: fields(sample_payload(Kind::BuildFinished)),
            ..sample(Kind::DiagnosticsUpdated, 1)
        },
    ]);
    samples
}

pub(super) fn fields(object: Value) -> Payload {
    match object {
        Value::Object(fields) => fields,
        other => panic!("{other} is no object"),
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
