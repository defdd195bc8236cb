//! The importer `text`: UTF-8 without NUL. Also what the other textual importer needs: the text of a source, and the
//! line and column of a byte in it.

use std::borrow::Cow;
use std::str;

use packwright::importer::{Claim, ImportError, Imported, Importer, Metadata, Settings, Source};

use crate::budget::{MAX_TEXT_BYTES, within};

/// Takes UTF-8 without NUL and keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Text;

impl Importer for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn version(&self) -> u32 {
        1
    }

    fn keeps(&self, _settings: &Settings) -> bool {
        true
    }

    fn claims(&self, claim: Claim, source: &Source<'_>) -> bool {
        claim == Claim::Content
            && source.len() <= MAX_TEXT_BYTES
            && may_begin_text(&source.head())
            && source.whole().is_ok_and(|bytes| text_of(&bytes).is_ok())
    }

    fn import(&self, source: &Source<'_>, _settings: &Settings) -> Result<Imported, ImportError> {
        text_of(&whole(source)?)?;
        Ok(Imported::kept("text", Metadata::new()))
    }
}

/// All bytes of a source that is to be text.
pub(crate) fn whole<'a>(source: &Source<'a>) -> Result<Cow<'a, [u8]>, ImportError> {
    within("size in bytes", source.len(), MAX_TEXT_BYTES)?;
    Ok(source.whole()?)
}

/// The text, where the bytes are UTF-8 without NUL.
pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, ImportError> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        refused_at(bytes, at, format!("byte {at} (0x{:02x}) is not UTF-8", bytes[at]))
    })?;
    match bytes.iter().position(|byte| *byte == 0) {
        Some(at) => Err(refused_at(bytes, at, format!("byte {at} is NUL, which no text holds"))),
        None => Ok(text),
    }
}

/// A refusal with the line and column of the byte at `at`.
pub(crate) fn refused_at(bytes: &[u8], at: usize, message: String) -> ImportError {
    ImportError::Undecodable { message, place: Some(place_of(bytes, at)) }
}

/// Line and column, from 1, of the byte at `at`; the column counts characters. What precedes it is UTF-8.
fn place_of(bytes: &[u8], at: usize) -> (u32, u32) {
    let before = &bytes[..at.min(bytes.len())];
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line = 1 + before[..line_start].iter().filter(|byte| **byte == b'\n').count();
    let column = 1 + before[line_start..].iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// Whether the first bytes can begin a text: a cheap look before all of a large source is read.
fn may_begin_text(head: &[u8]) -> bool {
    let cut_inside_a_character = |error: str::Utf8Error| error.error_len().is_none();
    !head.contains(&0) && str::from_utf8(head).map_or_else(cut_inside_a_character, |_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let text = "ab\r\nä€x".as_bytes();
        assert_eq!(place_of(text, 0), (1, 1));
        assert_eq!(place_of(text, 4), (2, 1));
        assert_eq!(place_of(text, text.len() - 1), (2, 3));
        assert_eq!(place_of(text, 999), (2, 4));
    }

    #[test]
    fn a_head_cut_inside_a_character_may_begin_a_text() {
        assert!(may_begin_text(&"a€".as_bytes()[..2]));
        assert!(!may_begin_text(b"a\xff"));
        assert!(!may_begin_text(b"a\0"));
    }
}
