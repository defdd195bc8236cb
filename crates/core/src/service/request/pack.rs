//! What is asked of the pack: to build it, and what it holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
