//! The document of the format tells the truth: its worked example is what the writer makes.

use packwright_format::Pack;

use crate::sample;

const DOCUMENT: &str = include_str!("../../../../docs/formats/pack.md");

/// The bytes of the block that begins with ```` ```hex ````: lines of an offset, bytes, and a remark behind `#`.
fn documented_bytes() -> Vec<u8> {
    let (_, block) = DOCUMENT.split_once("```hex\n").expect("the document has an example");
    let (block, _) = block.split_once("```").expect("the example ends");
    let mut bytes = Vec::new();
    for line in block.lines() {
        let (offset, rest) = line.split_once(':').expect("a line begins with an offset");
        assert_eq!(usize::from_str_radix(offset, 16), Ok(bytes.len()), "{line}");
        let digits = rest.split('#').next().unwrap_or_default();
        bytes.extend(digits.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).expect("two digits")));
    }
    bytes
}

#[test]
fn the_worked_example_is_what_the_writer_makes() {
    assert_eq!(documented_bytes(), sample::documented());
}

#[test]
fn the_worked_example_reads_as_the_document_says() {
    let bytes = documented_bytes();
    let pack = Pack::open(&bytes).expect("the example is a pack");
    let hash = blake3::Hash::from_bytes(pack.hash()).to_hex();
    assert!(DOCUMENT.contains(&format!("blake3:{hash}")), "the document names the pack's hash, blake3:{hash}");
    let addresses: Vec<_> = pack.assets().map(|asset| (asset.id(), asset.address())).collect();
    assert_eq!(addresses, [(3, "ui/button"), (7, "audio/click")]);
}
