//! `apply_fixes`: the five safe fixes, each planned, made and taken back; and what is never fixed.

use packwright_testkit::Tree;
use serde_json::{Value, json};

use packwright::service::Status;

use super::{GAME, REGISTRY, agreed, as_json, blocked, call, done, each, plan};
use crate::open;

/// A temporary file of an operation of long ago.
const LEFTOVER: &str = "assets/ui/.asset.json.pw-01000000-0000-7000-8000-000000000001";

fn fixes(only: &str) -> Value {
    json!({"service": "apply_fixes", "scope": "workspace", "only": [only]})
}

fn found(project: &packwright::Project, code: &str) -> Vec<String> {
    let doctor = done(project, &json!({"service": "doctor", "scope": "workspace", "only": [code]}));
    each(&doctor["diagnostics"], "fingerprint")
}

type Damage = fn(&Tree);

/// Each safe fix: its code, what brings the finding about, and the kinds of its actions.
const SAFE: [(&str, Damage, &[&str]); 7] = [
    (
        "H308",
        |tree| tree.write(REGISTRY, tree.text(REGISTRY).replace(", \"included\"", ",  \"included\"")),
        &["rewrite_registry"],
    ),
    ("H309", |tree| tree.write(".gitignore", "*.o\n"), &["append_lines"]),
    ("H309", |tree| drop(std::fs::remove_file(tree.at(".gitignore"))), &["append_lines"]),
    ("H310", |tree| tree.write(LEFTOVER, "half a manifest"), &["remove_file"]),
    (
        "H310",
        |tree| tree.write(".packwright/.listing.pw-01000000-0000-7000-8000-000000000002", "half"),
        &["remove_file"],
    ),
    ("S201", |tree| tree.rename("assets/ui/icon", "assets/art"), &["registry_update"]),
    ("H302", |tree| tree.copy("assets/ui/icon", "assets/ui/icon-copy"), &["edit_manifest"]),
];

#[test]
fn doc_3_prev_2_each_safe_fix_is_planned_made_and_taken_back() {
    for (code, damage, kinds) in SAFE {
        let (tree, project) = open(GAME);
        damage(&tree);
        let before = tree.everything();
        let fingerprints = found(&project, code);
        assert_eq!(fingerprints.len(), 1, "{code}");
        let shown = plan(&project, &fixes(code));
        assert_eq!(
            (each(&shown["actions"], "kind"), &shown["consent_required"]),
            (kinds.iter().map(|kind| (*kind).to_owned()).collect(), &json!([])),
            "{code}"
        );
        assert_eq!(tree.everything(), before, "{code}: a plan does nothing");
        let fixed = done(&project, &super::applying(&shown));
        assert_eq!(each(&fixed["data"]["fixed"], "fingerprint"), fingerprints, "{code}");
        assert_eq!((found(&project, code), &fixed["data"]["refused"]), (vec![], &json!([])), "{code}");
        agreed(&project, &json!({"service": "revert", "operation_id": fixed["operation_id"]}));
        assert_eq!(tree.everything(), before, "{code}: it was taken back");
        assert_eq!(found(&project, code), fingerprints, "{code}");
    }
}

#[test]
fn doc_4_what_is_not_safe_is_never_fixed_however_it_is_asked_for() {
    let (tree, project) = open(GAME);
    tree.write("assets/ui/icon/copy.txt", "star\n");
    tree.write("assets/loose.txt", "loose");
    tree.write("assets/ui/Thumbs.db", "litter");
    std::fs::create_dir(tree.at("assets/empty")).expect("a folder");
    let before = tree.authored();
    let doctor = done(&project, &json!({"service": "doctor", "scope": "workspace"}));
    let all = each(&doctor["diagnostics"], "fingerprint");
    assert!(all.len() > 3, "{}", doctor["diagnostics"]);
    let of_h3 = json!({"service": "apply_fixes", "scope": "workspace", "only": ["H303", "H304", "H305", "H307"]});
    assert_eq!(done(&project, &of_h3)["applied_actions"], json!([]));
    let mut named = of_h3.clone();
    named["fingerprints"] = json!(all);
    let answer = done(&project, &named);
    assert_eq!(
        (&answer["applied_actions"], answer["data"]["refused"].as_array().map(Vec::len)),
        (&json!([]), Some(all.len()))
    );
    assert_eq!(tree.authored(), before);
}

#[test]
fn doc_3_a_fix_whose_ground_has_shifted_is_refused() {
    let (tree, project) = open(GAME);
    tree.copy("assets/ui/icon", "assets/ui/icon-copy");
    let shown = plan(&project, &fixes("H302"));
    let fingerprints = found(&project, "H302");
    // Somebody gives the copy an identity by hand.
    let path = "assets/ui/icon-copy/asset.json";
    tree.write(path, tree.text(path).replace("00000b", "0000ff"));
    let before = tree.authored();
    assert_eq!(blocked(&project, &super::applying(&shown)), ["plan_stale"]);
    let mut named = fixes("H302");
    named["fingerprints"] = json!(fingerprints);
    let answer = done(&project, &named);
    assert_eq!(
        (&answer["applied_actions"], each(&answer["data"]["refused"], "fingerprint")),
        (&json!([]), fingerprints)
    );
    assert_eq!(tree.authored(), before);
}

#[test]
fn only_the_findings_that_are_named_are_fixed() {
    let (tree, project) = open(GAME);
    tree.copy("assets/ui/icon", "assets/ui/copy-1");
    tree.copy("assets/ui/icon", "assets/ui/copy-2");
    let fingerprints = found(&project, "H302");
    let mut named = fixes("H302");
    named["fingerprints"] = json!([fingerprints[1]]);
    let answer = done(&project, &named);
    assert_eq!(each(&answer["data"]["fixed"], "fingerprint"), [fingerprints[1].clone()]);
    assert_eq!(found(&project, "H302"), [fingerprints[0].clone()]);
}

#[test]
fn several_fixes_are_one_operation() {
    let (tree, project) = open(GAME);
    for (_, damage, _) in [SAFE[0], SAFE[1], SAFE[3], SAFE[6]] {
        damage(&tree);
    }
    let before = tree.everything();
    let fixed = done(&project, &json!({"service": "apply_fixes", "scope": "workspace"}));
    assert_eq!(fixed["data"]["fixed"].as_array().map(Vec::len), Some(4), "{}", fixed["data"]);
    let doctor =
        done(&project, &json!({"service": "doctor", "scope": "workspace", "only": ["H302", "H308", "H309", "H310"]}));
    assert_eq!(doctor["diagnostics"], json!([]));
    agreed(&project, &json!({"service": "revert", "operation_id": fixed["operation_id"]}));
    assert_eq!(tree.everything(), before);
}

#[test]
fn a_long_leftover_is_deleted_for_good_and_says_so() {
    let (tree, project) = open(GAME);
    tree.write("build/.game.pack.pw-01000000-0000-7000-8000-000000000003", vec![0; 2 << 20]);
    let fixed = done(&project, &fixes("H310"));
    assert!(!tree.at("build/.game.pack.pw-01000000-0000-7000-8000-000000000003").exists());
    assert!(!tree.at(".packwright/trash").exists());
    let revert = json!({"service": "revert", "operation_id": fixed["operation_id"]});
    assert_eq!(blocked(&project, &revert), ["irreversible"]);
}

#[test]
fn where_nothing_is_fixed_and_not_all_could_be_looked_at_it_is_failed_and_says_what() {
    let (tree, project) = open(GAME);
    // What stands there is no file, and cannot be read as one.
    std::fs::create_dir(tree.at(".gitignore")).expect("a folder");
    std::fs::create_dir_all(tree.at("assets/odd/asset.json")).expect("a folder");
    for (code, path) in [("H309", ".gitignore"), ("H302", "assets/odd/asset.json")] {
        let response = call(&project, &fixes(code).to_string());
        assert_eq!((response.status, response.exit_code()), (Status::Failed, 3), "{code}: {}", response.summary);
        assert!(response.summary.contains(path), "{code}: {}", response.summary);
        assert_eq!(response.applied_actions, []);
    }
    assert_eq!(done(&project, &fixes("H308"))["data"]["failed"], json!([]), "that needs none of them");
}

#[test]
fn what_could_not_be_looked_at_keeps_nothing_else_from_being_fixed_and_is_said() {
    let (tree, project) = open(GAME);
    std::fs::create_dir_all(tree.at("assets/odd/asset.json")).expect("a folder");
    tree.copy("assets/ui/icon", "assets/ui/icon-copy");
    let response = call(&project, &fixes("H302").to_string());
    assert_eq!((response.status, response.exit_code()), (Status::Ok, 3), "{}", response.summary);
    assert!(response.summary.contains("assets/odd/asset.json"), "{}", response.summary);
    let answer = as_json(&response);
    assert_eq!(
        (answer["data"]["fixed"].as_array().map(Vec::len), answer["data"]["failed"].as_array().map(Vec::len)),
        (Some(1), Some(1))
    );
}

#[test]
fn a_registry_that_does_not_parse_was_looked_at_and_is_shown() {
    let (tree, project) = open(GAME);
    tree.write(REGISTRY, "not JSON");
    let answer = done(&project, &fixes("H308"));
    assert_eq!(
        (&answer["applied_actions"], each(&answer["diagnostics"], "code")),
        (&json!([]), vec!["S101".to_owned()])
    );
}

mod random {
    //! Random damage, all safe fixes at once.

    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// What was authored: bytes of sources and manifests, wherever their folders went.
    fn sources(tree: &Tree) -> BTreeMap<String, Vec<u8>> {
        let mut files = tree.authored();
        let is_source =
            |path: &str| path.starts_with("assets/") && !path.ends_with("/asset.json") && !path.contains(".pw-");
        files.retain(|path, _| is_source(path));
        files
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn doc_3_safe_fixes_lose_nothing_clear_what_they_fix_and_can_be_taken_back(
            damages in prop::collection::vec((0..SAFE.len(), any::<u8>()), 1..8)
        ) {
            let (tree, project) = open(GAME);
            for (kind, n) in damages {
                match kind {
                    // Again and again, each time another place.
                    3 => tree.write(&format!("assets/ui/.x{n}.pw-01000000-0000-7000-8000-0000000000{n:02x}"), "half"),
                    6 if tree.at("assets/ui/icon").exists() => tree.copy("assets/ui/icon", &format!("assets/copy-{n}")),
                    5 | 6 if !tree.at("assets/ui/icon").exists() => tree.write(&format!("assets/loose-{n}.txt"), [n]),
                    kind => (SAFE[kind].1)(&tree),
                }
            }
            let (before, authored) = (tree.everything(), sources(&tree));
            let fixed = done(&project, &json!({"service": "apply_fixes", "scope": "workspace"}));
            prop_assert_eq!(sources(&tree), authored);
            let after = done(&project, &json!({"service": "doctor", "scope": "workspace"}));
            let left = each(&after["diagnostics"], "fingerprint");
            for one in each(&fixed["data"]["fixed"], "fingerprint") {
                prop_assert!(!left.contains(&one), "{} is found again", one);
            }
            if fixed["applied_actions"] != json!([]) {
                agreed(&project, &json!({"service": "revert", "operation_id": fixed["operation_id"]}));
            }
            prop_assert_eq!(tree.everything(), before);
        }
    }
}
