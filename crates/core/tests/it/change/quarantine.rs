//! Quarantine: explicit, whole, reversible; by the packer, or by hand.

use packwright::service::Status;
use serde_json::{Value, json};

use super::{GAME, agreed, answer, blocked, done, each, entry_of, plan, quarantine, text, why};
use crate::{call, open, reopen};

fn listed(project: &packwright::Project) -> Value {
    done(project, &json!({"service": "list_quarantine"}))["data"]["entries"].clone()
}

fn restore(entry: &str) -> Value {
    json!({"service": "restore_quarantined", "entry_id": entry})
}

#[test]
fn safe_2_a_quarantined_asset_waits_whole_and_comes_back_as_it_was() {
    let (tree, project) = open(GAME);
    let before = tree.authored();
    let removed = agreed(&project, &quarantine(&["ui/icon"]));
    let entry = entry_of(&removed);
    assert!(!tree.at("assets/ui/icon").exists());
    let payload = |file: &str| tree.text(&format!("quarantine/{entry}/payload/{file}"));
    assert_eq!(
        (payload("icon.txt"), payload("icon.psd")),
        ("star\n".into(), "layers\n".into()),
        "ignored or not, all of it"
    );
    let waiting = listed(&project);
    assert_eq!(waiting[0], removed["data"]["entries"][0]);
    assert_eq!(
        (&waiting[0]["origin"], &waiting[0]["asset"]["asset_id"], &waiting[0]["files"]),
        (&json!("assets/ui/icon"), &json!(20), &json!(3))
    );
    let restored = agreed(&project, &restore(&entry));
    assert_eq!(restored["affected_assets"][0]["asset_id"], 20);
    assert_eq!(tree.authored(), before);
    assert!(!tree.at("quarantine").exists(), "an empty quarantine is none");
    assert_eq!(listed(&project), json!([]));
}

#[test]
fn safe_2_an_entry_says_all_that_a_person_needs_to_put_it_back_by_hand() {
    let (tree, project) = open(GAME);
    let before = tree.authored();
    let entry = entry_of(&agreed(&project, &quarantine(&["ui/icon"])));
    let said: Value = serde_json::from_str(&tree.text(&format!("quarantine/{entry}/entry.json"))).expect("JSON");
    assert_eq!((&said["origin"], &said["asset"]["root"]), (&json!("assets/ui/icon"), &json!("ui/icon")));
    let hashes: Vec<String> = each(&said["files"], "hash");
    assert_eq!(each(&said["files"], "path"), ["asset.json", "icon.psd", "icon.txt"]);
    assert_eq!(hashes[2], packwright::value::ContentHash::of(b"star\n").to_string());
    assert!(text(&said["note"]).contains("payload"));
    // As a person with a file manager would.
    tree.rename(&format!("quarantine/{entry}/payload"), &text(&said["origin"]));
    tree.remove("quarantine");
    let response = call(&project, r#"{"service": "register_asset", "roots": ["ui/icon"]}"#);
    assert_eq!(response.status, Status::Ok, "{}", response.summary);
    let ids = |files: &std::collections::BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(ids(&tree.authored()), ids(&before));
}

#[test]
fn restoring_never_puts_anything_over_what_is_there() {
    let (tree, project) = open(GAME);
    let entry = entry_of(&agreed(&project, &quarantine(&["ui/icon"])));
    tree.write("assets/ui/icon/other.txt", "somebody else's");
    let before = tree.authored();
    assert_eq!(blocked(&project, &restore(&entry)), ["origin_occupied"]);
    assert!(why(&project, &restore(&entry)).contains("assets/ui/icon"));
    assert_eq!(tree.authored(), before);
}

#[test]
fn what_took_its_identity_meanwhile_blocks_a_restore_and_is_named() {
    let taken = [
        ("uuid_taken", "\"uuid\": \"0199c0de-0000-7000-8000-00000000000b\", \"address\": \"copy\""),
        ("address_taken", "\"uuid\": \"0199c0de-0000-7000-8000-0000000000ff\", \"address\": \"ui/icon\""),
    ];
    for (code, members) in taken {
        let (tree, project) = open(GAME);
        let entry = entry_of(&agreed(&project, &quarantine(&["ui/icon"])));
        tree.write("assets/copy/asset.json", format!("{{\"schema\": 1, {members}}}"));
        tree.write("assets/copy/x.txt", "x");
        done(&project, &json!({"service": "register_asset", "roots": ["copy"]}));
        assert!(blocked(&project, &restore(&entry)).contains(&code.to_owned()), "{code}");
        assert!(why(&project, &restore(&entry)).contains("copy"), "{}", why(&project, &restore(&entry)));
    }
}

#[test]
fn a_place_inside_another_root_is_none_to_restore_to() {
    let (tree, project) = open(GAME);
    let entry = entry_of(&agreed(&project, &quarantine(&["ui/icon"])));
    agreed(&project, &quarantine(&["ui/button"]));
    tree.write("assets/ui/flat.txt", "flat");
    done(&project, &json!({"service": "register_asset", "roots": ["ui"]}));
    assert_eq!(blocked(&project, &restore(&entry)), ["nested_root"]);
}

#[test]
fn a_purge_deletes_for_good_and_says_so_before_and_after() {
    let (tree, project) = open(GAME);
    let entries = [quarantine(&["ui/icon"]), quarantine(&["ui/button"])].map(|one| entry_of(&agreed(&project, &one)));
    let registry = tree.text(super::REGISTRY);
    let request = json!({"service": "purge_quarantined", "entry_ids": [entries[0]]});
    let shown = plan(&project, &request);
    assert_eq!(
        (&shown["consent_required"], &shown["actions"][0]["kind"], &shown["actions"][0]["files"]),
        (&json!(["destructive"]), &json!("purge_entry"), &json!(3))
    );
    let purged = done(&project, &super::applying(&shown));
    assert!(!tree.at(&format!("quarantine/{}", entries[0])).exists());
    assert!(tree.at(&format!("quarantine/{}/payload/label.txt", entries[1])).exists(), "the other one waits");
    assert_eq!((tree.text(super::REGISTRY), each(&listed(&project), "entry_id")), (registry, vec![entries[1].clone()]));
    assert!(!tree.at(".packwright/trash").exists());
    let revert = json!({"service": "revert", "operation_id": purged["operation_id"]});
    assert_eq!(blocked(&project, &revert), ["irreversible"]);
}

#[test]
fn what_is_no_entry_is_neither_restored_nor_purged() {
    let (tree, project) = open(GAME);
    tree.write("quarantine/by-hand/notes.txt", "mine");
    let project = {
        drop(project);
        reopen(&tree)
    };
    for request in [restore("by-hand"), json!({"service": "purge_quarantined", "entry_ids": ["by-hand"]})] {
        assert_eq!(blocked(&project, &request), ["not_found"]);
        assert!(why(&project, &request).contains("quarantine/by-hand"), "{}", why(&project, &request));
    }
    for request in [restore("../assets"), restore("nothing"), json!({"service": "purge_quarantined", "entry_ids": []})]
    {
        assert!(answer(&project, &request)["status"] == "blocked", "{request}");
    }
    assert_eq!(tree.text("quarantine/by-hand/notes.txt"), "mine");
}

#[test]
fn several_assets_go_and_each_has_an_entry_of_its_own() {
    let (tree, project) = open(GAME);
    let removed = agreed(&project, &quarantine(&["ui/*", "audio/theme"]));
    assert_eq!(removed["data"]["entries"].as_array().map(Vec::len), Some(3));
    assert_eq!(done(&project, &json!({"service": "list_assets"}))["data"]["total"], 3, "they wait");
    for entry in each(&removed["data"]["entries"], "entry_id") {
        agreed(&project, &restore(&entry));
    }
    assert!(!tree.at("quarantine").exists());
}

#[test]
fn what_waits_in_quarantine_is_listed_beside_the_rest() {
    let (_tree, project) = open(GAME);
    agreed(&project, &quarantine(&["ui/icon"]));
    let list = |quarantined: bool| {
        let request = json!({"service": "list_assets", "filter": {"quarantined": quarantined}});
        each(&done(&project, &request)["data"]["assets"], "root")
    };
    assert_eq!(
        (list(true), list(false)),
        (vec!["ui/icon".to_owned()], vec!["audio/theme".to_owned(), "ui/button".to_owned()])
    );
    let all = done(&project, &json!({"service": "list_assets"}));
    let icon = all["data"]["assets"].as_array().expect("a list").iter().find(|one| one["quarantined"] == true);
    let icon = icon.expect("it is listed");
    assert_eq!(
        (&icon["registered"], &icon["asset_id"], &icon["address"]),
        (&json!(false), &json!(20), &json!("ui/icon"))
    );
}

#[test]
fn an_asset_whose_folder_is_gone_leaves_the_registry_whatever_was_asked_for_its_files() {
    for files in ["keep", "quarantine", "delete"] {
        let (tree, project) = open(GAME);
        tree.remove("assets/ui/icon");
        let answer = done(&project, &json!({"service": "remove_asset", "selectors": ["root:ui/icon"], "files": files}));
        assert!(text(&answer["summary"]).contains("had no folder"), "{}", answer["summary"]);
        assert!(!tree.text(super::REGISTRY).contains("ui/icon") && !tree.at("quarantine").exists());
    }
}

#[test]
fn a_root_that_holds_another_registered_root_is_not_taken_away() {
    let (tree, project) = open(GAME);
    tree.write(
        "assets/ui/button/inner/asset.json",
        r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-0000000000dd", "address": "inner"}"#,
    );
    let registry = tree.text(super::REGISTRY).replace(
        "    {\"asset_id\": 20",
        "    {\"asset_id\": 40, \"uuid\": \"0199c0de-0000-7000-8000-0000000000dd\", \"root\": \"ui/button/inner\", \"included\": false},\n    {\"asset_id\": 20",
    );
    tree.write(super::REGISTRY, registry);
    assert_eq!(blocked(&project, &quarantine(&["ui/button"])), ["nested_root"]);
}
