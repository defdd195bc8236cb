//! A workspace from its first command to its pack.

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Workspace, json, packwright};

#[test]
fn init_says_what_it_wrote_and_what_to_do_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = packwright(folder.path()).args(["init", "game"]).assert().success();
    run.stdout_eq(str![[""]]).stderr_eq(str![[""]]);
    assert!(folder.path().join("game/packwright.toml").is_file());
}

#[test]
fn a_workspace_is_not_made_twice() {
    let workspace = Workspace::new();
    let before = workspace.read("packwright.toml");
    workspace.run(&["init"]).code(1).stdout_eq("");
    assert_eq!(workspace.read("packwright.toml"), before);
}

#[test]
fn an_empty_list_tells_how_to_fill_it() {
    Workspace::new().run(&["list"]).success().stdout_eq("").stderr_eq(str![[""]]);
}

#[test]
fn register_takes_folders_and_passes_files_over() {
    let workspace = Workspace::new();
    workspace.asset("ui/button", 1, "");
    workspace.write("assets/ui/button/button.txt", "ok");
    workspace.write("assets/ui/readme.txt", "a file");
    let run = workspace.run(&["register", "assets/ui/button", "assets/ui/readme.txt"]).success();
    run.stdout_eq(str![[""]]).stderr_eq(str![[""]]);
}

#[test]
fn a_registered_folder_is_told_to_be_so() {
    let workspace = Workspace::with_assets();
    let run = workspace.run(&["register", "assets/ui/button"]).success();
    run.stdout_eq(str![[""]]).stderr_eq(str![[""]]);
}

#[test]
fn list_is_an_aligned_table() {
    Workspace::with_assets().run(&["list"]).success().stdout_eq(str![[""]]).stderr_eq(str![[""]]);
}

#[test]
fn list_filters_sorts_and_cuts() {
    let workspace = Workspace::with_assets();
    workspace.run(&["exclude", "ui/button", "-q"]).success();
    let addresses = |args: &[&str]| -> Vec<String> {
        let answer = json(&workspace.run(&[&["list", "--json"], args].concat()));
        let assets = answer["data"]["assets"].as_array().cloned().expect("assets");
        assets.iter().map(|asset| asset["address"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(addresses(&[]), ["audio/steps", "texts/intro", "ui/button"]);
    assert_eq!(addresses(&["--included"]), ["audio/steps", "texts/intro"]);
    assert_eq!(addresses(&["--excluded"]), ["ui/button"]);
    assert_eq!(addresses(&["--label", "ui"]), ["ui/button"]);
    assert_eq!(addresses(&["--importer", "raw"]), ["audio/steps"]);
    assert_eq!(addresses(&["--text", "intro"]), ["texts/intro"]);
    assert_eq!(addresses(&["--sort", "bytes", "--descending", "--limit", "1"]), ["audio/steps"]);
    assert!(addresses(&["--unregistered"]).is_empty());
}

#[test]
fn a_filter_that_leaves_nothing_says_so() {
    let run = Workspace::with_assets().run(&["list", "--problems"]).success();
    run.stdout_eq("").stderr_eq(str![[""]]);
}

#[test]
fn show_has_sources_before_a_build_and_parts_after_it() {
    let workspace = Workspace::with_assets();
    workspace.run(&["show", "audio/steps"]).success().stdout_eq(str![[""]]).stderr_eq(str![[""]]);
    workspace.run(&["build", "-q"]).success();
    workspace.run(&["show", "audio/steps"]).success().stdout_eq(str![[""]]).stderr_eq(str![[""]]);
}

#[test]
fn an_asset_is_found_under_each_of_its_names() {
    let workspace = Workspace::with_assets();
    let names = ["ui/button", "address:ui/button", "root:ui/button", "uuid:01990000-0000-7000-8000-000000000001"];
    let id = json(&workspace.run(&["show", "ui/button", "--json"]))["data"]["asset"]["asset_id"].to_string();
    for name in names.into_iter().chain([id.as_str(), "./assets/ui/button", "--"]) {
        let args = if name == "--" { vec!["show", "--json", "--", "ui/button"] } else { vec!["show", "--json", name] };
        let run = workspace.run(&args).success();
        assert_eq!(json(&run)["data"]["asset"]["address"], "ui/button", "{name}");
    }
}

#[test]
fn build_says_what_it_made_and_a_second_one_that_nothing_changed() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build"]).success().stdout_eq(str![[""]]).stderr_eq(str![[""]]);
    workspace.run(&["build"]).success().stdout_eq(str![[""]]);
    workspace.run(&["build", "--check"]).success().stdout_eq(str![[""]]);
}

#[test]
fn a_change_is_imported_and_why_says_what_it_was() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    workspace.run(&["why", "audio/steps"]).success().stdout_eq(str![[""]]);
    workspace.write("assets/audio/steps/left.bin", [9; 2001]);
    workspace.run(&["build", "--check", "-q"]).code(1).stdout_eq(str![[""]]);
    workspace.run(&["build", "-v"]).success().stdout_eq(str![[""]]);
    workspace.run(&["why", "audio/steps"]).success().stdout_eq(str![[""]]);
}

#[test]
fn build_verify_and_build_full_come_to_the_same() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    let before = std::fs::read(workspace.path().join("build/game.pack")).expect("a pack");
    workspace.run(&["build", "--verify"]).success().stdout_eq(str![[""]]);
    workspace.run(&["build", "--full", "-q"]).success();
    assert!(std::fs::read(workspace.path().join("build/game.pack")).expect("a pack") == before);
}

#[test]
fn an_empty_build_says_that_it_is_empty() {
    Workspace::new().run(&["build"]).success().stdout_eq(str![[""]]).stderr_eq(str![[""]]);
}

#[test]
fn what_is_excluded_leaves_surface_and_pack_and_comes_back() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    workspace.run(&["surface"]).success().stdout_eq(str![[""]]).stderr_eq(str![[""]]);
    workspace.run(&["exclude", "texts/*"]).success().stdout_eq(str![[""]]).stderr_eq(str![[""]]);
    workspace.run(&["surface"]).success().stdout_eq(str![[""]]).stderr_eq(str![[""]]);
    workspace.run(&["exclude", "texts/intro"]).success().stdout_eq(str![[""]]).stderr_eq(str![[""]]);
    workspace.run(&["include", "texts/intro", "-q"]).success();
    assert_eq!(json(&workspace.run(&["surface", "--json"]))["data"]["addressables"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_removed_asset_keeps_its_files_and_gets_its_id_back() {
    let workspace = Workspace::with_assets();
    let registry = workspace.read("packwright.registry.json");
    let run = workspace.run(&["remove", "ui/button", "--keep"]).success();
    run.stdout_eq(str![[""]]).stderr_eq(str![[""]]);
    assert!(workspace.path().join("assets/ui/button/button.png").is_file());
    workspace.run(&["list", "--unregistered"]).success().stdout_eq(str![[""]]);
    workspace.run(&["register", "assets/ui/button", "-q"]).success();
    assert_eq!(workspace.read("packwright.registry.json"), registry);
}

#[test]
fn status_says_how_the_project_is() {
    let workspace = Workspace::with_assets();
    workspace.run(&["status"]).success().stdout_eq(str![[""]]).stderr_eq(str![[""]]);
    workspace.run(&["build", "-q"]).success();
    workspace.run(&["status"]).success().stdout_eq(str![[""]]).stderr_eq("");
}

#[test]
fn json_is_the_whole_response_and_alone_on_stdout() {
    let workspace = Workspace::with_assets();
    let answer = json(&workspace.run(&["build", "--json"]).success());
    assert_eq!(answer["status"], "ok");
    assert_eq!(answer["service"], "build");
    assert_eq!(answer["operation_class"], "workspace_mutation");
    assert_eq!(answer["data"]["outcome"], "built");
    assert_eq!(answer["data"]["cache"], json!({"hits": 0, "misses": 4}));
    assert!(matches!(&answer["operation_id"], Value::String(_)));
}

#[test]
fn the_nearest_workspace_above_is_used() {
    let workspace = Workspace::with_assets();
    let run = workspace.run_in("assets/ui", &["list", "--json"]).success();
    assert_eq!(json(&run)["data"]["total"], 3);
}
