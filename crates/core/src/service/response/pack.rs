//! What is answered of the pack and its cache: a build's outcome, what was dropped, and what the pack holds.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::{Address, AssetId, ContentHash, RelPath};

/// Of `build`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct CacheData {
    /// An earlier build had made them.
    pub hits: u64,
    /// Made now.
    pub misses: u64,
}

/// Of `prune_cache`. Files are those of entries and blobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct PruneData {
    /// Bytes that were dropped.
    pub freed_bytes: u64,
    /// In so many files.
    pub freed_files: u64,
    /// Bytes that are still in the cache.
    pub kept_bytes: u64,
    /// In so many files.
    pub kept_files: u64,
}

/// Of `get_compile_surface`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SurfaceData {
    /// Sorted by address.
    pub addressables: Vec<Addressable>,
    /// The last pack's hash, where it holds exactly these.
    pub in_pack: Option<ContentHash>,
}

/// All that a compiler needs of an asset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Addressable {
    /// Its logical name.
    pub address: Address,
    /// Its run-time number.
    pub asset_id: AssetId,
}

/// The last build, as a project or an asset remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LastBuild {
    /// When it ended, RFC 3339.
    pub at: String,
    /// The pack's hash.
    pub pack: ContentHash,
}
