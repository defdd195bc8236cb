//! Looks through an MP3, frame by frame, and decodes it.
//!
//! Tags before, after and between the frames are passed over, and so is up to 64 KiB of other bytes at a time; the last
//! frame has to be whole. The frame that only informs the player is no audio; where it tells the encoder's delay and
//! filling, those are cut away, so `frames` is what went into the encoder.

use packwright::importer::{ImportError, Source};
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_MP3;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use super::Header;
use super::pcm::{Pcm, refused};
use super::tag::end_before_tag;
use crate::scan::Scan;

const KIND: &str = "MP3";
/// How far the next frame is looked for.
const SEARCH_BYTES: u64 = 64 << 10;
/// What the decoder itself delays.
const DECODER_DELAY: u64 = 529;
const BIT_RATES_1: [u32; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BIT_RATES_2: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/// A frame's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Frame {
    at: u64,
    bytes: u64,
    samples: u64,
    rate: u32,
    channels: u32,
}

/// Goes from frame to frame.
struct Frames<'a> {
    scan: Scan<'a>,
    at: u64,
    /// Where the audio ends: before the tag that closes the file, if there is one.
    end: u64,
    first: Option<Frame>,
}

/// What the first frame tells the player, where it is no audio.
#[derive(Default)]
struct Gaps {
    delay: u64,
    filling: u64,
}

pub(super) fn inspect(source: &Source<'_>) -> Result<Header, ImportError> {
    let (mut frames, gaps) = open(source)?;
    let mut samples = 0_u64;
    while let Some(frame) = frames.next()? {
        samples += frame.samples;
    }
    let first = frames.first.filter(|_| samples > 0).ok_or_else(|| frames.scan.refuse("has no frame of audio"))?;
    let count = samples.saturating_sub(gaps.delay + gaps.filling);
    Ok(Header { channels: first.channels, rate: first.rate, frames: count })
}

pub(super) fn decode(source: &Source<'_>, pcm: &mut Pcm) -> Result<(), ImportError> {
    let mut parameters = AudioCodecParameters::new();
    parameters.for_codec(CODEC_ID_MP3);
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(&parameters, &Default::default())
        .map_err(|error| refused(KIND, error))?;
    let (mut frames, gaps) = open(source)?;
    while !pcm.is_full()
        && let Some(frame) = frames.next()?
    {
        let bytes = frames.body(frame)?;
        let packet = Packet::new(0, Timestamp::ZERO, Duration::from(frame.samples), bytes);
        pcm.push(&decoder.decode(&packet).map_err(|error| refused(KIND, error))?)?;
    }
    let filling = if pcm.is_full() { 0 } else { gaps.filling };
    let count = pcm.frames().saturating_sub(gaps.delay + filling);
    pcm.keep(gaps.delay, count);
    Ok(())
}

/// Finds the first frame of audio.
fn open<'a>(source: &Source<'a>) -> Result<(Frames<'a>, Gaps), ImportError> {
    let mut frames = Frames::new(source)?;
    let Some(first) = frames.next()? else {
        return Err(frames.scan.refuse("has no whole frame of MPEG layer III where its audio should begin"));
    };
    let bytes = frames.body(first)?;
    let gaps = gaps_told(first, &bytes);
    if gaps.is_none() {
        frames.at = first.at;
    }
    Ok((frames, gaps.unwrap_or_default()))
}

impl<'a> Frames<'a> {
    /// Stands behind the tags that open the file.
    fn new(source: &Source<'a>) -> Result<Self, ImportError> {
        let mut scan = Scan::new(source, KIND);
        while scan.left() >= 10 {
            let at = scan.position();
            let [b'I', b'D', b'3', _, _, flags, s3, s2, s1, s0] = scan.array("its tag")? else {
                scan.go_to(at)?;
                break;
            };
            let length = [s3, s2, s1, s0].iter().fold(0, |length, byte| length << 7 | u64::from(byte & 0x7f));
            let footer = if flags & 0x10 == 0 { 0 } else { 10 };
            scan.skip(length + footer, "its ID3 tag")?;
        }
        let (at, end) = (scan.position(), end_before_tag(&mut scan)?);
        Ok(Self { scan, at, end, first: None })
    }

    /// The next frame, which is whole; `None` at the end.
    fn next(&mut self) -> Result<Option<Frame>, ImportError> {
        let Some(frame) = self.find()? else { return Ok(None) };
        if frame.at + frame.bytes > self.end {
            let (at, end) = (frame.at, self.end);
            return Err(self
                .scan
                .refuse(format_args!("is cut off: it ends at byte {end}, inside its frame at byte {at}")));
        }
        self.first.get_or_insert(frame);
        self.at = frame.at + frame.bytes;
        Ok(Some(frame))
    }

    /// The frame at hand, or the next behind other bytes.
    fn find(&mut self) -> Result<Option<Frame>, ImportError> {
        if let (Some(first), Some(word)) = (self.first, self.word()?) {
            if let Some(frame) = Frame::read(word, self.at).filter(|frame| frame.is_like(&first)) {
                return Ok(Some(frame));
            }
            if matches!(&word, b"APET" | b"LYRI") {
                return Ok(None);
            }
        }
        self.search()
    }

    /// The first frame among the next bytes that another one, a tag or the end follows.
    fn search(&mut self) -> Result<Option<Frame>, ImportError> {
        self.scan.go_to(self.at)?;
        let mut bytes = vec![0; self.end.saturating_sub(self.at).min(SEARCH_BYTES) as usize];
        self.scan.fill(&mut bytes, "its frames")?;
        for (offset, word) in bytes.windows(4).enumerate() {
            let word = [word[0], word[1], word[2], word[3]];
            let Some(frame) = Frame::read(word, self.at + offset as u64) else { continue };
            if self.first.is_none_or(|first| frame.is_like(&first)) && self.is_followed(frame)? {
                return Ok(Some(frame));
            }
        }
        Ok(None)
    }

    fn is_followed(&mut self, frame: Frame) -> Result<bool, ImportError> {
        let here = std::mem::replace(&mut self.at, frame.at + frame.bytes);
        let word = self.word()?;
        let at_end = self.at == self.end;
        self.at = here;
        let goes_on = |word: [u8; 4]| {
            Frame::read(word, 0).is_some_and(|next| next.is_like(&frame)) || matches!(&word, b"APET" | b"LYRI")
        };
        Ok(at_end || word.is_some_and(goes_on))
    }

    /// The next four bytes of audio, if there are as many.
    fn word(&mut self) -> Result<Option<[u8; 4]>, ImportError> {
        if self.end.saturating_sub(self.at) < 4 {
            return Ok(None);
        }
        self.scan.go_to(self.at)?;
        self.scan.array("a frame's header").map(Some)
    }

    fn body(&mut self, frame: Frame) -> Result<Vec<u8>, ImportError> {
        self.scan.go_to(frame.at)?;
        let mut bytes = vec![0; frame.bytes as usize];
        self.scan.fill(&mut bytes, "a frame")?;
        Ok(bytes)
    }
}

impl Frame {
    /// Reads a header of MPEG 1, 2 or 2.5, layer III, with a stated bit rate.
    fn read([sync, b1, b2, b3]: [u8; 4], at: u64) -> Option<Self> {
        if sync != 0xff || b1 & 0xe6 != 0xe2 {
            return None;
        }
        let (is_mpeg_1, slower) = match b1 >> 3 & 3 {
            0 => (false, 4),
            2 => (false, 2),
            3 => (true, 1),
            _ => return None,
        };
        let rate = *[44_100, 48_000, 32_000].get(usize::from(b2 >> 2 & 3))? / slower;
        let bit_rates = if is_mpeg_1 { &BIT_RATES_1 } else { &BIT_RATES_2 };
        let bit_rate = *bit_rates.get(usize::from(b2 >> 4).checked_sub(1)?)?;
        let samples: u32 = if is_mpeg_1 { 1152 } else { 576 };
        let bytes = samples / 8 * bit_rate * 1000 / rate + u32::from(b2 >> 1 & 1);
        let channels = if b3 >> 6 == 3 { 1 } else { 2 };
        Some(Self { at, bytes: bytes.into(), samples: samples.into(), rate, channels })
    }

    fn is_like(&self, other: &Self) -> bool {
        (self.samples, self.rate, self.channels) == (other.samples, other.rate, other.channels)
    }

    /// The bytes of the header and of the side information behind it.
    fn side_end(&self) -> usize {
        let side = match (self.samples, self.channels) {
            (1152, 1) => 17,
            (1152, _) => 32,
            (_, 1) => 9,
            _ => 17,
        };
        4 + side
    }
}

/// What a frame tells the player; `None` where it is audio.
fn gaps_told(frame: Frame, bytes: &[u8]) -> Option<Gaps> {
    if bytes.get(36..40) == Some(b"VBRI") {
        return Some(Gaps::default());
    }
    let info = bytes.get(frame.side_end()..)?;
    if !(info.starts_with(b"Xing") || info.starts_with(b"Info")) {
        return None;
    }
    Some(info.get(7).and_then(|flags| lame_gaps(*flags, &info[8..])).unwrap_or_default())
}

/// The gaps that LAME and its kin write behind the fields that `flags` name.
fn lame_gaps(flags: u8, fields: &[u8]) -> Option<Gaps> {
    let sizes = [(1, 4), (2, 4), (4, 100), (8, 4)];
    let start = sizes.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, size)| size).sum();
    let lame = fields.get(start..)?;
    if !(lame.starts_with(b"LAME") || lame.starts_with(b"Lavf") || lame.starts_with(b"Lavc")) {
        return None;
    }
    let packed = lame.get(21..24)?;
    let delay = u64::from(packed[0]) << 4 | u64::from(packed[1] >> 4);
    let filling = u64::from(packed[1] & 0x0f) << 8 | u64::from(packed[2]);
    Some(Gaps { delay: delay + DECODER_DELAY, filling: filling.saturating_sub(DECODER_DELAY) })
}
