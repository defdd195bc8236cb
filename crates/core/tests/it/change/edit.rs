//! `edit_asset`: members of a manifest change in place, and nothing else of it does.

use serde_json::{Value, json};

use super::{GAME, blocked, done, plan, why};
use crate::open;

fn edit(set: &Value) -> Value {
    json!({"service": "edit_asset", "selector": "ui/button", "set": set})
}

#[test]
fn members_change_in_place_and_the_authors_spacing_stays() {
    let (tree, project) = open(GAME);
    let registry = tree.text(super::REGISTRY);
    let answer = done(&project, &edit(&json!({"address": "hud/button", "preload": true, "labels": ["hud"]})));
    assert_eq!(
        tree.text("assets/ui/button/asset.json"),
        "{\n  \"schema\": 1,\n  \"uuid\": \"0199c0de-0000-7000-8000-00000000000a\",\n  \"address\": \"hud/button\",\n  \"labels\": [\"hud\"],\n  \"preload\": true\n}\n"
    );
    assert_eq!(answer["data"]["before"], json!({"address": "ui/button", "labels": ["hud", "ui"]}));
    assert_eq!(answer["data"]["after"], json!({"address": "hud/button", "labels": ["hud"], "preload": true}));
    assert_eq!(tree.text(super::REGISTRY), registry, "the registry has no part in it");
    assert_eq!(answer["affected_assets"][0]["address"], "hud/button");
}

#[test]
fn the_plan_shows_addresses_that_vanish() {
    let (_tree, project) = open(GAME);
    let outcome = &plan(&project, &edit(&json!({"address": "hud/button"})))["outcome"];
    assert_eq!(
        (&outcome["addresses_removed"], &outcome["addresses_added"]),
        (&json!(["ui/button"]), &json!(["hud/button"]))
    );
}

#[test]
fn settings_are_taken_into_those_that_are_there() {
    let (tree, project) = open(GAME);
    let settings = || {
        serde_json::from_slice::<Value>(&tree.read("assets/ui/button/asset.json")).expect("JSON")["settings"].clone()
    };
    done(&project, &edit(&json!({"settings": {"image": {"output": "rgba8"}}})));
    done(&project, &edit(&json!({"settings": {"audio": {"output": "pcm_s16"}}})));
    assert_eq!(settings(), json!({"image": {"output": "rgba8"}, "audio": {"output": "pcm_s16"}}));
    done(&project, &edit(&json!({"settings": {"image": null}})));
    assert_eq!(settings(), json!({"audio": {"output": "pcm_s16"}}));
    done(&project, &edit(&json!({"settings": {"audio": {"output": null}}})));
    assert_eq!(settings(), Value::Null);
}

#[test]
fn importers_are_chosen_by_name_or_by_pattern() {
    let (tree, project) = open(GAME);
    let text = || tree.text("assets/ui/button/asset.json");
    done(&project, &edit(&json!({"importer": "raw"})));
    assert!(text().contains("\"importer\": \"raw\""));
    done(&project, &edit(&json!({"importer": [{"pattern": "**/*.txt", "importer": "text"}]})));
    assert!(text().contains("\"importer\": [{\"pattern\": \"**/*.txt\", \"importer\": \"text\"}]"), "{}", text());
}

#[test]
fn what_no_manifest_can_say_is_refused_with_what_is_wrong() {
    let (tree, project) = open(GAME);
    let before = tree.authored();
    for (set, said) in [
        (json!({"address": "UI Button"}), "UI Button"),
        (json!({"importer": "imgae"}), "imgae"),
        (json!({"importer": 7}), "no choice of an importer"),
        (json!({"settings": {"image": {"outptu": "source"}}}), "outptu"),
        (json!({"settings": {"image": {"output": "jpeg"}}}), "`output` takes one of"),
        (json!({"labels": ["a,b"]}), "a,b"),
        (json!({"sources": ["../outside"]}), "../outside"),
        (json!({}), "nothing is to be changed"),
    ] {
        assert_eq!(blocked(&project, &edit(&set)), ["bad_request"], "{set}");
        let why = why(&project, &edit(&set));
        assert!(why.contains(said), "{set}: {why}");
        assert_eq!(tree.authored(), before, "{set}");
    }
}

#[test]
fn an_address_that_another_asset_has_is_refused() {
    let (_tree, project) = open(GAME);
    assert_eq!(blocked(&project, &edit(&json!({"address": "ui/icon"}))), ["address_taken"]);
    assert!(why(&project, &edit(&json!({"address": "ui/icon"}))).contains("ui/icon"));
}

#[test]
fn an_edit_that_says_what_is_there_does_nothing() {
    let (tree, project) = open(GAME);
    let before = tree.authored();
    let answer = done(&project, &edit(&json!({"address": "ui/button", "labels": ["hud", "ui"]})));
    assert_eq!((&answer["applied_actions"], tree.authored()), (&json!([]), before));
}

#[test]
fn a_manifest_with_a_mistake_can_be_put_right_by_an_edit() {
    let (tree, project) = open(GAME);
    tree.write("assets/ui/icon/asset.json", tree.text("assets/ui/icon/asset.json").replace("\"raw\"", "\"rwa\""));
    let request = json!({"service": "edit_asset", "selector": "root:ui/icon", "set": {"importer": "raw"}});
    done(&project, &request);
    assert_eq!(done(&project, &json!({"service": "doctor"}))["diagnostics"], json!([]));
}

#[test]
fn a_manifest_that_is_no_json_is_left_to_its_author() {
    let (tree, project) = open(GAME);
    tree.write("assets/ui/icon/asset.json", "{ broken");
    let request = json!({"service": "edit_asset", "selector": "root:ui/icon", "set": {"importer": "raw"}});
    assert_eq!(blocked(&project, &request), ["manifest_invalid"]);
    assert_eq!(tree.text("assets/ui/icon/asset.json"), "{ broken");
}

#[test]
fn an_edit_that_brings_a_finding_is_done_and_says_so() {
    let (_tree, project) = open(GAME);
    let edited = done(&project, &edit(&json!({"sources": ["*.nothing"]})));
    assert_eq!(edited["diagnostics"][0]["code"], "S203", "{edited}");
    let again = done(&project, &edit(&json!({"preload": true})));
    assert_eq!(again["diagnostics"], json!([]), "what was there before is no news");
}
