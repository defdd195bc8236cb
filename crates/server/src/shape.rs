//! Answers that no service made, in the shape that every answer has, and what each answer is in HTTP.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response as Reply};
use packwright::diagnose::Diagnostic;
use packwright::service::{Blocker, BlockerCode, OperationClass, Response, RuntimeState, Service, Status};
use packwright::value::{OperationId, ProjectId};
use serde::Serialize;
use serde_json::{Map, Value};

/// Why something was not done, or not even looked at.
#[derive(Debug)]
pub(crate) struct Refusal {
    http: StatusCode,
    code: Option<Code>,
    message: String,
    help: String,
}

/// A code of a service's blocker, or one of the door's own.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
enum Code {
    Of(BlockerCode),
    Door(DoorCode),
}

/// What the door has to say before any service is asked.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum DoorCode {
    Unauthorized,
    Forbidden,
}

impl Refusal {
    fn new(http: StatusCode, code: Option<Code>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { http, code, message: message.into(), help: help.into() }
    }

    fn of(http: StatusCode, code: BlockerCode, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(http, Some(Code::Of(code)), message, help)
    }

    /// There is no such route, project, service or operation.
    pub(crate) fn not_found(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::of(StatusCode::NOT_FOUND, BlockerCode::NotFound, message, help)
    }

    /// The request makes no sense.
    pub(crate) fn bad_request(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::of(StatusCode::UNPROCESSABLE_ENTITY, BlockerCode::BadRequest, message, help)
    }

    /// The route takes no such method.
    pub(crate) fn wrong_method() -> Self {
        let help = "`GET /api/v1/openapi.json` says what each route takes";
        Self::of(StatusCode::METHOD_NOT_ALLOWED, BlockerCode::BadRequest, "this route takes no such method", help)
    }

    /// The body is no JSON by its own word.
    pub(crate) fn not_json() -> Self {
        let (message, help) = ("the body must be JSON", "send `Content-Type: application/json`");
        Self::of(StatusCode::UNSUPPORTED_MEDIA_TYPE, BlockerCode::BadRequest, message, help)
    }

    /// The body did not come in time.
    pub(crate) fn too_slow() -> Self {
        let (message, help) = ("the body did not come in time", "send it again, without a pause");
        Self::of(StatusCode::REQUEST_TIMEOUT, BlockerCode::BadRequest, message, help)
    }

    /// The body is too big.
    pub(crate) fn too_big(limit: usize) -> Self {
        let message = format!("the body is larger than {limit} bytes");
        Self::of(StatusCode::PAYLOAD_TOO_LARGE, BlockerCode::OverLimit, message, "ask for less at once")
    }

    /// There is too much at work already.
    pub(crate) fn too_many(message: impl Into<String>) -> Self {
        Self::of(StatusCode::TOO_MANY_REQUESTS, BlockerCode::OverLimit, message, "try again when less is at work")
    }

    /// Something stands in the way.
    pub(crate) fn blocked(code: BlockerCode, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::of(StatusCode::CONFLICT, code, message, help)
    }

    /// Nobody is known by what was shown, or nothing was.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        let help = "send `Authorization: Bearer TOKEN` with the token that `packwright studio --json` prints";
        Self::new(StatusCode::UNAUTHORIZED, Some(Code::Door(DoorCode::Unauthorized)), message, help)
    }

    /// Whoever asks, it came by a way that is not ours.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        let help = "open the address that `packwright studio` prints, and no other";
        Self::new(StatusCode::FORBIDDEN, Some(Code::Door(DoorCode::Forbidden)), message, help)
    }

    /// Something of ours is broken.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, None, message, "")
    }

    /// The message and what to do, for who reads no JSON.
    pub(crate) fn words(&self) -> (&str, &str) {
        (&self.message, &self.help)
    }

    /// Its status.
    pub(crate) const fn status(&self) -> StatusCode {
        self.http
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Reply {
        let Self { http, code, message, help } = self;
        let shape = Shape {
            summary: message.clone(),
            blockers: code.map(|code| Told { code, message, help }).into_iter().collect(),
            ..Shape::new(if code.is_some() { Word::Blocked } else { Word::Failed })
        };
        json(http, &shape)
    }
}

/// How far something has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Word {
    Ok,
    Blocked,
    Failed,
    /// It has not ended; an answer of this service alone.
    Running,
}

/// A blocker whose code may be the door's.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    code: Code,
    message: String,
    help: String,
}

/// An answer in the shape of a service's.
#[derive(Debug, Serialize)]
pub(crate) struct Shape {
    pub(crate) status: Word,
    pub(crate) service: Option<Service>,
    pub(crate) operation_class: Option<OperationClass>,
    pub(crate) operation_id: Option<OperationId>,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) revision: Option<u64>,
    pub(crate) runtime_state: RuntimeState,
    pub(crate) summary: String,
    pub(crate) affected_assets: [(); 0],
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) proposed_actions: [(); 0],
    pub(crate) applied_actions: [(); 0],
    pub(crate) blockers: Vec<Told>,
    pub(crate) data: Map<String, Value>,
}

impl Shape {
    pub(crate) fn new(status: Word) -> Self {
        Self {
            status,
            service: None,
            operation_class: None,
            operation_id: None,
            project_id: None,
            revision: None,
            runtime_state: RuntimeState::default(),
            summary: String::new(),
            affected_assets: [],
            diagnostics: Vec::new(),
            proposed_actions: [],
            applied_actions: [],
            blockers: Vec::new(),
            data: Map::new(),
        }
    }
}

/// What a service's answer is in HTTP.
pub(crate) fn http_status(response: &Response) -> StatusCode {
    match response.status {
        Status::Ok | Status::Preview | Status::Cancelled => StatusCode::OK,
        Status::Blocked if response.is_blocked_by(BlockerCode::BadRequest) => StatusCode::UNPROCESSABLE_ENTITY,
        Status::Blocked => StatusCode::CONFLICT,
        Status::Failed | Status::Indeterminate => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A blocker of a service, as a refusal of this one.
pub(crate) fn refusal_of(response: &Response) -> Option<Refusal> {
    let Blocker { code, message, help } = response.blockers.first()?;
    Some(Refusal::of(http_status(response), *code, message, help))
}

/// A value as JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Reply {
    match serde_json::to_vec(value) {
        Ok(body) => json_bytes(status, body.into()),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// JSON that is there as bytes.
pub(crate) fn json_bytes(status: StatusCode, body: axum::body::Bytes) -> Reply {
    let mut reply = Reply::new(Body::from(body));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}
