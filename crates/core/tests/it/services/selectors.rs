//! How requests name assets.

use serde_json::{Value, json};

use super::{ADOPTED, REGISTRY, as_json, done, each, refused};
use crate::{call, open};

/// The roots that a selector names, seen through a request that changes nothing.
fn named(selector: &str) -> Vec<String> {
    let (_tree, project) = open(ADOPTED);
    let answer = done(&project, &exclude(selector));
    let mut roots = each(&answer["data"]["changed"], "root");
    roots.extend(each(&answer["data"]["unchanged"], "root"));
    roots.sort();
    roots
}

fn exclude(selector: &str) -> Value {
    json!({"service": "exclude_asset_from_build", "selectors": [selector]})
}

fn refusals(selector: &str) -> Vec<String> {
    let (tree, project) = open(ADOPTED);
    refused(&tree, &project, &exclude(selector))
}

#[test]
fn an_address_a_root_a_uuid_and_an_id_name_the_same_asset() {
    for selector in [
        "ui/icon",
        "address:ui/icon",
        "root:ui/icon",
        "root:ui/icon/",
        "0199c0de-0000-7000-8000-00000000000b",
        "0199C0DE-0000-7000-8000-00000000000B",
        "uuid:0199c0de-0000-7000-8000-00000000000b",
        "20",
        "id:20",
    ] {
        assert_eq!(named(selector), ["ui/icon"], "{selector}");
    }
}

#[test]
fn a_glob_names_addresses_and_its_star_stops_at_a_slash() {
    assert_eq!(named("ui/*"), ["ui/button", "ui/icon"]);
    assert_eq!(named("**"), ["audio/theme", "ui/button", "ui/icon"]);
    assert_eq!(named("ui/[ab]*"), ["ui/button"]);
    assert_eq!(named("ui/ico?"), ["ui/icon"]);
    assert_eq!(named("**/theme"), ["audio/theme"]);
    assert_eq!(refusals("*"), ["not_found"], "every address has a slash");
}

#[test]
fn what_names_nothing_is_not_found() {
    for selector in
        ["ui/none", "UI/Icon", "id:21", "21", "uuid:0199c0de-0000-7000-8000-0000000000ff", "root:ui", "", "id:x"]
    {
        assert_eq!(refusals(selector), ["not_found"], "{selector}");
    }
    assert_eq!(refusals("ui/[a"), ["bad_request"], "a glob that is none");
}

#[test]
fn different_assets_under_different_readings_are_ambiguous_until_one_is_forced() {
    let (tree, project) = open(ADOPTED);
    tree.write(
        "assets/ui/button/asset.json",
        tree.text("assets/ui/button/asset.json")
            .replace("ui/button", "ui/icon")
            .replace("\"labels\": [\"hud\", \"ui/icon\"]", ""),
    );
    tree.write("assets/ui/icon/asset.json", tree.text("assets/ui/icon/asset.json").replace("ui/icon", "20"));
    let response = as_json(&call(&project, &exclude("ui/icon").to_string()));
    assert_eq!(response["blockers"][0]["code"], "ambiguous");
    let message = response["blockers"][0]["message"].to_string();
    assert!(message.contains("as address ui/button") && message.contains("as root ui/icon"), "{message}");
    let answer = done(&project, &exclude("root:ui/icon"));
    assert_eq!(each(&answer["data"]["changed"], "root"), ["ui/icon"]);
    let same = done(&project, &exclude("20"));
    assert_eq!(each(&same["data"]["unchanged"], "root"), ["ui/icon"], "one asset under two readings");
}

#[test]
fn an_unregistered_root_is_found_and_refused_as_not_registered() {
    let (tree, project) = open(ADOPTED);
    done(&project, &json!({"service": "remove_asset", "selectors": ["ui/icon"]}));
    assert_eq!(refused(&tree, &project, &exclude("ui/icon")), ["not_registered"]);
    let details = done(&project, &json!({"service": "get_asset_details", "selector": "ui/icon"}));
    assert_eq!(
        (&details["data"]["asset"]["registered"], &details["data"]["asset"]["asset_id"]),
        (&false.into(), &Value::Null)
    );
}

#[test]
fn every_bad_selector_is_told_at_once() {
    let (tree, project) = open(ADOPTED);
    let request = json!({"service": "include_asset_in_build", "selectors": ["nope", "ui/icon", "id:9"]});
    assert_eq!(refused(&tree, &project, &request), ["not_found", "not_found"]);
    assert!(tree.text(REGISTRY).contains("\"ui/icon\", \"included\": true"));
}
