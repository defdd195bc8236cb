//! H302, copied-root.

use packwright::diagnose::{Applicability, Code, Remedy};

use super::{applicability, findings, only, untidy};

#[test]
fn doc_2_a_copied_root_is_found_instead_of_an_unregistered_one_h302() {
    // The copy's bytes are the original's, too: that they are is another finding.
    let tree = untidy(|tree| {
        tree.copy("assets/ui/button", "assets/ui/copy");
        tree.write("assets/ui/copy/label.txt", "another");
    });
    let found = only(&tree, Code::H302, "assets/ui/copy/asset.json");
    assert_eq!(found.message, "`ui/copy` is a copy of `ui/button`: it has the same UUID");
    assert_eq!(found.location.as_ref().and_then(|at| at.place).map(|place| place.line), Some(3));
    assert_eq!(applicability(&found), Some(Applicability::Safe));
    let remedy = found.fix.and_then(|fix| fix.remedy);
    assert!(matches!(remedy, Some(Remedy::NewIdentity { root, .. }) if root.as_str() == "ui/copy"));
}

#[test]
fn a_folder_that_was_moved_is_no_copy_and_its_entry_can_follow_h302() {
    let tree = untidy(|tree| tree.rename("assets/ui/button", "assets/ui/moved"));
    let found = findings(&tree);
    assert_eq!(found.iter().map(|found| found.code).collect::<Vec<_>>(), [Code::S201], "one cause, one finding");
    assert_eq!(applicability(&found[0]), Some(Applicability::Safe));
    let fix = found[0].fix.clone().expect("a fix");
    assert_eq!(fix.actions[0]["after"]["root"], "ui/moved");
    assert_eq!(fix.actions[0]["before"]["root"], "ui/button");
}

#[test]
fn of_two_folders_that_could_be_the_asset_neither_is_given_another_identity_h302() {
    let tree = untidy(|tree| {
        tree.copy("assets/ui/button", "assets/ui/copy");
        tree.write("assets/ui/copy/label.txt", "another");
        tree.rename("assets/ui/button", "assets/ui/moved");
    });
    let found = findings(&tree);
    let copies: Vec<_> = found.iter().filter(|found| found.code == Code::H302).collect();
    assert_eq!((copies.len(), found.len()), (2, 3));
    assert!(copies.iter().all(|found| applicability(found) == Some(Applicability::DisplayOnly)));
}

#[test]
fn a_copy_whose_manifest_does_not_parse_is_not_edited_h302() {
    let tree = untidy(|tree| {
        tree.write("assets/ui/copy/asset.json", tree.text(super::MANIFEST).replace("\"ui/button\"", "3"));
    });
    assert_eq!(applicability(&only(&tree, Code::H302, "assets/ui/copy/asset.json")), None);
}
