//! Actions: the steps of a mutation, as a person is shown them.

use serde::Serialize;
use serde_json::Value;

use crate::value::RelPath;

/// What an action risks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Something new; nothing that was there changes.
    Additive,
    /// Bytes are replaced, and the inverse is kept.
    Edit,
}

/// One step of a mutation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Action {
    /// Counts from 1 within the operation.
    pub action_id: u32,
    /// What it risks.
    pub nature: Nature,
    /// What it does.
    #[serde(flatten)]
    pub kind: ActionKind,
}

/// What an action does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ActionKind {
    /// Writes a new file.
    WriteFile {
        /// The file, relative to the workspace.
        path: RelPath,
        /// Bytes.
        bytes: u64,
    },
    /// Changes members of a manifest in place.
    EditManifest {
        /// The manifest, relative to the workspace.
        path: RelPath,
        /// The members that change, before.
        before: Value,
        /// And after.
        after: Value,
    },
    /// Adds an entry to the registry.
    RegistryAdd {
        /// Nothing.
        before: Value,
        /// The entry.
        after: Value,
    },
    /// Changes an entry of the registry.
    RegistryUpdate {
        /// The entry that was.
        before: Value,
        /// The entry that is.
        after: Value,
    },
    /// Takes an entry out of the registry.
    RegistryRemove {
        /// The entry.
        before: Value,
        /// Nothing.
        after: Value,
    },
    /// Appends lines to a file.
    AppendLines {
        /// The file, relative to the workspace.
        path: RelPath,
        /// The lines.
        lines: Vec<String>,
    },
}

/// The actions, counted from 1.
#[must_use]
pub fn numbered(actions: impl IntoIterator<Item = (Nature, ActionKind)>) -> Vec<Action> {
    (1..).zip(actions).map(|(action_id, (nature, kind))| Action { action_id, nature, kind }).collect()
}
