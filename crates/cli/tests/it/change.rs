//! Safe change: plans that are shown and saved, consent, quarantine, undo.

use std::collections::BTreeMap;

use packwright::event::{Event, Kind, check};
use packwright_testkit::files_below;
use serde_json::Value;
use snapbox::str;

use crate::support::{Workspace, json, packwright};

/// All files but the private ones, which remember what was looked at.
fn files(workspace: &Workspace) -> BTreeMap<String, Vec<u8>> {
    let mut files = files_below(&workspace.path());
    files.retain(|path, _| !path.starts_with(".packwright/"));
    files
}

fn stderr(run: &snapbox::cmd::OutputAssert) -> String {
    String::from_utf8_lossy(&run.get_output().stderr).into_owned()
}

fn stdout(run: &snapbox::cmd::OutputAssert) -> String {
    String::from_utf8_lossy(&run.get_output().stdout).into_owned()
}

/// Three assets, of which one waits in quarantine; and its entry.
fn with_one_quarantined() -> (Workspace, String) {
    let workspace = Workspace::with_assets();
    let run = workspace.run(&["remove", "ui/button", "--quarantine", "--yes", "--json"]).success();
    let entry = json(&run)["data"]["entries"][0]["entry_id"].as_str().expect("an entry").to_owned();
    (workspace, entry)
}

/// The id of the last operation.
fn last(workspace: &Workspace) -> String {
    let history = json(&workspace.run(&["history", "--limit", "1", "--json"]).success());
    history["data"]["operations"][0]["operation_id"].as_str().expect("an operation").to_owned()
}

#[test]
fn prev_1_a_dry_run_of_any_mutation_shows_a_plan_and_writes_nothing() {
    let (workspace, entry) = with_one_quarantined();
    workspace.write("assets/new/x.txt", "x");
    let operation = last(&workspace);
    let before = files(&workspace);
    for args in [
        &["register", "assets/new"][..],
        &["exclude", "texts/intro"],
        &["remove", "texts/intro", "--keep"],
        &["remove", "texts/intro", "--quarantine"],
        &["remove", "texts/intro", "--delete"],
        &["move", "texts/intro", "assets/texts/start"],
        &["edit", "texts/intro", "address=texts/start"],
        &["quarantine", "restore", &entry],
        &["quarantine", "purge", &entry],
        &["revert", &operation],
        &["init", "../other"],
    ] {
        let run = workspace.run(&[args, &["-n"]].concat()).success();
        assert!(stdout(&run).starts_with("plan: ") && stderr(&run).contains("nothing was done\n"), "{args:?}");
        let answer = json(&workspace.run(&[args, &["-n", "--json", "--yes"]].concat()).success());
        assert_eq!(answer["status"], "preview", "{args:?}");
        assert!(answer["data"]["plan"]["actions"].as_array().is_some_and(|all| !all.is_empty()), "{args:?}");
        assert_eq!(files(&workspace), before, "{args:?}");
    }
    assert!(!workspace.tree().at("other").exists());
    assert_eq!(last(&workspace), operation, "nothing is remembered of what was not done");
}

#[test]
fn prev_2_a_plan_says_what_is_moved_and_what_is_otherwise_afterwards() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    workspace
        .run(&["remove", "ui/button", "audio/steps", "--quarantine", "-n"])
        .success()
        .stdout_eq(str![[r#"
plan: 2 assets removed from the registry, files quarantined
move 2 folders: 5 files, 5.2 KiB
  assets/audio/steps -> quarantine/[..]-audio-steps-[..]/payload  (3 files, 5.0 KiB)
  assets/ui/button -> quarantine/[..]-ui-button-[..]/payload  (2 files, 179 B)
take 2 entries out of the registry
  audio/steps
  ui/button
afterwards
  2 addresses vanish: audio/steps, ui/button
  3 parts leave the pack

"#]])
        .stderr_eq(str![[r#"
nothing was done
next: the same without `-n` asks and does it; with `--yes` it does not ask

"#]]);
}

#[test]
fn prev_3_what_is_deleted_stands_apart() {
    let workspace = Workspace::with_assets();
    workspace
        .run(&["remove", "texts/intro", "--delete", "-n"])
        .success()
        .stdout_eq(str![[r#"
plan: 1 asset removed from the registry, files deleted
take 1 entry out of the registry
  texts/intro
delete 1 folder FOR GOOD: 2 files, 113 B
  assets/texts/intro  (2 files, 113 B)
afterwards
  1 address vanishes: texts/intro

"#]])
        .stderr_eq(str![[r#"
nothing was done
next: the same without `-n` asks and does it; with `--yes --confirm texts/intro` it does not ask

"#]]);
}

#[test]
fn without_a_terminal_nothing_is_asked_and_the_flag_is_named() {
    let workspace = Workspace::with_assets();
    let before = files(&workspace);
    workspace.run(&["remove", "ui/button", "--quarantine"]).code(1).stdout_eq("").stderr_eq(str![[r#"
plan: 1 asset removed from the registry, files quarantined
move 1 folder: 2 files, 179 B
  assets/ui/button -> quarantine/[..]-ui-button-[..]/payload  (2 files, 179 B)
take 1 entry out of the registry
  ui/button
afterwards
  1 address vanishes: ui/button
error[consent_required]: this moves 1 folder, and nobody has said yes to it
  help: look at the plan; `--yes` says yes to it

"#]]);
    for args in [&["remove", "ui/button", "--delete"][..], &["remove", "ui/button", "--delete", "--yes"]] {
        let said = stderr(&workspace.run(args).code(1));
        assert!(said.contains("this deletes 1 folder for good, 2 files of 179 B, and nobody has said yes"), "{said}");
        assert!(said.contains("`--yes --confirm ui/button` says yes to it"), "{said}");
    }
    let said = stderr(&workspace.run(&["remove", "ui/button", "--delete", "--yes", "--confirm", "1"]).code(1));
    assert!(said.contains("`--confirm 1` does not name that"), "{said}");
    workspace.run(&["remove", "ui/button", "--delete", "--confirm", "ui/button"]).code(2);
    assert_eq!(files(&workspace), before);
}

#[test]
fn json_without_consent_is_one_answer_with_the_plan_in_it() {
    let workspace = Workspace::with_assets();
    let run = workspace.run(&["remove", "ui/button", "--delete", "--yes", "--json"]).code(1).stderr_eq("");
    let answer = json(&run);
    assert_eq!((&answer["status"], &answer["service"]), (&"blocked".into(), &"remove_asset".into()));
    assert_eq!(answer["blockers"][0]["code"], "consent_required");
    assert_eq!(answer["data"]["plan"]["consent_required"], serde_json::json!(["destructive"]));
    assert_eq!(answer["affected_assets"][0]["address"], "ui/button");
    let done = json(&workspace.run(&["remove", "ui/button", "--delete", "--yes", "--confirm", "ui/button", "--json"]));
    assert_eq!((&done["status"], &done["applied_actions"][0]["nature"]), (&"ok".into(), &"destructive".into()));
}

#[test]
fn a_saved_plan_is_applied_by_another_process_once() {
    let workspace = Workspace::with_assets();
    let before = files(&workspace);
    workspace.run(&["remove", "ui/button", "--quarantine", "--plan-out", "../plan.json"]).success().stderr_eq(str![[
        r#"
nothing was done
next: `packwright apply ../plan.json --yes`

"#
    ]]);
    assert_eq!(files(&workspace), before);
    let plan: Value = serde_json::from_str(&workspace.tree().text("plan.json")).expect("JSON");
    let said = stderr(&workspace.run(&["apply", "../plan.json"]).code(1));
    assert!(said.contains("this moves 1 folder, and nobody has said yes to it"), "{said}");
    assert_eq!(files(&workspace), before);
    let run = workspace.run(&["apply", "../plan.json", "--yes", "--json"]).success();
    assert_eq!(json(&run)["data"]["entries"][0]["entry_id"], plan["minted"]["entry_id"], "what was made up is kept");
    let again = stderr(&workspace.run(&["apply", "../plan.json", "--yes"]).code(1));
    assert!(again.contains("error[plan_stale]"), "{again}");
}

#[test]
fn prev_6_a_saved_plan_that_got_stale_is_refused_with_what_changed_and_by_whom() {
    let workspace = Workspace::with_assets();
    workspace.run(&["edit", "ui/button", "address=ui/ok", "--plan-out", "plan.json"]).success();
    workspace.run(&["edit", "ui/button", "preload=true", "-q"]).success();
    let operation = last(&workspace);
    workspace.run(&["apply", "plan.json"]).code(1).stdout_eq("").stderr_eq(str![[r#"
error[plan_stale]: assets/ui/button/asset.json changed since the plan was made, by edit_asset (operation [..])
  help: make the plan anew with `--plan-out plan.json`, and look at it: it may do something else now

"#]]);
    let blocked = json(&workspace.run(&["apply", "plan.json", "--json"]).code(1));
    let message = blocked["blockers"][0]["message"].as_str().expect("a text");
    assert!(message.contains(&operation), "{message}");
}

#[test]
fn an_unrelated_change_leaves_a_saved_plan_good() {
    let workspace = Workspace::with_assets();
    workspace.run(&["edit", "ui/button", "address=ui/ok", "--plan-out", "plan.json"]).success();
    workspace.run(&["exclude", "texts/intro", "-q"]).success();
    workspace.write("assets/texts/intro/fr.txt", "Il était une fois\n");
    workspace.run(&["apply", "plan.json"]).success();
    workspace.run(&["show", "ui/ok"]).success();
}

#[test]
fn a_plan_comes_by_stdin_and_in_the_answer_of_a_preview_too() {
    let workspace = Workspace::with_assets();
    let preview = workspace.run(&["edit", "ui/button", "preload=true", "-n", "--json"]).success();
    let piped = packwright(&workspace.path()).args(["apply", "-"]).stdin(stdout(&preview)).assert().success();
    piped.stdout_eq(str![[r#"
changed preload of `ui/button`
  preload: none -> true

"#]]);
}

#[test]
fn what_is_no_plan_is_wrong_usage() {
    let workspace = Workspace::with_assets();
    workspace.run(&["apply", "absent.json"]).code(1);
    for text in ["", "{}", "[]", "no JSON", r#"{"data": {"plan": 1}}"#] {
        workspace.write("plan.json", text);
        let said = stderr(&workspace.run(&["apply", "plan.json"]).code(2));
        assert!(said.contains("plan.json holds no plan: "), "{said}");
    }
    let reads = r#"{"plan_id": "01990000-0000-7000-8000-000000000001", "request": {"service": "get_status"}, "actions": [], "relied_on": []}"#;
    workspace.write("plan.json", reads);
    let said = stderr(&workspace.run(&["apply", "plan.json"]).code(2));
    assert!(said.contains("a request of get_status, which changes nothing"), "{said}");
}

#[test]
fn a_plan_makes_a_workspace() {
    let workspace = Workspace::new();
    workspace.run(&["init", "../new", "--plan-out", "plan.json"]).success();
    let plan: Value = serde_json::from_str(&workspace.read("plan.json")).expect("JSON");
    assert!(!workspace.tree().at("new").exists());
    let made = json(&workspace.run(&["apply", "plan.json", "--json"]).success());
    assert_eq!(made["data"]["project_id"], plan["minted"]["project_id"]);
    assert!(workspace.tree().at("new/packwright.toml").is_file());
}

#[test]
fn quarantined_assets_are_listed_restored_and_purged() {
    let (workspace, entry) = with_one_quarantined();
    let registry = workspace.read("packwright.registry.json");
    workspace
        .run(&["quarantine", "list"])
        .success()
        .stdout_eq(str![[r#"
ENTRY                      ADDRESS    ORIGIN            FILES  BYTES  SINCE
[..]-ui-button-[..]  ui/button  assets/ui/button      2  179 B  [..]Z

"#]])
        .stderr_eq(str![[r#"
1 asset in quarantine
next: `packwright quarantine restore ENTRY` brings one back; `… purge ENTRY` deletes it for good

"#]]);
    let end = &entry[entry.len() - 4..];
    workspace
        .run(&["quarantine", "restore", end, "--yes"])
        .success()
        .stdout_eq(str![[r#"
restored `ui/button` from quarantine
ADDRESS           ID  ROOT
ui/button  394391312  ui/button

"#]])
        .stderr_eq(str![[r#"
next: `packwright build`
undo: `packwright revert [..]`

"#]]);
    assert!(workspace.path().join("assets/ui/button/button.png").is_file());
    workspace.run(&["remove", "ui/button", "--quarantine", "--yes", "-q"]).success();
    assert_eq!(workspace.read("packwright.registry.json"), registry);
    let purge = ["quarantine", "purge", "ui/button", "--yes", "--confirm", "ui/button"];
    workspace
        .run(&purge)
        .success()
        .stdout_eq(str![[r#"
purged 1 asset from quarantine
ENTRY                      ADDRESS    ORIGIN            FILES  BYTES  SINCE
[..]-ui-button-[..]  ui/button  assets/ui/button      2  179 B  [..]Z

"#]])
        .stderr_eq(str![[r#"
next: `packwright quarantine list` shows what is left
undo: there is none; what was deleted for good comes from version control or a backup

"#]]);
    workspace.run(&["quarantine", "list"]).success().stdout_eq("").stderr_eq("0 assets in quarantine\n");
    assert!(stderr(&workspace.run(&purge).code(1)).contains("there is no `ui/button` in quarantine"));
}

#[test]
fn nothing_is_restored_over_what_stands_at_its_origin() {
    let (workspace, entry) = with_one_quarantined();
    workspace.write("assets/ui/button/mine.txt", "mine");
    let before = files(&workspace);
    workspace.run(&["quarantine", "restore", &entry, "--yes"]).code(1).stdout_eq("").stderr_eq(str![[r#"
error[origin_occupied]: something stands at assets/ui/button already
  help: nothing is ever put over something: move what stands there out of the way

"#]]);
    assert_eq!(files(&workspace), before);
}

#[test]
fn a_word_that_can_mean_two_entries_is_ambiguous() {
    let (workspace, _) = with_one_quarantined();
    workspace.asset("ui/button", 9, "");
    workspace.run(&["register", "assets/ui/button", "-q"]).success();
    workspace.run(&["remove", "ui/button", "--quarantine", "--yes", "-q"]).success();
    let said = stderr(&workspace.run(&["quarantine", "restore", "ui/button", "--yes"]).code(1));
    assert!(said.contains("error[ambiguous]: `ui/button` can mean `20"), "{said}");
}

#[test]
fn an_asset_is_moved_and_stays_the_asset_that_it_was() {
    let workspace = Workspace::with_assets();
    workspace
        .run(&["move", "ui/button", "assets/widgets/ok", "--yes"])
        .success()
        .stdout_eq(str![[r#"
moved `ui/button` to `widgets/ok`
ADDRESS           ID  ROOT
ui/button  394391312  widgets/ok

"#]])
        .stderr_eq(str![[r#"
next: `packwright build`
undo: `packwright revert [..]`

"#]]);
    assert!(workspace.path().join("assets/widgets/ok/button.png").is_file());
    let back = json(&workspace.run_in("assets", &["move", "ui/button", "ui/button", "--yes", "--json"]).success());
    assert_eq!(back["data"], serde_json::json!({"from": "widgets/ok", "to": "ui/button"}));
    workspace.run(&["move", "ui/button", "widgets/ok", "--yes"]).code(2).stderr_eq(str![[r#"
error[bad_request]: widgets/ok is outside the assets folder, [..]/game/assets
  help: NEW_ROOT is a path as the shell takes it, to a folder below the assets folder

"#]]);
    let taken = stderr(&workspace.run(&["move", "ui/button", "assets/texts/intro", "--yes"]).code(1));
    assert!(taken.contains("error[root_taken]: something stands at assets/texts/intro already"), "{taken}");
}

#[cfg(unix)]
#[test]
fn a_place_that_is_not_there_yet_is_named_through_a_link_as_well() {
    let workspace = Workspace::with_assets();
    std::os::unix::fs::symlink(workspace.path(), workspace.tree().at("alias")).expect("a link");
    let alias = workspace.tree().at("alias/assets/far/away").display().to_string();
    workspace.run(&["move", "ui/button", &alias, "--yes"]).success();
    assert!(workspace.path().join("assets/far/away/button.png").is_file());
}

#[test]
fn an_edit_says_what_changed_and_leaves_the_rest_as_it_is_written() {
    let workspace = Workspace::with_assets();
    workspace
        .run(&["edit", "ui/button", "address=ui/ok", "labels=ui,menu", "settings.image.output=rgba8", "sources=*.png"])
        .success()
        .stdout_eq(str![[r#"
changed address, labels, settings, sources of `ui/button`
  address: "ui/button" -> "ui/ok", labels: ["ui"] -> ["ui","menu"], settings: none -> {"image":{"output":"rgba8"}}, sources: none -> ["*.png"]

"#]])
        .stderr_eq(str![[r#"
next: `packwright build`
undo: `packwright revert [..]`

"#]]);
    let manifest: Value = serde_json::from_str(&workspace.read("assets/ui/button/asset.json")).expect("JSON");
    assert_eq!(manifest["settings"], serde_json::json!({"image": {"output": "rgba8"}}));
    workspace.run(&["edit", "ui/ok", "settings.image=", "sources=", "-q"]).success();
    let manifest: Value = serde_json::from_str(&workspace.read("assets/ui/button/asset.json")).expect("JSON");
    assert!(manifest.get("sources").is_none_or(Value::is_null) && manifest["labels"][1] == "menu", "{manifest}");
    let said = stderr(&workspace.run(&["edit", "ui/ok", "colour=red"]).code(2));
    assert!(said.contains("a manifest has no `colour` that could be set"), "{said}");
    workspace.run(&["edit", "ui/ok", "address=texts/intro"]).code(1);
}

#[test]
fn an_edit_that_brings_a_finding_shows_it_and_what_comes_first_now() {
    let workspace = Workspace::with_assets();
    let said = stderr(&workspace.run(&["edit", "ui/button", "sources=*.pgn"]).success());
    assert!(said.contains("error[S203]: the source `*.pgn` matches no file"), "{said}");
    assert!(said.contains("next: put right what the findings name: until then nothing is built"), "{said}");
}

#[test]
fn what_waits_in_quarantine_is_listed_as_that() {
    let (workspace, _) = with_one_quarantined();
    let quarantined = json(&workspace.run(&["list", "--quarantined", "--json"]).success());
    assert_eq!(
        (&quarantined["data"]["total"], &quarantined["data"]["assets"][0]["root"]),
        (&1.into(), &"ui/button".into())
    );
    let listed = stdout(&workspace.run(&["list"]).success());
    assert!(listed.contains("ui/button     394391312  quarantined"), "{listed}");
    workspace.run(&["list", "--unregistered"]).success().stdout_eq("");
}

#[test]
fn history_lists_what_was_done_and_what_can_be_undone() {
    let (workspace, _) = with_one_quarantined();
    workspace.run(&["exclude", "texts/*", "audio/*", "-q"]).success();
    let id = last(&workspace);
    workspace.run(&["revert", &id[id.len() - 8..], "-q"]).success();
    workspace.run(&["remove", "texts/intro", "--delete", "--yes", "--confirm", "texts/intro", "-q"]).success();
    workspace.run(&["history", "--limit", "4"]).success().stdout_eq(str![[r#"
ID        WHEN                  WHAT                                                                 ASSETS
[..]  [..]Z  1 asset removed from the registry, files deleted                     texts/intro               cannot be undone
[..]  [..]Z  reverted exclude_asset_from_build: 2 assets excluded from the build  audio/steps, texts/intro  undoes [..]
[..]  [..]Z  2 assets excluded from the build                                     audio/steps, texts/intro  undone by [..]
[..]  [..]Z  1 asset removed from the registry, files quarantined                 ui/button

"#]]).stderr_eq(str![[r#"
there are older ones; `--limit 20` lists more
next: `packwright revert ID` undoes one

"#]]);
    let verbose = stdout(&workspace.run(&["history", "--limit", "1", "-v"]).success());
    assert!(verbose.contains("delete 1 folder FOR GOOD") && verbose.starts_with(&last(&workspace)), "{verbose}");
    assert_eq!(
        json(&workspace.run(&["history", "--json", "--limit", "2"]))["data"]["operations"].as_array().map(Vec::len),
        Some(2)
    );
}

#[test]
fn apply_then_revert_gives_back_the_tree() {
    let (workspace, entry) = with_one_quarantined();
    let before = files(&workspace);
    for args in [
        &["move", "texts/intro", "assets/texts/start", "--yes"][..],
        &["edit", "texts/intro", "address=texts/start"],
        &["exclude", "texts/intro"],
        &["remove", "texts/intro", "--keep"],
        &["remove", "texts/intro", "--quarantine", "--yes"],
        &["quarantine", "restore", &entry, "--yes"],
    ] {
        workspace.run(&[args, &["-q"]].concat()).success();
        assert_ne!(files(&workspace), before, "{args:?}");
        let id = last(&workspace);
        workspace.run(&["revert", &id[id.len() - 8..], "--yes", "-q"]).success();
        assert_eq!(files(&workspace), before, "{args:?}");
    }
}

#[test]
fn a_revert_that_conflicts_does_nothing_and_names_what_came_later() {
    let workspace = Workspace::with_assets();
    workspace.run(&["edit", "ui/button", "labels=old", "-q"]).success();
    let id = last(&workspace);
    workspace.run(&["edit", "ui/button", "labels=new", "-q"]).success();
    let later = last(&workspace);
    let before = files(&workspace);
    let said = stderr(&workspace.run(&["revert", &id]).code(1));
    assert!(said.contains("assets/ui/button/asset.json is not as that operation left it"), "{said}");
    assert!(said.contains(&later), "{said}");
    assert_eq!(files(&workspace), before);
}

#[test]
fn an_operation_that_nobody_remembers_is_not_found() {
    let workspace = Workspace::with_assets();
    for word in ["abc", "ffffffff", "01990000-0000-7000-8000-000000000001"] {
        let said = stderr(&workspace.run(&["revert", word]).code(1));
        assert!(said.contains("error[not_found]") && said.contains("`packwright history` shows"), "{said}");
    }
}

#[test]
fn where_nothing_is_unfinished_recover_says_so() {
    let workspace = Workspace::with_assets();
    let before = files(&workspace);
    for args in [&["recover"][..], &["recover", "--undo"], &["recover", "--keep"]] {
        workspace.run(args).success().stdout_eq("nothing is unfinished\n").stderr_eq("");
    }
    workspace.run(&["recover", "--undo", "--keep"]).code(2);
    assert_eq!(files(&workspace), before);
}

#[test]
fn what_only_a_person_can_end_is_said_and_ended_by_recover() {
    let workspace = Workspace::with_assets();
    workspace.write(".packwright/journal", "no journal");
    let status = workspace.run(&["status"]);
    assert!(stdout(&status).contains("recovery_needed"), "{}", stdout(&status));
    assert!(stderr(&status).contains("next: `packwright recover`"), "{}", stderr(&status));
    let blocked = stderr(&workspace.run(&["exclude", "ui/button"]).code(1));
    assert!(blocked.contains("error[recovery_needed]") && blocked.contains("packwright recover"), "{blocked}");
    let asked = workspace.run(&["recover"]).success();
    assert!(stdout(&asked).contains("was stopped half-way"), "{}", stdout(&asked));
    assert!(stderr(&asked).contains("packwright recover --keep"), "{}", stderr(&asked));
    workspace.run(&["recover", "--undo", "--yes"]).code(1);
    workspace.run(&["recover", "--keep"]).success();
    workspace.run(&["exclude", "ui/button"]).success();
}

#[test]
fn a_mutation_that_was_previewed_names_the_preview_as_its_cause() {
    let workspace = Workspace::with_assets();
    workspace.run(&["remove", "ui/button", "--quarantine", "--yes", "-q", "--events", "events.jsonl"]).success();
    let text = workspace.read("events.jsonl");
    let events: Vec<Event> = text.lines().map(|line| serde_json::from_str(line).expect("an event a line")).collect();
    check(&events).expect("a stream as it is documented");
    let of =
        |kind: Kind| events.iter().find(|event| event.kind == kind).unwrap_or_else(|| panic!("no {kind:?}\n{text}"));
    let (ready, applied) = (of(Kind::PreviewReady), of(Kind::ActionApplied));
    assert!(ready.terminal && applied.terminal && ready.operation_id != applied.operation_id);
    let caused = events.iter().filter(|event| event.operation_id == applied.operation_id).find_map(|event| event.cause);
    assert_eq!(caused.map(|cause| cause.operation_id), Some(ready.operation_id));
}
