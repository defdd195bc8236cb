//! `get_compile_surface`.

use serde_json::{Value, json};

use super::{ADOPTED, REGISTRY, done, refused};
use crate::open;

fn surface() -> Value {
    json!({"service": "get_compile_surface"})
}

#[test]
fn cmp_1_cmp_2_the_surface_is_address_and_id_of_what_is_included_and_nothing_else() {
    let (_tree, project) = open(ADOPTED);
    let data = done(&project, &surface())["data"].take();
    let expected = json!([{"address": "ui/button", "asset_id": 10}, {"address": "ui/icon", "asset_id": 20}]);
    assert_eq!(data, json!({"addressables": expected, "in_pack": null}));
}

#[test]
fn the_surface_names_the_pack_as_long_as_that_holds_exactly_this() {
    let (tree, project) = open(ADOPTED);
    let hash = done(&project, &json!({"service": "build"}))["data"]["pack"]["hash"].take();
    assert_eq!(done(&project, &surface())["data"]["in_pack"], hash);
    done(&project, &json!({"service": "include_asset_in_build", "selectors": ["audio/theme"]}));
    assert_eq!(done(&project, &surface())["data"]["in_pack"], Value::Null);
    done(&project, &json!({"service": "exclude_asset_from_build", "selectors": ["audio/theme"]}));
    assert_eq!(done(&project, &surface())["data"]["in_pack"], hash, "as before");
    tree.write("build/game.pack", "something else");
    assert_eq!(done(&project, &surface())["data"]["in_pack"], Value::Null);
}

#[test]
fn the_file_beside_the_pack_says_the_same() {
    let (tree, project) = open(ADOPTED);
    let built = done(&project, &json!({"service": "build"}));
    let file: Value = serde_json::from_slice(&tree.read("build/addressables.json")).expect("JSON");
    let surface = done(&project, &surface())["data"].take();
    assert_eq!(
        file,
        json!({"schema": 1, "pack": built["data"]["pack"]["hash"], "addressables": surface["addressables"]})
    );
}

#[test]
fn the_surface_is_blocked_while_something_is_named_twice_or_wrongly() {
    let twice = [
        ("\"asset_id\": 20", "\"asset_id\": 10"),
        ("00000b\", \"root\"", "00000a\", \"root\""),
        ("\"root\": \"ui/icon\"", "\"root\": \"ui/button\""),
        ("\"asset_id\": 20", "\"asset_id\": 0"),
    ];
    for (good, bad) in twice {
        let (tree, project) = open(ADOPTED);
        tree.write(REGISTRY, tree.text(REGISTRY).replace(good, bad));
        done(&project, &json!({"service": "doctor"}));
        assert_eq!(refused(&tree, &project, &surface()), ["structural_errors"], "{bad}");
    }
    let (tree, project) = open(ADOPTED);
    tree.write("assets/ui/icon/asset.json", tree.text("assets/ui/icon/asset.json").replace("ui/icon", "ui/button"));
    done(&project, &json!({"service": "doctor"}));
    assert_eq!(refused(&tree, &project, &surface()), ["structural_errors"], "S106");
}

#[test]
fn other_findings_do_not_block_the_surface() {
    let (tree, project) = open(ADOPTED);
    tree.remove("assets/ui/icon/icon.txt");
    done(&project, &json!({"service": "doctor"}));
    assert_eq!(done(&project, &surface())["data"]["addressables"].as_array().map(Vec::len), Some(2));
}
