//! H303, loose-file.

use packwright::diagnose::Code;

use super::{codes_after, findings, only, path_of, untidy};

#[test]
fn diag_3_doc_2_a_file_in_no_root_is_found_h303() {
    let tree = untidy(|tree| tree.write("assets/ui/stray.png", "no picture"));
    let found = only(&tree, Code::H303, "assets/ui/stray.png");
    assert_eq!(found.message, "`assets/ui/stray.png` belongs to no asset");
    assert!(found.help.is_some_and(|help| help.contains("move it into a folder of its own")), "`ui` holds roots");
}

#[test]
fn a_folder_without_roots_can_be_registered_as_it_is_h303() {
    let found = only(&untidy(|tree| tree.write("assets/new/a.png", "x")), Code::H303, "assets/new/a.png");
    assert!(found.help.is_some_and(|help| help.contains("`packwright register assets/new`")));
}

#[test]
fn a_file_of_an_unregistered_root_is_not_loose_h303() {
    let codes = codes_after(|tree| {
        let manifest = r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000c", "address": "new"}"#;
        tree.write("assets/new/asset.json", manifest);
        tree.write("assets/new/deep/down.txt", "x");
    });
    assert_eq!(codes, [Code::H301]);
}

#[test]
fn a_file_beside_a_lost_manifest_is_not_loose_h303() {
    let tree = untidy(|tree| tree.remove(super::MANIFEST));
    assert_eq!(findings(&tree).iter().map(|found| found.code).collect::<Vec<_>>(), [Code::S202]);
}

#[test]
fn each_loose_file_is_a_finding_and_what_is_ignored_none_h303() {
    let tree = untidy(|tree| {
        tree.write("packwright.toml", format!("{}[assets]\nignore = [\"*.psd\"]\n", crate::SETTINGS));
        for name in ["a.png", "b/c.png", "b/d.psd", ".gitkeep"] {
            tree.write(&format!("assets/{name}"), name);
        }
    });
    let found = findings(&tree);
    assert_eq!(found.iter().map(path_of).collect::<Vec<_>>(), ["assets/a.png", "assets/b/c.png"]);
}
