//! The merge driver, called by git itself and by hand.

use std::process::{Command, Output};

use snapbox::cmd::cargo_bin;
use snapbox::str;

use crate::support::Workspace;

/// A workspace under git, with the driver configured and three assets on the branch `main`.
struct Repository(Workspace);

impl Repository {
    fn new() -> Self {
        let repository = Self(Workspace::with_assets());
        let driver = format!("'{}' merge-registry %O %A %B", cargo_bin("packwright").display());
        repository.git(&["init", "-q", "-b", "main"]);
        repository.git(&["config", "merge.packwright.driver", &driver]);
        repository.commit();
        repository
    }

    fn try_git(&self, args: &[&str]) -> Output {
        Command::new("git")
            .args(["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"])
            .args(args)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .current_dir(self.0.path())
            .output()
            .expect("git runs")
    }

    fn git(&self, args: &[&str]) {
        let output = self.try_git(args);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "change"]);
    }

    /// Makes a commit on a new branch off `main`, and comes back.
    fn on_branch(&self, name: &str, change: impl FnOnce(&Workspace)) {
        self.git(&["checkout", "-q", "-b", name, "main"]);
        change(&self.0);
        self.commit();
    }

    fn merge(&self, ours: &str, theirs: &str) -> Output {
        self.git(&["checkout", "-q", ours]);
        self.try_git(&["merge", "-q", "--no-edit", theirs])
    }
}

fn register(workspace: &Workspace, root: &str, n: u32) {
    workspace.asset(root, n, "");
    workspace.write(&format!("assets/{root}/a.txt"), root);
    workspace.run(&["register", &format!("assets/{root}"), "-q"]).success();
}

#[test]
fn branches_that_register_exclude_and_remove_merge_by_themselves() {
    let repository = Repository::new();
    repository.on_branch("ours", |workspace| {
        register(workspace, "ui/icon", 10);
        workspace.run(&["exclude", "texts/intro", "-q"]).success();
    });
    repository.on_branch("theirs", |workspace| {
        register(workspace, "ui/image", 11);
        workspace.run(&["remove", "audio/steps", "--keep", "-q"]).success();
    });
    let merged = repository.merge("ours", "theirs");
    assert!(merged.status.success(), "{}", String::from_utf8_lossy(&merged.stdout));
    let run = repository.0.run(&["list", "-q"]).success();
    run.stdout_eq(str![[r#"
ADDRESS              ID  BUILD         IMPORTER  SOURCES    BYTES  STATE
audio/steps           -  unregistered  raw             2  4.9 KiB  healthy
texts/intro  1033320532  excluded      auto            1     17 B  healthy
ui/button     394391312  included      auto            1     67 B  healthy
ui/icon      3505794111  included      auto            1      7 B  healthy
ui/image     3532856044  included      auto            1      8 B  healthy

"#]]);
}

#[test]
fn one_asset_changed_on_both_sides_is_a_conflict_that_git_sees() {
    let repository = Repository::new();
    repository.on_branch("ours", |workspace| {
        workspace.run(&["exclude", "ui/button", "-q"]).success();
    });
    repository.on_branch("theirs", |workspace| {
        workspace.run(&["remove", "ui/button", "--keep", "-q"]).success();
    });
    let merged = repository.merge("ours", "theirs");
    assert_eq!(merged.status.code(), Some(1));
    let status = repository.try_git(&["status", "--porcelain"]);
    assert!(String::from_utf8_lossy(&status.stdout).contains("UD") || status.stdout.starts_with(b"UU"));
    assert!(repository.0.read("packwright.registry.json").contains("<<<<<<<"));
    repository.0.run(&["list", "-q"]).success();
    let doctor = repository.0.run(&["doctor", "-q"]).code(1);
    assert!(doctor.get_output().stdout.starts_with(b"error[S101]"));
}

#[test]
fn without_a_workspace_three_files_are_enough() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, included: bool| {
        let entry = format!(
            r#"{{"asset_id": 7, "uuid": "01990000-0000-7000-8000-000000000001", "root": "ui", "included": {included}}}"#
        );
        let text = format!("{{\n  \"schema\": 1,\n  \"assets\": [\n    {entry}\n  ]\n}}\n");
        std::fs::write(folder.path().join(name), text).expect("a file");
    };
    write("base", true);
    write("ours", true);
    write("theirs", false);
    let merge =
        || crate::support::packwright(folder.path()).args(["merge-registry", "base", "ours", "theirs"]).assert();
    merge().success().stdout_eq("").stderr_eq("");
    let ours = std::fs::read_to_string(folder.path().join("ours")).expect("a file");
    assert_eq!(ours, std::fs::read_to_string(folder.path().join("theirs")).expect("a file"));
}

#[test]
fn a_side_that_does_not_read_leaves_ours_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("base", ""), ("ours", "{\n  \"schema\": 1,\n  \"assets\": []\n}\n"), ("theirs", "<<<<<<<")] {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let before = std::fs::read(folder.path().join("ours")).expect("a file");
    let run = crate::support::packwright(folder.path()).args(["merge-registry", "base", "ours", "theirs"]).assert();
    run.code(3).stdout_eq("").stderr_eq(str![[r#"
error: the theirs file cannot be merged: not JSON: expected value

"#]]);
    assert_eq!(std::fs::read(folder.path().join("ours")).expect("a file"), before);
}
