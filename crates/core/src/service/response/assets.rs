//! What is answered of assets that are listed or shown.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{LastBuild, PastOperation, State};
use crate::diagnose::{Diagnostic, Severity};
use crate::value::{Address, AssetId, AssetUuid, ContentHash, RelPath};

/// Of `list_assets`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListData {
    /// This page.
    pub assets: Vec<ListedAsset>,
    /// How many the filter takes in all.
    pub total: u64,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

/// One asset in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileDetails {
    /// Relative to the workspace.
    pub path: RelPath,
    /// Bytes.
    pub size: u64,
    /// As it was last read whole, by a build or for its hash; null where it has not been since it changed.
    pub hash: Option<ContentHash>,
}

/// One part of the last build.
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
