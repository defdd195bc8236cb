//! Which of the bytes of some content are asked for.

use axum::http::{HeaderMap, HeaderName, header};

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// All.
    Whole,
    /// From the first to the last of these.
    Part(u64, u64),
    /// Bytes that there are not.
    Outside,
    /// The client has them.
    Nothing,
}

/// What the headers ask for, of content with that tag and length.
pub(super) fn asked(headers: &HeaderMap, tag: &str, length: u64) -> Asked {
    let said = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let names_tag =
        |list: &str| list.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag);
    if said(header::IF_NONE_MATCH).is_some_and(names_tag) {
        return Asked::Nothing;
    }
    if said(header::IF_RANGE).is_some_and(|known| known != tag) {
        return Asked::Whole;
    }
    match said(header::RANGE).and_then(|range| range.strip_prefix("bytes=")).map(|range| part(range, length)) {
        Some(Some(part)) => part,
        // Not of a form that is known, which is to be passed over.
        Some(None) | None => Asked::Whole,
    }
}

fn part(range: &str, length: u64) -> Option<Asked> {
    let (from, to) = range.trim().split_once('-')?;
    if from.is_empty() {
        let last: u64 = to.parse().ok()?;
        let from = length.saturating_sub(last);
        return Some(if last == 0 || length == 0 { Asked::Outside } else { Asked::Part(from, length - 1) });
    }
    let from: u64 = from.parse().ok()?;
    let to = if to.is_empty() { u64::MAX } else { to.parse().ok()? };
    match to.min(length.saturating_sub(1)) {
        _ if to < from => None,
        _ if from >= length => Some(Asked::Outside),
        to => Some(Asked::Part(from, to)),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(name: HeaderName, value: &'static str) -> Asked {
        asked(&HeaderMap::from_iter([(name, HeaderValue::from_static(value))]), "\"tag\"", 10)
    }

    #[test]
    fn one_range_is_understood_and_what_is_not_understood_is_all() {
        for (range, expected) in [
            ("bytes=0-3", Asked::Part(0, 3)),
            ("bytes=4-", Asked::Part(4, 9)),
            ("bytes=4-99", Asked::Part(4, 9)),
            ("bytes=-3", Asked::Part(7, 9)),
            ("bytes=-99", Asked::Part(0, 9)),
            ("bytes=9-9", Asked::Part(9, 9)),
            ("bytes=10-", Asked::Outside),
            ("bytes=-0", Asked::Outside),
            ("bytes=3-1", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("bytes=99999999999999999999-", Asked::Whole),
            ("lines=0-3", Asked::Whole),
            ("bytes=", Asked::Whole),
        ] {
            assert_eq!(of(header::RANGE, range), expected, "{range}");
        }
    }

    #[test]
    fn who_has_the_content_is_sent_nothing() {
        assert_eq!(of(header::IF_NONE_MATCH, "\"other\", W/\"tag\""), Asked::Nothing);
        assert_eq!(of(header::IF_NONE_MATCH, "\"other\""), Asked::Whole);
    }

    #[test]
    fn nothing_of_no_bytes_can_be_asked_for() {
        let headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static("bytes=0-0"))]);
        assert_eq!(asked(&headers, "\"tag\"", 0), Asked::Outside);
    }
}
