//! The settings of a workspace, `packwright.toml`: written by people, never rewritten by tools.
//!
//! Every value has a default; a file that breaks one rule is refused with all the rules it breaks. Paths here are
//! checked as text; that they pass no link, `fs` checks.

mod edit;
mod initial;
mod read;
mod tables;

use std::collections::BTreeMap;

use super::Problem;
use crate::value::{ProjectId, RelPath, is_reserved_name};

/// What people decided about their workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The project's identity.
    pub project_id: ProjectId,
    /// The project's name, and its pack's.
    pub name: String,
    /// The assets folder, in the workspace.
    pub assets_dir: RelPath,
    /// What to ignore below the assets folder, in gitignore syntax, on top of the built-in list.
    pub ignore: Vec<String>,
    /// The folder of outputs, in the workspace.
    pub out_dir: RelPath,
    /// How parts lie in the pack.
    pub compression: Compression,
    /// Levels of hygiene findings, by code.
    pub levels: BTreeMap<String, Level>,
    /// Hygiene findings that are meant to be.
    pub allow: Vec<Allow>,
    /// Whether to write where the lock cannot be proven.
    pub trust_lock: bool,
}

/// How parts lie in the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// As they are: mapped in place.
    None,
    /// LZ4, where it saves at least 5 %.
    Lz4,
}

/// What becomes of a hygiene finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not shown.
    Off,
    /// Shown as information.
    Info,
    /// Shown as a warning.
    Warning,
}

/// A hygiene finding that is meant to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow {
    /// The finding's code.
    pub code: String,
    /// The glob of the files it may concern, relative to the workspace.
    pub path: String,
    /// Why.
    pub reason: String,
}

impl Settings {
    /// The name of the file; the folder that holds it is the workspace.
    pub const FILE: &str = "packwright.toml";
    /// The largest file, in bytes.
    pub const MAX_BYTES: usize = 1 << 20;
    /// The longest name of a project, in characters.
    pub const MAX_NAME: usize = 64;

    /// The codes of hygiene findings: those that can have a level and be allowed. What each means, `diagnose` knows.
    pub const HYGIENE_CODES: [&str; 16] = [
        "H301", "H302", "H303", "H304", "H305", "H306", "H307", "H308", "H309", "H310", "H311", "H314", "H315", "H316",
        "H317", "H318",
    ];

    /// Reads the settings.
    ///
    /// # Errors
    /// With everything that is wrong, in the order of the file (S108).
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        read::parse(text)
    }

    /// The text with these entries behind those of `[[doctor.allow]]`. Every other byte stays.
    ///
    /// # Errors
    /// Where the text does not read, or would not any more: it has a largest size.
    pub fn with_allowed(text: &str, allow: &[Allow]) -> Result<String, Problem> {
        edit::with_allowed(text, allow)
    }

    /// The settings of a new workspace: what must be said, and the rest as comments. `name` must be a
    /// [name](Settings::is_name).
    #[must_use]
    pub fn initial(id: ProjectId, name: &str, assets: &RelPath) -> String {
        initial::text(id, name, assets)
    }

    /// Whether a project can have this name: `[A-Za-z0-9._-]{1,64}`, neither `.` nor `..` nor a device on Windows.
    #[must_use]
    pub fn is_name(name: &str) -> bool {
        let spelt = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
        spelt && (1..=Self::MAX_NAME).contains(&name.len()) && name != "." && name != ".." && !is_reserved_name(name)
    }

    /// Why [`Settings::parse`] would refuse these two folders together; for who chooses them.
    #[must_use]
    pub fn folder_clash(assets: &RelPath, out: &RelPath) -> Option<String> {
        read::folder_clash(assets, out)
    }
}

impl Level {
    /// All of them, as a file spells them.
    pub(super) const SPELT: [(&'static str, Self); 3] =
        [("off", Self::Off), ("info", Self::Info), ("warning", Self::Warning)];
}

impl Compression {
    /// All of them, as a file spells them.
    pub(super) const SPELT: [(&'static str, Self); 2] = [("none", Self::None), ("lz4", Self::Lz4)];
}

#[cfg(test)]
mod tests;
