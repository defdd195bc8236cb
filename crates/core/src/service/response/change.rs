//! What the services answer that change assets, or undo such a change.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::plan::Action;
use crate::value::{AssetRef, OperationId, RelPath};
use crate::workspace::QuarantineEntry;

/// Of `register_asset`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InclusionData {
    /// What changed.
    pub changed: Vec<AssetRef>,
    /// What was so before.
    pub unchanged: Vec<AssetRef>,
}

/// Of `edit_asset`: the members that changed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EditData {
    /// As they were.
    pub before: Value,
    /// As they are.
    pub after: Value,
}

/// Of `relocate_asset`; relative to the assets folder.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RelocateData {
    /// The root that was.
    pub from: Arc<str>,
    /// The root that is.
    pub to: Arc<str>,
}

/// Of what puts into quarantine, takes out of it, or shows it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuarantineData {
    /// The entries.
    pub entries: Vec<ListedEntry>,
}

/// One entry in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
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

/// Of `get_history` and `revert`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HistoryData {
    /// Past operations, the newest first; the one that is undone.
    pub operations: Vec<PastOperation>,
    /// Where the next page begins; null on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// One past operation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PastOperation {
    /// Which.
    pub operation_id: OperationId,
    /// The service, by name.
    pub service: String,
    /// When it was committed, RFC 3339.
    pub at: String,
    /// What it did, in one line.
    pub summary: String,
    /// The assets it was about; the first 1,000. In the details of an asset, of an operation that did much, that asset.
    pub affected_assets: Vec<AssetRef>,
    /// How many assets there are, where the list was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affected_assets_total: Option<u64>,
    /// What was done; the first 1,000 actions, and none where the details of an asset only count them.
    pub applied_actions: Vec<Action>,
    /// How many actions there are, where the list was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied_actions_total: Option<u64>,
    /// Whether it deleted anything for good, so that nothing can undo it.
    pub irreversible: bool,
    /// The operation that it undid.
    pub reverts: Option<OperationId>,
    /// The operation that undid it.
    pub reverted_by: Option<OperationId>,
}

/// Of `recover`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RecoverData {
    /// What was found of the unfinished operation, step by step.
    pub steps: Vec<RecoverStep>,
}

/// One step of an unfinished operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RecoverStep {
    /// The path, relative to the workspace.
    pub path: RelPath,
    /// What the step was, and what is there now.
    pub message: String,
    /// Whether it can be taken back.
    pub undoable: bool,
}
