//! An open workspace: what is published of it, and how it is published.
//!
//! Three locks, taken in this order. The *lane* gives one operation at a time the right to change the workspace. The
//! *writing* lock is held while the workspace is read or committed and what came of it is published, so that snapshots are
//! published in the order in which they were read, and none shows half a commit. The turn of [`Published`] is held for a
//! moment, to replace what is published and to say so, so that events come in the order of publication. Readers take none
//! of them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::lane::Lane;
use super::packer::Inner;
use super::plans::Plans;
use super::published::Published;
use super::reconcile::{Asked, PATIENCE};
use super::threads::Threads;
use super::turns::Turns;
use super::watch::Watcher;
use super::{report, state};
use crate::diagnose::Findings;
use crate::event::{Cause, Reporter, payload::ReconcileReason};
use crate::fs::{SharedFs, create_dirs};
use crate::service::{
    self, Answer, Blocker, BlockerCode, Context, Data, Examined, OperationClass, Request, Response, Service,
    SourceIndex, View,
};
use crate::snapshot::{Dirty, Mark, Reader, Reading, State};
use crate::sync::{Arc, Mutex, MutexGuard, lock};
use crate::value::{Cancel, OperationId, ProjectId, RelPath};
use crate::workspace::{Listing, Scanned, layout};

/// An open workspace, shared.
pub(super) struct Open {
    pub(super) packer: Arc<Inner>,
    /// For looks at the workspace.
    pub(super) threads: Threads,
    pub(super) fs: SharedFs,
    pub(super) path: PathBuf,
    pub(super) published: Published<View>,
    pub(super) lane: Lane<Response>,
    writing: Mutex<()>,
    pub(super) reconciles: Turns<Asked, Arc<View>>,
    pub(super) watcher: Watcher,
    /// The project that events are about while the settings do not read.
    last_project: Mutex<Option<ProjectId>>,
    /// The folders that the last commit of ours wrote in.
    pub(super) written: Mutex<BTreeSet<RelPath>>,
    /// What the last doctor found, for who pages through it.
    pub(super) examined: Mutex<Option<Examined>>,
    /// Where content is, by its hash, as of when it was last asked for.
    pub(super) contents: Mutex<Option<Arc<SourceIndex>>>,
    /// The plans that wait to be applied.
    pub(super) plans: Plans,
    /// What the listing on disk says, so that it is written only where there is something new.
    stored: Mutex<Option<Stored>>,
}

#[derive(PartialEq, Eq)]
struct Stored {
    listing: Listing,
    scanned: Scanned,
}

/// The right to read the workspace into the next snapshot, or to commit to it.
pub(super) struct Writing<'a>(#[expect(dead_code, reason = "held, not looked at")] MutexGuard<'a, ()>);

impl Open {
    /// Opens a workspace and publishes its first revision. Where `is_cheap` and there is a listing, only settings and
    /// registry are read, and the project is `stale` until something reads the rest.
    pub(super) fn new(packer: Arc<Inner>, fs: SharedFs, path: PathBuf, is_cheap: bool) -> Self {
        let listing_path = RelPath::literal(layout::LISTING);
        let (listing, scanned) = Listing::load(&*fs, &listing_path, packer.importers.fingerprint());
        let packer_plan_life = packer.plan_life;
        let open = Self {
            threads: packer.threads(),
            packer,
            fs,
            path,
            published: Published::new(View { listing: listing.clone(), ..View::default() }),
            lane: Lane::start(broken),
            writing: Mutex::new(()),
            reconciles: Turns::new(),
            watcher: Watcher::default(),
            last_project: Mutex::default(),
            written: Mutex::default(),
            examined: Mutex::default(),
            contents: Mutex::default(),
            plans: Plans::new(packer_plan_life),
            stored: Mutex::new(scanned.clone().map(|scanned| Stored { listing: listing.clone(), scanned })),
        };
        let reader = open.reader();
        let recalled = scanned
            .filter(|_| is_cheap)
            .and_then(|scanned| open.threads.install(|| reader.recall(&listing, &scanned)))
            // What the registry names and the last scan did not find may have come since, with a pull for example.
            .filter(|reading| !reading.snapshot.assets.odd().any(|asset| asset.state() == State::Diverged));
        let (mut reading, mut marks) = match recalled {
            Some(reading) => (reading, vec![state::not_scanned()]),
            None => (open.look(&open.published.load(), &Dirty::everything()), Vec::new()),
        };
        let recovery = open.recover(&reading.snapshot, PATIENCE);
        if recovery.moved {
            reading = open.look(&open.published.load(), &Dirty::everything());
            marks.clear();
        }
        marks.extend(recovery.mark);
        open.opened(reading, marks);
        open
    }

    fn opened(&self, reading: Reading, marks: Vec<Mark>) {
        let project = reading.snapshot.project_id();
        let reporter = project.map_or_else(Reporter::silent, |project| {
            Reporter::new(Arc::clone(&self.packer.bus), project, OperationId::mint())
        });
        let cause = report::reconcile_started(&reporter, ReconcileReason::Opened, &Dirty::everything());
        let findings = Arc::new(Findings::of(&reading.snapshot, &*self.fs));
        let changes = reading.changes.clone();
        let change = |view: &mut View| {
            view.snapshot = reading.snapshot;
            view.listing = reading.listing;
            view.findings = findings;
            view.marks.0 = marks;
        };
        self.publish_then(&reporter, cause, change, |view| report::reconciled(&reporter, view, &changes));
    }

    pub(super) fn project_id(&self) -> Option<ProjectId> {
        self.published.load().snapshot.project_id()
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { fs: &*self.fs, importers: &self.packer.importers }
    }

    /// The voice of an operation. An event names its project: where no settings ever said a name, nothing is said.
    pub(super) fn reporter(&self, operation: OperationId) -> Reporter {
        let mut last = lock(&self.last_project);
        *last = self.project_id().or(*last);
        match *last {
            Some(project) => Reporter::new(Arc::clone(&self.packer.bus), project, operation),
            None => Reporter::silent(),
        }
    }

    pub(super) fn writing(&self) -> Writing<'_> {
        Writing(lock(&self.writing))
    }

    /// Publishes a change of what is known. Where it changes the project's state, that is said, with `cause`.
    pub(super) fn publish(
        &self,
        reporter: &Reporter,
        cause: Option<Cause>,
        change: impl FnOnce(&mut View),
    ) -> Arc<View> {
        self.publish_then(reporter, cause, change, |_| {})
    }

    /// As [`publish`](Self::publish), and says more, before anything else is published.
    pub(super) fn publish_then(
        &self,
        reporter: &Reporter,
        cause: Option<Cause>,
        change: impl FnOnce(&mut View),
        then: impl FnOnce(&View),
    ) -> Arc<View> {
        self.published.update_then(
            |before| {
                let mut view = View::clone(before);
                change(&mut view);
                view.state = state::of(&view.snapshot, &view.marks, &before.state, cause);
                (Arc::new(view), Arc::clone(before))
            },
            |view, before| {
                let previous = (before.snapshot.revision > 0).then_some(before.state.state);
                if previous.is_none() || view.state != before.state {
                    report::state_changed(reporter, view, previous);
                }
                then(view);
                Arc::clone(view)
            },
        )
    }

    /// What a service is asked with.
    pub(super) fn context<'c>(
        &'c self,
        view: &'c View,
        operation: (OperationId, &'c Reporter, &'c Cancel),
    ) -> Context<'c> {
        Context::new(&self.fs, &self.packer.importers, view, operation)
    }

    /// Answers from what is published.
    pub(super) fn read(&self, view: &View, request: &Request) -> Response {
        let (reporter, cancel) = (Reporter::silent(), Cancel::new());
        let context = self.context(view, (OperationId::mint(), &reporter, &cancel));
        let answer = match request {
            Request::ListAssets(list) => service::list(&context, list),
            Request::GetAssetDetails(details) => service::details(&context, details),
            Request::GetCompileSurface(_) => service::surface(&context),
            Request::GetBuildReport(_) => service::build_report(&context),
            Request::ListQuarantine(_) => service::list_quarantine(&context),
            Request::GetHistory(history) => service::history(&context, history),
            _ => service::status(&context, self.standing()),
        };
        respond(view, request.service(), request.class(), None, answer)
    }

    fn standing(&self) -> service::Standing {
        service::Standing {
            path: self.path.display().to_string(),
            lane: self.lane.standing(),
            watcher: self.watcher.data(),
            run_id: self.packer.bus.run_id(),
        }
    }

    /// What an answer from a listing shows and nobody has looked at since; nothing, where all was looked at, or too much is
    /// shown.
    pub(super) fn shown_unseen(&self, view: &View, response: &Response) -> Option<Dirty> {
        const MOST: usize = 1_000;
        if !view.marks.0.iter().any(|mark| mark.reason.code == state::NOT_SCANNED) {
            return None;
        }
        let is_lookup = |blocker: &Blocker| matches!(blocker.code, BlockerCode::NotFound | BlockerCode::Ambiguous);
        if response.blockers.iter().any(is_lookup) {
            return Some(Dirty::everything());
        }
        let roots: Vec<&str> = match &response.data {
            Data::ListAssets(list) if list.assets.len() <= MOST => {
                list.assets.iter().map(|asset| &*asset.root).collect()
            }
            Data::GetAssetDetails(details) => vec![&*details.asset.root],
            _ => return None,
        };
        let tree = &view.snapshot.tree;
        let roots = roots.into_iter().filter_map(|root| RelPath::parse(root).ok());
        let within = |root: RelPath| tree.folders_within(&root).map(|(path, _)| path.clone()).collect::<Vec<_>>();
        Some(Dirty::folders(roots.flat_map(within)))
    }

    pub(super) fn trusts_lock(&self) -> bool {
        self.published.load().snapshot.settings().is_ok_and(|settings| settings.trust_lock)
    }

    /// Writes the listing, where it says anything new or is lost. It is a hint: that it could not be written costs time.
    pub(super) fn store_listing(&self, operation: OperationId) {
        let view = self.published.load();
        let is_scanned = !view.marks.0.iter().any(|mark| mark.reason.code == state::NOT_SCANNED);
        let Some(settings) = view.snapshot.setting.digest.filter(|_| is_scanned && view.snapshot.tree_error.is_none())
        else {
            return;
        };
        let scanned = Scanned { settings, tree: view.snapshot.tree.clone() };
        let now = Stored { listing: view.listing.clone(), scanned };
        let mut stored = lock(&self.stored);
        let path = RelPath::literal(layout::LISTING);
        if stored.as_ref() == Some(&now) && self.fs.stat(&path).is_ok() {
            return;
        }
        // In a fresh clone there is no such folder.
        let _ = create_dirs(&*self.fs, &RelPath::literal(layout::PRIVATE));
        if now.listing.store(&*self.fs, &path, &now.scanned, operation).is_ok() {
            *stored = Some(now);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.watcher.stop();
        self.store_listing(OperationId::mint());
    }
}

/// The answer of an operation that broke off without one.
pub(super) fn broken(operation: OperationId, service: Service) -> Response {
    let answer = Answer::failed("BUG: the operation broke off; nothing is known of how far it came");
    let view = View::default();
    Response { revision: None, ..respond(&view, service, service.class(), Some(operation), answer) }
}

/// The runtime's own words around an answer.
pub(super) fn respond(
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
