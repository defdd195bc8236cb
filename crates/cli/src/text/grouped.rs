//! Many findings, as a person reads them: what blocks first and one by one; what is untidy by code, counted, the first of
//! each, and how to see the rest.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::num::NonZeroU64;

use packwright::diagnose::{Class, Code, Diagnostic, Severity};

use super::{Lines, Paint, bytes, count, diagnostics, number, plain, word};

/// So few of one code are shown one by one, as structural findings are.
const SINGLY: usize = 3;
/// How many lines a longer group has; `-v` shows all.
const LISTED: usize = 10;
/// How many other files of a finding a line names.
const OTHERS: usize = 2;

/// The findings, each group followed by an empty line.
pub(crate) fn grouped(found: &[Diagnostic], lines: &Lines, all: bool, paint: Paint) -> String {
    let structural: Vec<Diagnostic> = found.iter().filter(|one| one.class == Class::Structural).cloned().collect();
    let mut text = diagnostics(&structural, lines, paint);
    let mut groups: BTreeMap<(std::cmp::Reverse<Severity>, Code), Vec<&Diagnostic>> = BTreeMap::new();
    for one in found.iter().filter(|one| one.class == Class::Hygiene) {
        groups.entry((std::cmp::Reverse(one.severity), one.code)).or_default().push(one);
    }
    for ((severity, code), mut group) in groups {
        if group.len() <= SINGLY {
            let few: Vec<Diagnostic> = group.into_iter().cloned().collect();
            text.push_str(&diagnostics(&few, lines, paint));
            continue;
        }
        // What wastes most first; else as they come, by path.
        group.sort_by_key(|one| std::cmp::Reverse(one.wasted_bytes));
        text.push_str(&heading(code, severity.0, &group, paint));
        let shown = if all { group.len() } else { LISTED.min(group.len()) };
        for one in &group[..shown] {
            let _ = writeln!(text, "  {}", line(one, paint));
        }
        if shown < group.len() {
            let more = number((group.len() - shown) as u64);
            let _ = writeln!(text, "  … and {more} more: `packwright doctor --only {code} -v` lists them all");
        }
        if let Some(help) = common_help(&group) {
            let _ = writeln!(text, "  {}: {}", paint.help("help"), plain(help));
        }
        text.push('\n');
    }
    text
}

/// `warning[H305] duplicate-content: 1,203 findings, 48.2 MiB wasted`.
fn heading(code: Code, severity: Severity, group: &[&Diagnostic], paint: Paint) -> String {
    let title = paint.severity(severity, &format!("{}[{code}]", word(&severity)));
    let wasted: u64 = group.iter().filter_map(|one| one.wasted_bytes).map(NonZeroU64::get).sum();
    let wasted = if wasted > 0 { format!(", {} wasted", bytes(wasted)) } else { String::new() };
    format!("{title} {}: {}{wasted}\n", paint.bold(code.name()), count(group.len() as u64, "finding"))
}

/// The message, and the place where the message does not name it.
fn line(found: &Diagnostic, paint: Paint) -> String {
    let message = plain(&found.message).into_owned();
    let Some(at) = &found.location else { return message };
    let path = plain(at.path.as_str()).into_owned();
    let place = at.place.map(|place| format!(":{}:{}", place.line, place.column)).unwrap_or_default();
    let mut line = match message.contains(&format!("`{path}`")) && place.is_empty() {
        true => message,
        false => format!("{path}{place}: {}", paint.dim(&message)),
    };
    let others: Vec<_> = found.related.iter().take(OTHERS).map(|one| plain(one.location.path.as_str())).collect();
    if !others.is_empty() {
        let total = found.related_total.map_or(found.related.len() as u64, |total| total.get().into());
        let more = total.saturating_sub(others.len() as u64);
        let more = if more > 0 { format!(" and {} more", number(more)) } else { String::new() };
        let _ = write!(line, "; also {}{more}", others.join(", "));
    }
    line
}

/// What to do, where that is the same for all.
fn common_help<'d>(group: &[&'d Diagnostic]) -> Option<&'d str> {
    let help = group.first()?.help.as_deref()?;
    group.iter().all(|one| one.help.as_deref() == Some(help)).then_some(help)
}

#[cfg(test)]
mod tests {
    use packwright::diagnose::Location;
    use packwright::value::RelPath;

    use super::*;

    const PLAIN: Paint = Paint { colored: false };

    fn loose(n: usize) -> Diagnostic {
        let path = RelPath::root().entry("assets").entry(&format!("{n:05}.png"));
        Diagnostic::new(Code::H303, format!("`{path}` belongs to no asset"))
            .located(Location::file(path))
            .with_help("register it")
    }

    #[test]
    fn ten_thousand_findings_of_one_code_are_a_screen_that_says_how_to_see_the_rest() {
        let found: Vec<Diagnostic> = (0..10_000).map(loose).collect();
        let text = grouped(&found, &Lines::none(), false, PLAIN);
        assert_eq!(text.lines().count(), 14);
        assert!(
            text.starts_with("warning[H303] loose-file: 10,000 findings\n  `assets/00000.png` belongs to no asset\n"),
            "{text}"
        );
        assert!(
            text.ends_with(
                "  … and 9,990 more: `packwright doctor --only H303 -v` lists them all\n  help: register it\n\n"
            ),
            "{text}"
        );
        assert_eq!(grouped(&found, &Lines::none(), true, PLAIN).lines().count(), 10_003);
    }

    #[test]
    fn few_findings_are_shown_as_a_compiler_shows_them() {
        let text = grouped(&[loose(1)], &Lines::none(), false, PLAIN);
        assert!(
            text.starts_with("warning[H303]: `assets/00001.png` belongs to no asset\n--> assets/00001.png\n"),
            "{text}"
        );
    }

    #[test]
    fn what_wastes_most_comes_first_and_names_where_else_it_is() {
        let of = |n: u64| {
            let mut found = Diagnostic::new(Code::H305, format!("2 files have the same {n} bytes"));
            found.wasted_bytes = NonZeroU64::new(n);
            let at = |name: &str| Location::file(RelPath::root().entry(&format!("{name}{n}")));
            found.located(at("a")).with_related(at("b"), "the same bytes")
        };
        let found: Vec<Diagnostic> = [1, 2048, 3, 4].into_iter().map(of).collect();
        let text = grouped(&found, &Lines::none(), false, PLAIN);
        let expected = "warning[H305] duplicate-content: 4 findings, 2.0 KiB wasted\n  a2048: 2 files have the same 2048 bytes; also b2048\n";
        assert!(text.starts_with(expected), "{text}");
    }

    #[test]
    fn what_blocks_comes_before_what_is_untidy() {
        let found: Vec<Diagnostic> = (0..20).map(loose).chain([Diagnostic::new(Code::S203, "no file")]).collect();
        assert!(grouped(&found, &Lines::none(), false, PLAIN).starts_with("error[S203]: no file\n"));
    }
}
