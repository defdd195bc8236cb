//! Diagnostics and blockers as text, as a compiler shows them: what is wrong, the file's line with the span marked, what
//! belongs to it, what to do. The one place that knows `annotate_snippets`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use packwright::diagnose::{Code, Diagnostic, Location, Severity};
use packwright::service::Blocker;
use packwright::value::{AssetRef, RelPath};
use packwright::workspace::Place;

use super::plain::is_obeyed;
use super::{Lines, Paint, count, number, plain, word};

/// How many findings of one code are shown; `--json` has all.
const SHOWN_PER_CODE: u64 = 50;

/// The findings, each followed by an empty line, and what of them is not shown.
pub(crate) fn diagnostics(found: &[Diagnostic], lines: &Lines, paint: Paint) -> String {
    let renderer = if paint.colored { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut text = String::new();
    let mut seen: BTreeMap<Code, u64> = BTreeMap::new();
    for diagnostic in found {
        let so_far = seen.entry(diagnostic.code).or_default();
        *so_far += 1;
        if *so_far <= SHOWN_PER_CODE {
            text.push_str(&renderer.render(&[group(diagnostic, lines)]));
            text.push_str("\n\n");
        }
    }
    for (code, n) in seen.into_iter().filter(|(_, n)| *n > SHOWN_PER_CODE) {
        let more = number(n - SHOWN_PER_CODE);
        let _ = writeln!(text, "… and {more} more {code} {}; `--json` lists them all\n", code.name());
    }
    text
}

/// The findings counted by severity, and where to read more: the last line under them. Empty where there are none.
pub(crate) fn verdict(found: &[Diagnostic], paint: Paint) -> String {
    let severities = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "note")];
    let counts = severities.iter().filter_map(|(severity, noun)| {
        let n = found.iter().filter(|diagnostic| diagnostic.severity == *severity).count() as u64;
        (n > 0).then(|| paint.severity(*severity, &count(n, noun)))
    });
    let counts: Vec<_> = counts.collect();
    match found.iter().map(|diagnostic| (std::cmp::Reverse(diagnostic.severity), diagnostic.code)).min() {
        Some((_, code)) => format!("{}; `packwright explain {code}` says more\n", counts.join(", ")),
        None => String::new(),
    }
}

/// Why nothing was done, and what would lift it.
pub(crate) fn blocker(blocker: &Blocker, paint: Paint) -> String {
    failure(Some(&word(&blocker.code)), &blocker.message, &blocker.help, paint)
}

/// `error[CODE]: MESSAGE` and `help: HELP`, each where there is one.
pub(crate) fn failure(code: Option<&str>, message: &str, help: &str, paint: Paint) -> String {
    let title = code.map_or_else(|| "error".to_owned(), |code| format!("error[{code}]"));
    let mut text = format!("{}: {}\n", paint.severity(Severity::Error, &title), paint.bold(&plain(message)));
    if !help.is_empty() {
        let _ = writeln!(text, "  {}: {}", paint.help("help"), plain(help));
    }
    text
}

fn group<'d>(diagnostic: &'d Diagnostic, lines: &'d Lines) -> Group<'d> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut group = Group::with_title(level.primary_title(plain(&diagnostic.message)).id(diagnostic.code.as_str()));
    if let Some(location) = &diagnostic.location {
        group = with_place(group, location, AnnotationKind::Primary, None, lines);
    }
    for related in &diagnostic.related {
        group = with_place(group, &related.location, AnnotationKind::Context, Some(&related.message), lines);
    }
    group = group.element(Level::NOTE.message(about(diagnostic)));
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(plain(help))),
        None => group,
    }
}

/// What the finding is called and which asset has it.
fn about(diagnostic: &Diagnostic) -> String {
    match &diagnostic.asset {
        Some(asset) => format!("{}, asset {}", diagnostic.name, asset_name(asset)),
        None => diagnostic.name.clone(),
    }
}

fn asset_name(asset: &AssetRef) -> Cow<'_, str> {
    match &asset.address {
        Some(address) => Cow::Borrowed(address.as_str()),
        None => plain(&asset.root),
    }
}

fn with_place<'d>(
    group: Group<'d>,
    location: &'d Location,
    kind: AnnotationKind,
    label: Option<&'d str>,
    lines: &'d Lines,
) -> Group<'d> {
    let line = location.place.and_then(|place| Some((place, lines.get(&location.path, place.line)?)));
    match line {
        Some((place, line)) => group.element(snippet(&location.path, place, line, kind, label)),
        None => {
            let group = group.element(origin(location));
            match label {
                Some(label) => group.element(Level::NOTE.message(plain(label))),
                None => group,
            }
        }
    }
}

fn origin(location: &Location) -> Origin<'_> {
    let origin = Origin::path(plain(location.path.as_str()));
    match location.place {
        Some(place) => origin.line(place.line as usize).char_column(place.column as usize),
        None => origin,
    }
}

fn snippet<'d>(
    path: &'d RelPath,
    place: Place,
    line: &'d str,
    kind: AnnotationKind,
    label: Option<&'d str>,
) -> Snippet<'d, annotate_snippets::Annotation<'d>> {
    let line = harmless(line);
    let span = span_in(&line, place);
    Snippet::source(line)
        .line_start(place.line as usize)
        .path(plain(path.as_str()))
        .annotation(kind.span(span).label(label.map(plain)))
}

/// The bytes of the line that the place covers: to the line's end, where the place ends on a later one.
fn span_in(line: &str, place: Place) -> Range<usize> {
    let start = byte_of(line, place.column);
    let end = if place.end_line > place.line { line.len() } else { byte_of(line, place.end_column) };
    start..end.max(start)
}

fn byte_of(line: &str, column: u32) -> usize {
    line.char_indices().nth(column.saturating_sub(1) as usize).map_or(line.len(), |(byte, _)| byte)
}

/// A file's line with each character that a terminal obeys replaced by one that it shows, so that columns stay.
fn harmless(line: &str) -> String {
    let shown = |c: char| match c {
        '\t' => '\t',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        c if is_obeyed(c) => '\u{fffd}',
        c => c,
    };
    line.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(code: Code, place: Place) -> Diagnostic {
        let at = Location::span(RelPath::literal("a.json"), place);
        Diagnostic::new(code, "pattern `*.pmg` matches no file").located(at).with_help("did you mean `*.png`?")
    }

    fn shown(content: &str, found: &[Diagnostic]) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.json"), content).expect("a file");
        diagnostics(found, &Lines::read(folder.path(), found), Paint { colored: false })
    }

    fn on_line(line: u32, column: u32, end_column: u32) -> Place {
        Place { line, column, end_line: line, end_column }
    }

    #[test]
    fn the_span_is_marked_under_the_line_of_the_file() {
        let found = [finding(Code::S203, on_line(2, 15, 22))];
        snapbox::assert_data_eq!(
            shown("{\n  \"sources\": [\"*.pmg\"],\n}", &found),
            snapbox::str![[r#"
error[S203]: pattern `*.pmg` matches no file
 --> a.json:2:15
  |
2 |   "sources": ["*.pmg"],
  |               ^^^^^^^
  |
  = note: source-missing
  = help: did you mean `*.png`?


"#]]
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_span_and_its_column_stays_true() {
        let content = format!("{}[\"*.pmg\"]{}", "é".repeat(9000), "b".repeat(9000));
        let text = shown(&content, &[finding(Code::S203, on_line(1, 9002, 9009))]);
        assert!(text.contains("a.json:1:9002\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() < 200), "{text}");
        let marked = text.lines().position(|line| line.contains("^^^^^^^")).expect("a marked line");
        let (line, marks) = (text.lines().nth(marked - 1).expect("a line"), text.lines().nth(marked).expect("marks"));
        let column = |text: &str, what: &str| text[..text.find(what).expect("it is there")].chars().count();
        assert_eq!(column(line, "\"*.pmg\""), column(marks, "^"));
    }

    #[test]
    fn a_file_cannot_command_the_terminal() {
        let mut found = finding(Code::S203, on_line(1, 3, 4));
        found.message = "no \u{1b}[31mfile".to_owned();
        found.help = Some("\u{9b}2J".to_owned());
        let text = shown("a\u{1b}[2J\u{9b}\u{202e}\u{7f}b\n", &[found]);
        assert!(text.chars().all(|c| c == '\n' || !is_obeyed(c)), "{text:?}");
        assert!(text.contains("a␛[2J\u{fffd}\u{fffd}␡b\n  |   ^\n"), "{text}");
    }

    #[test]
    fn without_the_file_the_position_is_left() {
        let found = [finding(Code::S203, on_line(2, 15, 22))];
        let text = diagnostics(&found, &Lines::none(), Paint { colored: false });
        assert!(text.contains("--> a.json:2:15\n"), "{text}");
    }

    #[test]
    fn a_span_over_lines_is_marked_to_the_end_of_its_first() {
        let place = Place { line: 1, column: 3, end_line: 2, end_column: 1 };
        let text = shown("{ \"a\"\n}\n", &[finding(Code::S204, place)]);
        assert!(text.contains("1 | { \"a\"\n  |   ^^^\n"), "{text}");
    }

    #[test]
    fn many_findings_of_one_code_are_shown_in_part_and_counted() {
        let mut found = vec![finding(Code::S203, on_line(1, 1, 2)); 1260];
        found.push(finding(Code::S204, on_line(1, 1, 2)));
        let text = shown("x", &found);
        assert_eq!(text.matches("error[S203]").count(), 50);
        assert!(text.ends_with("… and 1,210 more S203 source-missing; `--json` lists them all\n\n"), "{text}");
        let verdict = verdict(&found, Paint { colored: false });
        assert_eq!(verdict, "1,261 errors; `packwright explain S203` says more\n");
    }
}
