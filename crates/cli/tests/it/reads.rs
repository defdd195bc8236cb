//! Reads that do not scan: beside other processes, and where nothing can be written.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;

use packwright_testkit::{Tree, as_nobody};
use snapbox::str;

use crate::running::Running;
use crate::support::{Workspace, json, packwright};

const READS: [&[&str]; 5] = [&["list"], &["show", "texts/intro"], &["why", "texts/intro"], &["surface"], &["status"]];

/// The lock of a workspace, held as another process would.
fn held_lock(workspace: &Workspace) -> File {
    let lock = File::options().write(true).create(true).truncate(false).open(workspace.path().join(".packwright/lock"));
    let lock = lock.expect("a lock file");
    lock.lock().expect("nobody holds it");
    lock
}

#[test]
fn reads_wait_for_nobody() {
    let workspace = Workspace::with_assets();
    let _lock = held_lock(&workspace);
    for read in READS {
        workspace.run(&[read, &["--wait", "3600", "-q"]].concat()).success();
    }
    workspace.run(&["build", "--check", "--wait", "3600", "-q"]).code(1);
}

#[test]
fn a_list_of_nothing_looks_whether_something_has_come() {
    let workspace = Workspace::new();
    workspace.run(&["list", "-q"]).success().stdout_eq("");
    workspace.asset("ui/button", 1, "");
    let assets = json(&workspace.run(&["list", "--json"]).success())["data"]["assets"].clone();
    assert_eq!(assets[0]["root"], "ui/button");
}

#[test]
fn what_no_entry_names_is_looked_for() {
    let workspace = Workspace::with_assets();
    workspace.run(&["list", "-q"]).success();
    workspace.asset("ui/new", 9, "");
    let run = workspace.run(&["list", "--unregistered", "-q"]).success();
    assert!(String::from_utf8_lossy(&run.get_output().stdout).contains("ui/new"));
}

#[test]
fn what_a_read_shows_is_as_it_is_on_disk_and_no_cause_for_alarm() {
    let workspace = Workspace::with_assets();
    workspace.write("assets/texts/intro/en.txt", "a longer text than it was\n");
    workspace.run(&["list", "--label", "ui"]).success().stdout_eq(str![[r#"
ADDRESS           ID  BUILD     IMPORTER  SOURCES  BYTES  STATE
ui/button  394391312  included  auto            1   67 B  healthy

"#]]);
    let answer = json(&workspace.run(&["show", "texts/intro", "--json"]).success());
    assert_eq!(answer["data"]["asset"]["bytes"], 26);
    assert_eq!(answer["runtime_state"]["reasons"][0]["code"], "not_scanned");
}

#[test]
fn a_read_only_workspace_is_read_and_nothing_is_written() {
    let tree = Tree::empty();
    let game = tree.at("game");
    let run = |args: &[&str]| packwright(&game).args(args).assert();
    packwright(tree.path()).args(["init", "game", "-q"]).assert().success();
    tree.write("game/assets/texts/intro/en.txt", "Once upon a time\n");
    run(&["register", "assets/texts/intro", "--address", "texts/intro", "-q"]).success();
    let _restored = ReadOnly::make(&tree);
    as_nobody(&tree, || {
        for read in READS {
            run(&[read, &["-q"]].concat()).success();
        }
        run(&["status", "--barrier", "-q"]).success();
        run(&["doctor", "-q"]).success();
        run(&["build", "--check", "-q"]).code(1);
        run(&["exclude", "texts/intro"]).code(3).stderr_eq(str![[r#"
error[read_only]: [..]
  help: give yourself permission to write there; reads work all the same

"#]]);
    });
    assert!(!game.join("build").exists());
}

/// Folders and files that nobody may write, until it is dropped.
struct ReadOnly<'t>(&'t Tree);

impl<'t> ReadOnly<'t> {
    fn make(tree: &'t Tree) -> Self {
        set_modes(&tree.at("game"), 0o555, 0o444);
        Self(tree)
    }
}

impl Drop for ReadOnly<'_> {
    fn drop(&mut self) {
        set_modes(&self.0.at("game"), 0o755, 0o644);
    }
}

fn set_modes(folder: &std::path::Path, of_folders: u32, of_files: u32) {
    fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("it is ours");
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            set_modes(&entry.path(), of_folders, of_files);
        } else {
            fs::set_permissions(entry.path(), Permissions::from_mode(of_files)).expect("it is ours");
        }
    }
    fs::set_permissions(folder, Permissions::from_mode(of_folders)).expect("it is ours");
}

#[test]
fn who_waits_says_for_whom() {
    let workspace = Workspace::with_assets();
    let lock = held_lock(&workspace);
    let holder =
        r#"{"pid": 4711, "host": "forge", "operation": "01990000-0000-7000-8000-000000000002", "service": "build"}"#;
    workspace.write(".packwright/holder.json", holder);
    let mut build = Running::start(&workspace.path(), &["build", "--wait", "3600"]);
    assert_eq!(build.complains("waits"), "waits for build by process 4711 on forge");
    drop(lock);
    build.says("built build/game.pack");
    assert!(build.end().0.success());
}

#[test]
fn who_may_not_wait_is_told_who_is_in_the_way() {
    let workspace = Workspace::with_assets();
    let _lock = held_lock(&workspace);
    workspace.run(&["build", "--wait", "0", "-q"]).code(3).stderr_eq(str![[r#"
error[workspace_locked]: another process is writing to this workspace
  help: wait for it to finish, or wait longer with `--wait SECONDS`

"#]]);
}
