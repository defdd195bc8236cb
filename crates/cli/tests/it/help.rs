//! What the help says.

use snapbox::str;

use crate::support::packwright;

const COMMANDS: &[&[&str]] = &[
    &["init"],
    &["register"],
    &["include"],
    &["exclude"],
    &["remove"],
    &["list"],
    &["show"],
    &["why"],
    &["doctor"],
    &["build"],
    &["surface"],
    &["status"],
    &["pack"],
    &["pack", "inspect"],
    &["pack", "verify"],
    &["pack", "extract"],
    &["pack", "diff"],
    &["merge-registry"],
    &["explain"],
    &["schema"],
    &["completions"],
];

fn help(command: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let run = packwright(folder.path()).args(command).arg("--help").assert().success().stderr_eq("");
    String::from_utf8(run.get_output().stdout.clone()).expect("UTF-8")
}

#[test]
fn the_help_lists_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    packwright(folder.path()).arg("-h").assert().success().stderr_eq("").stdout_eq(str![[""]]);
}

#[test]
fn the_help_of_a_command_describes_its_arguments() {
    let folder = tempfile::tempdir().expect("a folder");
    packwright(folder.path()).args(["register", "-h"]).assert().success().stderr_eq("").stdout_eq(str![[""]]);
}

#[test]
fn every_command_has_examples() {
    for command in COMMANDS {
        let text = help(command);
        let examples = text.split_once("Examples:\n").unwrap_or_else(|| panic!("{command:?} has no examples")).1;
        let called = format!("packwright {}", command.join(" "));
        assert!(examples.contains(&called), "no example of {command:?} calls it:\n{examples}");
    }
}

#[test]
fn every_command_of_the_help_is_in_this_test() {
    let text = help(&[]);
    let listed = text.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    for name in listed.filter_map(|line| line.split_whitespace().next()) {
        assert!(COMMANDS.iter().any(|command| command[0] == name), "{name}");
    }
}

#[test]
fn colours_of_the_help_follow_the_flag() {
    let folder = tempfile::tempdir().expect("a folder");
    let shown = |when: &str| {
        let run = packwright(folder.path()).args(["--color", when, "--help"]).assert().success();
        run.get_output().stdout.contains(&0x1b)
    };
    assert!(shown("always"));
    assert!(!shown("never") && !shown("auto"));
}
