//! Looks through a WAV and decodes its data: PCM, floats, A-law, mu-law and ADPCM (Microsoft, IMA).
//!
//! The RIFF length is passed over, since many writers get it wrong; what follows the data is left alone. Writers that
//! stream leave the data's length open, and then it goes to the end of the file.

use packwright::importer::{ImportError, Source};
use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_ADPCM_IMA_WAV, CODEC_ID_ADPCM_MS, CODEC_ID_PCM_ALAW, CODEC_ID_PCM_F32LE, CODEC_ID_PCM_F64LE,
    CODEC_ID_PCM_MULAW, CODEC_ID_PCM_S16LE, CODEC_ID_PCM_S24LE, CODEC_ID_PCM_S32LE, CODEC_ID_PCM_U8,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters};
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use super::Header;
use super::pcm::{Pcm, refused};
use crate::scan::Scan;

const KIND: &str = "WAV";
const OPEN_LENGTH: u32 = u32::MAX;
const EXTENSIBLE: u16 = 0xfffe;
/// About how much is decoded at once.
const PACKET_BYTES: u64 = 64 << 10;

/// The chunk `fmt `.
struct Sound {
    codec: AudioCodecId,
    channels: u16,
    rate: u32,
    block_bytes: u64,
    block_frames: u64,
}

/// Where the audio lies.
struct Wave {
    sound: Sound,
    data: u64,
    blocks: u64,
    frames: u64,
}

pub(super) fn inspect(source: &Source<'_>) -> Result<Header, ImportError> {
    let wave = read(&mut Scan::new(source, KIND))?;
    Ok(Header { channels: wave.sound.channels.into(), rate: wave.sound.rate, frames: wave.frames })
}

pub(super) fn decode(source: &Source<'_>, pcm: &mut Pcm) -> Result<(), ImportError> {
    let mut scan = Scan::new(source, KIND);
    let wave = read(&mut scan)?;
    scan.go_to(wave.data)?;
    let sound = &wave.sound;
    let blocks_at_once = (PACKET_BYTES / sound.block_bytes).max(1);
    let mut parameters = AudioCodecParameters::new();
    parameters
        .for_codec(sound.codec)
        .with_sample_rate(sound.rate)
        .with_channels(Channels::Discrete(sound.channels))
        .with_max_frames_per_packet(blocks_at_once * sound.block_frames)
        .with_frames_per_block(sound.block_frames);
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(&parameters, &Default::default())
        .map_err(|error| refused(KIND, error))?;
    let mut left = wave.blocks;
    while left > 0 && !pcm.is_full() {
        let blocks = left.min(blocks_at_once);
        let mut bytes = vec![0; (blocks * sound.block_bytes) as usize];
        scan.fill(&mut bytes, "its data")?;
        let packet = Packet::new(0, Timestamp::ZERO, Duration::from(blocks * sound.block_frames), bytes);
        pcm.push(&decoder.decode(&packet).map_err(|error| refused(KIND, error))?)?;
        left -= blocks;
    }
    pcm.keep(0, wave.frames);
    Ok(())
}

/// Reads chunks up to the data.
fn read(scan: &mut Scan<'_>) -> Result<Wave, ImportError> {
    scan.skip(4, "its signature")?;
    let riff_length = scan.u32_le("its length")?;
    scan.skip(4, "its signature")?;
    let (mut sound, mut stated_frames) = (None, None);
    loop {
        let kind: [u8; 4] = scan.array("its chunks: there is no chunk `data`")?;
        let length = scan.u32_le("a chunk's length")?;
        let body = scan.position();
        if &kind == b"data" {
            let sound = sound.ok_or_else(|| scan.refuse("has no chunk `fmt ` before its data"))?;
            let open = length == OPEN_LENGTH || length == 0 && matches!(riff_length, 0 | OPEN_LENGTH);
            let bytes = if open { scan.left() } else { length.into() };
            scan.need(bytes, "its data")?;
            return Ok(wave(sound, body, bytes, stated_frames));
        }
        let name = format!("its chunk `{}`", kind.escape_ascii());
        scan.need(length.into(), &name)?;
        match &kind {
            b"fmt " => sound = Some(read_sound(scan, length)?),
            b"fact" if length >= 4 => stated_frames = Some(u64::from(scan.u32_le(&name)?)),
            _ => {}
        }
        scan.go_to(body + u64::from(length).next_multiple_of(2))?;
    }
}

/// Counts the frames; of those in whole ADPCM blocks, the last may be filling, which the chunk `fact` tells.
fn wave(sound: Sound, data: u64, bytes: u64, stated_frames: Option<u64>) -> Wave {
    let blocks = bytes / sound.block_bytes;
    let held = blocks.saturating_mul(sound.block_frames);
    let is_filled = |stated: &u64| sound.block_frames > 1 && *stated > 0 && *stated < held;
    let frames = stated_frames.filter(is_filled).unwrap_or(held);
    Wave { sound, data, blocks, frames }
}

fn read_sound(scan: &mut Scan<'_>, length: u32) -> Result<Sound, ImportError> {
    const WHAT: &str = "its chunk `fmt `";
    if length < 16 {
        return Err(scan.refuse(format_args!("has a chunk `fmt ` of {length} bytes, which is too short")));
    }
    let mut coding = scan.u16_le(WHAT)?;
    let channels = scan.u16_le(WHAT)?;
    let rate = scan.u32_le(WHAT)?;
    scan.skip(4, WHAT)?;
    let block_align = scan.u16_le(WHAT)?;
    let bits = scan.u16_le(WHAT)?;
    if coding == EXTENSIBLE && length >= 26 {
        scan.skip(8, WHAT)?;
        coding = scan.u16_le(WHAT)?;
    }
    let codec = codec_of(coding, bits).ok_or_else(|| {
        scan.refuse(format_args!("has coding 0x{coding:04x} with {bits} bits a sample, which is not supported"))
    })?;
    let adpcm = match coding {
        2 => Some(adpcm_block(block_align, channels, 7, 2)),
        0x11 => Some(adpcm_block(block_align, channels, 4, 1)),
        _ => None,
    };
    let (block_bytes, block_frames) = match adpcm {
        Some(block) => block.ok_or_else(|| {
            scan.refuse(format_args!("has ADPCM of {channels} channels in blocks of {block_align} bytes"))
        })?,
        None => (u64::from(channels) * u64::from(bits / 8), 1),
    };
    if channels == 0 || rate == 0 {
        return Err(scan.refuse(format_args!("says {channels} channels at {rate} Hz")));
    }
    Ok(Sound { codec, channels, rate, block_bytes, block_frames })
}

fn codec_of(coding: u16, bits: u16) -> Option<AudioCodecId> {
    Some(match (coding, bits) {
        (1, 8) => CODEC_ID_PCM_U8,
        (1, 16) => CODEC_ID_PCM_S16LE,
        (1, 24) => CODEC_ID_PCM_S24LE,
        (1, 32) => CODEC_ID_PCM_S32LE,
        (3, 32) => CODEC_ID_PCM_F32LE,
        (3, 64) => CODEC_ID_PCM_F64LE,
        (6, 8) => CODEC_ID_PCM_ALAW,
        (7, 8) => CODEC_ID_PCM_MULAW,
        (2, 4) => CODEC_ID_ADPCM_MS,
        (0x11, 4) => CODEC_ID_ADPCM_IMA_WAV,
        _ => return None,
    })
}

/// Bytes and frames of an ADPCM block, which opens with some frames in plain: `opening` bytes a channel.
fn adpcm_block(block_align: u16, channels: u16, opening: u16, opening_frames: u64) -> Option<(u64, u64)> {
    if !matches!(channels, 1 | 2) {
        return None;
    }
    let coded = block_align.checked_sub(opening * channels)?;
    Some((block_align.into(), opening_frames + u64::from(coded) * 2 / u64::from(channels)))
}
