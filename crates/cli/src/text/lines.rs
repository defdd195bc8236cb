//! The lines of the workspace's files that findings are about.
//!
//! Each file is read once and no further than its last wanted line. A file that cannot be read, or a line past
//! [`MAX_LINE_BYTES`], is no error: the finding is then shown without it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use packwright::diagnose::{Diagnostic, Location};
use packwright::fs::{Fs, ReadFile, RealFs};
use packwright::value::RelPath;

const MAX_LINE_BYTES: u64 = 1 << 20;
const MAX_SCANNED_BYTES: u64 = 256 << 20;

/// Lines by file and number.
#[derive(Debug, Default)]
pub(crate) struct Lines(BTreeMap<(RelPath, u32), String>);

impl Lines {
    /// No lines: every finding is shown with its position alone.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// The lines that `diagnostics` are about, from the files of the workspace at `root`.
    pub(crate) fn read<'d>(root: &Path, diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Self {
        let Ok(fs) = RealFs::open(root) else { return Self::none() };
        let mut lines = Self::none();
        for (path, numbers) in wanted(diagnostics) {
            // What was collected before an error is as good as without it.
            let _ = lines.collect(&fs, path, &numbers);
        }
        lines
    }

    /// The line, without its end.
    pub(crate) fn get(&self, path: &RelPath, number: u32) -> Option<&str> {
        self.0.get(&(path.clone(), number)).map(String::as_str)
    }

    fn collect(&mut self, fs: &RealFs, path: &RelPath, numbers: &BTreeSet<u32>) -> io::Result<()> {
        let file = fs.open(path).map_err(|error| io::Error::other(error.to_string()))?;
        let mut reader = BufReader::new(InOrder { file: &*file, offset: 0 }.take(MAX_SCANNED_BYTES));
        let mut at = 1;
        for &number in numbers {
            while at < number {
                reader.skip_until(b'\n')?;
                at += 1;
            }
            let mut line = Vec::new();
            (&mut reader).take(MAX_LINE_BYTES).read_until(b'\n', &mut line)?;
            at += 1;
            if line.is_empty() {
                break;
            }
            if line.len() as u64 == MAX_LINE_BYTES {
                reader.skip_until(b'\n')?;
                continue;
            }
            let text = String::from_utf8_lossy(&line);
            self.0.insert((path.clone(), number), text.trim_end_matches(['\n', '\r']).to_owned());
        }
        Ok(())
    }
}

fn wanted<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> BTreeMap<&'d RelPath, BTreeSet<u32>> {
    let mut wanted: BTreeMap<_, BTreeSet<u32>> = BTreeMap::new();
    for location in diagnostics.into_iter().flat_map(locations) {
        if let Some(place) = location.place {
            wanted.entry(&location.path).or_default().insert(place.line.max(1));
        }
    }
    wanted
}

fn locations(diagnostic: &Diagnostic) -> impl Iterator<Item = &Location> {
    diagnostic.location.iter().chain(diagnostic.related.iter().map(|related| &related.location))
}

/// Reads a file from its start on.
struct InOrder<'f> {
    file: &'f dyn ReadFile,
    offset: u64,
}

impl Read for InOrder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read_at(buffer, self.offset)?;
        self.offset += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use packwright::diagnose::Code;
    use packwright::workspace::Place;

    use super::*;

    fn finding(line: u32) -> Diagnostic {
        let place = Place { line, column: 1, end_line: line, end_column: 2 };
        Diagnostic::new(Code::S204, "x").located(Location::span(RelPath::literal("a.json"), place))
    }

    fn read(content: &[u8], numbers: &[u32]) -> Vec<Option<String>> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.json"), content).expect("a file");
        let findings: Vec<_> = numbers.iter().copied().map(finding).collect();
        let lines = Lines::read(folder.path(), &findings);
        numbers.iter().map(|n| lines.get(&RelPath::literal("a.json"), *n).map(str::to_owned)).collect()
    }

    #[test]
    fn lines_come_without_their_ends_in_any_order() {
        let got = read(b"one\r\ntwo\nthree", &[3, 1, 3]);
        assert_eq!(got, [Some("three".to_owned()), Some("one".to_owned()), Some("three".to_owned())]);
    }

    #[test]
    fn a_line_past_the_limit_is_left_out_and_the_next_one_is_found() {
        let mut content = vec![b'x'; usize::try_from(MAX_LINE_BYTES).expect("fits") + 9];
        content.extend(b"\nnext\n");
        assert_eq!(read(&content, &[1, 2]), [None, Some("next".to_owned())]);
    }

    #[test]
    fn a_line_that_is_not_utf_8_is_shown_all_the_same() {
        assert_eq!(read(b"a\xffb\n", &[1]), [Some("a\u{fffd}b".to_owned())]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed_for_the_sake_of_a_line() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("secret"), "secret").expect("a file");
        std::os::unix::fs::symlink("secret", folder.path().join("a.json")).expect("a link");
        let lines = Lines::read(folder.path(), &[finding(1)]);
        assert_eq!(lines.get(&RelPath::literal("a.json"), 1), None);
    }
}
