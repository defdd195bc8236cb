//! Paths as files and the wire spell them: relative, UTF-8, with `/` between segments.
//!
//! A [`RelPath`] never climbs, never starts at a drive or a root, and holds no empty segment; so joining one below a
//! folder stays below it (links aside, which `fs` refuses to pass). What a path is relative to, its owner says.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Why a text is no path of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// There is nothing in it.
    #[error("the path is empty")]
    Empty,
    /// It is longer than [`RelPath::MAX_BYTES`].
    #[error("the path is longer than {} bytes", RelPath::MAX_BYTES)]
    TooLong,
    /// It starts at a root or a drive.
    #[error("{0:?} is not relative")]
    NotRelative(String),
    /// A segment is `..`.
    #[error("{0:?} climbs out with `..`")]
    Climbs(String),
    /// A segment is empty or `.`.
    #[error("{0:?} has an empty or `.` segment")]
    EmptySegment(String),
    /// A character that some system gives a meaning of its own: `\`, `:`, or a control character.
    #[error("{0:?} holds {1:?}, which not every system can have in a name")]
    Character(String, char),
    /// A segment names a device on Windows.
    #[error("{0:?} uses the reserved device name {1:?}")]
    Device(String, String),
}

/// A relative path with `/` between its segments. The empty path is the folder it is relative to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RelPath(Arc<str>);

impl RelPath {
    /// The longest path, in bytes.
    pub const MAX_BYTES: usize = 1024;

    /// Reads a path from a file or the wire, and brings it to NFC.
    ///
    /// # Errors
    /// Where the path is empty, too long, not relative, climbs, or holds a name that some system cannot have.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        check(text)?;
        Ok(Self(to_nfc(text).into()))
    }

    /// Reads a path from a text that is shared; shares it, where it is in NFC.
    ///
    /// # Errors
    /// As [`RelPath::parse`].
    pub fn parse_shared(text: &Arc<str>) -> Result<Self, PathError> {
        check(text)?;
        Ok(if is_nfc(text) { Self(Arc::clone(text)) } else { Self(to_nfc(text).into()) })
    }

    /// The folder that paths are relative to.
    #[must_use]
    pub fn root() -> Self {
        Self("".into())
    }

    /// A path that the program itself spells.
    ///
    /// # Panics
    /// Where it breaks the rules of [`RelPath::parse`].
    #[must_use]
    pub fn literal(text: &'static str) -> Self {
        Self::parse(text).expect("BUG: a literal path that is none")
    }

    /// `name` below this path, as a folder listing gave it: one segment, neither `.` nor `..`.
    ///
    /// Nothing else is asked of it: names found on disk are taken as they are.
    ///
    /// # Panics
    /// Where `name` is empty, holds `/`, or is `.` or `..`; no file system lists such a name.
    #[must_use]
    pub fn entry(&self, name: &str) -> Self {
        assert!(
            !name.is_empty() && !name.contains('/') && name != "." && name != "..",
            "BUG: {name:?} is no name of a folder entry"
        );
        if self.0.is_empty() { Self(name.into()) } else { Self(format!("{}/{name}", self.0).into()) }
    }

    /// A path whose segments are names as a folder listing gave them; `None` where one is none.
    #[must_use]
    pub fn of_entries(text: &str) -> Option<Self> {
        let fits = |segment: &str| !segment.is_empty() && segment != "." && segment != "..";
        (text.is_empty() || text.split('/').all(fits)).then(|| Self(text.into()))
    }

    /// `below` relative to this path.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        match (self.is_root(), below.is_root()) {
            (true, _) => below.clone(),
            (_, true) => self.clone(),
            _ => Self(format!("{}/{}", self.0, below.0).into()),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the folder itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The last segment; `None` for the folder itself.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.0.rsplit('/').next().filter(|name| !name.is_empty())
    }

    /// The path without its last segment; `None` for the folder itself.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        Some(self.0.rsplit_once('/').map_or_else(Self::root, |(parent, _)| Self(parent.into())))
    }

    /// The segments, from the outside in.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|segment| !segment.is_empty())
    }

    /// What is left of this path below `ancestor`; `None` where it lies elsewhere.
    #[must_use]
    pub fn below(&self, ancestor: &Self) -> Option<&str> {
        if ancestor.is_root() {
            return Some(&self.0);
        }
        let rest = self.0.strip_prefix(&*ancestor.0)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
    }

    /// The same as a path; `ancestor` itself gives the folder that paths are relative to.
    #[must_use]
    pub fn relative_to(&self, ancestor: &Self) -> Option<Self> {
        self.below(ancestor).map(|below| Self(below.into()))
    }

    /// Where this path is once `from`, in which it lies, is at `to`; `None` where it lies elsewhere.
    #[must_use]
    pub fn moved(&self, from: &Self, to: &Self) -> Option<Self> {
        self.relative_to(from).map(|below| to.join(&below))
    }

    /// Whether this path is `ancestor` or lies below it.
    #[must_use]
    pub fn is_within(&self, ancestor: &Self) -> bool {
        self.below(ancestor).is_some()
    }

    /// The path in NFC, as it is matched, sorted and written.
    #[must_use]
    pub fn nfc(&self) -> Self {
        if is_nfc(&self.0) { self.clone() } else { Self(to_nfc(&self.0).into()) }
    }

    /// What two paths share that some file system would take for the same: the path in NFC, case folded.
    #[must_use]
    pub fn folded(&self) -> String {
        if self.0.is_ascii() {
            return self.0.to_ascii_lowercase();
        }
        fold(&self.0)
    }
}

/// A text in NFC, case folded in full: `ß` is `ss`, as it is to file systems that fold by the tables of Unicode. Through upper
/// case, so that letters with two lower cases are one (`ς` and `σ`).
pub(crate) fn fold(text: &str) -> String {
    let text = to_nfc(text);
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let folded = text.chars().flat_map(char::to_lowercase).flat_map(|c| match c {
        // Without a dot it is a letter of its own wherever case is folded for all languages alike.
        '\u{131}' => vec![c],
        _ => c.to_uppercase().flat_map(char::to_lowercase).collect(),
    });
    to_nfc(&folded.collect::<String>()).into_owned()
}

/// Whether a text keeps the rules of a path.
fn check(text: &str) -> Result<(), PathError> {
    if text.is_empty() {
        return Err(PathError::Empty);
    }
    if text.len() > RelPath::MAX_BYTES {
        return Err(PathError::TooLong);
    }
    let drive = text.as_bytes().get(1) == Some(&b':');
    if text.starts_with(['/', '\\']) || drive {
        return Err(PathError::NotRelative(text.to_owned()));
    }
    if let Some(c) = text.chars().find(|c| matches!(c, '\\' | ':') || c.is_control()) {
        return Err(PathError::Character(text.to_owned(), c));
    }
    for segment in text.split('/') {
        match segment {
            "" | "." => return Err(PathError::EmptySegment(text.to_owned())),
            ".." => return Err(PathError::Climbs(text.to_owned())),
            name if is_reserved_name(name) => {
                return Err(PathError::Device(text.to_owned(), name.to_owned()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The text in NFC.
pub(crate) fn to_nfc(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// Whether `name` is, with any extension, a device on Windows (`con`, `NUL.txt`, `lpt1` …).
#[must_use]
pub fn is_reserved_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let numbered = |prefix: &str| {
        stem.len() == 4
            && stem.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            && stem.as_bytes().get(3).is_some_and(|digit| (b'1'..=b'9').contains(digit))
    };
    ["con", "prn", "aux", "nul"].iter().any(|device| stem.eq_ignore_ascii_case(device))
        || numbered("com")
        || numbered("lpt")
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if self.is_root() { "." } else { &self.0 })
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl std::borrow::Borrow<str> for RelPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for RelPath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_could_leave_its_folder_is_refused() {
        for text in ["", "/etc", "..", "a/../b", "C:/x", "c:x", "a//b", "./a", "a/", "\\\\host\\x", "a\\b", "a:stream"]
        {
            assert!(RelPath::parse(text).is_err(), "{text:?}");
        }
        assert!(RelPath::parse(&"x".repeat(1025)).is_err());
        assert!(RelPath::parse("a\0b").is_err());
    }

    #[test]
    fn device_names_are_refused_on_every_system() {
        for text in ["aux", "ui/CON", "nul.txt", "a/Lpt1.png", "com9"] {
            assert!(matches!(RelPath::parse(text), Err(PathError::Device(..))), "{text:?}");
        }
        for text in ["auxiliary", "com0", "console", "lpt10", "n\u{fc}l"] {
            assert!(RelPath::parse(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn below_splits_at_a_segment_and_not_inside_a_name() {
        let path = RelPath::literal("ui/button/a.png");
        assert_eq!(path.below(&RelPath::literal("ui/button")), Some("a.png"));
        assert_eq!(path.below(&RelPath::literal("ui/butt")), None);
        assert_eq!(path.below(&RelPath::root()), Some("ui/button/a.png"));
        assert_eq!(path.below(&path), Some(""));
    }

    #[test]
    fn both_forms_of_an_accent_are_one_path() {
        assert_eq!(RelPath::parse("cafe\u{301}"), RelPath::parse("caf\u{e9}"));
        let on_disk = RelPath::root().entry("Cafe\u{301}");
        assert_eq!(on_disk.folded(), "caf\u{e9}");
    }

    #[test]
    fn letters_with_two_lower_cases_fold_to_one_and_sharp_s_is_two_of_them() {
        assert_eq!(fold("\u{39f}\u{394}\u{39f}\u{3a3}"), fold("\u{3bf}\u{3b4}\u{3bf}\u{3c2}"));
        assert_eq!(fold("stra\u{df}e"), fold("STRASSE"));
        assert_eq!(fold("stra\u{1e9e}e"), fold("strasse"));
        assert_ne!(fold("k\u{131}s"), fold("kis"));
        assert_eq!(fold("ICON.PNG"), "icon.png");
    }
}
