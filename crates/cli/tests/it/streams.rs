//! stdout, stderr, terminals, and being interrupted.

use std::process::{Command, Stdio};

use snapbox::cmd::cargo_bin;

use crate::support::Workspace;

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let workspace = Workspace::with_assets();
    let mut child = Command::new(cargo_bin("packwright"))
        .args(["explain", "S203"])
        .current_dir(workspace.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_an_error() {
    let workspace = Workspace::with_assets();
    let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has it");
    let output = Command::new(cargo_bin("packwright"))
        .arg("list")
        .current_dir(workspace.path())
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to stdout"));
}

#[test]
fn quiet_leaves_results_and_errors() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success().stderr_eq("");
    let run = workspace.run(&["show", "nobody", "-q"]).code(1).stdout_eq("");
    assert!(!run.get_output().stderr.is_empty());
}

#[test]
fn colours_are_for_terminals_or_for_who_asks() {
    let workspace = Workspace::with_assets();
    let colored = |args: &[&str]| workspace.run(args).get_output().stdout.contains(&0x1b);
    assert!(!colored(&["list"]));
    assert!(colored(&["list", "--color", "always"]));
    assert!(!colored(&["list", "--color", "never"]));
}

/// Ctrl-C on Linux, where one can see when the handler is set.
#[cfg(target_os = "linux")]
mod interrupted {
    use std::fs::File;
    use std::io::{BufRead, BufReader};
    use std::process::{Child, ChildStderr};

    use super::*;

    /// A build that waits for the workspace's lock, which the test holds, and that was interrupted once.
    struct Interrupted {
        build: Child,
        lock: File,
        said: BufReader<ChildStderr>,
    }

    fn interrupted(workspace: &Workspace) -> Interrupted {
        workspace.run(&["build", "-q"]).success();
        let lock = File::options().read(true).write(true).open(workspace.path().join(".packwright/lock"));
        let lock = lock.expect("a build makes it");
        lock.lock().expect("nobody holds it");
        let mut build = Command::new(cargo_bin("packwright"))
            .args(["build", "--full", "--wait", "60", "-q"])
            .current_dir(workspace.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        while !handles_interrupts(&build) {
            std::thread::yield_now();
        }
        interrupt(&build);
        let mut said = BufReader::new(build.stderr.take().expect("it is a pipe"));
        let mut line = String::new();
        while !line.contains("stopping at the next safe point") {
            assert_ne!(said.read_line(&mut line).expect("a line"), 0, "it says that it heard");
        }
        Interrupted { build, lock, said }
    }

    /// Whether the process has set a handler of its own for SIGINT, the second bit of its caught signals.
    fn handles_interrupts(process: &Child) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).expect("it runs");
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("Linux says it");
        u64::from_str_radix(caught.trim(), 16).expect("a mask") & 0b10 != 0
    }

    fn interrupt(process: &Child) {
        let sent = Command::new("kill").args(["-INT", &process.id().to_string()]).status().expect("it runs");
        assert!(sent.success());
    }

    #[test]
    fn the_first_ctrl_c_cancels_at_a_safe_point_and_nothing_was_done() {
        let workspace = Workspace::with_assets();
        let Interrupted { mut build, lock, said } = interrupted(&workspace);
        let report = workspace.read("build/report.json");
        drop(lock);
        let lines: Vec<String> = said.lines().map_while(Result::ok).collect();
        assert_eq!(build.wait().expect("it ends").code(), Some(130), "{lines:?}");
        assert_eq!(workspace.read("build/report.json"), report);
    }

    #[test]
    fn the_second_ctrl_c_ends_it_at_once() {
        let workspace = Workspace::with_assets();
        let Interrupted { mut build, lock, said } = interrupted(&workspace);
        interrupt(&build);
        assert_eq!(build.wait().expect("it ends").code(), Some(130));
        drop((lock, said));
        workspace.run(&["build", "--check"]).success();
    }
}
