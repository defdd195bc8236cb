//! Which files of a root are its sources.

use crate::workspace::{Matcher, Pattern, Place};

/// The patterns of `sources`, or the default: every file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourcePatterns(Option<Vec<SourcePattern>>);

/// One pattern of `sources`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePattern {
    /// The pattern.
    pub pattern: Pattern,
    /// Where it stands.
    pub place: Place,
}

/// The patterns of one manifest while its files are looked at.
#[derive(Debug)]
pub struct SourceMatcher<'a>(Option<Vec<Matcher<'a>>>);

impl SourcePatterns {
    /// These patterns and no others.
    #[must_use]
    pub fn of(patterns: Vec<SourcePattern>) -> Self {
        Self(Some(patterns))
    }

    /// Whether the manifest says nothing: every file is a source.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.0.is_none()
    }

    /// The patterns in the order of the file; none by default.
    #[must_use]
    pub fn patterns(&self) -> &[SourcePattern] {
        self.0.as_deref().unwrap_or_default()
    }

    /// The JSON pointer of the pattern at `index`.
    #[must_use]
    pub fn pointer(index: usize) -> String {
        format!("/sources/{index}")
    }

    /// The patterns made ready to look at the files of the root.
    #[must_use]
    pub fn matcher(&self) -> SourceMatcher<'_> {
        SourceMatcher(self.0.as_ref().map(|patterns| patterns.iter().map(|source| source.pattern.matcher()).collect()))
    }
}

impl SourceMatcher<'_> {
    /// Whether a file is a source. `nfc_path` is relative to the root.
    #[must_use]
    pub fn takes(&self, nfc_path: &str) -> bool {
        self.0.as_ref().is_none_or(|patterns| patterns.iter().any(|pattern| pattern.matches(nfc_path)))
    }

    /// The index of every pattern that takes this file; none by default.
    pub fn matches(&self, nfc_path: &str) -> impl Iterator<Item = usize> {
        let patterns = self.0.as_deref().unwrap_or_default().iter().enumerate();
        patterns.filter(move |(_, pattern)| pattern.matches(nfc_path)).map(|(index, _)| index)
    }
}
