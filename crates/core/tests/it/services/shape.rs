//! The shape of every answer: each field of the response and of the service's data, by name.
//!
//! What differs from run to run is put aside by its name before the comparison.

use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{ADOPTED, as_json};
use crate::{call, open};

/// Fields whose values are made anew in every run, or depend on the machine.
const VOLATILE: [&str; 11] = [
    "operation_id",
    "run_id",
    "uuid",
    "path",
    "at",
    "last_built",
    "elapsed_ms",
    "pack",
    "hash",
    "in_pack",
    "fingerprint",
];

/// `value` with a `*` for each volatile text and number. Nulls stay: whether there is a value is part of the shape.
fn put_aside(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(put_aside),
        Value::Object(object) => {
            for (name, value) in object.iter_mut() {
                if VOLATILE.contains(&name.as_str()) && (value.is_string() || value.is_number()) {
                    *value = "*".into();
                } else {
                    put_aside(value);
                }
            }
        }
        _ => {}
    }
}

/// What a request is answered in a workspace that was built once.
fn answer(request: &Value) -> Value {
    let (tree, project) = open(ADOPTED);
    tree.write("assets/new/x.txt", "x");
    drop(call(&project, r#"{"service": "build"}"#));
    shaped(&call(&project, &request.to_string()))
}

fn shaped(response: &packwright::service::Response) -> Value {
    let mut answer = as_json(response);
    put_aside(&mut answer);
    answer
}

/// A whole response: these fields, and of all others what they are where there is nothing to say.
fn response(service: &str, said: Value) -> Value {
    let mut response = json!({
        "status": "ok", "service": service, "operation_class": "read_only",
        "operation_id": null, "project_id": "0199c0de-0000-7000-8000-000000000001", "revision": 2,
        "runtime_state": {"state": "healthy", "reasons": []},
        "summary": "", "affected_assets": [],
        "diagnostics": [], "proposed_actions": [], "applied_actions": [], "blockers": [], "data": {},
    });
    let Value::Object(said) = said else { panic!("an object") };
    response.as_object_mut().expect("an object").extend(said);
    response
}

fn icon() -> Value {
    json!({"asset_id": 20, "address": "ui/icon", "root": "ui/icon"})
}

/// The icon as lists show it after a build.
fn listed() -> Value {
    json!({
        "asset_id": 20, "uuid": "*", "address": "ui/icon", "root": "ui/icon", "registered": true, "included": true,
        "quarantined": false, "importer": "raw", "labels": [], "sources": 1, "bytes": 5, "parts": 1, "state": "healthy",
        "worst": null, "last_built": "*",
    })
}

fn entry(included: bool) -> Value {
    json!({"asset_id": 20, "uuid": "*", "root": "ui/icon", "included": included})
}

#[test]
fn resp_1_init_workspace() {
    let tree = Tree::empty();
    let request = json!({"path": tree.at("game")});
    let made = crate::packer()
        .0
        .init(serde_json::from_value::<packwright::service::InitWorkspace>(request).expect("a request"));
    let mut answer = shaped(&made);
    answer["project_id"] = "*".into();
    answer["data"]["project_id"] = "*".into();
    answer["applied_actions"][2]["bytes"] = 0.into();
    answer["applied_actions"][3]["bytes"] = 0.into();
    let ignored = ["/.packwright/", "/build/", "/quarantine/"];
    let attributes = ["packwright.registry.json text eol=lf merge=packwright"];
    let actions = json!([
        {"action_id": 1, "kind": "append_lines", "nature": "additive", "path": "*", "lines": ignored},
        {"action_id": 2, "kind": "append_lines", "nature": "additive", "path": "*", "lines": attributes},
        {"action_id": 3, "kind": "write_file", "nature": "additive", "path": "*", "bytes": 0},
        {"action_id": 4, "kind": "write_file", "nature": "additive", "path": "*", "bytes": 0},
    ]);
    let written = [".gitignore", ".gitattributes", "packwright.registry.json", "packwright.toml"];
    let expected = json!({
        "operation_class": "workspace_mutation", "operation_id": "*", "project_id": "*", "revision": null,
        "summary": "made the workspace `game`", "applied_actions": actions,
        "data": {"project_id": "*", "path": "*", "written": written},
    });
    assert_eq!(answer, response("init_workspace", expected));
}

#[test]
fn resp_1_register_asset() {
    let mut answer = answer(&json!({"service": "register_asset", "roots": ["new", "ui/icon"]}));
    let id = answer["affected_assets"][0]["asset_id"].clone();
    answer["applied_actions"][0]["bytes"] = 0.into();
    let new = json!({"asset_id": id, "address": "new", "root": "new"});
    let after = json!({"asset_id": id, "uuid": "*", "root": "new", "included": true});
    let expected = json!({
        "operation_class": "workspace_mutation", "operation_id": "*", "revision": 3,
        "summary": "1 asset registered, 1 manifest written, 1 registered before", "affected_assets": [new],
        "applied_actions": [
            {"action_id": 1, "kind": "write_file", "nature": "additive", "path": "*", "bytes": 0},
            {"action_id": 2, "kind": "registry_add", "nature": "additive", "before": null, "after": after},
        ],
        "data": {
            "registered": [new], "unchanged": [icon()], "manifests_written": ["assets/new/asset.json"], "passed_over": [],
        },
    });
    assert_eq!(answer, response("register_asset", expected));
}

#[test]
fn resp_1_exclude_and_include() {
    let action = json!({"action_id": 1, "kind": "registry_update", "nature": "edit", "before": entry(true), "after": entry(false)});
    let expected = json!({
        "operation_class": "registry_mutation", "operation_id": "*", "revision": 3,
        "summary": "1 asset excluded from the build", "affected_assets": [icon()], "applied_actions": [action],
        "data": {"changed": [icon()], "unchanged": []},
    });
    let excluded = answer(&json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}));
    assert_eq!(excluded, response("exclude_asset_from_build", expected));
    let expected = json!({
        "operation_class": "registry_mutation", "operation_id": "*", "revision": 2,
        "summary": "0 assets included in the build, 1 already", "data": {"changed": [], "unchanged": [icon()]},
    });
    let included = answer(&json!({"service": "include_asset_in_build", "selectors": ["ui/icon"]}));
    assert_eq!(included, response("include_asset_in_build", expected));
}

#[test]
fn resp_1_remove_asset() {
    let action =
        json!({"action_id": 1, "kind": "registry_remove", "nature": "edit", "before": entry(true), "after": null});
    let expected = json!({
        "operation_class": "registry_mutation", "operation_id": "*", "revision": 3,
        "summary": "1 asset removed from the registry, files kept", "affected_assets": [icon()],
        "applied_actions": [action], "data": {"entries": []},
    });
    assert_eq!(
        answer(&json!({"service": "remove_asset", "selectors": ["ui/icon"]})),
        response("remove_asset", expected)
    );
}

#[test]
fn resp_1_list_assets() {
    let request = json!({"service": "list_assets", "limit": 1, "sort": "bytes", "filter": {"included": true}});
    let expected = json!({
        "summary": "1 of 2 assets", "data": {"assets": [listed()], "total": 2, "next_cursor": "1"},
    });
    assert_eq!(answer(&request), response("list_assets", expected));
}

#[test]
fn resp_1_get_asset_details() {
    let part = json!({"name": "icon.txt", "format": "raw", "bytes": 5, "hash": "*", "metadata": {}, "reason": "new"});
    let expected = json!({
        "summary": "ui/icon", "affected_assets": [icon()],
        "data": {
            "asset": listed(),
            "manifest": {"schema": 1, "uuid": "*", "address": "ui/icon", "importer": "raw"},
            "files": [{"path": "*", "size": 5, "hash": "*"}],
            "part_list": [part],
            "diagnostics": [],
            "last_build": {"at": "*", "pack": "*"},
            "history": [],
        },
    });
    assert_eq!(
        answer(&json!({"service": "get_asset_details", "selector": "ui/icon"})),
        response("get_asset_details", expected)
    );
}

#[test]
fn resp_1_doctor() {
    let mut answer = answer(&json!({"service": "doctor"}));
    assert_eq!(answer["data"]["checks"].take().as_array().map(Vec::len), Some(20));
    let expected = json!({
        "operation_id": "*", "revision": 2, "summary": "nothing is wrong with 3 registered assets",
        "data": {
            "counts": {}, "checks": null, "failed": [], "unchecked_sources": 0, "allowed": 0, "off": [], "next_cursor": null,
        },
    });
    assert_eq!(answer, response("doctor", expected));
}

#[test]
fn resp_1_build() {
    let mut answer = answer(&json!({"service": "build", "full": true}));
    let (summary, bytes) = (answer["summary"].take(), answer["data"]["pack"]["bytes"].take());
    assert_eq!(summary, format!("built build/game.pack: 2 parts in 2 assets, {bytes} bytes"));
    let pack = json!({"path": "*", "hash": "*", "bytes": null, "assets": 2, "parts": 2});
    let expected = json!({
        "operation_class": "workspace_mutation", "operation_id": "*", "revision": 2, "summary": null,
        "data": {
            "outcome": "built", "pack": pack, "cache": {"hits": 0, "misses": 2}, "reasons": {"full": 2}, "elapsed_ms": "*",
        },
    });
    assert_eq!(answer, response("build", expected));
}

#[test]
fn resp_1_prune_cache() {
    let expected = json!({
        "operation_class": "workspace_mutation", "operation_id": "*", "revision": 2, "summary": "the cache is empty",
        "data": {"freed_bytes": 0, "freed_files": 0, "kept_bytes": 0, "kept_files": 0},
    });
    assert_eq!(answer(&json!({"service": "prune_cache"})), response("prune_cache", expected));
}

#[test]
fn resp_1_get_build_report() {
    let mut answer = answer(&json!({"service": "get_build_report"}));
    let (summary, bytes) = (answer["summary"].take(), answer["data"]["last_build"]["pack"]["bytes"].take());
    assert!(summary.as_str().is_some_and(|text| text.starts_with(&format!("{bytes} bytes in 2 parts, built "))));
    let mut sources: Vec<Value> = answer["data"]["slowest"].take().as_array().expect("a list").clone();
    sources.sort_by_key(|import| import["source"].to_string());
    let slow = |address: &str, source: &str, importer: &str| json!({"address": address, "source": source, "importer": importer, "reason": "new", "elapsed_ms": "*"});
    assert_eq!(sources, [slow("ui/icon", "icon.txt", "raw"), slow("ui/button", "label.txt", "text")]);
    let big = |id: u32, address: &str, name: &str, format: &str, bytes: u64| json!({"asset_id": id, "address": address, "name": name, "format": format, "bytes": bytes, "stored_bytes": bytes, "hash": "*"});
    let share = |id: u32, root: &str, kind: &str, bytes: u64| json!({"asset_id": id, "address": root, "root": root, "kind": kind, "parts": 1, "bytes": bytes, "stored_bytes": bytes});
    let pack = json!({"path": "*", "hash": "*", "bytes": null, "assets": 2, "parts": 2});
    let built = json!({
        "operation_id": "*", "at": "*", "outcome": "built", "elapsed_ms": "*", "pack": pack,
        "cache": {"hits": 0, "misses": 2}, "reasons": {"new": 2},
    });
    let expected = json!({
        "summary": null,
        "data": {
            "last_build": built, "slowest": null,
            "biggest": [big(10, "ui/button", "label.txt", "text", 6), big(20, "ui/icon", "icon.txt", "raw", 5)],
            "duplicates": [], "duplicates_total": 0, "wasted_bytes": 0,
            "composition": {
                "assets": [share(10, "ui/button", "text", 6), share(20, "ui/icon", "raw", 5)],
                "rest": [],
                "kinds": [
                    {"format": "text", "parts": 1, "bytes": 6, "stored_bytes": 6},
                    {"format": "raw", "parts": 1, "bytes": 5, "stored_bytes": 5},
                ],
            },
            "changes": null,
        },
    });
    assert_eq!(answer, response("get_build_report", expected));
}

#[test]
fn resp_1_get_compile_surface() {
    let addressables = json!([{"address": "ui/button", "asset_id": 10}, {"address": "ui/icon", "asset_id": 20}]);
    let expected = json!({"summary": "2 addressables", "data": {"addressables": addressables, "in_pack": "*"}});
    assert_eq!(answer(&json!({"service": "get_compile_surface"})), response("get_compile_surface", expected));
}

#[test]
fn resp_1_get_status() {
    let expected = json!({
        "summary": "game: 3 assets registered, 2 included, 0 structural findings",
        "data": {
            "name": "game", "path": "*", "lane": {"running": null, "queued": []},
            "watcher": {"active": false, "message": "nothing observes the workspace"},
            "counts": {"registered": 3, "included": 2, "unregistered": 0, "sources": 3, "bytes": 17, "structural": 0},
            "last_build": {"at": "*", "pack": "*"}, "run_id": "*",
        },
    });
    assert_eq!(answer(&json!({"service": "get_status"})), response("get_status", expected));
}

#[test]
fn resp_1_a_refusal_has_the_same_shape() {
    let blocker = json!({"code": "not_found", "message": "`nope` names no asset", "help": "`packwright list` shows what there is"});
    let expected = json!({"status": "blocked", "summary": "blocked: `nope` names no asset", "blockers": [blocker]});
    let refused = answer(&json!({"service": "get_asset_details", "selector": "nope"}));
    assert_eq!(refused, response("get_asset_details", expected));
}

#[test]
fn resp_1_a_build_that_is_blocked_carries_its_findings() {
    let (tree, project) = open(ADOPTED);
    tree.remove("assets/ui/icon/asset.json");
    let mut answer = shaped(&call(&project, r#"{"service": "build"}"#));
    assert!(answer["diagnostics"][0]["help"].take().is_string());
    assert!(answer["blockers"][0]["help"].take().is_string());
    let icon = json!({"asset_id": 20, "address": null, "root": "ui/icon"});
    let finding = json!({
        "code": "S202", "name": "manifest-missing", "class": "structural", "severity": "error",
        "message": "`ui/icon` has no asset.json", "asset": icon, "location": {"path": "*"}, "help": null, "fingerprint": "*",
    });
    let reason = json!({
        "code": "manifest_missing", "message": "registered folders have no manifest", "count": 1,
        "cause": {"operation_id": "*", "sequence": 1},
    });
    let expected = json!({
        "status": "blocked", "operation_class": "workspace_mutation", "operation_id": "*",
        "runtime_state": {"state": "diverged", "reasons": [reason]},
        "summary": "blocked: 1 structural finding stands in the way", "affected_assets": [icon], "diagnostics": [finding],
        "blockers": [{"code": "structural_errors", "message": "1 structural finding stands in the way", "help": null}],
    });
    assert_eq!(answer, response("build", expected));
}

#[test]
fn svc_1_every_service_has_one_name_and_one_class_before_anything_runs() {
    use packwright::service::{OperationClass, Service};
    let classes: Vec<(&str, Value)> =
        Service::ALL.iter().map(|service| (service.name(), json!(service.class()))).collect();
    let of = |class: OperationClass| json!(class);
    let (read, registry, workspace) =
        (of(OperationClass::ReadOnly), of(OperationClass::RegistryMutation), of(OperationClass::WorkspaceMutation));
    let expected = [
        ("init_workspace", &workspace),
        ("register_asset", &workspace),
        ("include_asset_in_build", &registry),
        ("exclude_asset_from_build", &registry),
        ("remove_asset", &workspace),
        ("edit_asset", &workspace),
        ("relocate_asset", &workspace),
        ("list_assets", &read),
        ("get_asset_details", &read),
        ("doctor", &read),
        ("allow_findings", &workspace),
        ("apply_fixes", &workspace),
        ("build", &workspace),
        ("prune_cache", &workspace),
        ("get_compile_surface", &read),
        ("get_build_report", &read),
        ("get_status", &read),
        ("list_quarantine", &read),
        ("restore_quarantined", &workspace),
        ("purge_quarantined", &workspace),
        ("get_history", &read),
        ("revert", &workspace),
        ("recover", &workspace),
    ];
    assert_eq!(classes, expected.map(|(name, class)| (name, class.clone())));
}
