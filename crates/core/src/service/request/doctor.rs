//! What is asked of the doctor, and of what it finds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Says what is wrong; changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "DoctorRequest")]
pub struct Doctor {
    /// How much to look at.
    pub scope: Scope,
    /// Decode every source in full, hash every file of the cache and the last pack.
    pub deep: bool,
    /// Codes to look for; all where empty. Naming one of hygiene looks at the workspace for it.
    pub only: Vec<String>,
    /// Where the last page of a doctor's findings ended: the next is of the same look, and nothing is looked at again.
    pub cursor: Option<String>,
}

impl Doctor {
    /// Everything below the assets folder, and the project's own files.
    #[must_use]
    pub fn workspace() -> Self {
        Self { scope: Scope::Workspace, ..Self::default() }
    }
}

/// Applies the safe fixes of what a doctor finds now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApplyFixes {
    /// How much to look at.
    pub scope: Scope,
    /// Codes to fix; all where empty.
    pub only: Vec<String>,
    /// The findings to fix; all that can be where empty.
    pub fingerprints: Vec<String>,
}

/// Says in the settings that all hygiene findings there are now are meant to be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AllowFindings {
    /// Why.
    pub reason: String,
    /// The codes to allow; all where empty.
    #[serde(default)]
    pub only: Vec<String>,
}

/// How much the doctor looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The registered world.
    #[default]
    Registered,
    /// That, everything below the assets folder, and the project's own files.
    Workspace,
}
