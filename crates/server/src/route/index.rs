//! `GET /`: the page; and the login, by the launch code in the address.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response as Reply};
use axum::routing::get;
use tokio::task::spawn_blocking;

use serde_json::json;

use super::describe::{Described, Words};
use super::{App, Route};
use crate::door::Entry;
use crate::shape::Refusal;

pub(super) fn route() -> Route {
    Route { path: "/", handler: get(index), describe }
}

async fn index(
    State(app): State<Arc<App>>,
    Extension(entry): Extension<Arc<Entry>>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    if let Entry::Launched(cookie) = &*entry {
        let mut reply = to_page();
        reply.headers_mut().insert(header::SET_COOKIE, cookie.clone());
        return Ok(reply);
    }
    if query.is_some() {
        // So that no code stays in the browser's history.
        return Ok(to_page());
    }
    let read = spawn_blocking(move || app.page.index()).await;
    let bytes =
        read.map_err(|_| broken())?.map_err(|error| Refusal::failed(format!("the page cannot be read: {error}")))?;
    let mut reply = bytes.into_response();
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(reply)
}

fn describe(words: &mut Words) -> Vec<Described> {
    let html = json!({"text/html": {"schema": {"type": "string"}}});
    let mut operation = words.operation(
        "get_page",
        "The page; with `launch`, the login",
        json!({
            "200": {"description": "The page.", "content": html},
            "303": {"description": "To the page: the launch code was taken, and the cookie is set."},
        }),
    );
    for status in ["401", "403"] {
        // A browser is told in words.
        operation["responses"][status]["content"]["text/html"] = html["text/html"].clone();
    }
    let launch = json!({"name": "launch", "in": "query", "schema": {"type": "string"},
        "description": "The code of the address that `packwright studio` prints; good once."});
    vec![Described::new("/", "get", operation).with("parameters", json!([launch]))]
}

fn to_page() -> Reply {
    (StatusCode::SEE_OTHER, [(header::LOCATION, "/")]).into_response()
}

fn broken() -> Refusal {
    Refusal::failed("BUG: reading the page ended without an answer")
}
