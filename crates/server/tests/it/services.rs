//! What is asked of a project, and how it is answered.

use packwright::service::Service;
use serde_json::{Value, json};

use crate::client::Ask;
use crate::support::Studio;

/// The fields that every answer has.
const FIELDS: [&str; 14] = [
    "affected_assets",
    "applied_actions",
    "blockers",
    "data",
    "diagnostics",
    "operation_class",
    "operation_id",
    "project_id",
    "proposed_actions",
    "revision",
    "runtime_state",
    "service",
    "status",
    "summary",
];

fn fields(answer: &Value) -> Vec<&str> {
    let mut names: Vec<_> = answer.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_service_answers_over_http_as_it_answers_a_host() {
    let studio = Studio::new();
    let listed = studio.ask("list_assets", &json!({"filter": {"registered": true}}));
    assert_eq!((listed.status, listed.header("content-type")), (200, Some("application/json")));
    let listed = listed.json();
    assert_eq!((&listed["status"], &listed["data"]["total"]), (&json!("ok"), &json!(1)));

    let registered = studio.ask("register_asset", &json!({"roots": ["texts/intro"]})).json();
    assert_eq!(registered["summary"].as_str().map(|text| text.contains('1')), Some(true), "{registered}");
    let built = studio.ask("build", &json!({})).json();
    assert_eq!((&built["data"]["outcome"], &built["data"]["pack"]["assets"]), (&json!("built"), &json!(2)));
    assert_eq!(built["project_id"], json!(studio.project));
}

#[test]
fn every_answer_has_the_fields_of_a_response() {
    let studio = Studio::new();
    let path = studio.service("build");
    let wrong_type = studio.known(Ask::new("POST", &path)).body("x").send(studio.port());
    let stranger = Ask::new("GET", "/api/v1/projects").header("Host", "evil.example").send(studio.port());
    for reply in [
        studio.ask("get_status", &json!({})),
        studio.ask("list_assets", &json!({"sort": "beauty"})),
        studio.get("/nowhere"),
        studio.get(&path),
        studio.get("/api/v1/projects"),
        studio.post("/api/v1/projects", &json!({"path": "relative"})),
        studio.ask_async("build", &json!({})),
        wrong_type,
        stranger,
    ] {
        assert_eq!(fields(&reply.json()), FIELDS, "{}", reply.text());
    }
}

#[test]
fn opc_1_opc_2_every_answer_says_the_class_that_its_service_was_said_to_have() {
    let studio = Studio::new();
    for service in Service::ALL.iter().filter(|service| **service != Service::InitWorkspace) {
        // Whatever is wrong with it, nothing is asked for that a preview could not be.
        let answer = studio.ask(service.name(), &json!({"mode": "preview", "selectors": ["none"]}));
        let asked = studio.ask(service.name(), &json!({}));
        for reply in [answer, asked] {
            let json = reply.json();
            if json["service"] != Value::Null {
                assert_eq!(json["service"], json!(service.name()));
                assert!(
                    ["read_only", "registry_mutation", "workspace_mutation"]
                        .map(|name| json!(name))
                        .contains(&json["operation_class"])
                );
            }
        }
    }
    let kept = studio.ask("remove_asset", &json!({"selectors": ["ui/button"], "mode": "preview"})).json();
    let deleted =
        studio.ask("remove_asset", &json!({"selectors": ["ui/button"], "files": "delete", "mode": "preview"})).json();
    assert_eq!(kept["operation_class"], "registry_mutation");
    assert_eq!(deleted["operation_class"], "workspace_mutation");
}

#[test]
fn what_moves_or_destroys_needs_consent_here_as_everywhere() {
    let studio = Studio::new();
    let remove = json!({"selectors": ["ui/button"], "files": "quarantine"});
    let refused = studio.ask("remove_asset", &remove);
    assert_eq!((refused.status, refused.code().as_str()), (409, "consent_required"));
    let plan = refused.json()["data"]["plan"]["plan_id"].clone();
    let applied = studio.ask("remove_asset", &json!({"plan_id": plan, "consent": ["relocational"]}));
    assert_eq!(applied.status, 200, "{}", applied.text());
    assert!(!studio.tree.at("game/assets/ui/button").exists());
    let used = studio.ask("remove_asset", &json!({"plan_id": plan, "consent": ["relocational"]}));
    assert_eq!((used.status, used.code().as_str()), (409, "plan_used"));
}

#[test]
fn a_body_that_cannot_be_read_is_refused_with_the_place() {
    let studio = Studio::new();
    let said = |service: &str, body: &str| {
        let ask = studio.known(Ask::new("POST", &studio.service(service))).header("Content-Type", "application/json");
        let reply = ask.body(body).send(studio.port());
        assert_eq!((reply.status, reply.code().as_str()), (422, "bad_request"), "{body}");
        reply.json()["summary"].as_str().unwrap_or_default().to_owned()
    };
    assert!(said("list_assets", "{\n  \"sort\": }").contains("line 2 column"));
    assert!(said("list_assets", r#"{"filter": {"txt": "a"}}"#).starts_with("at `filter.txt`: unknown field `txt`"));
    assert!(said("include_asset_in_build", r#"{"selectors": ["a", 1]}"#).starts_with("at `selectors[1]`: "));
    assert!(said("build", r#"{"service": "doctor"}"#).contains("another service"));
    assert!(said("build", r#"{"mode": "apply"}"#).contains("unknown field `mode`"));
    for nonsense in ["", "[]", "null", "\"build\"", "{}{}", "\u{feff}{}", &"[".repeat(100_000)] {
        said("build", nonsense);
    }
    let named = studio.ask("get_status", &json!({"service": "get_status"}));
    assert_eq!(named.status, 200, "the service may be named in the body too");
}

#[test]
fn a_body_past_the_limit_is_refused_however_it_is_sent() {
    let studio = Studio::new();
    let big = format!("{{\"selectors\": [\"{}\"]}}", "x".repeat(17 << 20));
    let ask = studio.known(Ask::new("POST", &studio.service("include_asset_in_build")));
    let ask = ask.header("Content-Type", "application/json");
    let whole = ask.clone().body(big.clone()).send(studio.port());
    assert_eq!((whole.status, whole.code().as_str()), (413, "over_limit"));
    let chunked = format!("{:x}\r\n{big}\r\n0\r\n\r\n", big.len());
    let mut ask = ask.header("Transfer-Encoding", "chunked");
    ask.headers.retain(|(name, _)| *name != "Content-Length");
    let reply = ask.send_raw(studio.port(), chunked.as_bytes());
    assert_eq!((reply.status, reply.code().as_str()), (413, "over_limit"));
}

#[test]
fn what_there_is_not_is_not_found() {
    let studio = Studio::new();
    let other = "01990000-0000-7000-8000-000000000001";
    for path in [
        studio.service("bake"),
        studio.service("init_workspace"),
        format!("/api/v1/projects/{other}/services/build"),
        "/api/v1/projects/%ff/services/build".to_owned(),
        "/api/v1/projects/../services/build".to_owned(),
        "/api/v2/projects".to_owned(),
        "//api/v1/projects".to_owned(),
        "/api/v1/projects/".to_owned(),
    ] {
        let reply = studio.post(&path, &json!({}));
        assert_eq!((reply.status, reply.code().as_str()), (404, "not_found"), "{path}");
    }
}
