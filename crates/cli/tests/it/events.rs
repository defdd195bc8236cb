//! `--events`: the stream of a command, whole, however the command ends.

use packwright::event::{Event, Kind, check};
use snapbox::str;

use crate::support::{Workspace, json};

/// The events of a run with these arguments and this exit code.
fn events(workspace: &Workspace, args: &[&str], exit_code: i32) -> Vec<Event> {
    workspace.run(&[args, &["--events", "events.jsonl"]].concat()).code(exit_code);
    read(&workspace.read("events.jsonl"))
}

fn read(text: &str) -> Vec<Event> {
    assert!(text.is_empty() || text.ends_with('\n'), "the last line is whole");
    let events: Vec<Event> = text.lines().map(|line| serde_json::from_str(line).expect("an event a line")).collect();
    check(&events).expect("a stream as it is documented");
    events
}

fn last_of(events: &[Event]) -> (Kind, &str) {
    let last = events.last().expect("an event");
    assert!(last.terminal);
    (last.kind, last.payload.get("status").and_then(serde_json::Value::as_str).unwrap_or_default())
}

#[test]
fn a_command_writes_its_events_whole() {
    let workspace = Workspace::with_assets();
    let built = events(&workspace, &["build", "-q"], 0);
    assert_eq!(last_of(&built), (Kind::BuildFinished, "ok"));
    assert!(built.iter().any(|event| event.kind == Kind::CacheMiss));
    let excluded = events(&workspace, &["exclude", "ui/button", "-q"], 0);
    assert_eq!(last_of(&excluded).0, Kind::ActionApplied);
    let doctor = events(&workspace, &["doctor"], 0);
    assert_eq!(last_of(&doctor), (Kind::DiagnosticsUpdated, "ok"));
}

#[test]
fn a_command_that_is_blocked_writes_them_too() {
    let workspace = Workspace::with_assets();
    workspace.write("assets/ui/button/asset.json", "{");
    assert_eq!(last_of(&events(&workspace, &["build"], 1)), (Kind::BuildFinished, "blocked"));
    assert_eq!(last_of(&events(&workspace, &["exclude", "nobody"], 1)), (Kind::ActionFailed, "blocked"));
}

#[test]
fn a_dash_is_stderr_and_takes_the_place_of_progress() {
    let workspace = Workspace::with_assets();
    let run = workspace.run(&["build", "--json", "--events", "-"]).success();
    let stderr = String::from_utf8(run.get_output().stderr.clone()).expect("text");
    assert_eq!(last_of(&read(&stderr)), (Kind::BuildFinished, "ok"));
    assert_eq!(json(&run)["data"]["outcome"], "built");
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_before_anything_runs() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "--events", "absent/events.jsonl"]).code(3).stdout_eq("").stderr_eq(str![[r#"
error: cannot write events to [..]/game/absent/events.jsonl: No such file or directory (os error 2)

"#]]);
    assert!(!workspace.path().join("build").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn events_that_find_no_room_are_an_error_at_the_end() {
    let workspace = Workspace::with_assets();
    let run = workspace.run(&["build", "-q", "--events", "/dev/full"]).code(3);
    assert!(String::from_utf8_lossy(&run.get_output().stderr).contains("cannot write events to /dev/full"));
    workspace.run(&["build", "--check"]).success();
}

#[test]
fn a_read_that_looks_at_nothing_new_writes_only_its_opening() {
    let workspace = Workspace::with_assets();
    let read = events(&workspace, &["surface", "-q"], 0);
    assert_eq!(last_of(&read).0, Kind::ReconcileFinished);
    assert!(read.iter().all(|event| event.operation_id == read[0].operation_id));
}
