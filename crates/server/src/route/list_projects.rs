//! `GET /api/v1/projects`: the projects that are open.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response as Reply;
use axum::routing::get;
use packwright::diagnose::Diagnostic;
use packwright::service::RuntimeState;
use serde::Serialize;
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::{App, Route};
use crate::container::Listed;
use crate::hosted::Hosted;
use crate::shape::{Refusal, Shape, Word, json};

pub(super) fn route() -> Route {
    Route { path: "/api/v1/projects", handler: get(list_projects) }
}

/// A project, and how it is.
#[derive(Debug, Serialize)]
pub(super) struct Project {
    #[serde(flatten)]
    listed: Listed,
    /// The snapshot that this was read from.
    revision: Option<u64>,
    /// How fresh that is.
    runtime_state: RuntimeState,
    /// What is wrong with a project that has no id; empty for others, which say it themselves.
    diagnostics: Vec<Diagnostic>,
}

impl Project {
    pub(super) fn of(hosted: &Hosted) -> Self {
        let (listed, status) = (hosted.listed(), hosted.status());
        let diagnostics = if listed.project_id.is_none() { status.diagnostics } else { Vec::new() };
        Self { listed, revision: status.revision, runtime_state: status.runtime_state, diagnostics }
    }
}

async fn list_projects(State(app): State<Arc<App>>) -> Result<Reply, Refusal> {
    let listing = spawn_blocking(move || app.container.projects().iter().map(|one| Project::of(one)).collect::<Vec<_>>());
    let projects = listing.await.map_err(|_| Refusal::failed("BUG: listing ended without an answer"))?;
    let mut shape = Shape { summary: counted(projects.len()), ..Shape::new(Word::Ok) };
    shape.data.insert("projects".to_owned(), serde_json::to_value(projects).unwrap_or(Value::Null));
    Ok(json(StatusCode::OK, &shape))
}

fn counted(n: usize) -> String {
    if n == 1 { "1 project is open".to_owned() } else { format!("{n} projects are open") }
}
