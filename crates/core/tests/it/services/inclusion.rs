//! `include_asset_in_build` and `exclude_asset_from_build`.

use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{ADOPTED, done, each, registered};
use crate::open;

fn exclude(selectors: &[&str]) -> Value {
    json!({"service": "exclude_asset_from_build", "selectors": selectors})
}

fn included(tree: &Tree) -> Vec<String> {
    registered(tree).into_iter().filter(|one| one.2).map(|one| one.0).collect()
}

#[test]
fn svc_9_svc_10_assets_leave_the_build_and_come_back_and_stay_registered() {
    let (tree, project) = open(ADOPTED);
    let before = tree.authored();
    let answer = done(&project, &exclude(&["ui/*"]));
    assert_eq!(each(&answer["data"]["changed"], "root"), ["ui/button", "ui/icon"]);
    assert_eq!((registered(&tree).len(), included(&tree).len()), (3, 0));
    assert_eq!(each(&answer["applied_actions"], "kind"), ["registry_update", "registry_update"]);
    let action = &answer["applied_actions"][0];
    assert_eq!((&action["before"]["included"], &action["after"]["included"]), (&true.into(), &false.into()));
    done(&project, &json!({"service": "include_asset_in_build", "selectors": ["ui/*"]}));
    assert_eq!(tree.authored(), before, "there and back is no change at all");
}

#[test]
fn what_is_so_already_is_unchanged_and_writes_nothing() {
    let (tree, project) = open(ADOPTED);
    let before = tree.authored();
    let answer = done(&project, &exclude(&["audio/theme"]));
    assert_eq!(
        (each(&answer["data"]["unchanged"], "root"), &answer["data"]["changed"]),
        (vec!["audio/theme".into()], &json!([]))
    );
    assert_eq!(tree.authored(), before);
    let both = done(&project, &exclude(&["**"]));
    assert_eq!(
        (both["data"]["changed"].as_array().map(Vec::len), both["data"]["unchanged"].as_array().map(Vec::len)),
        (Some(2), Some(1))
    );
}

#[test]
fn prev_3_excluding_keeps_the_entry_and_removing_takes_it_out() {
    let (tree, project) = open(ADOPTED);
    done(&project, &exclude(&["ui/icon"]));
    assert!(registered(&tree).iter().any(|one| one.0 == "ui/icon"));
    done(&project, &json!({"service": "remove_asset", "selectors": ["ui/icon"]}));
    assert!(registered(&tree).iter().all(|one| one.0 != "ui/icon"));
    assert!(tree.at("assets/ui/icon/asset.json").is_file());
}

#[test]
fn a_broken_asset_can_leave_the_build_and_unblocks_it() {
    let (tree, project) = open(ADOPTED);
    tree.remove("assets/ui/icon/icon.txt");
    let blocked = crate::call(&project, r#"{"service": "build"}"#);
    assert_eq!(blocked.diagnostics.len(), 1);
    done(&project, &exclude(&["ui/icon"]));
    done(&project, &json!({"service": "build"}));
}

#[test]
fn opc_1_both_change_the_registry_and_nothing_else() {
    let (tree, project) = open(ADOPTED);
    let before = tree.authored();
    assert_eq!(done(&project, &exclude(&["ui/icon"]))["operation_class"], "registry_mutation");
    let changed: Vec<String> =
        tree.authored().into_iter().filter(|(path, bytes)| before.get(path) != Some(bytes)).map(|one| one.0).collect();
    assert_eq!(changed, [super::REGISTRY]);
}
