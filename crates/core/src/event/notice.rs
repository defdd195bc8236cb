//! A notice: what an operation has to say, before the reporter numbers it and the bus gives it a place.
//!
//! Lists are cut here, at one place, so that no event grows past what a ring and a page can carry.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::payload::{LockHolder, ProgressUpdated};
use super::{Event, Kind, MAX_LISTED, Payload, Progress};
use crate::value::{AssetRef, OperationId, ProjectId};

/// Something to say.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a notice says nothing until a reporter emits it"]
pub struct Notice {
    pub(super) kind: Kind,
    pub(super) summary: String,
    pub(super) revision: Option<u64>,
    pub(super) progress: Option<Progress>,
    pub(super) affected_assets: Vec<AssetRef>,
    pub(super) payload: Payload,
}

impl Notice {
    /// A notice of this kind; `summary` says it in a few words for people.
    pub fn new(kind: Kind, summary: impl Into<String>) -> Self {
        let summary = summary.into();
        Self { kind, summary, revision: None, progress: None, affected_assets: Vec::new(), payload: Payload::new() }
    }

    /// Says the [payload](super::payload) of its kind. Lists are cut as by [`with`](Self::with).
    pub fn payload(self, said: &impl Serialize) -> Self {
        let Ok(Value::Object(fields)) = serde_json::to_value(said) else {
            debug_assert!(false, "BUG: the payload of {} is no object", self.kind);
            return self;
        };
        fields.into_iter().fold(self, |notice, (field, value)| notice.with(&field, value))
    }

    /// Adds one field to the payload. A list past [`MAX_LISTED`] is cut, and `<field>_total` says how long it was.
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        let mut value = value.into();
        if let Value::Array(list) = &mut value {
            self.cut(field, list);
        }
        self.payload.insert(field.to_owned(), value);
        self
    }

    /// Names the assets it is about. A list past [`MAX_LISTED`] is cut; the payload says how long it was, as
    /// `affected_assets_total`. Events of assets and of the cache say it as `count`, wherever it is not 1.
    pub fn about(mut self, mut assets: Vec<AssetRef>) -> Self {
        if self.kind.is_counted() {
            if assets.len() != 1 {
                self.payload.entry("count").or_insert_with(|| assets.len().into());
            }
            assets.truncate(MAX_LISTED);
        } else {
            self.cut("affected_assets", &mut assets);
        }
        self.affected_assets = assets;
        self
    }

    /// Names the revision it belongs to.
    pub fn at_revision(self, revision: u64) -> Self {
        Self { revision: Some(revision), ..self }
    }

    /// How far an operation has come.
    pub(super) fn of_progress(progress: Progress) -> Self {
        let summary = match progress.total {
            0 => format!("{}: {}", progress.phase, grouped(progress.done)),
            total => format!("{}: {} of {}", progress.phase, grouped(progress.done), grouped(total)),
        };
        Self { progress: Some(progress), ..Self::new(Kind::ProgressUpdated, summary) }
    }

    /// For whom an operation waits.
    pub(super) fn of_waiting(holder: &LockHolder) -> Self {
        let LockHolder { pid, host, service } = holder;
        let summary = format!("waits for {service} by process {pid} on {host}");
        let said = ProgressUpdated { waiting_for: Some(holder.clone()) };
        Self { summary, ..Self::of_progress(Progress::new("wait", 0, 0)) }.payload(&said)
    }

    /// The event that this notice becomes, but for its cursor, which the bus gives.
    pub(super) fn into_event(
        self,
        project_id: ProjectId,
        operation_id: OperationId,
        sequence: u64,
        now: Timestamp,
    ) -> Event {
        Event {
            project_id,
            operation_id,
            sequence,
            cursor: 0,
            kind: self.kind,
            timestamp: in_milliseconds(now),
            summary: self.summary,
            terminal: false,
            revision: self.revision,
            cause: None,
            progress: self.progress,
            affected_assets: self.affected_assets,
            payload: self.payload,
        }
    }

    fn cut<T>(&mut self, field: &str, list: &mut Vec<T>) {
        if list.len() > MAX_LISTED {
            self.payload.insert(format!("{field}_total"), list.len().into());
            list.truncate(MAX_LISTED);
        }
    }
}

/// The time as events spell it, so that an event equals what is read back from its JSON.
fn in_milliseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}

/// The summary of an event that stands for `count` assets or imports.
pub(super) fn counted_summary(kind: Kind, count: u64) -> String {
    let (one, many, what) = match kind {
        Kind::AssetDiscovered => ("asset", "assets", "discovered"),
        Kind::AssetChanged => ("asset", "assets", "changed"),
        Kind::AssetRemoved => ("asset", "assets", "removed"),
        Kind::CacheHit => ("import", "imports", "found in the cache"),
        Kind::CacheMiss => ("import", "imports", "not in the cache"),
        other => ("event", "events", other.as_str()),
    };
    format!("{} {} {what}", grouped(count), if count == 1 { one } else { many })
}

/// A number with a comma at each third digit.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{asset, operation, project};
    use super::*;

    #[test]
    fn a_list_past_the_limit_is_cut_and_says_how_long_it_was() {
        let actions: Vec<Value> = (0..1_200).map(Value::from).collect();
        let notice =
            Notice::new(Kind::ActionApplied, "applied").with("actions", actions).about(vec![asset("a"); 1_001]);
        assert_eq!(notice.payload["actions"].as_array().map(Vec::len), Some(1_000));
        assert_eq!(notice.payload["actions_total"], 1_200);
        assert_eq!(notice.affected_assets.len(), 1_000);
        assert_eq!(notice.payload["affected_assets_total"], 1_001);
    }

    #[test]
    fn a_list_at_the_limit_is_whole_and_has_no_total() {
        let notice = Notice::new(Kind::ActionApplied, "applied").about(vec![asset("a"); 1_000]);
        assert_eq!(notice.affected_assets.len(), 1_000);
        assert!(notice.payload.is_empty());
    }

    #[test]
    fn an_event_equals_what_is_read_back_from_its_json() {
        let now = Timestamp::from_nanosecond(1_795_359_845_123_456_789).expect("a time");
        let event = Notice::new(Kind::BuildStarted, "built").into_event(project(1), operation(1), 1, now);
        let text = serde_json::to_string(&event).expect("JSON");
        assert_eq!(serde_json::from_str::<Event>(&text).expect("an event"), event);
    }

    #[test]
    fn progress_says_how_far_in_words() {
        let said = |done, total| Notice::of_progress(Progress::new("import", done, total)).summary;
        assert_eq!(said(1_200, 5_000_000), "import: 1,200 of 5,000,000");
        assert_eq!(said(999, 0), "import: 999");
        assert_eq!(said(100_000, 0), "import: 100,000");
    }
}
