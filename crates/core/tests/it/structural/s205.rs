//! S205, uuid-mismatch.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{MANIFEST, broken, codes_when_excluded, edit};

const OTHER: &str = "0199c0de-0000-7000-8000-0000000000ff";

fn replaced(tree: &Tree) {
    edit(tree, MANIFEST, "0199c0de-0000-7000-8000-00000000000a", OTHER);
}

#[test]
fn diag_1_a_manifest_with_another_uuid_than_the_registry_blocks_the_build_s205() {
    let marked = format!("\"{OTHER}\"");
    let found =
        broken(replaced).shows(Code::S205, Some("ui/button"), "assets/ui/button/asset.json:3:11 /uuid", &marked);
    assert!(found.message.contains(OTHER) && found.message.contains("0199c0de-0000-7000-8000-00000000000a"));
    assert_eq!(found.related[0].location.path.as_str(), "packwright.registry.json");
}

#[test]
fn two_folders_that_changed_places_are_two_findings_s205() {
    let found = broken(|tree| {
        tree.rename("assets/ui/button", "assets/ui/x");
        tree.rename("assets/ui/icon", "assets/ui/button");
        tree.rename("assets/ui/x", "assets/ui/icon");
    })
    .findings();
    assert_eq!(found.iter().map(|found| found.code).collect::<Vec<_>>(), [Code::S205, Code::S205]);
}

#[test]
fn uuids_agree_in_and_out_of_the_build_s205() {
    assert_eq!(codes_when_excluded(replaced), [Code::S205]);
}
