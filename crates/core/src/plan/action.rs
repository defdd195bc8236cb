//! Actions: the steps of a mutation, as a person is shown them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::value::RelPath;

/// What an action risks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Something new; nothing that was there changes.
    Additive,
    /// Bytes are replaced, and the inverse is kept.
    Edit,
    /// Authored files go to another place.
    Relocational,
    /// Authored bytes are lost.
    Destructive,
}

impl Nature {
    /// Whether it is done only where somebody said yes to it.
    #[must_use]
    pub const fn needs_consent(self) -> bool {
        matches!(self, Self::Relocational | Self::Destructive)
    }

    /// As it is spelled.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Additive => "additive",
            Self::Edit => "edit",
            Self::Relocational => "relocational",
            Self::Destructive => "destructive",
        }
    }
}

/// One step of a mutation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Action {
    /// Counts from 1 within the operation.
    pub action_id: u32,
    /// What it risks.
    pub nature: Nature,
    /// What it does.
    #[serde(flatten)]
    pub kind: ActionKind,
}

/// What an action does. Paths are relative to the workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ActionKind {
    /// Writes a new file.
    WriteFile {
        /// The file.
        path: RelPath,
        /// Its bytes.
        bytes: u64,
    },
    /// Removes a file that a tool wrote.
    RemoveFile {
        /// The file.
        path: RelPath,
        /// Its bytes.
        bytes: u64,
    },
    /// Changes members of a manifest in place.
    EditManifest {
        /// The manifest.
        path: RelPath,
        /// The members that change, before.
        before: Value,
        /// And after.
        after: Value,
    },
    /// Gives a file the bytes that it had.
    RestoreFile {
        /// The file.
        path: RelPath,
        /// Its bytes then.
        bytes: u64,
    },
    /// Gives the registry its canonical form; no entry changes.
    RewriteRegistry {
        /// The registry.
        path: RelPath,
        /// Its bytes before.
        bytes: u64,
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
        /// The file.
        path: RelPath,
        /// The lines.
        lines: Vec<String>,
    },
    /// Moves an asset root, whole.
    MoveRoot {
        /// From here.
        from: RelPath,
        /// To here.
        to: RelPath,
        /// How many files are in it.
        files: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// Deletes an asset root, whole.
    DeleteRoot {
        /// The root.
        path: RelPath,
        /// How many files are in it.
        files: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// Deletes an entry in quarantine, whole.
    PurgeEntry {
        /// The entry's folder.
        path: RelPath,
        /// How many files are in it.
        files: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// Ends an operation that was stopped half-way.
    Settle {
        /// The operation.
        operation_id: String,
        /// What becomes of it.
        outcome: String,
    },
}

/// The actions, counted from 1.
#[must_use]
pub fn numbered(actions: impl IntoIterator<Item = (Nature, ActionKind)>) -> Vec<Action> {
    (1..).zip(actions).map(|(action_id, (nature, kind))| Action { action_id, nature, kind }).collect()
}
