//! Manifests, `asset.json`: what a folder is as an asset. Written by people and edited in place.
//!
//! A manifest is read whole or refused with everything that is wrong with it. It has no canonical form: an edit changes
//! the members it is about and keeps every other byte.

mod edit;
mod initial;
mod read;
mod sources;

use std::collections::BTreeMap;

pub use edit::{EditError, ManifestEdit};
pub use sources::{SourceMatcher, SourcePattern, SourcePatterns};

use super::{Matcher, Pattern, Place, Problem};
use crate::importer::{self, ImporterSet};
use crate::value::{Address, AssetUuid};

/// What a folder says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The asset's identity.
    pub uuid: AssetUuid,
    /// Its logical name.
    pub address: Address,
    /// Who imports its sources.
    pub importer: ImporterChoice,
    /// Which files are its sources.
    pub sources: SourcePatterns,
    /// The settings of each importer that the file names, checked, with defaults filled in.
    pub settings: BTreeMap<String, importer::Settings>,
    /// Its labels, sorted, each once.
    pub labels: Vec<String>,
    /// What an engine is told of it.
    pub preload: bool,
    /// Fields that this version does not know (H315).
    pub unknown_fields: Vec<UnknownField>,
}

/// A field that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownField {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// Its JSON pointer.
    pub pointer: String,
    /// The known field that was perhaps meant.
    pub nearest: Option<&'static str>,
}

/// Who imports the sources of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImporterChoice {
    /// For each source, the first importer with the surest claim.
    Auto,
    /// One for all.
    Named(String),
    /// By pattern; the last that matches wins, and `auto` where none does.
    ByPattern(Vec<(Pattern, String)>),
}

impl ImporterChoice {
    /// The importer of one source, or [`ImporterSet::AUTO`]. For many sources, ask a [`ImporterChoice::matcher`].
    #[must_use]
    pub fn for_source(&self, nfc_path: &str) -> &str {
        self.matcher().for_source(nfc_path)
    }

    /// The choice made ready to look at many sources.
    #[must_use]
    pub fn matcher(&self) -> ImporterMatcher<'_> {
        match self {
            Self::Auto => ImporterMatcher { default: ImporterSet::AUTO, by_pattern: Vec::new() },
            Self::Named(name) => ImporterMatcher { default: name, by_pattern: Vec::new() },
            Self::ByPattern(list) => {
                let by_pattern = list.iter().map(|(pattern, name)| (pattern.matcher(), name.as_str())).collect();
                ImporterMatcher { default: ImporterSet::AUTO, by_pattern }
            }
        }
    }
}

/// An [`ImporterChoice`] while the sources of its asset are looked at.
#[derive(Debug)]
pub struct ImporterMatcher<'a> {
    default: &'a str,
    by_pattern: Vec<(Matcher<'a>, &'a str)>,
}

impl<'a> ImporterMatcher<'a> {
    /// The importer of a source, or [`ImporterSet::AUTO`]. `nfc_path` is relative to the root.
    #[must_use]
    pub fn for_source(&self, nfc_path: &str) -> &'a str {
        let last = self.by_pattern.iter().rev().find(|(pattern, _)| pattern.matches(nfc_path));
        last.map_or(self.default, |(_, name)| name)
    }
}

/// Why a manifest cannot be read, and what of it could be, for messages.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
#[error("{}", problems.first().map_or("the manifest is invalid", |problem| problem.message.as_str()))]
pub struct ManifestErrors {
    /// Everything that is wrong, in the order of the file (S204); never empty, but for `escapes`.
    pub problems: Vec<Problem>,
    /// Sources named without wildcards that leave the root (S206).
    pub escapes: Vec<Problem>,
    /// The UUID, where it reads. It identifies nothing: no decision may rest on it.
    pub uuid: Option<AssetUuid>,
    /// The address, where it reads.
    pub address: Option<Address>,
    /// The schema, where a newer version wrote the file.
    pub newer_schema: Option<u64>,
}

impl Manifest {
    /// The name of the file, in the asset root.
    pub const FILE: &str = "asset.json";
    /// The largest manifest.
    pub const MAX_BYTES: u64 = 1 << 20;
    /// How many patterns `sources`, and `importer`, may hold.
    pub const MAX_PATTERNS: usize = 256;
    /// How many labels an asset may have.
    pub const MAX_LABELS: usize = 256;
    /// The longest label, in bytes.
    pub const MAX_LABEL_BYTES: usize = 64;
    /// The fields of a manifest, for [`nearest`](super::nearest).
    pub const FIELDS: [&str; 8] = ["schema", "uuid", "address", "importer", "sources", "settings", "labels", "preload"];

    /// Reads a manifest against the importers that there are.
    ///
    /// # Errors
    /// With everything that is wrong.
    pub fn parse(text: &[u8], importers: &ImporterSet) -> Result<Self, ManifestErrors> {
        read::parse(text, importers)
    }

    /// The text of a new manifest.
    #[must_use]
    pub fn initial(uuid: AssetUuid, address: &Address, importer: Option<&str>) -> String {
        initial::text(uuid, address, importer)
    }

    /// `text` with `edits` done in turn. Every byte outside the members they are about stays; an edit that asks for
    /// what is there changes nothing.
    ///
    /// # Errors
    /// Where `text` is no JSON object, or has a key twice. What the members mean is not checked: parse the result.
    pub fn edit(text: &str, edits: &[ManifestEdit]) -> Result<String, EditError> {
        edits.iter().try_fold(text.to_owned(), |text, one| edit::apply(&text, one))
    }

    /// Whether `label` can be one: 1 to 64 bytes, no control character, no comma, no white space at its ends.
    #[must_use]
    pub fn is_label(label: &str) -> bool {
        let spelt = !label.contains(|c: char| c == ',' || c.is_control());
        spelt && (1..=Self::MAX_LABEL_BYTES).contains(&label.len()) && label.trim() == label
    }
}

#[cfg(test)]
mod tests;
