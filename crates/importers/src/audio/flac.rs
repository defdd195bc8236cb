//! Looks through a FLAC and decodes it.
//!
//! Frames do not say how long they are, so the middle is not walked. That the end is there is seen from the last frame:
//! it is found from the back by its two checksums, and has to end on the last sample that the header states.

use packwright::importer::{ImportError, Source};
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::formats::FormatReader;
use symphonia::core::formats::TrackType;
use symphonia::default::formats::FlacReader;

use super::Header;
use super::pcm::{Pcm, refused, stream};
use super::tag::end_before_tag;
use crate::scan::Scan;

const KIND: &str = "FLAC";
const STREAM_INFO_BYTES: u32 = 34;
/// The longest frame: 65,535 frames of 8 channels with 32 bits, stored plainly, and its headers.
const MAX_FRAME_BYTES: u64 = 65_535 * 8 * 4 + 1024;
/// How many places that look like a frame's header are tried. One in eight million bytes looks so by chance.
const MAX_TRIES: usize = 16;

/// The block `STREAMINFO`.
struct StreamInfo {
    block_frames: u16,
    max_frame_bytes: u32,
    rate: u32,
    channels: u8,
    frames: u64,
}

pub(super) fn inspect(source: &Source<'_>) -> Result<Header, ImportError> {
    let mut scan = Scan::new(source, KIND);
    scan.skip(4, "its signature")?;
    let info = read_blocks(&mut scan)?;
    let Some(frames) = end_of_last_frame(&mut scan, &info)? else {
        return Err(scan.refuse("is cut off or damaged: it does not end with a whole frame"));
    };
    if info.frames != 0 && info.frames != frames {
        let stated = info.frames;
        return Err(scan.refuse(format_args!("is cut off or damaged: it ends at frame {frames} of {stated}")));
    }
    Ok(Header { channels: info.channels.into(), rate: info.rate, frames })
}

pub(super) fn decode(source: &Source<'_>, pcm: &mut Pcm) -> Result<(), ImportError> {
    let no_audio = || ImportError::undecodable("the FLAC has no audio");
    let refuse = |error| refused(KIND, error);
    // Bytes behind the last frame would keep the reader from seeing its end.
    let end = end_before_tag(&mut Scan::new(source, KIND))?;
    let mut reader = FlacReader::try_new(stream(source, end), Default::default()).map_err(refuse)?;
    let track = reader.default_track(TrackType::Audio).ok_or_else(no_audio)?;
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio()).ok_or_else(no_audio)?;
    let options = AudioDecoderOptions::default().verify(true);
    let mut decoder = symphonia::default::get_codecs().make_audio_decoder(parameters, &options).map_err(refuse)?;
    while !pcm.is_full()
        && let Some(packet) = reader.next_packet().map_err(refuse)?
    {
        pcm.push(&decoder.decode(&packet).map_err(refuse)?)?;
    }
    if pcm.is_full() {
        return Ok(());
    }
    match decoder.finalize().verify_ok {
        Some(false) => Err(ImportError::undecodable("the FLAC is damaged: its audio is not what its checksum says")),
        Some(true) | None => Ok(()),
    }
}

/// Reads the metadata blocks; leaves `scan` at the first frame.
fn read_blocks(scan: &mut Scan<'_>) -> Result<StreamInfo, ImportError> {
    let mut info = None;
    loop {
        let [kind, l2, l1, l0] = scan.array("a metadata block's header")?;
        let length = u32::from_be_bytes([0, l2, l1, l0]);
        match info {
            None if kind & 0x7f == 0 && length == STREAM_INFO_BYTES => info = Some(stream_info(scan)?),
            None => return Err(scan.refuse("does not begin with a block `STREAMINFO` of 34 bytes")),
            Some(_) => scan.skip(length.into(), "a metadata block")?,
        }
        if kind & 0x80 != 0 {
            break;
        }
    }
    Ok(info.expect("the loop above takes the first block or refuses"))
}

fn stream_info(scan: &mut Scan<'_>) -> Result<StreamInfo, ImportError> {
    let bytes: [u8; STREAM_INFO_BYTES as usize] = scan.array("its block `STREAMINFO`")?;
    let [_, _, b1, b0, _, _, _, f2, f1, f0, packed @ ..] = bytes;
    let packed =
        u64::from_be_bytes([packed[0], packed[1], packed[2], packed[3], packed[4], packed[5], packed[6], packed[7]]);
    Ok(StreamInfo {
        block_frames: u16::from_be_bytes([b1, b0]),
        max_frame_bytes: u32::from_be_bytes([0, f2, f1, f0]),
        rate: (packed >> 44) as u32,
        channels: (packed >> 41 & 7) as u8 + 1,
        frames: packed & ((1 << 36) - 1),
    })
}

/// Where the last frame ends, in frames of audio; `None` where the source does not end with a whole one.
fn end_of_last_frame(scan: &mut Scan<'_>, info: &StreamInfo) -> Result<Option<u64>, ImportError> {
    let (first, end) = (scan.position(), end_before_tag(scan)?);
    let longest = if info.max_frame_bytes == 0 { MAX_FRAME_BYTES } else { info.max_frame_bytes.into() };
    let start = end.saturating_sub(longest.min(MAX_FRAME_BYTES)).max(first);
    scan.go_to(start)?;
    let mut tail = vec![0; end.saturating_sub(start) as usize];
    scan.fill(&mut tail, "its frames")?;
    let headers = (0..tail.len()).rev().filter_map(|at| Some((at, frame_end(&tail[at..], info.block_frames)?)));
    Ok(headers.take(MAX_TRIES).find(|(at, _)| crc16(&tail[*at..]) == 0).map(|(_, end)| end))
}

/// Where a frame with such a header ends, in frames of audio; `None` where the bytes are no header.
fn frame_end(bytes: &[u8], block_frames: u16) -> Option<u64> {
    let [0xff, sync @ (0xf8 | 0xf9), sizes, 0..=0xaf, rest @ ..] = bytes else { return None };
    let (number, number_bytes) = coded_number(rest)?;
    let rest = &rest[number_bytes..];
    let (frames, size_bytes) = match sizes >> 4 {
        1 => (192, 0),
        code @ 2..=5 => (576 << (code - 2), 0),
        6 => (u64::from(*rest.first()?) + 1, 1),
        7 => (u64::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?])) + 1, 2),
        code @ 8..=15 => (256 << (code - 8), 0),
        _ => return None,
    };
    let rate_bytes = match sizes & 0x0f {
        12 => 1,
        13 | 14 => 2,
        15 => return None,
        _ => 0,
    };
    let length = 4 + number_bytes + size_bytes + rate_bytes + 1;
    let variable = *sync == 0xf9;
    let start = if variable { number } else { number * u64::from(block_frames) };
    (crc8(bytes.get(..length)?) == 0).then_some(start + frames)
}

/// A number as UTF-8 codes it, stretched to 36 bits, and its length.
fn coded_number(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = match first.leading_ones() as usize {
        0 => 1,
        ones @ 2..=7 => ones,
        _ => return None,
    };
    let first_bits = u64::from(first) & (0x7f >> (length - usize::from(length == 1)));
    let more = bytes.get(1..length)?;
    let number = more.iter().fold(first_bits, |number, byte| number << 6 | u64::from(byte & 0x3f));
    Some((number, length))
}

fn crc8(bytes: &[u8]) -> u8 {
    bytes
        .iter()
        .fold(0, |crc, byte| (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 == 0 { crc << 1 } else { crc << 1 ^ 0x07 }))
}

fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        let crc = crc ^ u16::from(*byte) << 8;
        (0..8).fold(crc, |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x8005 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_format() {
        assert_eq!(crc8(b"123456789"), 0xf4);
        assert_eq!(crc16(b"123456789"), 0xfee8);
    }

    #[test]
    fn numbers_are_coded_as_in_utf_8() {
        assert_eq!(coded_number(b"\x7f"), Some((0x7f, 1)));
        assert_eq!(coded_number("€".as_bytes()), Some((0x20ac, 3)));
        assert_eq!(coded_number(b"\xfe\xbf\xbf\xbf\xbf\xbf\xbf"), Some(((1 << 36) - 1, 7)));
        assert_eq!(coded_number(b"\x80"), None);
        assert_eq!(coded_number(b"\xe2\x82"), None);
    }
}
