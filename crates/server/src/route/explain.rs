//! `GET /api/v1/diagnostics/{code}`: what a code of a finding means, as its manual page says it.

use std::str::FromStr;

use axum::http::StatusCode;
use axum::response::Response as Reply;
use axum::routing::get;
use packwright::diagnose::{Class, Code, Severity};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::Route;
use super::describe::{Described, Words};
use super::extract::Names;
use crate::shape::{Done, Refusal, json as reply};

const PATH: &str = "/api/v1/diagnostics/{code}";

pub(super) fn route() -> Route {
    Route { path: PATH, handler: get(explain), describe }
}

/// A code of a finding, explained.
#[derive(Debug, Serialize, JsonSchema)]
struct ExplainedData {
    /// The code.
    code: Code,
    /// Its name.
    name: &'static str,
    /// Structural or hygiene.
    class: Class,
    /// How bad, where the settings do not say otherwise.
    severity: Severity,
    /// Its manual page, as text for people.
    page: &'static str,
}

async fn explain(Names(name): Names<String>) -> Result<Reply, Refusal> {
    let by_name = || Code::ALL.iter().copied().find(|code| code.name() == name);
    let Some(code) = Code::from_str(&name).ok().or_else(by_name) else {
        return Err(Refusal::not_found("there is no such code of a finding", "`packwright explain` lists them"));
    };
    let (class, severity) = (code.class(), code.default_severity());
    let data = ExplainedData { code, name: code.name(), class, severity, page: code.page() };
    Ok(reply(StatusCode::OK, &Done::new(code.name(), data)))
}

fn describe(words: &mut Words) -> Vec<Described> {
    let explained = words.schema::<Done<ExplainedData>>();
    let responses = json!({
        "200": Words::answer("The code, explained.", &explained),
        "404": words.refused("There is no such code."),
    });
    let code = json!({
        "name": "code", "in": "path", "required": true, "schema": {"type": "string"},
        "description": "A code, such as `S203`, or its name.",
    });
    let operation = words.operation("explain", "What a code of a finding means", responses);
    vec![Described::new(PATH, "get", operation).with("parameters", json!([code]))]
}
