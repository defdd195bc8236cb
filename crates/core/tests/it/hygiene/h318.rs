//! H318, unusable-name.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use packwright::diagnose::Code;

use super::{codes_after, only, untidy};

#[test]
fn doc_2_a_name_that_is_not_utf_8_is_found_in_its_folder_h318() {
    let tree = untidy(|tree| {
        let folder = tree.at("assets/ui/icon");
        std::fs::write(folder.join(OsStr::from_bytes(b"caf\xe9.txt")), "latin").expect("a file");
    });
    let found = only(&tree, Code::H318, "assets/ui/icon");
    assert!(found.message.contains("caf\u{fffd}.txt"), "{}", found.message);
}

#[test]
fn any_name_in_utf_8_can_be_used_h318() {
    assert_eq!(codes_after(|tree| tree.write("assets/ui/icon/\u{30dc}\u{30bf}\u{30f3}.txt", "x")), []);
}
