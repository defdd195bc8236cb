//! `get_build_report`.

use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{ADOPTED, done};
use crate::{SETTINGS, open};

fn build() -> Value {
    json!({"service": "build"})
}

fn report(project: &packwright::Project) -> Value {
    done(project, &json!({"service": "get_build_report"}))["data"].take()
}

fn write_twins(tree: &Tree) {
    tree.write("assets/ui/icon/icon.txt", "the same bytes\n");
    tree.write("assets/ui/button/label.txt", "the same bytes\n");
}

#[test]
fn before_the_first_build_nothing_is_known_and_that_is_no_error() {
    let (_tree, project) = open(ADOPTED);
    let nothing = json!({
        "last_build": null, "slowest": [], "biggest": [], "duplicates": [], "duplicates_total": 0, "wasted_bytes": 0,
        "composition": null, "changes": null,
    });
    assert_eq!(report(&project), nothing);
}

#[test]
fn it_says_what_the_last_build_did_and_what_its_pack_is_made_of() {
    let (_tree, project) = open(ADOPTED);
    let built = done(&project, &build());
    let data = report(&project);
    let last = &data["last_build"];
    assert_eq!((&last["operation_id"], &last["outcome"]), (&built["operation_id"], &json!("built")));
    for field in ["pack", "cache", "reasons"] {
        assert_eq!(last[field], built["data"][field], "{field}");
    }
    let slowest = data["slowest"].as_array().expect("a list");
    let mut sources: Vec<&str> = slowest.iter().filter_map(|import| import["source"].as_str()).collect();
    sources.sort_unstable();
    assert_eq!(sources, ["icon.txt", "label.txt"]);
    assert!(slowest[0]["elapsed_ms"].as_f64() >= slowest[1]["elapsed_ms"].as_f64());
    let biggest = &data["biggest"];
    assert_eq!((&biggest[0]["address"], &biggest[0]["bytes"]), (&json!("ui/button"), &json!(6)));
    assert_eq!((&biggest[1]["address"], &biggest[1]["stored_bytes"]), (&json!("ui/icon"), &json!(5)));
    let button = json!({
        "asset_id": 10, "address": "ui/button", "root": "ui/button", "kind": "text", "parts": 1, "bytes": 6,
        "stored_bytes": 6,
    });
    let composition = &data["composition"];
    assert_eq!((&composition["assets"][0], &composition["rest"]), (&button, &json!([])));
    let kinds = json!([
        {"format": "text", "parts": 1, "bytes": 6, "stored_bytes": 6},
        {"format": "raw", "parts": 1, "bytes": 5, "stored_bytes": 5},
    ]);
    assert_eq!((&composition["kinds"], &data["changes"]), (&kinds, &Value::Null));
}

#[test]
fn parts_with_the_same_bytes_are_one_group_that_says_what_it_wastes() {
    let (tree, project) = open(ADOPTED);
    write_twins(&tree);
    done(&project, &build());
    let data = report(&project);
    let group = &data["duplicates"][0];
    assert_eq!((&group["n"], &group["bytes"], &group["wasted_bytes"]), (&json!(2), &json!(15), &json!(15)));
    assert_eq!(group["addresses"], json!(["ui/button", "ui/icon"]));
    assert_eq!((&data["duplicates_total"], &data["wasted_bytes"]), (&json!(1), &json!(15)));
}

#[test]
fn what_the_next_build_holds_otherwise_is_told_asset_by_asset() {
    let (tree, project) = open(ADOPTED);
    let first = done(&project, &build());
    tree.write("assets/ui/icon/icon.txt", "a star, and more\n");
    done(&project, &json!({"service": "exclude_asset_from_build", "selectors": ["ui/button"]}));
    done(&project, &json!({"service": "include_asset_in_build", "selectors": ["audio/theme"]}));
    done(&project, &build());
    let changes = report(&project)["changes"].take();
    assert_eq!(changes["pack"], first["data"]["pack"]["hash"]);
    let one = |id: u32, address: &str, before: u64, after: u64| {
        let asset = json!({"asset_id": id, "address": address, "before": before, "after": after});
        json!({"total": 1, "bytes": after as i64 - before as i64, "assets": [asset]})
    };
    assert_eq!(changes["added"], one(30, "audio/theme", 0, 6));
    assert_eq!(changes["removed"], one(10, "ui/button", 6, 0));
    assert_eq!(changes["changed"], one(20, "ui/icon", 5, 17));
    done(&project, &build());
    assert_eq!(report(&project)["changes"], changes, "a build that changes nothing writes no report");
}

#[test]
fn a_report_that_is_gone_damaged_or_of_another_pack_is_not_told() {
    let (tree, project) = open(ADOPTED);
    done(&project, &build());
    let first = tree.text("build/report.json");
    write_twins(&tree);
    done(&project, &build());
    for text in [Some(first.as_str()), Some("{"), None] {
        match text {
            Some(text) => tree.write("build/report.json", text),
            None => tree.remove("build/report.json"),
        }
        let data = report(&project);
        assert_eq!((&data["last_build"], &data["slowest"], &data["changes"]), (&Value::Null, &json!([]), &Value::Null));
        assert_eq!(data["composition"]["assets"].as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn what_is_left_of_many_assets_is_summed_by_their_first_folder() {
    let (tree, project) = open("");
    tree.write("packwright.toml", SETTINGS);
    for n in 0..2_005 {
        let (folder, bytes) = if n < 5 { ("few", 1) } else { ("many", 2) };
        tree.write(&format!("assets/{folder}/a{n}/x.txt"), "x".repeat(bytes));
    }
    let roots: Vec<String> = (0..2_005).map(|n| format!("{}/a{n}", if n < 5 { "few" } else { "many" })).collect();
    done(&project, &json!({"service": "register_asset", "roots": roots, "importer": "raw"}));
    done(&project, &build());
    let composition = report(&project)["composition"].take();
    assert_eq!(composition["assets"].as_array().map(Vec::len), Some(2_000));
    let few = json!([{"folder": "few", "assets": 5, "parts": 5, "bytes": 5, "stored_bytes": 5}]);
    assert_eq!(composition["rest"], few);
}
