//! Plans: what they say, how long they hold, and when they do not any more.

use std::time::Duration;

use packwright::Packer;
use serde_json::{Value, json};

use super::{GAME, agreed, answer, applying, blocked, done, each, plan, quarantine, why};
use crate::{SETTINGS, heard, open, reopen};

#[test]
fn prev_1_a_plan_says_what_it_would_do_what_it_relied_on_and_what_would_be_otherwise() {
    let (tree, project) = open(GAME);
    done(&project, &json!({"service": "build"}));
    let before = tree.authored();
    let plan = plan(&project, &quarantine(&["ui/button"]));
    assert_eq!(tree.authored(), before, "a preview does nothing");
    assert_eq!(plan["request"], quarantine(&["ui/button"]));
    let entry = plan["minted"]["entry_id"].as_str().expect("a name").to_owned();
    assert!(entry.contains("-ui-button-"), "{entry}");
    let moves = &plan["actions"][0];
    let bytes: usize =
        before.iter().filter(|(path, _)| path.starts_with("assets/ui/button/")).map(|(_, bytes)| bytes.len()).sum();
    assert_eq!(
        *moves,
        json!({"action_id": 1, "kind": "move_root", "nature": "relocational", "from": "assets/ui/button",
               "to": format!("quarantine/{entry}/payload"), "files": 3, "bytes": bytes})
    );
    let removes = &plan["actions"][1];
    assert_eq!(
        (&removes["kind"], &removes["before"]["asset_id"], &removes["after"]),
        (&"registry_remove".into(), &10.into(), &Value::Null)
    );
    let outcome = &plan["outcome"];
    assert_eq!(
        (&outcome["addresses_removed"], &outcome["addresses_added"], &outcome["pack_parts_removed"]),
        (&json!(["ui/button"]), &json!([]), &json!(2))
    );
    let relied: Vec<&Value> = plan["relied_on"].as_array().expect("a list").iter().collect();
    assert!(relied.iter().any(|one| one["path"] == "assets/ui/button" && one["digest"].is_string()), "{relied:?}");
    assert!(relied.iter().any(|one| one["registry_entry"] == 10), "{relied:?}");
}

#[test]
fn prev_1_a_plan_shows_findings_that_would_come_and_go() {
    let (_tree, project) = open(GAME);
    let empties =
        plan(&project, &json!({"service": "edit_asset", "selector": "ui/icon", "set": {"sources": ["*.png"]}}));
    assert_eq!(each(&empties["outcome"]["diagnostics_appearing"], "code"), ["S203"]);
    done(&project, &applying(&empties));
    let fills = plan(&project, &json!({"service": "edit_asset", "selector": "ui/icon", "set": {"sources": null}}));
    assert_eq!(each(&fills["outcome"]["diagnostics_clearing"], "code"), ["S203"]);
}

#[test]
fn a_plan_is_used_once() {
    let (_tree, project) = open(GAME);
    let plan = plan(&project, &quarantine(&["ui/icon"]));
    done(&project, &applying(&plan));
    assert_eq!(blocked(&project, &applying(&plan)), ["plan_used"]);
}

#[test]
fn a_plan_that_is_too_old_or_of_nobody_is_refused() {
    let (tree, project) = open(GAME);
    let unknown = json!({"service": "remove_asset", "plan_id": "0199c0de-0000-7000-8000-0000000000ff"});
    assert_eq!(blocked(&project, &unknown), ["plan_unknown"]);
    drop(project);
    let builder = Packer::builder(heard::bus()).importers(packwright_importers::standard()).threads(2);
    let hasty = builder.plan_life(Duration::ZERO).build().open(tree.path()).expect("a workspace");
    let plan = plan(&hasty, &quarantine(&["ui/icon"]));
    assert_eq!(blocked(&hasty, &applying(&plan)), ["plan_expired"]);
    drop(hasty);
    heard::end();
}

#[test]
fn prev_1_a_plan_that_relied_on_what_changed_is_stale_and_names_it() {
    type Change = (&'static str, fn(&packwright_testkit::Tree));
    let changes: [Change; 5] = [
        ("assets/ui/icon", |tree| tree.write("assets/ui/icon/icon.txt", "another star")),
        ("assets/ui/icon", |tree| tree.write("assets/ui/icon/new.txt", "new")),
        ("assets/ui/icon", |tree| tree.remove("assets/ui/icon/icon.psd")),
        ("assets/ui/icon", |tree| tree.rename("assets/ui/icon", "assets/ui/elsewhere")),
        ("registry entry 20", |tree| {
            let registry = tree.text(super::REGISTRY);
            tree.write(
                super::REGISTRY,
                registry.replace("\"ui/icon\", \"included\": true", "\"ui/icon\", \"included\": false"),
            );
        }),
    ];
    for (named, change) in changes {
        let (tree, project) = open(GAME);
        let plan = plan(&project, &quarantine(&["ui/icon"]));
        change(&tree);
        let before = tree.authored();
        assert_eq!(blocked(&project, &applying(&plan)), ["plan_stale"], "{named}");
        assert!(why(&project, &applying(&plan)).contains(named), "{}", why(&project, &applying(&plan)));
        assert_eq!(tree.authored(), before);
    }
}

#[test]
fn prev_1_a_stale_plan_names_the_operation_that_made_it_so() {
    let (_tree, project) = open(GAME);
    let plan = plan(&project, &quarantine(&["ui/icon"]));
    let edit = done(&project, &json!({"service": "edit_asset", "selector": "ui/icon", "set": {"preload": true}}));
    let said = why(&project, &applying(&plan));
    let operation = edit["operation_id"].as_str().expect("an id");
    assert!(said.contains("assets/ui/icon") && said.contains("edit_asset") && said.contains(operation), "{said}");
}

#[test]
fn an_unrelated_change_leaves_a_plan_good() {
    let (tree, project) = open(GAME);
    let plan = plan(&project, &quarantine(&["ui/icon"]));
    tree.write("assets/ui/button/label.txt", "press harder");
    tree.write("assets/new/x.txt", "x");
    done(&project, &json!({"service": "include_asset_in_build", "selectors": ["audio/theme"]}));
    done(&project, &json!({"service": "register_asset", "roots": ["new"]}));
    done(&project, &json!({"service": "build"}));
    done(&project, &applying(&plan));
}

#[test]
fn a_plan_of_a_pattern_is_stale_where_it_names_others_now() {
    let (tree, project) = open(GAME);
    let plan = plan(&project, &quarantine(&["ui/*"]));
    assert_eq!(plan["minted"]["entry_ids"].as_array().map(Vec::len), Some(2));
    tree.write("assets/ui/new/x.txt", "x");
    done(&project, &json!({"service": "register_asset", "roots": ["ui/new"]}));
    let said = why(&project, &applying(&plan));
    assert!(said.contains("what `ui/*` names"), "{said}");
}

#[test]
fn a_plan_is_of_one_service_and_goes_with_no_other_field() {
    let (_tree, project) = open(GAME);
    let plan = plan(&project, &quarantine(&["ui/icon"]));
    let other = json!({"service": "relocate_asset", "plan_id": plan["plan_id"], "consent": ["relocational"]});
    assert_eq!(blocked(&project, &other), ["bad_request"]);
    let both = json!({"service": "remove_asset", "plan_id": plan["plan_id"], "selectors": ["ui/button"]});
    assert!(serde_json::from_value::<packwright::service::Request>(both).is_err());
}

/// The request that applies a plan that was saved and read again.
fn from_file(plan: &Value) -> Value {
    let saved = serde_json::from_str::<Value>(&plan.to_string()).expect("JSON");
    json!({"service": plan["request"]["service"], "plan": saved, "consent": plan["consent_required"]})
}

#[test]
fn a_plan_from_a_file_is_planned_again_and_keeps_what_was_made_up_for_it() {
    let (tree, project) = open(GAME);
    let plan = plan(&project, &quarantine(&["ui/icon"]));
    drop(project);
    let answer = done(&reopen(&tree), &from_file(&plan));
    assert_eq!(answer["data"]["entries"][0]["entry_id"], plan["minted"]["entry_id"]);
    assert_eq!(answer["applied_actions"], plan["actions"]);
    let codes = blocked(&reopen(&tree), &from_file(&plan));
    assert!(codes.iter().all(|code| code == "plan_stale"), "it is not there any more: {codes:?}");
}

#[test]
fn a_plan_from_a_file_is_a_request_and_never_an_authority() {
    let (tree, project) = open(GAME);
    let good = plan(&project, &quarantine(&["ui/icon"]));
    let before = tree.authored();
    let with = |pointer: &str, value: Value| {
        let mut plan = good.clone();
        *plan.pointer_mut(pointer).expect("it is there") = value;
        from_file(&plan)
    };
    // Another move, another place, another asset, a name that leads elsewhere.
    assert_eq!(blocked(&project, &with("/actions/0/from", json!("assets/ui/button"))), ["plan_stale"]);
    assert_eq!(blocked(&project, &with("/actions/0/to", json!("assets/ui/star"))), ["plan_stale"]);
    assert_eq!(blocked(&project, &with("/request/selectors", json!(["ui/button"]))), ["plan_stale"]);
    assert_eq!(blocked(&project, &with("/minted/entry_id", json!("../../outside"))), ["plan_stale"]);
    assert_eq!(blocked(&project, &with("/relied_on", json!([]))), ["plan_stale"]);
    // What says that no consent is needed is not believed.
    let mut claims = good.clone();
    claims["consent_required"] = json!([]);
    assert_eq!(blocked(&project, &from_file(&claims)), ["consent_required"]);
    assert_eq!(tree.authored(), before);
    // What is not compared does not matter.
    let mut older = good.clone();
    older["revision"] = json!(7);
    older["expires_at"] = json!("1970-01-01T00:00:00Z");
    older["outcome"] = json!(null);
    done(&project, &from_file(&older));
}

#[test]
fn lane_3_a_preview_is_an_operation_of_its_own_and_the_cause_of_what_applies_it() {
    use packwright::event::{Filter, Kind};
    let tree = packwright_testkit::Tree::from_text(GAME);
    tree.write("packwright.toml", SETTINGS);
    let (packer, bus) = crate::packer();
    let project = packer.open(tree.path()).expect("a workspace");
    let mut heard = bus.subscribe(Filter::all().kinds(&[Kind::PreviewReady, Kind::ActionApplied]));
    let plan = plan(&project, &quarantine(&["ui/icon"]));
    let applied = done(&project, &applying(&plan));
    let (ready, end) = (heard.try_next().expect("a preview"), heard.try_next().expect("an end"));
    assert_eq!((ready.kind, &ready.payload["plan_id"]), (Kind::PreviewReady, &plan["plan_id"]));
    assert_eq!((end.kind, &end.payload["plan_id"]), (Kind::ActionApplied, &plan["plan_id"]));
    let cause = end.cause.expect("it has a cause");
    assert_eq!((cause.operation_id, cause.sequence), (ready.operation_id, ready.sequence));
    assert_eq!(applied["operation_id"], json!(end.operation_id));
    drop((project, packer));
}

#[test]
fn prev_1_every_mutation_can_be_previewed_and_a_preview_changes_nothing() {
    let (tree, project) = open(GAME);
    let entry = super::entry_of(&agreed(&project, &quarantine(&["audio/theme"])));
    let edited = done(&project, &json!({"service": "edit_asset", "selector": "ui/icon", "set": {"labels": ["a"]}}));
    tree.write("assets/new/x.txt", "x");
    tree.copy("assets/ui/icon", "assets/ui/icon2");
    let before = tree.authored();
    for request in [
        json!({"service": "register_asset", "roots": ["new"]}),
        json!({"service": "register_asset", "roots": ["ui/icon2"], "as_copy": true}),
        json!({"service": "include_asset_in_build", "selectors": ["id:20"]}),
        json!({"service": "exclude_asset_from_build", "selectors": ["id:20"]}),
        json!({"service": "remove_asset", "selectors": ["id:20"]}),
        quarantine(&["id:20"]),
        json!({"service": "remove_asset", "selectors": ["id:20"], "files": "delete"}),
        json!({"service": "edit_asset", "selector": "id:20", "set": {"address": "ui/star"}}),
        json!({"service": "relocate_asset", "selector": "id:20", "to": "star"}),
        json!({"service": "restore_quarantined", "entry_id": entry}),
        json!({"service": "purge_quarantined", "entry_ids": [entry]}),
        json!({"service": "revert", "operation_id": edited["operation_id"]}),
    ] {
        plan(&project, &request);
        assert_eq!(tree.authored(), before, "{request}");
    }
}

#[test]
fn a_preview_that_cannot_be_applied_is_blocked_and_has_no_plan() {
    let (_tree, project) = open(GAME);
    let taken = json!({"service": "relocate_asset", "selector": "ui/icon", "to": "ui/button", "mode": "preview"});
    let refused = answer(&project, &taken);
    assert_eq!((&refused["status"], &refused["data"]), (&json!("blocked"), &json!({})));
    assert!(each(&refused["blockers"], "code").contains(&"root_taken".to_owned()), "{}", refused["blockers"]);
}
