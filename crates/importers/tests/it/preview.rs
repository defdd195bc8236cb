//! Previews: their sizes and pixels, what has none, and that nothing hurts them.

use ::image::{ImageFormat, Rgba, RgbaImage};
use packwright_importers::preview::{MAX_SIDE, of_pcm_s16, of_rgba8};
use packwright_importers::{MAX_SECONDS, preview};
use proptest::prelude::*;

use crate::samples::{all, encoded, made_bytes, picture, sample, wav};

fn decoded(png: &[u8]) -> RgbaImage {
    ::image::load_from_memory_with_format(png, ImageFormat::Png).expect("a preview is a PNG").into_rgba8()
}

fn seen(name: &str, bytes: &[u8], max_side: u32) -> RgbaImage {
    decoded(&preview(bytes, name, max_side).unwrap_or_else(|| panic!("{name} has no preview")))
}

/// The columns in which anything is drawn.
fn drawn_columns(picture: &RgbaImage) -> Vec<u32> {
    let is_drawn = |x: &u32| (0..picture.height()).any(|y| picture.get_pixel(*x, y)[3] > 0);
    (0..picture.width()).filter(is_drawn).collect()
}

#[test]
fn every_image_and_every_sound_has_a_preview() {
    for (name, bytes) in all() {
        let picture = seen(name, &bytes, 4);
        assert!(picture.width() == 4 && (2..=3).contains(&picture.height()), "{name}: {:?}", picture.dimensions());
        assert!(picture.pixels().any(|pixel| pixel[3] > 0), "{name} is empty");
    }
}

#[test]
fn an_image_that_fits_keeps_its_very_pixels() {
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Tga, ImageFormat::Qoi, ImageFormat::WebP] {
        assert_eq!(seen("x.tga", &encoded(format), 4), picture(), "{format:?}");
        assert_eq!(seen("x.tga", &encoded(format), 512), picture(), "{format:?}");
    }
}

#[test]
fn a_larger_image_is_made_to_fit_in_its_own_shape() {
    let (wide, tall) = (sample("interlaced.png"), encoded(ImageFormat::Png));
    assert_eq!(seen("a", &wide, 10).dimensions(), (10, 6));
    assert_eq!(seen("a", &wide, 1).dimensions(), (1, 1));
    assert_eq!(seen("a", &tall, 2).dimensions(), (2, 2));
}

#[test]
fn a_smaller_image_is_the_mean_of_what_is_seen() {
    let halves = RgbaImage::from_fn(8, 4, |x, _| if x < 4 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 255, 0, 0]) });
    let mut png = std::io::Cursor::new(Vec::new());
    halves.write_to(&mut png, ImageFormat::Png).expect("a picture in memory");
    let png = png.into_inner();
    assert_eq!(seen("a", &png, 2).into_raw(), [255, 0, 0, 255, 0, 0, 0, 0]);
    assert_eq!(seen("a", &png, 1).into_raw(), [255, 0, 0, 128]);
}

#[test]
fn no_side_is_longer_than_the_longest_that_previews_have() {
    let wide = vec![200; 4 * 4096];
    let png = of_rgba8(&wide, 4096, 1, u32::MAX).expect("a good part");
    assert_eq!(decoded(&png).dimensions(), (MAX_SIDE, 1));
    assert_eq!(seen("a", &wav(1, 16, 8000, 10), u32::MAX).dimensions(), (MAX_SIDE, MAX_SIDE / 2));
    assert_eq!(seen("a", &wav(1, 16, 8000, 10), 0).dimensions(), (1, 1));
}

#[test]
fn a_sound_is_a_waveform_twice_as_wide_as_high() {
    let ramp = seen("a", &wav(1, 16, 8000, 8000), 16);
    assert_eq!(ramp.dimensions(), (16, 8));
    assert_eq!(drawn_columns(&ramp), (0..16).collect::<Vec<_>>());
    // It climbs from the lowest sample, at the bottom, to the highest, at the top.
    let drawn = |x, y| ramp.get_pixel(x, y)[3] > 0;
    assert!(drawn(0, 7) && !drawn(0, 0) && drawn(15, 0) && !drawn(15, 7));
}

#[test]
fn of_a_long_sound_the_beginning_is_drawn_over_the_whole_length() {
    let half_an_hour = u32::try_from(MAX_SECONDS).expect("a small number");
    let picture = seen("a", &wav(1, 16, 10, 10 * half_an_hour), 60);
    assert_eq!(drawn_columns(&picture), (0..10).collect::<Vec<_>>());
}

#[test]
fn a_part_of_pixels_or_samples_shows_what_its_source_shows() {
    for name in ["interlaced.png", "cmyk.jpg", "lossy_alpha.webp", "animated.gif"] {
        let pixels = made_bytes(name, &sample(name), "rgba8");
        assert_eq!(of_rgba8(&pixels, 20, 12, 7), preview(&sample(name), name, 7), "{name}");
    }
    for (name, channels) in [("stereo.ogg", 2), ("tone24.flac", 1), ("stereo.mp3", 2), ("alaw.wav", 1)] {
        let samples = made_bytes(name, &sample(name), "pcm_s16");
        assert_eq!(of_pcm_s16(&samples, channels, 64), preview(&sample(name), name, 64), "{name}");
    }
}

#[test]
fn a_part_that_is_not_of_the_size_it_tells_has_no_preview() {
    assert_eq!(of_rgba8(&[0; 15], 2, 2, 8), None);
    assert_eq!(of_rgba8(&[], 0, 0, 8), None);
    assert_eq!(of_rgba8(&[], u32::MAX, u32::MAX, 8), None);
    assert_eq!(of_pcm_s16(&[0; 8], 0, 8), None);
    assert!(of_pcm_s16(&[0; 7], 2, 8).is_some() && of_pcm_s16(&[], 2, 8).is_some());
}

#[test]
fn neither_image_nor_sound_has_no_preview() {
    for (name, bytes) in [("a.txt", "words"), ("a.json", "{}"), ("a.toml", "a = 1"), ("a.bin", "\0"), ("a.png", "")] {
        assert_eq!(preview(bytes.as_bytes(), name, 64), None, "{name}");
    }
}

#[test]
fn what_is_broken_or_past_the_limits_has_no_preview() {
    for (name, bytes) in all().into_iter().filter(|(name, _)| *name != "bits.bmp" && !name.ends_with(".mp3")) {
        assert_eq!(preview(&bytes[..bytes.len() - 1], name, 64), None, "{name}");
    }
    let tga = |width: u16, height: u16| {
        let size = [width.to_le_bytes(), height.to_le_bytes()].concat();
        [&[0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0], size.as_slice(), &[32, 8, 0]].concat()
    };
    assert_eq!(preview(&tga(u16::MAX, 1), "a.tga", 64), None);
    let past_half_an_hour = u32::try_from(MAX_SECONDS).expect("a small number") + 1;
    assert_eq!(preview(&wav(1, 16, 10, 10 * past_half_an_hour), "a", 64), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_source_never_panics_and_gives_the_same_picture_twice(
        (name, bytes) in prop::sample::select(all()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        max_side in 0..40_u32,
    ) {
        let mut bytes = bytes;
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let first = preview(&bytes, name, max_side);
        prop_assert_eq!(&first, &preview(&bytes, name, max_side));
        if let Some(png) = first {
            let (width, height) = decoded(&png).dimensions();
            prop_assert!(width.max(height) <= max_side.max(1));
        }
    }
}
