//! `register_asset`: what enters the registered world, and as what.

use packwright::value::{AssetId, AssetUuid};
use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{ADOPTED, ART, REGISTRY, done, each, refused, register, registered, text};
use crate::{open, reopen};

fn manifest(tree: &Tree, root: &str) -> Value {
    serde_json::from_slice(&tree.read(&format!("assets/{root}/asset.json"))).expect("a manifest")
}

#[test]
fn svc_8_a_folder_of_art_becomes_an_asset_with_a_manifest() {
    let (tree, project) = open(ART);
    let answer = done(&project, &register(&["ui/button"]));
    let asset = &answer["data"]["registered"][0];
    assert_eq!((text(&asset["address"]), text(&asset["root"])), ("ui/button".into(), "ui/button".into()));
    assert_eq!(answer["data"]["manifests_written"], json!(["assets/ui/button/asset.json"]));
    assert_eq!((&answer["data"]["unchanged"], &answer["affected_assets"]), (&json!([]), &json!([asset])));
    let written = manifest(&tree, "ui/button");
    assert_eq!(
        (&written["schema"], &written["address"], &written["importer"]),
        (&1.into(), &"ui/button".into(), &"auto".into())
    );
    let uuid: AssetUuid = text(&written["uuid"]).parse().expect("a UUID");
    let id = AssetId::derive(uuid, |_| true).expect("an id");
    assert_eq!(asset["asset_id"], id.get());
    assert_eq!(registered(&tree), [("ui/button".into(), id.get().into(), true)]);
}

#[test]
fn opc_1_registering_is_a_workspace_mutation_only_where_it_writes_a_manifest() {
    let (tree, project) = open(ART);
    let first = done(&project, &register(&["ui/button"]));
    assert_eq!(first["operation_class"], "workspace_mutation");
    assert_eq!(each(&first["applied_actions"], "kind"), ["write_file", "registry_add"]);
    done(&project, &json!({"service": "remove_asset", "selectors": ["ui/button"]}));
    let before = tree.read("assets/ui/button/asset.json");
    let again = done(&project, &register(&["ui/button"]));
    assert_eq!(again["operation_class"], "registry_mutation");
    assert_eq!(each(&again["applied_actions"], "kind"), ["registry_add"]);
    assert_eq!(tree.read("assets/ui/button/asset.json"), before, "a manifest that is there is adopted as it is");
}

#[test]
fn an_asset_that_leaves_and_comes_back_keeps_its_id() {
    let (tree, project) = open(ART);
    done(&project, &register(&["ui/icon", "ui/button", "audio/theme"]));
    let before = registered(&tree);
    done(&project, &json!({"service": "remove_asset", "selectors": ["ui/icon", "audio/theme"]}));
    assert_eq!(registered(&tree).len(), 1);
    done(&project, &register(&["audio/theme"]));
    done(&project, &register(&["ui/icon"]));
    assert_eq!(registered(&tree), before);
}

#[test]
fn many_roots_are_one_operation_and_files_and_known_roots_among_them_are_passed_over() {
    let (tree, project) = open(ART);
    tree.write("assets/notes.md", "not an asset");
    done(&project, &register(&["ui/icon"]));
    let answer = done(&project, &register(&["ui/icon/", "ui/button", "notes.md", "audio/theme"]));
    assert_eq!(each(&answer["data"]["registered"], "root"), ["audio/theme", "ui/button"]);
    assert_eq!(each(&answer["data"]["unchanged"], "root"), ["ui/icon"]);
    assert_eq!(answer["data"]["passed_over"], json!(["assets/notes.md"]));
    assert_eq!(registered(&tree).len(), 3);
    let twice = done(&project, &register(&["ui/button", "ui/button"]));
    assert_eq!((&twice["data"]["registered"], &twice["applied_actions"]), (&json!([]), &json!([])));
}

#[test]
fn nothing_new_writes_nothing() {
    let (tree, project) = open(ADOPTED);
    let before = tree.authored();
    let answer = done(&project, &register(&["ui/icon"]));
    assert_eq!(each(&answer["data"]["unchanged"], "root"), ["ui/icon"]);
    assert_eq!(tree.authored(), before);
}

#[test]
fn recursive_takes_every_folder_below_that_holds_a_manifest_and_no_other() {
    let (tree, project) = open(ADOPTED);
    tree.remove(REGISTRY);
    tree.write("assets/loose/x.txt", "no manifest");
    let answer = done(&project, &json!({"service": "register_asset", "roots": ["."], "recursive": true}));
    assert_eq!(each(&answer["data"]["registered"], "root"), ["audio/theme", "ui/button", "ui/icon"]);
    assert_eq!(answer["data"]["manifests_written"], json!([]));
    let (tree, project) = open(ADOPTED);
    tree.remove(REGISTRY);
    let below = done(&project, &json!({"service": "register_asset", "roots": ["ui"], "recursive": true}));
    assert_eq!(each(&below["data"]["registered"], "root"), ["ui/button", "ui/icon"]);
}

#[test]
fn derived_addresses_that_clash_are_numbered_in_byte_order_of_the_roots() {
    let (_tree, project) = open(
        "-- assets/Big Cat/a --\nx\n-- assets/big-cat/a --\nx\n-- assets/big_cat!/a --\nx\n-- assets/big cat/a --\nx\n",
    );
    let answer = done(&project, &register(&["big_cat!", "big-cat"]));
    assert_eq!(each(&answer["data"]["registered"], "address"), ["big-cat", "big_cat"]);
    let answer = done(&project, &register(&["big cat"]));
    assert_eq!(each(&answer["data"]["registered"], "address"), ["big-cat-2"]);
}

#[test]
fn of_three_clashing_addresses_the_first_root_by_bytes_has_the_plain_one() {
    let (_tree, project) = open("-- assets/a b/x --\nx\n-- assets/a+b/x --\nx\n-- assets/a-b/x --\nx\n");
    let answer = done(&project, &register(&["a-b", "a+b", "a b"]));
    let named = ["a b", "a+b", "a-b"].iter().zip(["a-b", "a-b-2", "a-b-3"]);
    let expected: Vec<(String, String)> = named.map(|(root, address)| ((*root).into(), address.into())).collect();
    let registered = &answer["data"]["registered"];
    let found: Vec<(String, String)> = each(registered, "root").into_iter().zip(each(registered, "address")).collect();
    assert_eq!(found, expected);
}

#[test]
fn an_address_that_a_manifest_says_goes_before_one_that_is_derived() {
    let (tree, project) = open(ART);
    let said = r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-0000000000ff", "address": "audio/theme"}"#;
    tree.write("assets/zoo/asset.json", said);
    tree.write("assets/zoo/x.txt", "x");
    let answer = done(&project, &register(&["audio/theme", "zoo"]));
    assert_eq!(each(&answer["data"]["registered"], "address"), ["audio/theme-2", "audio/theme"]);
}

#[test]
fn address_importer_and_inclusion_are_taken() {
    let (tree, project) = open(ART);
    let request = json!({"service": "register_asset", "roots": ["ui/icon"], "address": "hud/star", "importer": "raw", "included": false});
    done(&project, &request);
    let written = manifest(&tree, "ui/icon");
    assert_eq!((&written["address"], &written["importer"]), (&"hud/star".into(), &"raw".into()));
    assert!(!registered(&tree)[0].2);
}

#[test]
fn a_copied_root_takes_an_identity_of_its_own_and_keeps_every_other_byte() {
    let (tree, project) = open(ADOPTED);
    tree.copy("assets/ui/button", "assets/ui/button copy");
    assert_eq!(refused(&tree, &project, &register(&["ui/button copy"])), ["uuid_taken"]);
    let before = tree.text("assets/ui/button copy/asset.json");
    let request = json!({"service": "register_asset", "roots": ["ui/button copy"], "as_copy": true});
    let answer = done(&project, &request);
    assert_eq!(each(&answer["data"]["registered"], "address"), ["ui/button-copy"]);
    assert_eq!(each(&answer["applied_actions"], "kind"), ["edit_manifest", "registry_add"]);
    let after = tree.text("assets/ui/button copy/asset.json");
    let uuid = text(&manifest(&tree, "ui/button copy")["uuid"]);
    assert_ne!(uuid, "0199c0de-0000-7000-8000-00000000000a");
    let expected =
        before.replace("0199c0de-0000-7000-8000-00000000000a", &uuid).replace("\"ui/button\"", "\"ui/button-copy\"");
    assert_eq!(after, expected);
    assert_eq!(done(&reopen(&tree), &json!({"service": "doctor"}))["diagnostics"], json!([]));
}

#[test]
fn unknown_fields_of_the_registry_survive_and_it_stays_canonical() {
    let (tree, project) = open(ADOPTED);
    let text = tree
        .text(REGISTRY)
        .replace("\"schema\": 1,", "\"$schema\": \"x\", \"schema\": 1, \"team\": {\"lead\": [1, 2.50]},");
    tree.write(REGISTRY, text.replace("\"ui/icon\",", "\"ui/icon\", \"locked_by\": \"kim\","));
    tree.write("assets/new/x.txt", "x");
    done(&project, &register(&["new"]));
    let after = tree.text(REGISTRY);
    assert!(after.starts_with("{\n  \"$schema\": \"x\",\n  \"schema\": 1,\n"), "{after}");
    assert!(
        after.contains("\"team\": {\"lead\": [1, 2.50]}")
            && after.contains("\"included\": true, \"locked_by\": \"kim\"}"),
        "{after}"
    );
    assert_eq!(
        registered(&tree).iter().map(|one| one.0.as_str()).collect::<Vec<_>>(),
        ["audio/theme", "new", "ui/button", "ui/icon"]
    );
}

#[test]
fn a_folder_whose_name_is_decomposed_on_disk_is_registered_in_nfc() {
    let (tree, project) = open("-- assets/cafe\u{301}/x.txt --\nx\n");
    let answer = done(&project, &register(&["cafe\u{301}"]));
    assert_eq!(each(&answer["data"]["registered"], "root"), ["caf\u{e9}"]);
    assert!(tree.at("assets/cafe\u{301}/asset.json").is_file());
    assert_eq!(done(&reopen(&tree), &json!({"service": "doctor"}))["diagnostics"], json!([]));
}
