//! What is answered of a workspace as a whole: a new one's, and a project's state.

use schemars::JsonSchema;
use serde::Serialize;

use super::LastBuild;
use crate::service::Service;
use crate::value::{OperationId, ProjectId, RelPath, RunId};

/// Of `init_workspace`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InitData {
    /// The new project.
    pub project_id: ProjectId,
    /// The workspace, as the host's file system names it.
    pub path: String,
    /// The files written or extended, relative to the workspace.
    pub written: Vec<RelPath>,
}

/// Of `get_status`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct LaneData {
    /// The operation that runs.
    pub running: Option<LaneOperation>,
    /// Those that wait, first come first.
    pub queued: Vec<LaneOperation>,
}

/// An operation in the lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LaneOperation {
    /// Which.
    pub operation_id: OperationId,
    /// What it does.
    pub service: Service,
}

/// How the workspace is observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WatcherData {
    /// Whether anything observes it.
    pub active: bool,
    /// Why not, or what it cannot see.
    pub message: Option<String>,
}

/// How many of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
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
