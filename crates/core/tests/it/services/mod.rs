//! Every service through the door that all surfaces use: JSON in, the whole response and the files out.

mod clauses;
mod concurrent;
mod content;
mod details;
mod doctor;
mod events;
mod inclusion;
mod init;
mod list;
mod register;
mod register_blockers;
mod remove;
mod report;
mod schemas;
mod selectors;
mod shape;
mod status;
mod surface;
mod trouble;

use packwright::Project;
use packwright::service::{Response, Status};
use packwright_testkit::Tree;
use serde_json::{Value, json};

use crate::call;

/// Three folders of art, as they come from an artist.
const ART: &str = "
-- assets/audio/theme/theme.txt --
la la
-- assets/ui/button/label.txt --
press
-- assets/ui/icon/icon.txt --
star
";

/// [`ART`] with a manifest for each folder, and all of it registered; the theme is out of the build.
const ADOPTED: &str = r#"
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
{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000a", "address": "ui/button", "labels": ["hud", "ui"]}
-- assets/ui/button/label.txt --
press
-- assets/ui/icon/asset.json --
{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000b", "address": "ui/icon", "importer": "raw"}
-- assets/ui/icon/icon.txt --
star
"#;

const REGISTRY: &str = "packwright.registry.json";

fn as_json(response: &Response) -> Value {
    serde_json::to_value(response).expect("a response is JSON")
}

/// The answer to a request that is done.
fn done(project: &Project, request: &Value) -> Value {
    let response = call(project, &request.to_string());
    assert_eq!(response.status, Status::Ok, "{}", response.summary);
    assert_eq!(response.blockers, []);
    as_json(&response)
}

/// The codes of the blockers of a request that is refused whole: not a byte of the workspace changes.
fn refused(tree: &Tree, project: &Project, request: &Value) -> Vec<String> {
    let before = tree.authored();
    let response = call(project, &request.to_string());
    assert_eq!(response.status, Status::Blocked, "{}", response.summary);
    assert_eq!(tree.authored(), before, "nothing was written");
    assert!(response.applied_actions.is_empty() && response.summary.starts_with("blocked: "), "{}", response.summary);
    let well_said = |text: &str| !text.trim().is_empty() && !text.ends_with('.');
    assert!(
        response.blockers.iter().all(|one| well_said(&one.message) && well_said(&one.help)),
        "{:?}",
        response.blockers
    );
    let blockers = as_json(&response)["blockers"].take();
    blockers.as_array().expect("a list").iter().map(|one| text(&one["code"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is a text")).to_owned()
}

/// One field of each element of a list.
fn each(list: &Value, field: &str) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|one| text(&one[field])).collect()
}

/// The registry of a workspace: root, id and whether it is included, in the order of the file.
fn registered(tree: &Tree) -> Vec<(String, u64, bool)> {
    let registry: Value = serde_json::from_slice(&tree.read(REGISTRY)).expect("JSON");
    let entry = |one: &Value| {
        (text(&one["root"]), one["asset_id"].as_u64().expect("an id"), one["included"].as_bool().expect("a switch"))
    };
    registry["assets"].as_array().expect("a list").iter().map(entry).collect()
}

fn register(roots: &[&str]) -> Value {
    json!({"service": "register_asset", "roots": roots})
}
