//! Observation of an open project: hints become marks, and settled hints a reconcile.
//!
//! A hint that finds everything as it is known says nothing: so a change of our own, which is published before anything
//! looks, is no event a second time, whenever the system tells of it.

use std::sync::Weak;

use super::observe::{Lost, Observer, ObserverHost, ObserverSetup};
use super::open::Open;
use super::reconcile::{Asked, scope_of};
use super::{report, state};
use crate::event::{Reporter, payload::ReconcileReason};
use crate::fs::{Holder, read_limited};
use crate::service::{Service, WatcherData};
use crate::snapshot::{Dirty, Scope, Setting};
use crate::sync::{Arc, Mutex, lock};
use crate::value::{OperationId, RelPath};
use crate::workspace::layout;

/// Whether and how a project is observed.
#[derive(Default)]
pub(super) struct Watcher {
    /// Held by who begins to observe. Taken before the others.
    starting: Mutex<()>,
    observer: Mutex<Option<Observer>>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// Whether the system says what changes; why not, where it did and does not any more.
    active: bool,
    message: Option<String>,
    /// What is wrong with the watch, where the next look is for that.
    why: Option<ReconcileReason>,
    /// The voice of the reconcile that will settle what was hinted.
    pending: Option<Reporter>,
    /// The settings that the watches were set by.
    setting: Option<Arc<Setting>>,
}

impl Watcher {
    pub(super) fn data(&self) -> WatcherData {
        let seen = lock(&self.seen);
        let nothing = || Some("nothing observes the workspace".to_owned());
        let message = if seen.active { seen.message.clone() } else { seen.message.clone().or_else(nothing) };
        WatcherData { active: seen.active, message }
    }

    /// The voice of the reconcile that settles all hints so far.
    pub(super) fn take_pending(&self) -> Option<Reporter> {
        lock(&self.seen).pending.take()
    }

    /// Ends the observation, and says so of what was announced and does not come any more.
    pub(super) fn stop(&self) {
        // Not under the lock: the observer may be about to take it.
        let observer = lock(&self.observer).take();
        drop(observer);
        if let Some(reporter) = self.take_pending() {
            report::reconcile_dropped(&reporter);
        }
    }
}

/// Begins to observe, where nothing does yet.
pub(super) fn observe(open: &Arc<Open>) -> WatcherData {
    let _starting = lock(&open.watcher.starting);
    if lock(&open.watcher.seen).active {
        return open.watcher.data();
    }
    // Not under the lock: it may be about to take it itself.
    let before = lock(&open.watcher.observer).take();
    drop(before);
    let setting = Arc::clone(&open.published.load().snapshot.setting);
    let setup = ObserverSetup {
        workspace: open.path.clone(),
        assets_dir: setting.assets_dir(),
        ignore: setting.ignored.clone(),
        host: Arc::new(Host(Arc::downgrade(open))),
    };
    let started = Observer::start(setup);
    let why = {
        let mut seen = lock(&open.watcher.seen);
        seen.setting = Some(setting);
        seen.active = started.is_ok();
        seen.message = started.as_ref().err().map(ToString::to_string);
        if started.is_ok() { ReconcileReason::Asked } else { ReconcileReason::WatchLost }
    };
    let lost = started.as_ref().err().map(ToString::to_string);
    *lock(&open.watcher.observer) = started.ok();
    open.mark_lost_watch(lost);
    // What changed before the watches were set.
    open.reconcile_all(why, None);
    open.watcher.data()
}

/// An open project as its observer knows it. It does not keep it open.
struct Host(Weak<Open>);

impl ObserverHost for Host {
    fn hinted(&self, hints: &Dirty) {
        if let Some(open) = self.0.upgrade() {
            open.hinted(hints);
        }
    }

    fn settle(&self, dirty: Dirty) {
        if let Some(open) = self.0.upgrade() {
            open.settle(dirty);
        }
    }

    fn is_held(&self) -> bool {
        self.0.upgrade().is_some_and(|open| open.another_commits())
    }

    fn lost(&self, lost: Lost) {
        if let Some(open) = self.0.upgrade() {
            open.lost(&lost);
        }
    }
}

impl Open {
    fn hinted(&self, hints: &Dirty) {
        if self.is_marked(hints) {
            return;
        }
        if self.is_few(hints) {
            // A commit of ours publishes what it did before this looks.
            let _writing = self.writing();
            if !self.look(&self.published.load(), hints).changes.any {
                return;
            }
        }
        let mut seen = lock(&self.watcher.seen);
        let is_overflow = seen.why == Some(ReconcileReason::Overflow);
        let reporter = seen.pending.get_or_insert_with(|| self.reporter(OperationId::mint()));
        self.publish(reporter, None, |view| {
            if is_overflow {
                view.marks.0.retain(|mark| mark.reason.code != state::OVERFLOW);
                view.marks.0.push(state::overflow());
                return;
            }
            let known = view.marks.0.iter_mut().find(|mark| mark.reason.code == state::CHANGED);
            match (known.map(|mark| &mut mark.scope), scope_of(hints)) {
                (Some(Scope::Folders(known)), Scope::Folders(more)) => known.extend(more),
                (Some(known), _) => *known = Scope::Everything,
                (None, scope) => view.marks.0.push(state::changed(scope)),
            }
        });
    }

    /// Whether all of this is said to have changed already, and nobody has looked there since.
    fn is_marked(&self, hints: &Dirty) -> bool {
        let view = self.published.load();
        let known = view.marks.0.iter().find(|mark| mark.reason.code == state::CHANGED).map(|mark| &mark.scope);
        match (known, scope_of(hints)) {
            (Some(Scope::Everything), _) => true,
            (Some(Scope::Folders(known)), Scope::Folders(hints)) => hints.is_subset(known),
            _ => false,
        }
    }

    fn settle(&self, dirty: Dirty) {
        let why = lock(&self.watcher.seen).why.take().unwrap_or(ReconcileReason::Hints);
        let view = self.reconcile(Asked { dirty, why, cause: None });
        let setting = &view.snapshot.setting;
        let is_other = {
            let mut seen = lock(&self.watcher.seen);
            let before = seen.setting.replace(Arc::clone(setting));
            before.is_none_or(|before| before.digest != setting.digest)
        };
        if is_other && let Some(observer) = &*lock(&self.watcher.observer) {
            observer.reassign(setting.assets_dir(), setting.ignored.clone());
        }
    }

    fn lost(&self, lost: &Lost) {
        let message = lost.to_string();
        let mut seen = lock(&self.watcher.seen);
        seen.message = Some(message.clone());
        if lost.is_final() {
            seen.active = false;
            seen.why = Some(ReconcileReason::WatchLost);
            drop(seen);
            self.mark_lost_watch(Some(message));
        } else {
            seen.why = Some(ReconcileReason::Overflow);
        }
    }

    /// Says that nothing says any more what changes, or that something does again.
    fn mark_lost_watch(&self, lost: Option<String>) {
        let is_marked = self.published.load().marks.0.iter().any(|mark| mark.reason.code == state::WATCH_LOST);
        if is_marked == lost.is_some() {
            return;
        }
        let mut seen = lock(&self.watcher.seen);
        let reporter = seen.pending.get_or_insert_with(|| self.reporter(OperationId::mint()));
        self.publish(reporter, None, |view| {
            view.marks.0.retain(|mark| mark.reason.code != state::WATCH_LOST);
            view.marks.0.extend(lost.map(state::watch_lost));
        });
    }

    /// Whether another process is in the middle of a mutation. What builds, or tidies the cache, does not touch what is
    /// observed.
    pub(super) fn another_commits(&self) -> bool {
        let private = RelPath::literal(layout::PRIVATE);
        let Ok(text) = read_limited(&*self.fs, &private.entry("holder.json"), 4096) else { return false };
        let Ok(holder) = serde_json::from_slice::<Holder>(&text) else { return false };
        let is_other = holder.pid != std::process::id()
            && ![Service::Build, Service::PruneCache].map(Service::name).contains(&&*holder.service);
        is_other && matches!(self.fs.try_lock(&private.entry("lock")), Ok(None))
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests;
