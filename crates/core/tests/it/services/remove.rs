//! `remove_asset`, files kept. What is broken can always be removed.

use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{ADOPTED, REGISTRY, done, each, refused, registered};
use crate::{open, reopen};

fn remove(selector: &str) -> Value {
    json!({"service": "remove_asset", "selectors": [selector], "files": "keep"})
}

fn roots(tree: &Tree) -> Vec<String> {
    registered(tree).into_iter().map(|one| one.0).collect()
}

#[test]
fn svc_11_an_asset_leaves_the_registered_world_and_its_files_stay() {
    let (tree, project) = open(ADOPTED);
    let files = |tree: &Tree| tree.authored().into_iter().filter(|one| one.0 != REGISTRY).collect::<Vec<_>>();
    let before = files(&tree);
    let answer = done(&project, &remove("ui/icon"));
    assert_eq!(
        (each(&answer["affected_assets"], "root"), &answer["data"]["entries"]),
        (vec!["ui/icon".into()], &json!([]))
    );
    assert_eq!(roots(&tree), ["audio/theme", "ui/button"]);
    assert_eq!(files(&tree), before);
    let action = &answer["applied_actions"][0];
    assert_eq!(
        (action["kind"].as_str(), &action["before"]["asset_id"], &action["after"]),
        (Some("registry_remove"), &20.into(), &Value::Null)
    );
}

#[test]
fn safe_4_what_was_removed_is_an_unregistered_root_and_stays_out_of_builds() {
    let (_tree, project) = open(ADOPTED);
    done(&project, &remove("ui/icon"));
    let listed = done(&project, &json!({"service": "list_assets", "filter": {"registered": false}}));
    assert_eq!(each(&listed["data"]["assets"], "root"), ["ui/icon"]);
    let built = done(&project, &json!({"service": "build"}));
    assert_eq!(built["data"]["pack"]["assets"], 1);
}

#[test]
fn an_entry_without_a_folder_can_be_removed_and_the_answer_says_so() {
    let (tree, project) = open(ADOPTED);
    tree.remove("assets/ui/icon");
    let answer = done(&project, &remove("root:ui/icon"));
    assert!(answer["summary"].to_string().contains("had no folder"), "{}", answer["summary"]);
    assert_eq!(roots(&tree), ["audio/theme", "ui/button"]);
}

#[test]
fn entries_with_bad_ids_doubled_ids_and_roots_that_are_none_can_be_removed_by_root() {
    let broken = [
        ("\"asset_id\": 20", "\"asset_id\": 0", "root:ui/icon"),
        ("\"asset_id\": 20", "\"asset_id\": 4294967296", "root:ui/icon"),
        ("\"asset_id\": 20", "\"asset_id\": 10", "root:ui/icon"),
        ("\"root\": \"ui/icon\"", "\"root\": \"../outside\"", "root:../outside"),
        ("\"root\": \"ui/icon\"", "\"root\": \"\"", "root:"),
        ("00000b", "00000a", "root:ui/icon"),
    ];
    for (good, bad, selector) in broken {
        let (tree, project) = open(ADOPTED);
        tree.write(REGISTRY, tree.text(REGISTRY).replace(good, bad));
        done(&project, &remove(selector));
        assert_eq!(roots(&tree), ["audio/theme", "ui/button"], "{bad}");
        assert_eq!(done(&reopen(&tree), &json!({"service": "doctor"}))["diagnostics"], json!([]), "{bad}");
    }
}

#[test]
fn a_doubled_id_or_root_names_both_entries_and_takes_both_out() {
    let (tree, project) = open(ADOPTED);
    tree.write(REGISTRY, tree.text(REGISTRY).replace("\"asset_id\": 20", "\"asset_id\": 10"));
    done(&project, &remove("id:10"));
    assert_eq!(roots(&tree), ["audio/theme"]);
    let (tree, project) = open(ADOPTED);
    tree.write(REGISTRY, tree.text(REGISTRY).replace("\"ui/icon\"", "\"ui/button\""));
    done(&project, &remove("root:ui/button"));
    assert_eq!(roots(&tree), ["audio/theme"]);
}

#[test]
fn one_bad_selector_stops_all() {
    let (tree, project) = open(ADOPTED);
    let request = json!({"service": "remove_asset", "selectors": ["ui/icon", "ui/nothing"]});
    assert_eq!(refused(&tree, &project, &request), ["not_found"]);
    let nothing = json!({"service": "remove_asset", "selectors": []});
    assert_eq!(refused(&tree, &project, &nothing), ["bad_request"]);
}

#[test]
fn a_removal_among_findings_is_not_blocked_by_them() {
    let (tree, project) = open(ADOPTED);
    tree.write("assets/ui/button/asset.json", "{");
    tree.remove("assets/audio");
    done(&project, &remove("ui/icon"));
    assert_eq!(roots(&tree), ["audio/theme", "ui/button"]);
}
