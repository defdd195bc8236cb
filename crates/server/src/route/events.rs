//! `GET /api/v1/events`: the events of all projects, as they happen, in one stream.
//!
//! A stream is a reader of the bus at the pace of its client. The bus waits for none of them; one that is too slow finds a
//! gap. What is held for a client is one chunk here and the connection's buffer.

use std::convert::Infallible;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response as Reply;
use axum::routing::get;
use futures_core::Stream;
use packwright::event::{Event, EventBus, Filter, Kind, Subscription};
use packwright::value::{ProjectId, RunId};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::describe::{Described, Words};
use super::{App, Route};
use crate::frames::Frames;
use crate::shape::Refusal;

const PATH: &str = "/api/v1/events";

pub(super) fn route() -> Route {
    Route { path: PATH, handler: get(events), describe }
}

/// How large a chunk grows before it is sent.
const CHUNK: usize = 64 << 10;
/// How long a client is to wait before it comes again.
const RETRY_MS: u64 = 1_000;

/// Which events.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Ids of projects, with commas; all where it is left out.
    projects: Option<String>,
    /// Kinds, with commas; all where it is left out.
    kinds: Option<String>,
    /// As the header `Last-Event-ID`, which comes first.
    last_event_id: Option<String>,
}

async fn events(
    State(app): State<Arc<App>>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Reply, Refusal> {
    let help = "`projects`, `kinds` and `last_event_id` can be said, each once";
    let Query(wanted) = wanted.map_err(|error| Refusal::bad_request(error.body_text(), help))?;
    let last = headers.get("last-event-id").map(|id| id.to_str().unwrap_or_default().to_owned());
    let last = last.filter(|id| !id.is_empty()).or(wanted.last_event_id.clone());
    let filter = filter(&app, &wanted)?;
    let place = Arc::clone(&app.streams)
        .try_acquire_owned()
        .map_err(|_| Refusal::too_many("there are as many event streams as there may be"))?;
    let bus = app.container.event_bus();
    let after = match last {
        Some(last) => place_in(&last)?,
        None => (bus.run_id(), now(bus)),
    };
    let subscription = bus.subscribe(filter.from_cursor(after.0, after.1));
    let mut stopped = app.stopped.clone();
    let mut heartbeat = interval_at(Instant::now() + app.heartbeat, app.heartbeat);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stream = EventStream {
        frames: Arc::clone(&app.frames),
        // Who loses the connection before anything happens comes back to here.
        first: Some(format!("retry: {RETRY_MS}\nid: {}:{}\n\n", after.0, after.1)),
        subscription,
        heartbeat,
        stopped: Box::pin(async move { drop(stopped.wait_for(|stopped| *stopped).await) }),
        _place: place,
    };
    let mut reply = Reply::new(Body::from_stream(stream));
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(reply)
}

/// An event of this service's own, which nobody hears: it takes a place on the bus, so that a stream can say where it
/// begins.
struct StreamOpened;

fn now(bus: &EventBus) -> u64 {
    bus.publish_host(StreamOpened)
}

fn filter(app: &App, wanted: &Wanted) -> Result<Filter, Refusal> {
    let mut filter = Filter::all();
    if let Some(projects) = &wanted.projects {
        let projects: Result<Vec<ProjectId>, _> = words(projects).map(|word| known_project(app, word)).collect();
        filter = Filter::projects(projects?);
    }
    if let Some(kinds) = &wanted.kinds {
        let kinds: Result<Vec<Kind>, _> = words(kinds).map(Kind::from_str).collect();
        let wrong = |error: packwright::event::UnknownKind| {
            Refusal::bad_request(error.to_string(), "`packwright schema event` has all kinds")
        };
        filter = filter.kinds(&kinds.map_err(wrong)?);
    }
    Ok(filter)
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|word| !word.is_empty())
}

fn known_project(app: &App, word: &str) -> Result<ProjectId, Refusal> {
    let id = ProjectId::from_str(word).ok().filter(|id| app.container.project(*id).is_some());
    let help = "`GET /api/v1/projects` lists those that are open";
    id.ok_or_else(|| Refusal::bad_request("`projects` names one that is not open", help))
}

/// The run and cursor of an id that this service gave to an event, perhaps in another run.
fn place_in(id: &str) -> Result<(RunId, u64), Refusal> {
    let place = id.split_once(':').and_then(|(run, cursor)| Some((RunId::from_str(run).ok()?, cursor.parse().ok()?)));
    place.ok_or_else(|| Refusal::bad_request("that is no id of an event here", "send the last `id` as it came"))
}

fn describe(words: &mut Words) -> Vec<Described> {
    let event = words.schema::<Event>();
    let stream = json!({"text/event-stream": {"schema": {"type": "string"}, "x-event": event}});
    let operation = words.operation("get_events", "The events of all projects, as they happen", json!({
        "200": {"description": "A stream that does not end. `id` is `RUN:CURSOR`, `data` an event.", "content": stream},
        "422": words.refused("A project or kind that there is not, or an id that is none."),
        "429": words.refused("There are as many streams as there may be."),
    }));
    let one = |name: &str, place: &str, description: &str| json!({"name": name, "in": place, "description": description, "schema": {"type": "string"}});
    let parameters = json!([
        one("projects", "query", "Ids of projects, with commas; all where it is left out."),
        one("kinds", "query", "Kinds of events, with commas; all where it is left out. `stream_gap` always comes."),
        one("last_event_id", "query", "As the header `Last-Event-ID`, which comes first."),
        one("Last-Event-ID", "header", "The id of the last event that was seen; the stream goes on after it."),
    ]);
    vec![Described::new(PATH, "get", operation).with("parameters", parameters)]
}

/// One client's stream.
struct EventStream {
    frames: Arc<Frames>,
    /// What is said before everything else.
    first: Option<String>,
    subscription: Subscription,
    heartbeat: Interval,
    /// Done when the service ends.
    stopped: Pin<Box<dyn Future<Output = ()> + Send>>,
    _place: OwnedSemaphorePermit,
}

impl Stream for EventStream {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(first) = this.first.take() {
            return Poll::Ready(Some(Ok(first.into())));
        }
        if this.stopped.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        let mut chunk = String::new();
        while chunk.len() < CHUNK {
            match this.subscription.poll_next(context) {
                Poll::Ready(Some(event)) => chunk.push_str(&this.frames.of(&event)),
                Poll::Ready(None) if chunk.is_empty() => return Poll::Ready(None),
                Poll::Ready(None) | Poll::Pending => break,
            }
        }
        if !chunk.is_empty() {
            this.heartbeat.reset();
            return Poll::Ready(Some(Ok(chunk.into())));
        }
        if this.heartbeat.poll_tick(context).is_ready() {
            // Polled again at once, so that the next tick wakes.
            return Poll::Ready(Some(Ok(Bytes::from_static(b": still here\n\n"))));
        }
        Poll::Pending
    }
}
