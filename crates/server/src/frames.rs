//! Events as streams send them, written once for however many streams there are.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use packwright::event::Event;
use packwright::value::RunId;

/// How many frames are kept: streams that keep up are this close together.
const KEPT: usize = 64;

/// The frames of the last events that any stream sent.
pub(crate) struct Frames {
    run_id: RunId,
    /// The newest last. An event is known by its place in memory, which it keeps as long as it is here: one that a full
    /// ring made of several is another, though its cursor may be the same.
    recent: Mutex<VecDeque<(Arc<Event>, Arc<str>)>>,
}

impl Frames {
    pub(crate) fn new(run_id: RunId) -> Self {
        Self { run_id, recent: Mutex::default() }
    }

    /// The event as a frame of a stream: its id, and its JSON on one line.
    pub(crate) fn of(&self, event: &Arc<Event>) -> Arc<str> {
        let recent = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let known = recent().iter().rev().find(|(one, _)| Arc::ptr_eq(one, event)).map(|(_, frame)| Arc::clone(frame));
        known.unwrap_or_else(|| {
            let frame = self.write(event);
            let mut recent = recent();
            recent.push_back((Arc::clone(event), Arc::clone(&frame)));
            let oldest = if recent.len() > KEPT { recent.pop_front() } else { None };
            drop(recent);
            drop(oldest);
            frame
        })
    }

    fn write(&self, event: &Event) -> Arc<str> {
        let mut frame = String::new();
        // An event always has a JSON form.
        if let Ok(data) = serde_json::to_string(event) {
            let _ = write!(frame, "id: {}:{}\ndata: {data}\n\n", self.run_id, event.cursor);
        }
        frame.into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(cursor: u64, summary: &str) -> Arc<Event> {
        let event = json!({
            "project_id": "01990000-0000-7000-8000-000000000001",
            "operation_id": "01990000-0000-7000-8000-000000000002",
            "sequence": 1, "cursor": cursor, "kind": "build_started", "timestamp": "2026-11-22T15:04:05.123Z",
            "summary": summary, "terminal": false, "revision": null, "cause": null, "progress": null,
            "affected_assets": [], "payload": {},
        });
        Arc::new(serde_json::from_value(event).expect("an event"))
    }

    #[test]
    fn an_event_is_written_once_and_one_that_stands_for_several_is_another() {
        let frames = Frames::new(RunId::mint());
        let (one, merged) = (event(7, "one"), event(7, "two of them"));
        let frame = frames.of(&one);
        assert!(Arc::ptr_eq(&frame, &frames.of(&one)));
        assert!(frame.starts_with(&format!("id: {}:7\ndata: {{", frames.run_id)) && frame.ends_with("}\n\n"));
        assert!(frames.of(&merged).contains("two of them"));
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_was_let_go_is_written_again() {
        let frames = Frames::new(RunId::mint());
        let first = event(0, "first");
        let frame = frames.of(&first);
        for cursor in 1..=KEPT as u64 {
            frames.of(&event(cursor, "later"));
        }
        assert_eq!(frames.recent.lock().expect("nobody panicked").len(), KEPT);
        assert_eq!(*frames.of(&first), *frame);
    }
}
