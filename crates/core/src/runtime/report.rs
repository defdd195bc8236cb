//! What operations say on the bus: which event stands for which moment.

use serde_json::Value;

use crate::event::payload::{
    BuildStarted, DiagnosticsUpdated, Ended, OperationQueued, OperationStarted, ReconcileFinished, ReconcileReason,
    ReconcileStarted, RuntimeStateChanged,
};
use crate::event::{Kind, Notice, Reporter};
use crate::service::{Answer, OperationClass, Service, Status};
use crate::snapshot::{RuntimeState, Snapshot};

/// An operation waits for the write lane.
pub(super) fn queued(reporter: &Reporter, service: Service) {
    let notice = Notice::new(Kind::OperationQueued, format!("{} waits", service.name()));
    reporter.emit(notice.payload(&OperationQueued { service }));
}

/// An operation runs.
pub(super) fn started(reporter: &Reporter, service: Service, class: OperationClass) {
    let notice = Notice::new(Kind::OperationStarted, format!("{} runs", service.name()));
    reporter.emit(notice.payload(&OperationStarted { service, operation_class: class }));
    if service == Service::Build {
        reporter.emit(Notice::new(Kind::BuildStarted, "build started").payload(&BuildStarted {}));
    }
}

/// A snapshot that was published, and what is said of it.
pub(super) struct Published<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) state: &'a RuntimeState,
    /// How many structural findings the rules have in it.
    pub(super) structural: usize,
}

/// A mutation is durable and its snapshot published.
pub(super) fn applied(reporter: &Reporter, service: Service, answer: &Answer, now: &Published<'_>, actions: Value) {
    let revision = now.snapshot.revision;
    reporter.emit(state_changed(now.state).at_revision(revision));
    let kind = match service {
        Service::RegisterAsset => Kind::AssetDiscovered,
        Service::RemoveAsset => Kind::AssetRemoved,
        _ => Kind::AssetChanged,
    };
    reporter.assets(kind, revision, &answer.affected);
    reporter.emit(found(now));
    let notice = Notice::new(Kind::ActionApplied, answer.summary.clone()).with("actions", actions);
    reporter.finish(notice.about(answer.affected.clone()).at_revision(revision));
}

/// An operation came to another end than the one it was meant to.
pub(super) fn ended(reporter: &Reporter, service: Service, answer: &Answer) {
    let kind = match service {
        Service::Build => Kind::BuildFinished,
        Service::Doctor if answer.status == Status::Ok => Kind::DiagnosticsUpdated,
        _ => Kind::ActionFailed,
    };
    if service == Service::Build {
        reporter.emit(diagnostics(answer));
    }
    let notice = Notice::new(kind, answer.summary.clone())
        .payload(&Ended::of(answer.status, &answer.blockers, &answer.diagnostics))
        .about(answer.affected.clone());
    reporter.finish(notice);
}

/// What is wrong, counted.
fn diagnostics(answer: &Answer) -> Notice {
    let summary = format!("{} findings", answer.diagnostics.len());
    Notice::new(Kind::DiagnosticsUpdated, summary)
        .payload(&DiagnosticsUpdated { structural: answer.diagnostics.len() as u64 })
}

/// The workspace was read when it was opened.
pub(super) fn opened(reporter: &Reporter, now: &Published<'_>) {
    let revision = now.snapshot.revision;
    let started = ReconcileStarted { reason: ReconcileReason::Opened, folders: None };
    reporter.emit(Notice::new(Kind::ReconcileStarted, "reading the workspace").payload(&started));
    reporter.emit(state_changed(now.state).at_revision(revision));
    let assets: Vec<_> = now.snapshot.registered().iter().map(crate::snapshot::Asset::reference).collect();
    reporter.assets(Kind::AssetDiscovered, revision, &assets);
    reporter.emit(found(now));
    let summary = format!("read {} registered assets", assets.len());
    let finished = ReconcileFinished { status: Status::Ok, discovered: assets.len() as u64, changed: 0, removed: 0 };
    reporter.finish(Notice::new(Kind::ReconcileFinished, summary).payload(&finished).at_revision(revision));
}

fn found(now: &Published<'_>) -> Notice {
    let notice = Notice::new(Kind::DiagnosticsUpdated, format!("{} structural findings", now.structural));
    notice.payload(&DiagnosticsUpdated { structural: now.structural as u64 }).at_revision(now.snapshot.revision)
}

fn state_changed(state: &RuntimeState) -> Notice {
    let word = json(&state.state);
    let summary = format!("the project is {}", word.as_str().unwrap_or_default());
    let said = RuntimeStateChanged { state: state.state, previous: None, reasons: state.reasons.clone() };
    Notice::new(Kind::RuntimeStateChanged, summary).payload(&said)
}

pub(super) fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
