//! S101, registry-unreadable.

use packwright::diagnose::Code;

use super::{REGISTRY, broken, codes_after, edit};

const ENTRY: &str = r#"    {"asset_id": 1, "uuid": "0199c0de-0000-7000-8000-00000000000a", "root": "ui/button", "included": true},
"#;

#[test]
fn diag_1_a_registry_with_conflict_markers_blocks_the_build_and_names_the_merge_command_s101() {
    let broken = broken(|tree| {
        let ours = format!("<<<<<<< HEAD\n{ENTRY}=======\n{}>>>>>>> art\n", ENTRY.replace("true", "false"));
        edit(tree, REGISTRY, ENTRY, &ours);
    });
    let found = broken.shows(Code::S101, None, "packwright.registry.json:4:1", "<<<<<<< HEAD");
    assert_eq!(found.message, "the file holds merge-conflict markers");
    assert!(found.help.expect("help").contains("packwright merge-registry"));
}

#[test]
fn a_key_that_stands_twice_is_shown_with_the_first_s101() {
    let broken = broken(|tree| edit(tree, REGISTRY, r#""asset_id": 1,"#, r#""asset_id": 1, "asset_id": 7,"#));
    let found = broken.shows(Code::S101, None, "packwright.registry.json:4:21 /assets/0/asset_id", "\"asset_id\"");
    assert_eq!(found.related[0].message, "first defined here");
    assert_eq!(found.related[0].location.place.map(|place| place.column), Some(6));
}

#[test]
fn a_wrong_type_is_shown_where_it_stands_s101() {
    let broken =
        broken(|tree| edit(tree, REGISTRY, r#""ui/button", "included": true"#, r#""ui/button", "included": 1"#));
    broken.shows(Code::S101, None, "packwright.registry.json:4:102 /assets/0/included", "1");
}

#[test]
fn a_field_that_is_missing_is_shown_at_its_entry_s101() {
    let broken = broken(|tree| edit(tree, REGISTRY, r#", "root": "ui/button""#, ""));
    let found = broken.finding();
    assert_eq!(super::spot_of(&found), "packwright.registry.json:4:5 /assets/0");
    assert_eq!(found.message, "an entry has no `root`");
}

#[test]
fn a_registry_cut_short_is_shown_where_it_ends_s101() {
    let broken = broken(|tree| tree.write(REGISTRY, "{\n  \"schema\": 1,\n  \"assets\": ["));
    assert_eq!(broken.finding().code, Code::S101);
    let emptied = super::broken(|tree| tree.write(REGISTRY, ""));
    assert_eq!(emptied.finding().code, Code::S101, "an empty file is no empty registry");
}

#[test]
fn a_byte_order_mark_and_bytes_that_are_no_text_are_named_s101() {
    let marked = broken(|tree| tree.write(REGISTRY, format!("\u{feff}{}", tree.text(REGISTRY))));
    assert_eq!(marked.finding().message, "the file starts with a byte order mark");
    let latin = broken(|tree| {
        let bytes: Vec<u8> =
            tree.read(REGISTRY).into_iter().map(|byte| if byte == b'b' { 0xe4 } else { byte }).collect();
        tree.write(REGISTRY, bytes);
    });
    assert_eq!(latin.finding().message, "the file is not UTF-8 text");
}

#[test]
fn deep_nesting_is_refused_and_not_walked_s101() {
    let deep = |n: usize| format!("\"schema\": 1,\n  \"x\": {}{}", "[".repeat(n), "]".repeat(n));
    assert_eq!(codes_after(|tree| edit(tree, REGISTRY, "\"schema\": 1", &deep(100_000))), [Code::S101]);
    assert_eq!(codes_after(|tree| edit(tree, REGISTRY, "\"schema\": 1", &deep(60))), []);
}

#[test]
fn a_folder_or_a_link_in_place_of_the_registry_is_no_absent_registry_s101() {
    let folder = broken(|tree| {
        tree.remove(REGISTRY);
        tree.write("packwright.registry.json/x", "");
    });
    let found = folder.finding();
    assert_eq!(found.message, "cannot open packwright.registry.json: it is not a regular file");
    let link = broken(|tree| {
        tree.rename(REGISTRY, "elsewhere.json");
        std::os::unix::fs::symlink("elsewhere.json", tree.at(REGISTRY)).expect("a link");
    });
    assert_eq!(
        link.finding().message,
        "cannot open packwright.registry.json: a link stands there, and links are never followed"
    );
}

#[test]
fn an_absent_registry_and_one_with_fields_of_others_show_nothing_s101() {
    assert_eq!(codes_after(|tree| tree.remove(REGISTRY)), []);
    assert_eq!(codes_after(|tree| edit(tree, REGISTRY, "\"schema\": 1,", "\"schema\": 1, \"owner\": \"art\",")), []);
    let crlf = |tree: &packwright_testkit::Tree| tree.write(REGISTRY, tree.text(REGISTRY).replace('\n', "\r\n"));
    assert_eq!(codes_after(crlf), []);
}
