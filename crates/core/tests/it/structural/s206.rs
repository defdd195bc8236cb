//! S206, path-escape.

use std::os::unix::fs::symlink;

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{MANIFEST, REGISTRY, broken, codes_after, codes_when_excluded, edit};

const ROOT: &str = "packwright.registry.json:4:77 /assets/0/root";

fn linked_root(tree: &Tree) {
    tree.rename("assets/ui/button", "elsewhere");
    symlink("../../elsewhere", tree.at("assets/ui/button")).expect("a link");
}

fn linked_source(tree: &Tree) {
    edit(tree, MANIFEST, "*.txt", "label.txt");
    tree.rename("assets/ui/button/label.txt", "label.txt");
    symlink("../../../label.txt", tree.at("assets/ui/button/label.txt")).expect("a link");
}

#[test]
fn diag_1_a_root_that_leaves_the_assets_folder_blocks_the_build_s206() {
    for root in ["../outside", "/etc", "C:/art", "ui/../../x", "ui//button", "ui/aux", "a:b", ""] {
        let marked = format!("\"{root}\"");
        let broken = broken(|tree| edit(tree, REGISTRY, "\"ui/button\"", &marked));
        let found = broken.shows(Code::S206, Some(root), ROOT, &marked);
        assert!(found.message.starts_with("the root `"), "{}", found.message);
    }
}

#[test]
fn a_root_that_is_or_lies_behind_a_link_is_one_finding_s206() {
    let found = broken(linked_root).shows(Code::S206, Some("ui/button"), ROOT, "\"ui/button\"");
    assert_eq!(found.message, "the root `ui/button` is a link");
    let behind = broken(|tree| {
        tree.rename("assets/ui", "ui");
        symlink("../ui", tree.at("assets/ui")).expect("a link");
    });
    let messages: Vec<String> = behind.findings().into_iter().map(|found| found.message).collect();
    assert_eq!(
        messages,
        ["the root `ui/button` lies behind the link `ui`", "the root `ui/icon` lies behind the link `ui`"]
    );
}

#[test]
fn a_named_source_that_is_a_link_is_one_finding_s206() {
    let spot = "assets/ui/button/asset.json:5:15 /sources/0";
    let found = broken(linked_source).shows(Code::S206, Some("ui/button"), spot, "\"label.txt\"");
    assert_eq!(found.message, "the source `label.txt` is a link");
    let behind = broken(|tree| {
        edit(tree, MANIFEST, "\"*.txt\"", "\"*.txt\", \"more/a.txt\"");
        tree.write("more/a.txt", "a");
        symlink("../../../more", tree.at("assets/ui/button/more")).expect("a link");
    });
    assert_eq!(behind.finding().message, "the source `more/a.txt` lies behind the link `ui/button/more`");
}

#[test]
fn a_source_that_leaves_its_root_is_one_finding_s206() {
    for (source, spot) in [("../icon/icon.txt", 24), ("/etc/passwd", 24), ("a/../../icon/icon.txt", 24)] {
        let marked = format!("\"{source}\"");
        let broken = broken(|tree| edit(tree, MANIFEST, "\"*.txt\"", &format!("\"*.txt\", {marked}")));
        let spot = format!("assets/ui/button/asset.json:5:{spot} /sources/1");
        broken.shows(Code::S206, Some("ui/button"), &spot, &marked);
    }
}

#[test]
fn paths_stay_inside_in_and_out_of_the_build_s206() {
    assert_eq!(codes_when_excluded(linked_root), [Code::S206]);
    assert_eq!(codes_when_excluded(linked_source), [Code::S206]);
}

#[test]
fn a_link_that_only_a_wildcard_meets_is_passed_over_s206() {
    let codes = codes_after(|tree| {
        tree.write("secret.txt", "outside");
        symlink("../../../secret.txt", tree.at("assets/ui/button/linked.txt")).expect("a link");
        symlink("nowhere", tree.at("assets/ui/button/dangling.txt")).expect("a link");
        symlink("..", tree.at("assets/ui/button/round")).expect("a link");
    });
    assert_eq!(codes, []);
}
