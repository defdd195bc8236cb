//! The history: each operation that changed anything, the newest first, bounded.

use serde_json::json;

use super::{GAME, agreed, blocked, done, each, plan, quarantine};
use crate::{open, reopen};

#[test]
fn every_mutation_that_did_something_is_remembered_and_no_other() {
    let (tree, project) = open(GAME);
    let first = done(&project, &json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}));
    done(&project, &json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}));
    done(&project, &json!({"service": "build"}));
    done(&project, &json!({"service": "doctor"}));
    plan(&project, &quarantine(&["ui/button"]));
    let second = agreed(&project, &quarantine(&["ui/icon"]));
    for project in [project, reopen(&tree)] {
        let operations = done(&project, &json!({"service": "get_history"}))["data"]["operations"].clone();
        assert_eq!(each(&operations, "operation_id"), each(&json!([second, first]), "operation_id"));
        assert_eq!(each(&operations, "service"), ["remove_asset", "exclude_asset_from_build"]);
        assert_eq!(operations[0]["applied_actions"], second["applied_actions"]);
        assert_eq!((&operations[0]["summary"], &operations[0]["irreversible"]), (&second["summary"], &json!(false)));
    }
}

#[test]
fn pages_of_the_history_follow_each_other() {
    let (_tree, project) = open(GAME);
    let toggle = |word: &str| done(&project, &json!({"service": word, "selectors": ["ui/icon"]}));
    let words = ["exclude_asset_from_build", "include_asset_in_build", "exclude_asset_from_build"];
    let made: Vec<_> = words.iter().map(|word| toggle(word)).collect();
    let first = done(&project, &json!({"service": "get_history", "limit": 2}));
    let cursor = first["data"]["next_cursor"].clone();
    let second = done(&project, &json!({"service": "get_history", "limit": 2, "cursor": cursor}));
    let ids = |answer: &serde_json::Value| each(&answer["data"]["operations"], "operation_id");
    let all: Vec<String> = ids(&first).into_iter().chain(ids(&second)).collect();
    let expected: Vec<String> = made.iter().rev().map(|one| super::text(&one["operation_id"])).collect();
    assert_eq!((all, second["data"].get("next_cursor")), (expected, None));
    assert_eq!(blocked(&project, &json!({"service": "get_history", "limit": 0})), ["bad_request"]);
    assert_eq!(blocked(&project, &json!({"service": "get_history", "cursor": "x"})), ["bad_request"]);
}

#[test]
fn an_asset_knows_what_was_done_to_it() {
    let (_tree, project) = open(GAME);
    done(&project, &json!({"service": "edit_asset", "selector": "ui/icon", "set": {"preload": true}}));
    done(&project, &json!({"service": "edit_asset", "selector": "ui/button", "set": {"preload": true}}));
    let details = done(&project, &json!({"service": "get_asset_details", "selector": "ui/icon"}));
    assert_eq!(each(&details["data"]["history"], "service"), ["edit_asset"]);
    assert_eq!(details["data"]["history"][0]["affected_assets"][0]["root"], "ui/icon");
}

#[test]
fn of_an_operation_that_did_much_an_asset_knows_how_much_and_the_history_lists_it() {
    let (tree, project) = open(GAME);
    let roots: Vec<String> = (0..21).map(|n| format!("many/a{n:02}")).collect();
    for root in &roots {
        tree.write(&format!("assets/{root}/x.txt"), "x");
    }
    done(&project, &json!({"service": "register_asset", "roots": roots}));
    let details = done(&project, &json!({"service": "get_asset_details", "selector": "root:many/a07"}));
    let known = &details["data"]["history"][0];
    assert_eq!(each(&known["affected_assets"], "root"), ["many/a07"]);
    assert_eq!((&known["affected_assets_total"], &known["applied_actions"]), (&json!(21), &json!([])));
    let listed = done(&project, &json!({"service": "get_history"}))["data"]["operations"][0].clone();
    assert_eq!(
        (listed["affected_assets"].as_array().map(Vec::len), listed.get("affected_assets_total")),
        (Some(21), None)
    );
    assert_eq!(
        listed["applied_actions"].as_array().map(|all| json!(all.len())),
        Some(known["applied_actions_total"].clone())
    );
}

#[test]
fn a_record_that_does_not_read_is_as_if_it_were_not_there() {
    let (tree, project) = open(GAME);
    let operation =
        done(&project, &json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}))["operation_id"]
            .clone();
    let path = format!(".packwright/history/{}", super::text(&operation));
    let mut bytes = tree.read(&path);
    bytes[40] ^= 1;
    tree.write(&path, bytes);
    tree.write(".packwright/history/notes.txt", "no record");
    drop(project);
    let project = reopen(&tree);
    assert_eq!(done(&project, &json!({"service": "get_history"}))["data"]["operations"], json!([]));
    assert_eq!(blocked(&project, &json!({"service": "revert", "operation_id": operation})), ["not_found"]);
}

#[test]
fn the_history_is_bounded_and_the_oldest_goes_first() {
    let (tree, project) = open(GAME);
    // As old operations left them: only their names count.
    for n in 0..packwright::plan::history::MAX_RECORDS {
        tree.write(&format!(".packwright/history/01000000-0000-7000-8000-{n:012x}"), "old");
    }
    done(&project, &json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}));
    let kept = std::fs::read_dir(tree.at(".packwright/history")).expect("a folder").count();
    assert_eq!(kept, packwright::plan::history::MAX_RECORDS);
    assert!(!tree.at(".packwright/history/01000000-0000-7000-8000-000000000000").exists());
    assert!(tree.at(".packwright/history/01000000-0000-7000-8000-000000000001").exists());
}
