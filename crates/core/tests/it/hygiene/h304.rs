//! H304, unused-file.

use packwright::diagnose::{Code, Severity};

use super::{codes_after, only, untidy};

#[test]
fn diag_3_doc_2_a_file_that_no_pattern_takes_is_found_h304() {
    let tree = untidy(|tree| tree.write("assets/ui/button/notes.md", "to do"));
    let found = only(&tree, Code::H304, "assets/ui/button/notes.md");
    assert_eq!(found.message, "no pattern of `ui/button` takes `assets/ui/button/notes.md`");
    assert_eq!(found.asset.as_ref().map(|asset| &*asset.root), Some("ui/button"));
    assert_eq!(found.severity, Severity::Info);
}

#[test]
fn an_asset_without_patterns_takes_every_file_h304() {
    assert_eq!(codes_after(|tree| tree.write("assets/ui/icon/notes.md", "to do")), []);
}

#[test]
fn a_file_of_a_root_inside_is_that_roots_h304() {
    let codes = codes_after(|tree| {
        let manifest = r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000c", "address": "in"}"#;
        tree.write("assets/ui/button/in/asset.json", manifest);
        tree.write("assets/ui/button/in/notes.md", "to do");
    });
    assert_eq!(codes, [Code::H301]);
}

#[test]
fn of_a_manifest_that_does_not_parse_nobody_knows_what_it_takes_h304() {
    let codes = codes_after(|tree| {
        tree.write("assets/ui/button/notes.md", "to do");
        tree.write(super::MANIFEST, "{");
    });
    assert_eq!(codes, [Code::S204]);
}
