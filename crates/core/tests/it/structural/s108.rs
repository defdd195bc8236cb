//! S108, settings-invalid.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{broken, codes_after};
use crate::SETTINGS;

fn settings(more: &str) -> impl FnOnce(&Tree) {
    move |tree| tree.write("packwright.toml", format!("{SETTINGS}{more}"))
}

#[test]
fn diag_1_settings_with_an_unknown_key_block_the_build_and_the_nearest_key_is_named_s108() {
    let broken = broken(settings("[build]\ncompresion = \"lz4\"\n"));
    let found = broken.shows(Code::S108, None, "packwright.toml:6:1", "compresion");
    assert!(found.message.contains("compresion"), "{}", found.message);
    assert!(found.help.expect("help").contains("compression"));
}

#[test]
fn each_broken_rule_is_a_finding_of_its_own_s108() {
    let broken = broken(settings("[assets]\ndir = \"../art\"\n[build]\nout = 3\n[doctor.levels]\nS203 = \"off\"\n"));
    let lines: Vec<String> = broken.findings().iter().map(super::spot_of).collect();
    assert_eq!(lines, ["packwright.toml:6:7", "packwright.toml:8:7", "packwright.toml:10:1"]);
}

#[test]
fn settings_that_are_no_text_or_no_toml_are_shown_where_they_break_s108() {
    let latin = broken(|tree| tree.write("packwright.toml", b"schema = 1\n# M\xe4rchen\n"));
    let found = latin.finding();
    assert_eq!((found.code, super::spot_of(&found).as_str()), (Code::S108, "packwright.toml:2:4"));
    assert_eq!(found.message, "the file is not UTF-8 text");
    let marked = broken(|tree| tree.write("packwright.toml", format!("\u{feff}{SETTINGS}")));
    assert_eq!(marked.finding().message, "the file starts with a byte order mark");
    let conflict =
        broken(|tree| tree.write("packwright.toml", format!("<<<<<<< HEAD\n{SETTINGS}=======\n>>>>>>> art\n")));
    assert_eq!(conflict.finding().message, "the file holds merge-conflict markers");
    let twice = broken(settings("[build]\nout = \"build\"\nout = \"dist\"\n"));
    assert_eq!(super::spot_of(&twice.finding()), "packwright.toml:7:1");
}

#[test]
fn an_assets_folder_behind_a_link_is_one_finding_for_all_assets_s108() {
    let broken = broken(|tree| {
        tree.rename("assets", "art");
        std::os::unix::fs::symlink("art", tree.at("assets")).expect("a link");
    });
    let found = broken.finding();
    assert_eq!((found.code, super::spot_of(&found).as_str()), (Code::S108, "packwright.toml"));
    assert_eq!(found.message, "the folder `assets` that the settings name is, or lies behind, a link");
}

#[test]
fn a_link_above_the_workspace_is_nobodys_concern_s108() {
    let outside = Tree::empty();
    let broken = broken(|_| {});
    let link = outside.at("link");
    std::os::unix::fs::symlink(broken.tree.path(), &link).expect("a link");
    let project = crate::packer().0.open(&link).expect("a workspace");
    assert_eq!(crate::call(&project, r#"{"service": "doctor"}"#).diagnostics, []);
}

#[test]
fn settings_of_a_newer_version_are_refused_as_such_s108() {
    let broken = broken(|tree| tree.write("packwright.toml", "schema = 2\nfuture = true\n"));
    let found = broken.shows(Code::S108, None, "packwright.toml:1:10", "2");
    assert!(found.message.contains("newer version"), "{}", found.message);
}

#[test]
fn every_setting_there_is_shows_nothing_s108() {
    let all = "[assets]\ndir = \"assets\"\nignore = [\"*.psd\"]\n[build]\nout = \"build\"\ncompression = \"lz4\"\n\
               [doctor.levels]\nH304 = \"off\"\n[[doctor.allow]]\ncode = \"H305\"\npath = \"assets/**\"\nreason = \"so\"\n\
               [workspace]\ntrust_lock = false\n";
    assert_eq!(codes_after(settings(all)), []);
}
