//! Safe change: what is planned is shown, consented to, done whole or not at all, and can be undone.

mod consent;
mod edit;
mod fixes;
mod history;
mod plans;
mod quarantine;
mod recover;
mod relocate;
mod revert;
mod round_trips;

use packwright::Project;
use packwright::service::{Response, Status};
use serde_json::{Value, json};

use crate::call;

/// Three registered roots, one of them out of the build; `ui/icon` has a file that no pattern takes.
const GAME: &str = r#"
-- packwright.registry.json --
{
  "schema": 1,
  "assets": [
    {"asset_id": 30, "uuid": "0199c0de-0000-7000-8000-00000000000c", "root": "audio/theme", "included": false},
    {"asset_id": 10, "uuid": "0199c0de-0000-7000-8000-00000000000a", "root": "ui/button", "included": true},
    {"asset_id": 20, "uuid": "0199c0de-0000-7000-8000-00000000000b", "root": "ui/icon", "included": true}
  ]
}
-- assets/audio/theme/asset.json --
{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000c", "address": "audio/theme", "labels": ["music"]}
-- assets/audio/theme/theme.txt --
la la
-- assets/ui/button/asset.json --
{
  "schema": 1,
  "uuid": "0199c0de-0000-7000-8000-00000000000a",
  "address": "ui/button",
  "labels": ["hud", "ui"]
}
-- assets/ui/button/label.txt --
press
-- assets/ui/button/sizes/large.txt --
PRESS
-- assets/ui/icon/asset.json --
{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000b", "address": "ui/icon", "importer": "raw", "sources": ["*.txt"]}
-- assets/ui/icon/icon.txt --
star
-- assets/ui/icon/icon.psd --
layers
"#;

const REGISTRY: &str = "packwright.registry.json";

fn as_json(response: &Response) -> Value {
    serde_json::to_value(response).expect("a response is JSON")
}

/// The answer to a request, whatever it is.
fn answer(project: &Project, request: &Value) -> Value {
    as_json(&call(project, &request.to_string()))
}

/// The answer to a request that is done.
fn done(project: &Project, request: &Value) -> Value {
    let response = call(project, &request.to_string());
    assert_eq!(response.status, Status::Ok, "{request}: {} {:?}", response.summary, response.blockers);
    as_json(&response)
}

/// The codes of the blockers of a request that is refused.
fn blocked(project: &Project, request: &Value) -> Vec<String> {
    let response = call(project, &request.to_string());
    assert_eq!(response.status, Status::Blocked, "{request}: {}", response.summary);
    let answer = as_json(&response);
    let well_said = |one: &Value| {
        let (message, help) = (text(&one["message"]), text(&one["help"]));
        !message.is_empty() && !message.ends_with('.') && !help.is_empty() && !help.ends_with('.')
    };
    let blockers = answer["blockers"].as_array().expect("a list");
    assert!(blockers.iter().all(well_said), "{blockers:?}");
    blockers.iter().map(|one| text(&one["code"])).collect()
}

/// The messages of the blockers of a request that is refused.
fn why(project: &Project, request: &Value) -> String {
    let answer = answer(project, request);
    assert_eq!(answer["status"], "blocked", "{request}: {}", answer["summary"]);
    answer["blockers"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| text(&one["message"]))
        .collect::<Vec<_>>()
        .join("; ")
}

/// The plan of a request.
fn plan(project: &Project, request: &Value) -> Value {
    let mut request = request.clone();
    request["mode"] = json!("preview");
    let answer = answer(project, &request);
    assert_eq!(answer["status"], "preview", "{request}: {} {}", answer["summary"], answer["blockers"]);
    assert_eq!(answer["proposed_actions"], answer["data"]["plan"]["actions"]);
    answer["data"]["plan"].clone()
}

/// The request that applies a plan with all the consent that it needs.
fn applying(plan: &Value) -> Value {
    json!({"service": plan["request"]["service"], "plan_id": plan["plan_id"], "consent": plan["consent_required"]})
}

/// Plans a request, says yes to it, and does it.
fn agreed(project: &Project, request: &Value) -> Value {
    let plan = plan(project, request);
    let answer = done(project, &applying(&plan));
    assert_eq!(answer["applied_actions"], plan["actions"], "what was shown is what was done");
    answer
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is a text")).to_owned()
}

/// One field of each element of a list.
fn each(list: &Value, field: &str) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|one| text(&one[field])).collect()
}

fn quarantine(selectors: &[&str]) -> Value {
    json!({"service": "remove_asset", "selectors": selectors, "files": "quarantine"})
}

/// The id of the one entry that a removal made.
fn entry_of(answer: &Value) -> String {
    text(&answer["data"]["entries"][0]["entry_id"])
}
