//! `GET /api/v1/projects/{project_id}/content/{hash}/thumbnail`: a small picture of a source or a part.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response as Reply};
use axum::routing::get;
use packwright::service::{Content, ContentOrigin};
use serde::Deserialize;
use serde_json::json;
use tokio::task::spawn_blocking;

use super::content::{POLICY, find, hash_of, nowhere, unreadable};
use super::describe::{Described, Words};
use super::extract::{Names, project};
use super::{App, Route};
use crate::shape::Refusal;

const PATH: &str = "/api/v1/projects/{project_id}/content/{hash}/thumbnail";

pub(super) fn route() -> Route {
    Route { path: PATH, handler: get(thumbnail), describe }
}

/// The longest side, where nothing is said.
const SIDE: u32 = 256;
/// The longest side that can be asked for.
const MAX_SIDE: u32 = 1024;
/// The most bytes that a picture is made of.
const MAX_BYTES: u64 = 128 << 20;

/// How large.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default = "side")]
    side: u32,
}

const fn side() -> u32 {
    SIDE
}

async fn thumbnail(
    State(app): State<Arc<App>>,
    Names((id, hash)): Names<(String, String)>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Reply, Refusal> {
    let help = "`side` may be said, from 1 to 1024";
    let Query(Wanted { side }) = wanted.map_err(|error| Refusal::bad_request(error.body_text(), help))?;
    if !(1..=MAX_SIDE).contains(&side) {
        return Err(Refusal::bad_request(format!("a side of {side} pixels cannot be had"), help));
    }
    let (hosted, hash) = (project(&app, &id)?, hash_of(&hash)?);
    let thumbnails = app.container.thumbnails().cloned().ok_or_else(no_picture)?;
    let permit = hosted.picture_permit().await?;
    let making = spawn_blocking(move || {
        let _permit = permit;
        let content = find(&hosted, &hash)?.ok_or_else(nowhere)?;
        if content.length > MAX_BYTES {
            return Err(no_picture());
        }
        let (name, bytes) = (name_of(&content), whole(&content)?);
        thumbnails(&bytes, &name, side).ok_or_else(no_picture)
    });
    let png = making.await.map_err(|_| Refusal::failed("BUG: a picture ended without an answer"))??;
    let mut reply = png.into_response();
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(reply)
}

/// A name whose ending says what the bytes are: a source has one, a part has a format.
fn name_of(content: &Content) -> String {
    match (&content.format, content.origin) {
        (Some(format), ContentOrigin::Cache | ContentOrigin::Pack) => format!("part.{format}"),
        _ => content.name.clone(),
    }
}

fn whole(content: &Content) -> Result<Vec<u8>, Refusal> {
    if let Some(bytes) = content.bytes() {
        return Ok(bytes.to_vec());
    }
    let mut bytes = vec![0; content.length as usize];
    let mut at = 0;
    while at < bytes.len() {
        match content.read_at(&mut bytes[at..], at as u64).map_err(|error| unreadable(&error))? {
            0 => return Err(unreadable(&std::io::ErrorKind::UnexpectedEof.into())),
            read => at += read,
        }
    }
    Ok(bytes)
}

fn no_picture() -> Refusal {
    Refusal::not_found("there is no picture of that content", "pictures are made of images and sounds")
}

fn describe(words: &mut Words) -> Vec<Described> {
    let operation = words.operation(
        "get_thumbnail",
        "A small picture of a source or a part",
        json!({
            "200": {"description": "A PNG.", "content": {"image/png": {}}},
            "404": words.refused("Nothing has that hash, or there is no picture of it."),
            "422": words.refused("`side` is none that can be had."),
        }),
    );
    let side = json!({"name": "side", "in": "query", "description": "The longest side, in pixels.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_SIDE, "default": SIDE}});
    let parameters = json!([words.project_id(), words.hash(), side]);
    vec![Described::new(PATH, "get", operation).with("parameters", parameters)]
}
