//! Numbers, and words of the wire, as people read them.

use std::time::Duration;

use serde::Serialize;

const BINARY_UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// `1,204`.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 asset`, `1,204 assets`. The plural of a noun that ends in `y` after a consonant ends in `ies`.
pub(crate) fn count(n: u64, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if n == 1 => format!("1 {noun}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{} {stem}ies", number(n)),
        _ => format!("{} {noun}s", number(n)),
    }
}

/// `812 B`, `18.0 KiB`, `4.2 GiB`.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
pub(crate) fn bytes(n: u64) -> String {
    if n < 1024 {
        return format!("{n} B");
    }
    let mut scaled = n as f64 / 1024.0;
    let mut unit = 0;
    // 1023.95 would print as `1024.0` of the smaller unit.
    while scaled >= 1023.95 && unit + 1 < BINARY_UNITS.len() {
        scaled /= 1024.0;
        unit += 1;
    }
    format!("{scaled:.1} {}", BINARY_UNITS[unit])
}

/// The word that JSON has for a value of an enum.
pub(crate) fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A time of the wire without its fraction of a second, `2026-11-22T18:34:49Z`.
pub(crate) fn moment(timestamp: &str) -> String {
    match timestamp.split_once('.') {
        Some((seconds, fraction)) => seconds.to_owned() + fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => timestamp.to_owned(),
    }
}

/// `7 ms`, `1.42 s`, `12.3 s`, `4 min 05 s`.
pub(crate) fn elapsed(milliseconds: u64) -> String {
    let time = Duration::from_millis(milliseconds);
    let seconds = time.as_secs();
    match seconds {
        0 => format!("{milliseconds} ms"),
        1..10 => format!("{:.2} s", time.as_secs_f64()),
        10..60 => format!("{:.1} s", time.as_secs_f64()),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_in_threes() {
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_noun_follows_its_number() {
        assert_eq!(count(1, "asset"), "1 asset");
        assert_eq!(count(0, "asset"), "0 assets");
        assert_eq!(count(2, "entry"), "2 entries");
        assert_eq!(count(2, "key"), "2 keys");
    }

    #[test]
    fn bytes_change_unit_before_they_reach_four_digits() {
        let shown = [0, 1023, 1024, 1_048_575, 1_048_576, u64::MAX].map(bytes);
        assert_eq!(shown, ["0 B", "1023 B", "1.0 KiB", "1.0 MiB", "1.0 MiB", "16.0 EiB"]);
    }

    #[test]
    fn a_time_loses_its_fraction_and_keeps_its_zone() {
        assert_eq!(moment("2026-11-22T18:34:49.818103206Z"), "2026-11-22T18:34:49Z");
        assert_eq!(moment("2026-11-22T18:34:49.8+01:00"), "2026-11-22T18:34:49+01:00");
        assert_eq!(moment("now"), "now");
    }

    #[test]
    fn time_gets_coarser_as_it_grows() {
        assert_eq!([7, 9_990, 12_340, 245_000].map(elapsed), ["7 ms", "9.99 s", "12.3 s", "4 min 05 s"]);
    }
}
