//! Whether the pack in a file is the one that was made, read from its first byte to its last.
//!
//! A build does without: what it writes it has hashed, and what it takes over stands under a stamp. This is for whoever
//! asks for proof.

use std::io;

use packwright_format::{Frame, HEADER_LENGTH, MAGIC, PAYLOAD_ALIGNMENT, TRAILER_LENGTH, frame_extent};
use rayon::prelude::*;

use super::cache::StoredPart;
use super::resolve::{Outcome, ReadyPart, Resolved};
use crate::fs::ReadFile;
use crate::value::{Cancel, ContentHash};

const CHUNK_BYTES: usize = 1 << 20;

/// A part of the pack, and its place.
pub(super) struct Payload<'a> {
    /// The unit that it came from, by its place in the build.
    pub(super) unit: usize,
    /// The part.
    pub(super) part: &'a ReadyPart,
    offset: u64,
}

/// All parts of a pack whose units came out so and lie at these offsets.
pub(super) fn payloads<'a>(outcomes: &'a [Outcome], offsets: &'a [Vec<u64>]) -> Vec<Payload<'a>> {
    let of = |(unit, (outcome, offsets)): (usize, (&'a Outcome, &'a Vec<u64>))| {
        let parts = match &outcome.resolved {
            Resolved::Ready(import) => import.parts.as_slice(),
            _ => &[],
        };
        parts.iter().zip(offsets).map(move |(part, offset)| Payload { unit, part, offset: *offset })
    };
    outcomes.iter().zip(offsets).enumerate().flat_map(of).collect()
}

/// The payloads whose bytes, or the zeros behind them, are not in the file as they should be; none of those left out
/// where it is cancelled.
///
/// # Errors
/// What the system says.
pub(super) fn damaged<'p, 'a>(
    file: &dyn ReadFile,
    payloads: &'p [Payload<'a>],
    cancel: &Cancel,
) -> io::Result<Vec<&'p Payload<'a>>> {
    let look = |payload: &'p Payload<'a>| match is_whole(file, payload.offset, &payload.part.stored) {
        _ if cancel.is_cancelled() => None,
        Ok(true) => None,
        Ok(false) => Some(Ok(payload)),
        Err(error) => Some(Err(error)),
    };
    payloads.par_iter().filter_map(look).collect()
}

/// Whether a part's stored bytes, and the zeros behind them, are in the file at `offset`.
///
/// # Errors
/// What the system says.
pub(super) fn is_whole(file: &dyn ReadFile, offset: u64, stored: &StoredPart) -> io::Result<bool> {
    let end = offset + stored.stored_length;
    let mut hasher = blake3::Hasher::new();
    let there = each_chunk(file, offset, end, |chunk| {
        hasher.update(chunk);
        true
    })?;
    let is_zero = |chunk: &[u8]| chunk.iter().all(|byte| *byte == 0);
    let padded = each_chunk(file, end, end.next_multiple_of(PAYLOAD_ALIGNMENT), is_zero)?;
    Ok(there && padded && ContentHash::from(hasher.finalize()) == stored.blob.unwrap_or(stored.hash))
}

/// Whether header, index, strings and trailer are in the file as they should be, and nothing is behind them.
///
/// # Errors
/// What the system says.
pub(super) fn holds_frame(file: &dyn ReadFile, frame: &Frame) -> io::Result<bool> {
    if file.stat()?.size != frame.pack_length() {
        return Ok(false);
    }
    for (offset, bytes) in frame.sections() {
        let mut rest = bytes;
        let same = each_chunk(file, offset, offset + bytes.len() as u64, |chunk| {
            let (expected, behind) = rest.split_at(chunk.len());
            rest = behind;
            chunk == expected
        })?;
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether header, index, strings and trailer are those of the pack with this hash and length, going by what the file
/// itself says of where they are.
///
/// # Errors
/// What the system says.
pub(super) fn is_framed(file: &dyn ReadFile, pack_hash: &ContentHash, length: u64) -> io::Result<bool> {
    if file.stat()?.size != length || length < HEADER_LENGTH + TRAILER_LENGTH {
        return Ok(false);
    }
    let mut header = Vec::new();
    let mut hasher = blake3::Hasher::new();
    let mut take = |chunk: &[u8]| {
        hasher.update(chunk);
        true
    };
    let mut there = each_chunk(file, 0, HEADER_LENGTH, |chunk| {
        header.extend_from_slice(chunk);
        take(chunk)
    })?;
    let trailer_at = length - TRAILER_LENGTH;
    let Some(frame) = frame_extent(&header).filter(|frame| frame.start <= frame.end && frame.end <= trailer_at) else {
        return Ok(false);
    };
    there &= each_chunk(file, frame.start, frame.end, take)?;
    there &= each_chunk(file, frame.end, trailer_at, |chunk| chunk.iter().all(|byte| *byte == 0))?;
    let mut trailer = Vec::new();
    there &= each_chunk(file, trailer_at, length, |chunk| {
        trailer.extend_from_slice(chunk);
        true
    })?;
    let expected = [pack_hash.as_bytes().as_slice(), &length.to_le_bytes(), &MAGIC].concat();
    Ok(there && ContentHash::from(hasher.finalize()) == *pack_hash && trailer == expected)
}

/// Whether `holds` says yes to all bytes from `start` to `end`; no where the file is shorter.
fn each_chunk(file: &dyn ReadFile, start: u64, end: u64, mut holds: impl FnMut(&[u8]) -> bool) -> io::Result<bool> {
    let mut buffer = vec![0; CHUNK_BYTES.min((end - start) as usize)];
    let mut at = start;
    while at < end {
        let wanted = (end - at).min(buffer.len() as u64) as usize;
        let read = file.read_at(&mut buffer[..wanted], at)?;
        if read == 0 || !holds(&buffer[..read]) {
            return Ok(false);
        }
        at += read as u64;
    }
    Ok(true)
}
