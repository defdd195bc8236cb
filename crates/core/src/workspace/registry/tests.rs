//! The registry: what reads, what is kept, what is refused and where.

use proptest::prelude::*;

use super::*;
use crate::workspace::Place;

const A: &str = "0199c0de-0000-7000-8000-00000000000a";
const B: &str = "0199c0de-0000-7000-8000-00000000000b";

fn uuid(n: u128) -> AssetUuid {
    AssetUuid::from_uuid(uuid::Uuid::from_u128(n))
}

fn entry_line(id: &str, uuid: &str, root: &str) -> String {
    format!(r#"{{"asset_id": {id}, "uuid": "{uuid}", "root": "{root}", "included": true}}"#)
}

fn file(entries: &[String]) -> String {
    let lines: Vec<String> = entries.iter().map(|entry| format!("    {entry}")).collect();
    format!("{{\n  \"schema\": 1,\n  \"assets\": [\n{}\n  ]\n}}\n", lines.join(",\n"))
}

fn unreadable(text: &str) -> Problem {
    match Registry::parse(text.as_bytes()) {
        Err(RegistryError::Unreadable(problem)) => problem,
        other => panic!("{text:?} gave {other:?}"),
    }
}

fn start(place: Place) -> (u32, u32) {
    (place.line, place.column)
}

#[test]
fn the_canonical_form_is_the_documented_one() {
    let text = file(&[entry_line("2903417701", A, "audio/theme"), entry_line("118240553", B, "ui/button")]);
    let registry = Registry::parse(text.as_bytes()).expect("a registry");
    assert_eq!(String::from_utf8(registry.to_bytes()).expect("text"), text);
    assert_eq!(Registry::empty().to_bytes(), b"{\n  \"schema\": 1,\n  \"assets\": []\n}\n");
}

#[test]
fn entries_are_sorted_by_the_bytes_of_their_roots_and_remember_where_they_stood() {
    let text = file(&[entry_line("1", A, "ui"), entry_line("2", B, "Zoo")]);
    let registry = Registry::parse(text.as_bytes()).expect("a registry");
    let found: Vec<_> = registry.entries.iter().map(|entry| (&*entry.root, entry.file_index)).collect();
    assert_eq!(found, [("Zoo", Some(1)), ("ui", Some(0))]);
}

#[test]
fn an_id_that_is_none_is_kept_as_it_is_spelled() {
    for id in ["0", "4294967296", "-1", "1.5", "1e3", "-0"] {
        let text = file(&[entry_line(id, A, "ui")]);
        let registry = Registry::parse(text.as_bytes()).expect("a registry with a finding");
        assert_eq!(registry.entries[0].asset_id, RawAssetId::Invalid(id.into()));
        assert_eq!(registry.to_bytes(), text.as_bytes(), "an id is never renumbered by a rewrite");
    }
    let largest = Registry::parse(file(&[entry_line("4294967295", A, "ui")]).as_bytes()).expect("a registry");
    assert_eq!(largest.entries[0].asset_id(), AssetId::new(u32::MAX));
}

#[test]
fn a_root_that_escapes_is_a_finding_of_its_entry_alone() {
    let registry = Registry::parse(file(&[entry_line("1", A, "../x")]).as_bytes()).expect("a registry");
    assert!(matches!(registry.entries[0].root_path(), Err(PathError::Climbs(_))));
}

#[test]
fn unknown_fields_stay_in_their_order_with_their_numbers_as_spelled() {
    let text = format!(
        "{{\"$schema\":\"x\",\"by\":{{\"n\": 1.50,\n\"s\":\"a , b : \\\"c\"}},\"assets\":[{{\"z\":[1,2 ],\"asset_id\":1,\
         \"uuid\":\"{A}\",\"root\":\"ui\",\"included\":false,\"a\":1e400}}],\"schema\":1}}"
    );
    let registry = Registry::parse(text.as_bytes()).expect("a registry");
    let written = String::from_utf8(registry.to_bytes()).expect("text");
    let expected = format!(
        "{{\n  \"$schema\": \"x\",\n  \"schema\": 1,\n  \"assets\": [\n    {{\"asset_id\": 1, \"uuid\": \"{A}\", \"root\": \
         \"ui\", \"included\": false, \"z\": [1, 2], \"a\": 1e400}}\n  ],\n  \"by\": {{\"n\": 1.50, \"s\": \"a , b : \
         \\\"c\"}}\n}}\n"
    );
    assert_eq!(written, expected);
    assert_eq!(Registry::parse(written.as_bytes()).expect("its own form").to_bytes(), written.as_bytes());
}

#[test]
fn a_wrong_type_is_placed_with_its_pointer() {
    let text = file(&[entry_line("1", A, "a"), entry_line("\"2\"", B, "b")]);
    let problem = unreadable(&text);
    assert_eq!(problem.pointer.as_deref(), Some("/assets/1/asset_id"));
    assert_eq!(problem.place.map(start), Some((5, 18)));
    for (member, pointer) in [
        (r#""uuid": 7"#, "/assets/0/uuid"),
        (r#""uuid": "0199""#, "/assets/0/uuid"),
        (r#""root": null"#, "/assets/0/root"),
        (r#""included": "yes""#, "/assets/0/included"),
    ] {
        let problem = unreadable(&format!("{{\"schema\": 1, \"assets\": [{{{member}}}]}}"));
        assert_eq!(problem.pointer.as_deref(), Some(pointer), "{}", problem.message);
        assert!(problem.place.is_some());
    }
}

#[test]
fn what_must_be_there_is_named_where_it_is_not() {
    let problem = unreadable(&format!("{{\"schema\": 1, \"assets\": [{{\"asset_id\": 1, \"uuid\": \"{A}\"}}]}}"));
    assert_eq!(problem.message, "an entry has no `root`");
    assert_eq!(problem.pointer.as_deref(), Some("/assets/0"));
    assert_eq!(unreadable("{\"schema\": 1}").message, "the file has no `assets`");
    assert_eq!(unreadable("{\"assets\": []}").message, "the file has no `schema`");
    assert!(unreadable("{\"schema\": \"1\", \"assets\": []}").message.contains("takes the number 1"));
    assert!(unreadable("{\"schema\": 0, \"assets\": []}").place.is_some());
    assert!(unreadable("[]").message.contains("an object"));
}

#[test]
fn a_key_that_stands_twice_is_refused_with_the_first() {
    let entry = entry_line("1", A, "a").replace("}", ",\n \"root\": \"b\"}");
    let problem = unreadable(&file(&[entry]));
    assert_eq!(problem.pointer.as_deref(), Some("/assets/0/root"));
    assert_eq!(problem.place.map(start), Some((5, 2)));
    assert_eq!(problem.related.map(|(place, _)| place.line), Some(4));
    for text in [
        "{\"schema\": 1, \"assets\": [], \"assets\": []}",
        "{\"schema\": 1, \"assets\": [], \"x\": 1, \"x\": 1}",
        &file(&[entry_line("1", A, "a").replace("}", ", \"x\": 1, \"y\": 1, \"x\": 2}")]),
    ] {
        let problem = unreadable(text);
        assert!(problem.message.contains("twice"), "{text}");
        assert!(problem.related.is_some(), "{text}");
    }
}

#[test]
fn conflict_markers_are_named_with_the_way_out() {
    let marked = format!(
        "{{\n  \"schema\": 1,\n<<<<<<< HEAD\n  \"assets\": []\n=======\n{}\n>>>>>>> x\n}}\n",
        "  \"assets\": []"
    );
    let problem = unreadable(&marked);
    assert!(problem.message.contains("merge-conflict markers"));
    assert!(problem.help.is_some_and(|help| help.contains("packwright merge-registry")));
    assert_eq!(problem.place.map(start), Some((3, 1)));
    let behind_a_wrong_type = unreadable(&marked.replace("\"schema\": 1", "\"assets\": 1"));
    assert!(behind_a_wrong_type.message.contains("merge-conflict markers"), "no JSON comes before a wrong type");
}

#[test]
fn a_file_that_is_no_json_says_where() {
    assert_eq!(unreadable("{\n  \"schema\": 1,\n  \"assets\": [,]\n}").place.map(start), Some((3, 14)));
    for text in ["", "{", "{\"schema\": 1, \"assets\": []} x", "nonsense", "{\"schema\": 1, \"assets\": [],}"] {
        assert!(unreadable(text).message.starts_with("not JSON: "), "{text:?}");
    }
    assert!(unreadable("\u{feff}{}").message.contains("byte order mark"));
    assert!(matches!(Registry::parse(b"{\"\xff"), Err(RegistryError::Unreadable(_))));
}

#[test]
fn nesting_is_bounded_everywhere_in_the_file() {
    let nested = |n: usize| format!("\"x\": {}{}", "[".repeat(n), "]".repeat(n));
    let in_file = |n| format!("{{\"schema\": 1, \"assets\": [], {}}}", nested(n));
    let in_entry = |n| file(&[entry_line("1", A, "a").replace('}', &format!(", {}}}", nested(n)))]);
    assert!(Registry::parse(in_file(63).as_bytes()).is_ok());
    assert!(Registry::parse(in_entry(61).as_bytes()).is_ok());
    for (text, pointer) in [(in_file(64), "/x"), (in_entry(62), "/assets/0/x"), (in_entry(100_000), "/assets/0/x")] {
        let problem = unreadable(&text);
        assert!(problem.message.contains("64 levels"), "{}", problem.message);
        assert_eq!(problem.pointer.as_deref(), Some(pointer));
        assert!(problem.place.is_some());
    }
    for deep in ["[", "{\"a\":", "{\"assets\":["] {
        unreadable(&deep.repeat(100_000));
        unreadable(&format!("{{\"schema\": 1, \"assets\": {}", deep.repeat(100_000)));
    }
}

#[test]
fn a_newer_schema_is_said_to_be_newer_whatever_else_it_says() {
    for text in ["{\"assets\": {\"new\": 1},\n \"schema\": 2}", "{\"schema\": 2}", "{\"schema\": 2, \"assets\": []}"] {
        match Registry::parse(text.as_bytes()) {
            Err(RegistryError::SchemaNewer { schema: 2, problem }) => assert!(problem.place.is_some(), "{text}"),
            other => panic!("{text} gave {other:?}"),
        }
    }
}

#[test]
fn places_are_found_for_each_entry_and_field() {
    let text = file(&[entry_line("1", A, "\u{e4}"), entry_line("2", B, "b").replace("}", ", \"colour\": 1}")]);
    let places = entry_places(text.as_bytes());
    let second = places.get(1).expect("the second entry");
    assert_eq!(start(second.entry), (5, 5));
    assert_eq!(second.root.map(|place| (place.line, place.column, place.end_column)), Some((5, 77, 80)));
    assert_eq!(
        second.extra.iter().map(|(name, place)| (name.as_str(), place.line)).collect::<Vec<_>>(),
        [("colour", 5)]
    );
    assert_eq!(places.field("schema").map(start), Some((2, 13)));
    assert_eq!(places.get(2), None);
    assert_eq!(entry_places(b"{").get(0), None);
}

#[test]
fn inserting_and_removing_keep_the_order() {
    let mut registry = Registry::empty();
    for (n, root) in [(3, "c"), (1, "a"), (2, "b"), (1, "b")] {
        let id = AssetId::new(n).expect("not zero");
        registry.insert(RegistryEntry::new(id, uuid(n.into()), &RelPath::literal(root), true));
    }
    let order = |registry: &Registry| -> String { registry.entries.iter().map(|entry| &*entry.root).collect() };
    assert_eq!(order(&registry), "abbc");
    assert_eq!(registry.by_root("c").map(|entry| entry.uuid), Some(uuid(3)));
    assert!(registry.by_root("bb").is_none());
    assert_eq!(registry.remove("b", uuid(2)).map(|entry| entry.uuid), Some(uuid(2)));
    assert!(registry.remove("b", uuid(2)).is_none());
    assert_eq!(order(&registry), "abc");
}

fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        Just("1.50".to_owned()),
        Just("-0".to_owned()),
        ".{0,8}".prop_map(|text| serde_json::Value::from(text).to_string()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(|list| format!("[ {} ]", list.join(" ,\n"))),
            inner.prop_map(|value| format!("{{ \"k,:\" :\t{value} }}")),
        ]
    })
}

fn extra() -> impl Strategy<Value = Vec<(String, String)>> {
    let names = proptest::collection::btree_map("[x-z\"\u{e4}]{1,4}", json_text(), 0..3);
    names.prop_map(|fields| fields.into_iter().rev().collect())
}

fn members(extra: &[(String, String)]) -> String {
    extra.iter().map(|(name, json)| format!(",{}:{json}", serde_json::Value::from(name.as_str()))).collect()
}

proptest! {
    #[test]
    fn a_rewrite_keeps_everything_and_a_second_one_changes_nothing(
        entries in proptest::collection::vec((any::<u32>(), any::<u128>(), "[a-c/\"\u{e4}]{0,5}", any::<bool>(), extra()), 0..6),
        file_extra in extra(),
    ) {
        let entry = |(id, n, root, included, extra): &(u32, u128, String, bool, Vec<(String, String)>)| {
            let root = serde_json::Value::from(root.as_str());
            format!("{{\"uuid\":\"{}\",\"root\":{root}{},\"included\":{included},\"asset_id\":{id}}}", uuid(*n), members(extra))
        };
        let listed: Vec<String> = entries.iter().map(entry).collect();
        let text = format!("{{\"assets\":[{}],\"schema\":1{}}}", listed.join(","), members(&file_extra));
        let registry = Registry::parse(text.as_bytes()).expect("a registry");
        let bytes = registry.to_bytes();
        let mut again = Registry::parse(&bytes).expect("its own form");
        prop_assert_eq!(again.to_bytes(), bytes.clone());
        prop_assert!(again.entries.iter().map(|entry| entry.file_index).eq((0..).map(Some).take(entries.len())));
        again.entries.iter_mut().zip(&registry.entries).for_each(|(again, before)| again.file_index = before.file_index);
        prop_assert_eq!(&again, &registry);
        // No value drifted: both texts hold the same JSON, but for order.
        let sorted = |text: &[u8]| {
            let mut value: serde_json::Value = serde_json::from_slice(text).expect("JSON");
            value["assets"].as_array_mut().expect("a list").sort_by_key(ToString::to_string);
            value
        };
        prop_assert_eq!(sorted(&bytes), sorted(text.as_bytes()));
    }

    #[test]
    fn no_bytes_panic_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..64), text in "[\\[\\]{}\":,a-z0-9 \\\\\\n]{0,64}") {
        let _ = Registry::parse(&bytes);
        let _ = Registry::parse(text.as_bytes());
        let _ = entry_places(text.as_bytes()).get(0);
    }
}
