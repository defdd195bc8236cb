//! The importer `data`.

use packwright::importer::{ImportError, PartBytes};

use crate::samples::{import, import_with, refusal};

fn refused(path: &str, text: &str) -> (String, Option<(u32, u32)>) {
    match import(path, text.as_bytes()) {
        Err(ImportError::Undecodable { message, place }) => (message, place),
        other => panic!("{other:?}"),
    }
}

fn nested(open: &str, close: &str, depth: usize) -> Vec<u8> {
    format!("{}1{}", open.repeat(depth), close.repeat(depth)).into_bytes()
}

#[test]
fn json_and_toml_are_kept_as_they_are() {
    let json = import("a.json", b" {\"a\": [1, 2.5e400, null, \"\\ud800\"], \"a\": true}\n").expect("valid JSON");
    assert_eq!((json.format.as_str(), json.bytes), ("json", PartBytes::Kept));
    let toml = import("a.toml", b"a = 1\n[b]\nc = [1979-05-27, {d = 'e'}]\n").expect("valid TOML");
    assert_eq!((toml.format.as_str(), toml.bytes), ("toml", PartBytes::Kept));
    assert!(import("empty.toml", b"").is_ok());
}

#[test]
fn json_is_read_strictly_with_the_place_of_what_is_wrong() {
    assert_eq!(refused("a.json", "{\n  \"ä\": 1,\n}").1, Some((3, 1)));
    assert_eq!(refused("a.json", "[\"ä\", tru]").1, Some((1, 10)));
    assert_eq!(refused("a.json", ""), ("not valid JSON: EOF while parsing a value".to_owned(), Some((1, 1))));
    for text in ["// a\n1", "[1,]", "{'a': 1}", "1 2", "NaN", "01", "\"\t\"", "\"\\x\"", "{\"a\":1", "[1", "+1", ".5"] {
        let (message, place) = refused("a.json", text);
        assert!(message.starts_with("not valid JSON: ") && place.is_some(), "{text}: {message}");
    }
}

#[test]
fn json_with_a_byte_order_mark_is_told_so() {
    let (message, place) = refused("a.json", "\u{feff}{}");
    assert!(message.contains("byte order mark"), "{message}");
    assert_eq!(place, Some((1, 1)));
}

#[test]
fn toml_is_read_with_the_place_of_what_is_wrong() {
    assert_eq!(refused("a.toml", "ok = 1\n\"ä\" = ?\n").1, Some((2, 7)));
    assert_eq!(refused("a.toml", "a = 1\na = 2\n").1, Some((2, 1)));
    for text in ["a", "a = ", "[a", "[a]\n[a]\n", "a = \"x", "a = 1 b = 2", "a = 1\n[a.b]"] {
        let (message, _) = refused("a.toml", text);
        assert!(message.starts_with("not valid TOML: ") && !message.contains('\n'), "{text}: {message}");
    }
}

#[test]
fn data_that_is_no_text_is_refused_with_its_place() {
    let result = import("a.json", b"[\n\"\xff\"]");
    assert!(matches!(result, Err(ImportError::Undecodable { place: Some((2, 2)), .. })), "{result:?}");
}

#[test]
fn nesting_is_taken_to_sixty_four_levels() {
    assert!(import("a.json", &nested("[", "]", 64)).is_ok());
    assert_eq!(refusal(import("a.json", &nested("[", "]", 65))), "nesting in levels is 65, and the limit is 64");
    let toml = |depth| [b"a = ".to_vec(), nested("[", "]", depth)].concat();
    assert!(import("a.toml", &toml(64)).is_ok());
    assert_eq!(refusal(import("a.toml", &toml(65))), "nesting in levels is 65, and the limit is 64");
}

#[test]
fn nothing_nested_overflows_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        refusal(import("a.json", &nested(open, close, 1_000_000)));
        refusal(import("a.json", open.repeat(1_000_000).as_bytes()));
    }
    for text in [
        format!("a = {}", "[".repeat(1_000_000)),
        format!("a = {}", "{a=".repeat(1_000_000)),
        format!("[{}a]", "a.".repeat(1_000_000)),
        format!("{}a = 1", "a.".repeat(1_000_000)),
        format!("x = {}1{}", "{a.a.a.a.a.a.a.a=".repeat(60), "}".repeat(60)),
    ] {
        refusal(import("a.toml", text.as_bytes()));
    }
}

#[test]
fn long_data_is_past_the_budget() {
    let message = refusal(import("a.json", &vec![b' '; (16 << 20) + 1]));
    assert_eq!(message, "size in bytes is 16777217, and the limit is 16777216");
}

#[test]
fn a_name_that_tells_no_syntax_is_refused() {
    let message = refusal(import_with("data", "level.map", b"{}"));
    assert_eq!(message, "no data: the name ends neither in .json nor in .toml");
}
