//! Names and messages made harmless for a terminal.

use std::borrow::Cow;

/// The text with every character that a terminal obeys instead of showing spelled out, as `\u{1b}`.
///
/// Such are the control characters, line ends among them, and those that turn the direction of writing or have no width:
/// a file's name can hold any of them, and could otherwise recolour, rewrite or hide what the command says.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let spelled = text.chars().map(|c| if is_obeyed(c) { c.escape_default().to_string() } else { c.to_string() });
    Cow::Owned(spelled.collect())
}

/// Whether a terminal would do something else than show `c`.
pub(super) fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_in_a_name_is_spelled_out() {
        assert_eq!(plain("a\u{1b}[31mred"), "a\\u{1b}[31mred");
        assert_eq!(plain("two\nlines"), "two\\nlines");
        assert_eq!(plain("\u{9b}31m"), "\\u{9b}31m");
    }

    #[test]
    fn text_cannot_be_turned_round() {
        assert_eq!(plain("gnp.\u{202e}exe"), "gnp.\\u{202e}exe");
    }

    #[test]
    fn other_writing_stays_as_it_is() {
        assert!(matches!(plain("ui/Knöpfe/ボタン.png"), Cow::Borrowed(_)));
    }
}
