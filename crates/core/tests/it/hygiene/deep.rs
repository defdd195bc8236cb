//! `deep`: every source is decoded, whatever its output.

use packwright::diagnose::Code;
use packwright::service::Status;
use packwright_testkit::Tree;
use serde_json::json;

use super::{asked, data, tidy};
use crate::{call, reopen};

/// A picture of 64 × 64 pixels.
fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
    encoder.set_color(png::ColorType::Rgba);
    let pixels: Vec<u8> = (0..64_u32 * 64 * 4).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    encoder.write_header().expect("a header").write_image_data(&pixels).expect("pixels");
    bytes
}

/// The picture with a byte of its compressed pixels turned, under a right checksum: only a decoder sees it.
fn broken_inside() -> Vec<u8> {
    let mut bytes = png();
    let at = bytes.windows(4).position(|four| four == b"IDAT").expect("pixels");
    let length = u32::from_be_bytes(bytes[at - 4..at].try_into().expect("four")) as usize;
    bytes[at + 4 + length / 2..at + 4 + length / 2 + 64].fill(0xff);
    let crc = crc32fast::hash(&bytes[at..at + 4 + length]);
    bytes[at + 4 + length..at + 8 + length].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn with(name: &str, bytes: &[u8]) -> Tree {
    let tree = tidy();
    tree.write(&format!("assets/ui/icon/{name}"), bytes);
    tree
}

#[test]
fn a_picture_that_only_a_decoder_finds_broken_is_found_deep() {
    let tree = with("broken.png", &broken_inside());
    let built = call(&reopen(&tree), r#"{"service": "build"}"#);
    assert_eq!(built.status, Status::Ok, "its container is whole: {}", built.summary);
    assert_eq!(asked(&tree, &json!({"service": "doctor"})).diagnostics, []);
    let response = asked(&tree, &json!({"service": "doctor", "deep": true}));
    let found: Vec<_> = response.diagnostics.iter().map(|found| (found.code, super::path_of(found))).collect();
    assert_eq!(found, [(Code::S210, "assets/ui/icon/broken.png".to_owned())]);
    assert_eq!(response.exit_code(), 1);
}

#[test]
fn sound_sources_are_decoded_and_none_is_left_unchecked() {
    let tree = with("sound.png", &png());
    assert_eq!(data(&asked(&tree, &json!({"service": "doctor"}))).unchecked_sources, 3);
    let response = asked(&tree, &json!({"service": "doctor", "deep": true}));
    assert_eq!((response.diagnostics.len(), data(&response).unchecked_sources), (0, 0));
    assert!(response.summary.starts_with("nothing is wrong with 2 registered assets"), "{}", response.summary);
}

#[test]
fn what_is_out_of_the_build_is_not_decoded() {
    let tree = with("broken.png", &broken_inside());
    super::edit(&tree, super::REGISTRY, "\"ui/icon\", \"included\": true", "\"ui/icon\", \"included\": false");
    assert_eq!(asked(&tree, &json!({"service": "doctor", "deep": true})).diagnostics, []);
}
