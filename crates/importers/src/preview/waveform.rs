//! Draws audio: for each column the range of its samples, and inside it, stronger, their root mean square.
//!
//! All channels are drawn over each other, full scale from edge to edge, time from left to right over the whole length.
//! Where nothing was decoded nothing is drawn; silence is a line. The ground is transparent, and the one colour stands
//! off from a light page as from a dark one.

use crate::audio::Beginning;
use crate::image::Pixels;

const COLOR: [u8; 3] = [0x5f, 0x80, 0xa8];
/// How strong the range is drawn beside the root mean square.
const RANGE_ALPHA: u8 = 150;
const FULL_SCALE: i64 = 32_768;

/// What is drawn of one column.
#[derive(Debug, PartialEq, Eq)]
struct Column {
    min: i64,
    max: i64,
    rms: i64,
}

/// A picture of `width` pixels and half as many in height.
pub(super) fn drawn(sound: &Beginning, width: u32) -> Pixels {
    let height = (width / 2).max(1);
    let mut rgba = vec![0; width as usize * height as usize * 4];
    for x in 0..width {
        let Some(column) = column(sound, x, width) else { break };
        let (top, bottom) = (row(column.max, height), row(column.min, height));
        let (strong_top, strong_bottom) = (row(column.rms, height), row(-column.rms, height));
        for y in top..=bottom {
            let alpha = if (strong_top..=strong_bottom).contains(&y) { u8::MAX } else { RANGE_ALPHA };
            let at = (y as usize * width as usize + x as usize) * 4;
            rgba[at..at + 4].copy_from_slice(&[COLOR[0], COLOR[1], COLOR[2], alpha]);
        }
    }
    Pixels { width, height, rgba }
}

/// The row of a sample: full scale at the top, silence in the middle.
fn row(sample: i64, height: u32) -> u32 {
    let row = (FULL_SCALE - sample) * i64::from(height) / (2 * FULL_SCALE);
    row.clamp(0, i64::from(height) - 1) as u32
}

/// The samples under a column, at least one frame; `None` where none was decoded. Audio without a frame is silent.
fn column(sound: &Beginning, x: u32, width: u32) -> Option<Column> {
    if sound.frames == 0 {
        return Some(Column { min: 0, max: 0, rms: 0 });
    }
    let frame_bytes = sound.channels as usize * 2;
    let frame = |x: u32| (u128::from(sound.frames) * u128::from(x) / u128::from(width)) as usize;
    let first = frame(x);
    let end = frame(x + 1).max(first + 1).min(sound.pcm.len() / frame_bytes);
    let samples = sound.pcm.get(first * frame_bytes..end * frame_bytes).filter(|samples| !samples.is_empty())?;
    let samples = samples.as_chunks().0.iter().map(|pair| i64::from(i16::from_le_bytes(*pair)));
    let (mut min, mut max, mut squares, mut count) = (i64::MAX, i64::MIN, 0, 0);
    for sample in samples {
        (min, max) = (min.min(sample), max.max(sample));
        squares += sample.unsigned_abs().pow(2);
        count += 1_u64;
    }
    Some(Column { min, max, rms: (squares / count).isqrt().cast_signed() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(samples: &[i16], channels: u32) -> Beginning {
        let pcm = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        Beginning { channels, frames: (samples.len() / channels as usize) as u64, pcm }
    }

    /// The alpha of a column from top to bottom.
    fn alphas(pixels: &Pixels, x: u32) -> Vec<u8> {
        (0..pixels.height).map(|y| pixels.rgba[((y * pixels.width + x) * 4 + 3) as usize]).collect()
    }

    #[test]
    fn a_column_has_the_range_of_all_channels_and_their_root_mean_square() {
        let sound = sound(&[3, -4, 0, 0, 5, 5, 5, 5], 2);
        assert_eq!(column(&sound, 0, 2), Some(Column { min: -4, max: 3, rms: 2 }));
        assert_eq!(column(&sound, 1, 2), Some(Column { min: 5, max: 5, rms: 5 }));
    }

    #[test]
    fn full_scale_goes_from_edge_to_edge_and_silence_is_a_line() {
        let loud = drawn(&sound(&[i16::MIN, i16::MAX, 0, 0], 2), 8);
        assert_eq!((loud.width, loud.height), (8, 4));
        assert_eq!(alphas(&loud, 0), [255; 4]);
        assert_eq!(alphas(&loud, 7), [0, 0, 255, 0]);
    }

    #[test]
    fn the_root_mean_square_is_stronger_than_the_range() {
        let click = drawn(&sound(&[i16::MIN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, i16::MAX], 16), 16);
        let middle: Vec<u8> = alphas(&click, 0);
        assert_eq!((middle[0], middle[4], middle[7]), (RANGE_ALPHA, 255, RANGE_ALPHA));
    }

    #[test]
    fn what_was_not_decoded_is_left_empty() {
        let mut half = sound(&[0; 50], 1);
        half.frames = 100;
        let pixels = drawn(&half, 10);
        let is_drawn = |x: &u32| alphas(&pixels, *x).iter().any(|alpha| *alpha > 0);
        assert_eq!((0..10).filter(is_drawn).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn audio_shorter_than_the_picture_is_stretched_and_empty_audio_is_silent() {
        assert!((0..8).all(|x| alphas(&drawn(&sound(&[0; 3], 1), 8), x) == [0, 0, 255, 0]));
        assert!((0..8).all(|x| alphas(&drawn(&sound(&[], 1), 8), x) == [0, 0, 255, 0]));
        assert_eq!(drawn(&sound(&[1], 1), 1).rgba.len(), 4);
    }

    #[test]
    fn the_colour_stands_off_from_light_and_dark_pages() {
        let luminance = |color: [u8; 3]| {
            let light = |value: u8| (f64::from(value) / 255.0).powf(2.2);
            0.2126 * light(color[0]) + 0.7152 * light(color[1]) + 0.0722 * light(color[2])
        };
        let contrast = |page: [u8; 3]| {
            let (page, ours) = (luminance(page) + 0.05, luminance(COLOR) + 0.05);
            page.max(ours) / page.min(ours)
        };
        // What accessibility guidelines ask of graphics.
        assert!(contrast([255; 3]) >= 3.0 && contrast([0x20; 3]) >= 3.0);
    }
}
