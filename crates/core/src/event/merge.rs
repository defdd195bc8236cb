//! Merging: two events of one operation and one kind become one that stands for both.
//!
//! The newer event gives the envelope. Counts add up, lists grow to [`MAX_LISTED`], everything else is what the newer
//! one said last.

use serde_json::Value;

use super::notice::counted_summary;
use super::{Event, MAX_LISTED, Payload};
use crate::sync::Arc;

/// `older` and `newer` as one event in the place of `newer`.
pub(super) fn merge(older: Arc<Event>, newer: &Event) -> Event {
    let merged = older.merged().saturating_add(newer.merged());
    // A merged event is seldom shared yet, so its long list is moved and not copied.
    let older = Arc::unwrap_or_clone(older);
    let mut event = newer.clone();
    if newer.kind.is_counted() {
        let count = count(&older).saturating_add(count(newer));
        event.payload.insert("count".to_owned(), count.into());
        event.summary = counted_summary(newer.kind, count);
    }
    join_reasons(&mut event.payload, older.payload);
    event.affected_assets = joined(older.affected_assets, &newer.affected_assets);
    event.payload.insert("merged".to_owned(), merged.into());
    event
}

fn count(event: &Event) -> u64 {
    event.number("count").unwrap_or(event.affected_assets.len() as u64)
}

fn join_reasons(payload: &mut Payload, mut older: Payload) {
    if let Some(Value::Array(first)) = older.remove("reasons") {
        let second = payload.get("reasons").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let reasons = joined(first, second);
        payload.insert("reasons".to_owned(), reasons.into());
    }
}

fn joined<T: Clone>(mut first: Vec<T>, second: &[T]) -> Vec<T> {
    let room = MAX_LISTED.saturating_sub(first.len());
    first.extend(second.iter().take(room).cloned());
    first
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{asset, event};
    use super::super::{Kind, Progress};
    use super::*;
    use serde_json::json;

    fn miss(sequence: u64, root: &'static str) -> Event {
        let mut event = event(Kind::CacheMiss, sequence);
        event.affected_assets = vec![asset(root)];
        event.payload = json!({"count": 2, "reasons": [{"root": root}]}).as_object().cloned().expect("an object");
        event
    }

    #[test]
    fn ord_2_merged_progress_is_the_newest_and_says_how_many() {
        let mut newer = event(Kind::ProgressUpdated, 5);
        newer.progress = Some(Progress::new("import", 9, 10));
        let both = merge(event(Kind::ProgressUpdated, 4).into(), &newer);
        assert_eq!((both.sequence, both.merged()), (5, 2));
        assert_eq!((both.progress, both.summary), (newer.progress, newer.summary));
    }

    #[test]
    fn merged_misses_add_their_counts_assets_and_reasons() {
        let both = merge(miss(1, "a").into(), &miss(2, "b"));
        let all = merge(both.into(), &miss(3, "c"));
        assert_eq!(all.payload["count"], 6);
        assert_eq!(all.payload["reasons"], json!([{"root": "a"}, {"root": "b"}, {"root": "c"}]));
        assert_eq!(all.affected_assets, [asset("a"), asset("b"), asset("c")]);
        assert_eq!(all.merged(), 3);
        assert_eq!(all.summary, "6 imports not in the cache");
    }

    #[test]
    fn merged_lists_stay_within_the_limit_while_the_count_goes_on() {
        let mut older = event(Kind::AssetChanged, 1);
        older.affected_assets = vec![asset("a"); MAX_LISTED];
        let mut newer = event(Kind::AssetChanged, 2);
        newer.affected_assets = vec![asset("b")];
        let both = merge(older.into(), &newer);
        assert_eq!(both.affected_assets.len(), MAX_LISTED);
        assert_eq!(both.payload["count"], 1_001);
    }
}
