//! S207, nested-root.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{REGISTRY, broken, codes_after, codes_when_excluded, edit};

/// The icon lies in the button.
fn nested(tree: &Tree) {
    edit(tree, REGISTRY, "ui/icon", "ui/button/icon");
    tree.rename("assets/ui/icon", "assets/ui/button/icon");
}

#[test]
fn diag_1_a_root_inside_another_blocks_the_build_and_both_are_named_s207() {
    let spot = "packwright.registry.json:5:77 /assets/1/root";
    let found = broken(nested).shows(Code::S207, Some("ui/button/icon"), spot, "\"ui/button/icon\"");
    assert_eq!(found.message, "the root `ui/button/icon` lies inside the registered root `ui/button`");
    assert_eq!(found.related[0].location.place.map(|place| place.line), Some(4));
}

#[test]
fn roots_are_not_nested_in_and_out_of_the_build_s207() {
    assert_eq!(codes_when_excluded(nested), [Code::S207]);
}

#[test]
fn a_root_beside_another_that_its_name_begins_with_is_not_inside_s207() {
    let codes = codes_after(|tree| {
        edit(tree, REGISTRY, "ui/icon", "ui/button-icon");
        tree.rename("assets/ui/icon", "assets/ui/button-icon");
    });
    assert_eq!(codes, []);
}

#[test]
fn an_unregistered_root_inside_is_no_structural_matter_s207() {
    let codes = codes_after(|tree| tree.write("assets/ui/button/inner/asset.json", "{}"));
    assert_eq!(codes, []);
}
