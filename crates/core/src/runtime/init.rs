//! Making workspaces: a mutation of a folder that is no project yet.
//!
//! It is planned and committed as every other is; what it lacks is a snapshot, a lane and a voice on the bus.

use std::path::Path;

use super::mutate::not_committed;
use super::packer::Inner;
use super::wanted::Wanted;
use super::write::{locked_out, not_recovered};
use crate::fs::{Fs, RealFs, SharedFs, WorkspaceLock};
use crate::plan::recover::{is_commit_unfinished, recover};
use crate::plan::{Action, Outlook, Planned, Told, commit};
use crate::service::{
    Answer, Asked, Data, InitWorkspace, Minter, Mode, Mutation, Outcome, Plan, PlanData, Proposal, Request, Service,
    Status, init, project_name, stale,
};
use crate::sync::Arc;
use crate::value::{Cancel, OperationId, PlanId, RelPath};
use crate::workspace::layout;

/// What came of it: the answer, and the actions that would be done, or were.
pub(super) struct Made {
    pub(super) answer: Answer,
    pub(super) proposed: Vec<Action>,
    pub(super) applied: Vec<Action>,
}

/// Makes a workspace, or plans one.
pub(super) fn make(packer: &Inner, asked: Mutation<InitWorkspace>, operation: OperationId) -> Made {
    let nothing_done = |answer| Made { answer, proposed: Vec::new(), applied: Vec::new() };
    let request = Request::InitWorkspace(asked);
    let is_preview = request.asked() == Some(Asked::For(Mode::Preview));
    let made = Wanted::of(&request, &packer.plans).and_then(|wanted| {
        let Request::InitWorkspace(Mutation::Ask(request, _)) = &wanted.request else {
            return Err(Answer::failed("BUG: a plan of another service"));
        };
        let folder = std::path::absolute(&request.path)
            .map_err(|error| Answer::bad_request(error.to_string(), "name another folder"))?;
        let new = New { packer, request, folder: &folder };
        if is_preview { new.preview() } else { new.make(&wanted, operation) }
    });
    made.unwrap_or_else(nothing_done)
}

struct New<'a> {
    packer: &'a Inner,
    request: &'a InitWorkspace,
    folder: &'a Path,
}

impl New<'_> {
    fn make(&self, wanted: &Wanted, operation: OperationId) -> Result<Made, Answer> {
        // A look before the folder is made, and the lock's folder in it. Where something was begun there, it is taken back
        // first: it may have been this.
        if !self.is_unfinished() {
            self.planned_unmade(&Minter::default())?;
        }
        let files = RealFs::create(self.folder).map_err(|error| Answer::of_system(&error))?;
        let fs: SharedFs = (self.packer.through)(files);
        let (who, wait) = ((Service::InitWorkspace.name(), operation), (self.packer.lock_wait, &Cancel::new()));
        let private = RelPath::literal(layout::PRIVATE);
        let _lock = WorkspaceLock::acquire(&fs, &private, who, wait, false).map_err(|error| locked_out(&error))?;
        recover(&*fs).map_err(|unsettled| not_recovered(&unsettled))?;
        let minter = wanted.minted.as_ref().map(Minter::giving).unwrap_or_default();
        let Proposal { planned, answer, .. } = self.plan(&*fs, &minter)?;
        if let Some(expected) = wanted.expected.as_ref().filter(|expected| !expected.is(&planned)) {
            return Err(stale(None, &[], expected.plan_id));
        }
        let Planned { change, actions, .. } = planned;
        let told = Told {
            operation,
            service: Service::InitWorkspace.name(),
            summary: answer.summary.clone(),
            affected: Vec::new(),
            actions: serde_json::to_string(&actions).unwrap_or_default(),
            reverts: None,
        };
        let committed = commit(&*fs, &change, &told, &|_| {}).map_err(|error| not_committed(&error))?;
        committed.finish(&*fs);
        if let Some(expected) = &wanted.expected {
            self.packer.plans.used(expected.plan_id);
        }
        Ok(Made { answer, proposed: Vec::new(), applied: actions })
    }

    fn plan(&self, fs: &dyn Fs, minter: &Minter) -> Result<Proposal, Answer> {
        let name = self.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // Without links, where it is there.
        let path = self.folder.canonicalize().unwrap_or_else(|_| self.folder.to_owned());
        init(self.request, fs, (&path.display().to_string(), &project_name(&name)), minter)
    }

    fn is_unfinished(&self) -> bool {
        RealFs::open(self.folder).is_ok_and(|files| is_commit_unfinished(&*(self.packer.through)(files)))
    }

    /// The plan, while the folder may not be there.
    fn planned_unmade(&self, minter: &Minter) -> Result<Proposal, Answer> {
        let failed = |error: std::io::Error| Answer::failed(format!("{}: {error}", self.folder.display()));
        match RealFs::open(self.folder) {
            Ok(files) => self.plan(&*(self.packer.through)(files), minter),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let anything = RealFs::open(Path::new("/")).map_err(failed)?;
                self.plan(&Outlook::nothing(&anything), minter)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Plans it and makes nothing, not even the folder.
    fn preview(&self) -> Result<Made, Answer> {
        let minter = Minter::default();
        let Proposal { planned, answer, .. } = self.planned_unmade(&minter)?;
        let plans = &self.packer.plans;
        let plan = Arc::new(Plan {
            plan_id: PlanId::mint(),
            request: Box::new(Request::InitWorkspace(self.request.clone().into())),
            revision: 0,
            expires_at: plans.expires_at(),
            consent_required: planned.consent_required(),
            minted: minter.minted(),
            actions: planned.actions.clone(),
            relied_on: planned.relied_on,
            outcome: Outcome::default(),
        });
        plans.keep(Arc::clone(&plan), None);
        let answer = Answer { status: Status::Preview, data: Data::Plan(PlanData { plan }), ..answer };
        Ok(Made { answer, proposed: planned.actions, applied: Vec::new() })
    }
}
