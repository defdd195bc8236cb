//! One open workspace, as a host holds it.

use std::path::Path;

use super::lane::Job;
use super::open::{Open, broken, respond};
use super::pending::Pending;
use super::reconcile::Asked as Again;
use super::watch::observe;
use super::write::Operation;
use super::{report, state};
use crate::event::Reporter;
use crate::event::payload::ReconcileReason;
use crate::fs::FsError;
use crate::service::{
    self, Answer, Asked, Content, Examined, GetAssetDetails, Mode, Request, Response, SourceIndex, Status, View,
    WatcherData,
};
use crate::snapshot::{RuntimeState, Scope, Snapshot};
use crate::sync::{Arc, lock, spawn};
use crate::value::{Cancel, ContentHash, OperationId, ProjectId};

/// One open workspace. Clones are the same project; it closes when the last is dropped and nothing runs any more.
#[derive(Clone)]
pub struct Project(pub(super) Arc<Open>);

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
        self.0.published.load().snapshot.clone()
    }

    /// How far that is to be believed now. Never waits.
    #[must_use]
    pub fn state(&self) -> RuntimeState {
        self.0.published.load().state.clone()
    }

    /// Runs a request and waits for the answer.
    #[must_use]
    pub fn call(&self, request: Request) -> Response {
        self.call_with(request, &Cancel::new())
    }

    /// Runs a request that `cancel` can stop.
    #[must_use]
    pub fn call_with(&self, request: Request, cancel: &Cancel) -> Response {
        match way(&request) {
            Way::Lane => self.queue(request, cancel.clone()).wait(),
            Way::Disk => self.0.look_for(&request, OperationId::mint(), cancel),
            Way::Snapshot => self.0.answer(&request),
        }
    }

    /// Asks for an operation and does not wait: mutations and builds go to the end of the write lane, a doctor runs beside
    /// it, and a read that needs no look at the disk is answered at once.
    #[must_use]
    pub fn submit(&self, request: Request) -> Pending<Response> {
        match way(&request) {
            Way::Lane => self.queue(request, Cancel::new()),
            Way::Disk => self.look_elsewhere(request),
            Way::Snapshot => Pending::ready(None, self.0.answer(&request)),
        }
    }

    /// Cancels the operation: one that waits in the lane is taken out of it, one that runs there stops at its next safe
    /// point. `false` where it does neither.
    pub fn cancel(&self, operation: OperationId) -> bool {
        self.0.lane.cancel(operation)
    }

    /// The bytes of a source or a part of the current snapshot's assets; `None` where none has that hash, or its bytes are
    /// nowhere any more. Waits for no operation. What is promised of the bytes is said where [`Content`] is.
    ///
    /// A source is found once its hash is known: of a build, or of `get_asset_details` with `hashes`.
    ///
    /// # Errors
    /// What the system says of the last place that could have them.
    pub fn content(&self, hash: &ContentHash) -> Result<Option<Content>, FsError> {
        let view = self.0.published.load();
        let index = {
            // Under the lock, so that of many who ask at once one makes it.
            let mut known = lock(&self.0.contents);
            let of_now = known.take().filter(|index| index.is_of(&view));
            Arc::clone(known.insert(of_now.unwrap_or_else(|| Arc::new(SourceIndex::of(&view)))))
        };
        service::content(&self.0.fs, &view, &index, hash)
    }

    /// Observes the workspace from now on: changes on disk are read and published by themselves. Where the system cannot
    /// say what changes, the project's state says so, and [`Project::reconcile`] is the host's to call. Writes nothing.
    pub fn observe(&self) -> WatcherData {
        observe(&self.0)
    }

    /// Reads the workspace again, all of it, and returns the state that is then published.
    #[must_use]
    pub fn reconcile(&self) -> RuntimeState {
        self.0.reconcile_all(ReconcileReason::Asked, None).state.clone()
    }

    fn queue(&self, request: Request, cancel: Cancel) -> Pending<Response> {
        let service = request.service();
        let open = &self.0;
        open.lane.submit(service, cancel, |id| {
            let reporter = open.reporter(id);
            let reporter = Arc::new(match open.cause_of(&request) {
                Some(cause) => reporter.caused_by(cause),
                None => reporter,
            });
            report::queued(&reporter, service);
            let (run, removed) = (Arc::clone(open), Arc::clone(open));
            let (voice, class) = (Arc::clone(&reporter), request.class());
            Job {
                run: Box::new(move |cancel| run.write(&Operation { id, request: &request, reporter: &voice, cancel })),
                removed: Box::new(move || {
                    let answer = Answer::cancelled();
                    report::removed(&reporter, &answer);
                    respond(&removed.published.load(), service, class, Some(id), answer)
                }),
            }
        })
    }

    fn look_elsewhere(&self, request: Request) -> Pending<Response> {
        let (id, service, cancel) = (OperationId::mint(), request.service(), Cancel::new());
        let (promise, pending) = Pending::promised(Some(id), cancel.clone(), move || broken(id, service));
        let open = Arc::clone(&self.0);
        drop(spawn("packwright-look", move || {
            let response = open.look_for(&request, id, &cancel);
            // Before the answer: who has it may want the project closed.
            drop(open);
            promise.keep(response);
        }));
        pending
    }
}

/// How a request is answered.
enum Way {
    /// In the write lane.
    Lane,
    /// By a look at the files, which changes nothing.
    Disk,
    /// From what is published.
    Snapshot,
}

fn way(request: &Request) -> Way {
    match request {
        Request::InitWorkspace(_) => Way::Snapshot,
        mutation if mutation.asked() == Some(Asked::For(Mode::Preview)) => Way::Disk,
        mutation if mutation.asked().is_some() => Way::Lane,
        Request::Doctor(doctor) if doctor.cursor.is_some() => Way::Snapshot,
        Request::PruneCache(_) => Way::Lane,
        Request::Build(build) if !build.check => Way::Lane,
        Request::Build(_) | Request::Doctor(_) => Way::Disk,
        Request::GetStatus(status) if status.barrier => Way::Disk,
        Request::GetAssetDetails(details) if details.hashes => Way::Disk,
        _ => Way::Snapshot,
    }
}

impl Open {
    /// Answers from what is published.
    fn answer(&self, request: &Request) -> Response {
        let view = self.published.load();
        if let Request::InitWorkspace(_) = request {
            let answer = Answer::bad_request("this project is a workspace already", "make another folder a workspace");
            return respond(&view, request.service(), request.class(), None, answer);
        }
        if let Request::Doctor(service::Doctor { cursor: Some(cursor), .. }) = request {
            let answer = Examined::page_at(lock(&self.examined).as_ref(), cursor);
            return respond(&view, request.service(), request.class(), None, answer);
        }
        let response = self.read(&view, request);
        match self.shown_unseen(&view, &response) {
            Some(dirty) => {
                let asked = Again { dirty, why: ReconcileReason::Behind, cause: None };
                let mut view = View::clone(&self.read_again(&self.writing(), asked));
                // What is shown now was looked at; only of the project as a whole nobody knows.
                let unseen = view.marks.0.iter_mut().filter(|mark| mark.reason.code == state::NOT_SCANNED);
                unseen.for_each(|mark| mark.scope = Scope::Project);
                self.read(&view, request)
            }
            None => response,
        }
    }

    /// Looks at the files themselves, and changes nothing.
    fn look_for(&self, request: &Request, operation: OperationId, cancel: &Cancel) -> Response {
        if request.asked().is_some() {
            return self.preview(request, operation, cancel);
        }
        if let Request::GetStatus(_) = request {
            return self.read(&self.reconcile_all(ReconcileReason::Barrier, None), request);
        }
        if let Request::GetAssetDetails(details) = request {
            return self.details_with_hashes(request, details, cancel);
        }
        let reporter = self.reporter(operation);
        let started = report::started(&reporter, request.service(), request.class());
        let view = self.reconcile_all(ReconcileReason::Asked, started);
        let answer = self.packer.threads().install(|| self.observation(&view, request, (operation, &reporter, cancel)));
        report::ended(&reporter, request.service(), &answer);
        let answer = match request {
            Request::Doctor(_) => Examined::first_page(answer, operation, &mut lock(&self.examined)),
            _ => answer,
        };
        respond(&view, request.service(), request.class(), Some(operation), answer)
    }

    /// Reads what is not known by its hash, and answers as ever.
    fn details_with_hashes(&self, request: &Request, details: &GetAssetDetails, cancel: &Cancel) -> Response {
        // First as ever: in a project that was opened without a scan the asset is looked at then.
        drop(self.answer(request));
        let view = self.published.load();
        let reporter = Reporter::silent();
        let context = self.context(&view, (OperationId::mint(), &reporter, cancel));
        let records = self.packer.threads().install(|| service::hashed_sources(&context, details));
        if !records.is_empty() {
            let _writing = self.writing();
            self.publish(&reporter, None, |view| view.remember(records));
        }
        if cancel.is_cancelled() {
            return respond(&view, request.service(), request.class(), None, Answer::cancelled());
        }
        self.answer(request)
    }

    fn observation(&self, view: &View, request: &Request, operation: (OperationId, &Reporter, &Cancel)) -> Answer {
        let cancel = operation.2;
        let context = self.context(view, operation);
        match request {
            Request::Doctor(doctor) => service::doctor(&context, doctor),
            Request::Build(build) => service::build(&context, *build).0,
            _ if cancel.is_cancelled() => Answer { status: Status::Cancelled, ..Answer::failed("cancelled") },
            _ => Answer::failed("BUG: a service that does not look"),
        }
    }
}
