//! Responses: one shape for every answer, success and failure alike. What each service answers beside it stands by topic.

mod assets;
mod blocker;
mod change;
mod doctor;
mod pack;
mod report;
mod workspace;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Plan;
use super::request::{OperationClass, Service};
use crate::diagnose::{Diagnostic, Severity};
use crate::plan::Action;
use crate::value::{AssetRef, OperationId, ProjectId};

pub use crate::snapshot::{Reason, RuntimeState, State};
pub use assets::*;
pub use blocker::{Blocker, BlockerCode};
pub use change::*;
pub use doctor::*;
pub use pack::*;
pub use report::*;
pub use workspace::*;

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Done, and durable.
    Ok,
    /// Planned, not done.
    Preview,
    /// Nothing was done; the blockers say why.
    Blocked,
    /// Something broke; nothing was done.
    Failed,
    /// A commit happened whose durability could not be proven, or what was done before one could not be taken back yet.
    Indeterminate,
    /// Stopped before its commit.
    Cancelled,
}

/// The answer of every service on every surface.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Response {
    /// How it ended.
    pub status: Status,
    /// The service.
    pub service: Service,
    /// What it could change.
    pub operation_class: OperationClass,
    /// The operation; null for reads.
    pub operation_id: Option<OperationId>,
    /// The project; null where there is none, or its settings do not say.
    pub project_id: Option<ProjectId>,
    /// The snapshot that the whole answer was read from.
    pub revision: Option<u64>,
    /// How fresh that snapshot is.
    pub runtime_state: RuntimeState,
    /// What happened, in one line.
    pub summary: String,
    /// The assets it is about.
    pub affected_assets: Vec<AssetRef>,
    /// Findings.
    pub diagnostics: Vec<Diagnostic>,
    /// What would be done.
    pub proposed_actions: Vec<Action>,
    /// What was done.
    pub applied_actions: Vec<Action>,
    /// Why nothing was done.
    pub blockers: Vec<Blocker>,
    /// What the service answers beside that.
    pub data: Data,
}

impl Response {
    /// Whether the response carries this blocker.
    #[must_use]
    pub fn is_blocked_by(&self, code: BlockerCode) -> bool {
        self.blockers.iter().any(|blocker| blocker.code == code)
    }

    /// Whether any finding is structural.
    #[must_use]
    pub fn has_structural(&self) -> bool {
        self.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }

    /// The exit code of a command that got this answer; its meaning is documented with the command line.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let not_checked = match &self.data {
            Data::Doctor(doctor) => !doctor.failed.is_empty(),
            Data::ApplyFixes(fixes) => !fixes.failed.is_empty(),
            _ => false,
        };
        let outdated = matches!(&self.data, Data::Build(build) if matches!(build.outcome, BuildOutcome::Outdated | BuildOutcome::Different));
        match self.status {
            Status::Ok if not_checked => 3,
            Status::Ok if self.service == Service::Doctor && self.has_structural() => 1,
            Status::Ok if outdated => 1,
            Status::Ok | Status::Preview => 0,
            Status::Blocked if self.is_blocked_by(BlockerCode::BadRequest) => 2,
            Status::Blocked if self.blockers.iter().any(|blocker| blocker.code.is_environment()) => 3,
            Status::Blocked => 1,
            Status::Failed | Status::Indeterminate => 3,
            Status::Cancelled => 130,
        }
    }
}

/// What a service answers beside the common fields.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "one variant a service; the types say the rest")]
pub enum Data {
    InitWorkspace(InitData),
    RegisterAsset(RegisterData),
    Inclusion(InclusionData),
    Quarantine(QuarantineData),
    EditAsset(EditData),
    RelocateAsset(RelocateData),
    History(HistoryData),
    Recover(RecoverData),
    Plan(PlanData),
    ListAssets(ListData),
    GetAssetDetails(Box<DetailsData>),
    Doctor(Box<DoctorData>),
    AllowFindings(AllowData),
    ApplyFixes(FixesData),
    Build(Box<BuildData>),
    PruneCache(PruneData),
    GetCompileSurface(SurfaceData),
    GetBuildReport(Box<ReportData>),
    GetStatus(Box<StatusData>),
    /// An empty object: the operation did not come so far.
    None {},
}

/// Of a preview, and of what was not done for want of consent.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PlanData {
    /// What would be done.
    pub plan: Arc<Plan>,
}
