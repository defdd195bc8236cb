//! Checks JSON strictly by RFC 8259: one value, no comments, no trailing commas, no byte order mark.

use packwright::importer::ImportError;
use serde::de::IgnoredAny;

use crate::budget::{MAX_NESTING, within};
use crate::text::refused_at;

/// Refuses what is not one JSON value, with the place, and what is nested too deep.
pub(super) fn check(text: &str) -> Result<(), ImportError> {
    if text.starts_with('\u{feff}') {
        let message = "not valid JSON: it begins with a byte order mark; save it as UTF-8 without one";
        return Err(refused_at(text.as_bytes(), 0, message.to_owned()));
    }
    // Reading into `IgnoredAny` keeps its stack on the heap, so no nesting overflows it.
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| broken(text, &error))?;
    within("nesting in levels", nesting(text).into(), MAX_NESTING.into())
}

fn broken(text: &str, error: &serde_json::Error) -> ImportError {
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(message, _)| message);
    refused_at(text.as_bytes(), offset_of(text, error.line(), error.column()), format!("not valid JSON: {said}"))
}

/// The byte at a line and a column that counts bytes, both from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    let line_start = std::iter::once(0).chain(newlines).nth(line.saturating_sub(1)).unwrap_or(text.len());
    text.floor_char_boundary(line_start + column.saturating_sub(1))
}

/// How deep brackets nest in valid JSON.
fn nesting(text: &str) -> u32 {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_u32, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth -= 1,
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_do_not_nest() {
        assert_eq!(nesting(r#"{"a": ["[[[", "\"{", {}]}"#), 3);
        assert_eq!(nesting("1"), 0);
    }

    #[test]
    fn an_offset_is_found_by_line_and_column() {
        assert_eq!(offset_of("ab\ncd", 2, 2), 4);
        assert_eq!(offset_of("ab\ncd", 9, 9), 5);
        assert_eq!(offset_of("ä", 1, 2), 0);
    }
}
