//! Manifests: what reads, what is refused with which words, and edits that keep every other byte.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::importer::{Claim, ImportError, Imported, Importer, Metadata, Setting, SettingKind, SettingValue, Source};

const UUID: &str = "0199c0de-0000-7000-8000-00000000000a";

struct Named(&'static str, &'static [Setting]);

impl Importer for Named {
    fn name(&self) -> &'static str {
        self.0
    }

    fn version(&self) -> u32 {
        1
    }

    fn settings(&self) -> &'static [Setting] {
        self.1
    }

    fn keeps(&self, _: &importer::Settings) -> bool {
        true
    }

    fn claims(&self, claim: Claim, _: &Source<'_>) -> bool {
        claim == Claim::Anything
    }

    fn import(&self, _: &Source<'_>, _: &importer::Settings) -> Result<Imported, ImportError> {
        Ok(Imported::kept(self.0, Metadata::default()))
    }
}

const OUTPUT: Setting =
    Setting { name: "output", summary: "what to make", kind: SettingKind::Choice(&["source", "rgba8"]) };
const FLIP: Setting = Setting { name: "flip", summary: "upside down", kind: SettingKind::Switch { default: false } };

fn importers() -> ImporterSet {
    let mut set = ImporterSet::default();
    set.add(Arc::new(Named("image", &[OUTPUT, FLIP]))).expect("a name");
    set.add(Arc::new(Named("raw", &[]))).expect("a name");
    set
}

fn with(members: &str) -> String {
    format!("{{\n  \"schema\": 1,\n  \"uuid\": \"{UUID}\",\n  \"address\": \"ui/button\"{members}\n}}\n")
}

fn read(members: &str) -> Manifest {
    Manifest::parse(with(members).as_bytes(), &importers()).expect("a manifest")
}

fn refused(text: &str) -> ManifestErrors {
    Manifest::parse(text.as_bytes(), &importers()).expect_err("refused")
}

fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

#[test]
fn what_is_not_said_has_its_default() {
    let manifest = read("");
    assert_eq!(manifest.importer, ImporterChoice::Auto);
    assert!(manifest.sources.is_default() && manifest.sources.matcher().takes("any/file"));
    assert!(manifest.settings.is_empty() && manifest.labels.is_empty() && !manifest.preload);
}

#[test]
fn a_new_manifest_reads_back() {
    for importer in [None, Some("image")] {
        let uuid = UUID.parse().expect("a UUID");
        let text = Manifest::initial(uuid, &address("ui/button"), importer);
        let manifest = Manifest::parse(text.as_bytes(), &importers()).expect("a manifest");
        assert_eq!((manifest.uuid, manifest.address.as_str()), (uuid, "ui/button"));
        assert_eq!(manifest.importer == ImporterChoice::Auto, importer.is_none());
    }
}

#[test]
fn settings_are_checked_and_filled_in() {
    let manifest = read(r#", "settings": {"image": {"output": "rgba8"}, "raw": {}}"#);
    let image = &manifest.settings["image"];
    assert_eq!(image.word("output"), "rgba8");
    assert!(image.iter().any(|(name, value)| name == "flip" && *value == SettingValue::Switch(false)));
    let errors = refused(&with(
        ", \"settings\": {\"imag\": {},\n\"image\": {\"ouput\": 1,\n\"output\": \"rgb\"},\n\"raw\": []}",
    ));
    let found: Vec<_> = errors.problems.iter().map(|problem| problem.pointer.as_deref().unwrap_or_default()).collect();
    assert_eq!(found, ["/settings/imag", "/settings/image/ouput", "/settings/image/output", "/settings/raw"]);
    let helps: Vec<_> = errors.problems.iter().filter_map(|problem| problem.help.as_deref()).collect();
    assert_eq!(helps, ["did you mean `image`?", "did you mean `output`?"]);
}

#[test]
fn the_last_matching_rule_chooses_the_importer() {
    let manifest = read(
        r#", "importer": [{"pattern": "**/*.png", "importer": "image"}, {"pattern": "raw/**", "importer": "raw"}]"#,
    );
    let chosen = |path| manifest.importer.for_source(path);
    assert_eq!(chosen("a/b.png"), "image");
    assert_eq!(chosen("raw/b.png"), "raw");
    assert_eq!(chosen("b.txt"), ImporterSet::AUTO);
    assert_eq!(read(r#", "importer": "raw""#).importer.for_source("x"), "raw");
}

#[test]
fn every_problem_is_reported_with_its_place() {
    let errors = refused(
        r#"{
  "schema": 1,
  "uuid": "nope",
  "address": "UI",
  "importer": "imge",
  "sources": ["*.png", "[", 3, "!x"],
  "labels": ["ok", "a,b", ""],
  "preload": "yes",
  "preload": false
}"#,
    );
    let found: Vec<_> = errors
        .problems
        .iter()
        .map(|problem| (problem.place.expect("a place").line, problem.pointer.as_deref().expect("a pointer")))
        .collect();
    let expected = [
        (3, "/uuid"),
        (4, "/address"),
        (5, "/importer"),
        (6, "/sources/1"),
        (6, "/sources/2"),
        (6, "/sources/3"),
        (7, "/labels/1"),
        (7, "/labels/2"),
        (8, "/preload"),
        (9, "/preload"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn identity_is_told_where_it_reads_though_the_rest_does_not() {
    let errors = refused(&with(", \"importer\": 1"));
    assert_eq!(errors.uuid.map(|uuid| uuid.to_string()).as_deref(), Some(UUID));
    assert_eq!(errors.address, Some(address("ui/button")));
    assert_eq!(refused("{").uuid, None);
}

#[test]
fn a_source_that_leaves_the_root_is_told_apart() {
    let errors = refused(&with(r#", "sources": ["../other/x.png", "*.png"]"#));
    assert!(errors.problems.is_empty());
    assert_eq!(errors.escapes[0].pointer.as_deref(), Some("/sources/0"));
    let errors = refused(&with(r#", "sources": ["../*.png"]"#));
    assert!(errors.escapes.is_empty(), "with wildcards it names no file outside; it is a pattern that matches nothing");
}

#[test]
fn a_pattern_keeps_its_place_and_index() {
    let manifest = read(",\n  \"sources\": [\"*.png\", \"sub/a.txt\"]");
    let places: Vec<_> = manifest.sources.patterns().iter().map(|source| source.place.column).collect();
    assert_eq!(places, [15, 24]);
    let matcher = manifest.sources.matcher();
    assert_eq!(matcher.matches("a.png").collect::<Vec<_>>(), [0]);
    assert_eq!(matcher.matches("sub/a.txt").collect::<Vec<_>>(), [1]);
    assert!(!matcher.takes("sub/b.png"));
    assert!(!read(", \"sources\": []").sources.matcher().takes("a"), "an empty list takes nothing");
}

#[test]
fn labels_are_sorted_and_each_there_once() {
    assert_eq!(
        read(r#", "labels": ["ui", "a b", "ui", "caf\u00e9", "cafe\u0301"]"#).labels,
        ["a b", "caf\u{e9}", "ui"]
    );
    for label in ["", " a", "a ", "a,b", "a\n", &"x".repeat(65)] {
        assert!(!Manifest::is_label(label), "{label:?}");
    }
}

#[test]
fn unknown_fields_are_no_error_and_name_the_nearest() {
    let manifest = read(
        ", \"$schema\": \"x\",\n  \"lables\": [],\n  \"importer\": [{\"pattern\": \"*\", \"importer\": \"raw\", \"imprter\": 1}]",
    );
    let found: Vec<_> =
        manifest.unknown_fields.iter().map(|field| (field.pointer.as_str(), field.nearest, field.place.line)).collect();
    assert_eq!(found, [("/importer/0/imprter", Some("importer"), 6), ("/lables", Some("labels"), 5)]);
}

#[test]
fn what_must_be_there_is_named() {
    let messages: Vec<_> = refused("{}").problems.into_iter().map(|problem| problem.message).collect();
    assert_eq!(messages, ["the file has no `schema`", "the manifest has no `uuid`", "the manifest has no `address`"]);
    assert!(refused("[]").problems[0].message.contains("this is a list"));
}

#[test]
fn a_newer_schema_is_one_problem_and_says_so() {
    let errors = refused(r#"{"schema": 7, "uuid": 1, "address": 2}"#);
    assert_eq!(errors.newer_schema, Some(7));
    assert_eq!(errors.problems.len(), 1);
}

#[test]
fn limits_are_named() {
    let large = with(&format!(", \"x\": \"{}\"", "a".repeat(1 << 20)));
    assert!(refused(&large).problems[0].message.contains("1048576 bytes"));
    let many = with(&format!(", \"sources\": [{}]", vec!["\"*\""; 300].join(",")));
    assert!(refused(&many).problems[0].message.contains("300 elements"));
    let deep = with(&format!(", \"x\": {}{}", "[".repeat(64), "]".repeat(64)));
    assert!(refused(&deep).problems[0].message.contains("64 levels"));
    let bad = with(&format!(
        ", \"settings\": {{{}}}",
        (0..500).map(|n| format!("\"a{n}\": 1")).collect::<Vec<_>>().join(",")
    ));
    assert_eq!(refused(&bad).problems.len(), 100);
}

fn edited(text: &str, edit: ManifestEdit) -> String {
    Manifest::edit(text, &[edit]).expect("an edit")
}

#[test]
fn an_edit_changes_its_member_and_nothing_else() {
    let text = with(",\n  \"labels\" :[ \"a\" ] ,\n  \"x\" : {\"y\":1.50 }");
    let edits = [
        (ManifestEdit::Address(address("a/b")), "\"ui/button\"", "\"a/b\""),
        (ManifestEdit::Labels(vec!["b".into(), "c".into()]), "[ \"a\" ]", "[\"b\", \"c\"]"),
        (ManifestEdit::Uuid(AssetUuid::mint()), "", ""),
    ];
    for (edit, old, new) in edits {
        if let ManifestEdit::Uuid(uuid) = edit {
            assert_eq!(edited(&text, edit.clone()), text.replace(UUID, &uuid.to_string()));
        } else {
            assert_eq!(edited(&text, edit), text.replace(old, new));
        }
    }
}

#[test]
fn a_member_is_added_as_the_author_spaces_and_taken_out_without_a_trace() {
    let tight = format!("{{\"schema\":1,\"uuid\":\"{UUID}\",\"address\":\"a\"}}");
    assert_eq!(edited(&tight, ManifestEdit::Preload(true)), tight.replace("\"a\"}", "\"a\",\"preload\":true}"));
    let windows = with("").replace('\n', "\r\n");
    let added = edited(&windows, ManifestEdit::Sources(Some(vec!["*.png".into()])));
    assert_eq!(added, windows.replace("\"ui/button\"", "\"ui/button\",\r\n  \"sources\": [\"*.png\"]"));
    assert_eq!(edited(&added, ManifestEdit::Sources(None)), windows);
    assert_eq!(edited("{ }", ManifestEdit::Preload(false)), "{\"preload\": false }");
    let first = "{\n  \"sources\": [],\n  \"schema\": 1\n}";
    assert_eq!(edited(first, ManifestEdit::Sources(None)), "{\n  \"schema\": 1\n}");
    assert_eq!(edited("{\"sources\": []}", ManifestEdit::Sources(None)), "{}");
}

#[test]
fn values_are_written_on_one_line_in_a_fixed_order() {
    let settings = serde_json::json!({"image": {"output": "rgba8", "flip": true}});
    let serde_json::Value::Object(settings) = settings else { panic!("an object") };
    let text = edited(&with(""), ManifestEdit::Settings(settings));
    assert!(text.contains(r#""settings": {"image": {"flip": true, "output": "rgba8"}}"#));
    let rules = vec![(Pattern::parse("*.png").expect("a pattern"), "image".to_owned())];
    let text = edited(&with(""), ManifestEdit::Importer(ImporterChoice::ByPattern(rules.clone())));
    assert!(text.contains(r#""importer": [{"pattern": "*.png", "importer": "image"}]"#));
    let manifest = Manifest::parse(text.as_bytes(), &importers()).expect("a manifest");
    assert_eq!(manifest.importer, ImporterChoice::ByPattern(rules));
}

#[test]
fn what_cannot_be_understood_is_not_edited() {
    for text in ["", "[]", "{,}", "{\"uuid\": 1, \"uuid\": 2}", "{} // x", "\u{feff}{}"] {
        assert!(Manifest::edit(text, &[ManifestEdit::Preload(true)]).is_err(), "{text:?}");
    }
}

fn space() -> impl Strategy<Value = String> {
    "[ \n\t]{0,3}"
}

/// A manifest with spacing of all kinds and members in any order.
fn any_manifest() -> impl Strategy<Value = String> {
    let member = |name: &'static str, values: &'static [&'static str]| {
        (space(), space(), space(), proptest::sample::select(values), space())
            .prop_map(move |(a, b, c, value, d)| (name, format!("{a}\"{name}\"{b}:{c}{value}{d}")))
    };
    let members = (
        member("labels", &["[]", "[ \"a\",\n\"b\"]"]),
        member("preload", &["true", "false"]),
        member("x", &["{\"a\" : [1 , 2]}", "1.50", "\"\\u00e9\""]),
        member("sources", &["[\"*\"]"]),
    );
    (members, any::<[bool; 4]>(), space()).prop_map(|((a, b, c, d), kept, end)| {
        let chosen: Vec<String> =
            [a, b, c, d].into_iter().zip(kept).filter(|(_, kept)| *kept).map(|((_, text), _)| text).collect();
        let fixed = format!("\n \"schema\": 1, \"uuid\" :\"{UUID}\"\t,\"address\":\"a\"");
        let all: Vec<String> = std::iter::once(fixed).chain(chosen).collect();
        format!("{{{}{end}}}{end}", all.join(","))
    })
}

fn any_edit() -> impl Strategy<Value = ManifestEdit> {
    prop_oneof![
        any::<bool>().prop_map(ManifestEdit::Preload),
        proptest::collection::vec("[a-c\"\u{e4}]{1,3}", 0..3).prop_map(ManifestEdit::Labels),
        proptest::option::of(Just(vec!["*.png".to_owned()])).prop_map(ManifestEdit::Sources),
        "[a-c]{1,4}".prop_map(|text| ManifestEdit::Address(address(&text))),
        Just(ManifestEdit::Settings(serde_json::Map::new())),
    ]
}

proptest! {
    #[test]
    fn an_edit_keeps_every_byte_before_and_behind_its_member(text in any_manifest(), edit in any_edit()) {
        let after = edited(&text, edit.clone());
        let parsed = |text: &str| -> serde_json::Value { serde_json::from_str(text).expect("JSON") };
        // What is outside the one changed stretch is the same, and the stretch holds one member.
        let same_start = text.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        let rest = text.len().min(after.len()) - same_start;
        let same_end = text.bytes().rev().zip(after.bytes().rev()).take(rest).take_while(|(a, b)| a == b).count();
        let removed = text.get(same_start..text.len() - same_end).unwrap_or_default();
        for other in ["\"schema\"", "\"uuid\"", "\"x\""] {
            prop_assert!(!removed.contains(other), "{removed:?} of {text:?}");
        }
        let (mut before, mut changed) = (parsed(&text), parsed(&after));
        for member in ["preload", "labels", "sources", "address", "settings"] {
            before.as_object_mut().expect("an object").remove(member);
            changed.as_object_mut().expect("an object").remove(member);
        }
        prop_assert_eq!(before, changed);
        prop_assert_eq!(edited(&after, edit), after, "the second time it changes nothing");
    }

    #[test]
    fn no_bytes_panic_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..64), text in "[\\[\\]{}\":,a-z0-9 \\\\/*'+.-]{0,64}") {
        let _ = Manifest::parse(&bytes, &importers());
        let _ = Manifest::parse(text.as_bytes(), &importers());
        let _ = Manifest::edit(&text, &[ManifestEdit::Preload(true)]);
    }
}
