//! Hygiene, one file a code: a tidy workspace that was built is made untidy in one way, and that is all that is found.
//! Beside it stands one that nearly is.
//!
//! The workspace has two assets, `ui/button` (1) and `ui/icon` (2), and what `init` writes for version control.

mod allowed;
mod deep;
mod failing;
mod h301;
mod h302;
mod h303;
mod h304;
mod h305;
mod h306;
mod h307;
mod h308;
mod h309;
mod h310;
mod h311;
mod h314;
mod h315;
mod h316;
mod h317;
mod h318;
mod levels;
mod pages;
mod random;

use packwright::diagnose::{Applicability, Class, Code, Diagnostic, Severity};
use packwright::service::{Data, DoctorData, Response, Status};
use packwright_testkit::{Tree, files_below};
use serde_json::json;

use crate::{SETTINGS, call, reopen};

const MANIFEST: &str = "assets/ui/button/asset.json";
const REGISTRY: &str = "packwright.registry.json";

const TIDY: &str = r#"
-- .gitignore --
/.packwright/
/build/
/quarantine/
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

/// The tidy workspace.
fn tidy() -> Tree {
    let tree = Tree::from_text(TIDY);
    tree.write("packwright.toml", SETTINGS);
    tree
}

/// The tidy workspace, built, and made untidy.
fn untidy(change: impl FnOnce(&Tree)) -> Tree {
    let tree = tidy();
    let built = call(&reopen(&tree), r#"{"service": "build"}"#);
    assert_eq!(built.status, Status::Ok, "{}", built.summary);
    change(&tree);
    tree
}

/// What a doctor says of the whole workspace, who changes not a byte of it.
fn examined(tree: &Tree) -> Response {
    asked(tree, &json!({"service": "doctor", "scope": "workspace"}))
}

fn asked(tree: &Tree, request: &serde_json::Value) -> Response {
    let project = reopen(tree);
    let before = files_below(tree.path());
    let response = call(&project, &request.to_string());
    drop(project);
    let is_listing = |path: &str| path == ".packwright/listing";
    let kept = |files: std::collections::BTreeMap<String, Vec<u8>>| {
        files.into_iter().filter(|(path, _)| !is_listing(path)).collect::<Vec<_>>()
    };
    assert_eq!(kept(before), kept(files_below(tree.path())), "a doctor changes nothing");
    response.diagnostics.iter().filter(|found| found.class == Class::Hygiene).for_each(check_words);
    response
}

/// All that is found.
fn findings(tree: &Tree) -> Vec<Diagnostic> {
    let response = examined(tree);
    assert_eq!(response.status, Status::Ok, "{}", response.summary);
    assert_eq!(data(&response).failed, []);
    response.diagnostics
}

/// The codes of all that is found in the tidy workspace after this change.
fn codes_after(change: impl FnOnce(&Tree)) -> Vec<Code> {
    findings(&untidy(change)).iter().map(|found| found.code).collect()
}

/// The one finding that there is, which has this code and is at this path. The build is none the worse for it.
fn only(tree: &Tree, code: Code, path: &str) -> Diagnostic {
    let mut found = findings(tree);
    assert_eq!(found.len(), 1, "{:#?}", brief(&found));
    let found = found.remove(0);
    assert_eq!((found.code, path_of(&found).as_str()), (code, path), "{}", found.message);
    let built = call(&reopen(tree), r#"{"service": "build"}"#);
    assert_eq!((built.status, built.exit_code()), (Status::Ok, 0), "diag_2: {}", built.summary);
    found
}

fn data(response: &Response) -> &DoctorData {
    match &response.data {
        Data::Doctor(data) => data,
        other => panic!("{}: {other:?}", response.summary),
    }
}

fn path_of(found: &Diagnostic) -> String {
    found.location.as_ref().map(|at| at.path.as_str().to_owned()).unwrap_or_default()
}

fn brief(findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().map(|found| format!("{} {}: {}", found.code, path_of(found), found.message)).collect()
}

/// Replaces what must stand once in a file.
fn edit(tree: &Tree, path: &str, from: &str, to: &str) {
    let text = tree.text(path);
    assert_eq!(text.matches(from).count(), 1, "{from:?} stands once in {path}");
    tree.write(path, text.replace(from, to));
}

/// Whether a finding is said as all are, and never louder than a warning.
fn check_words(found: &Diagnostic) {
    let message = &found.message;
    let starts_well = message.chars().next().is_some_and(|first| !first.is_uppercase() && !first.is_whitespace());
    assert!(starts_well && !message.ends_with(['.', '!']) && !message.contains('\n'), "{message:?}");
    assert!(found.help.as_ref().is_some_and(|help| !help.trim().is_empty()), "{}: {message}: no help", found.code);
    assert!(found.severity <= Severity::Warning && found.code.is_hygiene());
    assert_eq!((found.name.as_str(), found.fingerprint.len()), (found.code.name(), 32));
    let is_safe = |fix: &packwright::diagnose::Fix| fix.applicability == Applicability::Safe;
    assert!(found.fix.as_ref().is_none_or(|fix| is_safe(fix) == fix.remedy.is_some()), "only a safe fix is applied");
}

/// How far the finding's fix can be trusted.
fn applicability(found: &Diagnostic) -> Option<Applicability> {
    found.fix.as_ref().map(|fix| fix.applicability)
}

#[test]
fn the_tidy_workspace_shows_nothing_and_says_so() {
    let tree = untidy(|_| {});
    let response = examined(&tree);
    assert_eq!((response.diagnostics.len(), response.exit_code()), (0, 0));
    assert_eq!(response.summary, "nothing is wrong with 2 registered assets; nothing is untidy in the workspace");
    let checks: Vec<&str> =
        Code::ALL.iter().filter(|code| !matches!(code, Code::S213 | Code::H317)).map(|code| code.as_str()).collect();
    assert_eq!(data(&response).checks, checks, "S213 is a build's alone, H317 a deep look's");
}
