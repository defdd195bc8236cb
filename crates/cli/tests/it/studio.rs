//! `packwright studio`, as a person and as a program start it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use packwright_testkit::Tree;
use serde_json::Value;

use crate::running::Running;
use crate::support::{Workspace, json, packwright};

/// A service that was started by a program.
struct Studio {
    run: Running,
    started: Value,
    state: Tree,
}

fn start(folder: &Path, args: &[&str]) -> Studio {
    let state = Tree::empty();
    start_on(folder, args, state)
}

fn start_on(folder: &Path, args: &[&str], state: Tree) -> Studio {
    let args = [&["studio", "--no-open", "--json", "--port", "0"], args].concat();
    let mut run = Running::start_with(folder, &args, &[("XDG_STATE_HOME", state.path())]);
    let started = serde_json::from_str(&run.says("{")).expect("one line of JSON");
    Studio { run, started, state }
}

impl Studio {
    fn port(&self) -> u16 {
        let url = self.started["url"].as_str().expect("an address");
        let port = url.strip_prefix("http://127.0.0.1:").and_then(|rest| rest.split('/').next());
        port.and_then(|port| port.parse().ok()).expect("a port")
    }

    /// What it answers to a program that has the token.
    fn get(&self, path: &str) -> String {
        let (port, token) = (self.port(), self.started["token"].as_str().expect("a token"));
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    fn ends_well(self, signal: &str) {
        self.run.signal(signal);
        let (status, rest) = self.run.end();
        assert_eq!((status.code(), rest), (Some(0), Vec::new()), "one line, and nothing after it");
    }
}

#[test]
fn a_program_is_told_in_one_line_how_to_reach_it() {
    let workspace = Workspace::with_assets();
    let studio = start(&workspace.path(), &[]);
    let project = &studio.started["projects"][0];
    assert_eq!(project["name"], "game");
    assert_eq!(project["path"], workspace.path().canonicalize().expect("it is there").display().to_string());
    let answer = studio.get("/api/v1/projects");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains(project["project_id"].as_str().expect("an id")), "{answer}");
    studio.ends_well("-INT");
}

#[test]
fn it_ends_in_order_when_the_system_says_so() {
    let workspace = Workspace::with_assets();
    start(&workspace.path(), &[]).ends_well("-TERM");
}

#[test]
fn several_workspaces_are_served_at_once_and_none_is_needed() {
    let (one, other) = (Workspace::new(), Workspace::new());
    let folder = Tree::empty();
    let paths = [one.path().display().to_string(), other.path().display().to_string()];
    let both = start(folder.path(), &[&paths[0], &paths[1]]);
    assert_eq!(both.started["projects"].as_array().map(Vec::len), Some(2));
    both.ends_well("-INT");
    let none = start(folder.path(), &[]);
    assert_eq!(none.started["projects"].as_array().map(Vec::len), Some(0));
    none.ends_well("-INT");
}

#[test]
fn the_key_of_logins_is_kept_for_the_user_alone() {
    let workspace = Workspace::new();
    let studio = start(&workspace.path(), &[]);
    let key = studio.state.at("packwright/studio.key");
    assert_eq!(std::fs::metadata(&key).expect("a key").permissions().mode() & 0o777, 0o600);
    let kept = std::fs::read(&key).expect("it reads");
    let Studio { run, state, .. } = studio;
    run.interrupt();
    run.end();
    let again = start_on(&workspace.path(), &[], state);
    assert_eq!(std::fs::read(again.state.at("packwright/studio.key")).expect("it reads"), kept);
    again.ends_well("-INT");
}

#[test]
fn a_port_that_is_taken_says_by_whom_and_what_to_do() {
    let workspace = Workspace::new();
    let studio = start(&workspace.path(), &[]);
    let port = studio.port().to_string();
    let args = ["studio", "--no-open", "--port", &port];
    let second = packwright(&workspace.path()).args(args).assert().code(3);
    let said = String::from_utf8_lossy(&second.get_output().stderr).into_owned();
    assert!(said.contains("by a packwright studio that runs already"), "{said}");
    assert!(said.contains(&format!("http://127.0.0.1:{port}/")), "{said}");
    let as_json = packwright(&workspace.path()).args(args).arg("--json").assert().code(3);
    assert_eq!(json(&as_json)["status"], "failed");
    studio.ends_well("-INT");

    let other = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = other.local_addr().expect("an address").port().to_string();
    let answering = std::thread::spawn(move || drop(other.accept()));
    let run = packwright(&workspace.path()).args(["studio", "--no-open", "--port", &port]).assert().code(3);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains(&format!("port {port} is taken")) && said.contains("--port 0"), "{said}");
    answering.join().expect("it does not panic");
}

#[test]
fn a_folder_that_is_no_workspace_is_not_served() {
    let folder = Tree::empty();
    let run = packwright(folder.path()).args(["studio", "--no-open", "--port", "0", ".", "--json"]).assert().code(3);
    assert_eq!(json(&run)["blockers"][0]["code"], "no_workspace");
}
