//! Checks TOML: its syntax, and that no name is defined twice.
//!
//! Nesting is measured on the parser's events before any table is built, dotted names included: tables nested without
//! bound would overflow the stack of whoever drops them.

use packwright::importer::ImportError;
use toml_parser::parser::{EventReceiver, RecursionGuard, parse_document};
use toml_parser::{ErrorSink, Source, Span};

use crate::budget::{MAX_NESTING, within};
use crate::text::refused_at;

/// Refuses what is not TOML, with the place, and what is nested too deep.
pub(super) fn check(text: &str) -> Result<(), ImportError> {
    within("nesting in levels", nesting(text).into(), MAX_NESTING.into())?;
    toml::de::DeTable::parse(text).map(|_| ()).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let said = error.message().trim_end().replace('\n', ", ");
        refused_at(text.as_bytes(), text.floor_char_boundary(at), format!("not valid TOML: {said}"))
    })
}

fn nesting(text: &str) -> u32 {
    let mut nesting = Nesting::default();
    // One level more than allowed is enough to see that there are too many.
    let mut guarded = RecursionGuard::new(&mut nesting, MAX_NESTING);
    parse_document(&Source::new(text).lex().into_vec(), &mut guarded, &mut ());
    nesting.deepest
}

/// Counts levels: the names of a table's header, the dots of a name, and brackets.
#[derive(Default)]
struct Nesting {
    in_header: bool,
    header: u32,
    dots: u32,
    /// The dots of the names whose values the open brackets are.
    open: Vec<u32>,
    /// The sum of `open`, and a level for each.
    open_levels: u32,
    deepest: u32,
}

impl Nesting {
    fn measure(&mut self) {
        self.deepest = self.deepest.max(self.header + self.open_levels + self.dots);
    }

    fn open_header(&mut self) {
        (self.in_header, self.header, self.dots) = (true, 1, 0);
        self.measure();
    }

    fn open_bracket(&mut self) {
        self.open.push(self.dots);
        self.open_levels += self.dots + 1;
        self.dots = 0;
        self.measure();
    }

    fn close_bracket(&mut self) {
        self.dots = self.open.pop().unwrap_or_default();
        self.open_levels = self.open_levels.saturating_sub(self.dots + 1);
    }
}

impl EventReceiver for Nesting {
    fn std_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.open_header();
    }

    fn std_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.in_header = false;
    }

    fn array_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.open_header();
    }

    fn array_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.in_header = false;
    }

    fn inline_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.open_bracket();
        true
    }

    fn inline_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.close_bracket();
    }

    fn array_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.open_bracket();
        true
    }

    fn array_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.close_bracket();
    }

    fn key_sep(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        let counter = if self.in_header { &mut self.header } else { &mut self.dots };
        *counter += 1;
        self.measure();
    }

    fn value_sep(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.dots = 0;
    }

    fn newline(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.dots = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_dots_and_brackets_nest() {
        assert_eq!(nesting("a = 1"), 0);
        assert_eq!(nesting("a.b.c = 1\nd.e = 2"), 2);
        assert_eq!(nesting("[a.b]\nc.d = [[1], {e.f = 2, g = 3}]"), 2 + 1 + 2 + 1);
        assert_eq!(nesting("[[a]]\nb = 1\n[c]\nd = \"[[[[\""), 1);
    }

    #[test]
    fn what_is_too_deep_is_not_parsed_any_deeper() {
        assert_eq!(nesting(&format!("a = {}", "[".repeat(100_000))), MAX_NESTING + 1);
    }
}
