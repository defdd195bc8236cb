//! Where the place, not the request, stands in the way.

use std::time::Duration;

use packwright::fs::{RealFs, SharedFs, WorkspaceLock};
use packwright::service::{Service, Status};
use packwright::value::{Cancel, OperationId, RelPath};
use packwright::{Packer, Project};
use packwright_testkit::{Tree, as_nobody};
use serde_json::{Value, json};

use super::{ADOPTED, REGISTRY, as_json, done, each, refused, register};
use crate::{call, open, packer, reopen};

/// A mutation of each kind, and a build.
fn writes() -> Vec<Value> {
    vec![
        register(&["new"]),
        json!({"service": "include_asset_in_build", "selectors": ["audio/theme"]}),
        json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}),
        json!({"service": "remove_asset", "selectors": ["ui/icon"]}),
        json!({"service": "build"}),
    ]
}

/// A read of each kind, and a doctor.
fn reads() -> Vec<Value> {
    vec![
        json!({"service": "list_assets"}),
        json!({"service": "get_asset_details", "selector": "ui/icon"}),
        json!({"service": "get_compile_surface"}),
    ]
}

#[test]
fn a_folder_that_is_no_workspace_is_no_workspace_for_every_service() {
    let tree = Tree::from_text("-- file --\nx\n");
    for path in [tree.path().to_owned(), tree.at("nowhere"), tree.at("file")] {
        for service in Service::ALL {
            let error = packer().0.open(&path).err().expect("nothing is there");
            let response = error.into_response(*service);
            let answer = as_json(&response);
            assert_eq!((response.status, response.exit_code()), (Status::Blocked, 3));
            assert_eq!(
                (&answer["blockers"][0]["code"], &answer["service"]),
                (&"no_workspace".into(), &service.name().into())
            );
        }
    }
}

#[test]
fn settings_that_do_not_read_leave_doctor_and_status_alone() {
    let (tree, _) = open(ADOPTED);
    tree.write("packwright.toml", "schema = 1\n[project]\nnme = \"game\"\n");
    let project = reopen(&tree);
    for request in writes().iter().chain(&reads()) {
        assert_eq!(refused(&tree, &project, request), ["structural_errors"], "{request}");
    }
    let doctored = done(&project, &json!({"service": "doctor"}));
    assert!(each(&doctored["diagnostics"], "code").iter().all(|code| code == "S108"));
    let status = done(&project, &json!({"service": "get_status"}));
    assert_eq!(
        (&status["project_id"], status["runtime_state"]["reasons"][0]["code"].as_str()),
        (&Value::Null, Some("settings_invalid"))
    );
}

#[test]
fn an_assets_folder_behind_a_link_stops_all_writes_too() {
    let (tree, _) = open(ADOPTED);
    tree.rename("assets", "art");
    std::os::unix::fs::symlink("art", tree.at("assets")).expect("a link");
    let project = reopen(&tree);
    for request in &writes() {
        assert_eq!(refused(&tree, &project, request), ["structural_errors"], "{request}");
    }
}

#[test]
fn a_registry_that_does_not_read_blocks_writes_and_is_never_overwritten() {
    for broken in ["<<<<<<< HEAD\n", "", "{\"schema\": 2, \"assets\": []}\n", "[]"] {
        let (tree, _) = open(ADOPTED);
        tree.write("assets/new/x.txt", "x");
        tree.write(REGISTRY, broken);
        let project = reopen(&tree);
        for request in &writes() {
            assert_eq!(refused(&tree, &project, request), ["structural_errors"], "{request}");
        }
        assert_eq!(tree.text(REGISTRY), broken);
        assert_eq!(done(&project, &json!({"service": "list_assets"}))["runtime_state"]["state"], "diverged");
    }
}

#[test]
fn a_registry_that_stops_reading_leaves_the_registered_set_as_it_was_last() {
    let (tree, project) = open(ADOPTED);
    let good = tree.read(REGISTRY);
    tree.write(REGISTRY, "<<<<<<< HEAD\n");
    let doctored = done(&project, &json!({"service": "doctor"}));
    assert_eq!(each(&doctored["diagnostics"], "code"), ["S101"]);
    let listed = done(&project, &json!({"service": "list_assets", "filter": {"registered": true}}));
    assert_eq!((listed["data"]["total"].as_u64(), &listed["runtime_state"]["state"]), (Some(3), &"diverged".into()));
    tree.write("assets/new/x.txt", "x");
    assert_eq!(refused(&tree, &project, &register(&["new"])), ["structural_errors"]);
    tree.write(REGISTRY, good);
    assert_eq!(done(&project, &json!({"service": "doctor"}))["runtime_state"]["state"], "healthy");
}

#[test]
fn svc_5_an_edit_of_the_registry_by_somebody_else_is_seen_and_kept() {
    let (tree, project) = open(ADOPTED);
    tree.write("assets/new/x.txt", "x");
    let edited = tree
        .text(REGISTRY)
        .replace("\"ui/icon\", \"included\": true", "\"ui/icon\", \"included\": false, \"by\": \"hand\"");
    tree.write(REGISTRY, edited);
    done(&project, &register(&["new"]));
    let after = tree.text(REGISTRY);
    assert!(
        after.contains("\"root\": \"ui/icon\", \"included\": false, \"by\": \"hand\"")
            && after.contains("\"root\": \"new\""),
        "{after}"
    );
    tree.remove(REGISTRY);
    done(&project, &json!({"service": "register_asset", "roots": ["ui"], "recursive": true}));
    assert_eq!(super::registered(&tree).len(), 2, "what was removed by hand stays removed");
}

fn impatient(tree: &Tree) -> Project {
    let packer =
        Packer::builder(crate::heard::bus()).importers(packwright_importers::standard()).lock_wait(Duration::ZERO);
    packer.threads(1).build().open(tree.path()).expect("a workspace")
}

#[test]
fn a_workspace_that_another_process_writes_is_locked_by_name_and_reads_go_on() {
    let (tree, _) = open(ADOPTED);
    tree.write("assets/new/x.txt", "x");
    let fs: SharedFs = std::sync::Arc::new(RealFs::open(tree.path()).expect("it opens"));
    let (private, operation) = (RelPath::literal(".packwright"), OperationId::mint());
    let (at_once, cancel) = (Duration::ZERO, Cancel::new());
    let Ok(held) = WorkspaceLock::acquire(&fs, &private, ("build", operation), (at_once, &cancel), false) else {
        panic!("nobody else writes")
    };
    let project = impatient(&tree);
    for request in &writes() {
        assert_eq!(refused(&tree, &project, request), ["workspace_locked"], "{request}");
    }
    let response = call(&project, &writes()[4].to_string());
    assert_eq!(response.exit_code(), 3);
    assert!(response.blockers[0].message.contains("build by process"), "{}", response.blockers[0].message);
    for request in &reads() {
        done(&project, request);
    }
    done(&project, &json!({"service": "doctor"}));
    drop(held);
    done(&project, &writes()[0]);
}

#[test]
fn a_workspace_that_may_not_be_written_is_read_only_and_reads_go_on() {
    let (tree, _) = open(ADOPTED);
    tree.write("assets/new/x.txt", "x");
    let lock = |mode| {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(tree.path(), permissions).expect("our own folder");
    };
    lock(0o555);
    as_nobody(&tree, || {
        let project = reopen(&tree);
        for request in &writes() {
            assert_eq!(refused(&tree, &project, request), ["read_only"], "{request}");
        }
        for request in &reads() {
            done(&project, request);
        }
    });
    lock(0o755);
}
