//! One open workspace: reads from the snapshot, one write at a time, one commit the visibility boundary.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use super::packer::Inner;
use super::{report, state};
use crate::build::{OutputPaths, finish_publication, is_publication_unfinished};
use crate::event::Reporter;
use crate::fs::{LockError, SharedFs, WorkspaceLock};
use crate::plan::{CommitError, commit};
use crate::service::{
    self, Answer, Blocker, BlockerCode, Context, LaneData, LaneOperation, OperationClass, Proposal, Request, Response,
    RuntimeState, Service, Status,
};
use crate::snapshot::{Loaded, Snapshot, load};
use crate::value::{Cancel, OperationId, ProjectId, RelPath};
use crate::workspace::{FileRecord, Listing, layout};

/// One open workspace. Clones are the same project.
#[derive(Clone)]
pub struct Project(Arc<Open>);

/// An open workspace, shared.
pub(super) struct Open {
    packer: Arc<Inner>,
    fs: SharedFs,
    path: PathBuf,
    revisions: AtomicU64,
    view: ArcSwap<View>,
    /// Held while the workspace is read and what was found is published, so that views are published in the order in
    /// which they were read. Taken after `lane`, where both are.
    reading: Mutex<()>,
    /// Held by the one operation that may write.
    lane: Mutex<()>,
    /// What the lane runs, and what waits for it.
    queue: Mutex<LaneData>,
}

/// What is published at one revision.
struct View {
    snapshot: Snapshot,
    listing: Listing,
    manifests: Vec<(RelPath, FileRecord)>,
    state: RuntimeState,
}

impl From<Arc<Open>> for Project {
    fn from(open: Arc<Open>) -> Self {
        Self(open)
    }
}

impl Project {
    /// The project's id; `None` while its settings do not say one.
    #[must_use]
    pub fn id(&self) -> Option<ProjectId> {
        self.0.project_id()
    }

    /// The workspace, as the host's file system names it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// What is known now. Never waits.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.0.view.load().snapshot.clone()
    }

    /// Runs a request and waits for the answer.
    #[must_use]
    pub fn call(&self, request: Request) -> Response {
        self.call_with(request, &Cancel::new())
    }

    /// Runs a request that `cancel` can stop.
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "a request is sent: whoever sends it is done with it")]
    pub fn call_with(&self, request: Request, cancel: &Cancel) -> Response {
        match request {
            Request::InitWorkspace(_) => {
                let answer =
                    Answer::bad_request("this project is a workspace already", "make another folder a workspace");
                self.0.respond(&self.0.view.load(), request.service(), request.class(), None, answer)
            }
            Request::Doctor(_) => self.0.observe(&request, cancel),
            Request::Build(build) if build.check => self.0.observe(&request, cancel),
            Request::Build(_) => self.0.write(&request, cancel),
            Request::RegisterAsset(_)
            | Request::IncludeAssetInBuild(_)
            | Request::ExcludeAssetFromBuild(_)
            | Request::RemoveAsset(_) => self.0.write(&request, cancel),
            Request::ListAssets(_)
            | Request::GetAssetDetails(_)
            | Request::GetCompileSurface(_)
            | Request::GetStatus(_) => self.0.read(&request),
        }
    }
}

impl Open {
    /// Opens a workspace: finishes what a killed build left to finish, reads everything, publishes revision 1.
    pub(super) fn new(packer: Arc<Inner>, fs: SharedFs, path: PathBuf) -> Self {
        let view = packer.pool.install(|| view_of(&fs, &packer, 1));
        let open = Self {
            packer,
            fs,
            path,
            revisions: AtomicU64::new(1),
            view: ArcSwap::from_pointee(view),
            reading: Mutex::default(),
            lane: Mutex::default(),
            queue: Mutex::default(),
        };
        if is_publication_unfinished(&*open.fs) {
            open.recover();
        }
        let view = open.view.load();
        let reporter = open.reporter(OperationId::mint());
        let structural = open.structural(&view);
        let published = report::Published { snapshot: &view.snapshot, state: &view.state, structural };
        report::opened(&reporter, &published);
        open
    }

    pub(super) fn project_id(&self) -> Option<ProjectId> {
        self.view.load().snapshot.project_id()
    }

    /// Finishes a publication, where no other process is about to do so.
    fn recover(&self) {
        let operation = OperationId::mint();
        let (at_once, cancel) = (std::time::Duration::ZERO, Cancel::new());
        let lock =
            WorkspaceLock::acquire(&self.fs, &private(), ("open", operation), (at_once, &cancel), self.trusts_lock());
        let view = self.view.load();
        if let (Ok(_lock), Ok(settings)) = (lock, &view.snapshot.settings) {
            // What cannot be finished stays as it is, and is the state of the project.
            let _ = finish_publication(&*self.fs, &OutputPaths::of(settings));
        }
        drop(view);
        self.reload();
    }

    /// Answers from the snapshot.
    fn read(&self, request: &Request) -> Response {
        let view = self.view.load();
        let (reporter, cancel) = (Reporter::silent(), Cancel::new());
        let operation = (OperationId::mint(), &reporter, &cancel);
        let context = Context::new(&self.fs, &self.packer.importers, (&view.snapshot, &view.listing), operation);
        let answer = match request {
            Request::ListAssets(list) => service::list(&context, list),
            Request::GetAssetDetails(details) => service::details(&context, details),
            Request::GetCompileSurface(_) => service::surface(&context),
            _ => service::status(&context, self.standing()),
        };
        self.respond(&view, request.service(), request.class(), None, answer)
    }

    /// Looks at the files themselves, and changes nothing.
    fn observe(&self, request: &Request, cancel: &Cancel) -> Response {
        let operation = OperationId::mint();
        let reporter = self.reporter(operation);
        report::started(&reporter, request.service(), request.class());
        self.reload();
        let view = self.view.load_full();
        let answer = self.run(request, &view, operation, &reporter, cancel);
        report::ended(&reporter, request.service(), &answer);
        self.respond(&view, request.service(), request.class(), Some(operation), answer)
    }

    /// Runs in the write lane, under the workspace's lock.
    fn write(&self, request: &Request, cancel: &Cancel) -> Response {
        let service = request.service();
        let operation = OperationId::mint();
        let reporter = self.reporter(operation);
        report::queued(&reporter, service);
        let _turn = self.wait_for_turn(operation, service);
        let lock = self.lock(service, operation, cancel);
        report::started(&reporter, service, request.class());
        let _lock = match lock {
            Ok(lock) => lock,
            Err(error) => {
                let answer = locked_out(&error);
                report::ended(&reporter, service, &answer);
                return self.respond(&self.view.load(), service, request.class(), Some(operation), answer);
            }
        };
        self.reload();
        if let Err(answer) = self.settle_publication() {
            report::ended(&reporter, service, &answer);
            return self.respond(&self.view.load(), service, request.class(), Some(operation), answer);
        }
        let view = self.view.load_full();
        match request {
            Request::Build(_) => {
                let answer = self.run(request, &view, operation, &reporter, cancel);
                self.take_listing();
                report::ended(&reporter, service, &answer);
                self.respond(&view, service, request.class(), Some(operation), answer)
            }
            _ => self.mutate(request, &view, operation, &reporter, cancel),
        }
    }

    fn mutate(
        &self,
        request: &Request,
        view: &View,
        operation: OperationId,
        reporter: &Reporter,
        cancel: &Cancel,
    ) -> Response {
        let service = request.service();
        let proposed = {
            let context = self.context(view, (operation, reporter, cancel));
            propose(&context, request)
        };
        let proposal = match proposed {
            Ok(proposal) if cancel.is_cancelled() => Err((
                Answer { status: Status::Cancelled, ..Answer::failed("cancelled; nothing was done") },
                proposal.actions,
            )),
            Ok(proposal) => Ok(proposal),
            Err(answer) => Err((answer, Vec::new())),
        };
        let committed = proposal.and_then(|Proposal { planned, actions, answer }| {
            let writes_files = !planned.new_files.is_empty() || !planned.edited_files.is_empty();
            match commit(&*self.fs, &planned, operation) {
                Ok(()) => Ok((answer, actions, writes_files)),
                Err(error) => Err((not_committed(&error), actions)),
            }
        });
        match committed {
            Ok((answer, actions, writes_files)) => {
                self.reload();
                let view = self.view.load();
                let structural = self.structural(&view);
                let published = report::Published { snapshot: &view.snapshot, state: &view.state, structural };
                report::applied(reporter, service, &answer, &published, report::json(&actions));
                let class =
                    if writes_files { OperationClass::WorkspaceMutation } else { OperationClass::RegistryMutation };
                let response = self.respond(&view, service, class, Some(operation), answer);
                Response { applied_actions: actions, ..response }
            }
            Err((answer, actions)) => {
                if answer.status == Status::Indeterminate {
                    self.reload();
                }
                report::ended(reporter, service, &answer);
                let response = self.respond(&self.view.load(), service, request.class(), Some(operation), answer);
                Response { proposed_actions: actions, ..response }
            }
        }
    }

    /// Runs what needs threads in the packer's own.
    fn run(
        &self,
        request: &Request,
        view: &View,
        operation: OperationId,
        reporter: &Reporter,
        cancel: &Cancel,
    ) -> Answer {
        self.packer.pool.install(|| {
            let context = self.context(view, (operation, reporter, cancel));
            match request {
                Request::Doctor(doctor) => service::doctor(&context, doctor),
                Request::Build(build) => service::build(&context, *build, view.manifests.clone()),
                _ => Answer::failed("BUG: a service that does not run so"),
            }
        })
    }

    fn context<'c>(&'c self, view: &'c View, operation: (OperationId, &'c Reporter, &'c Cancel)) -> Context<'c> {
        Context::new(&self.fs, &self.packer.importers, (&view.snapshot, &view.listing), operation)
    }

    /// How many structural findings the rules have in a view.
    fn structural(&self, view: &View) -> usize {
        crate::diagnose::registered(&view.snapshot, &*self.fs).len()
    }

    fn reporter(&self, operation: OperationId) -> Reporter {
        match self.project_id() {
            Some(project) => Reporter::new(self.packer.bus.clone(), project, operation),
            // An event names its project; without settings there is no name.
            None => Reporter::silent(),
        }
    }

    fn lock(&self, service: Service, operation: OperationId, cancel: &Cancel) -> Result<WorkspaceLock, LockError> {
        let wait = (self.packer.lock_wait, cancel);
        WorkspaceLock::acquire(&self.fs, &private(), (service.name(), operation), wait, self.trusts_lock())
    }

    fn trusts_lock(&self) -> bool {
        self.view.load().snapshot.settings.as_ref().is_ok_and(|settings| settings.trust_lock)
    }

    /// Finishes what a killed build left, before anything else is written.
    fn settle_publication(&self) -> Result<(), Answer> {
        if !is_publication_unfinished(&*self.fs) {
            return Ok(());
        }
        if let Ok(settings) = &self.view.load().snapshot.settings {
            finish_publication(&*self.fs, &OutputPaths::of(settings)).map_err(service::not_published)?;
        }
        self.reload();
        Ok(())
    }

    /// Reads the workspace again, and publishes what was found.
    fn reload(&self) {
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let revision = self.revisions.fetch_add(1, Ordering::SeqCst) + 1;
        let view = self.packer.pool.install(|| view_of(&self.fs, &self.packer, revision));
        self.view.store(Arc::new(view));
    }

    /// Takes over what a build remembered of files. What is known of the workspace stays the same.
    fn take_listing(&self) {
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let view = self.view.load_full();
        let (snapshot, manifests) = (view.snapshot.clone(), view.manifests.clone());
        let state = state::state_of(&snapshot, &*self.fs);
        let listing = load_listing(&self.fs, &self.packer);
        self.view.store(Arc::new(View { snapshot, listing, manifests, state }));
    }

    fn wait_for_turn(&self, operation: OperationId, service: Service) -> Turn<'_> {
        let queue = || self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let me = LaneOperation { operation_id: operation, service };
        queue().queued.push(me.clone());
        let held = self.lane.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lane = queue();
        lane.queued.retain(|waiting| waiting.operation_id != operation);
        lane.running = Some(me);
        Turn { open: self, _held: held }
    }

    fn standing(&self) -> service::Standing {
        let lane = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        service::Standing { path: self.path.display().to_string(), lane, run_id: self.packer.run_id }
    }

    fn respond(
        &self,
        view: &View,
        service: Service,
        class: OperationClass,
        operation: Option<OperationId>,
        answer: Answer,
    ) -> Response {
        Response {
            status: answer.status,
            service,
            operation_class: class,
            operation_id: operation,
            project_id: view.snapshot.project_id(),
            revision: Some(view.snapshot.revision),
            runtime_state: view.state.clone(),
            summary: answer.summary,
            affected_assets: answer.affected,
            diagnostics: answer.diagnostics,
            proposed_actions: Vec::new(),
            applied_actions: Vec::new(),
            blockers: answer.blockers,
            data: answer.data,
        }
    }
}

/// A turn in the write lane; dropping it gives the lane to the next.
struct Turn<'a> {
    open: &'a Open,
    _held: std::sync::MutexGuard<'a, ()>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.open.queue.lock().unwrap_or_else(PoisonError::into_inner).running = None;
    }
}

fn private() -> RelPath {
    RelPath::literal(layout::PRIVATE)
}

fn view_of(fs: &SharedFs, packer: &Inner, revision: u64) -> View {
    let listing = load_listing(fs, packer);
    let Loaded { snapshot, manifests } = load(&**fs, &packer.importers, &listing, revision);
    let state = state::state_of(&snapshot, &**fs);
    View { snapshot, listing, manifests, state }
}

fn load_listing(fs: &SharedFs, packer: &Inner) -> Listing {
    Listing::load(&**fs, &RelPath::literal(layout::LISTING), packer.importers.fingerprint())
}

fn propose(context: &Context<'_>, request: &Request) -> Result<Proposal, Answer> {
    match request {
        Request::RegisterAsset(register) => service::register(context, register),
        Request::IncludeAssetInBuild(selection) => service::inclusion(context, selection, true),
        Request::ExcludeAssetFromBuild(selection) => service::inclusion(context, selection, false),
        Request::RemoveAsset(remove) => service::remove(context, remove),
        _ => Err(Answer::failed("BUG: a service that is no mutation")),
    }
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
        LockError::Cancelled => Answer { status: Status::Cancelled, ..Answer::failed("cancelled; nothing was done") },
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
