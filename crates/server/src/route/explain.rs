//! `GET /api/v1/diagnostics/{code}`: what a code of a finding means, as its manual page says it.

use std::str::FromStr;

use axum::http::StatusCode;
use axum::response::Response as Reply;
use axum::routing::get;
use packwright::diagnose::Code;
use serde_json::{Map, Value, json};

use super::Route;
use super::extract::Names;
use crate::shape::{Refusal, Shape, Word, json as reply};

pub(super) fn route() -> Route {
    Route { path: "/api/v1/diagnostics/{code}", handler: get(explain) }
}

async fn explain(Names(name): Names<String>) -> Result<Reply, Refusal> {
    let code = Code::from_str(&name).ok();
    let by_name = || Code::ALL.iter().copied().find(|code| code.name() == name);
    let Some(code) = code.or_else(by_name) else {
        return Err(Refusal::not_found("there is no such code of a finding", "`packwright explain` lists them"));
    };
    let severity = code.default_severity();
    let page = json!({
        "code": code, "name": code.name(), "class": code.class(), "severity": severity, "page": code.page(),
    });
    let data = match page {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    Ok(reply(StatusCode::OK, &Shape { summary: code.name().to_owned(), data, ..Shape::new(Word::Ok) }))
}
