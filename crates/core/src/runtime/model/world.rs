//! What everyone sees of the toy project: a disk of two words that must agree and a count of files, and what is published
//! of it; and what must be true of that at every moment.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::super::published::Published;
use super::super::state;
use super::{project_id, sight};
use crate::event::{Event, Reporter};
use crate::service::View;
use crate::snapshot::{Known, Setting, Snapshot, State};
use crate::sync::{Mutex, lock};
use crate::value::RelPath;
use crate::workspace::Settings;

/// What is published: what the runtime publishes too, and what the toy's files say.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) view: View,
    pub(super) words: [u64; 2],
    pub(super) files: u64,
}

pub(super) struct World {
    pub(super) words: [Mutex<u64>; 2],
    pub(super) files: Mutex<u64>,
    pub(super) published: Published<Shown>,
    pub(super) ghost: Ghost,
}

/// Kept beside the model without a scheduling point of its own.
#[derive(Default)]
pub(super) struct Ghost {
    /// Lifecycle events that were said.
    said: AtomicU64,
    /// Snapshots that were published after the first.
    pub(super) revisions: AtomicU64,
    pub(super) reconciling: AtomicU64,
    /// Even between commits, odd from a commit's first write to its last.
    pub(super) commits: AtomicU64,
    pub(super) read_torn: AtomicBool,
    told_stale: AtomicBool,
}

impl Shown {
    /// Nothing read yet, of a project whose settings read.
    fn nothing() -> Self {
        let settings = Settings::parse(&Settings::initial(project_id(), "toy", &RelPath::literal("assets")));
        let setting =
            Setting { settings: Ok(settings.expect("they are those of every new project")), ..Setting::default() };
        let snapshot = Snapshot::new(Known { setting: setting.into(), ..Known::default() });
        Self { view: View { snapshot, ..View::default() }, words: [0; 2], files: 0 }
    }

    pub(super) fn revision(&self) -> u64 {
        self.view.snapshot.revision
    }

    pub(super) fn set_revision(&mut self, revision: u64) {
        self.view.snapshot = Snapshot::new(Known { revision, ..Known::clone(&self.view.snapshot) });
    }

    /// Takes away the marks with this code.
    pub(super) fn unmark(&mut self, code: &str) {
        self.view.marks.0.retain(|mark| mark.reason.code != code);
    }

    pub(super) fn is_marked(&self, code: &str) -> bool {
        self.view.state.reasons.iter().any(|reason| reason.code == code)
    }
}

impl Ghost {
    /// So many lifecycle events are said by this voice.
    pub(super) fn note(&self, reporter: &Reporter, lifecycle: u64) {
        let is_heard = reporter.operation_id().is_some();
        self.said.fetch_add(if is_heard { lifecycle } else { 0 }, Ordering::SeqCst);
    }
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            words: Default::default(),
            files: Mutex::default(),
            published: Published::new(Shown::nothing()),
            ghost: Ghost::default(),
        }
    }

    pub(super) fn words(&self) -> [u64; 2] {
        [*lock(&self.words[0]), *lock(&self.words[1])]
    }

    /// A reader, at full speed.
    pub(super) fn read(&self, times: usize) {
        let mut revision = 0;
        for _ in 0..times {
            let commits = self.ghost.commits.load(Ordering::SeqCst);
            let now = self.published.load();
            let is_committing = now.is_marked(state::COMMITTING);
            assert_eq!(now.words[0], now.words[1], "a torn read");
            assert!(revision <= now.revision(), "from revision {revision} back to {}", now.revision());
            if commits % 2 == 1 && commits == self.ghost.commits.load(Ordering::SeqCst) {
                assert!(is_committing, "a commit goes on and the state does not say so");
            }
            if is_committing {
                sight(if now.is_marked(state::CHANGED) { "a hint beside a commit" } else { "a commit under way" });
            }
            assert!(now.words[1] <= *lock(&self.words[1]), "published before it was durable");
            revision = now.revision();
        }
    }

    /// What must be true when an event is heard.
    pub(super) fn hear(&self, event: &Event) {
        if let Some(revision) = event.revision {
            assert!(revision <= self.published.load().revision(), "{} before its publication", event.kind);
        }
        if let Some(n) = event.payload.get("actions").and_then(|actions| actions[0]["bytes"].as_u64()) {
            assert!(n <= *lock(&self.words[1]), "success of {n} before it was durable");
        }
        let reasons = event.payload.get("reasons").and_then(|reasons| reasons.as_array());
        if reasons.is_some_and(|reasons| reasons.iter().any(|reason| reason["code"] == state::CHANGED)) {
            sight("told as stale");
            self.ghost.told_stale.store(true, Ordering::SeqCst);
        }
    }

    /// When all is over: `applied` operations, each seen.
    pub(super) fn settle(&self, applied: u64) {
        assert!(!self.ghost.read_torn.load(Ordering::SeqCst), "a build read a commit half done");
        let now = self.published.load();
        assert_eq!(self.words(), [applied; 2], "what was answered is what is on the disk");
        assert_eq!(now.words, [applied; 2], "what is on the disk is published");
        assert_eq!(now.files, *lock(&self.files), "all files were seen");
        assert_eq!(now.revision() - 1, self.ghost.revisions.load(Ordering::SeqCst), "an update was lost");
        assert_eq!((now.view.state.state, now.view.marks.0.len()), (State::Healthy, 0), "all is settled");
    }

    /// Lifecycle events that were said.
    pub(super) fn said(&self) -> u64 {
        self.ghost.said.load(Ordering::SeqCst)
    }

    pub(super) fn was_told_stale(&self) -> bool {
        self.ghost.told_stale.load(Ordering::SeqCst)
    }
}
