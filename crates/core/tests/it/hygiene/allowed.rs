//! `[[doctor.allow]]`: findings that are meant to be, and `allow_findings`, which says so of all there are.

use packwright::diagnose::Code;
use packwright::service::{Data, Response, Status};
use packwright_testkit::Tree;
use serde_json::json;

use super::{data, edit, examined, untidy};
use crate::{SETTINGS, call, reopen};

fn with_allow(code: &str, path: &str, change: impl FnOnce(&Tree)) -> Response {
    let tree = untidy(|tree| {
        let entry = format!("[[doctor.allow]]\ncode = \"{code}\"\npath = \"{path}\"\nreason = \"so it is\"\n");
        tree.write("packwright.toml", format!("{SETTINGS}{entry}"));
        change(tree);
    });
    examined(&tree)
}

fn allow(tree: &Tree, request: &serde_json::Value) -> Response {
    call(&reopen(tree), &request.to_string())
}

fn codes(response: &Response) -> Vec<Code> {
    response.diagnostics.iter().map(|found| found.code).collect()
}

#[test]
fn what_is_allowed_is_counted_and_not_shown() {
    let stray = |tree: &Tree| tree.write("assets/old/stray.png", "x");
    let response = with_allow("H303", "assets/old/**", stray);
    assert_eq!((codes(&response), data(&response).allowed, response.exit_code()), (vec![], 1, 0));
    assert!(response.summary.ends_with("1 allowed by the settings"), "{}", response.summary);
    assert_eq!(codes(&with_allow("H304", "assets/old/**", stray)), [Code::H303], "another code");
    assert_eq!(codes(&with_allow("H303", "assets/ol", stray)), [Code::H303], "another path");
}

#[test]
fn safe_3_a_group_of_duplicates_is_allowed_where_all_of_its_files_are() {
    let doubled = |tree: &Tree| {
        tree.write("assets/ui/icon/a.txt", "the same");
        tree.write("assets/ui/icon/b.txt", "the same");
    };
    assert_eq!(codes(&with_allow("H305", "assets/ui/icon/*", doubled)), []);
    assert_eq!(codes(&with_allow("H305", "assets/ui/icon/a.txt", doubled)), [Code::H305]);
}

#[test]
fn all_that_is_found_is_allowed_in_one_go_and_the_file_keeps_its_comments() {
    let tree = untidy(|tree| {
        tree.write("packwright.toml", format!("# mine\n{SETTINGS}\n[build]   # outputs\n# none yet\n"));
        tree.write("assets/stray.png", "x");
        tree.write("assets/we[i]rd {name}.png", "y");
        tree.write("assets/ui/icon/a.txt", "the same");
        tree.write("assets/ui/icon/b.txt", "the same");
        tree.write("assets/ui/button/notes.md", "to do");
        tree.write(".gitignore", "");
    });
    let before = tree.text("packwright.toml");
    assert_eq!(examined(&tree).diagnostics.len(), 5);
    let response = allow(&tree, &json!({"service": "allow_findings", "reason": "as it was when we began"}));
    assert_eq!(response.status, Status::Ok, "{}", response.summary);
    let Data::AllowFindings(allowed) = &response.data else { panic!("{response:?}") };
    assert_eq!((allowed.findings, allowed.entries.len()), (5, 6), "both files of the group");
    assert_eq!(serde_json::json!(response.applied_actions)[0]["kind"], "append_lines");
    let after = tree.text("packwright.toml");
    assert!(after.starts_with(&before), "{after}");
    assert_eq!(after.matches("reason = \"as it was when we began\"").count(), 6);
    let response = examined(&tree);
    assert_eq!((codes(&response), data(&response).allowed), (vec![], 5));
    let again = allow(&tree, &json!({"service": "allow_findings", "reason": "again"}));
    assert_eq!((again.summary.as_str(), tree.text("packwright.toml")), ("there is nothing to allow", after));
}

#[test]
fn entries_join_those_that_are_there_however_they_are_spelled() {
    for there in [
        "[[doctor.allow]]\ncode = \"H307\"\npath = \"x\"\nreason = \"r\"\n",
        "[doctor]\nallow = [\n    {code = \"H307\", path = \"x\", reason = \"r\"},\n]\n",
        "[doctor]\nallow = []\nlevels = {H304 = \"off\"}\n",
        "[doctor.levels]\nH304 = \"off\"\n",
    ] {
        let tree = untidy(|tree| {
            tree.write("packwright.toml", format!("{SETTINGS}{there}"));
            tree.write("assets/stray.png", "x");
        });
        let response = allow(&tree, &json!({"service": "allow_findings", "reason": "r"}));
        assert_eq!(response.status, Status::Ok, "{there}: {}", response.summary);
        assert_eq!(examined(&tree).diagnostics, [], "{}", tree.text("packwright.toml"));
    }
}

#[test]
fn many_findings_are_few_entries() {
    let tree = untidy(|tree| {
        (0..200).for_each(|n| tree.write(&format!("assets/old/{}/{n}.png", n % 3), n.to_string()));
    });
    let response = allow(&tree, &json!({"service": "allow_findings", "reason": "old", "only": ["H303"]}));
    let Data::AllowFindings(allowed) = &response.data else { panic!("{response:?}") };
    let paths: Vec<&str> = allowed.entries.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!((allowed.findings, paths), (200, vec!["assets/old/0/*", "assets/old/1/*", "assets/old/2/*"]));
}

#[test]
fn what_is_structural_or_has_no_reason_is_not_allowed() {
    let tree = untidy(|tree| edit(tree, super::MANIFEST, "*.txt", "*.png"));
    let before = tree.text("packwright.toml");
    for request in [
        json!({"service": "allow_findings", "reason": "r", "only": ["S203"]}),
        json!({"service": "allow_findings", "reason": " "}),
        json!({"service": "allow_findings", "reason": "two\nlines"}),
        json!({"service": "allow_findings", "reason": "r", "only": ["H3"]}),
    ] {
        assert_eq!(allow(&tree, &request).exit_code(), 2, "{request}");
    }
    assert_eq!(tree.text("packwright.toml"), before);
    tree.write("packwright.toml", "schema = 1\n");
    let response = allow(&tree, &json!({"service": "allow_findings", "reason": "r"}));
    assert_eq!((response.status, tree.text("packwright.toml").as_str()), (Status::Blocked, "schema = 1\n"));
}
