//! Pictures of sources and parts, for a page to show: images scaled down, audio as a waveform, each as a PNG.
//!
//! What may be decoded is what the importers take, chosen as `auto` chooses and under the same limits. A preview shows
//! what an import would give: nothing is rotated by EXIF, and of an animation it is the first frame. The same bytes give
//! the same picture on any machine.
//!
//! Always holds: no bytes make a preview panic, and no side of one is longer than [`MAX_SIDE`].

mod scale;
#[cfg(feature = "audio")]
mod waveform;

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use packwright::importer::Source;

use crate::image::Pixels;

/// The longest side that a preview may have, in pixels, whatever is asked for.
pub const MAX_SIDE: u32 = 2048;
/// How much of audio is looked at: its first five minutes. What follows is left empty in the waveform.
#[cfg(feature = "audio")]
pub const MAX_SECONDS: u64 = 5 * 60;
/// How much of audio is looked at, in bytes of decoded samples.
#[cfg(feature = "audio")]
pub const MAX_PCM_BYTES: u64 = 64 << 20;

/// A PNG of at most `max_side` pixels a side that shows a source or a kept part.
///
/// `name` is the source's path; for a part, anything that ends in a dot and its format (`x.tga`). `None` for what is
/// neither image nor audio, what is broken, and what is past the limits of an import. Takes the memory of decoding,
/// which those limits bound: let few run at once.
#[must_use]
pub fn preview(bytes: &[u8], name: &str, max_side: u32) -> Option<Vec<u8>> {
    let source = Source::in_memory(name, bytes);
    let importers = crate::standard();
    let importer = importers.choose(&source)?.name();
    caught(|| match importer {
        "image" => crate::image::pixels(&source).ok().and_then(|pixels| shown(pixels, max_side)),
        #[cfg(feature = "audio")]
        "audio" => crate::audio::beginning(&source, MAX_SECONDS, MAX_PCM_BYTES)
            .ok()
            .and_then(|sound| png(&waveform::drawn(&sound, side(max_side)))),
        _ => None,
    })
}

/// The same for a part of the format `rgba8`, whose metadata tell its size.
#[must_use]
pub fn of_rgba8(bytes: &[u8], width: u32, height: u32, max_side: u32) -> Option<Vec<u8>> {
    let is_whole = bytes.len() as u64 == (u64::from(width) * u64::from(height)).checked_mul(4)?;
    let is_within = (1..=crate::MAX_SIDE).contains(&width) && (1..=crate::MAX_SIDE).contains(&height);
    let pixels = (is_whole && is_within).then(|| Pixels { width, height, rgba: bytes.to_vec() })?;
    caught(|| shown(pixels, max_side))
}

/// The same for a part of the format `pcm_s16`, whose metadata tell its channels.
#[cfg(feature = "audio")]
#[must_use]
pub fn of_pcm_s16(bytes: &[u8], channels: u32, max_side: u32) -> Option<Vec<u8>> {
    let frame_bytes = u64::from(channels) * 2;
    let frames = (bytes.len() as u64).checked_div(frame_bytes)?;
    let looked_at = frames.min(MAX_PCM_BYTES / frame_bytes) * frame_bytes;
    let pcm = bytes.get(..usize::try_from(looked_at).ok()?)?.to_vec();
    let sound = crate::audio::Beginning { channels, frames, pcm };
    caught(|| png(&waveform::drawn(&sound, side(max_side))))
}

/// Decoders are functions of their input: a panic leaves nothing behind that another call could see.
fn caught(make: impl FnOnce() -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    catch_unwind(AssertUnwindSafe(make)).ok().flatten()
}

fn side(asked: u32) -> u32 {
    asked.clamp(1, MAX_SIDE)
}

fn shown(pixels: Pixels, max_side: u32) -> Option<Vec<u8>> {
    let (width, height) = scale::fitted(pixels.width, pixels.height, side(max_side));
    if (width, height) == (pixels.width, pixels.height) {
        return png(&pixels);
    }
    let small = scale::shrunk(&pixels, width, height);
    drop(pixels);
    png(&small)
}

fn png(pixels: &Pixels) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(&pixels.rgba, pixels.width, pixels.height, ExtendedColorType::Rgba8).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_panics_in_a_decoder_has_no_preview() {
        assert_eq!(caught(|| panic!("a decoder of another library overflows")), None);
    }
}
