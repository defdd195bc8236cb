//! The description, held against what is answered.

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::client::Reply;
use crate::support::Studio;

/// The description of one service.
struct Description {
    document: Value,
}

impl Description {
    fn of(studio: &Studio) -> Self {
        Self { document: studio.get("/api/v1/openapi.json").json() }
    }

    /// Asserts that an answer is one of those that the route is described with.
    fn has(&self, path: &str, method: &str, reply: &Reply) {
        let described = &self.document["paths"][path][method]["responses"][reply.status.to_string()];
        assert!(described.is_object(), "{method} {path} answers {}: {}", reply.status, reply.text());
        let schema = &described["content"]["application/json"]["schema"];
        if schema.is_null() {
            return;
        }
        let mut whole = schema.clone();
        // Definitions stand where the description has them.
        whole["components"] = self.document["components"].clone();
        let validator: Validator = jsonschema::draft202012::new(&whole).expect("a schema");
        let answer = reply.json();
        let wrong: Vec<_> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{method} {path}: {wrong:?} in {answer}");
    }
}

#[test]
fn what_is_answered_is_as_it_is_described() {
    let studio = Studio::new();
    let description = Description::of(&studio);
    let service = "/api/v1/projects/{project_id}/services/";
    for (name, body) in [
        ("get_status", json!({})),
        ("list_assets", json!({"limit": 10})),
        ("list_assets", json!({"sort": "beauty"})),
        ("get_asset_details", json!({"selector": "ui/button", "hashes": true})),
        ("get_asset_details", json!({"selector": "none"})),
        ("register_asset", json!({"roots": ["texts/intro"]})),
        ("edit_asset", json!({"selector": "ui/button", "set": {"labels": ["ui"]}})),
        ("remove_asset", json!({"selectors": ["ui/button"], "files": "quarantine"})),
        ("remove_asset", json!({"selectors": ["ui/button"], "files": "delete", "mode": "preview"})),
        ("doctor", json!({"scope": "workspace"})),
        ("build", json!({})),
        ("get_compile_surface", json!({})),
        ("get_history", json!({})),
        ("list_quarantine", json!({})),
        ("prune_cache", json!({})),
        ("prune_cache", json!({"older_than_days": "all"})),
        ("dance", json!({})),
    ] {
        let reply = studio.ask(name, &body);
        if name != "dance" {
            description.has(&format!("{service}{name}"), "post", &reply);
        }
    }
    let running = studio.ask_async("build", &json!({}));
    description.has(&format!("{service}build"), "post", &running);
    let id = running.json()["operation_id"].as_str().expect("an operation").to_owned();
    let operation = "/api/v1/projects/{project_id}/operations/{operation_id}";
    description.has(operation, "get", &studio.get(&studio.operation(&id)));
    description.has(operation, "delete", &studio.delete(&studio.operation(&id)));
    description.has(operation, "get", &studio.get(&studio.operation("none")));

    description.has("/api/v1/projects", "get", &studio.get("/api/v1/projects"));
    let fresh = studio.tree.at("fresh").display().to_string();
    for body in [
        json!({"path": fresh}),
        json!({"path": fresh, "init": true}),
        json!({"path": fresh, "init": true}),
        json!({"path": fresh}),
        json!({"path": "relative"}),
    ] {
        description.has("/api/v1/projects", "post", &studio.post("/api/v1/projects", &body));
    }
    description.has("/api/v1/openapi.json", "get", &studio.get("/api/v1/openapi.json"));
    description.has("/", "get", &studio.get("/"));
}

#[test]
fn requests_are_described_as_they_are_taken() {
    let studio = Studio::new();
    let document = studio.get("/api/v1/openapi.json").json();
    let path = "/api/v1/projects/{project_id}/services/list_assets";
    let mut schema = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"].clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    for (body, is_right) in [
        (json!({}), true),
        (json!({"filter": {"included": true}, "sort": "bytes", "limit": 7}), true),
        (json!({"filter": {"txt": "a"}}), false),
        (json!({"sort": "beauty"}), false),
        (json!({"limit": "many"}), false),
    ] {
        assert_eq!(validator.is_valid(&body), is_right, "{body}");
        assert_eq!(studio.ask("list_assets", &body).status == 200, is_right, "{body}");
    }
}
