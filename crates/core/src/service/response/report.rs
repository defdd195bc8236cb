//! What is answered of the last build: what it did, and where the bytes of its pack go.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::{BuildOutcome, CacheData, PackData};
use crate::build::{Changes, SlowImport};
use crate::value::{AssetId, ContentHash, OperationId};

/// Of `get_build_report`. Before the first build there are nulls and empty lists.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReportData {
    /// The last build that wrote a pack; null before the first, and where its report is gone or of another pack.
    pub last_build: Option<ReportedBuild>,
    /// The imports of it that took longest, longest first; at most 100.
    pub slowest: Vec<SlowImport>,
    /// The biggest parts of the pack, biggest first; at most 100.
    pub biggest: Vec<BigPart>,
    /// Parts that are in the pack more often than once, the most wasteful first; at most 100 groups.
    pub duplicates: Vec<DuplicateParts>,
    /// How many groups of such parts there are.
    pub duplicates_total: u64,
    /// What all of them waste in the pack, in bytes.
    pub wasted_bytes: u64,
    /// Where the bytes go; null before the first build.
    pub composition: Option<Composition>,
    /// What is otherwise than in the pack before; null where nothing is known of one.
    pub changes: Option<Changes>,
}

/// A build that wrote a pack.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReportedBuild {
    /// Its operation.
    pub operation_id: OperationId,
    /// When it ended, RFC 3339.
    pub at: String,
    /// What came of it: built or equal.
    pub outcome: BuildOutcome,
    /// Milliseconds from start to end.
    pub elapsed_ms: u64,
    /// What it wrote.
    pub pack: PackData,
    /// Parts that were there and parts that were made.
    pub cache: CacheData,
    /// How many parts were made, by reason.
    pub reasons: BTreeMap<String, u64>,
}

/// One big part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BigPart {
    /// Its asset.
    pub asset_id: AssetId,
    /// The asset's address then.
    pub address: String,
    /// Its name.
    pub name: String,
    /// Its format.
    pub format: String,
    /// Bytes, decompressed.
    pub bytes: u64,
    /// Bytes in the pack.
    pub stored_bytes: u64,
    /// Of the bytes, decompressed.
    pub hash: ContentHash,
}

/// Parts with the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DuplicateParts {
    /// Of the bytes, decompressed.
    pub hash: ContentHash,
    /// The format of one of them.
    pub format: String,
    /// Bytes of each, decompressed.
    pub bytes: u64,
    /// How many parts.
    pub n: u64,
    /// Bytes in the pack beside those of the one that takes most.
    pub wasted_bytes: u64,
    /// The assets that have them, by address; at most 20.
    pub addresses: Vec<String>,
}

/// Where the bytes of a pack go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Composition {
    /// The assets that take most of the pack, most first; at most 2,000.
    pub assets: Vec<AssetShare>,
    /// All others, summed by the first folder of their roots; in order of the folders.
    pub rest: Vec<FolderShare>,
    /// All parts by format, most of the pack first.
    pub kinds: Vec<KindShare>,
}

/// What one asset takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AssetShare {
    /// Which.
    pub asset_id: AssetId,
    /// Its address then.
    pub address: String,
    /// Its root now, relative to the assets folder; null where it is not registered any more.
    pub root: Option<Arc<str>>,
    /// The format that takes most of it; null where it has no parts.
    pub kind: Option<String>,
    /// How many parts.
    pub parts: u64,
    /// Bytes, decompressed.
    pub bytes: u64,
    /// Bytes in the pack.
    pub stored_bytes: u64,
}

/// What the smaller assets of a folder take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FolderShare {
    /// The first segment of their roots; of their addresses, where they are not registered any more.
    pub folder: String,
    /// How many assets.
    pub assets: u64,
    /// How many parts.
    pub parts: u64,
    /// Bytes, decompressed.
    pub bytes: u64,
    /// Bytes in the pack.
    pub stored_bytes: u64,
}

/// What the parts of one format take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KindShare {
    /// The format.
    pub format: String,
    /// How many parts.
    pub parts: u64,
    /// Bytes, decompressed.
    pub bytes: u64,
    /// Bytes in the pack.
    pub stored_bytes: u64,
}
