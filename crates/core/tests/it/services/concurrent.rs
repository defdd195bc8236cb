//! Several callers at once: one write lane, and snapshots that never go back.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::{done, register, registered};
use crate::{Stop, open, packer};

const EACH: usize = 12;

/// Folders `PREFIX0` to `PREFIX11`.
fn folders(prefix: &str) -> String {
    (0..EACH).map(|n| format!("-- assets/{prefix}{n}/x.txt --\n{prefix}{n}\n")).collect()
}

#[test]
fn con_6_lane_1_two_callers_that_register_at_once_lose_nothing() {
    let (tree, project) = open(&(folders("a") + &folders("b")));
    std::thread::scope(|scope| {
        for prefix in ["a", "b"] {
            let project = &project;
            scope.spawn(move || (0..EACH).for_each(|n| drop(done(project, &register(&[&format!("{prefix}{n}")])))));
        }
    });
    assert_eq!(registered(&tree).len(), 2 * EACH);
    assert_eq!(done(&project, &json!({"service": "doctor"}))["diagnostics"], json!([]));
}

#[test]
fn con_6_two_packers_that_write_one_workspace_lose_nothing() {
    let (tree, _) = open(&(folders("a") + &folders("b")));
    std::thread::scope(|scope| {
        for prefix in ["a", "b"] {
            let project = packer().0.open(tree.path()).expect("a workspace");
            scope.spawn(move || (0..EACH).for_each(|n| drop(done(&project, &register(&[&format!("{prefix}{n}")])))));
        }
    });
    assert_eq!(registered(&tree).len(), 2 * EACH);
}

#[test]
fn con_7_a_build_and_a_write_at_once_are_one_after_the_other() {
    let (tree, project) = open(&folders("a"));
    std::thread::scope(|scope| {
        scope.spawn(|| (0..EACH).for_each(|n| drop(done(&project, &register(&[&format!("a{n}")])))));
        scope.spawn(|| (0..EACH).for_each(|_| drop(done(&project, &json!({"service": "build"})))));
    });
    let built = done(&project, &json!({"service": "build"}));
    assert_eq!(built["data"]["pack"]["assets"], EACH);
    assert_eq!(registered(&tree).len(), EACH);
}

#[test]
fn con_5_run_2_a_snapshot_never_goes_back_behind_a_commit_while_doctors_look_and_builds_run() {
    let (_tree, project) = open(&folders("a"));
    let done_writing = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for request in [json!({"service": "doctor"}), json!({"service": "build"})] {
            let (project, done_writing) = (&project, &done_writing);
            scope.spawn(move || {
                while !done_writing.load(Ordering::Relaxed) {
                    done(project, &request);
                }
            });
        }
        let _stop = Stop(&done_writing);
        let mut last = 0;
        for n in 0..EACH {
            let written = done(&project, &register(&[&format!("a{n}")]));
            for _ in 0..20 {
                let listed = done(&project, &json!({"service": "list_assets", "filter": {"registered": true}}));
                let revision = listed["revision"].as_u64().expect("a revision");
                if listed["data"]["total"] != n + 1 || revision < last || Some(revision) < written["revision"].as_u64()
                {
                    panic!("after {} commits at revision {last}: {listed}", n + 1);
                }
                last = revision;
            }
        }
    });
}
