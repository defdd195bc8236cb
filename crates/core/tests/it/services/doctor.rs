//! `doctor`.

use serde_json::{Value, json};

use super::{ADOPTED, as_json, done, each};
use crate::{call, open};

#[test]
fn svc_14_doc_1_the_registered_world_is_validated_by_default() {
    let (tree, project) = open(ADOPTED);
    tree.remove("assets/audio");
    tree.write("assets/ui/icon/asset.json", "{\n");
    tree.write("assets/stray/asset.json", "{");
    let response = call(&project, r#"{"service": "doctor"}"#);
    assert_eq!(response.exit_code(), 1);
    let answer = as_json(&response);
    assert_eq!(answer["data"]["counts"], json!({"S201": 1, "S204": 1}), "what nobody registered is not its concern");
    assert_eq!(each(&answer["affected_assets"], "root"), ["ui/icon", "audio/theme"], "by id");
    assert_eq!(answer["data"]["failed"], json!([]));
    assert!(
        answer["summary"].as_str().is_some_and(|line| line.starts_with("2 structural findings in 3 registered assets"))
    );
}

#[test]
fn doc_4_nothing_is_changed() {
    let (tree, project) = open(ADOPTED);
    tree.write("assets/ui/icon/asset.json", "{\n");
    let before = packwright_testkit::files_below(tree.path());
    let answer = done(&project, &json!({"service": "doctor"}));
    assert_eq!(answer["operation_class"], "read_only");
    assert_eq!(packwright_testkit::files_below(tree.path()), before);
}

#[test]
fn a_healthy_world_is_said_to_be_so() {
    let (_tree, project) = open(ADOPTED);
    done(&project, &json!({"service": "build"}));
    let response = call(&project, r#"{"service": "doctor"}"#);
    assert_eq!((response.summary.as_str(), response.exit_code()), ("nothing is wrong with 3 registered assets", 0));
}

#[test]
fn only_looks_for_the_codes_named_by_number_or_name() {
    let (tree, project) = open(ADOPTED);
    tree.remove("assets/audio");
    tree.write("assets/ui/icon/asset.json", "{\n");
    for only in [json!(["S204"]), json!(["s204"]), json!(["manifest-invalid"])] {
        let answer = done(&project, &json!({"service": "doctor", "only": only}));
        assert_eq!(each(&answer["diagnostics"], "code"), ["S204"], "{only}");
        assert_eq!(answer["data"]["checks"], json!(["S204"]));
    }
    let none = call(&project, r#"{"service": "doctor", "only": ["S101", "S102"]}"#);
    assert_eq!((none.diagnostics.len(), none.exit_code()), (0, 0));
}

#[test]
fn a_verdict_on_some_codes_claims_no_more_than_was_looked_at() {
    let (tree, project) = open(ADOPTED);
    tree.remove("assets/audio");
    let some = call(&project, r#"{"service": "doctor", "only": ["S204"]}"#);
    assert!(!some.summary.starts_with("nothing is wrong with"), "{}", some.summary);
}

#[test]
fn a_code_that_there_is_not_names_the_nearest() {
    let (_tree, project) = open(ADOPTED);
    for (code, near) in [("S24", "S204"), ("manifest-invald", "manifest-invalid"), ("Z900", "")] {
        let response = call(&project, &json!({"service": "doctor", "only": [code]}).to_string());
        assert_eq!(
            (as_json(&response)["blockers"][0]["code"].as_str(), response.exit_code()),
            (Some("bad_request"), 2)
        );
        assert!(response.blockers[0].help.contains(near), "{}", response.blockers[0].help);
    }
}

#[test]
fn every_check_there_is_is_said_to_have_run() {
    let (_tree, project) = open(ADOPTED);
    let checks = done(&project, &json!({"service": "doctor"}))["data"]["checks"].take();
    let checks: Vec<Value> = checks.as_array().expect("a list").clone();
    let codes = packwright::diagnose::Code::ALL.iter().filter(|code| !code.is_hygiene());
    let codes = codes.map(|code| code.as_str()).filter(|code| *code != "S213");
    assert_eq!(checks, codes.map(Value::from).collect::<Vec<_>>(), "S213 is a build's alone");
}

#[test]
fn each_look_is_a_new_revision_and_finds_what_changed() {
    let (tree, project) = open(ADOPTED);
    let first = call(&project, r#"{"service": "doctor"}"#);
    tree.remove("assets/ui/icon/icon.txt");
    let second = call(&project, r#"{"service": "doctor"}"#);
    assert!(second.revision > first.revision);
    assert_eq!((first.diagnostics.len(), second.diagnostics.len()), (0, 1));
}
