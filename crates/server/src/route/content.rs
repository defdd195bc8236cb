//! `GET /api/v1/projects/{project_id}/content/{hash}`: the bytes of a source or a part, by their hash.
//!
//! They are a stranger's: a browser is told to show nothing of them but pictures, to play nothing but sounds, and to run
//! nothing. What the bytes are is read from themselves, and only from a list.

use std::io;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response as Reply};
use axum::routing::get;
use futures_core::Stream;
use packwright::service::Content;
use packwright::value::ContentHash;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::{JoinHandle, spawn_blocking};

use super::describe::{Described, Words};
use super::extract::{Names, project};
use super::media_type::media_type;
use super::range::{Asked, asked};
use super::{App, Route};
use crate::hosted::Hosted;
use crate::shape::Refusal;

pub(super) const PATH: &str = "/api/v1/projects/{project_id}/content/{hash}";

pub(super) fn route() -> Route {
    Route { path: PATH, handler: get(content), describe }
}

/// How many bytes are read at once.
const CHUNK: u64 = 256 << 10;
/// How much is looked at to say what the bytes are.
const SAMPLE: usize = 512;
/// Nothing in it runs, loads or is sent anywhere, whatever it is.
pub(super) const POLICY: &str = "default-src 'none'; sandbox";

async fn content(
    State(app): State<Arc<App>>,
    Names((id, hash)): Names<(String, String)>,
    headers: HeaderMap,
) -> Result<Reply, Refusal> {
    let hosted = project(&app, &id)?;
    let hash = hash_of(&hash)?;
    let permit = hosted.content_permit().await?;
    let (content, sample) = open(hosted, hash).await?;
    let tag = format!("\"{}\"", hash.to_hex());
    let mut reply = match asked(&headers, &tag, content.length) {
        Asked::Nothing => StatusCode::NOT_MODIFIED.into_response(),
        Asked::Outside => {
            let mut reply = Refusal::no_such_range(content.length).into_response();
            set(&mut reply, header::CONTENT_RANGE, &format!("bytes */{}", content.length));
            return Ok(reply);
        }
        Asked::Whole => body(content, (0, None), permit),
        Asked::Part(from, to) => body(content, (from, Some(to)), permit),
    };
    set(&mut reply, header::ETAG, &tag);
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(sample));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    Ok(reply)
}

/// The hash in an address: as answers spell it, or its digits alone.
pub(super) fn hash_of(text: &str) -> Result<ContentHash, Refusal> {
    let hash = ContentHash::from_str(text).or_else(|_| ContentHash::from_str(&format!("blake3:{text}")));
    hash.map_err(|_| Refusal::not_found("that is no hash of content", "send one that an answer named"))
}

/// Finds the content, and says what it is.
async fn open(hosted: Arc<Hosted>, hash: ContentHash) -> Result<(Content, &'static str), Refusal> {
    let found = spawn_blocking(move || {
        let Some(content) = find(&hosted, &hash)? else { return Err(nowhere()) };
        let mut sample = [0; SAMPLE];
        let length = content.read_at(&mut sample, 0).map_err(|error| unreadable(&error))?;
        let kind = media_type(&sample[..length], content.length as usize <= length, &content.name);
        Ok((content, kind))
    });
    found.await.map_err(|_| Refusal::failed("BUG: looking for content ended without an answer"))?
}

pub(super) fn find(hosted: &Hosted, hash: &ContentHash) -> Result<Option<Content>, Refusal> {
    hosted.project().content(hash).map_err(|error| Refusal::failed(format!("the content cannot be read: {error}")))
}

pub(super) fn nowhere() -> Refusal {
    let help = "`get_asset_details` with `hashes` says the hashes that there are now";
    Refusal::not_found("nothing that the project has now has that hash", help)
}

pub(super) fn unreadable(error: &io::Error) -> Refusal {
    Refusal::failed(format!("the content cannot be read: {error}"))
}

/// The bytes from the first to the last that is wanted, or to the end.
fn body(content: Content, (from, to): (u64, Option<u64>), permit: OwnedSemaphorePermit) -> Reply {
    let length = content.length;
    let end = to.map_or(length, |last| last + 1);
    let chunks = Chunks { content: Arc::new(content), at: from, end, reading: None, _permit: permit };
    let mut reply = Reply::new(Body::from_stream(chunks));
    set(&mut reply, header::CONTENT_LENGTH, &(end - from).to_string());
    if let Some(last) = to {
        *reply.status_mut() = StatusCode::PARTIAL_CONTENT;
        set(&mut reply, header::CONTENT_RANGE, &format!("bytes {from}-{last}/{length}"));
    }
    reply
}

fn set(reply: &mut Reply, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
}

/// The bytes, a chunk at a time, each read when the one before is sent.
struct Chunks {
    content: Arc<Content>,
    at: u64,
    end: u64,
    reading: Option<JoinHandle<io::Result<Vec<u8>>>>,
    _permit: OwnedSemaphorePermit,
}

impl Stream for Chunks {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.at >= this.end {
            return Poll::Ready(None);
        }
        let (content, at, wanted) = (&this.content, this.at, (this.end - this.at).min(CHUNK));
        let reading = this.reading.get_or_insert_with(|| {
            let content = Arc::clone(content);
            spawn_blocking(move || {
                let mut chunk = vec![0; wanted as usize];
                let read = content.read_at(&mut chunk, at)?;
                chunk.truncate(read);
                Ok(chunk)
            })
        });
        let read = ready!(Pin::new(reading).poll(context));
        this.reading = None;
        Poll::Ready(Some(match read {
            Ok(Ok(chunk)) if chunk.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(Ok(chunk)) => {
                this.at += chunk.len() as u64;
                Ok(chunk.into())
            }
            // What was promised cannot be kept: the connection ends before its time, which the client sees.
            Ok(Err(error)) => Err(error),
            Err(error) => Err(io::Error::other(error)),
        }))
    }
}

fn describe(words: &mut Words) -> Vec<Described> {
    let bytes: Value = json!({"description": "The bytes; `Content-Type` says what they are, from a fixed list.",
        "content": {"*/*": {}}});
    let operation = words.operation(
        "get_content",
        "The bytes of a source or a part, by their hash",
        json!({
            "200": bytes,
            "206": {"description": "The range that was asked for.", "content": {"*/*": {}}},
            "304": {"description": "The client has them."},
            "404": words.refused("Nothing that the project has now has that hash."),
            "416": words.refused("The range lies outside."),
        }),
    );
    let parameters = json!([words.project_id(), words.hash(), {
        "name": "Range", "in": "header", "schema": {"type": "string", "examples": ["bytes=0-1023"]},
        "description": "One range of bytes; others are passed over."
    }]);
    vec![Described::new(PATH, "get", operation).with("parameters", parameters)]
}
