//! Structural findings, one file a code: a built workspace is broken in one way, and that is all that is found.
//!
//! The workspace has two assets, `ui/button` (1) and `ui/icon` (2). Tests break the first.

mod s101;
mod s102;
mod s103;
mod s104;
mod s105;
mod s106;
mod s107;
mod s108;
mod s201;
mod s202;
mod s203;
mod s204;
mod s205;
mod s206;
mod s207;
mod s208;
mod s209;
mod s210;
mod s211;
mod s212;
mod s213;

use std::collections::BTreeMap;

use packwright::diagnose::{Class, Code, Diagnostic, Severity};
use packwright::service::{BlockerCode, Response, Status};
use packwright_testkit::{Tree, files_below};

use crate::{SETTINGS, call, reopen};

/// The manifest of the asset that tests break.
const MANIFEST: &str = "assets/ui/button/asset.json";
const REGISTRY: &str = "packwright.registry.json";

const GOOD: &str = r#"
-- packwright.registry.json --
{
  "schema": 1,
  "assets": [
    {"asset_id": 1, "uuid": "0199c0de-0000-7000-8000-00000000000a", "root": "ui/button", "included": true},
    {"asset_id": 2, "uuid": "0199c0de-0000-7000-8000-00000000000b", "root": "ui/icon", "included": true}
  ]
}
-- assets/ui/button/asset.json --
{
  "schema": 1,
  "uuid": "0199c0de-0000-7000-8000-00000000000a",
  "address": "ui/button",
  "sources": ["*.txt"]
}
-- assets/ui/button/label.txt --
press
-- assets/ui/icon/asset.json --
{
  "schema": 1,
  "uuid": "0199c0de-0000-7000-8000-00000000000b",
  "address": "ui/icon"
}
-- assets/ui/icon/icon.txt --
star
"#;

/// A workspace that was built and then broken.
struct Broken {
    tree: Tree,
    outputs: BTreeMap<String, Vec<u8>>,
}

/// The good workspace.
fn good() -> Tree {
    let tree = Tree::from_text(GOOD);
    tree.write("packwright.toml", SETTINGS);
    tree
}

/// The good workspace, built, and broken by `breaking`.
fn broken(breaking: impl FnOnce(&Tree)) -> Broken {
    let tree = good();
    let built = call(&reopen(&tree), r#"{"service": "build"}"#);
    assert_eq!(built.status, Status::Ok, "{}", built.summary);
    let outputs = files_below(&tree.at("build"));
    breaking(&tree);
    Broken { tree, outputs }
}

/// The codes of all that is found in the good workspace, broken by `breaking`.
fn codes_after(breaking: impl FnOnce(&Tree)) -> Vec<Code> {
    broken(breaking).findings().iter().map(|found| found.code).collect()
}

/// The same, with the broken asset out of the build. Nothing found, the build must do.
fn codes_when_excluded(breaking: impl FnOnce(&Tree)) -> Vec<Code> {
    codes_after(|tree| {
        edit(tree, REGISTRY, r#""ui/button", "included": true"#, r#""ui/button", "included": false"#);
        breaking(tree);
    })
}

/// Replaces what must stand once in a file.
fn edit(tree: &Tree, path: &str, from: &str, to: &str) {
    let text = tree.text(path);
    assert_eq!(text.matches(from).count(), 1, "{from:?} stands once in {path}");
    tree.write(path, text.replace(from, to));
}

impl Broken {
    /// What a build finds, and then a doctor: the same. Where it is anything, the build is blocked by it and the
    /// outputs of the build before keep their bytes.
    fn findings(&self) -> Vec<Diagnostic> {
        let built = call(&reopen(&self.tree), r#"{"service": "build"}"#);
        let doctored = call(&reopen(&self.tree), r#"{"service": "doctor"}"#);
        assert_eq!(doctored.status, Status::Ok, "{}", doctored.summary);
        assert_eq!(brief(&built.diagnostics), brief(&doctored.diagnostics), "a build and a doctor see the same");
        assert_eq!(doctored.exit_code(), u8::from(!built.diagnostics.is_empty()));
        self.check_build(&built);
        built.diagnostics.iter().for_each(check_words);
        built.diagnostics
    }

    fn check_build(&self, built: &Response) {
        if built.diagnostics.is_empty() {
            assert_eq!((built.status, built.exit_code()), (Status::Ok, 0), "{}", built.summary);
            return;
        }
        let blockers: Vec<BlockerCode> = built.blockers.iter().map(|blocker| blocker.code).collect();
        assert_eq!((built.status, blockers), (Status::Blocked, vec![BlockerCode::StructuralErrors]));
        assert_eq!(files_below(&self.tree.at("build")), self.outputs, "the old outputs stay");
    }

    /// The one finding that there is.
    fn finding(&self) -> Diagnostic {
        let mut found = self.findings();
        assert_eq!(found.len(), 1, "{:#?}", brief(&found));
        found.remove(0)
    }

    /// The one finding, which has this code, is about this root, and stands at `PATH:LINE:COLUMN POINTER`, where the
    /// file says `marked`.
    fn shows(&self, code: Code, root: Option<&str>, spot: &str, marked: &str) -> Diagnostic {
        let found = self.finding();
        assert_eq!((found.code, spot_of(&found).as_str()), (code, spot), "{}", found.message);
        assert_eq!(self.marked(&found), marked);
        assert_eq!(found.asset.as_ref().map(|asset| &*asset.root), root);
        found
    }

    /// What the file says where the finding points.
    fn marked(&self, found: &Diagnostic) -> String {
        let Some(location) = &found.location else { return String::new() };
        let Some(place) = location.place else { return String::new() };
        let bytes = self.tree.read(location.path.as_str());
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.split('\n').collect();
        let line = |n: u32| lines[n as usize - 1];
        let column = |n: u32| n as usize - 1;
        if place.line == place.end_line {
            let length = column(place.end_column) - column(place.column);
            return line(place.line).chars().skip(column(place.column)).take(length).collect();
        }
        format!("{} … line {}", line(place.line).chars().skip(column(place.column)).collect::<String>(), place.end_line)
    }
}

fn spot_of(found: &Diagnostic) -> String {
    let Some(location) = &found.location else { return "nowhere".to_owned() };
    let place = location.place.map(|place| format!(":{}:{}", place.line, place.column)).unwrap_or_default();
    let pointer = location.pointer.as_ref().filter(|pointer| !pointer.is_empty());
    let pointer = pointer.map(|pointer| format!(" {pointer}")).unwrap_or_default();
    format!("{}{place}{pointer}", location.path)
}

/// Findings as one reads them when an assertion fails.
fn brief(findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().map(|found| format!("{} {}: {}", found.code, spot_of(found), found.message)).collect()
}

/// Whether a finding is said as all are: lower case, no full stop, and what to do beside it.
fn check_words(found: &Diagnostic) {
    let message = &found.message;
    let starts_well = message.chars().next().is_some_and(|first| !first.is_uppercase() && !first.is_whitespace());
    assert!(starts_well && !message.ends_with(['.', '!']) && !message.contains('\n'), "{message:?}");
    assert!(found.help.as_ref().is_some_and(|help| !help.trim().is_empty()), "{}: {message}: no help", found.code);
    assert_eq!((found.class, found.severity), (Class::Structural, Severity::Error));
    assert_eq!((found.name.as_str(), found.fingerprint.len()), (found.code.name(), 32));
}

#[test]
fn the_good_workspace_shows_nothing() {
    assert_eq!(codes_after(|_| {}), []);
}
