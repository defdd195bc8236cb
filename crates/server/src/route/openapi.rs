//! `GET /api/v1/openapi.json`: the description of all routes, made from their table and the types of the services.

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response as Reply;
use axum::routing::get;
use serde_json::{Value, json};

use super::describe::{Described, Words};
use super::{App, Route, table};
use crate::shape::json_bytes;

const PATH: &str = "/api/v1/openapi.json";

pub(super) fn route() -> Route {
    Route { path: PATH, handler: get(openapi), describe }
}

async fn openapi(State(_): State<Arc<App>>) -> Reply {
    static MADE: OnceLock<Bytes> = OnceLock::new();
    let made = MADE.get_or_init(|| serde_json::to_vec(&document()).unwrap_or_default().into());
    json_bytes(StatusCode::OK, made.clone())
}

/// The description.
pub(super) fn document() -> Value {
    let mut words = Words::new();
    let mut paths = json!({});
    for Route { describe, .. } in table() {
        for Described { path, method, operation } in describe(&mut words) {
            paths[path][method] = operation;
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Packwright",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The services of the asset packer over HTTP, for a Studio. Every answer has the shape of a `Response`.",
        },
        "servers": [{"url": "/", "description": "This machine alone."}],
        "security": [{"token": []}, {"cookie": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer",
                    "description": "The token that `packwright studio --json` prints; new at each start."},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "packwright-PORT",
                    "description": "What the one-time address becomes in a browser; the name has the port in it."},
            },
            "schemas": words.into_definitions(),
        },
    })
}

fn describe(words: &mut Words) -> Vec<Described> {
    let described = Words::answer("This description.", &json!({"type": "object"}));
    let operation = words.operation("get_openapi", "The description of all routes", json!({"200": described}));
    vec![Described::new(PATH, "get", operation)]
}

#[cfg(test)]
mod tests {
    use packwright::service::Service;

    use super::*;

    fn operations(document: &Value) -> Vec<(&String, &String, &Value)> {
        let paths = document["paths"].as_object().expect("paths");
        paths
            .iter()
            .flat_map(|(path, methods)| {
                methods.as_object().into_iter().flatten().map(move |(method, operation)| (path, method, operation))
            })
            .collect()
    }

    #[test]
    fn opc_2_every_service_is_described_with_its_class() {
        let document = document();
        for service in Service::ALL.iter().filter(|service| **service != Service::InitWorkspace) {
            let path = format!("/api/v1/projects/{{project_id}}/services/{}", service.name());
            let operation = &document["paths"][&path]["post"];
            assert_eq!(operation["x-operation-class"], json!(service.class()), "{path}");
            assert!(operation["requestBody"]["content"]["application/json"]["schema"].is_object(), "{path}");
        }
        assert_eq!(document["paths"]["/api/v1/projects"]["post"]["x-operation-class"], "workspace_mutation");
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_and_says_who_may_not_come_in() {
        let document = document();
        let operations = operations(&document);
        let mut names: Vec<_> = operations.iter().map(|(_, _, operation)| operation["operationId"].as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert!(names.iter().all(Option::is_some));
        assert_eq!(names.len(), operations.len());
        for (path, method, operation) in operations {
            for status in ["401", "403", "405", "500"] {
                assert!(operation["responses"][status].is_object(), "{method} {path} {status}");
            }
            for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let parameters = operation["parameters"].as_array().expect("parameters");
                assert!(parameters.iter().any(|one| one["name"] == name && one["in"] == "path"), "{path} {name}");
            }
        }
    }

    #[test]
    fn everything_that_is_referred_to_is_there() {
        let document = document();
        let text = document.to_string();
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        for name in text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(schemas.contains_key(name), "{name}");
        }
        assert!(!text.contains("#/$defs"), "all of it is in one place");
    }
}
