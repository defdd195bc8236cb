//! Paths as a shell gives them.

use crate::support::{Workspace, json};

fn registered(workspace: &Workspace, folder: &str, path: &str) -> Option<String> {
    let run = workspace.run_in(folder, &["register", path, "--json"]);
    json(&run)["data"]["registered"][0]["root"].as_str().map(str::to_owned)
}

#[test]
fn a_path_is_taken_from_the_folder_one_is_in() {
    for (folder, path) in
        [(".", "assets/ui/icon"), ("assets", "ui/icon/"), ("assets/audio", "../ui/icon"), ("assets/ui/icon", ".")]
    {
        let workspace = Workspace::with_assets();
        workspace.write("assets/ui/icon/a.txt", "a");
        assert_eq!(registered(&workspace, folder, path).as_deref(), Some("ui/icon"), "{path} in {folder}");
    }
}

#[test]
fn an_absolute_path_inside_is_as_good() {
    let workspace = Workspace::with_assets();
    workspace.write("assets/ui/icon/a.txt", "a");
    let path = workspace.path().join("assets/ui/icon").display().to_string();
    assert_eq!(registered(&workspace, ".", &path).as_deref(), Some("ui/icon"));
}

#[test]
fn a_path_outside_is_refused_before_anything_happens() {
    let workspace = Workspace::with_assets();
    let before = workspace.read("packwright.registry.json");
    for path in ["/", "..", "build", "assets/../build", "assets/../../elsewhere"] {
        let run = workspace.run(&["register", path]).code(2);
        let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(said.contains("is outside the assets folder"), "{path}: {said}");
    }
    assert_eq!(workspace.read("packwright.registry.json"), before);
}

#[test]
fn another_folder_can_be_named_to_work_in() {
    let workspace = Workspace::with_assets();
    workspace.write("assets/ui/icon/a.txt", "a");
    let folder = workspace.path().join("assets").display().to_string();
    let run = crate::support::packwright(std::path::Path::new("/"))
        .args(["-C", &folder, "register", "ui/icon", "--json"])
        .assert()
        .success();
    assert_eq!(json(&run)["data"]["registered"][0]["root"], "ui/icon");
}

#[test]
fn the_assets_folder_of_the_settings_is_the_one_that_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    crate::support::packwright(folder.path()).args(["init", "--assets", "art", "-q"]).assert().success();
    std::fs::create_dir_all(folder.path().join("art/icon")).expect("a folder");
    let run = crate::support::packwright(folder.path()).args(["register", "art/icon", "--json"]).assert().success();
    assert_eq!(json(&run)["data"]["registered"][0]["root"], "icon");
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf_8_is_refused_by_name() {
    use std::os::unix::ffi::OsStrExt;
    let workspace = Workspace::with_assets();
    let path = std::ffi::OsStr::from_bytes(b"assets/\xff");
    let run = crate::support::packwright(&workspace.path()).arg("register").arg(path).assert().code(2);
    assert!(String::from_utf8_lossy(&run.get_output().stderr).contains("is not UTF-8"));
}
