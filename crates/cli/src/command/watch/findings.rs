//! What is wrong with the project now, and what of it came or cleared since it was last looked at.

use std::collections::BTreeMap;

use packwright::diagnose::Diagnostic;

use crate::text::{self, Paint};

/// How many findings that come at once have a line each; and so for those that clear.
const SINGLY: usize = 20;

type Found = BTreeMap<String, Diagnostic>;

/// The findings that stand.
#[derive(Default)]
pub(super) struct Findings {
    structural: Found,
    /// What the last build found beyond those, in contents.
    content: Found,
}

impl Findings {
    /// These are the structural ones now; the lines that say what is different.
    pub(super) fn structural(&mut self, now: &[Diagnostic], paint: Paint) -> Vec<String> {
        let before = self.all();
        self.structural = by_fingerprint(now);
        self.difference(&before, paint)
    }

    /// These are what the last build found, structural ones among them; the lines that say what is different.
    pub(super) fn of_build(&mut self, now: &[Diagnostic], paint: Paint) -> Vec<String> {
        let before = self.all();
        self.content = by_fingerprint(now);
        self.content.retain(|fingerprint, _| !self.structural.contains_key(fingerprint));
        self.difference(&before, paint)
    }

    /// How many stand.
    pub(super) fn len(&self) -> usize {
        self.structural.len() + self.content.len()
    }

    fn all(&self) -> Found {
        self.content.iter().chain(&self.structural).map(|(key, found)| (key.clone(), found.clone())).collect()
    }

    fn difference(&self, before: &Found, paint: Paint) -> Vec<String> {
        let now = self.all();
        let gone = before.iter().filter(|(key, _)| !now.contains_key(*key)).map(|(_, found)| found);
        let new = now.iter().filter(|(key, _)| !before.contains_key(*key)).map(|(_, found)| found);
        let cleared =
            lines(gone, |found| format!("{} {}", paint.good(&format!("cleared[{}]", found.code)), about(found)));
        let found = lines(new, |found| {
            let word = format!("{}[{}]", text::word(&found.severity), found.code);
            format!("{} {}{}", paint.severity(found.severity, &word), about(found), place(found))
        });
        cleared.into_iter().chain(found).collect()
    }
}

fn by_fingerprint(found: &[Diagnostic]) -> Found {
    found.iter().map(|found| (found.fingerprint.clone(), found.clone())).collect()
}

fn lines<'d>(found: impl Iterator<Item = &'d Diagnostic>, line: impl Fn(&Diagnostic) -> String) -> Vec<String> {
    let mut found: Vec<Diagnostic> = found.cloned().collect();
    Diagnostic::sort(&mut found);
    let more = found.len().saturating_sub(SINGLY) as u64;
    let mut lines: Vec<String> = found.iter().take(SINGLY).map(&line).collect();
    if more > 0 {
        lines.push(format!("… and {} more", text::number(more)));
    }
    lines
}

/// `ui/button: pattern matches no file`.
fn about(found: &Diagnostic) -> String {
    let message = text::plain(&found.message);
    match &found.asset {
        Some(asset) => {
            let name = asset.address.as_ref().map_or(&*asset.root, |address| address.as_str());
            format!("{}: {message}", text::plain(name))
        }
        None => message.into_owned(),
    }
}

/// ` (assets/ui/button/asset.json:3:15)`.
fn place(found: &Diagnostic) -> String {
    let Some(location) = &found.location else { return String::new() };
    let path = text::plain(location.path.as_str());
    match location.place {
        Some(place) => format!(" ({path}:{}:{})", place.line, place.column),
        None => format!(" ({path})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use packwright::diagnose::Code;

    const PLAIN: Paint = Paint { colored: false };

    #[test]
    fn a_finding_is_said_when_it_comes_and_when_it_clears_and_not_between() {
        let found = [Diagnostic::new(Code::S203, "no file")];
        let mut findings = Findings::default();
        assert_eq!(findings.structural(&found, PLAIN), ["error[S203] no file"]);
        assert_eq!(findings.structural(&found, PLAIN), [""; 0]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings.structural(&[], PLAIN), ["cleared[S203] no file"]);
    }

    #[test]
    fn what_a_build_finds_stays_until_another_build_does_not() {
        let (structural, content) = (Diagnostic::new(Code::S203, "no file"), Diagnostic::new(Code::S210, "broken"));
        let mut findings = Findings::default();
        findings.structural(std::slice::from_ref(&structural), PLAIN);
        assert_eq!(findings.of_build(&[structural, content], PLAIN), ["error[S210] broken"]);
        assert_eq!(findings.structural(&[], PLAIN), ["cleared[S203] no file"]);
        assert_eq!(findings.of_build(&[], PLAIN), ["cleared[S210] broken"]);
    }

    #[test]
    fn many_findings_at_once_are_counted() {
        let found: Vec<_> = (0..25).map(|n| Diagnostic::new(Code::S203, format!("{n}"))).collect();
        let lines = Findings::default().structural(&found, PLAIN);
        assert_eq!((lines.len(), lines.last().map(String::as_str)), (21, Some("… and 5 more")));
    }
}
