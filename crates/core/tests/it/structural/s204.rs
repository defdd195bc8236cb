//! S204, manifest-invalid.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{Broken, MANIFEST, broken, codes_after, codes_when_excluded, edit};

fn with(from: &str, to: &str) -> Broken {
    broken(|tree| edit(tree, MANIFEST, from, to))
}

/// One finding in the manifest, at `LINE:COLUMN POINTER`, where it says `marked`; its message.
fn message(broken: &Broken, spot: &str, marked: &str) -> String {
    broken.shows(Code::S204, Some("ui/button"), &format!("{MANIFEST}{spot}"), marked).message
}

#[test]
fn diag_1_an_importer_that_there_is_not_blocks_the_build_and_the_nearest_is_named_s204() {
    let broken = with("\"sources\"", "\"importer\": \"imagee\",\n  \"sources\"");
    assert_eq!(message(&broken, ":5:15 /importer", "\"imagee\""), "there is no importer \"imagee\"");
    assert_eq!(broken.finding().help.as_deref(), Some("did you mean `image`?"));
}

#[test]
fn a_setting_with_a_wrong_value_is_shown_s204() {
    let broken = with("\"sources\"", "\"settings\": {\"image\": {\"output\": \"rgb9\"}},\n  \"sources\"");
    message(&broken, ":5:36 /settings/image/output", "\"rgb9\"");
}

#[test]
fn a_bad_address_is_shown_s204() {
    let broken = with("\"address\": \"ui/button\"", "\"address\": \"UI/Button\"");
    assert!(message(&broken, ":4:14 /address", "\"UI/Button\"").starts_with("not an address: "));
}

#[test]
fn a_uuid_that_is_none_or_missing_is_one_finding_s204() {
    let broken = with("00a\"", "00\"");
    message(&broken, ":3:11 /uuid", "\"0199c0de-0000-7000-8000-00000000000\"");
    let without = with("\"uuid\": \"0199c0de-0000-7000-8000-00000000000a\",\n", "");
    assert_eq!(message(&without, "", ""), "the manifest has no `uuid`");
}

#[test]
fn a_wrong_type_is_shown_s204() {
    let broken = with("[\"*.txt\"]", "\"*.txt\"");
    assert_eq!(message(&broken, ":5:14 /sources", "\"*.txt\""), "`sources` is a string, and takes a list of patterns");
}

#[test]
fn a_key_that_stands_twice_is_shown_with_the_first_s204() {
    let broken = with("\"sources\"", "\"address\": \"ui/other\",\n  \"sources\"");
    assert_eq!(message(&broken, ":5:3 /address", "\"address\""), "the key \"address\" stands here twice");
    assert_eq!(broken.finding().related[0].location.place.map(|place| place.line), Some(4));
}

#[test]
fn what_is_no_json_is_shown_where_it_breaks_s204() {
    let comma = with("[\"*.txt\"]\n", "[\"*.txt\"],\n");
    assert!(comma.finding().message.starts_with("not JSON: "));
    let cut = broken(|tree| tree.write(MANIFEST, "{\n  \"schema\": 1,"));
    assert!(cut.finding().message.starts_with("not JSON: "));
    let empty = broken(|tree| tree.write(MANIFEST, ""));
    assert_eq!(message(&empty, ":1:1", ""), "not JSON: the file ends where a value should be");
    let list = broken(|tree| tree.write(MANIFEST, "[]"));
    assert_eq!(message(&list, ":1:1", "[]"), "a manifest is an object, and this is a list");
}

#[test]
fn conflict_markers_are_named_s204() {
    let broken = with("  \"sources\"", "<<<<<<< HEAD\n  \"sources\"");
    assert_eq!(message(&broken, ":5:1", "<<<<<<< HEAD"), "the file holds merge-conflict markers");
}

#[test]
fn a_byte_order_mark_and_bytes_that_are_no_text_are_named_s204() {
    let marked = broken(|tree| tree.write(MANIFEST, format!("\u{feff}{}", tree.text(MANIFEST))));
    assert_eq!(marked.finding().message, "the file starts with a byte order mark");
    let latin = broken(|tree| tree.write(MANIFEST, b"{\"\xe4\": 1}"));
    assert_eq!(message(&latin, ":1:3", ""), "the file is not UTF-8 text");
}

#[test]
fn a_manifest_past_a_limit_is_refused_by_that_limit_s204() {
    let long = |tree: &Tree, length: usize| {
        let text = tree.text(MANIFEST);
        let spaces = " ".repeat(length - text.len());
        tree.write(MANIFEST, text + &spaces);
    };
    let found = broken(|tree| long(tree, (1 << 20) + 1)).finding();
    assert_eq!(
        (found.code, found.message.as_str()),
        (Code::S204, "the manifest has 1048577 bytes, and the limit is 1048576")
    );
    assert_eq!(codes_after(|tree| long(tree, 1 << 20)), []);
    let deep = format!("\"x\": {}{},\n  \"sources\"", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(with("\"sources\"", &deep).finding().message, "values nest deeper than 64 levels");
}

#[test]
fn everything_that_is_wrong_is_found_at_once_s204() {
    let broken = broken(|tree| {
        edit(tree, MANIFEST, "\"address\": \"ui/button\"", "\"address\": \"\", \"preload\": 1");
        edit(tree, MANIFEST, "[\"*.txt\"]", "[\"*.txt\", 3]");
    });
    let spots: Vec<String> = broken.findings().iter().map(super::spot_of).collect();
    assert_eq!(spots, [":4:14 /address", ":4:29 /preload", ":5:24 /sources/1"].map(|spot| format!("{MANIFEST}{spot}")));
}

#[test]
fn a_manifest_of_a_newer_version_is_refused_as_such_s204() {
    let broken = with("\"schema\": 1", "\"schema\": 2");
    assert!(message(&broken, ":2:13 /schema", "2").contains("newer version"));
}

#[test]
fn manifests_are_read_in_and_out_of_the_build_but_not_those_of_unregistered_folders_s204() {
    assert_eq!(codes_when_excluded(|tree| tree.write(MANIFEST, "{")), [Code::S204]);
    assert_eq!(codes_after(|tree| tree.write("assets/other/asset.json", "{")), []);
}

#[test]
fn fields_of_others_and_another_order_show_nothing_s204() {
    let codes = codes_after(|tree| {
        let text = "{\"sources\":[\"*.txt\"],\"address\":\"ui/button\",\"made_by\":{\"tool\":[1,2]},\
                    \"uuid\":\"0199C0DE-0000-7000-8000-00000000000A\",\"$schema\":\"x\",\"schema\":1}";
        tree.write(MANIFEST, text);
    });
    assert_eq!(codes, []);
}
