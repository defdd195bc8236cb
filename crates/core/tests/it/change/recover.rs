//! What was stopped half-way: ended by itself where that is safe, and by a person's word where it is not.

use packwright::plan::{Identity, Journal, Record, RegistryRecord};
use packwright::value::{ContentHash, OperationId, RelPath};
use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{GAME, agreed, answer, blocked, done, each, why};
use crate::{SETTINGS, reopen};

/// A workspace in which a quarantine of `ui/icon` was killed after the folder had moved.
fn interrupted() -> (Tree, Journal) {
    let tree = Tree::from_text(GAME);
    tree.write("packwright.toml", SETTINGS);
    tree.write(".packwright/lock", "");
    let identity = |path: &str| {
        use std::os::unix::fs::MetadataExt;
        let stat = std::fs::metadata(tree.at(path)).expect("it is there");
        Identity { device: stat.dev(), inode: stat.ino() }
    };
    let path = RelPath::literal;
    let journal = Journal {
        operation: OperationId::mint(),
        service: "remove_asset".to_owned(),
        at: "2026-11-22T15:04:05Z".to_owned(),
        summary: "1 asset removed from the registry, files quarantined".to_owned(),
        affected: Vec::new(),
        actions: "[]".to_owned(),
        reverts: None,
        lock: identity(".packwright/lock"),
        registry: Some(RegistryRecord {
            before: Some(ContentHash::of(&tree.read(super::REGISTRY))),
            after: ContentHash::of(b"another registry"),
            entries: Vec::new(),
            old: None,
        }),
        steps: vec![
            Record::MakeDir(path("quarantine")),
            Record::MakeDir(path("quarantine/e")),
            Record::Create { path: path("quarantine/e/entry.json"), digest: ContentHash::of(b"entry") },
            Record::Move {
                from: path("assets/ui/icon"),
                to: path("quarantine/e/payload"),
                identity: identity("assets/ui/icon"),
            },
        ],
    };
    tree.write("quarantine/e/entry.json", "entry");
    tree.rename("assets/ui/icon", "quarantine/e/payload");
    tree.write(".packwright/journal", journal.to_bytes());
    (tree, journal)
}

fn before() -> std::collections::BTreeMap<String, Vec<u8>> {
    let tree = Tree::from_text(GAME);
    tree.write("packwright.toml", SETTINGS);
    tree.authored()
}

fn recover(choice: &str) -> Value {
    json!({"service": "recover", "choice": choice})
}

#[test]
fn mut_7_whoever_opens_a_workspace_takes_back_what_was_stopped_before_its_commit() {
    let (tree, _) = interrupted();
    let project = reopen(&tree);
    assert_eq!(tree.authored(), before());
    assert!(!tree.at(".packwright/journal").exists());
    let status = done(&project, &json!({"service": "get_status"}));
    assert_eq!(
        (&status["runtime_state"]["state"], &status["data"]["counts"]["structural"]),
        (&json!("healthy"), &json!(0))
    );
    assert_eq!(done(&project, &json!({"service": "list_quarantine"}))["data"]["entries"], json!([]));
    assert_eq!(done(&project, &json!({"service": "recover"}))["summary"], "nothing is unfinished");
}

#[test]
fn mut_7_what_was_stopped_after_its_commit_is_finished_and_remembered() {
    let (tree, mut journal) = interrupted();
    tree.write(super::REGISTRY, tree.text(super::REGISTRY).replace(",\n    {\"asset_id\": 20, \"uuid\": \"0199c0de-0000-7000-8000-00000000000b\", \"root\": \"ui/icon\", \"included\": true}", ""));
    let registry = journal.registry.as_mut().expect("it has one");
    registry.after = ContentHash::of(&tree.read(super::REGISTRY));
    tree.write(".packwright/journal", journal.to_bytes());
    let committed = tree.authored();
    let project = reopen(&tree);
    assert_eq!(tree.authored(), committed);
    assert!(!tree.at(".packwright/journal").exists());
    let history = done(&project, &json!({"service": "get_history"}));
    assert_eq!(each(&history["data"]["operations"], "operation_id"), [journal.operation.to_string()]);
}

/// Checks that nothing was moved, that writes are refused and reads go on, and gives back the reason that is told.
fn stays_as_it_is(tree: &Tree) -> String {
    let found = tree.authored();
    let project = reopen(tree);
    assert_eq!(tree.authored(), found, "nothing is moved");
    assert!(tree.at(".packwright/journal").exists());
    let status = done(&project, &json!({"service": "get_status"}));
    assert_eq!(status["runtime_state"]["state"], "failed");
    assert_eq!(status["runtime_state"]["reasons"][0]["code"], "recovery_needed");
    let write = json!({"service": "exclude_asset_from_build", "selectors": ["ui/button"]});
    assert_eq!(blocked(&project, &write), ["recovery_needed"]);
    assert_eq!(blocked(&project, &json!({"service": "build"})), ["recovery_needed"]);
    done(&project, &json!({"service": "list_assets"}));
    let said = why(&project, &write);
    assert!(done(&project, &json!({"service": "recover"}))["summary"].to_string().contains("stopped half-way"));
    said
}

#[test]
fn a_registry_that_was_changed_meanwhile_leaves_it_to_a_person() {
    let (tree, _) = interrupted();
    let registry = tree.text(super::REGISTRY).replace("\"included\": false", "\"included\": true");
    tree.write(super::REGISTRY, &registry);
    assert!(stays_as_it_is(&tree).contains("registry was changed"));
    let project = reopen(&tree);
    agreed(&project, &recover("undo"));
    assert_eq!((tree.text("assets/ui/icon/icon.txt"), tree.text(super::REGISTRY)), ("star\n".to_owned(), registry));
    assert!(!tree.at(".packwright/journal").exists() && !tree.at("quarantine").exists());
    assert_eq!(done(&project, &json!({"service": "get_status", "barrier": true}))["runtime_state"]["state"], "healthy");
    done(&project, &json!({"service": "exclude_asset_from_build", "selectors": ["ui/button"]}));
}

#[test]
fn keeping_leaves_everything_where_it_lies_and_deletes_nothing() {
    let (tree, _) = interrupted();
    tree.write(super::REGISTRY, tree.text(super::REGISTRY).replace("\"included\": false", "\"included\": true"));
    let found = tree.authored();
    let project = reopen(&tree);
    agreed(&project, &recover("keep"));
    assert_eq!(tree.authored(), found);
    let doctor = done(&project, &json!({"service": "doctor"}));
    assert_eq!(each(&doctor["diagnostics"], "code"), ["S201"], "what it left is found by the rules");
}

#[test]
fn an_origin_that_somebody_made_again_is_never_put_over() {
    let (tree, _) = interrupted();
    tree.write("assets/ui/icon/theirs.txt", "theirs");
    let said = stays_as_it_is(&tree);
    assert!(said.contains("assets/ui/icon") && said.contains("quarantine/e/payload"), "{said}");
    let steps = done(&reopen(&tree), &json!({"service": "recover"}))["data"]["steps"].clone();
    let moved = steps.as_array().expect("a list").iter().find(|step| step["path"] == "assets/ui/icon");
    assert_eq!(moved.expect("it is shown")["undoable"], false);
    agreed(&reopen(&tree), &recover("undo"));
    assert_eq!(tree.text("assets/ui/icon/theirs.txt"), "theirs");
    assert_eq!(tree.text("quarantine/e/payload/icon.txt"), "star\n", "what cannot go back stays where it lies");
    assert!(!tree.at(".packwright/journal").exists());
}

#[test]
fn the_journal_of_a_workspace_that_was_copied_is_never_replayed() {
    let (tree, _) = interrupted();
    let copy = Tree::empty();
    for (path, bytes) in packwright_testkit::files_below(tree.path()) {
        copy.write(&path, bytes);
    }
    assert!(stays_as_it_is(&copy).contains("copy"));
    agreed(&reopen(&copy), &recover("undo"));
    assert_eq!(copy.authored(), before(), "in a copy a person may still have it taken back");
    assert!(tree.at("quarantine/e/payload/icon.txt").exists(), "the other workspace is another");
}

#[test]
fn a_journal_that_cannot_be_read_moves_nothing_and_can_only_be_forgotten() {
    let (tree, journal) = interrupted();
    let mut bytes = journal.to_bytes();
    bytes[50] ^= 1;
    tree.write(".packwright/journal", bytes);
    assert!(stays_as_it_is(&tree).contains(".packwright/journal"));
    let project = reopen(&tree);
    assert_eq!(blocked(&project, &recover("undo")), ["recovery_needed"]);
    let found = tree.authored();
    agreed(&project, &recover("keep"));
    assert_eq!(tree.authored(), found);
    assert!(!tree.at(".packwright/journal").exists());
}

#[test]
fn a_journal_that_names_what_no_operation_touches_is_not_followed() {
    let (tree, journal) = interrupted();
    for stray in ["packwright.registry.json", ".packwright/lock"] {
        let steps = vec![Record::Create { path: RelPath::literal(stray), digest: ContentHash::of(&tree.read(stray)) }];
        tree.write(".packwright/journal", Journal { steps, ..journal.clone() }.to_bytes());
        assert!(stays_as_it_is(&tree).contains(stray));
        assert!(tree.at(stray).exists());
    }
}

#[test]
fn what_somebody_edited_in_a_half_made_change_stays_theirs() {
    let (tree, journal) = interrupted();
    tree.rename("quarantine/e/payload", "assets/ui/icon");
    tree.remove("quarantine");
    let path = RelPath::literal("assets/ui/button/asset.json");
    let before = tree.read(path.as_str());
    let steps = vec![Record::Replace { path, before, after: ContentHash::of(b"ours") }];
    tree.write("assets/ui/button/asset.json", "theirs");
    tree.write(".packwright/journal", Journal { steps, ..journal }.to_bytes());
    reopen(&tree);
    assert_eq!(tree.text("assets/ui/button/asset.json"), "theirs");
    assert!(!tree.at(".packwright/journal").exists());
}

#[test]
fn settling_needs_a_plan_where_it_moves_and_the_plan_is_of_this_journal() {
    let (tree, journal) = interrupted();
    tree.write("assets/ui/icon/theirs.txt", "theirs");
    let project = reopen(&tree);
    let plan = super::plan(&project, &recover("keep"));
    tree.write(".packwright/journal", Journal { summary: "another".to_owned(), ..journal }.to_bytes());
    assert_eq!(blocked(&project, &super::applying(&plan)), ["plan_stale"]);
    tree.remove("assets/ui/icon");
    assert_eq!(answer(&project, &recover("undo"))["blockers"][0]["code"], "consent_required");
}
