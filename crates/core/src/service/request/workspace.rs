//! What is asked of a workspace as a whole: to make one, its state, its quarantine, its past.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::OperationId;

/// Makes a folder a workspace: settings, an empty registry, the assets folder, and lines for version control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InitWorkspace {
    /// The folder, as the host's own file system names it. Made where it is absent.
    pub path: String,
    /// The project's name; by default the folder's.
    #[serde(default)]
    pub name: Option<String>,
    /// The assets folder, relative to the workspace.
    #[serde(default = "default_assets")]
    pub assets: String,
}

fn default_assets() -> String {
    "assets".to_owned()
}

/// How the project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GetStatusRequest")]
pub struct GetStatus {
    /// Read everything again first, so that the answer has seen all that was on disk when it was asked for.
    #[serde(default)]
    pub barrier: bool,
}

/// Lists what waits in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ListQuarantineRequest")]
pub struct ListQuarantine {}

/// Puts an asset back where it was, registered as it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreQuarantined {
    /// The entry in quarantine.
    pub entry_id: String,
}

/// Deletes entries in quarantine, for good.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PurgeQuarantined {
    /// The entries.
    pub entry_ids: Vec<String>,
}

/// Lists past operations, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "GetHistoryRequest")]
pub struct GetHistory {
    /// How many at most: 100 where nothing is said, and never more than 1,000.
    pub limit: Option<u32>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// Undoes a past operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revert {
    /// Which.
    pub operation_id: OperationId,
}

/// Ends an operation that was stopped half-way, where recovery could not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Recover {
    /// How. Where nothing is said, nothing is done: the answer says what is unfinished.
    pub choice: Option<RecoverChoice>,
}

/// How an operation that was stopped half-way is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecoverChoice {
    /// What can be taken back is; the rest stays where it lies.
    Undo,
    /// Everything stays where it lies.
    Keep,
}
