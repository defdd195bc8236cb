//! `doctor` over the workspace: its text, its formats, and what it allows.

use serde_json::Value;
use snapbox::str;

use crate::support::{Workspace, json, packwright};

/// A built workspace with a loose file, an unused one and two that are the same.
fn untidy() -> Workspace {
    let workspace = Workspace::with_assets();
    workspace.asset("ui/button", 1, "\"sources\": [\"*.png\"],\n  ");
    workspace.run(&["build", "-q"]).success();
    workspace.write("assets/stray.png", "x");
    workspace.write("assets/ui/button/notes.md", "to do");
    workspace.write("assets/texts/intro/fr.txt", "Once upon a time\n");
    workspace
}

fn wrong() -> Workspace {
    let workspace = untidy();
    workspace.asset("ui/button", 1, "\"sources\": [\"*.pmg\"],\n  ");
    workspace
}

fn out(run: &snapbox::cmd::OutputAssert) -> String {
    String::from_utf8(run.get_output().stdout.clone()).expect("UTF-8")
}

#[test]
fn a_tidy_workspace_is_said_to_be_so() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    workspace.run(&["doctor", "--workspace", "-q"]).success().stderr_eq("").stdout_eq(str![[r#"
nothing found by 35 checks

"#]]);
}

#[test]
fn doc_2_what_is_untidy_is_shown_and_is_no_failure() {
    untidy().run(&["doctor", "--workspace", "-q"]).success().stderr_eq("").stdout_eq(str![[r#"
warning[H303]: `assets/stray.png` belongs to no asset
--> assets/stray.png
 = note: loose-file
 = help: move it into a folder of its own and register that; or ignore it, with a pattern in `ignore` under [assets] in packwright.toml

warning[H305]: 2 files have the same 17 bytes: 17 bytes wasted
--> assets/texts/intro/en.txt
::: assets/texts/intro/fr.txt
 = note: the same bytes
 = note: duplicate-content, asset texts/intro
 = help: keep one and let the game use it by its address; or say in packwright.toml that they are meant to be the same, with [[doctor.allow]]

info[H304]: no pattern of `ui/button` takes `assets/ui/button/notes.md`
--> assets/ui/button/notes.md
 = note: unused-file, asset ui/button
 = help: add a pattern for it to `sources` in asset.json; or ignore it, with a pattern in `ignore` under [assets] in packwright.toml

2 warnings, 1 note; `packwright explain H303` says more

"#]]);
}

#[test]
fn diag_2_any_finding_fails_where_it_is_to_be_strict() {
    let workspace = untidy();
    workspace.run(&["doctor", "-q", "--strict"]).success();
    workspace.run(&["doctor", "--workspace", "-q", "--strict"]).code(1);
    workspace.run(&["doctor", "--only", "H303", "-q"]).success();
    workspace.run(&["doctor", "--only", "H309", "-q", "--strict"]).success();
    workspace.run(&["build", "-q"]).success();
}

#[test]
fn many_findings_are_a_screen_and_all_of_them_are_there_for_who_asks() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    for n in 0..1_234 {
        workspace.write(&format!("assets/old/{n:04}.bin"), n.to_string());
    }
    let text = out(&workspace.run(&["doctor", "--workspace", "-q"]).success());
    assert!(text.lines().count() < 20, "{text}");
    assert!(text.starts_with("warning[H303] loose-file: 1,234 findings\n"), "{text}");
    assert!(text.contains("… and 1,224 more: `packwright doctor --only H303 -v` lists them all"), "{text}");
    assert!(text.ends_with("1,234 warnings; `packwright explain H303` says more\n"), "{text}");
    let all = out(&workspace.run(&["doctor", "--only", "H303", "-v"]).success());
    assert_eq!(all.matches("belongs to no asset").count(), 1_234);
    let answer = json(&workspace.run(&["doctor", "--workspace", "--json"]).success());
    assert_eq!(answer["diagnostics"].as_array().map(Vec::len), Some(1_234));
    assert_eq!(answer["data"]["next_cursor"], Value::Null);
}

#[test]
fn sarif_is_what_the_standard_says_it_is() {
    // As it is published, the pattern of a language has one bracket too many to be one.
    let text = include_str!("sarif/sarif-schema-2.1.0.json").replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let workspace = wrong();
    let odd = "assets/texts/intro/100% \u{e9}#?.txt";
    workspace.write(odd, "odd");
    workspace.write(&format!("{odd}~"), "odd");
    for (args, code) in [
        (&["doctor", "--workspace", "--format", "sarif"][..], 1),
        (&["doctor", "--only", "S101", "--format", "sarif"], 0),
    ] {
        let log = json(&workspace.run(args).code(code));
        let errors: Vec<String> = schema.iter_errors(&log).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
    }
    let log = json(&workspace.run(&["doctor", "--workspace", "--format", "sarif"]).code(1));
    let results = log["runs"][0]["results"].as_array().expect("results");
    let of = |code: &str| results.iter().find(|result| result["ruleId"] == code).expect(code);
    let at = &of("S203")["locations"][0]["physicalLocation"];
    assert_eq!(at["artifactLocation"]["uri"], "assets/ui/button/asset.json");
    assert_eq!(
        (&at["region"]["startLine"], &at["region"]["startColumn"], &at["region"]["endColumn"]),
        (&4.into(), &15.into(), &22.into())
    );
    assert_eq!((of("S203")["level"].as_str(), of("H304")["level"].as_str()), (Some("error"), Some("note")));
    let uri = &of("H307")["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "assets/texts/intro/100%25%20%C3%A9%23%3F.txt~");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in results {
        assert_eq!(rules[result["ruleIndex"].as_u64().expect("an index") as usize]["id"], result["ruleId"]);
    }
}

#[test]
fn fingerprints_stay_when_lines_move_and_when_other_findings_come() {
    let workspace = wrong();
    let fingerprints = || -> Vec<(String, String)> {
        let log = json(&workspace.run(&["doctor", "--workspace", "--format", "sarif"]).code(1));
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        let of = |result: &Value| {
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            (text(&result["ruleId"]), text(&result["partialFingerprints"]["packwright/v1"]))
        };
        results.iter().map(of).collect()
    };
    let before = fingerprints();
    let manifest = workspace.read("assets/ui/button/asset.json");
    workspace.write("assets/ui/button/asset.json", format!("\n\n\n{manifest}"));
    workspace.write("assets/texts/intro/de.txt", "Once upon a time\n");
    workspace.write("assets/another.png", "y");
    let after = fingerprints();
    assert!(before.iter().all(|one| after.contains(one)), "{before:?}\n{after:?}");
    assert_eq!(after.len(), before.len() + 1);
}

#[test]
fn annotations_name_the_line_and_the_path_from_the_top_of_the_repository() {
    let workspace = wrong();
    let run = workspace.run(&["doctor", "--workspace", "--format", "github"]).code(1);
    let text = out(&run);
    assert!(
        text.starts_with(
            "::error file=assets/ui/button/asset.json,line=4,endLine=4,col=15,endColumn=21,title=S203 source-missing::"
        ),
        "{text}"
    );
    assert!(text.contains("\n::warning file=assets/stray.png,title=H303 loose-file::"), "{text}");
    let above = packwright(&workspace.path())
        .args(["doctor", "--format", "github"])
        .env("GITHUB_WORKSPACE", workspace.tree().path())
        .assert()
        .code(1);
    assert!(out(&above).starts_with("::error file=game/assets/ui/button/asset.json,"), "{}", out(&above));
}

#[test]
fn two_formats_at_once_are_none() {
    untidy().run(&["doctor", "--format", "sarif", "--json"]).code(2);
}

#[test]
fn a_project_with_a_past_is_adopted_in_one_go() {
    let workspace = untidy();
    workspace.run(&["doctor", "--allow-all"]).code(2);
    let text = out(&workspace.run(&["doctor", "--allow-all", "--reason", "as it was", "-q"]).success());
    assert_eq!(
        text,
        "3 findings allowed by 4 entries in packwright.toml\n  H303  assets/stray.png\n  H304  assets/ui/button/notes.md\n  \
         H305  assets/texts/intro/en.txt\n  H305  assets/texts/intro/fr.txt\n"
    );
    let run = workspace.run(&["doctor", "--workspace", "--strict"]).success();
    assert!(out(&run).starts_with("nothing found by 35 checks"), "{}", out(&run));
    let notes = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(notes.ends_with("3 findings allowed by [[doctor.allow]] in packwright.toml\n"), "{notes}");
    workspace.write("assets/new.png", "new");
    workspace.run(&["doctor", "--workspace", "--strict", "-q"]).code(1);
}

#[test]
fn a_check_that_could_not_run_is_said_and_is_the_exit_code() {
    let workspace = untidy();
    std::fs::remove_file(workspace.path().join(".gitignore")).expect("init wrote it");
    std::fs::create_dir(workspace.path().join(".gitignore")).expect("a folder");
    let run = workspace.run(&["doctor", "--workspace", "-q"]).code(3);
    let text = out(&run);
    assert!(text.contains("error: the check `H309` could not run: "), "{text}");
    assert!(
        text.ends_with("1 check could not run; 2 warnings, 1 note; `packwright explain H303` says more\n"),
        "{text}"
    );
    let log = json(&workspace.run(&["doctor", "--workspace", "--format", "sarif"]).code(3));
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn deep_looks_into_pictures_and_at_the_pack() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    workspace.run(&["doctor", "--deep", "-q"]).success();
    let pack = workspace.path().join("build/game.pack");
    let mut bytes = std::fs::read(&pack).expect("a pack");
    bytes[70] ^= 1;
    std::fs::write(&pack, bytes).expect("it is ours");
    workspace.run(&["doctor", "-q"]).success();
    let text = out(&workspace.run(&["doctor", "--deep", "-q"]).success());
    assert!(text.starts_with("warning[H317]: `build/game.pack` is not the pack that was built: part "), "{text}");
}
