//! H311: an entry that has been in quarantine for long.

use std::time::SystemTime;

use jiff::Timestamp;

use super::{NotChecked, Premises, at, count};
use crate::diagnose::{Code, Diagnostic, Fix};

/// How many days an entry may wait.
const DAYS: u64 = 30;

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    for entry in &premises.ground.snapshot.quarantine.entries {
        let days = days_since(&entry.since, premises.now);
        if days > DAYS {
            let days = count(usize::try_from(days).unwrap_or(0), "day", "days");
            let message = format!("`{}` has been in quarantine for {days}", entry.entry_id);
            let id = &entry.entry_id;
            let help = format!(
                "restore it with `packwright quarantine restore {id}`, or delete it for good with `purge {id}`"
            );
            let made = at(Code::H311, entry.folder(), message).with_help(help);
            found.push(made.with_fix(Fix::shown("restore or purge it")).known_by(id));
        }
    }
    Ok(())
}

/// Whole days; none where the time does not read, or is still to come.
fn days_since(since: &str, now: SystemTime) -> u64 {
    let since = since.parse::<Timestamp>().map(SystemTime::from);
    let age = since.ok().and_then(|since| now.duration_since(since).ok());
    age.map_or(0, |age| age.as_secs() / (24 * 60 * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_what_does_not_read_is_of_today() {
        let now = SystemTime::from("2026-11-22T12:00:00Z".parse::<Timestamp>().expect("a time"));
        assert_eq!(days_since("2026-10-23T12:00:00Z", now), 30);
        assert_eq!(days_since("2026-10-23T12:00:01Z", now), 29);
        for since in ["", "yesterday", "2027-01-01T00:00:00Z"] {
            assert_eq!(days_since(since, now), 0, "{since}");
        }
    }
}
