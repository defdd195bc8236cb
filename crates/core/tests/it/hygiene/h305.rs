//! H305, duplicate-content.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{codes_after, findings, only, untidy};

fn doubled(tree: &Tree) {
    tree.write("assets/ui/icon/again.txt", "press\n");
}

#[test]
fn safe_3_diag_2_doc_2_the_same_bytes_twice_are_a_hint_with_what_they_waste_h305() {
    let found = only(&untidy(doubled), Code::H305, "assets/ui/button/label.txt");
    assert_eq!(found.message, "2 files have the same 6 bytes: 6 bytes wasted");
    let others: Vec<&str> = found.related.iter().map(|related| related.location.path.as_str()).collect();
    assert_eq!(others, ["assets/ui/icon/again.txt"]);
    assert_eq!(found.asset, None, "it is about two assets");
}

#[test]
fn a_group_is_the_same_finding_when_a_file_joins_it_h305() {
    let of = |n: usize| {
        let tree = untidy(|tree| {
            (0..n).for_each(|n| tree.write(&format!("assets/ui/icon/again{n}.txt"), "press\n"));
        });
        let found = findings(&tree);
        assert_eq!(found.len(), 1);
        found[0].clone()
    };
    let (two, five) = (of(1), of(4));
    assert_eq!(two.fingerprint, five.fingerprint);
    assert_eq!(five.message, "5 files have the same 6 bytes: 24 bytes wasted");
}

#[test]
fn files_of_one_size_or_one_head_are_not_the_same_h305() {
    let codes = codes_after(|tree| {
        tree.write("assets/ui/icon/same-size.txt", "PRESS\n");
        let long = |last: &str| format!("{}{last}", "x".repeat(100_000));
        tree.write("assets/ui/icon/long-a.txt", long("a"));
        tree.write("assets/ui/icon/long-b.txt", long("b"));
        tree.write("assets/ui/icon/empty-a.txt", "");
        tree.write("assets/ui/icon/empty-b.txt", "");
    });
    assert_eq!(codes, [], "nothing is wasted by files with no bytes");
}

#[test]
fn long_files_are_told_apart_by_all_of_their_bytes_h305() {
    let tree = untidy(|tree| {
        let long = |last: &str| format!("{}{last}", "x".repeat(1_000_000));
        for (name, last) in [("a", "1"), ("b", "2"), ("c", "1")] {
            tree.write(&format!("assets/ui/icon/{name}.txt"), long(last));
        }
    });
    let found = only(&tree, Code::H305, "assets/ui/icon/a.txt");
    assert_eq!(found.related.len(), 1);
    assert_eq!(found.asset.as_ref().map(|asset| &*asset.root), Some("ui/icon"));
}

#[test]
fn sources_of_roots_that_nobody_registered_count_too_h305() {
    let codes = codes_after(|tree| {
        let manifest = r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000c", "address": "new"}"#;
        tree.write("assets/new/asset.json", manifest);
        tree.write("assets/new/again.txt", "press\n");
    });
    assert_eq!(codes, [Code::H305, Code::H301], "by path");
}

#[test]
fn what_a_build_has_read_is_believed_only_under_its_stamp_h305() {
    let tree = super::tidy();
    tree.write("assets/ui/icon/again.txt", "press\n");
    for path in ["assets/ui/icon/again.txt", "assets/ui/button/label.txt"] {
        tree.age(path);
    }
    crate::call(&crate::reopen(&tree), r#"{"service": "build"}"#);
    assert_eq!(findings(&tree).len(), 1);
    tree.write("assets/ui/icon/again.txt", "PRESS\n");
    assert_eq!(findings(&tree), [], "it was changed since");
}
