//! What `auto` chooses.

use packwright::importer::Source;

use crate::samples::{import, refusal, sample};

fn chosen(path: &str, bytes: &[u8]) -> &'static str {
    let importers = packwright_importers::standard();
    importers.choose(&Source::in_memory(path, bytes)).expect("raw takes everything").name()
}

#[test]
fn the_importers_are_registered_in_a_fixed_order() {
    let importers = packwright_importers::standard();
    let names: Vec<_> = importers.iter().map(|importer| importer.name()).collect();
    assert_eq!(names, ["raw", "image", "audio", "data", "text"]);
}

#[test]
fn a_signature_goes_before_an_extension() {
    let part = import("a.png", &sample("baseline.jpg")).expect("a good JPEG");
    assert_eq!(part.format, "jpeg");
    assert_eq!(chosen("a.json", &sample("tone.ogg")), "audio");
    assert_eq!(chosen("a.mp3", &sample("tone16.flac")), "audio");
    assert_eq!(chosen("a.tga", &sample("made.png")), "image");
}

#[test]
fn every_signature_is_known_without_an_extension() {
    for name in ["interlaced.png", "gray.jpg", "made.bmp", "made.gif", "made.qoi", "lossy.webp"] {
        assert_eq!(chosen("noext", &sample(name)), "image", "{name}");
    }
    for name in ["alaw.wav", "tone.ogg", "tone24.flac"] {
        assert_eq!(chosen("noext", &sample(name)), "audio", "{name}");
    }
}

#[test]
fn what_has_no_signature_is_known_by_its_extension_alone() {
    assert_eq!(chosen("a.TGA", &sample("made.tga")), "image");
    assert_eq!(chosen("a.tpic", &sample("made.tga")), "raw");
    assert_eq!(chosen("a.mp3", &sample("tone.mp3")), "audio");
    assert_eq!(chosen("a.mpeg", &sample("tone.mp3")), "raw");
    assert_eq!(chosen("a.json", b"{}"), "data");
    assert_eq!(chosen("a.toml", b""), "data");
}

#[test]
fn what_is_chosen_by_extension_must_parse() {
    assert!(refusal(import("x.json", b"{\"a\" 1}")).starts_with("not valid JSON: "));
    assert!(refusal(import("x.toml", b"a = \n")).starts_with("not valid TOML: "));
    assert!(refusal(import("x.mp3", b"these are words")).contains("MPEG layer III"));
    assert!(refusal(import("x.tga", b"these are many more words")).contains("TGA"));
}

#[test]
fn the_rest_is_text_if_it_is_text_else_raw() {
    assert_eq!(chosen("noext", "Grüße\n".as_bytes()), "text");
    assert_eq!(chosen("shader.frag", b"void main() {}"), "text");
    assert_eq!(chosen("empty", b""), "text");
    assert_eq!(chosen("noext", b"\x00\x01\x02"), "raw");
    assert_eq!(chosen("latin1.txt", b"caf\xe9"), "raw");
}

#[test]
fn a_text_that_begins_like_a_bitmap_is_a_text() {
    assert_eq!(chosen("cars.txt", b"BMW and others, a list of cars in no order"), "text");
}

#[test]
fn an_ogg_without_vorbis_is_raw() {
    assert_eq!(chosen("a.ogg", include_bytes!("../samples/opus.ogg")), "raw");
}

#[test]
fn a_text_past_sixteen_mebibytes_is_raw() {
    let text = vec![b'a'; (16 << 20) + 1];
    assert_eq!(chosen("log", &text[1..]), "text");
    assert_eq!(chosen("log", &text), "raw");
}
