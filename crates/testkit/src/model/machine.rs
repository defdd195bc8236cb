//! One machine: what its programs see, what is durable, what is not yet, and what goes wrong.
//!
//! Every use of the files comes through here under one lock, so that it happens as a whole and calls have an order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use packwright::value::RelPath;
use rustix::io::Errno;

use super::calls::{CallKind, Calls, Verdict};
use super::crash::{self, Outcome};
use super::disk::{Body, Disk, Id, Node, ROOT, Slot, Step};
use super::unsynced::{Change, Unsynced};

/// What the system gives new files and folders with the usual `umask`.
const FILE_MODE: u32 = 0o644;
const DIR_MODE: u32 = 0o755;

/// The time at which every machine begins, long ago: no file looks as if it had been changed just now.
const BEGINNING_NS: i64 = 1_600_000_000_000_000_000;
const TICK_NS: i64 = 1_000_000;

#[derive(Debug, Clone)]
pub(super) struct Machine {
    pub(super) live: Disk,
    /// What no crash takes away.
    durable: Disk,
    unsynced: Unsynced,
    /// How many handles hold a node open.
    open: BTreeMap<Id, usize>,
    locked: BTreeSet<Id>,
    next: u64,
    ticks: i64,
    pub(super) calls: Calls,
}

impl Machine {
    /// An empty workspace.
    pub(super) fn new() -> Self {
        let (mtime_ns, ctime_ns) = (BEGINNING_NS, BEGINNING_NS);
        let body = Body::Dir(BTreeMap::new());
        let root = Node { inode: 1, device: 1, mode: DIR_MODE, mtime_ns, ctime_ns, body };
        let live = Disk::new(root);
        Self {
            durable: live.clone(),
            live,
            unsynced: Unsynced::default(),
            open: BTreeMap::new(),
            locked: BTreeSet::new(),
            next: 1,
            ticks: 0,
            calls: Calls::default(),
        }
    }

    /// The same machine after everything stopped, started again.
    pub(super) fn after(&self, outcome: Outcome) -> Self {
        let fresh = Self { open: BTreeMap::new(), locked: BTreeSet::new(), calls: Calls::default(), ..self.clone() };
        if outcome == Outcome::Killed {
            return fresh;
        }
        let live = crash::left(&self.durable, &self.unsynced, &self.live, outcome);
        Self { durable: live.clone(), live, unsynced: Unsynced::default(), ..fresh }
    }

    /// Makes all there is durable, as if it had been there for long.
    pub(super) fn settle(&mut self) {
        let open = &self.open;
        self.live.drop_unnamed(|id| open.contains_key(&id));
        self.durable = self.live.clone();
        self.unsynced = Unsynced::default();
    }

    /// Enters a call that either is done as a whole or leaves no trace. What it gives where it is done and said to have
    /// failed comes beside the error: it may be an open file, which is closed by way of the machine.
    pub(super) fn call<T>(
        &mut self,
        kind: CallKind,
        path: &RelPath,
        act: impl FnOnce(&mut Self) -> Result<T, Errno>,
    ) -> Result<T, (Errno, Option<T>)> {
        match self.calls.make(kind, path.as_str()) {
            Verdict::Go => act(self).map_err(|error| (error, None)),
            Verdict::GoAndFail(error) => Err((error, act(self).ok())),
            Verdict::Fail(error) => Err((error, None)),
            Verdict::Stopped => Err((Errno::IO, None)),
        }
    }

    fn now(&mut self) -> i64 {
        self.ticks += 1;
        BEGINNING_NS + self.ticks * TICK_NS
    }

    /// The lowest number that nothing has: inode numbers are used again at once.
    fn free_inode(&self) -> u64 {
        let mut named = self.live.clone();
        named.drop_unnamed(|id| self.open.contains_key(&id));
        let taken: BTreeSet<u64> = named.nodes().map(|(_, node)| node.inode).collect();
        (1..).find(|number| !taken.contains(number)).expect("fewer files than numbers")
    }

    /// Does a step, in what programs see. It was looked at before: it can be done.
    fn step(&mut self, step: Step) {
        assert!(self.live.apply(&step), "BUG: {step:?} was to be possible");
        let now = self.now();
        for slot in step.slots() {
            self.stamp(slot.dir, now);
        }
        if let Step::Move { node, .. } = step {
            self.live.node_mut(node).ctime_ns = now;
        }
        self.unsynced.step(step);
    }

    fn stamp(&mut self, node: Id, now: i64) {
        let node = self.live.node_mut(node);
        (node.mtime_ns, node.ctime_ns) = (now, now);
    }

    /// Makes a node with a name. What is durable knows it without its name and without what it holds.
    pub(super) fn make(&mut self, at: Slot, body: Body) -> Result<Id, Errno> {
        if self.live.at(&at).is_some() {
            return Err(Errno::EXIST);
        }
        let (id, now) = (Id(self.next), self.now());
        self.next += 1;
        let mode = match body {
            Body::File(_) => FILE_MODE,
            Body::Dir(_) => DIR_MODE,
            Body::Link(_) => 0o777,
        };
        let device = self.live.node(at.dir).device;
        let node = Node { inode: self.free_inode(), device, mode, mtime_ns: now, ctime_ns: now, body };
        self.live.add(id, node.clone());
        self.durable.add(id, node);
        self.step(Step::Link { at, node: id });
        Ok(id)
    }

    pub(super) fn rename(&mut self, from: &RelPath, to: &RelPath, replaces: bool) -> Result<(), Errno> {
        let (from, to) = (self.live.slot(from)?, self.live.slot(to)?);
        if self.live.node(from.dir).device != self.live.node(to.dir).device {
            return Err(Errno::XDEV);
        }
        let node = self.live.at(&from).ok_or(Errno::NOENT)?;
        let there = self.live.at(&to);
        if there.is_some() && !replaces {
            return Err(Errno::EXIST);
        }
        if self.live.is_within(to.dir, node) {
            return Err(Errno::INVAL);
        }
        if self.live.node(node).device != self.live.node(from.dir).device {
            return Err(Errno::BUSY);
        }
        if let Some(there) = there {
            if self.live.is_within(from.dir, there) {
                return Err(Errno::NOTEMPTY);
            }
            if there == node {
                return Ok(());
            }
            match (self.live.entries(node), self.live.entries(there)) {
                (Some(_), None) => return Err(Errno::NOTDIR),
                (None, Some(_)) => return Err(Errno::ISDIR),
                (Some(_), Some(entries)) if !entries.is_empty() => return Err(Errno::NOTEMPTY),
                _ => {}
            }
        }
        self.step(Step::Move { from, to, node, replaced: there });
        Ok(())
    }

    pub(super) fn unlink(&mut self, path: &RelPath, is_dir: bool) -> Result<(), Errno> {
        let at = self.live.slot(path)?;
        let node = self.live.at(&at).ok_or(Errno::NOENT)?;
        match self.live.entries(node) {
            Some(_) if !is_dir => return Err(Errno::ISDIR),
            None if is_dir => return Err(Errno::NOTDIR),
            Some(entries) if !entries.is_empty() => return Err(Errno::NOTEMPTY),
            _ => {}
        }
        self.step(Step::Unlink { at, node });
        Ok(())
    }

    pub(super) fn change(&mut self, node: Id, change: Change) {
        let now = self.now();
        super::unsynced::change_node(&mut self.live, node, [&change].into_iter());
        match change {
            Change::Mode(_) => self.live.node_mut(node).ctime_ns = now,
            Change::Write { .. } | Change::Length(_) => self.stamp(node, now),
        }
        self.unsynced.change(node, change);
    }

    /// Makes durable what a node holds; of a folder, its names.
    pub(super) fn sync(&mut self, node: Id) {
        self.unsynced.sync_changes(node, &mut self.durable, &self.live);
        if self.live.entries(node).is_some() {
            self.unsynced.sync_steps(node, &mut self.durable);
        }
    }

    /// A sync of a file failed.
    pub(super) fn fail_sync(&mut self, node: Id) {
        self.unsynced.lose_changes(node);
    }

    pub(super) fn hold(&mut self, node: Id) {
        *self.open.entry(node).or_default() += 1;
    }

    pub(super) fn let_go(&mut self, node: Id) {
        let n_left = self.open.get_mut(&node).expect("BUG: it was held");
        *n_left -= 1;
        if *n_left == 0 {
            self.open.remove(&node);
        }
    }

    /// Gives a node permissions, durable.
    pub(super) fn set_mode(&mut self, node: Id, mode: u32) {
        self.live.node_mut(node).mode = mode;
        self.durable.node_mut(node).mode = mode;
    }

    /// Gives a node and all that lies below it a device.
    pub(super) fn set_device(&mut self, node: Id, device: u64) {
        self.live.node_mut(node).device = device;
        self.durable.node_mut(node).device = device;
        let below: Vec<Id> = self.live.entries(node).into_iter().flat_map(BTreeMap::values).copied().collect();
        below.into_iter().for_each(|id| self.set_device(id, device));
    }

    /// `false` while somebody holds it.
    pub(super) fn lock(&mut self, node: Id) -> bool {
        self.locked.insert(node)
    }

    pub(super) fn unlock(&mut self, node: Id) {
        self.locked.remove(&node);
    }

    /// Puts a file in place for a test, and the folders it needs.
    pub(super) fn put(&mut self, path: &RelPath, body: Body) {
        let (parent, name) = (path.parent().expect("a name"), path.file_name().expect("a name"));
        let dir = self.put_dir(&parent);
        let at = Slot { dir, name: name.to_owned() };
        if let Some(node) = self.live.at(&at) {
            self.step(Step::Unlink { at: at.clone(), node });
        }
        self.make(at, body).expect("the name is free");
    }

    /// Takes away what is at a path, with all that is in it.
    pub(super) fn take(&mut self, path: &RelPath) {
        let at = self.live.slot(path).expect("a name in a folder");
        let node = self.live.at(&at).expect("something is there");
        let names: Vec<String> = self.live.entries(node).into_iter().flat_map(BTreeMap::keys).cloned().collect();
        names.iter().for_each(|name| self.take(&path.entry(name)));
        self.step(Step::Unlink { at, node });
    }

    /// The folder at a path, made where it is absent.
    pub(super) fn put_dir(&mut self, path: &RelPath) -> Id {
        let mut dir = ROOT;
        for name in path.segments() {
            let at = Slot { dir, name: name.to_owned() };
            dir = match self.live.at(&at) {
                Some(there) => there,
                None => self.make(at, Body::Dir(BTreeMap::new())).expect("the name is free"),
            };
        }
        dir
    }

    /// A new, empty file.
    pub(super) fn empty() -> Body {
        Body::File(Arc::default())
    }
}
