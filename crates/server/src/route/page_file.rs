//! `GET /page/{version}/{name}`: the files of the page.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response as Reply};
use axum::routing::get;
use tokio::task::spawn_blocking;

use serde_json::json;

use super::describe::{Described, Words};
use super::extract::Names;
use super::{App, Route};
use crate::page::File;
use crate::shape::Refusal;

pub(super) fn route() -> Route {
    Route { path: "/page/{version}/{*name}", handler: get(page_file), describe }
}

async fn page_file(
    State(app): State<Arc<App>>,
    Names((version, name)): Names<(String, String)>,
) -> Result<Reply, Refusal> {
    let read = spawn_blocking(move || app.page.file(&version, &name)).await;
    let read = read.map_err(|_| Refusal::failed("BUG: reading a file of the page ended without an answer"))?;
    match read.map_err(|error| Refusal::failed(format!("the page cannot be read: {error}")))? {
        Some(file) => Ok(reply(file)),
        None => Err(Refusal::not_found("the page has no such file", "load the page again")),
    }
}

fn describe(words: &mut Words) -> Vec<Described> {
    let operation = words.operation(
        "get_page_file",
        "A file of the page",
        json!({
            "200": {"description": "The file.", "content": {"*/*": {}}},
            "404": words.refused("The page has no such file."),
        }),
    );
    let part = |name: &str, description: &str| json!({"name": name, "in": "path", "required": true, "description": description, "schema": {"type": "string"}});
    let parameters = json!([part("version", "The hash of all files of the page."), part("name", "The file.")]);
    vec![Described::new("/page/{version}/{name}", "get", operation).with("parameters", parameters)]
}

fn reply(File { bytes, media_type, is_immutable }: File) -> Reply {
    let caching = if is_immutable { "private, max-age=31536000, immutable" } else { "no-store" };
    let mut reply = bytes.into_response();
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    reply
}
