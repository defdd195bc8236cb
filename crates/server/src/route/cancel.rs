//! `DELETE /api/v1/projects/{project_id}/operations/{operation_id}`: tells an operation to stop.
//!
//! One that has ended stays as it ended, and its answer is given as ever.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response as Reply;
use axum::routing::delete;

use super::describe::{Described, Words};
use super::extract::Names;
use super::operation::{PATH, described, find, said};
use super::{App, Route};
use crate::shape::Refusal;

pub(super) fn route() -> Route {
    Route { path: PATH, handler: delete(cancel), describe }
}

async fn cancel(
    State(app): State<Arc<App>>,
    Names((id, operation)): Names<(String, String)>,
) -> Result<Reply, Refusal> {
    let operation = find(&app, &id, &operation)?;
    operation.cancel();
    Ok(said(&operation))
}

fn describe(words: &mut Words) -> Vec<Described> {
    vec![described(
        words,
        "delete",
        "cancel_operation",
        "Tell an operation to stop; one that has ended stays as it ended",
    )]
}
