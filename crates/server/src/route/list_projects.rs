//! `GET /api/v1/projects`: the projects that are open.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response as Reply;
use axum::routing::get;
use packwright::diagnose::Diagnostic;
use packwright::service::RuntimeState;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use tokio::task::spawn_blocking;

use super::describe::{Described, Words};
use super::{App, Route};
use crate::container::Listed;
use crate::hosted::Hosted;
use crate::shape::{Done, Refusal, json};

pub(super) const PATH: &str = "/api/v1/projects";

pub(super) fn route() -> Route {
    Route { path: PATH, handler: get(list_projects), describe }
}

/// The projects that are open.
#[derive(Debug, Serialize, JsonSchema)]
struct ProjectsData {
    /// In the order in which they were opened.
    projects: Vec<OpenProject>,
}

/// A project that is open, and how it is.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OpenProject {
    #[serde(flatten)]
    listed: Listed,
    /// The snapshot that this was read from.
    revision: Option<u64>,
    /// How fresh that is.
    runtime_state: RuntimeState,
    /// What is wrong with a project that has no id; empty for others, which say it themselves.
    diagnostics: Vec<Diagnostic>,
}

impl OpenProject {
    pub(super) fn of(hosted: &Hosted, listed: Listed) -> Self {
        let status = hosted.status();
        let diagnostics = if listed.project_id.is_none() { status.diagnostics } else { Vec::new() };
        Self { listed, revision: status.revision, runtime_state: status.runtime_state, diagnostics }
    }
}

async fn list_projects(State(app): State<Arc<App>>) -> Result<Reply, Refusal> {
    let listing = spawn_blocking(move || {
        app.container.listing().into_iter().map(|(one, listed)| OpenProject::of(&one, listed)).collect()
    });
    let projects: Vec<OpenProject> =
        listing.await.map_err(|_| Refusal::failed("BUG: listing ended without an answer"))?;
    Ok(json(StatusCode::OK, &Done::new(counted(projects.len()), ProjectsData { projects })))
}

fn counted(n: usize) -> String {
    if n == 1 { "1 project is open".to_owned() } else { format!("{n} projects are open") }
}

fn describe(words: &mut Words) -> Vec<Described> {
    let listed = words.schema::<Done<ProjectsData>>();
    let responses = json!({"200": Words::answer("The projects that are open.", &listed)});
    vec![Described::new(PATH, "get", words.operation("list_projects", "The projects that are open", responses))]
}
