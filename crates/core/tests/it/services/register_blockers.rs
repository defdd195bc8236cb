//! What `register_asset` refuses, each before anything is written.

use std::os::unix::fs::symlink;

use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{ADOPTED, ART, as_json, done, refused, register, registered};
use crate::{call, open};

/// The blockers of one request in the art folder, after `making` it so.
fn blockers(making: impl FnOnce(&Tree), request: &Value) -> Vec<String> {
    let (tree, project) = open(ART);
    making(&tree);
    refused(&tree, &project, request)
}

/// The same in the workspace where all is registered.
fn blockers_beside(making: impl FnOnce(&Tree), request: &Value) -> Vec<String> {
    let (tree, project) = open(ADOPTED);
    making(&tree);
    refused(&tree, &project, request)
}

#[test]
fn nested_root_inside_and_around_a_registered_one() {
    let inside = |tree: &Tree| tree.write("assets/ui/button/more/x.txt", "x");
    assert_eq!(blockers_beside(inside, &register(&["ui/button/more"])), ["nested_root"]);
    assert_eq!(blockers_beside(|_| {}, &register(&["ui"])), ["nested_root"]);
    assert_eq!(blockers(|_| {}, &register(&["ui", "ui/button"])), ["nested_root"], "two new ones");
}

#[test]
fn holds_roots_where_manifests_lie_below() {
    let manifest = r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-0000000000ff", "address": "x"}"#;
    let below = |tree: &Tree| tree.write("assets/ui/icon/asset.json", manifest);
    assert_eq!(blockers(below, &register(&["ui"])), ["holds_roots"]);
    assert_eq!(blockers(|_| {}, &register(&["."])), ["holds_roots"], "the assets folder itself");
}

#[test]
fn manifest_invalid_names_the_file_and_the_line() {
    let (tree, project) = open(ART);
    tree.write("assets/ui/icon/asset.json", "{\n  \"schema\": 1,\n  \"uuid\": 7,\n  \"address\": \"x\"\n}\n");
    let response = as_json(&call(&project, &register(&["ui/icon"]).to_string()));
    assert_eq!(response["blockers"][0]["code"], "manifest_invalid");
    let message = response["blockers"][0]["message"].to_string();
    assert!(message.contains("assets/ui/icon/asset.json:3: "), "{message}");
    let escaping = r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-0000000000ff", "address": "x", "sources": ["../button/label.txt"]}"#;
    tree.write("assets/ui/icon/asset.json", escaping);
    assert_eq!(refused(&tree, &project, &register(&["ui/icon"])), ["manifest_invalid"]);
    tree.remove("assets/ui/icon/asset.json");
    symlink("../button/label.txt", tree.at("assets/ui/icon/asset.json")).expect("a link");
    assert_eq!(refused(&tree, &project, &register(&["ui/icon"])), ["manifest_invalid"], "never minted over");
}

#[test]
fn manifest_exists_where_something_else_is_asked_for() {
    let manifest = r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-0000000000ff", "address": "x"}"#;
    let with = |tree: &Tree| tree.write("assets/ui/icon/asset.json", manifest);
    let request = |more: &str| json!({"service": "register_asset", "roots": ["ui/icon"], more: if more == "address" { "y" } else { "raw" }});
    assert_eq!(blockers(with, &request("address")), ["manifest_exists"]);
    assert_eq!(blockers(with, &request("importer")), ["manifest_exists"]);
}

#[test]
fn uuid_taken_by_a_registered_asset_or_by_another_of_the_call() {
    let copy = |tree: &Tree| tree.copy("assets/ui/icon", "assets/ui/icon2");
    assert_eq!(blockers_beside(copy, &register(&["ui/icon2"])), ["uuid_taken"]);
    let (tree, project) = open(ADOPTED);
    done(&project, &json!({"service": "remove_asset", "selectors": ["ui/icon"]}));
    copy(&tree);
    assert_eq!(refused(&tree, &project, &register(&["ui/icon", "ui/icon2"])), ["uuid_taken"]);
}

#[test]
fn uuid_taken_by_an_asset_that_moved_says_so_and_does_not_speak_of_a_copy() {
    let (tree, project) = open(ADOPTED);
    tree.rename("assets/ui/icon", "assets/star");
    let response = call(&project, &register(&["star"]).to_string());
    assert_eq!(response.blockers[0].message, "`star` has the UUID of `ui/icon`, whose folder is gone: it was moved");
    assert!(response.blockers[0].help.contains("root:ui/icon"), "{}", response.blockers[0].help);
    done(&project, &json!({"service": "remove_asset", "selectors": ["root:ui/icon"]}));
    done(&project, &register(&["star"]));
    assert_eq!(registered(&tree).iter().filter(|one| one.0 == "star").count(), 1);
}

#[test]
fn address_taken_whether_said_or_asked_for() {
    let manifest = r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-0000000000ff", "address": "ui/icon"}"#;
    let with = |tree: &Tree| tree.write("assets/new/asset.json", manifest);
    assert_eq!(blockers_beside(with, &register(&["new"])), ["address_taken"]);
    let plain = |tree: &Tree| tree.write("assets/new/x.txt", "x");
    let asked = json!({"service": "register_asset", "roots": ["new"], "address": "ui/icon"});
    assert_eq!(blockers_beside(plain, &asked), ["address_taken"]);
}

#[test]
fn root_taken_by_one_that_differs_in_case_alone() {
    let with = |tree: &Tree| tree.write("assets/UI/Icon/x.txt", "x");
    assert_eq!(blockers_beside(with, &register(&["UI/Icon"])), ["root_taken"]);
    assert_eq!(blockers(with, &register(&["UI/Icon", "ui/icon"])), ["root_taken"], "two new ones");
}

#[test]
fn not_a_folder_where_only_files_links_or_nothing_are_named() {
    assert_eq!(blockers(|_| {}, &register(&["ui/icon/icon.txt"])), ["not_a_folder"]);
    let linked = |tree: &Tree| symlink("ui/icon", tree.at("assets/linked")).expect("a link");
    assert_eq!(blockers(linked, &register(&["linked"])), ["not_a_folder"]);
    let above = |tree: &Tree| symlink("ui", tree.at("assets/linked")).expect("a link");
    assert_eq!(blockers(above, &register(&["linked/icon"])), ["not_a_folder"]);
    assert_eq!(blockers(|_| {}, &register(&["ui/nowhere"])), ["not_found"]);
    let empty = json!({"service": "register_asset", "roots": ["ui"], "recursive": true});
    assert_eq!(blockers(|_| {}, &empty), ["not_found"], "no manifest below");
}

#[test]
fn requests_that_are_none_are_bad_requests() {
    for bad in [
        json!({"service": "register_asset", "roots": []}),
        json!({"service": "register_asset", "roots": ["../outside"]}),
        json!({"service": "register_asset", "roots": ["/etc"]}),
        json!({"service": "register_asset", "roots": ["ui/aux"]}),
        json!({"service": "register_asset", "roots": ["ui/icon"], "address": "UI Icon"}),
        json!({"service": "register_asset", "roots": ["ui/icon"], "importer": "imagee"}),
        json!({"service": "register_asset", "roots": ["ui/icon", "ui/button"], "address": "x"}),
    ] {
        assert_eq!(blockers(|_| {}, &bad), ["bad_request"], "{bad}");
    }
}

#[test]
fn one_bad_root_stops_all_and_every_reason_is_told_at_once() {
    let (tree, project) = open(ART);
    tree.write("assets/bad/asset.json", "{");
    let request = register(&["ui/icon", "bad", "nowhere", "ui/button"]);
    assert_eq!(refused(&tree, &project, &request), ["not_found", "manifest_invalid"]);
    assert!(!tree.at("assets/ui/icon/asset.json").exists() && !tree.at(super::REGISTRY).exists());
}
