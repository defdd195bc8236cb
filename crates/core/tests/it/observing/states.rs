//! How the state of a project and of its assets is told while things break and mend.

use std::sync::Arc;

use packwright::event::{Event, Kind};
use packwright::service::Status;
use packwright::snapshot::State;
use serde_json::{Value, json};

use super::storms::GAME;
use super::{Observed, of_assets, states};
use crate::{call, reopen};

const REGISTRY: &str = "packwright.registry.json";

impl Observed {
    /// What is said of the next look that finds a difference.
    fn next_look(&mut self) -> Vec<Arc<Event>> {
        let from = self.heard.len();
        self.until(|event| event.kind == Kind::ReconcileFinished);
        self.heard[from..].to_vec()
    }

    fn listed(&self, state: &str) -> Vec<Value> {
        let answer = self.ask(&json!({"service": "list_assets", "sort": "root", "filter": {"state": state}}));
        let answer = serde_json::to_value(&answer).expect("JSON");
        answer["data"]["assets"].as_array().expect("a list").clone()
    }

    fn roots_in(&self, state: &str) -> Vec<String> {
        self.listed(state).iter().map(|asset| asset["root"].as_str().expect("a root").to_owned()).collect()
    }

    /// The reasons of the state: code, how many assets, and the kind of the event that brought each about.
    fn reasons(&self) -> Vec<(String, Option<u64>, Option<Kind>)> {
        let kind_of = |cause: packwright::event::Cause| {
            let said = self.heard.iter().find(|event| event.as_cause() == cause);
            said.map(|event| event.kind)
        };
        let reasons = self.project.state().reasons.into_iter();
        reasons.map(|reason| (reason.code, reason.count, reason.cause.and_then(kind_of))).collect()
    }
}

/// The states that a look goes through that begins and ends in these. A diverged project is that all the while: the state
/// is the worst of all reasons, and only the reasons change.
fn a_look(before: &str, after: &str) -> Vec<String> {
    let meanwhile = if before == "diverged" { ["diverged", "diverged"] } else { ["stale", "reconciling"] };
    meanwhile.into_iter().chain([after]).map(str::to_owned).collect()
}

#[test]
fn run_4_an_asset_without_its_manifest_is_diverged_and_everything_else_goes_on() {
    let mut observed = Observed::new(GAME);
    let manifest = observed.tree.read("assets/ui/button/asset.json");
    observed.tree.remove("assets/ui/button/asset.json");
    assert_eq!(states(&observed.next_look()), a_look("healthy", "diverged"));
    let started = Some(Kind::ReconcileStarted);
    assert_eq!(observed.reasons(), [("manifest_missing".to_owned(), Some(1), started)]);
    let diverged = observed.listed("diverged");
    let facts = |asset: &Value| (asset["root"].clone(), asset["asset_id"].clone(), asset["uuid"].clone());
    let known = (json!("ui/button"), json!(10), json!("0199c0de-0000-7000-8000-00000000000a"));
    assert_eq!(diverged.iter().map(facts).collect::<Vec<_>>(), [known]);
    assert_eq!((&diverged[0]["registered"], &diverged[0]["included"]), (&json!(true), &json!(true)));
    assert_eq!(observed.roots_in("healthy"), ["audio/theme", "ui/icon"]);

    observed.tree.write("assets/ui/icon/icon.txt", "a longer star");
    let events = observed.next_look();
    assert_eq!(of_assets(&events), [(Kind::AssetChanged, "ui/icon".to_owned())]);
    assert_eq!(states(&events), a_look("diverged", "diverged"));

    observed.tree.rename("assets/ui/icon", "gone");
    assert_eq!(states(&observed.next_look()), a_look("diverged", "diverged"));
    let expected = [("root_missing".to_owned(), Some(1), started), ("manifest_missing".to_owned(), Some(1), started)];
    assert_eq!(observed.reasons(), expected);
    assert_eq!(observed.roots_in("diverged"), ["ui/button", "ui/icon"]);

    observed.tree.write("assets/ui/button/asset.json", manifest);
    observed.next_look();
    assert_eq!(observed.reasons(), [("root_missing".to_owned(), Some(1), started)]);
    observed.ask(&json!({"service": "remove_asset", "selectors": ["root:ui/icon"]}));
    assert_eq!(observed.project.state().state, State::Healthy);
    observed.end();
}

#[test]
fn run_4_mut_8_a_manifest_with_another_uuid_diverges_and_heals_and_is_never_rewritten() {
    let mut observed = Observed::new(GAME);
    let manifest = observed.tree.text("assets/ui/button/asset.json");
    observed.tree.write("assets/ui/button/asset.json", manifest.replace("00000000000a", "0000000000aa"));
    assert_eq!(states(&observed.next_look()), a_look("healthy", "diverged"));
    assert_eq!(observed.reasons(), [("uuid_mismatch".to_owned(), Some(1), Some(Kind::ReconcileStarted))]);
    assert_eq!(observed.roots_in("diverged"), ["ui/button"]);
    let diverged = observed.tree.authored();
    observed.barrier();
    observed.hear_until_quiet();
    assert_eq!(observed.tree.authored(), diverged, "neither side is made to agree");
    observed.tree.write("assets/ui/button/asset.json", manifest);
    assert_eq!(states(&observed.next_look()), a_look("diverged", "healthy"));
    assert_eq!(observed.reasons(), []);
    observed.end();
}

#[test]
fn run_4_a_registry_that_does_not_read_holds_what_is_registered_at_its_last_revision() {
    let mut observed = Observed::new(GAME);
    let registry = observed.tree.text(REGISTRY);
    let before = observed.project.snapshot();
    observed.tree.write(REGISTRY, registry.replace("\"assets\"", "<<<<<<< ours\n"));
    let events = observed.next_look();
    assert_eq!((states(&events), of_assets(&events)), (a_look("healthy", "diverged"), Vec::new()));
    assert_eq!(observed.reasons(), [("registry_unreadable".to_owned(), None, Some(Kind::ReconcileStarted))]);
    let held = observed.project.snapshot();
    assert!(held.registered().eq(before.registered()), "the registered assets are held");

    observed.tree.write("assets/ui/icon/icon.txt", "a longer star");
    let events = observed.next_look();
    assert_eq!(of_assets(&events), [(Kind::AssetChanged, "ui/icon".to_owned())], "what is held is still looked at");
    let authored = observed.tree.authored();
    for request in [
        json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}),
        json!({"service": "register_asset", "roots": ["audio/theme"]}),
        json!({"service": "build"}),
    ] {
        let answer = call(&observed.project, &request.to_string());
        assert_eq!(answer.status, Status::Blocked, "{request}: {}", answer.summary);
    }
    assert_eq!(observed.tree.authored(), authored, "not a byte of a registry that does not read is lost");

    observed.tree.write(REGISTRY, registry);
    observed.until_caught_up();
    assert_eq!(observed.reasons(), []);
    observed.end();
}

#[test]
fn run_4_where_the_registry_does_not_read_at_open_nothing_is_registered_and_nothing_can_be_written() {
    let observed = Observed::new(GAME);
    let good = observed.tree.text(REGISTRY);
    observed.tree.write(REGISTRY, "{");
    let project = reopen(&observed.tree);
    assert_eq!(project.snapshot().assets.n_registered(), 0);
    assert_eq!(project.snapshot().assets.n_unregistered(), 3);
    assert_eq!(project.state().state, State::Diverged);
    let doctor = call(&project, r#"{"service": "doctor"}"#);
    let codes: Vec<String> = doctor.diagnostics.iter().map(|found| found.code.to_string()).collect();
    assert_eq!(codes, ["S101"]);
    for request in [r#"{"service": "register_asset", "roots": ["ui/icon"]}"#, r#"{"service": "build"}"#] {
        assert_eq!(call(&project, request).status, Status::Blocked, "{request}");
    }
    assert_eq!(observed.tree.text(REGISTRY), "{");
    observed.tree.write(REGISTRY, good);
    assert_eq!(call(&project, r#"{"service": "get_status", "barrier": true}"#).status, Status::Ok);
    assert_eq!((project.snapshot().assets.n_registered(), project.state().state), (2, State::Healthy));
}

#[test]
fn evt_5_settings_that_break_and_mend_are_two_transitions() {
    let mut observed = Observed::new(GAME);
    let settings = observed.tree.text("packwright.toml");
    observed.tree.write("packwright.toml", format!("{settings}nonsense = true\n"));
    observed.until(|event| states_of(event) == Some("diverged"));
    observed.hear_until_quiet();
    assert_eq!(observed.reasons(), [("settings_invalid".to_owned(), None, Some(Kind::ReconcileStarted))]);
    observed.tree.write("packwright.toml", settings);
    observed.until(|event| states_of(event) == Some("healthy"));
    observed.end();
}

fn states_of(event: &Event) -> Option<&str> {
    (event.kind == Kind::RuntimeStateChanged).then(|| event.payload["state"].as_str()).flatten()
}
