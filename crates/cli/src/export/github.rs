//! Workflow commands of GitHub: each finding as an annotation of the line it is about.

use std::fmt::Write;

use packwright::diagnose::{Diagnostic, Severity};
use packwright::service::FailedCheck;

/// One line a finding, and one a check that could not run. `prefix` is where the workspace lies in the repository, and ends
/// in `/` where it is not empty.
pub(crate) fn annotations<'d>(
    found: impl IntoIterator<Item = &'d Diagnostic>,
    failed: &[FailedCheck],
    prefix: &str,
) -> String {
    let mut text = String::new();
    for check in failed {
        let message = format!("the check `{}` could not run: {}", check.check, check.message);
        let _ = writeln!(text, "::error title=packwright::{}", escaped(&message));
    }
    for one in found {
        let command = match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let message = match &one.help {
            Some(help) => format!("{}\n{help}", one.message),
            None => one.message.clone(),
        };
        let title = property(&format!("{} {}", one.code, one.name));
        let _ = writeln!(text, "::{command} {}title={title}::{}", place(one, prefix), escaped(&message));
    }
    text
}

fn place(found: &Diagnostic, prefix: &str) -> String {
    let Some(at) = &found.location else { return String::new() };
    let mut text = format!("file={},", property(&format!("{prefix}{}", at.path)));
    if let Some(place) = at.place {
        let _ = write!(text, "line={},endLine={},", place.line, place.end_line);
        // There the end is the last column that belongs to it, and is asked of one line alone.
        if place.line == place.end_line {
            let last = place.end_column.saturating_sub(1).max(place.column);
            let _ = write!(text, "col={},endColumn={last},", place.column);
        }
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use packwright::diagnose::{Code, Location};
    use packwright::value::RelPath;
    use packwright::workspace::Place;

    use super::*;

    #[test]
    fn a_finding_is_one_line_whatever_its_texts_hold() {
        let place = Place { line: 6, column: 15, end_line: 6, end_column: 22 };
        let path = RelPath::root().entry("100%, a:b");
        let found = Diagnostic::new(Code::S203, "no\nfile::x").located(Location::span(path, place)).with_help("help");
        assert_eq!(
            annotations([&found], &[], "game/"),
            "::error file=game/100%25%2C a%3Ab,line=6,endLine=6,col=15,endColumn=21,title=S203 source-missing::no%0Afile::x%0Ahelp\n"
        );
    }

    #[test]
    fn hygiene_is_no_error_and_a_check_that_could_not_run_is() {
        let failed = [FailedCheck { check: "H309".into(), message: "no".into() }];
        let found = [Diagnostic::new(Code::H303, "loose"), Diagnostic::new(Code::H304, "unused")];
        assert_eq!(
            annotations(&found, &failed, ""),
            "::error title=packwright::the check `H309` could not run: no\n\
             ::warning title=H303 loose-file::loose\n::notice title=H304 unused-file::unused\n"
        );
    }
}
