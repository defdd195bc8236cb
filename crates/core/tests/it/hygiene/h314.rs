//! H314, link-skipped.

use packwright::diagnose::Code;

use super::{codes_after, only, untidy};

#[test]
fn doc_2_a_link_that_a_pattern_meets_is_found_and_not_followed_h314() {
    let tree = untidy(|tree| {
        std::os::unix::fs::symlink("label.txt", tree.at("assets/ui/button/linked.txt")).expect("a link");
    });
    let found = only(&tree, Code::H314, "assets/ui/button/linked.txt");
    assert_eq!(found.asset.as_ref().map(|asset| &*asset.root), Some("ui/button"));
}

#[test]
fn a_link_that_no_pattern_meets_is_nobodys_concern_h314() {
    let codes = codes_after(|tree| {
        std::os::unix::fs::symlink("label.txt", tree.at("assets/ui/button/linked.md")).expect("a link");
        std::os::unix::fs::symlink("ui", tree.at("assets/elsewhere")).expect("a link");
    });
    assert_eq!(codes, []);
}
