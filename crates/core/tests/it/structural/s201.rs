//! S201, root-missing.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{broken, codes_after, codes_when_excluded};

const SPOT: &str = "packwright.registry.json:4:77 /assets/0/root";

fn removed(tree: &Tree) {
    tree.remove("assets/ui/button");
}

#[test]
fn diag_1_a_folder_that_is_gone_blocks_the_build_s201() {
    let found = broken(removed).shows(Code::S201, Some("ui/button"), SPOT, "\"ui/button\"");
    assert_eq!(found.message, "the folder of `ui/button` is gone");
    assert!(found.help.expect("help").contains("packwright remove root:ui/button --keep"));
}

#[test]
fn a_folder_that_was_moved_is_named_where_it_is_now_s201() {
    let broken = broken(|tree| {
        std::fs::create_dir(tree.at("assets/hud")).expect("a folder");
        tree.rename("assets/ui/button", "assets/hud/button");
    });
    let found = broken.shows(Code::S201, Some("ui/button"), SPOT, "\"ui/button\"");
    assert_eq!(found.related[0].location.path.as_str(), "assets/hud/button");
    assert!(found.help.expect("help").contains("`hud/button`"));
}

#[test]
fn of_two_folders_with_its_uuid_none_is_named_s201() {
    let found = broken(|tree| {
        tree.copy("assets/ui/button", "assets/one");
        tree.rename("assets/ui/button", "assets/two");
    })
    .finding();
    assert_eq!(found.related, []);
}

#[test]
fn a_file_in_place_of_the_folder_is_no_folder_s201() {
    let broken = broken(|tree| {
        removed(tree);
        tree.write("assets/ui/button", "a file");
    });
    let found = broken.shows(Code::S201, Some("ui/button"), SPOT, "\"ui/button\"");
    assert_eq!(found.message, "`ui/button` is no folder any more");
}

#[test]
fn a_folder_that_the_settings_ignore_is_not_called_gone_s201() {
    let broken = broken(|tree| {
        let settings = tree.text("packwright.toml") + "[assets]\nignore = [\"button\"]\n";
        tree.write("packwright.toml", settings);
    });
    let found = broken.shows(Code::S201, Some("ui/button"), SPOT, "\"ui/button\"");
    assert_eq!(found.message, "the folder of `ui/button` is ignored");
    assert!(found.help.expect("help").contains("packwright.toml"));
}

#[test]
fn every_registered_folder_is_looked_for_in_and_out_of_the_build_s201() {
    assert_eq!(codes_when_excluded(removed), [Code::S201]);
    assert_eq!(codes_after(|tree| tree.remove("assets")), [Code::S201, Code::S201]);
}

#[test]
fn an_empty_folder_that_nobody_registered_may_go_s201() {
    let codes = codes_after(|tree| {
        std::fs::create_dir(tree.at("assets/new")).expect("a folder");
        std::fs::remove_dir(tree.at("assets/new")).expect("it is empty");
    });
    assert_eq!(codes, []);
}
