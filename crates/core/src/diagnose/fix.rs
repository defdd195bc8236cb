//! Fixes: what would put a finding right, and how far that can be trusted. Here nothing is changed.
//!
//! A [`Remedy`] is the fix as a program reads it; the actions are the same as a person is shown them, spelled by the rooms
//! that know what an action is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::value::{AssetUuid, RelPath};

/// How far a fix can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Applicability {
    /// Nothing authored is lost or moved, and no meaning changes: it can be applied.
    Safe,
    /// It may take away what somebody meant: a person does it.
    Unsafe,
    /// Only a person knows which way to go.
    DisplayOnly,
}

impl Applicability {
    /// As it is spelled.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::DisplayOnly => "display_only",
        }
    }
}

/// What would put a finding right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fix {
    /// How far it can be trusted.
    pub applicability: Applicability,
    /// What it does, in a few words.
    pub title: String,
    /// What it does, step by step, where that is known before it is planned.
    #[serde(default)]
    pub actions: Vec<Value>,
    /// What it does, for who plans it; a safe fix has one.
    #[serde(skip)]
    pub remedy: Option<Remedy>,
}

/// A safe fix, as a program reads it. Each says what it stands on, so that a ground that has shifted is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// Rewrite the registry in canonical form.
    RewriteRegistry,
    /// Append these lines to `.gitignore`.
    Ignore(Vec<String>),
    /// Remove a temporary or staged file of ours.
    RemoveLeftover(RelPath),
    /// Let the entry of this root name another, where its UUID is.
    PointEntry {
        /// The UUID of both.
        uuid: AssetUuid,
        /// The root that the entry names.
        from: RelPath,
        /// The root that holds the UUID.
        to: RelPath,
    },
    /// Give the manifest of this unregistered root a UUID of its own.
    NewIdentity {
        /// The root.
        root: RelPath,
        /// The UUID that it has with another.
        uuid: AssetUuid,
    },
}

impl Fix {
    /// A fix that can be applied.
    #[must_use]
    pub fn safe(title: impl Into<String>, remedy: Remedy) -> Self {
        let (title, remedy) = (title.into(), Some(remedy));
        Self { applicability: Applicability::Safe, title, actions: Vec::new(), remedy }
    }

    /// A fix that may take away what somebody meant.
    #[must_use]
    pub fn harmful(title: impl Into<String>) -> Self {
        Self { applicability: Applicability::Unsafe, title: title.into(), actions: Vec::new(), remedy: None }
    }

    /// A fix of which only a person knows which way it goes.
    #[must_use]
    pub fn shown(title: impl Into<String>) -> Self {
        Self { applicability: Applicability::DisplayOnly, ..Self::harmful(title) }
    }
}
