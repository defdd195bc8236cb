//! What operations say on the bus: which event stands for which moment.

use crate::event::payload::{
    ActionApplied, BuildStarted, DiagnosticsUpdated, Ended, LockHolder, OperationQueued, OperationStarted,
    PreviewReady, ReconcileFinished, ReconcileReason, ReconcileStarted, RuntimeStateChanged,
};
use crate::event::{Cause, Kind, MAX_LISTED, Notice, Reporter};
use crate::fs::Holder;
use crate::plan::Action;
use crate::service::{Answer, OperationClass, Plan, Service, Status, View};
use crate::snapshot::{Changes, Dirty, State};
use crate::value::PlanId;

/// An operation waits for the write lane.
pub(super) fn queued(reporter: &Reporter, service: Service) {
    let notice = Notice::new(Kind::OperationQueued, format!("{} waits", service.name()));
    reporter.emit(notice.payload(&OperationQueued { service }));
}

/// An operation runs.
pub(super) fn started(reporter: &Reporter, service: Service, operation_class: OperationClass) -> Option<Cause> {
    let notice = Notice::new(Kind::OperationStarted, format!("{} runs", service.name()));
    let cause = reporter.emit(notice.payload(&OperationStarted { service, operation_class }));
    if service == Service::Build {
        reporter.emit(Notice::new(Kind::BuildStarted, "build started").payload(&BuildStarted {}));
    }
    cause
}

/// An operation waits for another process.
pub(super) fn waiting(reporter: &Reporter, holder: Option<&Holder>) {
    if let Some(Holder { pid, host, service, .. }) = holder {
        reporter.waiting(&LockHolder { pid: *pid, host: host.clone(), service: service.clone() });
    }
}

/// The project's state is another.
pub(super) fn state_changed(reporter: &Reporter, view: &View, previous: Option<State>) {
    let state = view.state.state;
    let word = serde_json::to_value(state).unwrap_or_default();
    let notice =
        Notice::new(Kind::RuntimeStateChanged, format!("the project is {}", word.as_str().unwrap_or_default()));
    let said = RuntimeStateChanged { state, previous, reasons: view.state.reasons.clone() };
    reporter.emit(notice.payload(&said).at_revision(view.snapshot.revision));
}

/// A mutation is planned, and nothing was done.
pub(super) fn previewed(reporter: &Reporter, plan: &Plan, answer: &Answer) -> Option<Cause> {
    let n = plan.actions.len();
    let steps = if n == 1 { "1 step".to_owned() } else { format!("{n} steps") };
    let notice = Notice::new(Kind::PreviewReady, format!("planned in {steps}: {}", answer.summary));
    let said = PreviewReady { plan_id: plan.plan_id };
    reporter.finish(notice.payload(&said).about(answer.affected.clone()).at_revision(plan.revision))
}

/// A mutation is durable and its snapshot published; or there was nothing to do.
pub(super) fn applied(
    reporter: &Reporter,
    answer: &Answer,
    view: &View,
    (actions, plan_id): (&[Action], Option<PlanId>),
    changes: Option<&Changes>,
) {
    let revision = view.snapshot.revision;
    if let Some(changes) = changes {
        reporter.assets(Kind::AssetDiscovered, revision, &changes.discovered);
        reporter.assets(Kind::AssetChanged, revision, &changes.changed);
        reporter.assets(Kind::AssetRemoved, revision, &changes.removed);
        reporter.emit(found(view));
    }
    let said = ActionApplied {
        plan_id,
        actions: actions.iter().take(MAX_LISTED).collect(),
        actions_total: (actions.len() > MAX_LISTED).then_some(actions.len() as u64),
    };
    let notice = Notice::new(Kind::ActionApplied, answer.summary.clone()).payload(&said);
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
        let n = answer.diagnostics.len() as u64;
        let notice = Notice::new(Kind::DiagnosticsUpdated, counted(n));
        reporter.emit(notice.payload(&DiagnosticsUpdated { structural: n }));
    }
    let said = Ended::of(answer.status, &answer.blockers, &answer.diagnostics);
    reporter.finish(Notice::new(kind, answer.summary.clone()).payload(&said).about(answer.affected.clone()));
}

/// An operation was taken out of the queue before its turn came.
pub(super) fn removed(reporter: &Reporter, answer: &Answer) {
    let said = Ended::of(answer.status, &answer.blockers, &answer.diagnostics);
    reporter.finish(Notice::new(Kind::ActionFailed, answer.summary.clone()).payload(&said));
}

/// The workspace is being read.
pub(super) fn reconcile_started(reporter: &Reporter, reason: ReconcileReason, dirty: &Dirty) -> Option<Cause> {
    let folders = (!dirty.everything).then_some(dirty.folders.len() as u64);
    let summary = match folders {
        None => "reading the workspace".to_owned(),
        Some(1) => "reading 1 folder".to_owned(),
        Some(n) => format!("reading {n} folders"),
    };
    let notice = Notice::new(Kind::ReconcileStarted, summary);
    reporter.emit(notice.payload(&ReconcileStarted { reason, folders }))
}

/// The workspace was read, and the difference is published.
pub(super) fn reconciled(reporter: &Reporter, view: &View, changes: &Changes) {
    let revision = view.snapshot.revision;
    if changes.any {
        reporter.assets(Kind::AssetDiscovered, revision, &changes.discovered);
        reporter.assets(Kind::AssetChanged, revision, &changes.changed);
        reporter.assets(Kind::AssetRemoved, revision, &changes.removed);
        reporter.emit(found(view));
    }
    finish_reconcile(reporter, view, changes);
}

/// A reconcile that was announced does not take place any more.
pub(super) fn reconcile_dropped(reporter: &Reporter) {
    removed(
        reporter,
        &Answer { status: Status::Cancelled, ..Answer::failed("the project was closed; nothing was read") },
    );
}

fn finish_reconcile(reporter: &Reporter, view: &View, changes: &Changes) {
    let [discovered, changed, removed] =
        [&changes.discovered, &changes.changed, &changes.removed].map(|assets| assets.len() as u64);
    let summary = match changes.any {
        false => "nothing differs".to_owned(),
        true => {
            let assets = if discovered == 1 { "asset" } else { "assets" };
            format!("{discovered} {assets} discovered, {changed} changed, {removed} removed")
        }
    };
    let said = ReconcileFinished { status: Status::Ok, discovered, changed, removed };
    let notice = Notice::new(Kind::ReconcileFinished, summary).payload(&said);
    reporter.finish(notice.at_revision(view.snapshot.revision));
}

fn found(view: &View) -> Notice {
    let structural = view.findings.all().len() as u64;
    let notice = Notice::new(Kind::DiagnosticsUpdated, counted(structural));
    notice.payload(&DiagnosticsUpdated { structural }).at_revision(view.snapshot.revision)
}

fn counted(structural: u64) -> String {
    if structural == 1 { "1 structural finding".to_owned() } else { format!("{structural} structural findings") }
}
