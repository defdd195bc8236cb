//! What handlers take from a request; what is wrong with it is refused in the shape of every answer.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use packwright::value::ProjectId;
use serde::de::DeserializeOwned;

use super::App;
use crate::hosted::Hosted;
use crate::shape::Refusal;

/// The largest body.
pub(super) const MAX_BODY: usize = 16 << 20;
/// How long a body may take to come.
const BODY_PATIENCE: Duration = Duration::from_secs(60);

/// The names in the address.
pub(super) struct Names<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Names<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(names)) => Ok(Self(names)),
            Err(_) => Err(Refusal::not_found("there is no such route", "`GET /api/v1/openapi.json` lists them")),
        }
    }
}

/// The project of this name.
pub(super) fn project(app: &App, name: &str) -> Result<Arc<Hosted>, Refusal> {
    let found = ProjectId::from_str(name).ok().and_then(|id| app.container.project(id));
    found.ok_or_else(|| {
        Refusal::not_found("no project of this id is open", "`GET /api/v1/projects` lists those that are")
    })
}

/// The body, which must be JSON by its own word.
pub(super) async fn json_body(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    if !is_json(headers) {
        return Err(Refusal::not_json());
    }
    let collected = tokio::time::timeout(BODY_PATIENCE, Limited::new(body, MAX_BODY).collect()).await;
    match collected.map_err(|_| Refusal::too_slow())? {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::too_big(MAX_BODY)),
        Err(_) => Err(Refusal::bad_request("the body did not come whole", "send it again")),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|said| said.to_str().ok()).unwrap_or_default();
    let kind = said.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}
