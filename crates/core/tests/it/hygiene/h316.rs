//! H316, recovery-conflict.

use packwright::diagnose::{Code, Diagnostic};
use packwright_testkit::Tree;

use super::{findings, untidy};

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
fn without_a_journal_there_is_nothing_to_settle_h316() {
    assert_eq!(conflicts(&untidy(|_| {})), []);
}
