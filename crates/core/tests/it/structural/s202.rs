//! S202, manifest-missing.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{MANIFEST, broken, codes_after, codes_when_excluded};

fn removed(tree: &Tree) {
    tree.remove(MANIFEST);
}

#[test]
fn diag_1_a_folder_without_its_manifest_blocks_the_build_s202() {
    let found = broken(removed).shows(Code::S202, Some("ui/button"), "assets/ui/button", "");
    assert_eq!(found.message, "`ui/button` has no asset.json");
}

#[test]
fn a_manifest_is_missed_in_and_out_of_the_build_s202() {
    assert_eq!(codes_when_excluded(removed), [Code::S202]);
}

#[test]
fn a_manifest_spelled_otherwise_is_no_manifest_s202() {
    assert_eq!(codes_after(|tree| tree.rename(MANIFEST, "assets/ui/button/Asset.json")), [Code::S202]);
}

#[test]
fn a_folder_that_nobody_registered_needs_no_manifest_s202() {
    assert_eq!(codes_after(|tree| tree.write("assets/loose/x.txt", "x")), []);
}

#[test]
fn no_pattern_of_the_settings_ignores_a_manifest_s202() {
    let codes = codes_after(|tree| {
        let settings = tree.text("packwright.toml") + "[assets]\nignore = [\"*.json\"]\n";
        tree.write("packwright.toml", settings);
    });
    assert_eq!(codes, []);
}
