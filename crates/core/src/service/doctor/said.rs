//! What the settings say of findings of hygiene: how they are shown, and which are meant to be.

use std::collections::{BTreeMap, HashSet};

use crate::diagnose::{Code, Diagnostic, Severity};
use crate::value::RelPath;
use crate::workspace::{Level, Matcher, Pattern, Settings};

/// The findings that are shown, at their levels, and how many are allowed.
pub(super) fn by_settings(settings: Option<&Settings>, found: Vec<Diagnostic>) -> (Vec<Diagnostic>, u64) {
    let Some(settings) = settings else { return (found, 0) };
    let patterns = patterns(settings);
    let allowed: BTreeMap<Code, Allowed<'_>> =
        patterns.iter().map(|(code, patterns)| (*code, Allowed::of(patterns))).collect();
    let before = found.len();
    let shown: Vec<Diagnostic> = found
        .into_iter()
        .filter(|one| !allowed.get(&one.code).is_some_and(|allowed| allowed.covers(one)))
        .filter_map(|one| leveled(settings, one))
        .collect();
    let n_allowed = before - shown.len();
    (shown, n_allowed as u64)
}

fn leveled(settings: &Settings, found: Diagnostic) -> Option<Diagnostic> {
    let severity = match settings.levels.get(found.code.as_str()) {
        Some(Level::Off) => return None,
        Some(Level::Info) => Severity::Info,
        Some(Level::Warning) => Severity::Warning,
        None => found.severity,
    };
    Some(Diagnostic { severity, ..found })
}

fn patterns(settings: &Settings) -> BTreeMap<Code, Vec<Pattern>> {
    let mut patterns: BTreeMap<Code, Vec<Pattern>> = BTreeMap::new();
    for allow in &settings.allow {
        // Settings that parse have only codes and patterns that do.
        if let (Ok(code), Ok(pattern)) = (allow.code.parse(), Pattern::parse(&allow.path)) {
            patterns.entry(code).or_default().push(pattern);
        }
    }
    patterns
}

/// The paths at which findings of one code are meant to be. Most entries name one path, and there may be thousands.
struct Allowed<'a> {
    paths: HashSet<&'a str>,
    globs: Vec<Matcher<'a>>,
}

impl<'a> Allowed<'a> {
    fn of(patterns: &'a [Pattern]) -> Self {
        let (literal, globs): (Vec<&Pattern>, Vec<&Pattern>) = patterns.iter().partition(|one| one.is_literal());
        let paths = literal.into_iter().map(Pattern::as_str).collect();
        Self { paths, globs: globs.into_iter().map(Pattern::matcher).collect() }
    }

    /// Whether the finding is meant to be. A group of files with the same bytes is, where all of them may be.
    fn covers(&self, found: &Diagnostic) -> bool {
        let is_group = found.code == Code::H305;
        let others = found.related.iter().filter(|_| is_group).map(|related| &related.location);
        let mut places = found.location.iter().chain(others);
        found.location.is_some() && places.all(|at| self.takes(&at.path))
    }

    fn takes(&self, path: &RelPath) -> bool {
        let path = path.nfc();
        self.paths.contains(path.as_str()) || self.globs.iter().any(|glob| glob.matches(path.as_str()))
    }
}
