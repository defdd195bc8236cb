//! H311: an entry that has been in quarantine for long.

use jiff::civil::Date;

use super::{NotChecked, Premises, at, count};
use crate::diagnose::{Code, Diagnostic, Fix};
use crate::fs::FileKind;
use crate::value::RelPath;
use crate::workspace::layout;

/// How many days an entry may wait.
const DAYS: i32 = 30;

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    let quarantine = RelPath::literal(layout::QUARANTINE);
    let entries = match premises.fs.read_dir(&quarantine) {
        Err(error) if error.is_absent() => return Ok(()),
        other => other?,
    };
    let now = jiff::Timestamp::try_from(premises.now).map_err(|error| NotChecked(format!("the clock: {error}")))?;
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    for entry in entries.iter().filter(|entry| entry.is_utf8 && entry.stat.kind == FileKind::Dir) {
        let Some(since) = since(&entry.name) else { continue };
        let days = today.since(since).map_or(0, |span| span.get_days());
        if days > DAYS {
            let path = quarantine.entry(&entry.name);
            let days = count(usize::try_from(days).unwrap_or(0), "day", "days");
            let message = format!("`{}` has been in quarantine for {days}", entry.name);
            let help = "restore it, or purge it for good";
            let made = at(Code::H311, path, message).with_help(help).with_fix(Fix::shown("restore or purge it"));
            found.push(made.known_by(&entry.name));
        }
    }
    Ok(())
}

/// The day on which an entry was made: its name begins with it.
fn since(name: &str) -> Option<Date> {
    name.get(..10)?.parse().ok().filter(|_| name.as_bytes().get(10) == Some(&b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_in_its_name_since_when_it_waits() {
        assert_eq!(since("2026-11-22-ui-button-7f3a"), Some(Date::constant(2026, 11, 22)));
        for name in ["2026-13-01-x", "2026-11-22", "notes", "2026-11-22x", "caf\u{e9}s-und-mehr"] {
            assert_eq!(since(name), None, "{name}");
        }
    }
}
