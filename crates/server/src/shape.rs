//! Answers that no service made, in the shape that every answer has, and what each answer is in HTTP.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response as Reply};
use packwright::diagnose::Diagnostic;
use packwright::plan::Action;
use packwright::service::{self, Blocker, BlockerCode, OperationClass, Response, RuntimeState, Service, Status};
use packwright::value::{AssetRef, OperationId, ProjectId};
use schemars::JsonSchema;
use serde::Serialize;

/// Why something was not done, or not even looked at; with its status.
#[derive(Debug)]
pub(crate) struct Refusal {
    http: StatusCode,
    why: service::Refusal,
}

impl Refusal {
    fn of(http: StatusCode, code: BlockerCode, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { http, why: service::Refusal::blocked(code, message, help) }
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

    /// The content has no bytes there.
    pub(crate) fn no_such_range(length: u64) -> Self {
        let message = format!("the range lies outside of the {length} bytes that there are");
        Self::of(StatusCode::RANGE_NOT_SATISFIABLE, BlockerCode::BadRequest, message, "ask for bytes that there are")
    }

    /// Something stands in the way.
    pub(crate) fn blocked(code: BlockerCode, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::of(StatusCode::CONFLICT, code, message, help)
    }

    /// Nobody is known by what was shown, or nothing was.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        let help = "send `Authorization: Bearer TOKEN` with the token that `packwright studio --json` prints";
        Self::of(StatusCode::UNAUTHORIZED, BlockerCode::Unauthorized, message, help)
    }

    /// Whoever asks, it came by a way that is not ours.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        let help = "open the address that `packwright studio` prints, and no other";
        Self::of(StatusCode::FORBIDDEN, BlockerCode::Forbidden, message, help)
    }

    /// Something is broken.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self { http: StatusCode::INTERNAL_SERVER_ERROR, why: service::Refusal::failed(message) }
    }

    /// The message, for who reads no JSON.
    pub(crate) fn message(&self) -> &str {
        &self.why.message
    }

    /// Its status.
    pub(crate) const fn status(&self) -> StatusCode {
        self.http
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Reply {
        let mut reply = json(self.http, &self.why.into_answer(None));
        if self.http == StatusCode::UNAUTHORIZED {
            reply.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        reply
    }
}

/// That it was done.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Word {
    /// Done.
    Ok,
}

/// What this service did itself: the fields of a response.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Done<D> {
    /// How it ended.
    status: Word,
    /// The service; null where none was asked.
    service: Option<Service>,
    /// What it could change; null where no service was asked.
    operation_class: Option<OperationClass>,
    /// The operation; null where none began.
    operation_id: Option<OperationId>,
    /// The project; null where it is about none, or its settings do not say.
    pub(crate) project_id: Option<ProjectId>,
    /// Null: each project in `data` has its own.
    revision: Option<u64>,
    /// Of no project: each project in `data` has its own.
    runtime_state: RuntimeState,
    /// What happened, in one line.
    summary: String,
    /// Empty.
    affected_assets: Vec<AssetRef>,
    /// Empty: each project in `data` has its own.
    diagnostics: Vec<Diagnostic>,
    /// Empty.
    proposed_actions: Vec<Action>,
    /// What was done, where a workspace was made.
    applied_actions: Vec<Action>,
    /// Empty.
    blockers: Vec<Blocker>,
    /// The answer.
    data: D,
}

impl<D> Done<D> {
    /// Done, of no service.
    pub(crate) fn new(summary: impl Into<String>, data: D) -> Self {
        Self {
            status: Word::Ok,
            service: None,
            operation_class: None,
            operation_id: None,
            project_id: None,
            revision: None,
            runtime_state: RuntimeState::default(),
            summary: summary.into(),
            affected_assets: Vec::new(),
            diagnostics: Vec::new(),
            proposed_actions: Vec::new(),
            applied_actions: Vec::new(),
            blockers: Vec::new(),
            data,
        }
    }

    /// What a service did, with data of this service's own.
    pub(crate) fn by(response: Response, data: D) -> Self {
        Self {
            service: Some(response.service),
            operation_class: Some(response.operation_class),
            operation_id: response.operation_id,
            project_id: response.project_id,
            applied_actions: response.applied_actions,
            ..Self::new(response.summary, data)
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

/// A value as JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Reply {
    match serde_json::to_vec(value) {
        Ok(body) => json_bytes(status, body.into()),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// JSON that is there as bytes.
pub(crate) fn json_bytes(status: StatusCode, body: Bytes) -> Reply {
    let mut reply = Reply::new(Body::from(body));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}
