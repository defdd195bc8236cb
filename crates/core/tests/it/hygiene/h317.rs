//! H317, damaged-cache.

use packwright::diagnose::{Code, Diagnostic};
use packwright::service::Status;
use packwright_testkit::{Tree, files_below};
use serde_json::json;

use super::{asked, data, path_of, tidy};
use crate::{SETTINGS, call, reopen};

/// The tidy workspace with a text long enough for the cache to hold it compressed, built.
fn built() -> Tree {
    let tree = tidy();
    tree.write("packwright.toml", format!("{SETTINGS}[build]\ncompression = \"lz4\"\n"));
    tree.write("assets/ui/icon/long.txt", "star ".repeat(2_000));
    let built = call(&reopen(&tree), r#"{"service": "build"}"#);
    assert_eq!(built.status, Status::Ok, "{}", built.summary);
    tree
}

fn deep(tree: &Tree) -> Vec<Diagnostic> {
    let response = asked(tree, &json!({"service": "doctor", "deep": true}));
    assert_eq!(data(&response).failed, []);
    assert!(data(&response).checks.contains(&"H317".to_owned()));
    response.diagnostics
}

fn cached(tree: &Tree, kind: &str) -> String {
    let files = files_below(tree.path());
    files
        .into_keys()
        .find(|path| path.starts_with(&format!(".packwright/cache/v1/{kind}/")))
        .expect("the cache holds one")
}

/// Turns one byte of a file, and leaves its length.
fn damage(tree: &Tree, path: &str, at: usize) {
    let mut bytes = tree.read(path);
    bytes[at] ^= 0x40;
    tree.write(path, bytes);
}

#[test]
fn a_sound_cache_and_pack_are_said_to_be_so_h317() {
    assert_eq!(deep(&built()), []);
}

#[test]
fn doc_2_a_blob_and_an_entry_that_rotted_are_found_h317() {
    for kind in ["blobs", "entries"] {
        let tree = built();
        let path = cached(&tree, kind);
        damage(&tree, &path, 9);
        let found = deep(&tree);
        assert_eq!(found.iter().map(|found| (found.code, path_of(found))).collect::<Vec<_>>(), [(Code::H317, path)]);
    }
}

#[test]
fn a_pack_with_one_wrong_byte_anywhere_is_found_h317() {
    let length = built().read("build/game.pack").len();
    for at in [0, 20, 64, 64 + 6, length / 2, length - 60, length - 40, length - 1] {
        let tree = built();
        damage(&tree, "build/game.pack", at);
        let found = deep(&tree);
        assert_eq!(found.len(), 1, "byte {at} of {length}");
        assert_eq!((found[0].code, path_of(&found[0]).as_str()), (Code::H317, "build/game.pack"));
    }
}

#[test]
fn a_pack_that_was_cut_short_or_is_gone_h317() {
    let tree = built();
    let bytes = tree.read("build/game.pack");
    tree.write("build/game.pack", &bytes[..bytes.len() / 2]);
    assert_eq!(deep(&tree).len(), 1);
    tree.remove("build/game.pack");
    assert_eq!(deep(&tree), [], "what is not there is not damaged");
}

#[test]
fn nobody_looks_who_was_not_asked_to_h317() {
    let tree = built();
    damage(&tree, "build/game.pack", 70);
    assert_eq!(super::findings(&tree), []);
}
