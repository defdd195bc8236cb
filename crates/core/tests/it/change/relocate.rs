//! `relocate_asset`: the folder moves; id, UUID and address stay.

use serde_json::{Value, json};

use super::{GAME, agreed, blocked, done, text, why};
use crate::{open, reopen};

fn relocate(to: &str) -> Value {
    json!({"service": "relocate_asset", "selector": "ui/icon", "to": to})
}

#[test]
fn a_moved_asset_keeps_its_id_its_uuid_and_its_address() {
    let (tree, project) = open(GAME);
    let manifest = tree.text("assets/ui/icon/asset.json");
    let answer = agreed(&project, &relocate("art/deep/star"));
    assert_eq!(answer["data"], json!({"from": "ui/icon", "to": "art/deep/star"}));
    assert_eq!((tree.text("assets/art/deep/star/asset.json"), tree.at("assets/ui/icon").exists()), (manifest, false));
    for project in [project, reopen(&tree)] {
        let details = done(&project, &json!({"service": "get_asset_details", "selector": "id:20"}));
        let asset = &details["data"]["asset"];
        assert_eq!((&asset["root"], &asset["address"]), (&json!("art/deep/star"), &json!("ui/icon")));
        assert_eq!(done(&project, &json!({"service": "doctor"}))["diagnostics"], json!([]));
    }
}

#[test]
fn a_move_imports_nothing_again() {
    let (_tree, project) = open(GAME);
    done(&project, &json!({"service": "build"}));
    agreed(&project, &relocate("art/star"));
    let built = done(&project, &json!({"service": "build"}));
    assert_eq!(built["data"]["cache"]["misses"], 0, "{}", built["data"]);
}

#[test]
fn a_place_that_is_taken_or_is_none_is_refused() {
    let (tree, project) = open(GAME);
    tree.write("assets/taken/x.txt", "x");
    tree.write("assets/file.txt", "x");
    tree.write("assets/free/asset.json", "{}");
    std::os::unix::fs::symlink("ui", tree.at("assets/link")).expect("a link");
    let before = tree.authored();
    for (to, code) in [
        ("ui/button", "root_taken"),
        ("taken", "root_taken"),
        ("file.txt", "root_taken"),
        ("UI/Button", "root_taken"),
        ("ui/button/inner", "nested_root"),
        ("free/inner", "nested_root"),
        ("ui/icon/inner", "nested_root"),
        ("file.txt/inner", "not_a_folder"),
        ("link/inner", "not_a_folder"),
        ("../outside", "bad_request"),
        ("", "bad_request"),
        ("x/.git/y", "bad_request"),
    ] {
        let codes = blocked(&project, &relocate(to));
        assert!(codes.contains(&code.to_owned()), "{to}: {codes:?}");
        assert_eq!(tree.authored(), before, "{to}");
    }
    let deep = vec!["x"; 505].join("/");
    assert_eq!(blocked(&project, &relocate(&deep)), ["over_limit"]);
}

#[test]
fn a_move_to_where_it_is_does_nothing() {
    let (tree, project) = open(GAME);
    let before = tree.authored();
    let answer = done(&project, &relocate("ui/icon/"));
    assert_eq!((&answer["applied_actions"], tree.authored()), (&json!([]), before));
}

#[test]
fn an_asset_without_a_folder_cannot_be_moved_and_is_told_why() {
    let (tree, project) = open(GAME);
    tree.remove("assets/ui/icon");
    let request = json!({"service": "relocate_asset", "selector": "root:ui/icon", "to": "star"});
    assert_eq!(blocked(&project, &request), ["not_a_folder"]);
    assert!(why(&project, &request).contains("gone"));
}

#[test]
fn a_name_that_differs_in_case_alone_is_another_place_for_the_same_asset() {
    let (tree, project) = open(GAME);
    agreed(&project, &relocate("ui/Icon"));
    assert!(tree.at("assets/ui/Icon/icon.txt").exists());
    assert_eq!(
        text(&done(&project, &json!({"service": "get_asset_details", "selector": "id:20"}))["data"]["asset"]["root"]),
        "ui/Icon"
    );
}
