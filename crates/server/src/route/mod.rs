//! The routes, one a file, and what stands on every answer.

mod cancel;
mod content;
mod describe;
mod events;
mod explain;
mod extract;
mod index;
mod list_projects;
mod media_type;
mod open_project;
mod openapi;
mod operation;
mod page_file;
mod place;
mod range;
mod service;
mod thumbnail;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, Method, Request};
use axum::response::{IntoResponse, Response as Reply};
use axum::routing::MethodRouter;
use tokio::sync::{Semaphore, watch};

use self::describe::{Described, Words};
use crate::container::Container;
use crate::door::Door;
use crate::frames::Frames;
use crate::page::Page;
use crate::probe::SERVER;
use crate::shape::Refusal;

/// The description of all routes.
pub(crate) fn openapi() -> serde_json::Value {
    openapi::document()
}

/// How many event streams there are at once.
const STREAMS: usize = 64;

/// How many workspaces are opened or made at once; more wait.
const OPENINGS: usize = 8;

/// What the routes have in common.
pub(crate) struct App {
    pub(crate) container: Container,
    pub(crate) door: Door,
    page: Page,
    heartbeat: Duration,
    /// True when the service ends.
    stopped: watch::Receiver<bool>,
    streams: Arc<Semaphore>,
    frames: Arc<Frames>,
    openings: Arc<Semaphore>,
}

impl App {
    pub(crate) fn new(
        container: Container,
        door: Door,
        page: Page,
        heartbeat: Duration,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        let places = |n| Arc::new(Semaphore::new(n));
        let frames = Arc::new(Frames::new(container.event_bus().run_id()));
        Self { container, door, page, heartbeat, stopped, frames, streams: places(STREAMS), openings: places(OPENINGS) }
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("App(…)")
    }
}

/// One route: where it is, what answers there, and how it describes itself.
struct Route {
    path: &'static str,
    handler: MethodRouter<Arc<App>>,
    describe: fn(&mut Words) -> Vec<Described>,
}

/// Every route.
fn table() -> Vec<Route> {
    vec![
        index::route(),
        page_file::route(),
        list_projects::route(),
        open_project::route(),
        service::route(),
        operation::route(),
        cancel::route(),
        events::route(),
        explain::route(),
        content::route(),
        thumbnail::route(),
        openapi::route(),
    ]
}

/// The routes, on this state.
pub(crate) fn router(app: &Arc<App>) -> Router {
    let mut router = Router::new();
    for Route { path, handler, .. } in table() {
        router = router.route(path, handler);
    }
    router.fallback(nowhere).method_not_allowed_fallback(wrong_method).with_state(Arc::clone(app))
}

async fn nowhere() -> Refusal {
    Refusal::not_found("there is no such route", "`GET /api/v1/openapi.json` lists them")
}

async fn wrong_method() -> Refusal {
    Refusal::wrong_method()
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What stands on every answer, unless the route said something stricter.
pub(crate) fn set_headers(reply: &mut Reply) {
    let headers = reply.headers_mut();
    let policy = header::CONTENT_SECURITY_POLICY;
    headers.entry(policy).or_insert(HeaderValue::from_static(POLICY));
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::SERVER, SERVER);
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// Whether somebody wants to look at the page, and is to be told in words.
pub(crate) fn is_navigation<B>(request: &Request<B>) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|accepts| accepts.to_str().ok());
    let wants_html = accepts.is_some_and(|accepts| accepts.contains("text/html"));
    request.method() == Method::GET && request.uri().path() == "/" && wants_html
}

/// A refusal in words. They are our own, with nothing in them of the request.
pub(crate) fn refused_page(refusal: &Refusal) -> Reply {
    let message = refusal.message();
    let text = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Packwright</title>\
        <h1>Packwright does not open this page</h1><p>Because {message}.</p>\
        <p>Go to the terminal that <code>packwright studio</code> runs in and open the address that it printed. \
        It can be used once, and for some minutes; end the command with Ctrl-C and start it again for a new one.</p>"
    );
    let mut reply = (refusal.status(), text).into_response();
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    reply
}
