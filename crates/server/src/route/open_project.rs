//! `POST /api/v1/projects`: opens a workspace, or makes one first.

use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response as Reply};
use axum::routing::post;
use packwright::OpenError;
use packwright::service::{BlockerCode, InitWorkspace, Status};
use serde::Deserialize;
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::extract::json_body;
use super::list_projects::Project;
use super::{App, Route};
use crate::hosted::Ready;
use crate::shape::{Refusal, Shape, Word, json, json_bytes};

pub(super) fn route() -> Route {
    Route { path: "/api/v1/projects", handler: post(open_project) }
}

/// What to open.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenProject {
    /// The folder, absolute, as the host's file system names it.
    path: String,
    /// Whether to make it a workspace first.
    #[serde(default)]
    init: bool,
    /// The name of a project that is made; by default the folder's.
    #[serde(default)]
    name: Option<String>,
}

async fn open_project(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Result<Reply, Refusal> {
    let body = json_body(&headers, body).await?;
    let wanted: OpenProject = serde_json::from_slice(&body)
        .map_err(|error| Refusal::bad_request(error.to_string(), "send `path`, and `init` to make a workspace there"))?;
    if !Path::new(&wanted.path).is_absolute() {
        return Err(Refusal::bad_request("`path` must be absolute", "name the folder from the root of the file system"));
    }
    if wanted.name.is_some() && !wanted.init {
        return Err(Refusal::bad_request("`name` goes with `init`", "a workspace that is there has its name"));
    }
    let opening = spawn_blocking(move || open(&app, wanted));
    opening.await.map_err(|_| Refusal::failed("BUG: opening ended without an answer"))?
}

fn open(app: &App, OpenProject { path, init, name }: OpenProject) -> Result<Reply, Refusal> {
    if app.container.is_full() {
        return Err(Refusal::too_many("as many projects as there may be are open"));
    }
    if init {
        let response = app.container.init(InitWorkspace { path: path.clone(), name, assets: "assets".to_owned() });
        if response.status != Status::Ok {
            let Ready { status, body } = Ready::of(&response);
            return Ok(json_bytes(status, body));
        }
    }
    let hosted = app.container.host(Path::new(&path)).map_err(refused)?;
    let project = Project::of(&hosted);
    let made = if init { "made and opened" } else { "opened" };
    let mut shape = Shape { summary: made.to_owned(), project_id: hosted.project().id(), ..Shape::new(Word::Ok) };
    shape.data.insert("project".to_owned(), serde_json::to_value(project).unwrap_or(Value::Null));
    Ok(json(StatusCode::OK, &shape))
}

fn refused(error: OpenError) -> Refusal {
    let message = error.to_string();
    match error {
        OpenError::NoWorkspace(_) => {
            let help = "name a folder that holds a packwright.toml, or send `init` to make this one a workspace";
            Refusal::blocked(BlockerCode::NoWorkspace, message, help)
        }
        OpenError::ProjectIdInUse { .. } => {
            let help = "if one is a copy meant to live on its own, give its packwright.toml another `id`";
            Refusal::blocked(BlockerCode::ProjectIdInUse, message, help)
        }
        OpenError::Unreadable { .. } => Refusal::failed(message),
    }
}

#[allow(dead_code, reason = "a refusal is an answer too")]
fn reply(refusal: Refusal) -> Reply {
    refusal.into_response()
}
