//! S211, lfs-pointer.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{MANIFEST, broken, codes_after, codes_when_excluded, edit, good};
use crate::{call, reopen};

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\n\
                       oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

fn pointer(tree: &Tree) {
    tree.write("assets/ui/button/label.txt", POINTER);
}

#[test]
fn diag_1_a_pointer_blocks_the_build_whatever_importer_takes_it_s211() {
    for importer in ["auto", "text", "raw", "image", "data", "audio"] {
        let broken = broken(|tree| {
            pointer(tree);
            edit(tree, MANIFEST, "\"address\"", &format!("\"importer\": \"{importer}\", \"address\""));
        });
        let found = broken.shows(Code::S211, Some("ui/button"), "assets/ui/button/label.txt", "");
        assert_eq!(found.message, "`assets/ui/button/label.txt` is a Git LFS pointer, not the file itself");
        assert!(found.help.expect("help").contains("git lfs pull"));
    }
}

#[test]
fn a_doctor_looks_for_pointers_before_any_build_s211() {
    let tree = good();
    pointer(&tree);
    let response = call(&reopen(&tree), r#"{"service": "doctor"}"#);
    assert_eq!(response.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), [Code::S211]);
}

#[test]
fn pointers_are_looked_for_only_in_the_build_s211() {
    assert_eq!(codes_when_excluded(pointer), []);
    assert_eq!(codes_after(|tree| tree.write("assets/loose.png", POINTER)), []);
}

#[test]
fn a_text_about_pointers_is_none_s211() {
    let about = format!("A pointer looks like this:\n{POINTER}");
    assert_eq!(codes_after(|tree| tree.write("assets/ui/button/label.txt", &about)), []);
    let long = format!("{POINTER}{}", "x".repeat(1024));
    assert_eq!(codes_after(|tree| tree.write("assets/ui/button/label.txt", &long)), []);
}
