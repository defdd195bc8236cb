//! Content by its hash: what is given out, from where, and what is not.

use std::os::unix::fs::FileExt;

use packwright::service::{ContentOrigin, GetAssetDetails, MAX_WHOLE_BYTES, Request, Status};
use packwright::value::ContentHash;
use packwright::{Cancel, Project};
use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{ADOPTED, done};
use crate::{SETTINGS, open, reopen};

fn details(selector: &str, hashes: bool) -> Value {
    json!({"service": "get_asset_details", "selector": selector, "hashes": hashes})
}

/// All bytes of the content with that hash, and where they were.
fn bytes(project: &Project, hash: &ContentHash) -> Option<(ContentOrigin, Vec<u8>)> {
    let content = project.content(hash).expect("no trouble")?;
    let mut all = vec![0; content.length as usize];
    let mut at = 0;
    while at < all.len() {
        at += content.read_at(&mut all[at..], at as u64).expect("it reads");
    }
    assert_eq!(content.read_at(&mut [0], content.length).expect("the end"), 0);
    Some((content.origin, all))
}

/// A workspace whose one text is worth compressing, and that text.
fn built() -> (Tree, Project, String) {
    let (tree, project) = open(ADOPTED);
    tree.write("packwright.toml", format!("{SETTINGS}[build]\ncompression = \"lz4\"\n"));
    let text = "press the button, again and again\n".repeat(300);
    tree.write("assets/ui/button/label.txt", &text);
    done(&project, &json!({"service": "build"}));
    (tree, project, text)
}

#[test]
fn a_source_is_given_out_once_its_hash_was_asked_for() {
    let (_tree, project) = open(ADOPTED);
    let hash = ContentHash::of(b"star\n");
    assert_eq!(bytes(&project, &hash), None, "nobody has read it");
    assert_eq!(done(&project, &details("ui/icon", false))["data"]["files"][0]["hash"], Value::Null);
    assert_eq!(done(&project, &details("ui/icon", true))["data"]["files"][0]["hash"], json!(hash));
    assert_eq!(bytes(&project, &hash), Some((ContentOrigin::Source, b"star\n".to_vec())));
    let content = project.content(&hash).expect("no trouble").expect("content");
    assert_eq!((content.name.as_str(), content.format.as_deref()), ("icon.txt", None));
    assert_eq!((content.length, content.bytes(), &*content.asset.root), (5, Some(b"star\n".as_slice()), "ui/icon"));
}

#[test]
fn what_was_hashed_is_remembered_in_this_run_and_the_next() {
    let (tree, project) = open(ADOPTED);
    done(&project, &details("ui/icon", true));
    let hash = json!(ContentHash::of(b"star\n"));
    assert_eq!(done(&project, &details("ui/icon", false))["data"]["files"][0]["hash"], hash);
    drop(project);
    let project = reopen(&tree);
    assert_eq!(done(&project, &details("ui/icon", false))["data"]["files"][0]["hash"], hash);
    assert_eq!(done(&project, &json!({"service": "build"}))["data"]["outcome"], "built");
}

#[test]
fn hashing_can_be_cancelled() {
    let (_tree, project) = open(ADOPTED);
    let cancel = Cancel::new();
    cancel.cancel();
    let request = GetAssetDetails { selector: "ui/icon".to_owned(), hashes: true };
    assert_eq!(project.call_with(Request::GetAssetDetails(request), &cancel).status, Status::Cancelled);
    assert_eq!(done(&project, &details("ui/icon", false))["data"]["files"][0]["hash"], Value::Null);
}

#[test]
fn bytes_come_from_the_source_else_the_cache_else_the_pack_and_then_from_nowhere() {
    let (tree, project, text) = built();
    let hash = ContentHash::of(text.as_bytes());
    let of = |origin| Some((origin, text.clone().into_bytes()));
    assert_eq!(bytes(&project, &hash), of(ContentOrigin::Source));
    let content = project.content(&hash).expect("no trouble").expect("content");
    assert_eq!((content.format.as_deref(), content.name.as_str()), (Some("text"), "label.txt"));
    tree.remove("assets/ui/button/label.txt");
    assert_eq!(bytes(&project, &hash), of(ContentOrigin::Cache));
    tree.remove(".packwright/cache");
    assert_eq!(bytes(&project, &hash), of(ContentOrigin::Pack));
    tree.remove("build/game.pack");
    assert_eq!(bytes(&project, &hash), None);
}

#[test]
fn damaged_bytes_are_not_given_out() {
    let (tree, project, text) = built();
    let hash = ContentHash::of(text.as_bytes());
    tree.remove("assets/ui/button/label.txt");
    let blobs = packwright_testkit::files_below(&tree.at(".packwright/cache/v1/blobs"));
    for blob in blobs.keys() {
        tree.write(&format!(".packwright/cache/v1/blobs/{blob}"), "other bytes");
    }
    assert_eq!(bytes(&project, &hash).map(|(origin, _)| origin), Some(ContentOrigin::Pack));
    let pack = std::fs::OpenOptions::new().write(true).open(tree.at("build/game.pack")).expect("a pack");
    pack.write_all_at(b"XXXX", 64).expect("written");
    assert_eq!(bytes(&project, &hash), None);
}

#[test]
fn a_source_that_changed_is_not_given_out_under_the_hash_it_had() {
    let (tree, project) = open(ADOPTED);
    done(&project, &details("ui/icon", true));
    tree.write("assets/ui/icon/icon.txt", "moon\n");
    assert_eq!(bytes(&project, &ContentHash::of(b"star\n")), None);
    assert_eq!(bytes(&project, &ContentHash::of(b"moon\n")), None, "nobody has read it");
}

#[test]
fn only_sources_and_parts_of_assets_are_given_out() {
    let (tree, project, text) = built();
    tree.write("assets/loose.txt", "loose\n");
    done(&project, &json!({"service": "doctor", "scope": "workspace", "deep": true}));
    for path in [
        "packwright.toml",
        "packwright.registry.json",
        "assets/ui/icon/asset.json",
        "build/game.pack",
        "assets/loose.txt",
    ] {
        let hash = ContentHash::of(&std::fs::read(tree.at(path)).expect("a file"));
        assert_eq!(bytes(&project, &hash), None, "{path}");
    }
    let hash = ContentHash::of(text.as_bytes());
    done(&project, &json!({"service": "remove_asset", "selectors": ["ui/button"]}));
    tree.remove("assets/ui/button");
    done(&project, &json!({"service": "doctor"}));
    assert_eq!(bytes(&project, &hash), None, "what is left of it in the pack is no asset's");
}

#[test]
fn a_long_source_is_read_in_ranges_and_a_change_while_it_is_read_is_an_error() {
    let (tree, project) = open(ADOPTED);
    let mut long = vec![7; MAX_WHOLE_BYTES as usize + 3];
    long[MAX_WHOLE_BYTES as usize] = 9;
    tree.write("assets/ui/icon/icon.txt", &long);
    done(&project, &json!({"service": "doctor"}));
    done(&project, &details("ui/icon", true));
    let hash = ContentHash::of(&long);
    let content = project.content(&hash).expect("no trouble").expect("content");
    assert_eq!((content.length, content.bytes()), (long.len() as u64, None));
    let mut end = [0; 8];
    assert_eq!(content.read_at(&mut end, MAX_WHOLE_BYTES).expect("the end"), 3);
    assert_eq!(end, [9, 7, 7, 0, 0, 0, 0, 0]);
    let file = std::fs::OpenOptions::new().write(true).open(tree.at("assets/ui/icon/icon.txt")).expect("a file");
    file.write_all_at(b"x", 0).expect("written");
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("a time");
    assert!(content.read_at(&mut end, 0).is_err());
    assert_eq!(bytes(&project, &hash), None);
}
