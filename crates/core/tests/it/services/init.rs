//! `init_workspace`.

use packwright::service::{InitWorkspace, Response, Status};
use packwright_testkit::Tree;
use serde_json::json;

use super::{as_json, each};
use crate::{call, packer, reopen};

fn init(tree: &Tree, more: &serde_json::Value) -> Response {
    let mut request = json!({"path": tree.at("game")});
    request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    packer().0.init(serde_json::from_value::<InitWorkspace>(request).expect("a request"))
}

/// What was refused, and why.
fn refusal(response: &Response) -> (Status, String, u8) {
    (response.status, as_json(response)["blockers"][0]["code"].to_string(), response.exit_code())
}

#[test]
fn svc_7_a_fresh_folder_becomes_a_workspace_that_builds() {
    let tree = Tree::empty();
    let response = init(&tree, &json!({}));
    assert_eq!(response.status, Status::Ok, "{}", response.summary);
    let made = as_json(&response);
    let written = [".gitignore", ".gitattributes", "packwright.registry.json", "packwright.toml"];
    assert_eq!(made["data"]["written"], json!(written));
    assert_eq!(each(&made["applied_actions"], "kind"), ["append_lines", "append_lines", "write_file", "write_file"]);
    assert!(tree.at("game/assets").is_dir());
    let project = packer().0.open(tree.at("game")).expect("a workspace");
    assert_eq!(project.id(), response.project_id);
    assert_eq!(call(&project, r#"{"service": "doctor"}"#).diagnostics, []);
    assert_eq!(call(&project, r#"{"service": "build"}"#).status, Status::Ok);
    assert!(tree.at("game/build/game.pack").is_file(), "the name is the folder's");
}

#[test]
fn the_lines_for_version_control_are_appended_once_to_what_is_there() {
    let tree = Tree::from_text("-- game/.gitignore --\n*.o\n/build/\n-- game/.gitattributes --\n*.png binary\n");
    let first = init(&tree, &json!({}));
    assert_eq!(first.status, Status::Ok);
    let ignored = tree.text("game/.gitignore");
    assert!(ignored.starts_with("*.o\n/build/\n"));
    assert_eq!(ignored.matches("/build/").count(), 1);
    assert!(["/.packwright/", "/quarantine/"].iter().all(|line| ignored.lines().any(|there| there == *line)));
    let attributes = tree.text("game/.gitattributes");
    assert!(attributes.starts_with("*.png binary\n"));
    assert!(attributes.contains("packwright.registry.json text eol=lf merge=packwright\n"));
    tree.remove("game/packwright.toml");
    assert_eq!(init(&tree, &json!({})).status, Status::Ok);
    assert_eq!((tree.text("game/.gitignore"), tree.text("game/.gitattributes")), (ignored, attributes));
}

#[test]
fn a_registry_that_is_there_is_kept() {
    let registry = "{\"schema\": 1, \"assets\": [], \"note\": \"ours\"}\n";
    let tree = Tree::empty();
    tree.write("game/packwright.registry.json", registry);
    assert_eq!(init(&tree, &json!({})).status, Status::Ok);
    assert_eq!(tree.text("game/packwright.registry.json"), registry);
}

#[test]
fn a_folder_that_is_a_workspace_is_refused_and_left_as_it_is() {
    let tree = Tree::empty();
    assert_eq!(init(&tree, &json!({})).status, Status::Ok);
    let before = tree.authored();
    assert_eq!(refusal(&init(&tree, &json!({"name": "other"}))), (Status::Blocked, "\"bad_request\"".into(), 2));
    assert_eq!(tree.authored(), before);
    let project = reopen_below(&tree);
    let asked = call(&project, &json!({"service": "init_workspace", "path": tree.at("new")}).to_string());
    assert_eq!(refusal(&asked), (Status::Blocked, "\"bad_request\"".into(), 2), "a project is one already");
    assert!(!tree.at("new").exists());
}

fn reopen_below(tree: &Tree) -> packwright::Project {
    packer().0.open(tree.at("game")).expect("a workspace")
}

#[test]
fn names_and_folders_that_break_a_rule_are_refused_before_anything_is_made() {
    for bad in [
        json!({"name": ""}),
        json!({"name": "a/b"}),
        json!({"name": "con"}),
        json!({"name": ".."}),
        json!({"name": "x".repeat(65)}),
        json!({"assets": "../art"}),
        json!({"assets": "/art"}),
        json!({"assets": ""}),
        json!({"assets": "build/art"}),
        json!({"assets": ".packwright"}),
        json!({"assets": "Quarantine"}),
    ] {
        let tree = Tree::empty();
        assert_eq!(refusal(&init(&tree, &bad)), (Status::Blocked, "\"bad_request\"".into(), 2), "{bad}");
        assert!(!tree.at("game").exists(), "{bad}");
    }
}

#[test]
fn another_name_and_assets_folder_are_taken() {
    let tree = Tree::empty();
    assert_eq!(init(&tree, &json!({"name": "space-game", "assets": "content/art/"})).status, Status::Ok);
    assert!(tree.at("game/content/art").is_dir());
    let status = as_json(&call(&reopen_below(&tree), r#"{"service": "get_status"}"#));
    assert_eq!(status["data"]["name"], "space-game");
}

#[test]
fn a_name_is_made_of_any_folder() {
    for (folder, name) in [("My Game!", "My-Game"), ("\u{6e38}\u{620f}", "game"), (".hidden", "hidden")] {
        let tree = Tree::empty();
        let request =
            InitWorkspace { path: tree.at(folder).display().to_string(), name: None, assets: "assets".into() };
        assert_eq!(packer().0.init(request).status, Status::Ok, "{folder}");
        let project = packer().0.open(tree.at(folder)).expect("a workspace");
        let status = as_json(&call(&project, r#"{"service": "get_status"}"#));
        assert_eq!(status["data"]["name"], name);
    }
}

#[test]
fn a_file_in_the_way_fails_and_says_so() {
    let tree = Tree::from_text("-- game --\na file\n");
    let response = init(&tree, &json!({}));
    assert_eq!((response.status, response.exit_code()), (Status::Failed, 3));
    assert_eq!(tree.text("game"), "a file\n");
    let art = Tree::from_text("-- game/assets --\na file\n");
    let response = init(&art, &json!({}));
    assert_eq!(response.status, Status::Failed, "{}", response.summary);
    assert!(!art.at("game/packwright.toml").exists(), "what makes it a workspace comes last");
}

#[test]
fn two_new_workspaces_are_two_projects() {
    let (one, other) = (Tree::empty(), Tree::empty());
    let ids = [init(&one, &json!({})).project_id, init(&other, &json!({})).project_id];
    assert_ne!(ids[0], ids[1]);
    let copied = Tree::empty();
    copied.write("packwright.toml", one.read("game/packwright.toml"));
    let packer = packer().0;
    let _first = packer.open(one.at("game")).expect("a workspace");
    let refused = packer.open(copied.path()).err().expect("the same project id");
    let response = refused.into_response(packwright::service::Service::Build);
    assert_eq!(refusal(&response), (Status::Blocked, "\"project_id_in_use\"".into(), 1));
    drop(reopen(&copied));
}
