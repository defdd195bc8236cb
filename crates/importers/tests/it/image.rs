//! The importer `image`: what it tells of good pictures, what it makes of them, what it refuses.

use ::image::ImageFormat;
use packwright::importer::{ImportError, ImportedPart, PartBytes};

use crate::samples::{
    bytes_of, encoded, import, import_as, import_with, made_bytes, picture, refusal, sample, whole, word,
};

fn told(part: &ImportedPart) -> (i64, i64, i64, &str) {
    let metadata = &part.metadata;
    (whole(metadata, "width"), whole(metadata, "height"), whole(metadata, "channels"), word(metadata, "color"))
}

fn png(width: u32, height: u32, color: png::ColorType, depth: png::BitDepth, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == png::ColorType::Indexed {
        encoder.set_palette(vec![10, 20, 30, 40, 50, 60]);
        encoder.set_trns(vec![0, 255]);
    }
    encoder.write_header().and_then(|mut writer| writer.write_image_data(data)).expect("a valid form");
    bytes
}

/// Only the first chunk of a PNG, which claims a size.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let body = [b"IHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let chunk = [13_u32.to_be_bytes().as_slice(), &body, &crc32fast::hash(&body).to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk].concat()
}

/// A PNG of that size whose pixels nobody looked at.
fn claiming_png(width: u32, height: u32) -> Vec<u8> {
    let tail = encoded(ImageFormat::Png).split_off(33);
    [png_header(width, height), tail].concat()
}

#[test]
fn every_format_is_kept_and_tells_its_size_and_colours() {
    let expected = [
        ("interlaced.png", "png", (20, 12, 3, "rgb")),
        ("baseline.jpg", "jpeg", (20, 12, 3, "rgb")),
        ("progressive.jpg", "jpeg", (20, 12, 3, "rgb")),
        ("gray.jpg", "jpeg", (20, 12, 1, "gray")),
        ("cmyk.jpg", "jpeg", (20, 12, 4, "cmyk")),
        ("turned.jpg", "jpeg", (20, 12, 3, "rgb")),
        ("animated.gif", "gif", (20, 12, 4, "indexed")),
        ("bits.bmp", "bmp", (20, 12, 3, "indexed")),
        ("palette.bmp", "bmp", (20, 12, 3, "indexed")),
        ("lossy.webp", "webp", (20, 12, 3, "rgb")),
        ("lossy_alpha.webp", "webp", (20, 12, 4, "rgba")),
        ("lossless.webp", "webp", (20, 12, 4, "rgba")),
        ("animated.webp", "webp", (20, 12, 4, "rgba")),
        ("made.png", "png", (4, 3, 4, "rgba")),
        ("made.bmp", "bmp", (4, 3, 4, "rgba")),
        ("made.tga", "tga", (4, 3, 4, "rgba")),
        ("made.qoi", "qoi", (4, 3, 4, "rgba")),
    ];
    for (name, format, header) in expected {
        let part = import(name, &sample(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((part.format.as_str(), told(&part)), (format, header), "{name}");
        assert_eq!(part.bytes, PartBytes::Kept, "{name}");
    }
}

#[test]
fn lossless_formats_give_the_very_pixels() {
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Tga, ImageFormat::Qoi, ImageFormat::WebP] {
        let part = import_as("x.tga", &encoded(format), "rgba8").expect("a good picture");
        assert_eq!(bytes_of(&part), picture().as_raw(), "{format:?}");
        assert_eq!((part.format.as_str(), told(&part)), ("rgba8", (4, 3, 4, "rgba")), "{format:?}");
    }
}

#[test]
fn an_interlaced_png_gives_its_rows_in_order() {
    let expected: Vec<u8> = (0..12_u32)
        .flat_map(|y| (0..20_u32).map(move |x| [x * 12, y * 20, (x * 7 + y * 11) % 256, 255].map(|value| value as u8)))
        .flatten()
        .collect();
    assert_eq!(made_bytes("a", &sample("interlaced.png"), "rgba8"), expected);
}

#[test]
fn sixteen_bits_round_to_the_nearest_of_eight() {
    let samples: [u16; 3] = [0, 128, 129];
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_be_bytes()).collect();
    let bytes = png(3, 1, png::ColorType::Grayscale, png::BitDepth::Sixteen, &data);
    assert_eq!(told(&import("a", &bytes).expect("a good PNG")), (3, 1, 1, "gray"));
    assert_eq!(made_bytes("a", &bytes, "rgba8"), [0, 0, 0, 255, 0, 0, 0, 255, 1, 1, 1, 255]);
}

#[test]
fn a_palette_with_transparency_has_four_channels() {
    let bytes = png(2, 1, png::ColorType::Indexed, png::BitDepth::One, &[0b0100_0000]);
    assert_eq!(told(&import("a", &bytes).expect("a good PNG")), (2, 1, 4, "indexed"));
    assert_eq!(made_bytes("a", &bytes, "rgba8"), [10, 20, 30, 0, 40, 50, 60, 255]);
}

#[test]
fn no_picture_is_turned_by_exif() {
    let part = import_as("a", &sample("turned.jpg"), "rgba8").expect("a good JPEG");
    assert_eq!((whole(&part.metadata, "width"), whole(&part.metadata, "height")), (20, 12));
}

#[test]
fn of_an_animation_the_first_frame_is_made() {
    for name in ["animated.gif", "animated.webp"] {
        assert_eq!(made_bytes(name, &sample(name), "rgba8").len(), 20 * 12 * 4, "{name}");
    }
}

#[test]
fn what_claims_too_many_pixels_is_past_the_budget() {
    let message = refusal(import("a", &claiming_png(60_000, 60_000)));
    assert_eq!(message, "width in pixels is 60000, and the limit is 16384");
    let message = refusal(import("a", &claiming_png(100, 16_385)));
    assert_eq!(message, "height in pixels is 16385, and the limit is 16384");
    let message = refusal(import("a", &claiming_png(16_384, 16_384)));
    assert_eq!(message, "decoded size in bytes is 1073741824, and the limit is 536870912");
    assert!(import("a", &claiming_png(16_384, 8_192)).is_ok());
}

#[test]
fn pixels_that_are_not_there_are_refused_when_they_are_made() {
    let bytes = claiming_png(16_384, 8_192);
    assert!(refusal(import_as("a", &bytes, "rgba8")).starts_with("the PNG does not decode: "));
}

#[test]
fn a_picture_without_pixels_is_refused() {
    let message = refusal(import("a", &claiming_png(0, 7)));
    assert_eq!(message, "the image has no pixels: its size is 0 x 7");
}

#[test]
fn what_is_cut_off_says_what_is_missing() {
    let png = encoded(ImageFormat::Png);
    let message = refusal(import("a", &png[..png.len() - 1]));
    assert_eq!(
        message,
        format!(
            "the PNG is cut off: it ends at byte {}, 1 byte short of the end of the checksum of \
         its chunk `IEND`",
            png.len() - 1
        )
    );
    let jpeg = sample("baseline.jpg");
    let message = refusal(import("a", &jpeg[..jpeg.len() - 40]));
    assert!(message.contains("without the marker that ends the image"), "{message}");
    let gif = sample("animated.gif");
    assert!(refusal(import("a", &gif[..gif.len() - 1])).contains("there is no trailer"));
    let qoi = encoded(ImageFormat::Qoi);
    assert!(refusal(import("a", &qoi[..qoi.len() - 1])).contains("end marker"));
}

#[test]
fn what_follows_the_end_is_left_alone() {
    for name in ["made.png", "baseline.jpg", "animated.gif", "lossy.webp", "made.bmp", "made.tga"] {
        let bytes = [sample(name), b"left by an exporter".to_vec()].concat();
        assert!(import(name, &bytes).is_ok(), "{name}");
        assert!(import_as(name, &bytes, "rgba8").is_ok(), "{name}");
    }
}

#[test]
fn a_wrong_checksum_of_a_header_is_refused() {
    let mut png = encoded(ImageFormat::Png);
    png[19] ^= 1;
    assert_eq!(refusal(import("a", &png)), "the PNG is damaged: the checksum of its chunk `IHDR` is wrong");
}

#[test]
fn a_png_without_image_data_is_refused() {
    let png = encoded(ImageFormat::Png);
    let bytes = [&png[..33], &png[png.len() - 12..]].concat();
    assert_eq!(refusal(import("a", &bytes)), "the PNG has no image data: there is no chunk `IDAT`");
}

#[test]
fn the_last_rows_padding_of_a_bmp_may_be_left_out() {
    let bmp = sample("bits.bmp");
    assert!(import("a", &bmp[..bmp.len() - 1]).is_ok());
    assert!(refusal(import("a", &bmp[..bmp.len() - 2])).contains("the end of its pixels"));
}

#[test]
fn a_run_length_bmp_needs_the_packet_that_ends_it() {
    let mut bmp = sample("palette.bmp")[..54].to_vec();
    bmp[10..14].copy_from_slice(&62_u32.to_le_bytes());
    bmp[30..34].copy_from_slice(&1_u32.to_le_bytes());
    bmp[46..50].copy_from_slice(&2_u32.to_le_bytes());
    bmp.extend([0, 0, 0, 0, 255, 255, 255, 0]);
    bmp.extend([20, 1, 0, 0, 0, 3, 1, 0, 1, 0]);
    assert!(refusal(import("a", &bmp)).contains("run-length packets"));
    bmp.extend([0, 1]);
    let pixels = made_bytes("a", &bmp, "rgba8");
    assert_eq!(pixels[11 * 20 * 4..][..4], [255; 4]);
    assert_eq!(pixels[10 * 20 * 4..][..12], [255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255]);
}

#[test]
fn a_jpeg_damaged_amid_its_image_data_is_refused_when_it_is_made() {
    let mut jpeg = sample("baseline.jpg");
    let middle = jpeg.len() - 30;
    jpeg[middle..middle + 2].copy_from_slice(&[0xff, 0x55]);
    assert!(import("a", &jpeg).is_ok());
    assert!(refusal(import_as("a", &jpeg, "rgba8")).starts_with("the JPEG does not decode: "));
}

#[test]
fn codings_that_do_not_decode_are_refused_by_name() {
    let mut jpeg = sample("baseline.jpg");
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame header");
    jpeg[frame + 1] = 0xc9;
    assert!(refusal(import("a", &jpeg)).contains("arithmetic"));
    jpeg[frame + 1] = 0xc0;
    jpeg[frame + 4] = 12;
    assert_eq!(refusal(import("a", &jpeg)), "the JPEG has 12 bits a sample, and only 8 are supported");
}

#[test]
fn what_has_no_signature_is_no_image() {
    let message = refusal(import_with("image", "a.txt", b"words"));
    assert!(message.starts_with("no image: "), "{message}");
}

#[test]
fn the_same_refusal_comes_in_the_same_words() {
    let bytes = claiming_png(16_384, 8_192);
    let twice = [0, 1].map(|_| refusal(import_as("a", &bytes, "rgba8")));
    assert_eq!(twice[0], twice[1]);
    assert!(matches!(import_as("a", &bytes, "rgba8"), Err(ImportError::Undecodable { place: None, .. })));
}
