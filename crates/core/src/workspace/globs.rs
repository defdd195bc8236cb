//! The patterns of manifests and settings: `* ? [..] {a,b} **`, case-sensitive, where `*` does not cross `/`.
//!
//! A pattern is checked when it is read and compiled, by globset, only while somebody asks it: a workspace holds a
//! manifest for each asset.

use globset::{Glob, GlobBuilder, GlobMatcher};
use unicode_normalization::UnicodeNormalization;

use crate::value::{PathError, RelPath};

/// What makes a pattern more than a path.
const WILDCARDS: [char; 4] = ['*', '?', '[', '{'];

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It names, without wildcards, a path that leaves its folder (S206).
    #[error("the path {0:?} leaves its folder")]
    Escapes(String),
    /// It names, without wildcards, a path that cannot be.
    #[error("{0}")]
    Path(PathError),
    /// It is longer than [`Pattern::MAX_BYTES`].
    #[error("a pattern has at most {} bytes", Pattern::MAX_BYTES)]
    TooLong,
    /// It begins with `!`.
    #[error("{0:?} begins with `!`, and patterns do not negate")]
    Negated(String),
    /// It holds a backslash.
    #[error("{0:?} holds a backslash; segments are joined by `/`, and `[*]` stands for the character `*`")]
    Backslash(String),
    /// A segment is empty, `.` or `..`, so that it matches nothing.
    #[error("{0:?} has an empty, `.` or `..` segment, which no file's path has")]
    Segment(String),
    /// Its alternatives nest deeper than [`Pattern::MAX_NESTING`].
    #[error("the alternatives of {0:?} nest deeper than {max} levels", max = Pattern::MAX_NESTING)]
    TooDeep(String),
    /// The glob's syntax.
    #[error("{pattern:?} is no pattern: {why}")]
    Syntax {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
}

/// One pattern over paths in NFC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    shape: Shape,
}

/// How a pattern is matched. Most are so simple that compiling them would cost more than all their matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// No wildcards.
    Literal,
    /// One `*` at this byte and nothing else.
    Star(usize),
    /// `**/`, then one `*` at this byte of the last segment and nothing else.
    StarAnywhere(usize),
    /// Anything else.
    Glob,
}

/// A pattern made ready to look at many paths.
#[derive(Debug)]
pub struct Matcher<'a> {
    pattern: &'a Pattern,
    compiled: Option<GlobMatcher>,
}

const ANYWHERE: &str = "**/";

impl Pattern {
    /// The longest pattern, in bytes.
    pub const MAX_BYTES: usize = RelPath::MAX_BYTES;
    /// How deep `{a,{b,c}}` may nest. Compiling recurses over it.
    pub const MAX_NESTING: usize = 8;

    /// Reads a pattern, and brings it to NFC.
    ///
    /// # Errors
    /// Where it is none, or a path without wildcards that is none.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text.len() > Self::MAX_BYTES {
            return Err(PatternError::TooLong);
        }
        if text.starts_with('!') {
            return Err(PatternError::Negated(text.to_owned()));
        }
        if text.contains('\\') {
            return Err(PatternError::Backslash(text.to_owned()));
        }
        if !text.contains(WILDCARDS) {
            return Ok(Self { text: literal(text)?, shape: Shape::Literal });
        }
        let text = wildcard(text)?;
        let shape = Shape::of(&text);
        Ok(Self { text, shape })
    }

    /// The pattern in NFC.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it has no wildcards: it names one path.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        self.shape == Shape::Literal
    }

    /// The pattern made ready. Not to be kept: compiled patterns are large, and there is one for each asset.
    #[must_use]
    pub fn matcher(&self) -> Matcher<'_> {
        let compile = || glob(&self.text).expect("the pattern was checked when read").compile_matcher();
        Matcher { pattern: self, compiled: (self.shape == Shape::Glob).then(compile) }
    }
}

impl Matcher<'_> {
    /// Whether the pattern takes this path, which is in NFC.
    #[must_use]
    pub fn matches(&self, nfc_path: &str) -> bool {
        let text = self.pattern.text.as_str();
        match self.pattern.shape {
            Shape::Literal => text == nfc_path,
            Shape::Star(at) => star_matches(text, at, nfc_path),
            Shape::StarAnywhere(at) => {
                let name = nfc_path.rsplit('/').next().unwrap_or_default();
                star_matches(&text[ANYWHERE.len()..], at, name)
            }
            Shape::Glob => self.compiled.as_ref().is_some_and(|compiled| compiled.is_match(nfc_path)),
        }
    }
}

impl Shape {
    fn of(text: &str) -> Self {
        if let Some(at) = text.strip_prefix(ANYWHERE).filter(|rest| !rest.contains('/')).and_then(only_star) {
            return Self::StarAnywhere(at);
        }
        only_star(text).map_or(Self::Glob, Self::Star)
    }
}

fn only_star(text: &str) -> Option<usize> {
    let at = text.find('*')?;
    (!text[at + 1..].contains('*') && !text.contains(['?', '[', '{'])).then_some(at)
}

fn star_matches(pattern: &str, at: usize, path: &str) -> bool {
    let between = path.strip_prefix(&pattern[..at]).and_then(|rest| rest.strip_suffix(&pattern[at + 1..]));
    between.is_some_and(|between| !between.contains('/'))
}

fn literal(text: &str) -> Result<String, PatternError> {
    match RelPath::parse(text) {
        Ok(path) => Ok(path.as_str().to_owned()),
        Err(PathError::NotRelative(_) | PathError::Climbs(_)) => Err(PatternError::Escapes(text.to_owned())),
        Err(error) => Err(PatternError::Path(error)),
    }
}

fn wildcard(text: &str) -> Result<String, PatternError> {
    // Not inside classes and alternatives: what stands there is no segment of its own.
    if text.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        return Err(PatternError::Segment(text.to_owned()));
    }
    if nesting(text) > Pattern::MAX_NESTING {
        return Err(PatternError::TooDeep(text.to_owned()));
    }
    let text: String = text.nfc().collect();
    glob(&text).map(|_| text)
}

/// How many braces are open at once. Those inside classes count too: nobody needs eight of them.
pub(super) fn nesting(text: &str) -> usize {
    let steps = text.chars().scan(0usize, |open, c| {
        *open = match c {
            '{' => *open + 1,
            '}' => open.saturating_sub(1),
            _ => *open,
        };
        Some(*open)
    });
    steps.max().unwrap_or(0)
}

fn glob(text: &str) -> Result<Glob, PatternError> {
    let syntax =
        |error: globset::Error| PatternError::Syntax { pattern: text.to_owned(), why: error.kind().to_string() };
    GlobBuilder::new(text).literal_separator(true).backslash_escape(false).build().map_err(syntax)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn takes(pattern: &str, path: &str) -> bool {
        Pattern::parse(pattern).expect("a pattern").matcher().matches(path)
    }

    #[test]
    fn a_star_stays_within_its_segment_and_two_cross() {
        assert!(takes("*.png", "a.png"));
        assert!(!takes("*.png", "a/b.png"));
        assert!(takes("**/*.png", "a.png"));
        assert!(takes("**/*.png", "a/b/c.png"));
        assert!(takes("a/**", "a/b/c"));
        assert!(!takes("a/**", "b/a/c"));
    }

    #[test]
    fn classes_alternatives_and_single_characters_match_on_every_system_alike() {
        assert!(takes("{a,b}?.[pj]*", "b1.png"));
        assert!(!takes("A.png", "a.png"));
        assert!(!takes("?.PNG", "a.png"));
        assert!(takes("[*].png", "*.png"));
        assert!(!takes("?x", "/x"));
    }

    #[test]
    fn a_path_without_wildcards_is_itself_and_nothing_else() {
        assert!(takes("a.png", "a.png"));
        assert!(!takes("a.png", "aXpng"));
        assert!(takes("cafe\u{301}.png", "caf\u{e9}.png"), "matched in NFC");
        assert!(takes("cafe\u{301}*", "caf\u{e9}.png"));
    }

    #[test]
    fn a_literal_that_leaves_its_folder_is_told_from_a_bad_pattern() {
        for text in ["../x.png", "/x.png", "C:/x.png", "a/../../x"] {
            assert_eq!(Pattern::parse(text), Err(PatternError::Escapes(text.to_owned())));
        }
        for text in ["", "a//b", "a/", "!x", "!*.png", "a\\*", "[", "{a", "*}", "../*.png", "/*.png", "nul", "*/./x"] {
            let error = Pattern::parse(text).expect_err(text);
            assert!(!matches!(error, PatternError::Escapes(_)), "{text:?}");
        }
        assert_eq!(Pattern::parse(&"a".repeat(1025)), Err(PatternError::TooLong));
    }

    #[test]
    fn alternatives_nest_only_so_deep() {
        let nested = |n: usize| format!("{}a{}", "{".repeat(n), "}".repeat(n));
        assert!(Pattern::parse(&nested(8)).expect("a pattern").matcher().matches("a"));
        assert!(matches!(Pattern::parse(&nested(9)), Err(PatternError::TooDeep(_))));
        assert!(matches!(Pattern::parse(&nested(500)), Err(PatternError::TooDeep(_))));
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_matches_as_its_glob_does(text in "[a-c*?{},!/\\[\\]^.-]{1,12}", path in "[a-c.]{1,3}(/[a-c.]{1,3}){0,2}") {
            if let Ok(pattern) = Pattern::parse(&text) {
                let compiled = glob(pattern.as_str()).map(|glob| glob.compile_matcher().is_match(&path));
                prop_assert!(pattern.is_literal() || Ok(pattern.matcher().matches(&path)) == compiled, "{text} {path}");
            }
        }

        #[test]
        fn simple_shapes_match_as_their_glob_does(text in "(\\*\\*/)?[ab/]{0,2}\\*[ab/.]{0,2}", path in "[ab.]{1,3}(/[ab.]{1,3}){0,2}") {
            if let Ok(pattern) = Pattern::parse(&text) {
                prop_assert_ne!(pattern.shape, Shape::Literal);
                let compiled = glob(pattern.as_str()).map(|glob| glob.compile_matcher().is_match(&path));
                prop_assert_eq!(Ok(pattern.matcher().matches(&path)), compiled, "{} {}", text, path);
            }
        }
    }
}
