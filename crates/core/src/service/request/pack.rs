//! What is asked of the pack: to build it, and what it holds.

use serde::{Deserialize, Serialize};

/// Makes the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Build {
    /// Ignore cache and listing.
    pub full: bool,
    /// Write nothing; say whether the outputs are what a build would write.
    pub check: bool,
    /// Build both ways and compare.
    pub verify: bool,
}

/// Address and id of what is included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetCompileSurface {}
