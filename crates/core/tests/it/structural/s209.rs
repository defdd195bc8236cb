//! S209, over-budget.

use packwright::diagnose::Code;
use packwright_testkit::Tree;

use super::{MANIFEST, broken, codes_after, codes_when_excluded, edit};

/// A source of 4 GiB and a byte, without a block on the disk.
fn huge(tree: &Tree) {
    tree.write("assets/ui/button/huge.txt", "");
    let file = std::fs::File::options().write(true).open(tree.at("assets/ui/button/huge.txt")).expect("a file");
    file.set_len((4 << 30) + 1).expect("a file with a hole");
}

/// A PNG whose header says so many pixels a side.
fn png(side: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend([side.to_be_bytes(), side.to_be_bytes()].concat());
    header.extend([8, 0, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(&header);
    bytes.extend(crc32(&header).to_be_bytes());
    bytes.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
    })
}

fn with_png(side: u32) -> impl Fn(&Tree) {
    move |tree| {
        edit(tree, MANIFEST, "\"*.txt\"", "\"*.txt\", \"*.png\"");
        tree.write("assets/ui/button/big.png", png(side));
    }
}

#[test]
fn diag_1_a_source_past_the_limit_blocks_the_build_and_is_not_read_s209() {
    let found = broken(huge).shows(Code::S209, Some("ui/button"), "assets/ui/button/huge.txt", "");
    assert_eq!(found.message, "`huge.txt` has 4294967297 bytes, and the limit for a source is 4294967296");
}

#[test]
fn an_image_past_the_limit_is_refused_by_its_header_s209() {
    let found = broken(with_png(16_385)).shows(Code::S209, Some("ui/button"), "assets/ui/button/big.png", "");
    assert!(found.message.contains("16385") && found.message.contains("16384"), "{}", found.message);
}

#[test]
fn budgets_are_kept_only_in_the_build_and_by_importers_that_look_inside_s209() {
    assert_eq!(codes_when_excluded(huge), []);
    assert_eq!(codes_when_excluded(with_png(16_385)), []);
    let codes = codes_after(|tree| {
        with_png(16_385)(tree);
        edit(tree, MANIFEST, "\"address\"", "\"importer\": \"raw\", \"address\"");
    });
    assert_eq!(codes, []);
}
