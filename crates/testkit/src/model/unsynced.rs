//! What is not durable yet: the steps of folders, in order, and the changes of each file.
//!
//! A step is durable once every folder whose names it changes was synced after it; a rename from one folder to another
//! takes two. Until then a crash may keep it or not, but never half of it. A step that is made durable takes those
//! before it along that it cannot do without.
//!
//! A file's changes are durable once it was synced. What was not written when a sync failed is *lost*: later syncs do
//! not look at it again, and only writing it once more brings it back.

use std::collections::{BTreeMap, BTreeSet};

use super::disk::{Disk, Id, Slot, Step};

/// A change of a file, or of a node's permissions.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Write { offset: u64, bytes: Vec<u8> },
    Length(u64),
    Mode(u32),
}

impl Change {
    /// Does it to a file's bytes and mode.
    pub(super) fn apply(&self, bytes: &mut Vec<u8>, mode: &mut u32) {
        match self {
            Self::Write { offset, bytes: written } => {
                let (start, end) = (*offset as usize, *offset as usize + written.len());
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[start..end].copy_from_slice(written);
            }
            Self::Length(length) => bytes.resize(*length as usize, 0),
            Self::Mode(new) => *mode = *new,
        }
    }
}

/// How far a change has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Waits for a sync.
    Dirty,
    /// Durable, behind one that is not.
    Synced,
    /// A sync of it failed: it may be on the disk or not, and no sync will see to it again.
    Lost,
}

/// A step since all steps before it were durable.
#[derive(Debug, Clone)]
struct Waiting {
    step: Step,
    /// The folders that were not synced since.
    unsynced: BTreeSet<Id>,
    is_durable: bool,
}

/// All that is not durable.
#[derive(Debug, Clone, Default)]
pub(super) struct Unsynced {
    steps: Vec<Waiting>,
    changes: BTreeMap<Id, Vec<(Change, Progress)>>,
}

impl Unsynced {
    pub(super) fn step(&mut self, step: Step) {
        let unsynced = step.slots().map(|slot| slot.dir).collect();
        self.steps.push(Waiting { step, unsynced, is_durable: false });
    }

    pub(super) fn change(&mut self, node: Id, change: Change) {
        self.changes.entry(node).or_default().push((change, Progress::Dirty));
    }

    /// The steps, in order, each with whether it is durable.
    pub(super) fn steps(&self) -> impl Iterator<Item = (&Step, bool)> {
        self.steps.iter().map(|waiting| (&waiting.step, waiting.is_durable))
    }

    /// The changed nodes, and the changes of each, in order.
    pub(super) fn changes(&self) -> impl Iterator<Item = (Id, &[(Change, Progress)])> {
        self.changes.iter().map(|(id, changes)| (*id, &**changes))
    }

    /// Makes the steps of a folder durable, and those before them that they cannot do without.
    pub(super) fn sync_steps(&mut self, dir: Id, durable: &mut Disk) {
        for waiting in &mut self.steps {
            waiting.unsynced.remove(&dir);
            waiting.is_durable |= waiting.unsynced.is_empty();
        }
        for at in (0..self.steps.len()).rev() {
            self.take_along(at);
        }
        while let Some(at) = self.first_impossible(durable) {
            let before = self.steps[..at].iter().rposition(|waiting| !waiting.is_durable);
            let before = before.expect("BUG: a step cannot be done after all before it");
            self.steps[before].is_durable = true;
            (0..=before).rev().for_each(|at| self.take_along(at));
        }
        let n_done = self.steps.iter().take_while(|waiting| waiting.is_durable).count();
        for Waiting { step, .. } in self.steps.drain(..n_done) {
            assert!(durable.apply(&step), "BUG: {step:?} was looked at");
        }
    }

    /// Where a step is durable, makes those before it durable that work on the same names, or in a folder that it removes.
    fn take_along(&mut self, at: usize) {
        let (before, rest) = self.steps.split_at_mut(at);
        let Waiting { step, is_durable: true, .. } = &rest[0] else { return };
        let is_needed = |other: &Slot| step.slots().any(|own| own == other) || step.takes_away() == Some(other.dir);
        for other in before {
            other.is_durable |= other.step.slots().any(is_needed);
        }
    }

    /// The first durable step that cannot be done after the durable ones before it alone.
    fn first_impossible(&self, durable: &Disk) -> Option<usize> {
        let mut disk = durable.clone();
        self.steps.iter().position(|waiting| waiting.is_durable && !disk.apply(&waiting.step))
    }

    /// Makes the changes of a node durable.
    pub(super) fn sync_changes(&mut self, node: Id, durable: &mut Disk, live: &Disk) {
        let Some(changes) = self.changes.get_mut(&node) else { return };
        let dirty = changes.iter_mut().filter(|(_, progress)| *progress == Progress::Dirty);
        dirty.for_each(|(_, progress)| *progress = Progress::Synced);
        let n_done = changes.iter().take_while(|(_, progress)| *progress == Progress::Synced).count();
        let done: Vec<(Change, Progress)> = changes.drain(..n_done).collect();
        if changes.is_empty() {
            self.changes.remove(&node);
        }
        change_node(durable, node, done.iter().map(|(change, _)| change));
        let (mtime_ns, ctime_ns) = (live.node(node).mtime_ns, live.node(node).ctime_ns);
        let node = durable.node_mut(node);
        (node.mtime_ns, node.ctime_ns) = (mtime_ns, ctime_ns);
    }

    /// A sync of the node failed.
    pub(super) fn lose_changes(&mut self, node: Id) {
        let changes = self.changes.get_mut(&node).into_iter().flatten();
        let dirty = changes.filter(|(_, progress)| *progress == Progress::Dirty);
        dirty.for_each(|(_, progress)| *progress = Progress::Lost);
    }
}

/// Does changes to a node.
pub(super) fn change_node<'c>(disk: &mut Disk, node: Id, changes: impl Iterator<Item = &'c Change>) {
    let mut mode = disk.node(node).mode;
    if disk.entries(node).is_some() {
        changes.for_each(|change| change.apply(&mut Vec::new(), &mut mode));
    } else {
        let bytes = disk.bytes_mut(node);
        changes.for_each(|change| change.apply(bytes, &mut mode));
    }
    disk.node_mut(node).mode = mode;
}
