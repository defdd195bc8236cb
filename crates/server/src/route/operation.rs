//! `GET /api/v1/projects/{project_id}/operations/{operation_id}`: what became of an operation.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response as Reply;
use axum::routing::get;
use packwright::value::OperationId;
use serde_json::json;

use super::describe::{Described, Words};
use super::extract::{Names, project};
use super::service::{ready_reply, running};
use super::{App, Route};
use crate::operations::Operation;
use crate::shape::Refusal;

pub(super) const PATH: &str = "/api/v1/projects/{project_id}/operations/{operation_id}";

pub(super) fn route() -> Route {
    Route { path: PATH, handler: get(operation), describe }
}

async fn operation(
    State(app): State<Arc<App>>,
    Names((id, operation)): Names<(String, String)>,
) -> Result<Reply, Refusal> {
    let operation = find(&app, &id, &operation)?;
    Ok(said(&operation))
}

fn describe(words: &mut Words) -> Vec<Described> {
    vec![described(words, "get", "get_operation", "What became of an operation")]
}

/// What both routes of an operation say.
pub(super) fn described(words: &Words, method: &'static str, id: &str, summary: &str) -> Described {
    let any = Words::any_response();
    let operation = words.operation(id, summary, json!({
        "200": Words::answer("It has ended: its response.", &any),
        "202": words.refused("It has not ended."),
        "404": words.refused("No such operation runs, and no answer of it is kept: `get_history` may have it."),
        "409": Words::answer("It has ended: its response, which was blocked.", &any),
        "422": Words::answer("It has ended: its response, which was a bad request.", &any),
        "500": Words::answer("It has ended: its response, which failed.", &json!({"anyOf": [any, words.services.host_answer()]})),
    }));
    Described::new(PATH, method, operation).with("parameters", json!([words.project_id(), words.operation_id()]))
}

/// The operation, where it runs or its answer is kept.
pub(super) fn find(app: &App, project_id: &str, operation_id: &str) -> Result<Arc<Operation>, Refusal> {
    let hosted = project(app, project_id)?;
    let found = OperationId::from_str(operation_id).ok().and_then(|id| hosted.operations().get(id));
    found.ok_or_else(|| {
        let help = "answers are kept for a while; `get_history` has what came of each mutation";
        Refusal::not_found("no operation of this id runs, and no answer of one is kept", help)
    })
}

/// Its answer, or that it has none yet.
pub(super) fn said(operation: &Operation) -> Reply {
    match operation.ready() {
        Some(ready) => ready_reply(ready),
        None => running(operation),
    }
}
