//! H301, unregistered-root.

use packwright::diagnose::{Applicability, Code};

use super::{applicability, codes_after, only, untidy};

const NEW: &str = r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000c", "address": "ui/new"}"#;

#[test]
fn safe_4_doc_2_a_manifest_that_no_entry_names_is_found_and_built_by_nobody_h301() {
    let tree = untidy(|tree| {
        tree.write("assets/ui/new/asset.json", NEW);
        tree.write("assets/ui/new/new.txt", "new");
    });
    let found = only(&tree, Code::H301, "assets/ui/new/asset.json");
    assert_eq!(found.message, "`ui/new` has a manifest and is not registered");
    assert!(found.help.as_ref().is_some_and(|help| help.contains("packwright register assets/ui/new")));
    assert_eq!(applicability(&found), Some(Applicability::DisplayOnly));
}

#[test]
fn diag_3_one_inside_a_registered_root_is_told_that_both_cannot_be_h301() {
    let tree = untidy(|tree| tree.write("assets/ui/icon/inner/asset.json", NEW));
    let found = only(&tree, Code::H301, "assets/ui/icon/inner/asset.json");
    assert!(found.help.is_some_and(|help| help.contains("it lies in the root `ui/icon`")));
}

#[test]
fn a_manifest_in_the_assets_folder_itself_can_be_no_root_h301() {
    let tree = untidy(|tree| tree.write("assets/asset.json", NEW));
    let found = only(&tree, Code::H301, "assets/asset.json");
    assert!(found.message.contains("the assets folder itself"));
}

#[test]
fn what_is_registered_or_ignored_is_not_unregistered_h301() {
    let codes = codes_after(|tree| {
        tree.write("packwright.toml", format!("{}[assets]\nignore = [\"drafts/\"]\n", crate::SETTINGS));
        tree.write("assets/drafts/new/asset.json", NEW);
    });
    assert_eq!(codes, []);
}
