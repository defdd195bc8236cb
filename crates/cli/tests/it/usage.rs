//! Wrong usage, and the exit codes.

use serde_json::json;
use snapbox::str;

use crate::support::{Workspace, json, packwright};

#[test]
fn a_wrong_argument_ends_with_2_and_says_what_was_meant() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = packwright(folder.path()).args(["list", "--includedd"]).assert().code(2).stdout_eq("");
    run.stderr_eq(str![[r#"
error: unexpected argument '--includedd' found

  tip: a similar argument exists: '--included'

Usage: packwright list --included

For more information, try '--help'.

"#]]);
}

#[test]
fn a_wrong_argument_is_answered_as_json_where_json_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = packwright(folder.path()).args(["list", "--bogus", "--json"]).assert().code(2).stderr_eq("");
    let answer = json(&run);
    assert_eq!(answer["status"], "blocked");
    assert_eq!(answer["service"], "list_assets");
    assert_eq!(answer["operation_class"], "read_only");
    assert_eq!(answer["blockers"][0]["code"], "bad_request");
    assert_eq!(answer["data"], json!({}));
}

#[test]
fn every_json_answer_has_the_same_members() {
    let workspace = Workspace::new();
    let members = |args: &[&str]| -> Vec<String> {
        let answer = json(&workspace.run(args));
        answer.as_object().expect("an object").keys().cloned().collect()
    };
    let ok = members(&["status", "--json"]);
    assert!(ok.contains(&"runtime_state".to_owned()));
    assert_eq!(members(&["show", "nobody", "--json"]), ok, "blocked");
    assert_eq!(members(&["bogus", "--json"]), ok, "usage");
    assert_eq!(members(&["pack", "inspect", "absent", "--json"]), ok, "a file that is not there");
    assert_eq!(members(&["register", "/", "--json"]), ok, "a path outside");
    assert_eq!(members(&["-C", "/", "list", "--json"]), ok, "no workspace");
}

#[test]
fn without_a_command_the_help_is_shown_and_nothing_was_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = packwright(folder.path()).assert().code(2).stdout_eq("");
    assert!(String::from_utf8_lossy(&run.get_output().stderr).contains("Commands:"));
}

#[test]
fn each_outcome_has_its_exit_code() {
    let workspace = Workspace::with_assets();
    workspace.run(&["list"]).code(0);
    workspace.run(&["show", "nobody"]).code(1);
    workspace.run(&["build", "--check"]).code(1);
    workspace.run(&["register", "/"]).code(2);
    workspace.run(&["-C", "/", "list"]).code(3);
    workspace.run(&["-C", "/", "register", "usr"]).code(3);
    workspace.run(&["pack", "inspect", "assets"]).code(3);
}

#[test]
fn outside_of_a_workspace_one_is_told_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    packwright(folder.path()).arg("list").assert().code(3).stdout_eq("").stderr_eq(str![[r#"
error[no_workspace]: [..] is no workspace: there is no packwright.toml in it
  help: go to a workspace, name one with `-C`, or make one with `packwright init`

"#]]);
}

#[test]
fn remove_asks_what_becomes_of_the_files() {
    let workspace = Workspace::with_assets();
    let run = workspace.run(&["remove", "ui/button"]).code(2);
    assert!(String::from_utf8_lossy(&run.get_output().stderr).contains("--keep"));
    workspace.run(&["show", "ui/button"]).success();
}
