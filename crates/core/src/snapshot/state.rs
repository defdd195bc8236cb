//! Freshness: how far a snapshot is to be believed.

use serde::{Deserialize, Serialize};

/// The state of a project or an asset, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The snapshot equals the workspace as last observed, and nothing says that it changed since.
    #[default]
    Healthy,
    /// A mutation is being made durable.
    Committing,
    /// The workspace is being read again.
    Reconciling,
    /// Something may have changed and has not been looked at yet.
    Stale,
    /// An asset, or the registry, disagrees with the disk in a way that reading again cannot settle.
    Diverged,
    /// Opening, recovery or a commit did not end in a state that can be proven.
    Failed,
}

/// A state, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RuntimeState {
    /// The state.
    pub state: State,
    /// Why; empty where healthy.
    pub reasons: Vec<Reason>,
}

/// One reason for a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// A stable word (`root_missing`, `not_scanned` …).
    pub code: String,
    /// The reason in a sentence.
    pub message: String,
    /// How many assets it is true of, where it is about assets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

impl RuntimeState {
    /// A state for one reason.
    #[must_use]
    pub fn because(state: State, code: &str, message: impl Into<String>) -> Self {
        let reason = Reason { code: code.to_owned(), message: message.into(), count: None };
        Self { state, reasons: vec![reason] }
    }
}
