//! S105, duplicate-root.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{REGISTRY, broken, codes_after, codes_when_excluded, edit};

/// A third entry, beside the good ones.
fn with_entry(tree: &Tree, root: &str) {
    let entry = format!(
        ",\n    {{\"asset_id\": 3, \"uuid\": \"0199c0de-0000-7000-8000-00000000000c\", \"root\": \"{root}\", \"included\": true}}\n  ]"
    );
    edit(tree, REGISTRY, "\n  ]", &entry);
}

/// A folder of its own for the third entry.
fn with_folder(tree: &Tree, root: &str) {
    let text = tree.text("assets/ui/icon/asset.json").replace("00b", "00c").replace("ui/icon", "third");
    tree.write(&format!("assets/{root}/asset.json"), text);
    tree.write(&format!("assets/{root}/third.txt"), "three\n");
}

#[test]
fn diag_1_two_entries_with_one_root_block_the_build_as_one_finding_s105() {
    let broken = broken(|tree| with_entry(tree, "ui/icon"));
    let found =
        broken.shows(Code::S105, Some("ui/icon"), "packwright.registry.json:6:77 /assets/2/root", "\"ui/icon\"");
    assert_eq!(found.message, "two entries have the root `ui/icon`");
    assert_eq!(found.related[0].location.place.map(|place| place.line), Some(5));
}

#[test]
fn roots_that_differ_in_case_alone_are_one_root_s105() {
    let broken = broken(|tree| {
        with_entry(tree, "UI/Icon");
        with_folder(tree, "UI/Icon");
    });
    let found = broken.finding();
    assert_eq!((found.code, found.related.len()), (Code::S105, 1));
    assert_eq!(found.message, "`UI/Icon` and `ui/icon` are one folder where upper and lower case are the same");
}

#[test]
fn both_spellings_of_an_accent_are_one_root_s105() {
    let broken = broken(|tree| {
        with_entry(tree, "caf\u{e9}");
        edit(tree, REGISTRY, "ui/button", "cafe\u{301}");
        tree.rename("assets/ui/button", "assets/caf\u{e9}");
    });
    assert_eq!(broken.finding().code, Code::S105);
}

#[test]
fn roots_are_unique_in_and_out_of_the_build_s105() {
    let codes = codes_when_excluded(|tree| with_entry(tree, "ui/button"));
    assert_eq!(codes, [Code::S105]);
    let codes = codes_after(|tree| {
        with_entry(tree, "ui/icons");
        with_folder(tree, "ui/icons");
    });
    assert_eq!(codes, []);
}
