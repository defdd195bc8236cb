//! S203, source-missing.

use std::path::PathBuf;
use std::sync::Arc;

use packwright::Packer;
use packwright::diagnose::Code;
use packwright::importer::{Claim, ImportError, Imported, Importer, Metadata, Settings, Source};
use packwright_testkit::{Tree, files_below};

use super::{MANIFEST, broken, check_words, codes_after, codes_when_excluded, edit};
use crate::call;

const LABEL: &str = "assets/ui/button/label.txt";

fn sources(list: &'static str) -> impl Fn(&Tree) {
    move |tree| edit(tree, MANIFEST, "[\"*.txt\"]", list)
}

#[test]
fn diag_1_a_pattern_that_matches_nothing_blocks_the_build_s203() {
    let broken = broken(sources("[\"*.txt\", \"*.png\"]"));
    let found = broken.shows(Code::S203, Some("ui/button"), "assets/ui/button/asset.json:5:24 /sources/1", "\"*.png\"");
    assert_eq!(found.message, "the source `*.png` matches no file in `ui/button`");
}

#[test]
fn each_pattern_that_matches_nothing_is_a_cause_of_its_own_s203() {
    let found = broken(sources("[\"*.png\", \"a/**\"]")).findings();
    assert_eq!(
        found.iter().map(super::spot_of).collect::<Vec<_>>(),
        ["assets/ui/button/asset.json:5:15 /sources/0", "assets/ui/button/asset.json:5:24 /sources/1"]
    );
}

#[test]
fn an_asset_with_no_source_left_is_one_finding_s203() {
    let emptied = |tree: &Tree| tree.remove("assets/ui/icon/icon.txt");
    let found = broken(emptied).shows(Code::S203, Some("ui/icon"), "assets/ui/icon/asset.json", "");
    assert_eq!(found.message, "`ui/icon` has no source: there is no file in its folder for it to take");
    assert_eq!(codes_after(|tree| tree.remove(LABEL)), [Code::S203], "of a pattern, the pattern");
    assert_eq!(codes_after(sources("[]")), [Code::S203]);
}

#[test]
fn case_counts_on_every_system_s203() {
    let found = broken(sources("[\"*.TXT\"]")).finding();
    assert_eq!(found.code, Code::S203);
    assert!(found.help.expect("help").contains("case"));
}

#[test]
fn files_of_an_asset_inside_are_not_taken_s203() {
    let codes = codes_after(|tree| {
        edit(tree, MANIFEST, "[\"*.txt\"]", "[\"**/*.md\", \"*.txt\"]");
        tree.write("assets/ui/button/inner/asset.json", "{}");
        tree.write("assets/ui/button/inner/notes.md", "its own");
    });
    assert_eq!(codes, [Code::S203]);
}

#[test]
fn sources_are_missed_only_in_the_build_s203() {
    assert_eq!(codes_when_excluded(sources("[\"*.png\"]")), []);
    assert_eq!(codes_when_excluded(|tree| tree.remove(LABEL)), []);
}

#[test]
fn both_spellings_of_an_accent_match_each_other_s203() {
    let codes = codes_after(|tree| {
        edit(tree, MANIFEST, "\"*.txt\"", "\"caf\u{e9}.txt\", \"re\u{301}sume\u{301}/*\"");
        tree.remove(LABEL);
        tree.write("assets/ui/button/cafe\u{301}.txt", "NFD on disk");
        tree.write("assets/ui/button/r\u{e9}sum\u{e9}/x.txt", "NFC on disk");
    });
    assert_eq!(codes, []);
}

/// An importer that removes a file when it is first called, as somebody might who tidies up under a build.
struct Tidying(PathBuf);

impl Importer for Tidying {
    fn name(&self) -> &'static str {
        "tidying"
    }

    fn version(&self) -> u32 {
        1
    }

    fn keeps(&self, _: &Settings) -> bool {
        false
    }

    fn claims(&self, claim: Claim, source: &Source<'_>) -> bool {
        claim == Claim::Extension && source.extension().as_deref() == Some("tidy")
    }

    fn import(&self, _: &Source<'_>, _: &Settings) -> Result<Imported, ImportError> {
        std::fs::remove_file(&self.0)?;
        Ok(Imported::made("nothing", Metadata::new(), Vec::new()))
    }
}

#[test]
fn a_source_that_is_removed_under_a_build_is_missing_and_not_unreadable_s203() {
    let broken = broken(|tree| {
        edit(tree, MANIFEST, "*.txt", "*.tidy");
        tree.write("assets/ui/button/a.tidy", "first");
        tree.write("assets/ui/button/b.tidy", "second");
    });
    let mut importers = packwright_importers::standard();
    importers.add(Arc::new(Tidying(broken.tree.at("assets/ui/button/b.tidy")))).expect("a name of its own");
    // One thread, so that the first source comes before the second.
    let packer = Packer::builder(crate::heard::bus()).importers(importers).threads(1).build();
    let project = packer.open(broken.tree.path()).expect("a workspace");
    let built = call(&project, r#"{"service": "build"}"#);
    assert_eq!(built.diagnostics.len(), 1, "{}", built.summary);
    let found = &built.diagnostics[0];
    check_words(found);
    assert_eq!((found.code, super::spot_of(found).as_str()), (Code::S203, "assets/ui/button/b.tidy"));
    assert_eq!(files_below(&broken.tree.at("build")), broken.outputs, "the old outputs stay");
}
