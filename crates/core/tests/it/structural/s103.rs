//! S103, duplicate-asset-id.

use packwright::diagnose::Code;

use super::{REGISTRY, broken, codes_after, codes_when_excluded, edit};

fn doubled(tree: &packwright_testkit::Tree) {
    edit(tree, REGISTRY, "\"asset_id\": 2", "\"asset_id\": 1");
}

#[test]
fn diag_1_two_entries_with_one_id_block_the_build_and_both_are_named_s103() {
    let found =
        broken(doubled).shows(Code::S103, Some("ui/icon"), "packwright.registry.json:5:18 /assets/1/asset_id", "1");
    assert_eq!(found.message, "`ui/button` and `ui/icon` both have the asset_id 1");
    assert_eq!(found.related[0].location.place.map(|place| place.line), Some(4));
    assert!(found.help.expect("help").contains("packwright remove root:ui/icon --keep"));
}

#[test]
fn ids_are_unique_in_and_out_of_the_build_s103() {
    assert_eq!(codes_when_excluded(doubled), [Code::S103]);
    assert_eq!(codes_after(|tree| edit(tree, REGISTRY, "\"asset_id\": 2", "\"asset_id\": 4294967295")), []);
}
