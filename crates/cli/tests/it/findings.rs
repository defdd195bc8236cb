//! Findings as text and as JSON.

use snapbox::str;

use crate::support::{Workspace, json, packwright};

fn with_a_wrong_pattern() -> Workspace {
    let workspace = Workspace::with_assets();
    workspace.asset("ui/button", 1, "\"sources\": [\"*.pmg\"],\n  ");
    workspace
}

#[test]
fn doctor_has_nothing_to_say_of_a_healthy_workspace() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    workspace.run(&["doctor"]).success().stdout_eq(str![[r#"
nothing found by [..] checks

"#]]);
}

#[test]
fn doctor_shows_the_line_with_the_span_marked_and_the_verdict_last() {
    with_a_wrong_pattern().run(&["doctor", "-q"]).code(1).stderr_eq("").stdout_eq(str![[r#"
error[S203]: the source `*.pmg` matches no file in `ui/button`
 --> assets/ui/button/asset.json:4:15
  |
4 |   "sources": ["*.pmg"],
  |               ^^^^^^^
  |
  = note: source-missing, asset ui/button
  = help: put the file there, correct the pattern, or take it out; names are compared with upper and lower case told apart on every system

1 error; `packwright explain S203` says more

"#]]);
}

#[test]
fn a_blocked_build_says_why_and_leaves_no_pack() {
    let workspace = with_a_wrong_pattern();
    workspace.run(&["build", "-q"]).code(1).stdout_eq("").stderr_eq(str![[r#"
error[S203]: the source `*.pmg` matches no file in `ui/button`
 --> assets/ui/button/asset.json:4:15
  |
4 |   "sources": ["*.pmg"],
  |               ^^^^^^^
  |
  = note: source-missing, asset ui/button
  = help: put the file there, correct the pattern, or take it out; names are compared with upper and lower case told apart on every system

1 error; `packwright explain S203` says more
error[structural_errors]: 1 structural finding stands in the way
  help: put right what the findings name; `packwright doctor` shows them, `packwright explain CODE` says more

"#]]);
    assert!(!workspace.path().join("build/game.pack").exists());
}

#[test]
fn related_places_of_another_file_are_shown_too() {
    let workspace = Workspace::with_assets();
    workspace.asset("texts/intro", 3, "");
    let text = workspace.read("assets/texts/intro/asset.json").replace("texts/intro", "ui/button");
    workspace.write("assets/texts/intro/asset.json", text);
    workspace.run(&["doctor", "-q"]).code(1).stdout_eq(str![[r#"
error[S106]: `texts/intro` and `ui/button` have the same address `ui/button`
 --> assets/ui/button/asset.json:4:32
  |
4 |   "labels": ["ui"], "address": "ui/button"
  |                                ^^^^^^^^^^^
  |
 ::: assets/texts/intro/asset.json:4:14
  |
4 |   "address": "ui/button"
  |              ----------- the other asset
  |
  = note: duplicate-address, asset ui/button
  = help: give one of them another `address` in its manifest

1 error; `packwright explain S106` says more

"#]]);
}

#[test]
fn conflict_markers_in_the_registry_are_shown_where_they_are() {
    let workspace = Workspace::with_assets();
    let text = workspace.read("packwright.registry.json").replacen("    {", "<<<<<<< ours\n    {", 1);
    workspace.write("packwright.registry.json", text);
    workspace.run(&["doctor", "-q"]).code(1).stdout_eq(str![[r#"
error[S101]: the file holds merge-conflict markers
 --> packwright.registry.json:4:1
  |
4 | <<<<<<< ours
  | ^^^^^^^^^^^^
  |
  = note: registry-unreadable
  = help: settle the marked entries by hand, or run `packwright merge-registry BASE OURS THEIRS`

1 error; `packwright explain S101` says more

"#]]);
}

#[test]
fn a_list_says_when_it_cannot_know_everything() {
    let workspace = Workspace::new();
    workspace.write("packwright.registry.json", "<<<<<<<");
    workspace.run(&["list"]).success().stdout_eq("").stderr_eq(str![[r#"
the project is diverged: the registry does not read; what is registered is served as it last read
next: `packwright doctor`

"#]]);
}

#[test]
fn settings_that_do_not_parse_are_shown_where_they_are() {
    let workspace = Workspace::with_assets();
    let text = workspace.read("packwright.toml").replace("[assets]", "[asets]");
    workspace.write("packwright.toml", text);
    workspace.run(&["doctor", "-q"]).code(1).stdout_eq(str![[r#"
error[S108]: the file has no key `asets`
 --> packwright.toml:7:2
  |
7 | [asets]
  |  ^^^^^
  |
  = note: settings-invalid
  = help: did you mean `assets`?

1 error; `packwright explain S108` says more

"#]]);
    workspace.run(&["status", "-q"]).success();
}

#[test]
fn only_the_codes_that_are_asked_for_are_looked_for() {
    let workspace = with_a_wrong_pattern();
    workspace.run(&["doctor", "--only", "S204,S205", "-q"]).success();
    workspace.run(&["doctor", "--only", "source-missing", "-q"]).code(1);
    workspace.run(&["doctor", "--only", "S999"]).code(2);
}

#[test]
fn doctor_as_json_carries_the_same_finding() {
    let workspace = with_a_wrong_pattern();
    for args in [["doctor", "--json"].as_slice(), &["doctor", "--format", "json"]] {
        let answer = json(&workspace.run(args).code(1));
        let finding = &answer["diagnostics"][0];
        assert_eq!(finding["code"], "S203");
        assert_eq!(finding["location"]["path"], "assets/ui/button/asset.json");
        assert_eq!(finding["location"]["line"], 4);
        assert_eq!(answer["data"]["counts"]["S203"], 1);
    }
}

#[test]
fn the_findings_of_an_asset_stand_under_it() {
    let run = with_a_wrong_pattern().run(&["show", "ui/button", "-q"]).success();
    run.stderr_eq("").stdout_eq(str![[r#"
ui/button
  root        ui/button
  asset_id    394391312
  uuid        01990000-0000-7000-8000-000000000001
  build       included
  importer    auto
  state       healthy, error

Sources: none

Parts: none

error[S203]: the source `*.pmg` matches no file in `ui/button`
 --> assets/ui/button/asset.json:4:15
  |
4 |   "sources": ["*.pmg"],
  |               ^^^^^^^
  |
  = note: source-missing, asset ui/button
  = help: put the file there, correct the pattern, or take it out; names are compared with upper and lower case told apart on every system

1 error; `packwright explain S203` says more

"#]]);
}

#[test]
fn a_name_cannot_command_the_terminal() {
    let workspace = Workspace::with_assets();
    workspace.write("assets/ui/button/\u{1b}[31mred\u{7}.png", "no picture");
    for args in
        [["doctor", "--color=never"].as_slice(), &["show", "ui/button", "--color=never"], &["build", "--color=never"]]
    {
        let run = workspace.run(args);
        let output = run.get_output();
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        assert!(said.iter().all(|byte| *byte == b'\n' || !byte.is_ascii_control()), "{args:?}");
    }
}

#[test]
fn explain_prints_the_page_of_a_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = packwright(folder.path()).args(["explain", "S203"]).assert().success();
    let by_name = packwright(folder.path()).args(["explain", "source-missing"]).assert().success();
    assert_eq!(page.get_output().stdout, by_name.get_output().stdout);
    assert!(page.get_output().stdout.starts_with(b"# S203 source-missing\n"));
    packwright(folder.path()).args(["explain", "S9"]).assert().code(2).stderr_eq(str![[r#"
error: invalid value 'S9' for '[CODE]': no such code; `packwright explain` lists them all

For more information, try '--help'.

"#]]);
}

#[test]
fn every_code_has_a_page_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let codes = json(&packwright(folder.path()).args(["explain", "--json"]).assert().success());
    let codes = codes.as_array().expect("an array");
    assert!(codes.len() >= 21);
    for code in codes {
        let (code, name) = (code["code"].as_str().expect("a code"), code["name"].as_str().expect("a name"));
        let entry = json(&packwright(folder.path()).args(["explain", code, "--json"]).assert().success());
        let page = entry["page"].as_str().expect("a page");
        assert!(page.starts_with(&format!("# {code} {name}\n")), "{code}");
        assert!((12..=30).contains(&page.lines().count()), "{code} has {} lines", page.lines().count());
        for section in ["**Why it matters.**", "**Example**", "**What to do", &format!("[{code}]")] {
            assert!(page.contains(section), "{code} has no {section}");
        }
        assert!(page.lines().all(|line| line.chars().count() <= 120), "{code}");
    }
}
