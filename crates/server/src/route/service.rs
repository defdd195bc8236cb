//! `POST /api/v1/projects/{project_id}/services/{service}`: asks a service of a project.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response as Reply;
use axum::routing::post;
use packwright::service::{HostAnswer, OperationClass, Request, Service};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::describe::{Described, Words};
use super::extract::{Names, json_body, project};
use super::{App, Route, place};
use crate::hosted::{Came, Ready};
use crate::operations::Operation;
use crate::shape::{self, Refusal, json_bytes};

const PATH: &str = "/api/v1/projects/{project_id}/services/{service}";

pub(super) fn route() -> Route {
    Route { path: PATH, handler: post(ask), describe }
}

const RESPOND_ASYNC: &str = "respond-async";

async fn ask(
    State(app): State<Arc<App>>,
    Names((id, service)): Names<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Reply, Refusal> {
    let hosted = project(&app, &id)?;
    let service = named(&service)?;
    let request = request(service, &json_body(&headers, body).await?)?;
    match hosted.ask(request).await? {
        Came::Answer(ready) => Ok(ready_reply(ready)),
        Came::Operation(operation) if prefers_async(&headers) => {
            let mut reply = running(&operation);
            reply
                .headers_mut()
                .insert(HeaderName::from_static("preference-applied"), HeaderValue::from_static(RESPOND_ASYNC));
            Ok(reply)
        }
        Came::Operation(operation) => match operation.wait().await {
            Some(ready) => Ok(ready_reply(ready)),
            None => Err(Refusal::failed("BUG: an operation ended without an answer")),
        },
    }
}

/// The answer of a service, as it is sent.
pub(super) fn ready_reply(Ready { status, body }: Ready) -> Reply {
    json_bytes(status, body)
}

/// What is said of an operation that has not ended.
pub(super) fn running(operation: &Operation) -> Reply {
    let answer = HostAnswer::running((operation.service, operation.class), operation.id, operation.project);
    let mut reply = shape::json(StatusCode::ACCEPTED, &answer);
    let place = operation.project.map(|project| format!("/api/v1/projects/{project}/operations/{}", operation.id));
    if let Some(place) = place.and_then(|place| HeaderValue::try_from(place).ok()) {
        reply.headers_mut().insert(header::LOCATION, place);
    }
    reply
}

fn describe(words: &mut Words) -> Vec<Described> {
    let of_projects = Service::ALL.iter().filter(|service| **service != Service::InitWorkspace);
    of_projects.map(|service| described(*service, words)).collect()
}

fn described(service: Service, words: &Words) -> Described {
    let (request, response) = (words.services.request(service), words.services.response(service));
    let refused = json!({"anyOf": [response, words.services.host_answer()]});
    let mut responses = json!({
        "200": Words::answer("The response.", response),
        "404": words.refused("No such project is open."),
        "409": Words::answer("Nothing was done: the blockers say why.", response),
        "422": Words::answer("Nothing was done: the request makes no sense.", &refused),
        "500": Words::answer("Something broke.", &refused),
    });
    if !matches!(service.class(), OperationClass::ReadOnly)
        || matches!(service, Service::Doctor | Service::GetStatus | Service::GetAssetDetails)
    {
        let mut running = words.refused("With `Prefer: respond-async`: it has not ended.");
        running["headers"] = json!({
            "Location": {"description": "Where its answer will be.", "schema": {"type": "string"}},
            "Preference-Applied": {"description": "That it was not waited for.", "schema": {"type": "string"}},
        });
        responses["202"] = running;
    }
    words.refuse_bodies(&mut responses);
    let operation = words.operation(service.name(), service.name(), responses);
    let path = PATH.replace("{service}", service.name());
    let prefer = json!({"name": "Prefer", "in": "header", "schema": {"type": "string", "examples": [RESPOND_ASYNC]},
        "description": "`respond-async` does not wait for an operation."});
    let body = json!({"required": true, "content": {"application/json": {"schema": request}}});
    Described::new(path, "post", operation)
        .with("parameters", json!([words.project_id(), prefer]))
        .with("requestBody", body)
        .with("x-operation-class", json!(service.class()))
}

fn prefers_async(headers: &HeaderMap) -> bool {
    let lines = headers.get_all("prefer").iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|one| one.trim().eq_ignore_ascii_case(RESPOND_ASYNC))
}

fn named(name: &str) -> Result<Service, Refusal> {
    let found = Service::ALL.iter().copied().find(|service| service.name() == name);
    match found {
        Some(Service::InitWorkspace) => {
            let help = "`POST /api/v1/projects` with `init` makes workspaces";
            Err(Refusal::not_found("`init_workspace` is no service of a project", help))
        }
        Some(service) => Ok(service),
        None => Err(Refusal::not_found("there is no such service", "`GET /api/v1/openapi.json` lists them")),
    }
}

/// The request that a body is.
fn request(service: Service, body: &[u8]) -> Result<Request, Refusal> {
    let help = "`GET /api/v1/openapi.json` says what each service takes";
    let wrong = |error: serde_json::Error| Refusal::bad_request(error.to_string(), help);
    let mut fields: Map<String, Value> = serde_json::from_slice(body).map_err(wrong)?;
    let said = fields.insert("service".to_owned(), service.name().into());
    if said.is_some_and(|said| said != service.name()) {
        return Err(Refusal::bad_request("`service` names another service than the address", help));
    }
    Request::deserialize(Value::Object(fields.clone())).map_err(|error| match place::of(service, fields) {
        Some(place) => Refusal::bad_request(format!("at `{place}`: {error}"), help),
        None => wrong(error),
    })
}
