//! What runs in the write lane: mutations and builds, under the workspace's lock.

use std::cell::RefCell;

use super::open::{Open, Writing, respond};
use super::reconcile::{Asked, scope_of};
use super::{report, state};
use crate::build::{OutputPaths, finish_publication, is_publication_unfinished};
use crate::diagnose::Findings;
use crate::event::{Cause, Reporter, payload::ReconcileReason};
use crate::fs::{Holder, LockError, WorkspaceLock};
use crate::plan::{Action, CommitError, Planned, commit};
use crate::service::{
    self, Answer, Blocker, BlockerCode, OperationClass, Proposal, Request, Response, Service, Status, View,
};
use crate::snapshot::{Dirty, RegistryChange, Scope};
use crate::sync::{Arc, lock};
use crate::value::{Cancel, ContentHash, OperationId, RelPath};
use crate::workspace::layout;

/// One operation in the lane.
pub(super) struct Operation<'a> {
    pub(super) id: OperationId,
    pub(super) request: &'a Request,
    pub(super) reporter: &'a Reporter,
    pub(super) cancel: &'a Cancel,
}

/// How often a mutation is planned at most, where files are edited by hand between its plan and its commit.
const MOST_PLANS: usize = 3;

/// A mutation that was not made, or is in doubt.
struct Undone {
    answer: Answer,
    /// What would have been done.
    actions: Vec<Action>,
    /// Whether a file is not as it was planned on any more, so that planning again may help.
    is_outdated: bool,
}

impl Undone {
    const fn new(answer: Answer, actions: Vec<Action>) -> Self {
        Self { answer, actions, is_outdated: false }
    }
}

impl Open {
    /// Runs an operation in its turn.
    pub(super) fn write(&self, operation: &Operation<'_>) -> Response {
        let (service, reporter) = (operation.request.service(), operation.reporter);
        let started = report::started(reporter, service, operation.request.class());
        let locked = self.lock(operation).and_then(|lock| self.settle_publication(operation).map(|()| lock));
        let _lock = match locked {
            Ok(lock) => lock,
            Err(answer) => return self.not_done(operation, answer),
        };
        match operation.request {
            Request::Build(build) => self.build(operation, *build, started),
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

    /// Finishes what a killed build left, before anything else is written.
    fn settle_publication(&self, operation: &Operation<'_>) -> Result<(), Answer> {
        let view = self.published.load();
        if is_publication_unfinished(&*self.fs)
            && let Ok(settings) = view.snapshot.settings()
        {
            finish_publication(&*self.fs, &OutputPaths::of(settings)).map_err(service::not_published)?;
        }
        let is_settled =
            |code: &str| [state::RECOVERY_NEEDED, state::INDETERMINATE, state::ANOTHER_COMMITS].contains(&code);
        if view.marks.0.iter().any(|mark| is_settled(&mark.reason.code)) {
            self.publish(operation.reporter, None, |view| {
                view.marks.0.retain(|mark| !is_settled(&mark.reason.code));
            });
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
        {
            let _writing = self.writing();
            self.publish(operation.reporter, None, |view| view.remember(records));
        }
        self.store_listing(operation.id);
        report::ended(operation.reporter, service, &answer);
        respond(&view, service, operation.request.class(), Some(operation.id), answer)
    }

    /// Plans on what is there and commits, again where somebody edits it in between.
    fn mutate(&self, operation: &Operation<'_>, started: Option<Cause>) -> Response {
        let writing = self.writing();
        for _ in 1..MOST_PLANS {
            match self.plan_and_commit(&writing, operation, started) {
                Err(Undone { is_outdated: true, .. }) => {}
                other => return self.answered(operation, other),
            }
        }
        self.answered(operation, self.plan_and_commit(&writing, operation, started))
    }

    fn answered(&self, operation: &Operation<'_>, done: Result<Response, Undone>) -> Response {
        done.unwrap_or_else(|Undone { answer, actions, .. }| Response {
            proposed_actions: actions,
            ..self.not_done(operation, answer)
        })
    }

    fn plan_and_commit(
        &self,
        writing: &Writing<'_>,
        operation: &Operation<'_>,
        started: Option<Cause>,
    ) -> Result<Response, Undone> {
        let view = self.catch_up(writing, operation.request, started);
        let context = self.context(&view, (operation.id, operation.reporter, operation.cancel));
        let Proposal { planned, actions, answer } =
            propose(&context, operation.request).map_err(|answer| Undone::new(answer, Vec::new()))?;
        if operation.cancel.is_cancelled() {
            return Err(Undone::new(cancelled(), actions));
        }
        if !actions.is_empty() {
            self.publish(operation.reporter, started, |view| {
                view.marks.0.push(state::committing(scope_of_plan(&planned, view), started));
            });
        }
        // Before the first write, so that hints of it find this.
        *lock(&self.written) = written(&planned, &view).folders;
        if let Err(error) = commit(&*self.fs, &planned, operation.id) {
            return Err(self.not_durable(writing, operation, (&planned, actions), started, &error));
        }
        let service = operation.request.service();
        let view = self.take_over(writing, operation, &planned, started, |view| {
            report::applied(operation.reporter, service, &answer, view, &actions);
        });
        let class =
            if planned.writes_files() { OperationClass::WorkspaceMutation } else { OperationClass::RegistryMutation };
        let response = respond(&view, service, class, Some(operation.id), answer);
        Ok(Response { applied_actions: actions, ..response })
    }

    /// After a commit that was not made, or is in doubt.
    fn not_durable(
        &self,
        writing: &Writing<'_>,
        operation: &Operation<'_>,
        (planned, actions): (&Planned, Vec<Action>),
        started: Option<Cause>,
        error: &CommitError,
    ) -> Undone {
        let is_in_doubt = matches!(error, CommitError::Indeterminate(_));
        let mark = is_in_doubt.then(|| state::indeterminate(started));
        self.publish(operation.reporter, started, |view| {
            view.marks.0.retain(|mark| mark.reason.code != state::COMMITTING);
            view.marks.0.extend(mark);
        });
        if is_in_doubt {
            let dirty = Dirty { registry: true, ..written(planned, &self.published.load()) };
            self.read_again(writing, Asked { dirty, why: ReconcileReason::Behind, cause: started });
        }
        let is_outdated = matches!(error, CommitError::Changed(_));
        Undone { answer: not_committed(error), actions, is_outdated }
    }

    /// Looks again at what a mutation relies on: all there is, or, where the workspace is observed, settings, registry, the
    /// folders that the request names, and what was hinted and has not been looked at.
    fn catch_up(&self, writing: &Writing<'_>, request: &Request, started: Option<Cause>) -> Arc<View> {
        let view = self.published.load();
        let is_blind = view.marks.0.iter().any(|mark| matches!(mark.scope, Scope::Everything));
        let dirty = if self.watcher.data().active && !is_blind {
            let mut dirty = relied_on(request, &view);
            let hinted = view.marks.0.iter().filter_map(|mark| match &mark.scope {
                Scope::Folders(folders) => Some(folders.iter().cloned()),
                _ => None,
            });
            dirty.merge(&Dirty::folders(hinted.flatten()));
            dirty
        } else {
            Dirty::everything()
        };
        self.read_again(writing, Asked { dirty, why: ReconcileReason::Behind, cause: started })
    }

    /// Publishes what a commit made.
    fn take_over(
        &self,
        _writing: &Writing<'_>,
        operation: &Operation<'_>,
        planned: &Planned,
        started: Option<Cause>,
        then: impl FnOnce(&View),
    ) -> Arc<View> {
        let before = self.published.load();
        let nothing = RegistryChange::default();
        let (change, digest) =
            planned.registry.as_ref().map_or((&nothing, ContentHash::of(b"")), |write| (&write.change, write.digest));
        let folders = written(planned, &before);
        let reading = self
            .threads
            .install(|| self.reader().committed(&before.snapshot, &before.listing, &folders, (change, digest)));
        let findings = match reading.changes.any {
            true => Arc::new(Findings::of(&reading.snapshot, &*self.fs)),
            false => Arc::clone(&before.findings),
        };
        let change = |view: &mut View| {
            (view.snapshot, view.listing, view.findings) = (reading.snapshot, reading.listing, findings);
            view.marks.0.retain(|mark| mark.reason.code != state::COMMITTING);
        };
        self.publish_then(operation.reporter, started, change, then)
    }

    /// The end of an operation that did nothing.
    fn not_done(&self, operation: &Operation<'_>, answer: Answer) -> Response {
        let service = operation.request.service();
        report::ended(operation.reporter, service, &answer);
        respond(&self.published.load(), service, operation.request.class(), Some(operation.id), answer)
    }
}

fn propose(context: &service::Context<'_>, request: &Request) -> Result<Proposal, Answer> {
    match request {
        Request::RegisterAsset(register) => service::register(context, register),
        Request::IncludeAssetInBuild(selection) => service::inclusion(context, selection, true),
        Request::ExcludeAssetFromBuild(selection) => service::inclusion(context, selection, false),
        Request::RemoveAsset(remove) => service::remove(context, remove),
        Request::AllowFindings(allow) => service::allow_findings(context, allow),
        _ => Err(Answer::failed("BUG: a service that is no mutation")),
    }
}

/// What a mutation stands on, beside settings and registry.
fn relied_on(request: &Request, view: &View) -> Dirty {
    let tree = &view.snapshot.tree;
    let whole = |root: RelPath| {
        let parent = root.parent();
        let within: Vec<RelPath> = tree.folders_within(&root).map(|(path, _)| path.clone()).collect();
        within.into_iter().chain(parent).chain([root])
    };
    let roots: Vec<RelPath> = match request {
        Request::RegisterAsset(register) => {
            let parsed = |text: &String| match text.trim_end_matches('/') {
                "" | "." => Some(RelPath::root()),
                text => RelPath::parse(text).ok(),
            };
            register.roots.iter().filter_map(parsed).collect()
        }
        Request::IncludeAssetInBuild(selection) | Request::ExcludeAssetFromBuild(selection) => {
            selected_roots(view, &selection.selectors)
        }
        Request::RemoveAsset(remove) => selected_roots(view, &remove.selectors),
        // What is found may lie anywhere.
        Request::AllowFindings(_) => vec![RelPath::root()],
        _ => Vec::new(),
    };
    let mut dirty = Dirty { settings: true, registry: true, ..Dirty::default() };
    if roots.iter().any(RelPath::is_root) {
        dirty.merge(&Dirty::everything());
    } else {
        dirty.merge(&Dirty::folders(roots.into_iter().flat_map(whole)));
    }
    dirty
}

fn selected_roots(view: &View, selectors: &[String]) -> Vec<RelPath> {
    let selected = view.snapshot.select(selectors).unwrap_or_default();
    selected.into_values().filter_map(|asset| asset.root.clone().ok()).collect()
}

/// The folders in which a plan writes manifests, and whether it writes the settings.
fn written(planned: &Planned, view: &View) -> Dirty {
    let assets_dir = view.snapshot.assets_dir();
    let new = planned.new_files.iter().map(|(path, _)| path);
    let paths = new.chain(planned.edited_files.iter().map(|(path, _, _)| path));
    let settings = paths.clone().any(|path| path.as_str() == layout::SETTINGS);
    let folders = paths.filter_map(|path| {
        let below = path.parent()?.below(&assets_dir)?.to_owned();
        let root = below.split('/').filter(|name| !name.is_empty()).fold(RelPath::root(), |at, name| at.entry(name));
        Some(root.nfc())
    });
    Dirty { settings, ..Dirty::folders(folders) }
}

fn scope_of_plan(planned: &Planned, view: &View) -> Scope {
    let files = written(planned, view);
    if !files.is_empty() {
        return scope_of(&files);
    }
    let change = planned.registry.as_ref().map(|write| &write.change);
    let keys = change.into_iter().flat_map(|change| change.changed.keys().chain(&change.removed));
    Scope::Assets(keys.cloned().collect())
}

/// Nothing was done, because somebody said so.
pub(super) fn cancelled() -> Answer {
    Answer { status: Status::Cancelled, ..Answer::failed("cancelled; nothing was done") }
}

fn locked_out(error: &LockError) -> Answer {
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
        LockError::Cancelled => cancelled(),
        LockError::Fs(_) => Answer::failed(message),
    }
}

fn not_committed(error: &CommitError) -> Answer {
    match error {
        CommitError::Indeterminate(_) => Answer { status: Status::Indeterminate, ..Answer::failed(error.to_string()) },
        CommitError::Failed(inner) if inner.is_read_only() => {
            let help = "give yourself permission to write there";
            Answer::blocked(vec![Blocker::new(BlockerCode::ReadOnly, error.to_string(), help)])
        }
        CommitError::Failed(_) => Answer::failed(format!("nothing was done: {error}")),
        CommitError::Changed(_) => Answer::failed(format!("nothing was done: {error}; try again")),
    }
}
