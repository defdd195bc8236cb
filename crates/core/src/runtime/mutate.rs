//! Mutations: how one is planned, and how it is done, from the plan to the published snapshot.
//!
//! However a mutation is asked for, it is planned on what is there now. A plan that somebody looked at is planned again with
//! the same identities, and is done only where it comes out the same.

use super::open::{Open, Writing, respond};
use super::reconcile::{Asked, scope_of};
use super::wanted::{Expected, Wanted};
use super::write::Operation;
use super::{report, state};
use crate::diagnose::{Diagnostic, Findings};
use crate::event::{Cause, Progress, Reporter, payload::ReconcileReason};
use crate::plan::{Action, Change, CommitError, Nature, Planned, Told, commit};
use crate::service::{
    self, Answer, ApplyPlan, Asked as AskedFor, Blocker, BlockerCode, Context, Data, Minted, Mode, OperationClass,
    Plan, PlanData, Proposal, Request, Response, Settlement, Status, View,
};
use crate::snapshot::{Dirty, Reading, RegistryChange, Scope};
use crate::sync::{Arc, lock};
use crate::value::{Cancel, ContentHash, OperationId, PlanId, RelPath};

/// How often a mutation is planned at most, where files are edited by hand between its plan and its commit.
const MOST_PLANS: usize = 3;

/// So few steps are done before anybody could see how far they have come.
const FEW_STEPS: u64 = 16;

/// A mutation that was not made, or is in doubt.
pub(super) struct Undone {
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

/// A plan as it was drawn up.
struct Drawn {
    proposal: Proposal,
    settlement: Option<Settlement>,
    minted: Minted,
}

impl Open {
    /// Plans on what is there and commits, again where somebody edits it in between.
    pub(super) fn mutate(&self, operation: &Operation<'_>, started: Option<Cause>) -> Response {
        let wanted = match Wanted::of(operation.request, &self.plans) {
            Ok(wanted) => wanted,
            Err(answer) => return self.not_done(operation, answer),
        };
        let writing = self.writing();
        let mut done = self.plan_and_commit(&writing, operation, &wanted, started);
        for _ in 1..MOST_PLANS {
            match done {
                Err(Undone { is_outdated: true, .. }) => {
                    done = self.plan_and_commit(&writing, operation, &wanted, started);
                }
                _ => break,
            }
        }
        done.unwrap_or_else(|Undone { answer, actions, .. }| Response {
            proposed_actions: actions,
            ..self.not_done(operation, answer)
        })
    }

    /// The plan that an operation applies, as its preview said it: the cause of all that comes of it.
    pub(super) fn cause_of(&self, request: &Request) -> Option<Cause> {
        match request.asked() {
            Some(AskedFor::As(ApplyPlan { plan_id: Some(id), .. })) => self.plans.get(*id).ok()?.cause,
            _ => None,
        }
    }

    fn plan_and_commit(
        &self,
        writing: &Writing<'_>,
        operation: &Operation<'_>,
        wanted: &Wanted,
        started: Option<Cause>,
    ) -> Result<Response, Undone> {
        let view = self.catch_up(writing, &wanted.request, started);
        let context = self
            .context(&view, (operation.id, operation.reporter, operation.cancel))
            // What nobody has looked at is refused where it moves anything: files are hashed for what is done.
            .planning(wanted.minted.as_ref(), wanted.expected.is_none());
        let drawn = self.threads.install(|| self.draw(&context, wanted));
        let Drawn { proposal, settlement, minted } = match drawn {
            Ok(drawn) => drawn,
            Err(answer) => return Err(Undone::new(self.told_why(&context, wanted, answer), Vec::new())),
        };
        let Proposal { planned, mut answer, reverts } = proposal;
        match self.threads.install(|| self.may_be_done(&context, wanted, &planned, minted)) {
            Ok(appearing) => answer.diagnostics.extend(appearing),
            // Who is asked to say yes is told to what.
            Err(refused) => return Err(Undone::new(refused.about(answer.affected), planned.actions)),
        }
        if operation.cancel.is_cancelled() {
            return Err(Undone::new(Answer::cancelled(), planned.actions));
        }
        let Planned { change, actions, .. } = planned;
        let service = wanted.request.service();
        let class = match (&change, &settlement) {
            (change, None) if !change.touches_files() => OperationClass::RegistryMutation,
            _ => OperationClass::WorkspaceMutation,
        };
        let applied = |view: &View, changes: Option<&crate::snapshot::Changes>| {
            let plan = wanted.expected.as_ref().map(|expected| expected.plan_id);
            report::applied(operation.reporter, &answer, view, (&actions, plan), changes);
        };
        let view = if let Some(settlement) = settlement {
            self.settle_by_hand(writing, operation, &settlement, started, |view| applied(view, None))
                .map_err(|answer| Undone::new(answer, actions.clone()))?
        } else if change.is_empty() {
            self.publish_then(operation.reporter, started, |_| {}, |view| applied(view, None))
        } else {
            let told = Told {
                operation: operation.id,
                service: service.name(),
                summary: answer.summary.clone(),
                affected: answer.affected.clone(),
                actions: serde_json::to_string(&actions).unwrap_or_default(),
                reverts,
            };
            self.commit(writing, operation, (&change, &told), started, applied)
                .map_err(|undone| Undone { actions: actions.clone(), ..undone })?
        };
        if let Some(Expected { plan_id, kept: Some(_), .. }) = &wanted.expected {
            self.plans.used(*plan_id);
        }
        let response = respond(&view, service, class, Some(operation.id), answer);
        Ok(Response { applied_actions: actions, ..response })
    }

    /// Plans a mutation.
    fn draw(&self, context: &Context<'_>, wanted: &Wanted) -> Result<Drawn, Answer> {
        let (proposal, settlement) = match &wanted.request {
            Request::Recover(recover) => {
                let recover = recover.request().copied().unwrap_or_default();
                service::recover(context, recover)?
            }
            request => (service::propose(context, request)?, None),
        };
        Ok(Drawn { proposal, settlement, minted: context.minter.minted() })
    }

    /// Why a mutation cannot be planned: where it is one that somebody looked at, because something changed since.
    fn told_why(&self, context: &Context<'_>, wanted: &Wanted, answer: Answer) -> Answer {
        let Some(expected) = &wanted.expected else { return answer };
        let receipts = expected.receipts();
        let changed = service::changed_since(context, &receipts);
        if changed.is_empty() { answer } else { service::stale(Some(context), &changed, expected.plan_id) }
    }

    /// Whether a mutation is what somebody looked at and said yes to, where that is needed, and leaves the registered world
    /// as whole as it is. Gives the findings that it would bring all the same.
    fn may_be_done(
        &self,
        context: &Context<'_>,
        wanted: &Wanted,
        planned: &Planned,
        minted: Minted,
    ) -> Result<Vec<Diagnostic>, Answer> {
        let needed = planned.consent_required();
        match &wanted.expected {
            None if needed.is_empty() => service::foresee(context, &planned.change).appearing(),
            None => {
                let plan = self.plan(context, &wanted.request, planned, minted)?;
                self.plans.keep(Arc::clone(&plan), None);
                Err(without_consent(plan, &needed))
            }
            Some(expected) => {
                if !expected.is(planned) {
                    let receipts = expected.receipts();
                    let changed = service::changed_since(context, &receipts);
                    return Err(service::stale(Some(context), &changed, expected.plan_id));
                }
                let missing: Vec<Nature> =
                    needed.into_iter().filter(|nature| !expected.consent.contains(nature)).collect();
                if !missing.is_empty() {
                    let plan = match &expected.kept {
                        Some(kept) => Arc::clone(&kept.plan),
                        None => self.plan(context, &wanted.request, planned, minted)?,
                    };
                    return Err(without_consent(plan, &missing));
                }
                service::foresee(context, &planned.change).appearing()
            }
        }
    }

    /// The plan as a person is shown it.
    fn plan(
        &self,
        context: &Context<'_>,
        request: &Request,
        planned: &Planned,
        minted: Minted,
    ) -> Result<Arc<Plan>, Answer> {
        let foreseen = service::foresee(context, &planned.change);
        foreseen.must_not_break()?;
        Ok(Arc::new(Plan {
            plan_id: PlanId::mint(),
            request: Box::new(request.clone().in_mode(Mode::Apply)),
            revision: context.snapshot.revision,
            expires_at: self.plans.expires_at(),
            consent_required: planned.consent_required(),
            minted,
            actions: planned.actions.clone(),
            relied_on: planned.relied_on.clone(),
            outcome: foreseen.outcome(context),
        }))
    }

    /// Plans a mutation and does nothing.
    pub(super) fn preview(&self, request: &Request, operation: OperationId, cancel: &Cancel) -> Response {
        let reporter = self.reporter(operation);
        let (service, class) = (request.service(), request.class());
        let started = report::started(&reporter, service, class);
        let dirty = self.relied_on(request);
        let view = self.reconcile(Asked { dirty, why: ReconcileReason::Asked, cause: started });
        let wanted = Wanted { request: request.clone(), minted: None, expected: None };
        let context = self.context(&view, (operation, &reporter, cancel)).planning(None, true);
        let drawn = self.threads.install(|| self.draw(&context, &wanted));
        let (answer, actions) = match drawn {
            Err(answer) => (Err(answer), Vec::new()),
            Ok(_) if cancel.is_cancelled() => (Err(Answer::cancelled()), Vec::new()),
            Ok(Drawn { proposal, minted, .. }) => {
                let Proposal { planned, answer, .. } = proposal;
                let plan = self.threads.install(|| self.plan(&context, request, &planned, minted));
                (plan.map(|plan| (plan, answer)), planned.actions)
            }
        };
        let answer = match answer {
            Ok((plan, answer)) => {
                let cause = report::previewed(&reporter, &plan, &answer);
                self.plans.keep(Arc::clone(&plan), cause);
                Answer { status: Status::Preview, data: Data::Plan(PlanData { plan }), ..answer }
            }
            Err(answer) => {
                report::ended(&reporter, service, &answer);
                answer
            }
        };
        Response { proposed_actions: actions, ..respond(&view, service, class, Some(operation), answer) }
    }

    /// Makes a change and publishes what came of it.
    fn commit(
        &self,
        writing: &Writing<'_>,
        operation: &Operation<'_>,
        (change, told): (&Change, &Told),
        started: Option<Cause>,
        applied: impl FnOnce(&View, Option<&crate::snapshot::Changes>),
    ) -> Result<Arc<View>, Undone> {
        let assets_dir = self.published.load().snapshot.assets_dir();
        let dirty = change.dirty(&assets_dir);
        self.publish(operation.reporter, started, |view| {
            view.marks.0.push(state::committing(scope_of_change(change, &dirty), started));
        });
        // Before the first write, so that hints of it find this.
        *lock(&self.written) = dirty.folders.clone();
        let total = change.steps.len() as u64;
        let at_step = |n: usize| {
            if total > FEW_STEPS {
                operation.reporter.progress(Progress::new("apply", n as u64, total));
            }
        };
        match commit(&*self.fs, change, told, &at_step) {
            Ok(committed) => {
                let view = self.take_over(writing, operation.reporter, (change, &dirty), started, applied);
                committed.finish(&*self.fs);
                Ok(view)
            }
            Err(error) => Err(self.not_durable(writing, operation, &dirty, started, &error)),
        }
    }

    /// Ends an operation that was stopped half-way, as a person said.
    fn settle_by_hand(
        &self,
        writing: &Writing<'_>,
        operation: &Operation<'_>,
        settlement: &Settlement,
        started: Option<Cause>,
        applied: impl FnOnce(&View),
    ) -> Result<Arc<View>, Answer> {
        self.publish(operation.reporter, started, |view| {
            view.marks.0.push(state::committing(Scope::Project, started));
        });
        let made = settlement.make(&*self.fs);
        self.publish(operation.reporter, started, |view| {
            let is_over = |code: &str| code == state::COMMITTING || made.is_ok() && code == state::RECOVERY_NEEDED;
            view.marks.0.retain(|mark| !is_over(&mark.reason.code));
        });
        self.read_again(writing, Asked { dirty: Dirty::everything(), why: ReconcileReason::Behind, cause: started });
        if let Err(error) = made {
            // Some of it may be done, and it can be asked for again.
            let summary = format!("the unfinished operation is not ended yet: {error}; try again");
            return Err(Answer { status: Status::Indeterminate, ..Answer::failed(summary) });
        }
        Ok(self.publish_then(operation.reporter, started, |_| {}, applied))
    }

    /// After a commit that was not made, or is in doubt.
    fn not_durable(
        &self,
        writing: &Writing<'_>,
        operation: &Operation<'_>,
        dirty: &Dirty,
        started: Option<Cause>,
        error: &CommitError,
    ) -> Undone {
        let mark = match error {
            CommitError::Indeterminate(_) => Some(state::indeterminate(started)),
            CommitError::Unsettled { .. } => Some(state::recovery_needed(error.to_string())),
            _ => None,
        };
        let is_in_doubt = mark.is_some();
        self.publish(operation.reporter, started, |view| {
            view.marks.0.retain(|mark| mark.reason.code != state::COMMITTING);
            view.marks.0.extend(mark);
        });
        if is_in_doubt {
            let dirty = Dirty { registry: true, ..dirty.clone() };
            self.read_again(writing, Asked { dirty, why: ReconcileReason::Behind, cause: started });
        }
        let is_outdated = matches!(error, CommitError::Changed(_));
        Undone { answer: not_committed(error), actions: Vec::new(), is_outdated }
    }

    /// Looks again at what a mutation relies on.
    fn catch_up(&self, writing: &Writing<'_>, request: &Request, started: Option<Cause>) -> Arc<View> {
        let dirty = self.relied_on(request);
        self.read_again(writing, Asked { dirty, why: ReconcileReason::Behind, cause: started })
    }

    /// What a mutation relies on: all there is, or, where the workspace is observed, settings, registry, the folders that the
    /// request names, and what was hinted and has not been looked at.
    fn relied_on(&self, request: &Request) -> Dirty {
        let view = self.published.load();
        let is_blind = view.marks.0.iter().any(|mark| matches!(mark.scope, Scope::Everything));
        if !self.watcher.data().active || is_blind {
            return Dirty::everything();
        }
        let mut dirty = relied_on(request, &view);
        let hinted = view.marks.0.iter().filter_map(|mark| match &mark.scope {
            Scope::Folders(folders) => Some(folders.iter().cloned()),
            _ => None,
        });
        dirty.merge(&Dirty::folders(hinted.flatten()));
        dirty
    }

    /// Publishes what a commit made.
    fn take_over(
        &self,
        _writing: &Writing<'_>,
        reporter: &Reporter,
        (change, dirty): (&Change, &Dirty),
        started: Option<Cause>,
        applied: impl FnOnce(&View, Option<&crate::snapshot::Changes>),
    ) -> Arc<View> {
        let before = self.published.load();
        let nothing = RegistryChange::default();
        let registry =
            change.registry.as_ref().map_or((&nothing, ContentHash::of(b"")), |write| (&write.change, write.digest));
        let reading: Reading =
            self.threads.install(|| self.reader().committed(&before.snapshot, &before.listing, dirty, registry));
        let findings = match reading.changes.any {
            true => Arc::new(Findings::of(&reading.snapshot, &*self.fs)),
            false => Arc::clone(&before.findings),
        };
        let changes = reading.changes;
        let change = |view: &mut View| {
            (view.snapshot, view.listing, view.findings) = (reading.snapshot, reading.listing, findings);
            view.marks.0.retain(|mark| mark.reason.code != state::COMMITTING);
        };
        self.publish_then(reporter, started, change, |view| applied(view, Some(&changes)))
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
    let parsed = |text: &String| match text.trim_end_matches('/') {
        "" | "." => Some(RelPath::root()),
        text => RelPath::parse(text).ok(),
    };
    let selected = |selectors: &[String]| -> Vec<RelPath> {
        let selected = view.snapshot.select(selectors).unwrap_or_default();
        selected.into_values().filter_map(|asset| asset.root.clone().ok()).collect()
    };
    let roots: Option<Vec<RelPath>> = match request {
        Request::RegisterAsset(one) => one.request().map(|one| one.roots.iter().filter_map(parsed).collect()),
        Request::IncludeAssetInBuild(one) | Request::ExcludeAssetFromBuild(one) => {
            one.request().map(|one| selected(&one.selectors))
        }
        Request::RemoveAsset(one) => one.request().map(|one| selected(&one.selectors)),
        Request::EditAsset(one) => one.request().map(|one| selected(std::slice::from_ref(&one.selector))),
        Request::RelocateAsset(one) => one
            .request()
            .map(|one| selected(std::slice::from_ref(&one.selector)).into_iter().chain(parsed(&one.to)).collect()),
        _ => None,
    };
    let Some(roots) = roots.filter(|roots| !roots.iter().any(RelPath::is_root)) else { return Dirty::everything() };
    let mut dirty = Dirty { settings: true, registry: true, quarantine: true, ..Dirty::default() };
    dirty.merge(&Dirty::folders(roots.into_iter().flat_map(whole)));
    dirty
}

fn scope_of_change(change: &Change, dirty: &Dirty) -> Scope {
    if !dirty.folders.is_empty() {
        return scope_of(dirty);
    }
    let change = change.registry.as_ref().map(|write| &write.change);
    let keys = change.into_iter().flat_map(|change| change.changed.keys().chain(&change.removed));
    Scope::Assets(keys.cloned().collect())
}

/// Nothing was done, because somebody has to say yes to it first.
pub(super) fn without_consent(plan: Arc<Plan>, missing: &[Nature]) -> Answer {
    let words: Vec<&str> = missing.iter().map(|nature| nature.word()).collect();
    let moved = plan.actions.iter().filter(|action| missing.contains(&action.nature)).count();
    let steps = if moved == 1 { "step is" } else { "steps are" };
    let message = format!("{moved} {steps} {}, and nobody has said yes to that", words.join(" and "));
    let help = format!("look at the plan, then apply it with consent to {}", words.join(" and "));
    let blocked = Answer::blocked(vec![Blocker::new(BlockerCode::ConsentRequired, message, help)]);
    Answer { data: Data::Plan(PlanData { plan }), ..blocked }
}

/// The answer to a commit that was not made, or is in doubt.
pub(super) fn not_committed(error: &CommitError) -> Answer {
    match error {
        CommitError::Indeterminate(_) => Answer { status: Status::Indeterminate, ..Answer::failed(error.to_string()) },
        CommitError::Failed(inner) if inner.is_read_only() => {
            let help = "give yourself permission to write there";
            Answer::blocked(vec![Blocker::new(BlockerCode::ReadOnly, error.to_string(), help)])
        }
        CommitError::CrossDevice(_) => {
            let help = "copy it by hand, check the copy, and remove the original; or keep the files where they are";
            Answer::blocked(vec![Blocker::new(BlockerCode::CrossDevice, error.to_string(), help)])
        }
        CommitError::Failed(_) => Answer::failed(format!("nothing was done: {error}")),
        CommitError::Changed(_) => Answer::failed(format!("nothing was done: {error}; try again")),
        CommitError::Unsettled { .. } => {
            let summary = format!("{error}; it is taken back when the workspace is next opened or written to");
            Answer { status: Status::Indeterminate, ..Answer::failed(summary) }
        }
    }
}
