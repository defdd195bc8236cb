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
    use std::process::Child;

    use super::*;

    /// A build that waits for the workspace's lock, which the test holds.
    fn waiting_build(workspace: &Workspace) -> (File, Child) {
        workspace.run(&["build", "-q"]).success();
        let lock =
            File::options().read(true).write(true).open(workspace.path().join(".packwright/lock")).expect("a lock");
        lock.lock().expect("nobody holds it");
        let child = Command::new(cargo_bin("packwright"))
            .args(["build", "--full", "--wait", "600", "-q"])
            .current_dir(workspace.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        while !handles_interrupts(child.id()) {
            std::thread::yield_now();
        }
        (lock, child)
    }

    /// Whether the process has set a handler of its own for SIGINT, the second bit of its caught signals.
    fn handles_interrupts(process: u32) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("Linux says it");
        u64::from_str_radix(caught.trim(), 16).expect("a mask") & 0b10 != 0
    }

    fn interrupt(process: &Child) {
        let sent = Command::new("kill").args(["-INT", &process.id().to_string()]).status().expect("it runs");
        assert!(sent.success());
    }

    #[test]
    fn the_first_ctrl_c_cancels_what_waits() {
        let workspace = Workspace::with_assets();
        let (_lock, child) = waiting_build(&workspace);
        interrupt(&child);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130));
        assert!(String::from_utf8_lossy(&output.stderr).contains("stopping at the next safe point"));
    }
}
