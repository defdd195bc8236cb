//! What runs in the write lane: mutations, builds and what tidies the cache, under the workspace's lock.

use std::cell::RefCell;

use super::open::{Open, respond};
use super::{report, state};
use crate::build::{finish_publication, sweep_staged};
use crate::event::{Cause, Reporter, payload::ReconcileReason};
use crate::fs::{Holder, LockError, WorkspaceLock};
use crate::plan::recover::{Recovered, Unsettled, recover, sweep_private};
use crate::service::{self, Answer, Blocker, BlockerCode, Request, Response, Service, Status};
use crate::value::{Cancel, OperationId, RelPath};
use crate::workspace::layout;

/// One operation in the lane.
pub(super) struct Operation<'a> {
    pub(super) id: OperationId,
    pub(super) request: &'a Request,
    pub(super) reporter: &'a Reporter,
    pub(super) cancel: &'a Cancel,
}

impl Open {
    /// Runs an operation in its turn.
    pub(super) fn write(&self, operation: &Operation<'_>) -> Response {
        let (service, reporter) = (operation.request.service(), operation.reporter);
        let started = report::started(reporter, service, operation.request.class());
        let locked = self.lock(operation).and_then(|lock| self.settle_unfinished(operation).map(|()| lock));
        let _lock = match locked {
            Ok(lock) => lock,
            Err(answer) => return self.not_done(operation, answer),
        };
        match operation.request {
            Request::Build(build) => self.build(operation, *build, started),
            Request::PruneCache(prune) => self.prune_cache(operation, *prune),
            _ => self.mutate(operation, started),
        }
    }

    /// Waits for the workspace's lock, and says for whom.
    fn lock(&self, operation: &Operation<'_>) -> Result<WorkspaceLock, Answer> {
        let private = RelPath::literal(layout::PRIVATE);
        let who = (operation.request.service().name(), operation.id);
        let wait = (self.packer.lock_wait, operation.cancel);
        let said: RefCell<Option<Holder>> = RefCell::default();
        let waiting = |holder: Option<&Holder>| {
            if holder.is_some() && said.borrow().as_ref() != holder {
                report::waiting(operation.reporter, holder);
                *said.borrow_mut() = holder.cloned();
            }
        };
        WorkspaceLock::acquire_telling(&self.fs, &private, who, wait, self.trusts_lock(), &waiting)
            .map_err(|error| locked_out(&error))
    }

    /// Ends what was stopped half-way, before anything else is written.
    fn settle_unfinished(&self, operation: &Operation<'_>) -> Result<(), Answer> {
        if matches!(operation.request, Request::Recover(_)) {
            return Ok(());
        }
        let view = self.published.load();
        let recovered = recover(&*self.fs).map_err(|unsettled| not_recovered(&unsettled))?;
        finish_publication(&*self.fs).map_err(service::not_published)?;
        // What the doctor found left is the fix's to remove.
        if !matches!(operation.request, Request::ApplyFixes(_)) {
            sweep_private(&*self.fs);
            // What stays is still named, for who writes next.
            let _ = sweep_staged(&*self.fs);
        }
        // An entry that left the quarantine may have left its folder, where that could not be removed then.
        for fault in &view.snapshot.quarantine.faults {
            let _ = self.fs.remove_dir(&fault.path);
        }
        let is_settled =
            |code: &str| [state::RECOVERY_NEEDED, state::INDETERMINATE, state::ANOTHER_COMMITS].contains(&code);
        if view.marks.0.iter().any(|mark| is_settled(&mark.reason.code)) {
            self.publish(operation.reporter, None, |view| {
                view.marks.0.retain(|mark| !is_settled(&mark.reason.code));
            });
        }
        if recovered != Recovered::Nothing {
            self.reconcile_all(ReconcileReason::Behind, None);
        }
        Ok(())
    }

    /// A build looks at all files itself. What it works on stays as it is while others go on publishing.
    fn build(&self, operation: &Operation<'_>, build: service::Build, started: Option<Cause>) -> Response {
        let service = Service::Build;
        let view = self.reconcile_all(ReconcileReason::Asked, started);
        let (answer, records) = self.packer.threads().install(|| {
            let context = self.context(&view, (operation.id, operation.reporter, operation.cancel));
            service::build(&context, build)
        });
        let is_unfinished = answer.status == Status::Indeterminate;
        let after = {
            let _writing = self.writing();
            self.publish(operation.reporter, started, |view| {
                view.remember(records);
                view.marks.0.extend(is_unfinished.then(state::publication_unfinished));
            })
        };
        self.store_listing(operation.id);
        report::ended(operation.reporter, service, &answer);
        // What it worked on is of one view. That it is unfinished is known since.
        let view = if is_unfinished { &after } else { &view };
        respond(view, service, operation.request.class(), Some(operation.id), answer)
    }

    /// What is known stays as it is: the cache is no part of it.
    fn prune_cache(&self, operation: &Operation<'_>, prune: service::PruneCache) -> Response {
        let view = self.published.load();
        let context = self.context(&view, (operation.id, operation.reporter, operation.cancel));
        let answer = service::prune_cache(&context, prune);
        if answer.status != Status::Ok {
            return self.not_done(operation, answer);
        }
        report::applied(operation.reporter, &answer, &view, (&[], None), None);
        respond(&view, Service::PruneCache, operation.request.class(), Some(operation.id), answer)
    }

    /// The end of an operation that did nothing.
    pub(super) fn not_done(&self, operation: &Operation<'_>, answer: Answer) -> Response {
        let service = operation.request.service();
        report::ended(operation.reporter, service, &answer);
        respond(&self.published.load(), service, operation.request.class(), Some(operation.id), answer)
    }
}

pub(super) fn locked_out(error: &LockError) -> Answer {
    let message = error.to_string();
    match error {
        LockError::Held(_) => {
            let help = "wait for it to finish, or wait longer with `--wait SECONDS`";
            Answer::blocked(vec![Blocker::new(BlockerCode::WorkspaceLocked, message, help)])
        }
        LockError::Unproven(_) => {
            let help = "if only this machine ever writes there, set `trust_lock = true` under `[workspace]` in packwright.toml";
            Answer::blocked(vec![Blocker::new(BlockerCode::LockUnproven, message, help)])
        }
        LockError::Fs(error) if error.is_read_only() => {
            let help = "give yourself permission to write there; reads work all the same";
            Answer::blocked(vec![Blocker::new(BlockerCode::ReadOnly, message, help)])
        }
        LockError::Cancelled => Answer::cancelled(),
        LockError::Fs(_) => Answer::failed(message),
    }
}

/// Nothing was done, because what was stopped half-way could not be ended first.
pub(super) fn not_recovered(unsettled: &Unsettled) -> Answer {
    if !unsettled.is_conflict() {
        return Answer::failed(format!("an unfinished operation could not be ended: {unsettled}"));
    }
    let help = "`packwright recover` shows it, and ends it with `--undo` or `--keep`";
    let blocker = |message: String| Blocker::new(BlockerCode::RecoveryNeeded, message, help);
    let blockers = match unsettled {
        Unsettled::Conflicts { operation, conflicts } => conflicts
            .iter()
            .map(|conflict| {
                blocker(format!("operation {operation} was stopped half-way, and cannot be taken back: {conflict}"))
            })
            .collect(),
        other => vec![blocker(other.to_string())],
    };
    Answer::blocked(blockers)
}
