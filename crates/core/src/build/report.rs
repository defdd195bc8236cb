//! The texts beside the pack: the compile surface, which is deterministic, and the report, which is not.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::unit::Units;
use crate::diagnose::Diagnostic;
use crate::value::{Address, AssetId, ContentHash, OperationId};

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
    pub(super) diagnostics: &'a [Diagnostic],
}

/// One import that was made.
#[derive(Serialize)]
pub(super) struct Made<'a> {
    pub(super) address: &'a str,
    pub(super) source: &'a str,
    pub(super) importer: &'a str,
    pub(super) reason: String,
}

impl Report<'_> {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        text
    }
}
