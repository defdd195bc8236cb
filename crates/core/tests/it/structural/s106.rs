//! S106, duplicate-address.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{MANIFEST, broken, codes_after, codes_when_excluded, edit};

fn doubled(tree: &Tree) {
    edit(tree, "assets/ui/icon/asset.json", "ui/icon", "ui/button");
}

#[test]
fn diag_1_two_assets_with_one_address_block_the_build_s106() {
    let found =
        broken(doubled).shows(Code::S106, Some("ui/icon"), "assets/ui/icon/asset.json:4:14 /address", "\"ui/button\"");
    assert_eq!(found.message, "`ui/button` and `ui/icon` have the same address `ui/button`");
    assert_eq!(super::spot_of(&found).matches(MANIFEST).count(), 0);
    assert_eq!(found.related[0].location.path.as_str(), MANIFEST);
}

#[test]
fn addresses_are_unique_in_and_out_of_the_build_but_not_among_unregistered_folders_s106() {
    assert_eq!(codes_when_excluded(doubled), [Code::S106]);
    let codes = codes_after(|tree| {
        let text = tree.text(MANIFEST).replace("00a", "00c");
        tree.write("assets/ui/other/asset.json", text);
    });
    assert_eq!(codes, []);
}
