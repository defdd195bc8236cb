//! The schemas of the door: what is asked and answered is of them, and what is not is none of them.

use jsonschema::Validator;
use packwright::Project;
use packwright::service::{Schemas, Service};
use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{ADOPTED, as_json};
use crate::{call, open};

/// One schema among the definitions of all.
fn validator(schemas: &Schemas, schema: &Value) -> Validator {
    let mut document = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": schemas.definitions});
    document["allOf"] = json!([schema]);
    jsonschema::options().should_validate_formats(true).build(&document).expect("a schema")
}

/// Checks what goes through the door.
struct Door {
    schemas: Schemas,
    any_request: Validator,
    any_response: Validator,
    project: Project,
    tree: Tree,
}

fn must_hold(validator: &Validator, value: &Value) {
    let problems: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:#?}\n{value:#}");
}

impl Door {
    fn open() -> Self {
        let (tree, project) = open(ADOPTED);
        tree.write("assets/new/x.txt", "x");
        let whole =
            |document: &Value| jsonschema::options().should_validate_formats(true).build(document).expect("one");
        Self {
            schemas: Schemas::at("/$defs"),
            any_request: whole(&Schemas::request_document()),
            any_response: whole(&Schemas::response_document()),
            project,
            tree,
        }
    }

    /// Sends a request, and holds it and its answer against their schemas.
    fn ask(&self, request: &Value) -> Value {
        must_hold(&self.any_request, request);
        let service: Service = serde_json::from_value(request["service"].clone()).expect("a service");
        let mut body = request.clone();
        body.as_object_mut().expect("an object").remove("service");
        must_hold(&validator(&self.schemas, self.schemas.request(service)), &body);
        let answer = as_json(&call(&self.project, &request.to_string()));
        must_hold(&self.any_response, &answer);
        must_hold(&validator(&self.schemas, self.schemas.response(service)), &answer);
        answer
    }

    /// The same, and it must come out so.
    fn ask_for(&self, status: &str, request: &Value) -> Value {
        let answer = self.ask(request);
        assert_eq!(answer["status"], status, "{answer:#}");
        answer
    }
}

#[test]
fn what_is_read_is_asked_and_answered_as_the_schemas_say() {
    let door = Door::open();
    door.ask_for("ok", &json!({"service": "build"}));
    door.tree.write("assets/ui/icon/asset.json", "{");
    for request in [
        json!({"service": "get_status", "barrier": true}),
        json!({"service": "list_assets", "filter": {"registered": true, "state": "healthy"}, "sort": "bytes", "limit": 1}),
        json!({"service": "get_asset_details", "selector": "ui/button"}),
        json!({"service": "get_compile_surface"}),
        json!({"service": "get_build_report"}),
        json!({"service": "doctor", "scope": "workspace", "deep": true}),
        json!({"service": "build", "check": true}),
        json!({"service": "list_quarantine"}),
        json!({"service": "get_history", "limit": 3}),
    ] {
        let answer = door.ask(&request);
        assert!(answer["status"] == "ok" || answer["blockers"][0]["code"] == "structural_errors", "{answer:#}");
    }
    let answer = door.ask_for("blocked", &json!({"service": "get_asset_details", "selector": "nobody"}));
    assert_eq!(answer["data"], json!({}));
}

#[test]
fn what_is_changed_is_asked_and_answered_as_the_schemas_say() {
    let door = Door::open();
    door.ask_for("ok", &json!({"service": "build"}));
    door.ask_for("preview", &json!({"service": "register_asset", "roots": ["new"], "mode": "preview"}));
    door.ask_for("ok", &json!({"service": "register_asset", "roots": ["new"], "included": false}));
    door.ask_for("ok", &json!({"service": "include_asset_in_build", "selectors": ["new"]}));
    door.ask_for("ok", &json!({"service": "exclude_asset_from_build", "selectors": ["new"]}));
    let set = json!({
        "address": "ui/badge", "labels": ["hud"], "preload": true, "sources": null, "settings": {"raw": null},
        "importer": [{"pattern": "**", "importer": "raw"}],
    });
    door.ask_for("ok", &json!({"service": "edit_asset", "selector": "ui/icon", "set": set}));
    let remove = json!({"service": "remove_asset", "selectors": ["ui/button"], "files": "quarantine"});
    door.ask_for("blocked", &remove);
    let mut preview = remove;
    preview["mode"] = "preview".into();
    let plan = door.ask_for("preview", &preview)["data"]["plan"].clone();
    let by_id = json!({"service": "remove_asset", "plan_id": plan["plan_id"], "consent": ["relocational"]});
    let entry = door.ask_for("ok", &by_id)["data"]["entries"][0]["entry_id"].clone();
    door.ask_for("blocked", &by_id);
    let restore = json!({"service": "restore_quarantined", "entry_id": entry, "mode": "preview"});
    let plan = door.ask_for("preview", &restore)["data"]["plan"].clone();
    let by_file = json!({"service": "restore_quarantined", "plan": plan, "consent": ["relocational"]});
    door.ask_for("ok", &by_file);
    let moved = json!({"service": "relocate_asset", "selector": "new", "to": "newer", "mode": "preview"});
    door.ask_for("preview", &moved);
    let history = door.ask_for("ok", &json!({"service": "get_history"}));
    let last = history["data"]["operations"][0]["operation_id"].clone();
    door.ask_for("preview", &json!({"service": "revert", "operation_id": last, "mode": "preview"}));
    door.ask(&json!({"service": "purge_quarantined", "entry_ids": ["none"]}));
    door.ask_for("ok", &json!({"service": "apply_fixes", "scope": "workspace"}));
    door.ask(&json!({"service": "allow_findings", "reason": "it is meant", "only": []}));
    door.ask_for("ok", &json!({"service": "prune_cache", "older_than_days": 7}));
    door.ask_for("ok", &json!({"service": "prune_cache"}));
    door.ask(&json!({"service": "recover", "choice": "keep"}));
    door.ask_for("blocked", &json!({"service": "init_workspace", "path": "/nowhere"}));
}

#[test]
fn what_is_no_request_is_not_of_the_schema() {
    let any = Validator::new(&Schemas::request_document()).expect("a schema");
    let id = "0199c0de-0000-7000-8000-00000000000a";
    for wrong in [
        json!({}),
        json!({"service": "dance"}),
        json!({"service": "build", "ful": true}),
        json!({"service": "build", "mode": "preview"}),
        json!({"service": "prune_cache", "mode": "preview"}),
        json!({"service": "prune_cache", "older_than_days": -1}),
        json!({"service": "remove_asset"}),
        json!({"service": "remove_asset", "selectors": ["a"], "mode": "perhaps"}),
        json!({"service": "remove_asset", "selectors": ["a"], "consent": ["destructive"]}),
        json!({"service": "remove_asset", "selectors": ["a"], "plan_id": id}),
        json!({"service": "remove_asset", "consent": ["destructive"]}),
        json!({"service": "edit_asset", "selector": "a", "set": {"importer": 7}}),
    ] {
        assert!(!any.is_valid(&wrong), "{wrong}");
        assert!(
            serde_json::from_value::<packwright::service::Request>(wrong.clone()).is_err()
                || wrong["set"] != Value::Null
        );
    }
}

#[test]
fn an_answer_that_lacks_any_field_is_not_of_the_schema() {
    let door = Door::open();
    let whole = door.ask_for("ok", &json!({"service": "list_assets"}));
    let of_service = validator(&door.schemas, door.schemas.response(Service::ListAssets));
    for field in whole.as_object().expect("an object").keys() {
        let mut less = whole.clone();
        less.as_object_mut().expect("an object").remove(field);
        assert!(!of_service.is_valid(&less), "{field}");
    }
    let asset = whole["data"]["assets"][0].clone();
    for field in asset.as_object().expect("an object").keys() {
        let mut less = whole.clone();
        less["data"]["assets"][0].as_object_mut().expect("an object").remove(field);
        assert!(!of_service.is_valid(&less), "{field}");
    }
}
