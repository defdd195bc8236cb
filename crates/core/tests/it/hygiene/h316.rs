//! H316, recovery-conflict.

use packwright::diagnose::{Code, Diagnostic};
use packwright::plan::{Identity, Journal, Record, RegistryRecord};
use packwright::value::{ContentHash, OperationId, RelPath};
use packwright_testkit::Tree;

use super::{findings, path_of, untidy};

fn conflicts(tree: &Tree) -> Vec<Diagnostic> {
    findings(tree).into_iter().filter(|found| found.code == Code::H316).collect()
}

#[test]
fn doc_2_an_unfinished_operation_that_cannot_be_settled_is_found_h316() {
    let found = conflicts(&untidy(|tree| tree.write(".packwright/journal", "not one of ours")));
    assert_eq!(found.len(), 1);
    assert!(found[0].help.as_ref().is_some_and(|help| help.contains("packwright recover")));
}

#[test]
fn what_stands_in_the_way_of_taking_an_operation_back_is_named_path_by_path_h316() {
    let tree = untidy(|tree| {
        let path = RelPath::literal;
        let identity = |at: &str| {
            use std::os::unix::fs::MetadataExt;
            let stat = std::fs::metadata(tree.at(at)).expect("it is there");
            Identity { device: stat.dev(), inode: stat.ino() }
        };
        let registry = ContentHash::of(&tree.read(super::REGISTRY));
        let journal = Journal {
            operation: OperationId::mint(),
            service: "remove_asset".to_owned(),
            at: "2026-11-22T15:04:05Z".to_owned(),
            summary: "1 asset quarantined".to_owned(),
            affected: Vec::new(),
            actions: "[]".to_owned(),
            reverts: None,
            lock: identity(".packwright/lock"),
            registry: Some(RegistryRecord {
                before: Some(registry),
                after: ContentHash::of(b"x"),
                entries: Vec::new(),
                old: None,
            }),
            steps: vec![Record::Move {
                from: path("assets/ui/icon"),
                to: path("quarantine/e/payload"),
                identity: identity("assets/ui/icon"),
            }],
        };
        std::fs::create_dir_all(tree.at("quarantine/e")).expect("folders");
        tree.rename("assets/ui/icon", "quarantine/e/payload");
        // Somebody made the folder anew before anybody could put it back.
        tree.copy("quarantine/e/payload", "assets/ui/icon");
        tree.write(".packwright/journal", journal.to_bytes());
    });
    let found = conflicts(&tree);
    assert_eq!(found.iter().map(path_of).collect::<Vec<_>>(), ["assets/ui/icon"]);
    assert!(found[0].message.contains("something else stands there now"), "{}", found[0].message);
}

#[test]
fn without_a_journal_there_is_nothing_to_settle_h316() {
    assert_eq!(conflicts(&untidy(|_| {})), []);
}
