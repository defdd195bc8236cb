//! S104, duplicate-uuid.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{MANIFEST, REGISTRY, broken, codes_after, codes_when_excluded, edit};

const BUTTON: &str = "0199c0de-0000-7000-8000-00000000000a";
const ICON: &str = "0199c0de-0000-7000-8000-00000000000b";

/// The entry of the icon names the button's UUID.
fn doubled_entry(tree: &Tree) {
    edit(tree, REGISTRY, ICON, BUTTON);
}

/// The manifest of the icon names the button's UUID.
fn doubled_manifest(tree: &Tree) {
    edit(tree, "assets/ui/icon/asset.json", ICON, BUTTON);
}

#[test]
fn diag_1_two_entries_with_one_uuid_block_the_build_as_one_finding_s104() {
    let marked = format!("\"{BUTTON}\"");
    let found = broken(doubled_entry).shows(
        Code::S104,
        Some("ui/icon"),
        "packwright.registry.json:5:29 /assets/1/uuid",
        &marked,
    );
    assert_eq!(found.message, format!("the entries of `ui/button` and `ui/icon` have the same UUID {BUTTON}"));
}

#[test]
fn two_manifests_with_one_uuid_are_one_finding_s104() {
    let marked = format!("\"{BUTTON}\"");
    let found =
        broken(doubled_manifest).shows(Code::S104, Some("ui/icon"), "assets/ui/icon/asset.json:3:11 /uuid", &marked);
    assert_eq!(found.message, format!("the manifests of `ui/button` and `ui/icon` have the same UUID {BUTTON}"));
    assert_eq!(found.related[0].location.path.as_str(), MANIFEST);
}

#[test]
fn a_folder_copied_with_its_entry_is_one_finding_though_its_address_is_doubled_too_s104() {
    let found = broken(|tree| {
        doubled_entry(tree);
        tree.copy("assets/ui/button", "assets/ui/icon");
    })
    .finding();
    assert_eq!(found.code, Code::S104);
    assert!(found.help.expect("help").contains("--as-copy"));
}

#[test]
fn uuids_are_unique_in_and_out_of_the_build_but_not_among_unregistered_folders_s104() {
    assert_eq!(codes_when_excluded(doubled_entry), [Code::S104]);
    assert_eq!(codes_when_excluded(doubled_manifest), [Code::S104]);
    assert_eq!(codes_after(|tree| tree.copy("assets/ui/button", "assets/ui/button copy")), []);
}
