//! Why nothing was done.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One reason why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Blocker {
    /// Its code.
    pub code: BlockerCode,
    /// What stands in the way.
    pub message: String,
    /// What would lift it.
    pub help: String,
}

impl Blocker {
    /// A blocker.
    #[must_use]
    pub fn new(code: BlockerCode, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into() }
    }
}

/// Why nothing was done, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each code says itself; the blocker's message says the rest")]
pub enum BlockerCode {
    ConsentRequired,
    PlanStale,
    PlanUnknown,
    PlanExpired,
    PlanUsed,
    BadRequest,
    NotFound,
    Ambiguous,
    NotRegistered,
    AddressTaken,
    UuidTaken,
    IdTaken,
    RootTaken,
    OriginOccupied,
    NestedRoot,
    HoldsRoots,
    NotAFolder,
    ManifestInvalid,
    ManifestExists,
    StructuralErrors,
    WorkspaceLocked,
    LockUnproven,
    ReadOnly,
    NoWorkspace,
    ProjectIdInUse,
    RecoveryNeeded,
    CrossDevice,
    OutputInUse,
    Irreversible,
    OverLimit,
    /// Of a host that others reach: it does not know who asks. No service says so.
    Unauthorized,
    /// Of a host that others reach: it is not to be asked from there. No service says so.
    Forbidden,
}

impl BlockerCode {
    /// Whether it is the place, not the request, that stands in the way.
    #[must_use]
    pub const fn is_environment(self) -> bool {
        matches!(self, Self::WorkspaceLocked | Self::LockUnproven | Self::ReadOnly | Self::NoWorkspace)
    }
}
