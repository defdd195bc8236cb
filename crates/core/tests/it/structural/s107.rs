//! S107, invalid-asset-id.

use packwright::diagnose::Code;

use super::{REGISTRY, broken, codes_after, codes_when_excluded, edit};

#[test]
fn diag_1_an_id_that_is_no_id_blocks_the_build_s107() {
    for id in ["0", "-1", "1.5", "4294967296", "1e3", "99999999999999999999999"] {
        let broken = broken(|tree| edit(tree, REGISTRY, "\"asset_id\": 1,", &format!("\"asset_id\": {id},")));
        let found = broken.shows(Code::S107, Some("ui/button"), "packwright.registry.json:4:18 /assets/0/asset_id", id);
        assert_eq!(found.message, format!("`ui/button` has the asset_id {id}, which is not from 1 to 4294967295"));
        assert_eq!(found.asset.expect("an asset").asset_id, None);
    }
}

#[test]
fn two_bad_ids_are_two_causes_and_no_shared_id_s107() {
    let codes = codes_after(|tree| {
        edit(tree, REGISTRY, "\"asset_id\": 1,", "\"asset_id\": 0,");
        edit(tree, REGISTRY, "\"asset_id\": 2,", "\"asset_id\": 0,");
    });
    assert_eq!(codes, [Code::S107, Code::S107]);
}

#[test]
fn ids_are_checked_in_and_out_of_the_build_and_both_ends_are_ids_s107() {
    assert_eq!(codes_when_excluded(|tree| edit(tree, REGISTRY, "\"asset_id\": 1,", "\"asset_id\": 0,")), [Code::S107]);
    assert_eq!(codes_after(|tree| edit(tree, REGISTRY, "\"asset_id\": 2,", "\"asset_id\": 4294967295,")), []);
}
