//! Looks through an OGG, page by page, and decodes its Vorbis stream.
//!
//! The length is the position that the last page of the stream states. What follows that page is left alone; other
//! streams beside it are passed over; a second stream after it is refused.

use packwright::importer::{ImportError, Source};
use symphonia::core::codecs::audio::well_known::CODEC_ID_VORBIS;
use symphonia::core::formats::{FormatReader, Track};
use symphonia::core::packet::Packet;
use symphonia::core::units::Duration;
use symphonia::default::formats::OggReader;

use super::pcm::{Pcm, refused, stream};
use super::{Header, vorbis};
use crate::scan::Scan;

const KIND: &str = "OGG";
const PAGE_HEADER_BYTES: usize = 27;
const BEGIN: u8 = 2;
const END: u8 = 4;
/// The position of a page on which no packet ends.
const NO_POSITION: i64 = -1;

/// A page's header; its body has been passed over.
struct Page {
    flags: u8,
    position: i64,
    serial: u32,
}

/// Whether the first page of an OGG opens a Vorbis stream.
pub(super) fn begins_with_vorbis(head: &[u8]) -> bool {
    let n_segments = head.get(PAGE_HEADER_BYTES - 1).copied().unwrap_or_default();
    let body = head.get(PAGE_HEADER_BYTES + usize::from(n_segments)..);
    body.is_some_and(|body| body.starts_with(b"\x01vorbis"))
}

pub(super) fn inspect(source: &Source<'_>) -> Result<Header, ImportError> {
    let mut scan = Scan::new(source, KIND);
    let mut header = identification(&mut scan)?;
    scan.go_to(0)?;
    let first = page(&mut scan)?;
    let mut pages_of_stream = 1_u64;
    loop {
        let at = scan.position();
        let page = page(&mut scan)?;
        if page.flags & BEGIN != 0 && pages_of_stream > 1 {
            return Err(second_stream(&scan, at));
        }
        if page.serial != first.serial {
            continue;
        }
        pages_of_stream += 1;
        if page.position != NO_POSITION {
            header.frames = u64::try_from(page.position)
                .map_err(|_| scan.refuse(format_args!("is damaged: the page at byte {at} says a negative position")))?;
        }
        if page.flags & END != 0 {
            return refuse_chain(&mut scan).map(|()| header);
        }
    }
}

/// Refuses a stream that begins where the one before ended: its length would be missing, and its form may differ.
fn refuse_chain(scan: &mut Scan<'_>) -> Result<(), ImportError> {
    let at = scan.position();
    if scan.left() < PAGE_HEADER_BYTES as u64 {
        return Ok(());
    }
    match scan.array("a page's header")? {
        [b'O', b'g', b'g', b'S', 0, flags] if flags & BEGIN != 0 => Err(second_stream(scan, at)),
        _ => Ok(()),
    }
}

fn second_stream(scan: &Scan<'_>, at: u64) -> ImportError {
    scan.refuse(format_args!("has a second stream at byte {at}, and only one is supported"))
}

/// Reads the Vorbis identification on the first page.
fn identification(scan: &mut Scan<'_>) -> Result<Header, ImportError> {
    const WHAT: &str = "its identification header";
    scan.skip(PAGE_HEADER_BYTES as u64 - 1, "its first page")?;
    let n_segments = scan.byte("its first page")?;
    scan.skip(n_segments.into(), "its first page")?;
    scan.skip(7, WHAT)?;
    let version = scan.u32_le(WHAT)?;
    let channels = scan.byte(WHAT)?;
    let rate = scan.u32_le(WHAT)?;
    if version != 0 || channels == 0 || rate == 0 {
        return Err(scan.refuse(format_args!("says Vorbis {version} with {channels} channels at {rate} Hz")));
    }
    Ok(Header { channels: channels.into(), rate, frames: 0 })
}

/// Reads a page's header and goes past its body.
fn page(scan: &mut Scan<'_>) -> Result<Page, ImportError> {
    const WHAT: &str = "its pages: there is no last page";
    let at = scan.position();
    let header: [u8; PAGE_HEADER_BYTES] = scan.array(WHAT)?;
    let [b'O', b'g', b'g', b'S', 0, flags, rest @ ..] = header else {
        return Err(scan.refuse(format_args!("is damaged at byte {at}, where a page should begin")));
    };
    let position = i64::from_le_bytes([rest[0], rest[1], rest[2], rest[3], rest[4], rest[5], rest[6], rest[7]]);
    let serial = u32::from_le_bytes([rest[8], rest[9], rest[10], rest[11]]);
    let n_segments = usize::from(header[PAGE_HEADER_BYTES - 1]);
    let mut segments = [0; 255];
    let segments = &mut segments[..n_segments];
    scan.fill(segments, "a page's header")?;
    let body: u64 = segments.iter().map(|segment| u64::from(*segment)).sum();
    scan.skip(body, &format!("its page at byte {at}"))?;
    Ok(Page { flags, position, serial })
}

pub(super) fn decode(source: &Source<'_>, header: &Header, pcm: &mut Pcm) -> Result<(), ImportError> {
    let refuse = |error| refused(KIND, error);
    let mut reader = OggReader::try_new(stream(source, source.len()), Default::default()).map_err(refuse)?;
    let vorbis_track = |track: &Track| {
        let parameters = track.codec_params.as_ref()?.audio()?;
        (parameters.codec == CODEC_ID_VORBIS).then(|| (track.id, parameters.clone()))
    };
    let (track, parameters) = reader
        .tracks()
        .iter()
        .find_map(vorbis_track)
        .ok_or_else(|| ImportError::undecodable("the OGG does not decode: its Vorbis headers are damaged"))?;
    vorbis::within_budget(parameters.extra_data.as_deref().unwrap_or_default())?;
    let mut decoder =
        symphonia::default::get_codecs().make_audio_decoder(&parameters, &Default::default()).map_err(refuse)?;
    while !pcm.is_full()
        && let Some(mut packet) = reader.next_packet().map_err(refuse)?
    {
        if packet.track_id == track {
            trim(&mut packet, header.frames);
            pcm.push(&decoder.decode(&packet).map_err(refuse)?)?;
        }
    }
    Ok(())
}

/// Trims as the format says: what lies before position 0, and what passes the position of the last page.
///
/// The reader trims at every page whose position falls short, and so would lose samples amid streams whose positions
/// do not add up; players go by the samples there.
fn trim(packet: &mut Packet, end: u64) {
    let before_start = Duration::from(packet.pts.get().min(0).unsigned_abs());
    packet.trim_start = packet.trim_start.max(before_start.min(packet.block_dur()));
    let until = packet.pts.saturating_add(packet.dur).get();
    if u64::try_from(until).unwrap_or_default() < end {
        packet.trim_end = Duration::ZERO;
    }
}
