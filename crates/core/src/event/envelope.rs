//! The envelope: what every event carries, in the shape every surface shows.

use std::borrow::Cow;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Kind, MAX_LISTED};
use crate::value::{AssetRef, OperationId, ProjectId};

/// What an event says beyond its envelope, by field. [`Kind`] decides which fields there are.
pub type Payload = serde_json::Map<String, Value>;

/// One thing that happened in one operation on one project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// The project; the nil UUID in a `stream_gap` that is about every project of its stream.
    #[schemars(with = "Uuid")]
    pub project_id: ProjectId,
    /// The operation, the same for its whole life.
    #[schemars(with = "Uuid")]
    pub operation_id: OperationId,
    /// Its number within the operation: 1, 2, 3, …
    pub sequence: u64,
    /// Its place among everything on the bus, within one run.
    pub cursor: u64,
    /// What happened.
    #[schemars(with = "String")]
    pub kind: Kind,
    /// When, to the millisecond.
    #[serde(serialize_with = "to_milliseconds")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub timestamp: Timestamp,
    /// What happened, in a few words for people.
    pub summary: String,
    /// Whether this is the operation's last event.
    pub terminal: bool,
    /// The revision that a reader finds, or will find, this in; null where it has none.
    pub revision: Option<u64>,
    /// The event that brought this operation about, where the packer knows it.
    pub cause: Option<Cause>,
    /// How far the operation has come; null in all kinds but `progress_updated`.
    pub progress: Option<Progress>,
    /// The assets it is about; the first 1,000.
    #[schemars(length(max = MAX_LISTED))]
    pub affected_assets: Vec<AssetRef>,
    /// What else it says.
    pub payload: Payload,
}

fn to_milliseconds<S: serde::Serializer>(timestamp: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{timestamp:.3}"))
}

impl Event {
    /// How many published events this one stands for: 1, or more after a full ring merged some into it.
    #[must_use]
    pub fn merged(&self) -> u64 {
        self.number("merged").unwrap_or(1).max(1)
    }

    /// The payload as one of the types in [`payload`](super::payload), or as the reader's own.
    ///
    /// # Errors
    /// Where the kind has another payload.
    pub fn payload_as<P: DeserializeOwned>(&self) -> Result<P, serde_json::Error> {
        P::deserialize(&self.payload)
    }

    /// This event, as the cause of another operation.
    #[must_use]
    pub fn as_cause(&self) -> Cause {
        Cause { operation_id: self.operation_id, sequence: self.sequence }
    }

    pub(super) fn number(&self, field: &str) -> Option<u64> {
        self.payload.get(field).and_then(Value::as_u64)
    }

    /// About how many bytes of memory it takes. The texts in its assets are the snapshot's and shared.
    pub(super) fn weight(&self) -> usize {
        let assets = self.affected_assets.len() * size_of::<AssetRef>();
        size_of::<Self>() + self.summary.len() + assets + fields_weight(&self.payload)
    }
}

fn value_weight(value: &Value) -> usize {
    let inside = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(list) => list.iter().map(value_weight).sum(),
        Value::Object(fields) => fields_weight(fields),
    };
    size_of::<Value>() + inside
}

fn fields_weight(fields: &Payload) -> usize {
    // A map takes its memory in nodes, of which the first is there for one field already.
    const FIELDS_A_NODE: usize = 11;
    const NODE: usize = FIELDS_A_NODE * (size_of::<String>() + size_of::<Value>());
    let texts: usize = fields.iter().map(|(key, value)| key.len() + value_weight(value)).sum();
    fields.len().div_ceil(FIELDS_A_NODE) * NODE + texts
}

/// The event that brought an operation about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// The operation that said it.
    #[schemars(with = "Uuid")]
    pub operation_id: OperationId,
    /// Its number in there.
    pub sequence: u64,
}

/// How far one phase of an operation has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Progress {
    /// What is being done (`scan`, `import`, …). A phase runs once in an operation.
    pub phase: Cow<'static, str>,
    /// How much of it is done; only grows.
    pub done: u64,
    /// How much there is to do; 0 while nobody knows.
    pub total: u64,
    /// Bytes done; 0 where bytes are not counted.
    pub bytes_done: u64,
    /// Bytes to do; 0 where bytes are not counted or nobody knows.
    pub bytes_total: u64,
}

impl Progress {
    /// `done` of `total` in `phase`.
    #[must_use]
    pub const fn new(phase: &'static str, done: u64, total: u64) -> Self {
        Self { phase: Cow::Borrowed(phase), done, total, bytes_done: 0, bytes_total: 0 }
    }

    /// The same, with bytes.
    #[must_use]
    pub fn with_bytes(self, done: u64, total: u64) -> Self {
        Self { bytes_done: done, bytes_total: total, ..self }
    }

    pub(super) const fn is_complete(&self) -> bool {
        self.total > 0 && self.done >= self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn documented() -> Value {
        json!({
            "project_id": "01990000-0000-7000-8000-000000000001",
            "operation_id": "01990000-0000-7000-8000-000000000002",
            "sequence": 3, "cursor": 1207, "kind": "progress_updated",
            "timestamp": "2026-11-22T15:04:05.123Z", "summary": "import: 1,200 of 5,000", "terminal": false,
            "revision": 42, "cause": {"operation_id": "01990000-0000-7000-8000-000000000003", "sequence": 1},
            "progress": {"phase": "import", "done": 1200, "total": 5000, "bytes_done": 1, "bytes_total": 2},
            "affected_assets": [{"asset_id": 7, "address": "ui/button", "root": "ui/button"}],
            "payload": {"merged": 4},
        })
    }

    #[test]
    fn env_1_an_event_has_the_documented_fields_and_reads_back() {
        let event: Event = serde_json::from_value(documented()).expect("an event");
        assert_eq!(event.kind, Kind::ProgressUpdated);
        assert_eq!(&*event.affected_assets[0].root, "ui/button");
        assert_eq!(serde_json::to_value(&event).expect("JSON"), documented());
    }

    #[test]
    fn what_does_not_apply_is_null_and_not_left_out() {
        let mut text = documented();
        for field in ["revision", "cause", "progress"] {
            text[field] = Value::Null;
        }
        let event: Event = serde_json::from_value(text.clone()).expect("an event");
        assert_eq!(event.progress, None);
        assert_eq!(serde_json::to_value(&event).expect("JSON"), text);
    }

    #[test]
    fn a_timestamp_is_in_utc_and_has_three_digits_of_a_second() {
        let mut text = documented();
        text["timestamp"] = "2026-11-22T16:04:05+01:00".into();
        let event: Event = serde_json::from_value(text).expect("an event");
        assert_eq!(serde_json::to_value(&event).expect("JSON")["timestamp"], "2026-11-22T15:04:05.000Z");
    }

    #[test]
    fn an_event_weighs_what_its_lists_hold() {
        let light: Event = serde_json::from_value(documented()).expect("an event");
        let mut heavy = light.clone();
        heavy.payload.insert("list".to_owned(), json!([["x".repeat(5_000)], {"k": "y".repeat(5_000)}]));
        assert!(heavy.weight() > light.weight() + 10_000);
    }
}
