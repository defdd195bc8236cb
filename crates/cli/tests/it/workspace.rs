//! A workspace from its first command to its pack.

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Workspace, json, packwright};

#[test]
fn init_says_what_it_wrote_and_what_to_do_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = packwright(folder.path()).args(["init", "game"]).assert().success();
    run.stdout_eq(str![[r#"
made the workspace `game`

"#]])
        .stderr_eq(str![[r#"
  .gitignore                keeps outputs, quarantine and packwright's own folder out of version control
  .gitattributes            lets git merge the registry by asset
  packwright.registry.json  the registered assets, written by packwright; commit it
  packwright.toml           settings, yours to edit; commit it
next: in each clone, so that git merges the registry by asset:
        git config merge.packwright.driver "packwright merge-registry %O %A %B"
next: put folders of art below the assets folder, then `packwright register assets/*`

"#]]);
    assert!(folder.path().join("game/packwright.toml").is_file());
}

#[test]
fn a_workspace_is_not_made_twice() {
    let workspace = Workspace::new();
    let before = workspace.read("packwright.toml");
    workspace.run(&["init"]).code(2).stdout_eq("");
    assert_eq!(workspace.read("packwright.toml"), before);
}

#[test]
fn an_empty_list_tells_how_to_fill_it() {
    Workspace::new().run(&["list"]).success().stdout_eq("").stderr_eq(str![[r#"
there are no assets yet: an asset is a folder below the assets folder
next: `packwright register assets/*` takes each folder as one asset

"#]]);
}

#[test]
fn register_takes_folders_and_passes_files_over() {
    let workspace = Workspace::new();
    workspace.asset("ui/button", 1, "");
    workspace.write("assets/ui/button/button.txt", "ok");
    workspace.write("assets/ui/readme.txt", "a file");
    let run = workspace.run(&["register", "assets/ui/button", "assets/ui/readme.txt"]).success();
    run.stdout_eq(str![[r#"
1 asset registered, 1 file passed over
ADDRESS           ID  ROOT
ui/button  394391312  ui/button

"#]])
        .stderr_eq(str![[r#"
files are passed over: an asset is a folder
next: `packwright build`

"#]]);
}

#[test]
fn a_registered_folder_is_told_to_be_so() {
    let workspace = Workspace::with_assets();
    let run = workspace.run(&["register", "assets/ui/button"]).success();
    run.stdout_eq(str![[r#"
0 assets registered, 1 registered before

"#]])
        .stderr_eq(str![""]);
}

#[test]
fn list_is_an_aligned_table() {
    Workspace::with_assets()
        .run(&["list"])
        .success()
        .stdout_eq(str![[r#"
ADDRESS              ID  BUILD     IMPORTER  SOURCES    BYTES  STATE
audio/steps  2180102771  included  raw             2  4.9 KiB  healthy
texts/intro  1033320532  included  auto            1     17 B  healthy
ui/button     394391312  included  auto            1     67 B  healthy

"#]])
        .stderr_eq(str![[r#"
3 assets, 5.0 KiB

"#]]);
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
    run.stdout_eq("").stderr_eq(str![[r#"
no asset matches

"#]]);
}

#[test]
fn show_has_sources_before_a_build_and_parts_after_it() {
    let workspace = Workspace::with_assets();
    workspace
        .run(&["show", "audio/steps"])
        .success()
        .stdout_eq(str![[r#"
audio/steps
  root        audio/steps
  asset_id    2180102771
  uuid        01990000-0000-7000-8000-000000000002
  build       included
  importer    raw
  state       healthy

Sources: 2, 4.9 KiB
PATH                            BYTES  HASH
assets/audio/steps/left.bin   2.0 KiB  [..]
assets/audio/steps/right.bin  2.9 KiB  [..]

Parts: none

"#]])
        .stderr_eq(str![[r#"
next: it is in no pack yet; `packwright build` makes one

"#]]);
    workspace.run(&["build", "-q"]).success();
    workspace
        .run(&["show", "audio/steps"])
        .success()
        .stdout_eq(str![[r#"
audio/steps
  root        audio/steps
  asset_id    2180102771
  uuid        01990000-0000-7000-8000-000000000002
  build       included
  importer    raw
  state       healthy
  last built  [..]Z, pack blake3:a6fd1f1267ca

Sources: 2, 4.9 KiB
PATH                            BYTES  HASH
assets/audio/steps/left.bin   2.0 KiB  [..]
assets/audio/steps/right.bin  2.9 KiB  [..]

Parts: 2, 4.9 KiB
NAME       FORMAT    BYTES  HASH                 METADATA
left.bin   raw     2.0 KiB  blake3:5d844d891557
right.bin  raw     2.9 KiB  blake3:cac9e8dc8e95

"#]])
        .stderr_eq(str![[r#"
next: `packwright why` says why each part was last imported

"#]]);
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
    workspace
        .run(&["build"])
        .success()
        .stdout_eq(str![[r#"
built build/game.pack: 3 assets, 4 parts, 5.9 KiB in [..]
  0 parts as before, 4 imported

"#]])
        .stderr_eq(str![[r#"
parts: 4 of 4
pack: 4 of 4
sync
next: `packwright pack inspect build/game.pack` shows what is in it

"#]]);
    workspace.run(&["build"]).success().stdout_eq(str![[r#"
unchanged build/game.pack: 3 assets, 4 parts, 5.9 KiB in [..]
  4 parts as before, 0 imported

"#]]);
    workspace.run(&["build", "--check"]).success().stdout_eq(str![[r#"
up to date build/game.pack: 3 assets, 4 parts, 5.9 KiB

"#]]);
}

#[test]
fn a_change_is_imported_and_why_says_what_it_was() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    workspace.run(&["why", "audio/steps"]).success().stdout_eq(str![[r#"
PART       LAST IMPORTED BECAUSE
left.bin   it is new: no earlier build had it
right.bin  it is new: no earlier build had it

"#]]);
    workspace.write("assets/audio/steps/left.bin", [9; 2001]);
    workspace.run(&["build", "--check", "-q"]).code(1).stdout_eq(str![[r#"
outdated build/game.pack: 3 assets, 4 parts, 5.9 KiB
  3 parts as before, 1 imported

"#]]);
    workspace.run(&["build", "-v"]).success().stdout_eq(str![[r#"
built build/game.pack: 3 assets, 4 parts, 5.9 KiB in [..]
  3 parts as before, 1 imported
       1  its source changed

"#]]);
    workspace.run(&["why", "audio/steps"]).success().stdout_eq(str![[r#"
PART       LAST IMPORTED BECAUSE
left.bin   assets/audio/steps/left.bin changed
right.bin  it is new: no earlier build had it

"#]]);
}

#[test]
fn build_verify_and_build_full_come_to_the_same() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    let before = std::fs::read(workspace.path().join("build/game.pack")).expect("a pack");
    workspace.run(&["build", "--verify"]).success().stdout_eq(str![[r#"
equal in full and incrementally: build/game.pack: 3 assets, 4 parts, 5.9 KiB in [..]
  4 parts as before, 0 imported

"#]]);
    workspace.run(&["build", "--full", "-q"]).success();
    assert!(std::fs::read(workspace.path().join("build/game.pack")).expect("a pack") == before);
}

#[test]
fn an_empty_build_says_that_it_is_empty() {
    Workspace::new()
        .run(&["build"])
        .success()
        .stdout_eq(str![[r#"
built build/game.pack: 0 assets, 0 parts, 112 B in [..]

"#]])
        .stderr_eq(str![[r#"
sync
the pack is empty: no asset is included
next: `packwright register assets/*`, or `packwright include SELECTOR`

"#]]);
}

#[test]
fn what_is_excluded_leaves_surface_and_pack_and_comes_back() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    workspace
        .run(&["surface"])
        .success()
        .stdout_eq(str![[r#"
ADDRESS              ID
audio/steps  2180102771
texts/intro  1033320532
ui/button     394391312

"#]])
        .stderr_eq(str![[r#"
3 assets, as in the pack blake3:a6fd1f1267ca

"#]]);
    workspace
        .run(&["exclude", "texts/*"])
        .success()
        .stdout_eq(str![[r#"
1 asset excluded from the build
ADDRESS              ID  ROOT
texts/intro  1033320532  texts/intro

"#]])
        .stderr_eq(str![[r#"
next: `packwright build`

"#]]);
    workspace
        .run(&["surface"])
        .success()
        .stdout_eq(str![[r#"
ADDRESS              ID
audio/steps  2180102771
ui/button     394391312

"#]])
        .stderr_eq(str![[r#"
2 assets; the last pack does not hold exactly these
next: `packwright build`

"#]]);
    workspace
        .run(&["exclude", "texts/intro"])
        .success()
        .stdout_eq(str![[r#"
0 assets excluded from the build, 1 already

"#]])
        .stderr_eq(str![""]);
    workspace.run(&["include", "texts/intro", "-q"]).success();
    assert_eq!(json(&workspace.run(&["surface", "--json"]))["data"]["addressables"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_removed_asset_keeps_its_files_and_gets_its_id_back() {
    let workspace = Workspace::with_assets();
    let registry = workspace.read("packwright.registry.json");
    let run = workspace.run(&["remove", "ui/button", "--keep"]).success();
    run.stdout_eq(str![[r#"
1 asset removed from the registry, files kept
ADDRESS           ID  ROOT
ui/button  394391312  ui/button

"#]])
        .stderr_eq(str![[r#"
next: `packwright build`; `packwright register PATH` takes a folder back
undo: `packwright revert [..]`

"#]]);
    assert!(workspace.path().join("assets/ui/button/button.png").is_file());
    workspace.run(&["list", "--unregistered"]).success().stdout_eq(str![[r#"
ADDRESS    ID  BUILD         IMPORTER  SOURCES  BYTES  STATE
ui/button   -  unregistered  auto            1   67 B  healthy

"#]]);
    workspace.run(&["register", "assets/ui/button", "-q"]).success();
    assert_eq!(workspace.read("packwright.registry.json"), registry);
}

#[test]
fn status_says_how_the_project_is() {
    let workspace = Workspace::with_assets();
    workspace
        .run(&["status"])
        .success()
        .stdout_eq(str![[r#"
game in [..]
  state       stale
              not_scanned: the files were not looked at; this is what the last scan found
  revision    1
  assets      3 registered, 3 included
  sources     4 files, 5.0 KiB
  findings    none structural
  last build  none yet
  lane        idle
  watcher     off: nothing observes the workspace

"#]])
        .stderr_eq(str![[r#"
next: `packwright build`

"#]]);
    workspace.run(&["build", "-q"]).success();
    workspace
        .run(&["status"])
        .success()
        .stdout_eq(str![[r#"
game in [..]
  state       stale
              not_scanned: the files were not looked at; this is what the last scan found
  revision    1
  assets      3 registered, 3 included
  sources     4 files, 5.0 KiB
  findings    none structural
  last build  [..]Z, pack blake3:a6fd1f1267ca
  lane        idle
  watcher     off: nothing observes the workspace

"#]])
        .stderr_eq(str![[r#"
next: `packwright status --barrier` looks at all files

"#]]);
}

#[test]
fn a_barrier_looks_at_all_files() {
    let workspace = Workspace::with_assets();
    workspace.write("assets/texts/intro/de.txt", "Es war einmal\n");
    let said = |args: &[&str]| String::from_utf8_lossy(&workspace.run(args).success().get_output().stdout).into_owned();
    assert!(said(&["status"]).contains("sources     4 files"));
    let looked = said(&["status", "--barrier"]);
    assert!(looked.contains("state       healthy\n") && looked.contains("sources     5 files"), "{looked}");
}

#[test]
fn status_says_why_the_project_is_as_it_is() {
    let workspace = Workspace::with_assets();
    std::fs::remove_dir_all(workspace.path().join("assets/ui/button")).expect("it is there");
    workspace
        .run(&["status", "--barrier", "-v"])
        .success()
        .stdout_eq(str![[r#"
game in [..]
  state       diverged
              root_missing: registered folders are gone (1 asset), by event [..] of [..]
  revision    2
  assets      3 registered, 3 included
  sources     3 files, 4.9 KiB
  findings    1 structural
  last build  none yet
  lane        idle
  watcher     off: nothing observes the workspace

"#]])
        .stderr_eq(str![[r#"
next: `packwright doctor`

"#]]);
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
