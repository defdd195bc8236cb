//! What happened to assets, collected for each operation and said when it ends: a line each, or one for many.

use std::collections::HashMap;

use packwright::event::payload::AssetsSeen;
use packwright::event::{Event, Kind};
use packwright::value::{AssetRef, OperationId};

use crate::text::{self, Paint};

/// How many assets of one operation and kind have a line each.
const SINGLY: u64 = 10;
/// How many of more than these are named.
const NAMED: usize = 3;

/// What is collected.
pub(super) struct Changes {
    /// What was so at this revision was no change.
    known: u64,
    open: HashMap<OperationId, [Seen; 3]>,
}

/// The assets of one kind of change.
#[derive(Default)]
struct Seen {
    count: u64,
    /// The first of them.
    names: Vec<String>,
}

impl Changes {
    /// Of what was published after `revision`.
    pub(super) fn after(revision: u64) -> Self {
        Self { known: revision, open: HashMap::new() }
    }

    /// Takes in an event; the lines of the operation that it ends.
    pub(super) fn hear(&mut self, event: &Event, paint: Paint) -> Vec<String> {
        if event.kind == Kind::StreamGap {
            self.open.clear();
        }
        if let Some(kind) = index(event.kind)
            && event.revision.is_none_or(|revision| revision > self.known)
        {
            self.open.entry(event.operation_id).or_default()[kind].add(event);
        }
        match self.open.remove(&event.operation_id) {
            Some(seen) if event.terminal => {
                seen.iter().zip(WORDS).flat_map(|(seen, word)| seen.lines(word, paint)).collect()
            }
            Some(seen) => {
                self.open.insert(event.operation_id, seen);
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}

const WORDS: [&str; 3] = ["discovered", "changed", "removed"];

fn index(kind: Kind) -> Option<usize> {
    match kind {
        Kind::AssetDiscovered => Some(0),
        Kind::AssetChanged => Some(1),
        Kind::AssetRemoved => Some(2),
        _ => None,
    }
}

impl Seen {
    fn add(&mut self, event: &Event) {
        let said: Option<AssetsSeen> = event.payload_as().ok();
        self.count += said.and_then(|said| said.count).unwrap_or(event.affected_assets.len() as u64);
        let room = SINGLY as usize - self.names.len();
        self.names.extend(event.affected_assets.iter().take(room).map(name));
    }

    fn lines(&self, word: &str, paint: Paint) -> Vec<String> {
        if self.count <= SINGLY {
            return self.names.iter().map(|name| format!("{} {name}", paint.bold(word))).collect();
        }
        let (n, names) = (text::number(self.count), self.names[..NAMED.min(self.names.len())].join(", "));
        vec![format!("{} {n} assets: {names}, …", paint.bold(word))]
    }
}

/// The address; the root, where there is none, or where it may be another's since the asset is not registered.
fn name(asset: &AssetRef) -> String {
    let root = text::plain(&asset.root);
    match (asset.asset_id, &asset.address) {
        (Some(_), Some(address)) => address.to_string(),
        (Some(_), None) => root.into_owned(),
        (None, _) => format!("{root} (not registered)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(kind: &str, revision: u64, terminal: bool, root: &str, count: Option<u64>) -> Event {
        let payload = count.map_or_else(|| json!({}), |count| json!({"count": count}));
        serde_json::from_value(json!({
            "project_id": "01990000-0000-7000-8000-000000000001",
            "operation_id": "01990000-0000-7000-8000-000000000002",
            "sequence": 1, "cursor": 1, "kind": kind, "timestamp": "2026-11-22T15:04:05.123Z", "summary": "",
            "terminal": terminal, "revision": revision, "cause": null, "progress": null,
            "affected_assets": [{"asset_id": null, "address": null, "root": root}], "payload": payload,
        }))
        .expect("an event")
    }

    fn said(events: &[Event]) -> Vec<String> {
        let mut changes = Changes::after(2);
        events.iter().flat_map(|event| changes.hear(event, Paint { colored: false })).collect()
    }

    #[test]
    fn few_changes_have_a_line_each_once_their_operation_ends() {
        let changed = event("asset_changed", 3, false, "b", None);
        let end = event("reconcile_finished", 3, true, "", None);
        assert!(said(std::slice::from_ref(&changed)).is_empty());
        assert_eq!(
            said(&[changed, event("asset_removed", 3, false, "a", None), end]),
            ["changed b (not registered)", "removed a (not registered)"]
        );
    }

    #[test]
    fn many_changes_are_one_line() {
        let mut events: Vec<_> = (0..9).map(|n| event("asset_changed", 3, false, &n.to_string(), None)).collect();
        events.push(event("asset_changed", 3, false, "many", Some(2_000)));
        events.push(event("reconcile_finished", 3, true, "", None));
        assert_eq!(
            said(&events),
            ["changed 2,009 assets: 0 (not registered), 1 (not registered), 2 (not registered), …"]
        );
    }

    #[test]
    fn what_was_known_at_the_start_is_no_change() {
        let events = [event("asset_discovered", 2, false, "a", None), event("reconcile_finished", 2, true, "", None)];
        assert!(said(&events).is_empty());
    }
}
