//! The projects that are open.

use std::fs;

use serde_json::json;

use crate::support::{Studio, make_game};

fn open(studio: &Studio, path: &str) -> serde_json::Value {
    json!({"path": studio.tree.at(path).display().to_string()})
}

#[test]
fn the_projects_are_listed_with_how_they_are() {
    let studio = Studio::new();
    let listed = studio.get("/api/v1/projects").json();
    let project = &listed["data"]["projects"][0];
    assert_eq!((&project["project_id"], &project["name"]), (&json!(studio.project), &json!("game")));
    assert_eq!((&project["runtime_state"]["state"], &project["diagnostics"]), (&json!("healthy"), &json!([])));
}

#[test]
fn a_workspace_is_opened_and_one_that_is_open_is_the_same() {
    let studio = Studio::new();
    make_game(&studio.tree.at("other"), "other");
    let opened = studio.post("/api/v1/projects", &open(&studio, "other"));
    assert_eq!((opened.status, &opened.json()["data"]["project"]["name"]), (200, &json!("other")));
    let again = studio.post("/api/v1/projects", &open(&studio, "other")).json();
    assert_eq!(again["data"]["project"]["project_id"], opened.json()["data"]["project"]["project_id"]);
    assert_eq!(studio.get("/api/v1/projects").json()["data"]["projects"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_folder_becomes_a_workspace_where_that_is_asked_for() {
    let studio = Studio::new();
    let mut wanted = open(&studio, "fresh");
    let refused = studio.post("/api/v1/projects", &wanted);
    assert_eq!((refused.status, refused.code().as_str()), (409, "no_workspace"));
    assert!(refused.text().contains("`init`"), "{}", refused.text());
    assert!(!studio.tree.at("fresh").exists());

    wanted["init"] = json!(true);
    wanted["name"] = json!("fresh-game");
    let made = studio.post("/api/v1/projects", &wanted);
    let answer = made.json();
    assert_eq!((made.status, &answer["service"], &answer["status"]), (200, &json!("init_workspace"), &json!("ok")));
    assert_eq!(answer["data"]["project"]["name"], "fresh-game");
    assert_eq!(answer["data"]["project"]["project_id"], answer["project_id"]);
    let written = answer["data"]["written"].as_array().expect("files");
    assert!(written.contains(&json!("packwright.toml")), "{answer}");
    assert!(answer["operation_id"].is_string() && answer["applied_actions"][0].is_object(), "{answer}");
    let twice = studio.post("/api/v1/projects", &wanted);
    assert_eq!((twice.status, &twice.json()["service"]), (422, &json!("init_workspace")));
}

#[test]
fn a_copy_of_an_open_project_is_refused_and_the_other_named() {
    let studio = Studio::new();
    studio.tree.copy("game", "copy");
    let refused = studio.post("/api/v1/projects", &open(&studio, "copy"));
    assert_eq!((refused.status, refused.code().as_str()), (409, "project_id_in_use"));
    let other = studio.tree.at("game").canonicalize().expect("it is there").display().to_string();
    assert!(refused.text().contains(&other), "{}", refused.text());
}

#[test]
fn what_is_no_folder_is_refused_in_words() {
    let studio = Studio::new();
    for (body, status) in [
        (json!({}), 422),
        (json!({"path": 7}), 422),
        (json!({"path": "game"}), 422),
        (json!({"path": ""}), 422),
        (json!({"path": "/\u{0}"}), 422),
        (json!({"path": format!("/{}", "x".repeat(5_000))}), 422),
        (json!({"path": format!("/{}", "x".repeat(300))}), 409),
        (json!({"path": "/dev/null"}), 409),
        (json!({"path": "/nowhere/at/all"}), 409),
        (json!({"path": "/tmp", "name": "x"}), 422),
        (json!({"path": "/tmp", "force": true}), 422),
    ] {
        assert_eq!(studio.post("/api/v1/projects", &body).status, status, "{body}");
    }
}

#[test]
fn run_5_a_project_whose_settings_do_not_read_is_listed_without_an_id_until_they_are_mended() {
    let studio = Studio::new();
    make_game(&studio.tree.at("broken"), "broken");
    let settings = studio.tree.at("broken/packwright.toml");
    let good = fs::read_to_string(&settings).expect("settings");
    fs::write(&settings, "this is = = no settings").expect("they are ours");
    let opened = studio.post("/api/v1/projects", &open(&studio, "broken"));
    let project = &opened.json()["data"]["project"];
    assert_eq!((opened.status, &project["project_id"]), (200, &json!(null)));
    assert_eq!(project["runtime_state"]["state"], "diverged", "as the packer says it");
    assert_eq!(project["diagnostics"][0]["code"], "S108", "{project}");

    fs::write(&settings, good).expect("they are ours");
    loop {
        let listed = studio.get("/api/v1/projects").json();
        let project = listed["data"]["projects"][1].clone();
        if let Some(id) = project["project_id"].as_str() {
            let status = studio.post(&format!("/api/v1/projects/{id}/services/get_status"), &json!({}));
            assert_eq!((status.status, &project["diagnostics"]), (200, &json!([])));
            break;
        }
    }
}

#[test]
fn of_two_open_projects_with_one_id_the_first_is_reached_and_the_other_listed_without() {
    let studio = Studio::new();
    make_game(&studio.tree.at("other"), "other");
    assert_eq!(studio.post("/api/v1/projects", &open(&studio, "other")).status, 200);
    let settings = studio.tree.text("game/packwright.toml");
    studio.tree.write("other/packwright.toml", settings);
    loop {
        let listed = studio.get("/api/v1/projects").json();
        let projects = &listed["data"]["projects"];
        assert_eq!(projects[0]["project_id"], studio.project.as_str());
        if projects[1]["project_id"].is_null() {
            break;
        }
    }
    let status = studio.ask("get_status", &json!({})).json();
    assert!(status["data"]["path"].as_str().is_some_and(|path| path.ends_with("game")), "{status}");
}
