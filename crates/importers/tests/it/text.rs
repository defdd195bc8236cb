//! The importers `text` and `raw`.

use packwright::importer::{ImportError, PartBytes};

use crate::samples::{import_with, refusal};

fn place_of_refusal(bytes: &[u8]) -> Option<(u32, u32)> {
    match import_with("text", "a", bytes) {
        Err(ImportError::Undecodable { place, .. }) => place,
        other => panic!("{other:?}"),
    }
}

#[test]
fn raw_keeps_any_bytes() {
    let part = import_with("raw", "a.png", b"no picture").expect("raw refuses nothing");
    assert_eq!((part.format.as_str(), part.bytes), ("raw", PartBytes::Kept));
}

#[test]
fn text_is_kept_as_it_is() {
    let part = import_with("text", "a", "\u{feff}a\r\nb".as_bytes()).expect("text");
    assert_eq!((part.format.as_str(), part.bytes), ("text", PartBytes::Kept));
    assert!(import_with("text", "a", b"").is_ok(), "an empty file is an empty text");
}

#[test]
fn a_byte_that_is_no_text_is_named_with_its_place() {
    assert_eq!(refusal(import_with("text", "a", b"ab\n\xc3\xa4\xff")), "byte 5 (0xff) is not UTF-8");
    assert_eq!(place_of_refusal(b"ab\n\xc3\xa4\xff"), Some((2, 2)));
    assert_eq!(refusal(import_with("text", "a", b"a\0")), "byte 1 is NUL, which no text holds");
    assert_eq!(place_of_refusal(b"a\0"), Some((1, 2)));
    assert_eq!(place_of_refusal("ab\n€".as_bytes().split_last().expect("not empty").1), Some((2, 1)));
}

#[test]
fn a_long_text_is_past_the_budget() {
    let message = refusal(import_with("text", "a", &vec![b'a'; (16 << 20) + 1]));
    assert_eq!(message, "size in bytes is 16777217, and the limit is 16777216");
}
