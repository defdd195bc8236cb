//! `get_asset_details`.

use serde_json::{Value, json};

use super::{ADOPTED, as_json, done, each};
use crate::{call, open};

fn details(selector: &str) -> Value {
    json!({"service": "get_asset_details", "selector": selector})
}

#[test]
fn svc_13_before_a_build_manifest_and_sources_are_known() {
    let (_tree, project) = open(ADOPTED);
    let data = done(&project, &details("ui/button"))["data"].take();
    assert_eq!(data["manifest"]["labels"], json!(["hud", "ui"]));
    assert_eq!(data["files"], json!([{"path": "assets/ui/button/label.txt", "size": 6, "hash": null}]));
    assert_eq!((&data["part_list"], &data["last_build"], &data["diagnostics"]), (&json!([]), &Value::Null, &json!([])));
}

#[test]
fn after_a_build_hashes_parts_and_reasons_are_known() {
    let (_tree, project) = open(ADOPTED);
    let built = done(&project, &json!({"service": "build"}));
    let answer = done(&project, &details("id:20"));
    let data = &answer["data"];
    let hash = packwright::value::ContentHash::of(b"star\n");
    assert_eq!((&data["files"][0]["hash"], &data["part_list"][0]["hash"]), (&json!(hash), &json!(hash)));
    let part = &data["part_list"][0];
    assert_eq!(
        (&part["name"], &part["format"], &part["bytes"], &part["reason"]),
        (&"icon.txt".into(), &"raw".into(), &5.into(), &"new".into())
    );
    assert_eq!(data["last_build"]["pack"], built["data"]["pack"]["hash"]);
    assert_eq!((&data["asset"]["parts"], &data["asset"]["last_built"]), (&1.into(), &data["last_build"]["at"]));
    assert_eq!(each(&answer["affected_assets"], "root"), ["ui/icon"]);
    let excluded = done(&project, &details("audio/theme"))["data"].take();
    assert_eq!((&excluded["part_list"], &excluded["last_build"]), (&json!([]), &Value::Null));
}

#[test]
fn an_asset_shows_its_own_findings_and_no_others() {
    let (tree, project) = open(ADOPTED);
    tree.write("assets/ui/icon/asset.json", "{\n");
    tree.remove("assets/audio");
    done(&project, &json!({"service": "doctor"}));
    let data = done(&project, &details("root:ui/icon"))["data"].take();
    assert_eq!((each(&data["diagnostics"], "code"), &data["manifest"]), (vec!["S204".into()], &Value::Null));
    assert_eq!(
        (&data["asset"]["worst"], &data["asset"]["address"]),
        (&"error".into(), &"ui/icon".into()),
        "as last known"
    );
    assert_eq!(done(&project, &details("ui/button"))["data"]["diagnostics"], json!([]));
}

#[test]
fn two_entries_whose_roots_are_no_paths_are_two_assets() {
    let (tree, project) = open(ADOPTED);
    let text = tree.text(super::REGISTRY).replace("\"ui/icon\"", "\"../a\"").replace("\"ui/button\"", "\"../b\"");
    tree.write(super::REGISTRY, text);
    done(&project, &json!({"service": "doctor"}));
    let data = done(&project, &details("id:20"))["data"].take();
    assert_eq!((data["asset"]["root"].as_str(), data["diagnostics"].as_array().map(Vec::len)), (Some("../a"), Some(1)));
}

#[test]
fn a_selector_names_one_asset() {
    let (_tree, project) = open(ADOPTED);
    for (selector, code) in [("ui/*", "ambiguous"), ("nothing", "not_found")] {
        let response = call(&project, &details(selector).to_string());
        assert_eq!((as_json(&response)["blockers"][0]["code"].as_str(), response.exit_code()), (Some(code), 1));
    }
}
