//! Aligned columns.

use unicode_width::UnicodeWidthStr;

use super::{Paint, plain};

/// Rows of cells under a heading. Cells are made harmless on their way in.
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

struct Column {
    heading: &'static str,
    to_the_right: bool,
}

impl Table {
    /// A table with these headings. A heading that starts with `>` has its column aligned to the right.
    pub(crate) fn new<const N: usize>(headings: [&'static str; N]) -> Self {
        let column = |heading: &'static str| match heading.strip_prefix('>') {
            Some(heading) => Column { heading, to_the_right: true },
            None => Column { heading, to_the_right: false },
        };
        Self { columns: headings.map(column).into(), rows: Vec::new() }
    }

    /// Adds a row, a cell for each heading.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        debug_assert_eq!(N, self.columns.len(), "a row has as many cells as there are headings");
        self.rows.push(cells.map(|cell| plain(&cell).into_owned()).into());
    }

    /// The table, each line ended.
    pub(crate) fn render(&self, paint: Paint) -> String {
        let widths: Vec<usize> = (0..self.columns.len()).map(|i| self.width_of(i)).collect();
        let headings: Vec<&str> = self.columns.iter().map(|column| column.heading).collect();
        let mut text = paint.dim(&self.line(&headings, &widths));
        text.push('\n');
        for row in &self.rows {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            text.push_str(&self.line(&cells, &widths));
            text.push('\n');
        }
        text
    }

    fn width_of(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[column].width());
        cells.chain([self.columns[column].heading.width()]).max().unwrap_or(0)
    }

    fn line(&self, cells: &[&str], widths: &[usize]) -> String {
        let padded = cells.iter().zip(widths).zip(&self.columns).map(|((cell, width), column)| {
            let space = " ".repeat(width.saturating_sub(cell.width()));
            if column.to_the_right { format!("{space}{cell}") } else { format!("{cell}{space}") }
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_on_the_screen() {
        let mut table = Table::new(["NAME", ">SIZE"]);
        table.row(["ボタン".to_owned(), "7".to_owned()]);
        table.row(["a\nb".to_owned(), "1,024".to_owned()]);
        let shown = table.render(Paint { colored: false });
        assert_eq!(shown, "NAME     SIZE\nボタン      7\na\\nb    1,024\n");
    }
}
