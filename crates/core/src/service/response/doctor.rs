//! What the doctor answers, and the services that work on what it finds.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnose::Code;
use crate::value::RelPath;

/// Of `doctor`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DoctorData {
    /// Findings by code.
    #[schemars(with = "BTreeMap<String, u64>")]
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

/// A check that could not run: neither pass nor fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FailedCheck {
    /// The check.
    pub check: String,
    /// Why.
    pub message: String,
}

/// Of `apply_fixes`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FixesData {
    /// What is fixed.
    pub fixed: Vec<FixedFinding>,
    /// What was asked for, or could have been, and is not.
    pub refused: Vec<RefusedFix>,
    /// What could not be looked at, so that there may be more to fix, each with why.
    pub failed: Vec<FailedCheck>,
}

/// A finding that is fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RefusedFix {
    /// The finding.
    pub fingerprint: String,
    /// Its code; null where there is no such finding any more.
    pub code: Option<Code>,
    /// Why.
    pub message: String,
}

/// Of `allow_findings`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AllowData {
    /// What was added to the settings.
    pub entries: Vec<AllowedPath>,
    /// How many findings there were that are allowed now.
    pub findings: u64,
}

/// One entry of `[[doctor.allow]]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct AllowedPath {
    /// The findings' code.
    pub code: Code,
    /// The pattern of their paths.
    pub path: String,
}
