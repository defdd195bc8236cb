//! The importer `audio`: WAV, OGG Vorbis, FLAC and MP3.
//!
//! Each format has a file that looks through its container and gives a [`Header`], without decoding, and that feeds
//! the decoder. `pcm` turns what is decoded into samples of 16 bits.

mod flac;
mod mp3;
mod ogg;
mod pcm;
mod tag;
mod vorbis;
mod wav;

use packwright::importer::{Claim, ImportError, Imported, Importer, Metadata, Setting, SettingKind, Settings, Source};

use self::pcm::Pcm;
use crate::budget::{MAX_DECODED_BYTES, MAX_SECONDS, within};

const OUTPUT: &str = "output";
const SETTINGS: &[Setting] = &[Setting {
    name: OUTPUT,
    summary: "What the part holds: the source as it is, or its samples with 16 bits, interleaved, little-endian.",
    kind: SettingKind::Choice(&["source", "pcm_s16"]),
}];

/// Takes audio; keeps it, or makes `pcm_s16` of it.
#[derive(Debug, Clone, Copy)]
pub struct Audio;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Wav,
    Ogg,
    Flac,
    Mp3,
}

/// What a source says of its audio.
struct Header {
    channels: u32,
    rate: u32,
    frames: u64,
}

impl Importer for Audio {
    fn name(&self) -> &'static str {
        "audio"
    }

    fn version(&self) -> u32 {
        1
    }

    fn settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn keeps(&self, settings: &Settings) -> bool {
        settings.word(OUTPUT) == "source"
    }

    fn compressed_formats(&self) -> &'static [&'static str] {
        &["ogg", "flac", "mp3"]
    }

    fn claims(&self, claim: Claim, source: &Source<'_>) -> bool {
        match claim {
            Claim::Signature => by_signature(&source.head()).is_some(),
            Claim::Extension => is_mp3(source),
            Claim::Content | Claim::Anything => false,
        }
    }

    fn import(&self, source: &Source<'_>, settings: &Settings) -> Result<Imported, ImportError> {
        let format = format_of(source)?;
        let header = inspect(format, source)?;
        within_budget(&header)?;
        if settings.word(OUTPUT) == "pcm_s16" {
            let pcm = decode(format, &header, source, Pcm::new(header.channels))?;
            let header = Header { frames: pcm.frames(), ..header };
            return Ok(Imported::made("pcm_s16", metadata(&header)?, pcm.into_bytes()));
        }
        Ok(Imported::kept(name_of(format), metadata(&header)?))
    }

    fn examine(&self, source: &Source<'_>, _: &Settings) -> Result<(), ImportError> {
        let format = format_of(source)?;
        let header = inspect(format, source)?;
        within_budget(&header)?;
        decode(format, &header, source, Pcm::new(header.channels)).map(drop)
    }
}

fn format_of(source: &Source<'_>) -> Result<Format, ImportError> {
    let by_extension = || is_mp3(source).then_some(Format::Mp3);
    by_signature(&source.head()).or_else(by_extension).ok_or_else(|| {
        ImportError::undecodable(
            "no audio: the first bytes are no signature of WAV, OGG Vorbis or FLAC, and the name does not end in .mp3",
        )
    })
}

fn by_signature(head: &[u8]) -> Option<Format> {
    match head {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(Format::Wav),
        [b'f', b'L', b'a', b'C', ..] => Some(Format::Flac),
        [b'O', b'g', b'g', b'S', ..] if ogg::begins_with_vorbis(head) => Some(Format::Ogg),
        _ => None,
    }
}

/// MP3 has no signature that a text or a picture could not have, so its name has to tell.
fn is_mp3(source: &Source<'_>) -> bool {
    source.extension().is_some_and(|extension| extension == "mp3")
}

fn name_of(format: Format) -> &'static str {
    match format {
        Format::Wav => "wav",
        Format::Ogg => "ogg",
        Format::Flac => "flac",
        Format::Mp3 => "mp3",
    }
}

fn inspect(format: Format, source: &Source<'_>) -> Result<Header, ImportError> {
    match format {
        Format::Wav => wav::inspect(source),
        Format::Ogg => ogg::inspect(source),
        Format::Flac => flac::inspect(source),
        Format::Mp3 => mp3::inspect(source),
    }
}

fn decode(format: Format, header: &Header, source: &Source<'_>, mut pcm: Pcm) -> Result<Pcm, ImportError> {
    match format {
        Format::Wav => wav::decode(source, &mut pcm),
        Format::Ogg => ogg::decode(source, header, &mut pcm),
        Format::Flac => flac::decode(source, &mut pcm),
        Format::Mp3 => mp3::decode(source, &mut pcm),
    }?;
    Ok(pcm)
}

/// How a source sounds at its beginning.
#[cfg(feature = "image")]
pub(crate) struct Beginning {
    pub(crate) channels: u32,
    /// Frames of the whole source.
    pub(crate) frames: u64,
    /// The samples of the first frames, as `pcm_s16` has them.
    pub(crate) pcm: Vec<u8>,
}

/// Decodes at most the first `seconds`, and about `max_bytes` of samples.
#[cfg(feature = "image")]
pub(crate) fn beginning(source: &Source<'_>, seconds: u64, max_bytes: u64) -> Result<Beginning, ImportError> {
    let format = format_of(source)?;
    let header = inspect(format, source)?;
    within_budget(&header)?;
    let frames = (max_bytes / (u64::from(header.channels) * 2)).min(seconds * u64::from(header.rate)).max(1);
    let mut pcm = decode(format, &header, source, Pcm::of_first(frames, header.channels))?;
    pcm.keep(0, frames);
    Ok(Beginning { channels: header.channels, frames: header.frames.max(pcm.frames()), pcm: pcm.into_bytes() })
}

fn within_budget(header: &Header) -> Result<(), ImportError> {
    if header.channels == 0 || header.rate == 0 {
        let message = format!("the audio says {} channels at {} Hz", header.channels, header.rate);
        return Err(ImportError::undecodable(message));
    }
    within("length in seconds", header.frames.div_ceil(header.rate.into()), MAX_SECONDS)?;
    let decoded = header.frames.saturating_mul(u64::from(header.channels) * 2);
    within("decoded size in bytes", decoded, MAX_DECODED_BYTES)
}

fn metadata(header: &Header) -> Result<Metadata, ImportError> {
    let frames =
        i64::try_from(header.frames).map_err(|_| ImportError::undecodable("the audio says too many frames"))?;
    Ok(Metadata::new().with("channels", header.channels).with("rate", header.rate).with("frames", frames))
}
