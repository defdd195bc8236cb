//! `get_status`.

use serde_json::{Value, json};

use super::{ADOPTED, done};
use crate::{open, packer};

fn status() -> Value {
    json!({"service": "get_status"})
}

#[test]
fn counts_lane_watcher_and_last_build_are_told() {
    let (tree, project) = open(ADOPTED);
    tree.write("assets/loose/asset.json", "{}");
    done(&project, &json!({"service": "doctor"}));
    let before = done(&project, &status());
    let counts = json!({"registered": 3, "included": 2, "unregistered": 1, "sources": 3, "bytes": 17, "structural": 0});
    assert_eq!(before["data"]["counts"], counts);
    assert_eq!(
        (&before["data"]["lane"], &before["data"]["last_build"]),
        (&json!({"running": null, "queued": []}), &Value::Null)
    );
    assert_eq!(before["data"]["watcher"]["active"], false);
    let built = done(&project, &json!({"service": "build"}));
    let after = done(&project, &status());
    assert_eq!(after["data"]["last_build"]["pack"], built["data"]["pack"]["hash"]);
}

#[test]
fn run_1_freshness_is_told_with_its_reasons_and_their_count() {
    let (tree, project) = open(ADOPTED);
    assert_eq!(done(&project, &status())["runtime_state"], json!({"state": "healthy", "reasons": []}));
    tree.remove("assets/ui");
    tree.remove("assets/audio/theme/asset.json");
    done(&project, &json!({"service": "doctor"}));
    let state = done(&project, &status())["runtime_state"].take();
    assert_eq!(state["state"], "diverged");
    let reasons: Vec<(String, u64)> = state["reasons"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (super::text(&one["code"]), one["count"].as_u64().expect("a count")))
        .collect();
    assert_eq!(reasons, [("root_missing".to_owned(), 2), ("manifest_missing".to_owned(), 1)]);
}

#[test]
fn a_run_has_one_id_and_a_folder_one_project() {
    let (tree, _) = open(ADOPTED);
    let packer = packer().0;
    let (one, other) =
        (packer.open(tree.path()).expect("a workspace"), packer.open(tree.at("assets/..")).expect("a workspace"));
    done(&one, &json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}));
    let (of_one, of_other) = (done(&one, &status()), done(&other, &status()));
    assert_eq!(of_one, of_other);
    assert_eq!(of_one["data"]["counts"]["included"], 1);
}
