//! `revert`: a past operation is undone exactly, or refused with what stands in the way.

use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{GAME, agreed, blocked, done, entry_of, quarantine, why};
use crate::open;

fn revert(operation: &Value) -> Value {
    json!({"service": "revert", "operation_id": operation["operation_id"]})
}

fn edit(selector: &str, set: &Value) -> Value {
    json!({"service": "edit_asset", "selector": selector, "set": set})
}

#[test]
fn every_mutation_but_those_that_delete_is_undone_to_the_byte_and_redone() {
    let prepare = |tree: &Tree| {
        tree.write("assets/new/x.txt", "x");
        tree.copy("assets/ui/icon", "assets/ui/copy");
    };
    for request in [
        json!({"service": "register_asset", "roots": ["new"]}),
        json!({"service": "register_asset", "roots": ["ui/copy"], "as_copy": true}),
        json!({"service": "include_asset_in_build", "selectors": ["audio/theme"]}),
        json!({"service": "exclude_asset_from_build", "selectors": ["id:10", "id:20"]}),
        json!({"service": "remove_asset", "selectors": ["id:20"]}),
        quarantine(&["id:20", "audio/theme"]),
        edit("id:20", &json!({"address": "ui/star", "preload": true, "labels": ["a"], "sources": null})),
        json!({"service": "relocate_asset", "selector": "id:20", "to": "art/star"}),
    ] {
        let (tree, project) = open(GAME);
        prepare(&tree);
        let before = tree.everything();
        let made = agreed(&project, &request);
        let after = tree.everything();
        assert_ne!(after, before, "{request}");
        let undone = agreed(&project, &revert(&made));
        assert_eq!(tree.everything(), before, "{request}");
        let redone = agreed(&project, &revert(&undone));
        assert_eq!(tree.everything(), after, "{request}, again");
        agreed(&project, &revert(&redone));
        assert_eq!(tree.everything(), before, "{request}, and back");
    }
}

#[test]
fn a_restore_is_undone_into_the_quarantine() {
    let (tree, project) = open(GAME);
    let entry = entry_of(&agreed(&project, &quarantine(&["ui/icon"])));
    let waiting = tree.everything();
    let restored = agreed(&project, &json!({"service": "restore_quarantined", "entry_id": entry}));
    agreed(&project, &revert(&restored));
    assert_eq!(tree.everything(), waiting);
}

#[test]
fn what_moves_on_the_way_back_needs_consent_as_well() {
    let (_tree, project) = open(GAME);
    let removed = agreed(&project, &quarantine(&["ui/icon"]));
    assert_eq!(blocked(&project, &revert(&removed)), ["consent_required"]);
    let edited = done(&project, &edit("ui/button", &json!({"preload": true})));
    done(&project, &revert(&edited));
}

#[test]
fn an_operation_is_undone_once() {
    let (_tree, project) = open(GAME);
    let edited = done(&project, &edit("ui/icon", &json!({"preload": true})));
    let undone = done(&project, &revert(&edited));
    assert_eq!(blocked(&project, &revert(&edited)), ["irreversible"]);
    assert!(why(&project, &revert(&edited)).contains(&super::text(&undone["operation_id"])));
}

#[test]
fn what_was_deleted_is_not_brought_back() {
    let (_tree, project) = open(GAME);
    let deleted = agreed(&project, &json!({"service": "remove_asset", "selectors": ["ui/icon"], "files": "delete"}));
    assert_eq!(blocked(&project, &revert(&deleted)), ["irreversible"]);
    assert_eq!(done(&project, &json!({"service": "get_history"}))["data"]["operations"][0]["irreversible"], true);
}

#[test]
fn what_somebody_changed_since_is_not_taken_back_over_their_heads() {
    let (tree, project) = open(GAME);
    let edited = done(&project, &edit("ui/icon", &json!({"preload": true})));
    tree.write("assets/ui/icon/asset.json", tree.text("assets/ui/icon/asset.json").replace("true", "false"));
    let before = tree.authored();
    assert_eq!(blocked(&project, &revert(&edited)), ["irreversible"]);
    assert!(why(&project, &revert(&edited)).contains("assets/ui/icon/asset.json"));
    assert_eq!(tree.authored(), before);
}

#[test]
fn an_old_operation_under_a_later_one_says_which_to_revert_first() {
    let (_tree, project) = open(GAME);
    let excluded = done(&project, &json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}));
    let moved = agreed(&project, &json!({"service": "relocate_asset", "selector": "ui/icon", "to": "star"}));
    let refused = super::answer(&project, &revert(&excluded));
    assert_eq!(refused["blockers"][0]["code"], "irreversible");
    assert!(
        refused["blockers"][0]["help"].to_string().contains(&super::text(&moved["operation_id"])),
        "{}",
        refused["blockers"]
    );
    agreed(&project, &revert(&moved));
    done(&project, &revert(&excluded));
}

#[test]
fn an_origin_that_is_occupied_or_an_address_that_is_taken_blocks_a_revert() {
    let (tree, project) = open(GAME);
    let removed = agreed(&project, &quarantine(&["ui/icon"]));
    tree.write("assets/ui/icon/theirs.txt", "theirs");
    assert_eq!(blocked(&project, &revert(&removed)), ["origin_occupied"]);
    tree.remove("assets/ui/icon");
    done(&project, &edit("ui/button", &json!({"address": "ui/icon"})));
    assert_eq!(blocked(&project, &revert(&removed)), ["structural_errors"]);
    assert!(why(&project, &revert(&removed)).contains("S106"));
}

#[test]
fn what_left_the_quarantine_since_cannot_come_from_there() {
    for request in ["purge_quarantined", "restore_quarantined"] {
        let (_tree, project) = open(GAME);
        let removed = agreed(&project, &quarantine(&["ui/icon"]));
        let entry = entry_of(&removed);
        let field = if request == "purge_quarantined" { json!([entry]) } else { json!(entry) };
        let name = if field.is_array() { "entry_ids" } else { "entry_id" };
        let later = agreed(&project, &json!({"service": request, name: field}));
        let refused = super::answer(&project, &revert(&removed));
        assert_eq!(blocked(&project, &revert(&removed)), ["not_found"], "said once: {refused}");
        assert!(why(&project, &revert(&removed)).contains("quarantine/"));
        let help = refused["blockers"][0]["help"].to_string();
        assert!(help.contains(&super::text(&later["operation_id"])), "{help}");
        assert_eq!(help.contains("revert that first"), request == "restore_quarantined", "{help}");
    }
}
