//! `POST /api/v1/projects`: opens a workspace, or makes one first.

use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response as Reply;
use axum::routing::post;
use packwright::OpenError;
use packwright::service::{BlockerCode, Data, InitWorkspace, OperationClass, Service, Status};
use packwright::value::RelPath;
use packwright::workspace::layout;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json as value};
use tokio::task::spawn_blocking;

use super::describe::{Described, Words};
use super::extract::json_body;
use super::list_projects::{OpenProject, PATH};
use super::{App, Route};
use crate::shape::{Done, Refusal, http_status, json};

pub(super) fn route() -> Route {
    Route { path: PATH, handler: post(open_project), describe }
}

/// The longest path, in bytes: what Linux takes.
const MAX_PATH: usize = 4_095;

/// What to open.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OpenWorkspace {
    /// The folder, absolute, as the host's file system names it.
    path: String,
    /// Whether to make it a workspace first.
    #[serde(default)]
    init: bool,
    /// The name of a project that is made; by default the folder's.
    #[serde(default)]
    name: Option<String>,
}

/// The project that was opened.
#[derive(Debug, Serialize, JsonSchema)]
struct OpenedData {
    /// It.
    project: OpenProject,
    /// The files written or extended, relative to the workspace, where it was made.
    written: Vec<RelPath>,
}

async fn open_project(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Result<Reply, Refusal> {
    let body = json_body(&headers, body).await?;
    let wanted: OpenWorkspace = serde_json::from_slice(&body).map_err(|error| {
        Refusal::bad_request(error.to_string(), "send `path`, and `init` to make a workspace there")
    })?;
    if !Path::new(&wanted.path).is_absolute() {
        return Err(Refusal::bad_request(
            "`path` must be absolute",
            "name the folder from the root of the file system",
        ));
    }
    if wanted.path.contains('\0') || wanted.path.len() > MAX_PATH {
        return Err(Refusal::bad_request("`path` is no path", "name a folder that there is, or can be"));
    }
    if wanted.name.is_some() && !wanted.init {
        return Err(Refusal::bad_request("`name` goes with `init`", "a workspace that is there has its name"));
    }
    let place = Arc::clone(&app.openings).acquire_owned().await;
    let opening = spawn_blocking(move || {
        let _place = place;
        open(&app, wanted)
    });
    opening.await.map_err(|_| Refusal::failed("BUG: opening ended without an answer"))?
}

fn open(app: &App, OpenWorkspace { path, init, name }: OpenWorkspace) -> Result<Reply, Refusal> {
    if app.container.is_full() {
        return Err(Refusal::too_many("as many projects as there may be are open"));
    }
    let made = if init {
        let wanted = InitWorkspace { path: path.clone(), name, assets: layout::ASSETS.to_owned() };
        let response = app.container.init(wanted);
        if response.status != Status::Ok {
            return Ok(json(http_status(&response), &response));
        }
        Some(response)
    } else {
        None
    };
    let hosted = app.container.host(Path::new(&path)).map_err(|error| refused(&error))?;
    let data = OpenedData {
        project: OpenProject::of(&hosted, hosted.listed()),
        written: match made.as_ref().map(|response| &response.data) {
            Some(Data::InitWorkspace(made)) => made.written.clone(),
            _ => Vec::new(),
        },
    };
    let mut answer = match made {
        Some(response) => Done::by(response, data),
        None => Done::new("the workspace is open", data),
    };
    answer.project_id = hosted.project().id();
    Ok(json(StatusCode::OK, &answer))
}

fn refused(error: &OpenError) -> Refusal {
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
        OpenError::Unreadable { .. } => {
            Refusal::blocked(BlockerCode::NoWorkspace, message, "name a folder that can be read")
        }
    }
}

fn describe(words: &mut Words) -> Vec<Described> {
    let (opened, made) = (words.schema::<Done<OpenedData>>(), words.services.response(Service::InitWorkspace).clone());
    let blocked = value!({"anyOf": [words.services.host_answer(), made]});
    let mut responses = value!({
        "200": Words::answer("It is open.", &opened),
        "409": Words::answer("Nothing was opened: the blockers say why.", &blocked),
        "422": Words::answer("The request makes no sense; the message names the place.", &blocked),
        "500": Words::answer("Something broke.", &blocked),
    });
    words.refuse_bodies(&mut responses);
    let mut request = Value::from(schemars::schema_for!(OpenWorkspace));
    request.as_object_mut().map(|schema| schema.remove("$schema"));
    let summary = "Open a workspace; or make one, with `init`, which is the service `init_workspace`";
    let body = value!({"required": true, "content": {"application/json": {"schema": request}}});
    let described = Described::new(PATH, "post", words.operation("open_project", summary, responses));
    vec![described.with("requestBody", body).with("x-operation-class", value!(OperationClass::WorkspaceMutation))]
}
