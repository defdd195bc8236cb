//! Observation of one workspace: the system's file events as hints of where to look again.
//!
//! An event never says what happened. It names a folder; after a moment of quiet the host is told to look there
//! ([`ObserverHost::settle`]). A watch is no proof of absence: what it misses it says ([`ObserverHost::lost`]), and
//! then everything is to be looked at.
//!
//! Three threads meet here. The system's sorts events and leaves what they mean in the inbox; the observer's own takes
//! it from there, looks after the watches and calls the host; the host's drop or reassign the observer. The host is
//! only ever called on the observer's thread. Nothing here writes to the disk.

mod coalesce;
mod git;
mod inbox;
mod lost;
mod sort;
mod watch;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::snapshot::Dirty;
use coalesce::Coalescer;
use inbox::{Inbox, Mail};
pub(crate) use lost::Lost;
use sort::{Chores, Ground, Hints};
use watch::Watch;

use crate::fs::RealFs;
use crate::value::RelPath;
use crate::workspace::IgnoreRules;

/// Whom an observer tells what it sees. It is called on the observer's own thread, one call at a time.
///
/// A host that owns the observer must not be held by it: give it a handle that holds the owner weakly.
pub(crate) trait ObserverHost: Send + Sync {
    /// Something may have changed. Called at once, and again for what waits to be settled already: the host may have looked
    /// there meanwhile, or found that it had not changed yet.
    fn hinted(&self, hints: &Dirty);

    /// It is time to look there. May take as long as it needs; what is hinted meanwhile is settled next.
    fn settle(&self, dirty: Dirty);

    /// Whether looking has to wait, because somebody is at work on the files. Asked when something is due.
    fn is_held(&self) -> bool;

    /// The watch missed something; `hinted` and `settle` with everything follow. Where the loss is
    /// [final](Lost::is_final), nothing is watched any more until the observer is reassigned or another is started.
    fn lost(&self, lost: Lost);
}

/// What an observer needs.
pub(crate) struct ObserverSetup {
    /// The workspace; links on the way to it are followed.
    pub workspace: PathBuf,
    /// The assets folder, in the workspace. It may be absent.
    pub assets_dir: RelPath,
    /// What below the assets folder is nobody's asset.
    pub ignore: IgnoreRules,
    /// Whom to tell.
    pub host: Arc<dyn ObserverHost>,
}

/// Observes a workspace until it is dropped.
///
/// Dropping waits for the call that the host is in, unless it is dropped in that very call. Nothing is settled after
/// that.
#[derive(Debug)]
pub(crate) struct Observer {
    inbox: Arc<Inbox>,
    thread: Option<JoinHandle<()>>,
}

impl Observer {
    /// Sets the watches and begins. Whatever changes after this has returned is hinted; what is there already is for
    /// the host to read afterwards.
    ///
    /// # Errors
    /// Where the workspace cannot be watched, whole.
    pub(crate) fn start(setup: ObserverSetup) -> Result<Self, Lost> {
        let fs = Arc::new(RealFs::open(&setup.workspace).map_err(|_| Lost::Gone)?);
        let ObserverSetup { assets_dir, ignore, host, .. } = setup;
        let ground = Arc::new(Ground { workspace: fs.path().to_owned(), assets_dir, ignore });
        let inbox = Arc::new(Inbox::default());
        let watch = Some(Watch::open(fs.clone(), ground.clone(), inbox.clone())?);
        let (coalescer, chores) = (Coalescer::default(), Chores::default());
        let began = Instant::now();
        let lookout = Lookout { inbox: inbox.clone(), host, fs, ground, watch, coalescer, chores, began };
        let thread = thread::Builder::new().name("packwright-observer".to_owned());
        let thread = thread.spawn(move || lookout.run()).map_err(|error| Lost::Failed(error.to_string()))?;
        Ok(Self { inbox, thread: Some(thread) })
    }

    /// Watches another assets folder, or ignores other things in it. Returns at once, and may be called by the host
    /// while it settles. Everything is hinted once the new watches are set.
    pub(crate) fn reassign(&self, assets_dir: RelPath, ignore: IgnoreRules) {
        self.inbox.reassign(assets_dir, ignore);
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.inbox.stop();
        if let Some(thread) = self.thread.take().filter(|it| it.thread().id() != thread::current().id()) {
            // A panic of the host was told by the panic itself.
            let _ = thread.join();
        }
    }
}

/// What runs on the observer's thread.
struct Lookout {
    inbox: Arc<Inbox>,
    host: Arc<dyn ObserverHost>,
    /// Holds the workspace folder, so that no other can take its identity.
    fs: Arc<RealFs>,
    ground: Arc<Ground>,
    /// `None` after a loss that is final.
    watch: Option<Watch>,
    coalescer: Coalescer,
    /// What is to be done about the watches before the next delivery.
    chores: Chores,
    began: Instant,
}

impl Lookout {
    fn run(mut self) {
        loop {
            let mail = self.inbox.wait(self.time_to_wake());
            if mail.stop {
                return;
            }
            self.receive(mail);
            self.deliver();
        }
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn time_to_wake(&self) -> Option<Duration> {
        self.coalescer.next_wake().map(|wake| wake.saturating_sub(self.now()))
    }

    fn receive(&mut self, mail: Mail) {
        // After a loss that is final there is nothing more to hear; what arrives was under way.
        let hints = if self.watch.is_some() { mail.hints } else { Hints::default() };
        let Hints { mut dirty, chores, lost } = hints;
        self.chores.merge(chores);
        if let Some((assets_dir, ignore)) = mail.reassigned {
            let workspace = self.ground.workspace.clone();
            self.ground = Arc::new(Ground { workspace, assets_dir, ignore });
            self.chores.renew();
            dirty = Dirty::everything();
        }
        if let Some(lost) = lost {
            self.lose(lost);
        }
        self.hint(&dirty);
    }

    fn hint(&mut self, dirty: &Dirty) {
        if !dirty.is_empty() {
            self.coalescer.hint(self.now(), dirty);
            self.host.hinted(dirty);
        }
    }

    fn lose(&mut self, lost: Lost) {
        if lost.is_final() {
            self.watch = None;
            self.chores = Chores::default();
        }
        self.host.lost(lost);
    }

    /// Hands out what is due. Watches come first, so that what the host reads is watched by then.
    fn deliver(&mut self) {
        let is_held = || git::index_is_locked(&self.ground.workspace) || self.host.is_held();
        let Some(mut dirty) = self.coalescer.take(self.now(), is_held) else { return };
        match self.look_after_watches() {
            Ok(found) => {
                dirty.merge(&found);
            }
            Err(lost) => {
                self.lose(lost);
                dirty = Dirty::everything();
                self.host.hinted(&dirty);
            }
        }
        self.host.settle(dirty);
    }

    fn look_after_watches(&mut self) -> Result<Dirty, Lost> {
        let chores = std::mem::take(&mut self.chores);
        if chores.renew {
            // The old watches count against the system's limits as long as they live.
            self.watch = None;
            self.watch = Some(Watch::open(self.fs.clone(), self.ground.clone(), self.inbox.clone())?);
            return Ok(Dirty::everything());
        }
        match &mut self.watch {
            Some(watch) if !watch.is_in_place() => Err(Lost::Gone),
            Some(watch) => watch.follow(chores),
            None => Ok(Dirty::default()),
        }
    }
}
