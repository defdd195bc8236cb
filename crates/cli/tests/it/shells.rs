//! Completion, and schemas for editors.

use snapbox::str;

use crate::support::{Workspace, json, packwright};

/// What the shell is offered for the last of `words`, one a line.
fn completed(workspace: &Workspace, words: &[&str]) -> Vec<String> {
    let index = (words.len() - 1).to_string();
    let run = packwright(&workspace.path())
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", index)
        .arg("--")
        .args(words)
        .assert()
        .success();
    String::from_utf8_lossy(&run.get_output().stdout).lines().map(str::to_owned).collect()
}

#[test]
fn a_shell_completes_addresses() {
    let workspace = Workspace::with_assets();
    assert_eq!(completed(&workspace, &["packwright", "show", "u"]), ["ui/button"]);
    assert!(completed(&workspace, &["packwright", "exclude", "texts/intro", "a"]).contains(&"audio/steps".to_owned()));
    assert!(completed(&workspace, &["packwright", "show", "zzz"]).is_empty());
}

#[test]
fn a_shell_completes_what_the_cache_can_be_asked() {
    let workspace = Workspace::new();
    assert!(completed(&workspace, &["packwright", "cache", "p"]).iter().any(|word| word.starts_with("prune")));
    let flags = completed(&workspace, &["packwright", "cache", "prune", "--old"]);
    assert!(flags.iter().any(|word| word.starts_with("--older-than-days")), "{flags:?}");
}

#[test]
fn a_shell_completes_addresses_of_the_workspace_that_is_named() {
    let workspace = Workspace::with_assets();
    let path = workspace.path().display().to_string();
    let offered = packwright(std::path::Path::new("/"))
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", "4")
        .args(["--", "packwright", "-C", &path, "show", "u"])
        .assert()
        .success();
    offered.stdout_eq("ui/button");
}

#[test]
fn a_shell_completes_entries_in_quarantine_and_operations() {
    let workspace = Workspace::with_assets();
    assert!(completed(&workspace, &["packwright", "quarantine", "restore", "20"]).is_empty());
    workspace.run(&["remove", "ui/button", "--quarantine", "--yes", "-q"]).success();
    for command in ["restore", "purge"] {
        let entries = completed(&workspace, &["packwright", "quarantine", command, "20"]);
        assert!(entries.len() == 1 && entries[0].contains("-ui-button-"), "{entries:?}");
    }
    let history = json(&workspace.run(&["history", "--json"]).success());
    let id = history["data"]["operations"][0]["operation_id"].as_str().expect("an id");
    let (short, first) = (&id[id.len() - 8..], &id[..13]);
    assert!(completed(&workspace, &["packwright", "revert", ""]).contains(&short.to_owned()));
    assert!(
        completed(&workspace, &["packwright", "revert", first]).contains(&id.to_owned()),
        "in full, where one begins so"
    );
}

#[test]
fn a_shell_completes_codes() {
    let workspace = Workspace::new();
    assert!(completed(&workspace, &["packwright", "explain", "S20"]).contains(&"S203".to_owned()));
}

#[test]
fn outside_of_a_workspace_nothing_is_offered_and_nothing_is_said() {
    packwright(std::path::Path::new("/"))
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", "2")
        .args(["--", "packwright", "show", "u"])
        .assert()
        .success()
        .stdout_eq("")
        .stderr_eq("");
}

#[test]
fn each_shell_gets_a_script_that_asks_this_program() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = packwright(folder.path()).args(["completions", shell]).assert().success().stderr_eq("");
        let script = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
        assert!(script.contains("packwright") && script.contains("COMPLETE"), "{shell}: {script}");
    }
    packwright(folder.path()).args(["completions", "tcsh"]).assert().code(2);
}

#[test]
fn each_file_has_a_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, title) in [
        ("settings", "packwright.toml"),
        ("registry", "packwright.registry.json"),
        ("manifest", "asset.json"),
        ("addressables", "addressables.json"),
        ("event", "event"),
        ("request", "request"),
        ("response", "response"),
    ] {
        let schema = json(&packwright(folder.path()).args(["schema", name]).assert().success());
        assert_eq!(schema["title"], title);
    }
    packwright(folder.path()).args(["schema", "world"]).assert().code(2).stderr_eq(str![[r#"
error: invalid value 'world' for '<NAME>'
  [possible values: settings, registry, manifest, addressables, event, request, response]

For more information, try '--help'.

"#]]);
}
