//! Samples of 16 bits, interleaved, little-endian, from whatever a decoder gives.
//!
//! The one rule for all sample formats: the value, with full scale at 32768, rounded to the nearest whole number, halves
//! to the even one, and kept within -32768 and 32767; what is no number is 0. There is no dither. Samples pass through
//! `f64`, which holds every integer and `f32` sample exactly, so the rule gives the same bytes on any machine.

use std::io::{self, Read, Seek, SeekFrom};

use packwright::importer::{ImportError, Source, SourceReader};
use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::errors::Error;
use symphonia::core::io::{MediaSource, MediaSourceStream};

use crate::budget::{MAX_DECODED_BYTES, within};

const FULL_SCALE: f64 = 32768.0;

/// Decoded audio, as it grows.
pub(super) struct Pcm {
    bytes: Vec<u8>,
    channels: u32,
    /// How many bytes are wanted; what is decoded past them is kept, but no more is asked for.
    wanted: u64,
    /// One packet, before it is rounded.
    samples: Vec<f64>,
}

impl Pcm {
    pub(super) fn new(channels: u32) -> Self {
        Self { bytes: Vec::new(), channels, wanted: u64::MAX, samples: Vec::new() }
    }

    /// Audio of which only the first frames are wanted.
    #[cfg(feature = "image")]
    pub(super) fn of_first(frames: u64, channels: u32) -> Self {
        Self { wanted: frames.saturating_mul(u64::from(channels) * 2), ..Self::new(channels) }
    }

    /// Whether all that is wanted is there, so that decoding may stop.
    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() as u64 >= self.wanted
    }

    /// Appends one decoded packet.
    pub(super) fn push(&mut self, packet: &GenericAudioBufferRef<'_>) -> Result<(), ImportError> {
        if packet.num_planes() != self.channels as usize {
            let message = format!("the audio changes from {} to {} channels", self.channels, packet.num_planes());
            return Err(ImportError::undecodable(message));
        }
        let grown = self.bytes.len() as u64 + packet.samples_interleaved() as u64 * 2;
        within("decoded size in bytes", grown, MAX_DECODED_BYTES)?;
        packet.copy_to_vec_interleaved(&mut self.samples);
        self.bytes.extend(self.samples.iter().flat_map(|sample| to_s16(*sample).to_le_bytes()));
        Ok(())
    }

    /// Drops all frames but `count` of those from `first` on.
    pub(super) fn keep(&mut self, first: u64, count: u64) {
        let frame_bytes = u64::from(self.channels) * 2;
        let length = self.bytes.len() as u64;
        let start = first.saturating_mul(frame_bytes).min(length);
        let end = start.saturating_add(count.saturating_mul(frame_bytes)).min(length);
        self.bytes.truncate(end as usize);
        self.bytes.drain(..start as usize);
    }

    pub(super) fn frames(&self) -> u64 {
        self.bytes.len() as u64 / (u64::from(self.channels) * 2)
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

fn to_s16(sample: f64) -> i16 {
    // The cast keeps within bounds, and makes 0 of what is no number.
    (sample * FULL_SCALE).round_ties_even() as i16
}

/// A source as `symphonia` reads it, up to `end`.
pub(super) fn stream<'a>(source: &Source<'a>, end: u64) -> MediaSourceStream<'a> {
    let end = end.min(source.len());
    MediaSourceStream::new(Box::new(Media { reader: source.reader(), end }), Default::default())
}

struct Media<'a> {
    reader: SourceReader<'a>,
    end: u64,
}

impl Read for Media<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_sub(self.reader.stream_position()?);
        let wanted = left.min(buffer.len() as u64) as usize;
        self.reader.read(&mut buffer[..wanted])
    }
}

impl Seek for Media<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let beyond = self.reader.len() - self.end;
        self.reader.seek(match to {
            SeekFrom::End(offset) => SeekFrom::End(offset.saturating_sub_unsigned(beyond)),
            from_elsewhere => from_elsewhere,
        })
    }
}

impl MediaSource for Media<'_> {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.end)
    }
}

/// What `symphonia` says, of a source called `kind`. A failed read is the system's only where the system has a number
/// for it; else the content ended early.
pub(super) fn refused(kind: &str, error: Error) -> ImportError {
    match error {
        Error::IoError(error) if error.raw_os_error().is_some() => error.into(),
        error => ImportError::undecodable(format!("the {kind} does not decode: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::to_s16;

    #[test]
    fn samples_round_to_the_nearest_and_halves_to_even() {
        let scaled = |value: f64| to_s16(value / 32768.0);
        assert_eq!([scaled(0.5), scaled(1.5), scaled(2.5), scaled(-0.5), scaled(-1.5)], [0, 2, 2, 0, -2]);
        assert_eq!([scaled(1.49), scaled(-1.51)], [1, -2]);
    }

    #[test]
    fn samples_stay_within_bounds() {
        assert_eq!([to_s16(1.0), to_s16(-1.0), to_s16(7.0), to_s16(-7.0)], [i16::MAX, i16::MIN, i16::MAX, i16::MIN]);
        assert_eq!([to_s16(f64::NAN), to_s16(f64::INFINITY)], [0, i16::MAX]);
    }
}
