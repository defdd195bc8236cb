//! One table of measures, each with its bar beside it.

use std::fmt;
use std::time::Duration;

use super::report::{median, ratio, shown};

/// Rows of one kind of work.
pub(crate) struct Table {
    title: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(title: &'static str, columns: &'static [&'static str]) -> Self {
        Self { title, columns, rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// A row of work measured in turns with the least that could be done.
    pub(crate) fn contest(&mut self, work: &str, ours: &[Duration], bare: &[Duration], bar: &str) {
        let ratio = ratio(ours, bare).map_or("–".to_owned(), |ratio| format!("{ratio:.2}"));
        self.row([work.to_owned(), shown(median(ours)), shown(median(bare)), ratio, bar.to_owned()]);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n**{}**\n", self.title)?;
        writeln!(f, "| {} |", self.columns.join(" | "))?;
        writeln!(f, "|---|{}", "---:|".repeat(self.columns.len().saturating_sub(1)))?;
        self.rows.iter().try_for_each(|row| writeln!(f, "| {} |", row.join(" | ")))
    }
}
