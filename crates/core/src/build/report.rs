//! The texts beside the pack: the compile surface, which is deterministic, and the report, which is not.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::changes::Changes;
use super::unit::Units;
use crate::diagnose::Diagnostic;
use crate::fs::{Fs, read_limited};
use crate::value::{Address, AssetId, ContentHash, OperationId, RelPath};

/// `addressables.json`: one asset a line, sorted by address.
pub(super) fn addressables(units: &Units<'_>, pack: ContentHash) -> Vec<u8> {
    let mut sorted: Vec<(&Address, AssetId)> =
        units.assets.iter().map(|asset| (&asset.manifest.address, asset.asset_id)).collect();
    sorted.sort();
    let mut text = format!("{{\n  \"schema\": 1,\n  \"pack\": \"{pack}\",\n  \"addressables\": [");
    for (index, (address, asset_id)) in sorted.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        // An address has no character that JSON would escape.
        let _ = write!(text, "{comma}\n    {{\"address\": \"{address}\", \"asset_id\": {asset_id}}}");
    }
    text.push_str(if sorted.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
    text.into_bytes()
}

/// `report.json`: what the build did and why.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    pub(super) schema: u32,
    pub(super) operation_id: OperationId,
    pub(super) at: &'a str,
    pub(super) outcome: &'a str,
    pub(super) elapsed_ms: u64,
    pub(super) pack: ContentHash,
    pub(super) bytes: u64,
    pub(super) assets: u64,
    pub(super) parts: u64,
    pub(super) hits: u64,
    pub(super) misses: u64,
    pub(super) reasons: &'a BTreeMap<String, u64>,
    /// The imports that were made, each with why.
    pub(super) made: Vec<Made<'a>>,
    /// What is otherwise than in the pack before; null where nothing is known of one.
    pub(super) changes: Option<&'a Changes>,
    pub(super) diagnostics: &'a [Diagnostic],
}

/// One import that was made.
#[derive(Serialize)]
pub(super) struct Made<'a> {
    pub(super) address: &'a str,
    pub(super) source: &'a str,
    pub(super) importer: &'a str,
    pub(super) reason: String,
    pub(super) elapsed_ms: f64,
}

/// Milliseconds, to the microsecond.
pub(super) fn millis(time: Duration) -> f64 {
    time.as_micros() as f64 / 1_000.0
}

/// What `report.json` says, as it is read again.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ReportFile {
    /// The build's operation.
    pub operation_id: OperationId,
    /// When it ended, RFC 3339.
    pub at: String,
    /// `built` or `equal`.
    pub outcome: String,
    /// How long it took.
    pub elapsed_ms: u64,
    /// The pack's hash.
    pub pack: ContentHash,
    /// Its length.
    pub bytes: u64,
    /// Assets in it.
    pub assets: u64,
    /// Parts in it.
    pub parts: u64,
    /// Parts that an earlier build had made.
    pub hits: u64,
    /// Parts made then.
    pub misses: u64,
    /// How many of them for which reason.
    pub reasons: BTreeMap<String, u64>,
    /// The imports that took longest, longest first; at most 100.
    #[serde(rename = "made", deserialize_with = "slowest")]
    pub slowest: Vec<SlowImport>,
    /// What is otherwise than in the pack before.
    pub changes: Option<Changes>,
}

/// One import that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SlowImport {
    /// The asset's address.
    pub address: String,
    /// The source, relative to its root.
    pub source: String,
    /// Who imported it.
    pub importer: String,
    /// Why.
    pub reason: String,
    /// How long reading and importing took, in milliseconds.
    pub elapsed_ms: f64,
}

impl ReportFile {
    /// How many imports it keeps.
    const MOST: usize = 100;

    /// Reads the report; `None` where there is none that reads.
    #[must_use]
    pub fn load(fs: &dyn Fs, path: &RelPath) -> Option<Self> {
        const MAX_BYTES: u64 = 1 << 30;
        serde_json::from_slice(&read_limited(fs, path, MAX_BYTES).ok()?).ok()
    }
}

fn slowest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SlowImport>, D::Error> {
    let mut made = Vec::<SlowImport>::deserialize(deserializer)?;
    made.sort_by(|a, b| b.elapsed_ms.total_cmp(&a.elapsed_ms));
    made.truncate(ReportFile::MOST);
    Ok(made)
}

impl Report<'_> {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        text
    }
}
