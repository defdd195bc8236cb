//! What each kind of event says beyond its envelope: one struct a kind.
//!
//! Operations fill them, readers read them with [`Event::payload_as`](super::Event::payload_as), and the
//! [schema](super::schema) and the [check](super::check) are made from them. Some speak of things that rooms above own
//! (a status, a finding, an action): those are parameters, so that the room above says its own type. The types that the
//! parameters have by default know what every reader may count on.
//!
//! A list holds at most [`MAX_LISTED`] elements; where it was cut, the total beside it says how long it was.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{MAX_LISTED, Payload};

/// `operation_queued`: an operation waits for the write lane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OperationQueued")]
pub struct OperationQueued<S = String> {
    /// The service that was asked for.
    pub service: S,
}

/// `operation_started`: an operation runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OperationStarted")]
pub struct OperationStarted<S = String> {
    /// The service that was asked for.
    pub service: S,
    /// What it may change.
    pub operation_class: OperationClass,
}

/// `progress_updated`: how far an operation has come stands in the envelope.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ProgressUpdated {
    /// Who holds the lock that the operation waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_for: Option<LockHolder>,
}

/// The process that writes the workspace meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LockHolder {
    /// The process.
    pub pid: u32,
    /// The machine it runs on.
    pub host: String,
    /// The service it runs.
    pub service: String,
}

/// `asset_discovered`, `asset_changed`, `asset_removed`: the assets stand in the envelope.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct AssetsSeen {
    /// How many assets; left out where the event is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// `diagnostics_updated` within an operation. At the end of a doctor it is an [`Ended`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiagnosticsUpdated {
    /// How many structural findings there are now.
    pub structural: u64,
}

/// `runtime_state_changed`: the project's state is another, or has other reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuntimeStateChanged {
    /// The state now.
    pub state: State,
    /// The state before; left out where the project was not open before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<State>,
    /// Why; empty where the project is healthy.
    #[schemars(length(max = MAX_LISTED))]
    pub reasons: Vec<Reason>,
}

impl RuntimeStateChanged {
    /// The reason that says that the state is another process's doing.
    pub(crate) const ANOTHER_COMMITS: &str = "another_commits";

    /// Whether who says so is also to end the state.
    pub(super) fn passes(&self) -> bool {
        self.state.passes() && !self.reasons.iter().any(|reason| reason.code == Self::ANOTHER_COMMITS)
    }
}

/// `preview_ready`: a plan can be looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PreviewReady")]
pub struct PreviewReady<P = Uuid> {
    /// The plan, as one applies it.
    #[schemars(with = "Uuid")]
    pub plan_id: P,
}

/// `action_applied`: a mutation is durable and published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ActionApplied")]
pub struct ActionApplied<A = Action, P = Uuid> {
    /// The plan that was applied, where it was one that somebody looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Uuid>")]
    pub plan_id: Option<P>,
    /// What was done, in order.
    #[schemars(length(max = MAX_LISTED))]
    pub actions: Vec<A>,
    /// How many actions there were, where the list was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions_total: Option<u64>,
}

/// How an operation ended: `action_failed`, `build_finished`, and `diagnostics_updated` at the end of a doctor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Ended")]
pub struct Ended<S = Status, B = Blocker, D = Finding> {
    /// How it ended.
    pub status: S,
    /// Why nothing was done.
    #[schemars(length(max = MAX_LISTED))]
    pub blockers: Vec<B>,
    /// How many blockers there are, where the list was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blockers_total: Option<u64>,
    /// What was found.
    #[schemars(length(max = MAX_LISTED))]
    pub diagnostics: Vec<D>,
    /// How many findings there are, cut or not.
    pub diagnostics_total: u64,
}

impl<'a, S, B, D> Ended<S, &'a B, &'a D> {
    /// Of what the operation's response says. Lists are cut before they are written, however long they are.
    #[must_use]
    pub fn of(status: S, blockers: &'a [B], diagnostics: &'a [D]) -> Self {
        Self {
            status,
            blockers: blockers.iter().take(MAX_LISTED).collect(),
            blockers_total: (blockers.len() > MAX_LISTED).then_some(blockers.len() as u64),
            diagnostics: diagnostics.iter().take(MAX_LISTED).collect(),
            diagnostics_total: diagnostics.len() as u64,
        }
    }
}

/// `build_started`: a build looks at its inputs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct BuildStarted {}

/// `cache_hit`: imports were in the cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CacheHit {
    /// How many imports.
    pub count: u64,
}

/// `cache_miss`: imports were not in the cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CacheMiss {
    /// How many imports.
    pub count: u64,
    /// Why, import by import; the first ones.
    #[schemars(length(max = MAX_LISTED))]
    pub reasons: Vec<MissReason>,
}

/// Why an import was not in the cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissReason {
    /// The asset's root.
    pub root: String,
    /// Why.
    pub reason: String,
}

/// `reconcile_started`: the workspace is being read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReconcileStarted {
    /// What it is read for.
    pub reason: ReconcileReason,
    /// How many folders are read again; null for everything.
    pub folders: Option<u64>,
}

/// Why the workspace is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReconcileReason {
    /// The project was opened.
    Opened,
    /// The system said that files changed.
    Hints,
    /// So many files changed that the system lost count.
    Overflow,
    /// The system no longer says what changes.
    WatchLost,
    /// Somebody wants to know that all that was on disk has been seen.
    Barrier,
    /// The host asked for it.
    Asked,
    /// The project had fallen behind what an operation found on disk.
    Behind,
}

/// `reconcile_finished`: the workspace was read, and the difference published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ReconcileFinished")]
pub struct ReconcileFinished<S = Status> {
    /// How it ended.
    pub status: S,
    /// How many assets were not known before.
    pub discovered: u64,
    /// How many assets are not what they were.
    pub changed: u64,
    /// How many assets are gone.
    pub removed: u64,
}

/// `stream_gap`: this subscriber missed events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StreamGap {
    /// The cursor from which events are missing.
    pub from: u64,
    /// The cursor up to which they are.
    pub to: u64,
    /// How many lifecycle events, of the kinds subscribed to, are among them.
    pub lifecycle: u64,
    /// The run that the subscriber came from, where it is not this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_run: Option<Uuid>,
}

/// What an operation may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OperationClass {
    /// Nothing.
    ReadOnly,
    /// The registry and no other file of the workspace.
    RegistryMutation,
    /// Files of the workspace.
    WorkspaceMutation,
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Done, and durable.
    Ok,
    /// Nothing was done; the blockers say why.
    Blocked,
    /// Something broke; nothing was done.
    Failed,
    /// A commit happened whose durability could not be proven, or what was done before one could not be taken back yet.
    Indeterminate,
    /// Stopped before its commit.
    Cancelled,
}

/// How far what the packer knows is to be believed.
// From the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It equals the workspace as last observed, and nothing says that it changed since.
    #[default]
    Healthy,
    /// A mutation is being made durable.
    Committing,
    /// The workspace is being read again.
    Reconciling,
    /// Something may have changed and has not been looked at yet.
    Stale,
    /// An asset, or the registry, disagrees with the disk in a way that reading again cannot settle.
    Diverged,
    /// Opening, recovery or a commit did not end in a state that can be proven.
    Failed,
}

impl State {
    /// Whether whoever brings it about is also to end it.
    pub(super) const fn passes(self) -> bool {
        matches!(self, Self::Committing | Self::Reconciling)
    }
}

/// One reason for a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// A stable word.
    pub code: String,
    /// The reason in a sentence.
    pub message: String,
    /// How many assets it is true of, where it is about assets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The event that brought it about, where the packer knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<super::Cause>,
}

/// One reason why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Blocker {
    /// A stable word.
    pub code: String,
    /// What stands in the way.
    pub message: String,
    /// What would lift it.
    pub help: String,
    /// What else responses say of it.
    #[serde(flatten)]
    pub more: Payload,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Its code.
    pub code: String,
    /// How bad it is.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// What else responses say of it.
    #[serde(flatten)]
    pub more: Payload,
}

/// One step that was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Action {
    /// Counts from 1 within the operation.
    pub action_id: u32,
    /// What it did.
    pub kind: String,
    /// What it risked.
    pub nature: String,
    /// What else responses say of it.
    #[serde(flatten)]
    pub more: Payload,
}
