//! The registry and manifests edited by hand while the packer is about to write them, and its lock where it proves nothing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use packwright::event::payload::{RuntimeStateChanged, State};
use packwright::event::{Event, Filter, Kind, Subscription};
use packwright::service::{BlockerCode, Response, Status};
use packwright::{Packer, Project};
use packwright_testkit::Tree;

use crate::through::Through;
use crate::{SETTINGS, call, heard, packer, reopen};

const REGISTRY: &str = "packwright.registry.json";
const STUCK: Duration = Duration::from_secs(60);

/// Folders `a` to `c`, of which `a` and `b` are registered.
fn workspace() -> Arc<Tree> {
    let tree = Tree::from_text("-- assets/a/x.txt --\na\n-- assets/b/x.txt --\nb\n-- assets/c/x.txt --\nc\n");
    tree.write("packwright.toml", SETTINGS);
    let response = call(&reopen(&tree), r#"{"service": "register_asset", "roots": ["a", "b"]}"#);
    assert_eq!(response.status, Status::Ok, "{}", response.summary);
    Arc::new(tree)
}

fn open_through(tree: &Tree, through: &Through) -> Project {
    let through = through.clone();
    let builder = Packer::builder(heard::bus()).importers(packwright_importers::standard()).threads(2);
    builder.files(move |files| through.over(files)).build().open(tree.path()).expect("a workspace")
}

type Edit = Box<dyn FnOnce(&Tree) + Send>;

/// Edits by hand, each at the last moment before a commit looks whether anything has changed: one a try.
fn edits_before_commits(tree: &Arc<Tree>, edits: Vec<Edit>) -> Project {
    let (tree, edits) = (Arc::clone(tree), Mutex::new(edits.into_iter()));
    let through = Through::new({
        let tree = Arc::clone(&tree);
        move |what, path| {
            // The new registry is being written beside the old one.
            if what == "create_new" && path.starts_with(".packwright.registry.json.pw-") {
                let edit = edits.lock().expect("no panic").next();
                edit.into_iter().for_each(|edit| edit(&tree));
            }
        }
    });
    open_through(&tree, &through)
}

fn edit(edit: impl FnOnce(&Tree) + Send + 'static) -> Edit {
    Box::new(edit)
}

/// Takes `root` out of the build, as a person with an editor would.
fn exclude_by_hand(tree: &Tree, root: &str) {
    let (before, after) = (format!("\"{root}\", \"included\": true"), format!("\"{root}\", \"included\": false"));
    let text = tree.text(REGISTRY);
    assert!(text.contains(&before), "{text}");
    tree.write(REGISTRY, text.replace(&before, &after));
}

fn entries(tree: &Tree) -> Vec<(String, bool)> {
    let registry: serde_json::Value = serde_json::from_slice(&tree.read(REGISTRY)).expect("JSON");
    let entry = |one: &serde_json::Value| {
        (one["root"].as_str().expect("a root").to_owned(), one["included"].as_bool().expect("a switch"))
    };
    registry["assets"].as_array().expect("a list").iter().map(entry).collect()
}

fn entry(root: &str, included: bool) -> (String, bool) {
    (root.to_owned(), included)
}

fn litter(tree: &Tree) -> Vec<String> {
    tree.authored().into_keys().filter(|path| path.contains(".pw-")).collect()
}

const REGISTER_C: &str = r#"{"service": "register_asset", "roots": ["c"]}"#;

#[test]
fn lane_4_an_edit_of_the_registry_between_plan_and_commit_is_planned_on_again() {
    let tree = workspace();
    let project = edits_before_commits(&tree, vec![edit(|tree| exclude_by_hand(tree, "a"))]);
    let response = call(&project, REGISTER_C);
    assert_eq!(response.status, Status::Ok, "{}", response.summary);
    assert_eq!(entries(&tree), [entry("a", false), entry("b", true), entry("c", true)], "both are there");
    assert_eq!(litter(&tree), [""; 0]);
    let included: Vec<bool> = project.snapshot().registered().map(|asset| asset.is_included()).collect();
    assert_eq!(included, [false, true, true]);
    drop(project);
    heard::end();
}

#[test]
fn lane_4_what_an_edit_takes_away_is_not_brought_back() {
    let tree = workspace();
    let project = edits_before_commits(&tree, vec![edit(|tree| tree.remove(REGISTRY))]);
    let response = call(&project, r#"{"service": "exclude_asset_from_build", "selectors": ["a"]}"#);
    assert!(response.is_blocked_by(BlockerCode::NotRegistered), "{}", response.summary);
    assert!(!tree.at(REGISTRY).exists());
    drop(project);
    heard::end();
}

#[test]
fn mut_8_an_editor_that_does_not_rest_is_never_overwritten() {
    let tree = workspace();
    let edits: Vec<_> = (0..20).map(|n| edit(move |tree| tree.write(REGISTRY, empty_registry(n)))).collect();
    let project = edits_before_commits(&tree, edits);
    let response = call(&project, REGISTER_C);
    assert_eq!((response.status, &*response.applied_actions), (Status::Failed, &[][..]));
    assert!(response.summary.contains("changed meanwhile"), "{}", response.summary);
    let last = tree.text(REGISTRY);
    assert!((0..20).any(|n| last == empty_registry(n)), "the editor's, not ours: {last}");
    assert!(!tree.at("assets/c/asset.json").exists(), "what came before is taken back");
    assert_eq!(litter(&tree), [""; 0]);
    drop(project);
    heard::end();
}

/// Empty, and told from others by its spaces.
fn empty_registry(n: usize) -> String {
    format!("{{\"schema\": 1, {:n$}\"assets\": []}}\n", "")
}

#[test]
fn mut_8_a_registry_that_stops_reading_before_the_commit_blocks_it_and_stays() {
    let tree = workspace();
    let good = tree.text(REGISTRY);
    let project = edits_before_commits(&tree, vec![edit(|tree| tree.write(REGISTRY, "<<<<<<< HEAD\n"))]);
    let response = call(&project, REGISTER_C);
    assert!(response.is_blocked_by(BlockerCode::StructuralErrors), "{}", response.summary);
    assert_eq!(tree.text(REGISTRY), "<<<<<<< HEAD\n");
    assert!(!tree.at("assets/c/asset.json").exists());
    let listed = call(&project, r#"{"service": "list_assets", "filter": {"registered": true}}"#);
    assert_eq!(listed.summary, "2 assets", "reads go on at what was there last");
    tree.write(REGISTRY, good);
    assert_eq!(call(&project, REGISTER_C).status, Status::Ok);
    drop(project);
    heard::end();
}

#[test]
fn mut_8_a_manifest_that_appears_before_the_commit_is_adopted_and_not_overwritten() {
    let tree = workspace();
    let manifest = r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-0000000000cc", "address": "by/hand"}"#;
    let appeared = AtomicUsize::new(0);
    let through = Through::new({
        let tree = Arc::clone(&tree);
        move |what, path| {
            if (what, path) == ("rename_no_replace", "assets/c/asset.json")
                && appeared.fetch_add(1, Ordering::SeqCst) == 0
            {
                tree.write("assets/c/asset.json", manifest);
            }
        }
    });
    let project = open_through(&tree, &through);
    let response = call(&project, REGISTER_C);
    assert_eq!(response.status, Status::Ok, "{}", response.summary);
    assert_eq!(response.affected_assets[0].address.as_ref().map(ToString::to_string).as_deref(), Some("by/hand"));
    assert_eq!(tree.text("assets/c/asset.json"), manifest);
    drop(project);
    heard::end();
}

/// What is said until this holds of an event.
fn until(said: &mut Subscription, is_it: impl Fn(&Event) -> bool) -> Arc<Event> {
    loop {
        let event = said.next_timeout(STUCK).expect("it is said");
        if is_it(&event) {
            return event;
        }
    }
}

fn is_state(event: &Event, state: State) -> bool {
    let said = || event.payload_as::<RuntimeStateChanged>().is_ok_and(|said| said.state == state);
    event.kind == Kind::RuntimeStateChanged && said()
}

#[test]
fn run_4_a_registry_that_stops_reading_makes_an_observed_project_diverged_until_it_is_repaired() {
    let tree = workspace();
    let (packer, bus) = packer();
    let mut said = bus.subscribe(Filter::all());
    let project = packer.open(tree.path()).expect("a workspace");
    assert!(project.observe().active);
    let good = tree.text(REGISTRY);
    tree.write(REGISTRY, "<<<<<<< HEAD\n");
    until(&mut said, |event| is_state(event, State::Diverged));
    for request in [REGISTER_C, r#"{"service": "build"}"#] {
        let response = call(&project, request);
        assert_eq!(response.status, Status::Blocked, "{request}: {}", response.summary);
    }
    let listed = call(&project, r#"{"service": "list_assets", "filter": {"registered": true}}"#);
    assert_eq!((listed.status, &*listed.summary), (Status::Ok, "2 assets"));
    assert_eq!(tree.text(REGISTRY), "<<<<<<< HEAD\n");
    tree.write(REGISTRY, good);
    until(&mut said, |event| is_state(event, State::Healthy));
    assert_eq!(call(&project, REGISTER_C).status, Status::Ok);
    drop((project, packer));
    heard::end();
}

fn refusal(project: &Project, tree: &Tree) -> Response {
    let before = tree.authored();
    let mutation = call(project, REGISTER_C);
    let build = call(project, r#"{"service": "build"}"#);
    assert_eq!(tree.authored(), before);
    assert!(!tree.at("build").exists());
    assert_eq!((build.status, &build.blockers), (mutation.status, &mutation.blockers), "builds are writes too");
    mutation
}

#[test]
fn mut_4_where_a_lock_keeps_nobody_out_nothing_is_written() {
    for lie in [Through::let_all_lock, Through::move_to_a_network] {
        let tree = workspace();
        let through = Through::new(|_, _| {});
        lie(&through);
        let project = open_through(&tree, &through);
        let refused = refusal(&project, &tree);
        assert!(refused.is_blocked_by(BlockerCode::LockUnproven), "{}", refused.summary);
        assert_eq!(refused.exit_code(), 3);
        for read in [r#"{"service": "list_assets"}"#, r#"{"service": "doctor"}"#] {
            assert_eq!(call(&project, read).status, Status::Ok, "{read}");
        }
        tree.write("packwright.toml", format!("{SETTINGS}[workspace]\ntrust_lock = true\n"));
        let _ = project.reconcile();
        assert_eq!(call(&project, REGISTER_C).status, Status::Ok, "who knows better says so");
        drop(project);
        heard::end();
    }
}
