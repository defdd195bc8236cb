//! What is wrong with a file of ours, and where. Rules in `diagnose` turn problems into diagnostics.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A span of text. Lines and columns count from 1, columns in Unicode scalar values; the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The first line.
    pub line: u32,
    /// The first column.
    pub column: u32,
    /// The last line.
    pub end_line: u32,
    /// The column behind the last character.
    pub end_column: u32,
}

impl Place {
    /// The place of the bytes `start..end` in `text`. Offsets past the end, or inside a character, are moved down.
    #[must_use]
    pub fn of(text: &str, start: usize, end: usize) -> Self {
        let (line, column) = position(text, start);
        let (end_line, end_column) = position(text, end.max(start));
        Self { line, column, end_line, end_column }
    }
}

fn position(text: &str, offset: usize) -> (u32, u32) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before[line_start..].chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong: lower case, stands on its own, no full stop.
    pub message: String,
    /// Where in the file; `None` where it is the file as a whole.
    pub place: Option<Place>,
    /// The same place as a JSON pointer, where the file is JSON that parses.
    pub pointer: Option<String>,
    /// A second place that belongs to it, with what it is (`first defined here`).
    pub related: Option<(Place, String)>,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A problem of the file as a whole.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), place: None, pointer: None, related: None, help: None }
    }

    /// At a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// At a JSON pointer.
    #[must_use]
    pub fn pointer(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// With another place that belongs to it.
    #[must_use]
    pub fn related(mut self, place: Place, what: impl Into<String>) -> Self {
        self.related = Some((place, what.into()));
        self
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let text = "a\n\u{e4}\u{f6} x\n";
        assert_eq!(Place::of(text, 2, 6), Place { line: 2, column: 1, end_line: 2, end_column: 3 });
        assert_eq!(Place::of(text, 99, 99).line, 3);
        assert_eq!(Place::of(text, 3, 3).column, 1, "inside a character counts as its start");
    }
}
