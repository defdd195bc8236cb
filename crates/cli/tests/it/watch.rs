//! `packwright watch`, while files change under it.

use std::fs;

use packwright::event::{Event, check};
use packwright_testkit::files_below;

use crate::running::Running;
use crate::support::Workspace;

fn watching(workspace: &Workspace, args: &[&str]) -> Running {
    let mut watch = Running::start(&workspace.path(), &[&["watch"], args].concat());
    watch.says("watching game in ");
    watch
}

fn assert_ends_well(watch: Running) {
    watch.interrupt();
    let (status, _) = watch.end();
    assert_eq!(status.code(), Some(0));
}

/// All that is not packwright's own.
fn authored(workspace: &Workspace) -> Vec<(String, Vec<u8>)> {
    let is_authored = |path: &str| !path.starts_with(".packwright/") && !path.starts_with("build/");
    files_below(&workspace.path()).into_iter().filter(|(path, _)| is_authored(path)).collect()
}

#[test]
fn a_changed_file_turns_up_as_a_line() {
    let workspace = Workspace::with_assets();
    let mut watch = watching(&workspace, &[]);
    workspace.write("assets/texts/intro/en.txt", "Once upon another time\n");
    assert_eq!(watch.says("texts/intro"), "changed texts/intro");
    workspace.asset("ui/new", 9, "");
    assert_eq!(watch.says("ui/new"), "discovered ui/new (not registered)");
    fs::remove_dir_all(workspace.path().join("assets/ui/new")).expect("it is there");
    assert_eq!(watch.says("ui/new"), "removed ui/new (not registered)");
    assert_ends_well(watch);
}

#[test]
fn many_changes_at_once_are_one_line() {
    let workspace = Workspace::with_assets();
    let mut watch = watching(&workspace, &[]);
    // Put in place at once, so that they are found together.
    (0..30).for_each(|n| workspace.write(&format!("many/{n}/asset.json"), "{}"));
    fs::rename(workspace.path().join("many"), workspace.path().join("assets/many")).expect("one file system");
    assert!(watch.says("many/").starts_with("discovered 30 assets: many/"));
    assert_ends_well(watch);
}

#[test]
fn a_broken_manifest_is_a_finding_until_it_is_mended() {
    let workspace = Workspace::with_assets();
    let whole = workspace.read("assets/ui/button/asset.json");
    let mut watch = watching(&workspace, &[]);
    workspace.write("assets/ui/button/asset.json", "{");
    let found = watch.says("error[");
    assert!(
        found.starts_with("error[S204] ui/button: ") && found.contains("assets/ui/button/asset.json:1:"),
        "{found}"
    );
    workspace.write("assets/ui/button/asset.json", whole);
    watch.says("cleared[S204] ui/button: ");
    assert_ends_well(watch);
}

#[test]
fn what_is_wrong_at_the_start_is_said_at_the_start() {
    let workspace = Workspace::with_assets();
    workspace.write("assets/ui/button/asset.json", "{");
    let mut watch = watching(&workspace, &[]);
    watch.says("error[S204]");
    assert_ends_well(watch);
}

#[test]
fn settings_that_do_not_read_are_watched_until_they_do() {
    let workspace = Workspace::with_assets();
    let settings = workspace.read("packwright.toml");
    workspace.write("packwright.toml", "schema = ");
    let mut watch = Running::start(&workspace.path(), &["watch"]);
    watch.says("error[S108]");
    workspace.write("packwright.toml", settings);
    watch.says("cleared[S108]");
    assert_ends_well(watch);
}

#[test]
fn a_build_follows_each_change() {
    let workspace = Workspace::with_assets();
    let mut watch = watching(&workspace, &["--build"]);
    watch.says("built build/game.pack: 3 assets, 4 parts");
    workspace.write("assets/texts/intro/de.txt", "Es war einmal\n");
    watch.says("changed texts/intro");
    watch.says("built build/game.pack: 3 assets, 5 parts");
    assert_ends_well(watch);
    workspace.run(&["build", "--check"]).success();
}

#[test]
fn what_blocks_a_build_is_shown_and_a_change_is_waited_for() {
    let workspace = Workspace::with_assets();
    workspace.write("assets/ui/button/button.png", "\u{89}PNG\r\n\u{1a}\n");
    let mut watch = watching(&workspace, &["--build"]);
    let whole = fs::read(workspace.path().join("assets/audio/steps/left.bin")).expect("a file");
    workspace.write("assets/ui/button/asset.json", "{");
    watch.says("error[S204]");
    watch.says("not built: 1 finding in the way; waiting for a change");
    workspace.asset("ui/button", 1, "\"importer\": \"raw\",\n  ");
    watch.says("cleared[S204]");
    watch.says("built build/game.pack");
    assert_eq!(fs::read(workspace.path().join("assets/audio/steps/left.bin")).expect("a file"), whole);
    assert_ends_well(watch);
}

#[test]
fn inc_3_nothing_but_outputs_is_written_whatever_is_seen() {
    let workspace = Workspace::with_assets();
    let mut watch = watching(&workspace, &["--build"]);
    watch.says("built ");
    fs::remove_dir_all(workspace.path().join("assets/ui/button")).expect("it is there");
    workspace.asset("ui/new", 9, "");
    workspace.asset("ui/copy", 2, "");
    let before = authored(&workspace);
    watch.says("error[S201]");
    watch.says("not built");
    assert_ends_well(watch);
    assert_eq!(authored(&workspace), before);
}

#[test]
fn json_is_each_event_as_a_line_and_a_whole_stream() {
    let workspace = Workspace::with_assets();
    let mut watch = Running::start(&workspace.path(), &["watch", "--build", "--json"]);
    watch.says("\"kind\":\"build_finished\"");
    workspace.write("assets/texts/intro/de.txt", "Es war einmal\n");
    watch.says("\"kind\":\"asset_changed\"");
    watch.says("\"kind\":\"build_finished\"");
    watch.interrupt();
    let mut lines = watch.said().to_vec();
    let (status, rest) = watch.end();
    assert_eq!(status.code(), Some(0));
    lines.extend(rest);
    let events: Vec<Event> = lines.iter().map(|line| serde_json::from_str(line).expect("an event a line")).collect();
    check(&events).expect("a stream as it is documented");
}

#[test]
fn a_workspace_that_goes_away_ends_the_watch_and_is_said() {
    let workspace = Workspace::with_assets();
    let mut watch = watching(&workspace, &[]);
    fs::rename(workspace.path(), workspace.path().with_file_name("elsewhere")).expect("one file system");
    watch.complains("the workspace folder was moved, replaced or deleted");
    let (status, _) = watch.end();
    assert_eq!(status.code(), Some(3));
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_watch() {
    let workspace = Workspace::with_assets();
    let mut watch = std::process::Command::new(snapbox::cmd::cargo_bin("packwright"))
        .arg("watch")
        .current_dir(workspace.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(watch.stdout.take());
    workspace.write("assets/texts/intro/en.txt", "Once upon another time\n");
    assert_eq!(watch.wait().expect("it ends").code(), Some(0));
}

#[test]
fn outside_of_a_workspace_there_is_nothing_to_watch() {
    let folder = tempfile::tempdir().expect("a folder");
    let watch = Running::start(folder.path(), &["watch"]);
    let (status, said) = watch.end();
    assert_eq!((status.code(), said), (Some(3), Vec::new()));
}
