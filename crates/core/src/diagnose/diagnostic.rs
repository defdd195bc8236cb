//! A diagnostic: an object before it is text.

use std::num::{NonZeroU32, NonZeroU64};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::catalogue::{Class, Code, Severity};
use super::fix::Fix;
use crate::value::{AssetRef, FieldHasher, RelPath};
use crate::workspace::{Place, Problem};

/// One finding.
///
/// The message starts in lower case, stands on its own and has no full stop; only `help` suggests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// Its code.
    pub code: Code,
    /// The code's name.
    pub name: String,
    /// Structural or hygiene.
    pub class: Class,
    /// How bad.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The asset it belongs to.
    pub asset: Option<AssetRef>,
    /// Where.
    pub location: Option<Location>,
    /// Other places that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// How many there are, where the list was cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_total: Option<NonZeroU32>,
    /// Bytes that are there more often than once, where that is what it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wasted_bytes: Option<NonZeroU64>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What would put it right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Box<Fix>>,
    /// Stands for the finding, and stays the same when lines move.
    pub fingerprint: String,
}

/// A place in a file, or a file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// The file, relative to the workspace.
    pub path: RelPath,
    /// The span; absent for the file as a whole.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The same place as a JSON pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

/// Another place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Related {
    /// Where.
    #[serde(flatten)]
    pub location: Location,
    /// What it is.
    pub message: String,
}

impl Location {
    /// A file as a whole.
    #[must_use]
    pub fn file(path: RelPath) -> Self {
        Self { path, place: None, pointer: None }
    }

    /// A place in a file.
    #[must_use]
    pub fn span(path: RelPath, place: Place) -> Self {
        Self { path, place: Some(place), pointer: None }
    }
}

impl Diagnostic {
    /// A finding with nothing but its message.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let mut made = Self {
            code,
            name: code.name().to_owned(),
            class: code.class(),
            severity: code.default_severity(),
            message: message.into(),
            asset: None,
            location: None,
            related: Vec::new(),
            related_total: None,
            wasted_bytes: None,
            help: None,
            fix: None,
            fingerprint: String::new(),
        };
        made.refresh_fingerprint();
        made
    }

    /// A finding made of what is wrong with the file at `path`; `help` where the problem has none of its own.
    #[must_use]
    pub fn from_problem(code: Code, path: &RelPath, problem: &Problem, help: &str) -> Self {
        let location = Location { path: path.clone(), place: problem.place, pointer: problem.pointer.clone() };
        let mut made = Self::new(code, &problem.message).located(location);
        if let Some((place, what)) = &problem.related {
            made = made.with_related(Location::span(path.clone(), *place), what);
        }
        made.with_help(problem.help.as_deref().unwrap_or(help))
    }

    /// At a location.
    #[must_use]
    pub fn located(mut self, location: Location) -> Self {
        self.location = Some(location);
        self.refresh_fingerprint();
        self
    }

    /// Of an asset.
    #[must_use]
    pub fn of_asset(mut self, asset: AssetRef) -> Self {
        self.asset = Some(asset);
        self.refresh_fingerprint();
        self
    }

    /// With another place.
    #[must_use]
    pub fn with_related(mut self, location: Location, message: impl Into<String>) -> Self {
        self.related.push(Related { location, message: message.into() });
        self
    }

    /// With what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With what would put it right.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(Box::new(fix));
        self
    }

    /// The same finding whatever its message says, as long as `identity` stays: for one that counts, or that more than one
    /// file is in. Nothing that enters the fingerprint may be set afterwards.
    #[must_use]
    pub fn known_by(mut self, identity: &str) -> Self {
        let mut hasher = FieldHasher::new("packwright diagnostic identity v1");
        hasher.field(self.code.as_str().as_bytes()).field(identity.as_bytes());
        self.fingerprint = short(&hasher);
        self
    }

    /// The order in which findings are listed: by file, place and code.
    pub fn sort(findings: &mut [Self]) {
        findings.sort_by(|a, b| (&a.location, a.code, &a.message).cmp(&(&b.location, b.code, &b.message)));
    }

    /// Code, path, pointer, asset and message; no line, so that text added above moves nothing.
    fn refresh_fingerprint(&mut self) {
        let location = self.location.as_ref();
        let mut hasher = FieldHasher::new("packwright diagnostic fingerprint v1");
        hasher
            .field(self.code.as_str().as_bytes())
            .field(location.map_or("", |l| l.path.as_str()).as_bytes())
            .field(location.and_then(|l| l.pointer.as_deref()).unwrap_or_default().as_bytes())
            .field(self.asset.as_ref().map_or("", |asset| &*asset.root).as_bytes())
            .field(self.message.as_bytes());
        self.fingerprint = short(&hasher);
    }
}

fn short(hasher: &FieldHasher) -> String {
    blake3::Hash::from_bytes(hasher.finish()).to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_stays_when_lines_move() {
        let at = |line| {
            let place = Place { line, column: 1, end_line: line, end_column: 2 };
            let location = Location::span(RelPath::literal("assets/a/asset.json"), place);
            Diagnostic::new(Code::S203, "pattern matches no file").located(location).fingerprint
        };
        assert_eq!(at(3), at(30));
        let elsewhere = Location::file(RelPath::literal("assets/b/asset.json"));
        assert_ne!(at(3), Diagnostic::new(Code::S203, "pattern matches no file").located(elsewhere).fingerprint);
    }

    #[test]
    fn a_finding_that_counts_is_known_by_what_it_counts() {
        let of = |message: &str| Diagnostic::new(Code::H305, message).known_by("hash").fingerprint;
        assert_eq!(of("2 files"), of("3 files"));
        assert_ne!(of("2 files"), Diagnostic::new(Code::H305, "2 files").known_by("other").fingerprint);
    }

    #[test]
    fn a_location_is_flat_in_json() {
        let place = Place { line: 6, column: 15, end_line: 6, end_column: 22 };
        let location = Location { pointer: Some("/sources/0".into()), ..Location::span(RelPath::literal("a"), place) };
        let json = serde_json::to_string(&location).expect("a location serialises");
        assert_eq!(json, r#"{"path":"a","line":6,"column":15,"end_line":6,"end_column":22,"pointer":"/sources/0"}"#);
        assert_eq!(serde_json::from_str::<Location>(&json).expect("and reads back"), location);
    }
}
