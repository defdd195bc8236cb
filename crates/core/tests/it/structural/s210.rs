//! S210, undecodable.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{MANIFEST, broken, codes_after, codes_when_excluded, edit};
use crate::{call, reopen};

fn with_source(name: &'static str, content: &'static [u8]) -> impl Fn(&Tree) {
    move |tree| {
        edit(tree, MANIFEST, "\"*.txt\"", &format!("\"*.txt\", \"{name}\""));
        tree.write(&format!("assets/ui/button/{name}"), content);
    }
}

#[test]
fn diag_1_json_that_does_not_parse_blocks_the_build_and_is_shown_where_it_breaks_s210() {
    let broken = broken(with_source("rules.json", b"{\n  \"speed\": 1,\n}\n"));
    let found = broken.finding();
    assert_eq!((found.code, found.asset.as_ref().map(|asset| &*asset.root)), (Code::S210, Some("ui/button")));
    assert!(super::spot_of(&found).starts_with("assets/ui/button/rules.json:3:1"), "{}", super::spot_of(&found));
    assert!(found.message.starts_with("the importer `data` refuses `rules.json`: "), "{}", found.message);
}

#[test]
fn an_image_that_is_none_is_refused_s210() {
    let found = broken(with_source("a.png", b"\x89PNG\r\n\x1a\nthis is no image")).finding();
    assert_eq!((found.code, super::spot_of(&found).as_str()), (Code::S210, "assets/ui/button/a.png"));
}

#[test]
fn a_file_that_is_empty_where_it_must_parse_is_refused_s210() {
    assert_eq!(codes_after(with_source("empty.json", b"")), [Code::S210]);
    assert_eq!(codes_after(with_source("empty.md", b"")), []);
}

#[test]
fn content_is_read_only_in_the_build_and_raw_takes_all_s210() {
    assert_eq!(codes_when_excluded(with_source("rules.json", b"{")), []);
    let codes = codes_after(|tree| {
        with_source("rules.json", b"{")(tree);
        edit(tree, MANIFEST, "\"address\"", "\"importer\": \"raw\", \"address\"");
    });
    assert_eq!(codes, []);
}

#[test]
fn doc_1_a_doctor_before_any_build_says_how_many_sources_are_unchecked_s210() {
    let tree = super::good();
    with_source("rules.json", b"{")(&tree);
    let response = call(&reopen(&tree), r#"{"service": "doctor"}"#);
    let data = serde_json::to_value(&response.data).expect("JSON");
    assert_eq!((response.diagnostics.len(), &data["unchecked_sources"]), (0, &3.into()));
}
