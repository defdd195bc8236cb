//! Responses: one shape for every answer, success and failure alike.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Plan;
use super::request::{OperationClass, Service};
use crate::diagnose::{Code, Diagnostic, Severity};
use crate::plan::Action;
use crate::value::{Address, AssetId, AssetRef, AssetUuid, ContentHash, OperationId, ProjectId, RelPath, RunId};
use crate::workspace::QuarantineEntry;

pub use crate::snapshot::{Reason, RuntimeState, State};

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize)]
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

/// One reason why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocker {
    /// Its code.
    pub code: BlockerCode,
    /// What stands in the way.
    pub message: String,
    /// What would lift it.
    pub help: String,
}

impl Blocker {
    /// A blocker.
    #[must_use]
    pub fn new(code: BlockerCode, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into() }
    }
}

/// Why nothing was done, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each code says itself; the blocker's message says the rest")]
pub enum BlockerCode {
    ConsentRequired,
    PlanStale,
    PlanUnknown,
    PlanExpired,
    PlanUsed,
    BadRequest,
    NotFound,
    Ambiguous,
    NotRegistered,
    AddressTaken,
    UuidTaken,
    IdTaken,
    RootTaken,
    OriginOccupied,
    NestedRoot,
    HoldsRoots,
    NotAFolder,
    ManifestInvalid,
    ManifestExists,
    StructuralErrors,
    WorkspaceLocked,
    LockUnproven,
    ReadOnly,
    NoWorkspace,
    ProjectIdInUse,
    RecoveryNeeded,
    CrossDevice,
    OutputInUse,
    Irreversible,
    OverLimit,
}

impl BlockerCode {
    /// Whether it is the place, not the request, that stands in the way.
    #[must_use]
    pub const fn is_environment(self) -> bool {
        matches!(self, Self::WorkspaceLocked | Self::LockUnproven | Self::ReadOnly | Self::NoWorkspace)
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
    GetCompileSurface(SurfaceData),
    GetStatus(Box<StatusData>),
    /// An empty object: the operation did not come so far.
    None {},
}

/// Of `init_workspace`.
#[derive(Debug, Clone, Serialize)]
pub struct InitData {
    /// The new project.
    pub project_id: ProjectId,
    /// The workspace, as the host's file system names it.
    pub path: String,
    /// The files written or extended, relative to the workspace.
    pub written: Vec<RelPath>,
}

/// Of `register_asset`.
#[derive(Debug, Clone, Serialize)]
pub struct RegisterData {
    /// What is registered now.
    pub registered: Vec<AssetRef>,
    /// What was registered before.
    pub unchanged: Vec<AssetRef>,
    /// The manifests that were written, relative to the workspace.
    pub manifests_written: Vec<RelPath>,
    /// Paths that were passed over because they are files, relative to the workspace.
    pub passed_over: Vec<RelPath>,
}

/// Of `include_asset_in_build` and `exclude_asset_from_build`.
#[derive(Debug, Clone, Serialize)]
pub struct InclusionData {
    /// What changed.
    pub changed: Vec<AssetRef>,
    /// What was so before.
    pub unchanged: Vec<AssetRef>,
}

/// Of a preview, and of what was not done for want of consent.
#[derive(Debug, Clone, Serialize)]
pub struct PlanData {
    /// What would be done.
    pub plan: Arc<Plan>,
}

/// Of what puts into quarantine, takes out of it, or shows it.
#[derive(Debug, Clone, Serialize)]
pub struct QuarantineData {
    /// The entries.
    pub entries: Vec<ListedEntry>,
}

/// One entry in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedEntry {
    /// Its name.
    pub entry_id: String,
    /// Where the root was, relative to the workspace.
    pub origin: RelPath,
    /// The asset as it was registered.
    pub asset: AssetRef,
    /// Since when it is there, RFC 3339.
    pub since: String,
    /// How many files are in it.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl ListedEntry {
    /// An entry as responses show it.
    #[must_use]
    pub fn of(entry: &QuarantineEntry) -> Self {
        Self {
            entry_id: entry.entry_id.clone(),
            origin: entry.origin.clone(),
            asset: entry.reference(),
            since: entry.since.clone(),
            files: entry.files,
            bytes: entry.bytes,
        }
    }
}

/// Of `edit_asset`: the members that changed.
#[derive(Debug, Clone, Serialize)]
pub struct EditData {
    /// As they were.
    pub before: Value,
    /// As they are.
    pub after: Value,
}

/// Of `relocate_asset`; relative to the assets folder.
#[derive(Debug, Clone, Serialize)]
pub struct RelocateData {
    /// The root that was.
    pub from: Arc<str>,
    /// The root that is.
    pub to: Arc<str>,
}

/// Of `get_history` and `revert`.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryData {
    /// Past operations, the newest first; the one that is undone.
    pub operations: Vec<PastOperation>,
    /// Where the next page begins; null on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// One past operation.
#[derive(Debug, Clone, Serialize)]
pub struct PastOperation {
    /// Which.
    pub operation_id: OperationId,
    /// The service, by name.
    pub service: String,
    /// When it was committed, RFC 3339.
    pub at: String,
    /// What it did, in one line.
    pub summary: String,
    /// The assets it was about.
    pub affected_assets: Vec<AssetRef>,
    /// What was done.
    pub applied_actions: Vec<Action>,
    /// Whether it deleted anything for good, so that nothing can undo it.
    pub irreversible: bool,
    /// The operation that it undid.
    pub reverts: Option<OperationId>,
    /// The operation that undid it.
    pub reverted_by: Option<OperationId>,
}

/// Of `apply_fixes`.
#[derive(Debug, Clone, Serialize)]
pub struct FixesData {
    /// What is fixed.
    pub fixed: Vec<FixedFinding>,
    /// What was asked for, or could have been, and is not.
    pub refused: Vec<RefusedFix>,
    /// What could not be looked at, so that there may be more to fix, each with why.
    pub failed: Vec<FailedCheck>,
}

/// A finding that is fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixedFinding {
    /// The finding.
    pub fingerprint: String,
    /// Its code.
    pub code: Code,
    /// What fixed it.
    pub title: String,
    /// The file it was about, relative to the workspace.
    pub path: Option<RelPath>,
}

/// A fix that was not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedFix {
    /// The finding.
    pub fingerprint: String,
    /// Its code; null where there is no such finding any more.
    pub code: Option<Code>,
    /// Why.
    pub message: String,
}

/// Of `recover`.
#[derive(Debug, Clone, Serialize)]
pub struct RecoverData {
    /// What was found of the unfinished operation, step by step.
    pub steps: Vec<RecoverStep>,
}

/// One step of an unfinished operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecoverStep {
    /// The path, relative to the workspace.
    pub path: RelPath,
    /// What the step was, and what is there now.
    pub message: String,
    /// Whether it can be taken back.
    pub undoable: bool,
}

/// Of `list_assets`.
#[derive(Debug, Clone, Serialize)]
pub struct ListData {
    /// This page.
    pub assets: Vec<ListedAsset>,
    /// How many the filter takes in all.
    pub total: u64,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

/// One asset in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedAsset {
    /// Null for what is not registered.
    pub asset_id: Option<AssetId>,
    /// Null where the manifest does not say.
    pub uuid: Option<AssetUuid>,
    /// Null where the manifest does not say.
    pub address: Option<Address>,
    /// Relative to the assets folder; what the registry says, where that is no path.
    pub root: Arc<str>,
    /// In the registry.
    pub registered: bool,
    /// In the build.
    pub included: bool,
    /// In quarantine.
    pub quarantined: bool,
    /// As the manifest spells it; `by pattern` for a list.
    pub importer: Option<String>,
    /// Sorted.
    pub labels: Vec<String>,
    /// How many sources.
    pub sources: u64,
    /// Bytes of all sources.
    pub bytes: u64,
    /// Parts in the last build; null where it was in none.
    pub parts: Option<u64>,
    /// The asset's state.
    pub state: State,
    /// Its worst finding's severity.
    pub worst: Option<Severity>,
    /// When it was last part of a build, RFC 3339.
    pub last_built: Option<String>,
}

/// Of `get_asset_details`.
#[derive(Debug, Clone, Serialize)]
pub struct DetailsData {
    /// As in a list.
    pub asset: ListedAsset,
    /// The manifest as it is written; null where it does not parse.
    pub manifest: Option<Value>,
    /// The sources.
    pub files: Vec<FileDetails>,
    /// The parts of the last build.
    pub part_list: Vec<PartDetails>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// The last build that had it.
    pub last_build: Option<LastBuild>,
    /// Operations that changed it, newest first.
    pub history: Vec<PastOperation>,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileDetails {
    /// Relative to the workspace.
    pub path: RelPath,
    /// Bytes.
    pub size: u64,
    /// As the last build read it; null where none has since it changed.
    pub hash: Option<ContentHash>,
}

/// One part of the last build.
#[derive(Debug, Clone, Serialize)]
pub struct PartDetails {
    /// Its name.
    pub name: String,
    /// Its format.
    pub format: String,
    /// Bytes, decompressed.
    pub bytes: u64,
    /// Of those bytes.
    pub hash: ContentHash,
    /// What the importer says of it.
    pub metadata: Value,
    /// Why it was last imported.
    pub reason: String,
}

/// The last build, as a project or an asset remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastBuild {
    /// When it ended, RFC 3339.
    pub at: String,
    /// The pack's hash.
    pub pack: ContentHash,
}

/// Of `doctor`.
#[derive(Debug, Clone, Serialize)]
pub struct DoctorData {
    /// Findings by code.
    pub counts: BTreeMap<Code, u64>,
    /// The checks that ran.
    pub checks: Vec<String>,
    /// The checks that could not run, each with why.
    pub failed: Vec<FailedCheck>,
    /// Sources whose content no build has looked at since they changed.
    pub unchecked_sources: u64,
    /// Findings that the settings allow; they are in none of the other counts.
    pub allowed: u64,
    /// Codes that the settings turn off.
    pub off: Vec<Code>,
    /// How many findings there are, where this answer holds a page of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnostics_total: Option<u64>,
    /// How many assets they are about, where the list was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affected_assets_total: Option<u64>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

/// Of `allow_findings`.
#[derive(Debug, Clone, Serialize)]
pub struct AllowData {
    /// What was added to the settings.
    pub entries: Vec<AllowedPath>,
    /// How many findings there were that are allowed now.
    pub findings: u64,
}

/// One entry of `[[doctor.allow]]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct AllowedPath {
    /// The findings' code.
    pub code: Code,
    /// The pattern of their paths.
    pub path: String,
}

/// A check that could not run: neither pass nor fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedCheck {
    /// The check.
    pub check: String,
    /// Why.
    pub message: String,
}

/// Of `build`.
#[derive(Debug, Clone, Serialize)]
pub struct BuildData {
    /// What came of it.
    pub outcome: BuildOutcome,
    /// The pack; null where there is none.
    pub pack: Option<PackData>,
    /// Parts that were there and parts that were made.
    pub cache: CacheData,
    /// How many parts were made, by reason.
    pub reasons: BTreeMap<String, u64>,
    /// Where `--verify` found the two builds to differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<String>,
    /// Milliseconds from start to end.
    pub elapsed_ms: u64,
}

/// What came of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuildOutcome {
    /// New outputs were published.
    Built,
    /// The outputs are what a build would write; nothing was written.
    Unchanged,
    /// `--check`: they are.
    UpToDate,
    /// `--check`: they are not.
    Outdated,
    /// `--verify`: full and incremental are the same.
    Equal,
    /// `--verify`: they are not.
    Different,
}

/// A pack that was built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackData {
    /// Relative to the workspace.
    pub path: RelPath,
    /// The pack's hash.
    pub hash: ContentHash,
    /// Its length.
    pub bytes: u64,
    /// Assets in it.
    pub assets: u64,
    /// Parts in it.
    pub parts: u64,
}

/// Parts that were there and parts that were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct CacheData {
    /// An earlier build had made them.
    pub hits: u64,
    /// Made now.
    pub misses: u64,
}

/// Of `get_compile_surface`.
#[derive(Debug, Clone, Serialize)]
pub struct SurfaceData {
    /// Sorted by address.
    pub addressables: Vec<Addressable>,
    /// The last pack's hash, where it holds exactly these.
    pub in_pack: Option<ContentHash>,
}

/// All that a compiler needs of an asset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Addressable {
    /// Its logical name.
    pub address: Address,
    /// Its run-time number.
    pub asset_id: AssetId,
}

/// Of `get_status`.
#[derive(Debug, Clone, Serialize)]
pub struct StatusData {
    /// The project's name.
    pub name: Option<String>,
    /// The workspace, as the host's file system names it.
    pub path: String,
    /// What the write lane does.
    pub lane: LaneData,
    /// How the workspace is observed.
    pub watcher: WatcherData,
    /// How many of what.
    pub counts: CountsData,
    /// The last build; null before the first.
    pub last_build: Option<LastBuild>,
    /// This run of the runtime.
    pub run_id: RunId,
}

/// What the write lane does.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LaneData {
    /// The operation that runs.
    pub running: Option<LaneOperation>,
    /// Those that wait, first come first.
    pub queued: Vec<LaneOperation>,
}

/// An operation in the lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LaneOperation {
    /// Which.
    pub operation_id: OperationId,
    /// What it does.
    pub service: Service,
}

/// How the workspace is observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WatcherData {
    /// Whether anything observes it.
    pub active: bool,
    /// Why not, or what it cannot see.
    pub message: Option<String>,
}

/// How many of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct CountsData {
    /// In the registry.
    pub registered: u64,
    /// In the build.
    pub included: u64,
    /// Asset roots that no entry names.
    pub unregistered: u64,
    /// Sources of registered assets.
    pub sources: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Structural findings.
    pub structural: u64,
}
