//! What is asked of the pack and of what it is made from: to build it, to tidy its cache, and what it holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::build::KEPT_DAYS;

/// Makes the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "BuildRequest")]
pub struct Build {
    /// Ignore cache and listing.
    pub full: bool,
    /// Write nothing; say whether the outputs are what a build would write.
    pub check: bool,
    /// Build both ways and compare.
    pub verify: bool,
}

/// Drops from the cache what the last build did not use and nothing made or used of late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "PruneCacheRequest")]
pub struct PruneCache {
    /// How many days ago it was made or used at the latest. With 0 all goes but what the last build used.
    pub older_than_days: u32,
}

impl Default for PruneCache {
    fn default() -> Self {
        Self { older_than_days: KEPT_DAYS }
    }
}

/// Address and id of what is included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GetCompileSurfaceRequest")]
pub struct GetCompileSurface {}

/// What the last build did, and where the bytes of its pack go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GetBuildReportRequest")]
pub struct GetBuildReport {}
