//! Bytes of a file as text, and where in the text something stands.

use super::{Place, Problem};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a file of ours: UTF-8 without a byte order mark.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, Problem> {
    match str::from_utf8(bytes) {
        Ok(text) => refuse_byte_order_mark(text).map(|()| text),
        Err(error) => {
            let end = error.valid_up_to();
            let before = str::from_utf8(&bytes[..end]).unwrap_or_default();
            Err(Problem::new("the file is not UTF-8 text").at(Place::of(before, end, end)))
        }
    }
}

/// A byte order mark is refused by name: parsers that meet one name a character that no editor shows.
pub(crate) fn refuse_byte_order_mark(text: &str) -> Result<(), Problem> {
    if !text.starts_with(BYTE_ORDER_MARK) {
        return Ok(());
    }
    Err(Problem::new("the file starts with a byte order mark")
        .at(Place::of(text, 0, BYTE_ORDER_MARK.len_utf8()))
        .help("save it as UTF-8 without a byte order mark"))
}

/// The first of the marks that version control leaves in a file it could not merge. Ask it of a file that does not
/// parse: in one that does, such a line is content.
pub(crate) fn conflict_markers(text: &str) -> Option<Problem> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
            let place = Place::of(text, offset, offset + line.trim_end().len());
            let problem = Problem::new("the file holds merge-conflict markers").at(place);
            return Some(problem.help("keep what is right of each marked place, and delete the lines of the markers"));
        }
        offset += line.len();
    }
    None
}

/// A UUID in the one spelling that files use: 36 characters with hyphens, in either case.
pub(crate) fn hyphenated_uuid(text: &str) -> Option<uuid::Uuid> {
    (text.len() == 36).then(|| uuid::Uuid::try_parse(text).ok()).flatten()
}

/// Finds many places in one text, each in constant time, whatever the length of its lines.
pub(crate) struct Places<'a> {
    text: &'a str,
    /// A known position every [`STRIDE`] bytes: offset, line, column.
    marks: Vec<(usize, u32, u32)>,
}

const STRIDE: usize = 1024;

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let (mut line, mut column, mut next) = (1u32, 1u32, 0);
        for (offset, c) in text.char_indices() {
            if offset >= next {
                marks.push((offset, line, column));
                next += STRIDE;
            }
            (line, column) = step((line, column), c);
        }
        Self { text, marks }
    }

    /// The place of the bytes `start..end`.
    pub(crate) fn of(&self, start: usize, end: usize) -> Place {
        let (line, column) = self.position(start);
        let (end_line, end_column) = self.position(end.max(start));
        Place { line, column, end_line, end_column }
    }

    fn position(&self, offset: usize) -> (u32, u32) {
        let offset = self.text.floor_char_boundary(offset);
        let behind = self.marks.partition_point(|(mark, ..)| *mark <= offset);
        let Some(&(mark, line, column)) = behind.checked_sub(1).and_then(|index| self.marks.get(index)) else {
            return (1, 1);
        };
        self.text[mark..offset].chars().fold((line, column), step)
    }
}

fn step((line, column): (u32, u32), c: char) -> (u32, u32) {
    if c == '\n' { (line.saturating_add(1), 1) } else { (line, column.saturating_add(1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_in_a_long_text_is_the_one_that_counting_finds() {
        let text = "ab\u{e4}\u{1f600}c\n".repeat(700) + &"\u{e4}".repeat(3000);
        let places = Places::new(&text);
        for offset in (0..text.len() + 5).step_by(7) {
            assert_eq!(places.of(offset, offset + 3), Place::of(&text, offset, offset + 3), "{offset}");
        }
        assert_eq!(Places::new("").of(0, 0), Place::of("", 0, 0));
    }

    #[test]
    fn a_byte_order_mark_is_named() {
        let problem = decode(b"\xef\xbb\xbf{}").expect_err("refused");
        assert!(problem.message.contains("byte order mark"));
        assert_eq!(problem.place, Some(Place { line: 1, column: 1, end_line: 1, end_column: 2 }));
    }

    #[test]
    fn bytes_that_are_no_text_are_placed_behind_the_text_before_them() {
        let problem = decode(b"a\n\xc3\xa4\xff").expect_err("refused");
        assert_eq!(problem.place, Some(Place { line: 2, column: 2, end_line: 2, end_column: 2 }));
    }
}
