//! S212, part-name-clash.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{MANIFEST, broken, codes_after, codes_when_excluded, edit};

fn doubled(tree: &Tree) {
    tree.write("assets/ui/button/caf\u{e9}.txt", "composed");
    tree.write("assets/ui/button/cafe\u{301}.txt", "decomposed");
}

fn doubled_folder(tree: &Tree) {
    edit(tree, MANIFEST, "*.txt", "**/*.txt");
    tree.write("assets/ui/button/caf\u{e9}/a.txt", "composed");
    tree.write("assets/ui/button/cafe\u{301}/b.txt", "decomposed");
}

#[test]
fn diag_1_two_files_that_are_one_in_nfc_block_the_build_s212() {
    let found = broken(doubled).finding();
    assert_eq!((found.code, found.related.len()), (Code::S212, 1));
    assert_eq!(found.message, "two parts of `ui/button` have the name `caf\u{e9}.txt`");
    let paths = [&found.related[0].location, found.location.as_ref().expect("a place")].map(|at| at.path.as_str());
    assert_eq!(paths, ["assets/ui/button/cafe\u{301}.txt", "assets/ui/button/caf\u{e9}.txt"]);
}

#[test]
fn two_folders_that_are_one_in_nfc_hide_no_source_s212() {
    let found = broken(doubled_folder).finding();
    assert_eq!((found.code, super::spot_of(&found).as_str()), (Code::S212, "assets/ui/button/caf\u{e9}"));
    assert_eq!(found.message, "two folders of `ui/button` have the name `caf\u{e9}`");
}

#[test]
fn names_are_told_apart_only_in_the_build_s212() {
    assert_eq!(codes_when_excluded(doubled), []);
    assert_eq!(codes_when_excluded(doubled_folder), []);
}

#[test]
fn names_that_differ_in_case_alone_are_two_names_s212() {
    let codes = codes_after(|tree| {
        tree.write("assets/ui/button/Label.txt", "another");
        tree.write("assets/ui/icon/caf\u{e9}.txt", "one of them alone");
    });
    assert_eq!(codes, []);
}
