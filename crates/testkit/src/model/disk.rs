//! One state of a disk: what lies on it, and the steps that change its folders.
//!
//! A node is a file, a folder or a link; its [`Id`] is never used twice, its inode number is. Folders name nodes. A node
//! that no folder names any more stays for those who hold it open. The same steps are done to what programs see, to what
//! is durable, and to what a crash leaves; where one cannot be done, nothing changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use packwright::fs::{FileKind, Stat};
use packwright::value::RelPath;
use rustix::io::Errno;

/// A node for ever: not its inode number, which the next one may get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id(pub(super) u64);

/// The folder that paths are relative to.
pub(super) const ROOT: Id = Id(0);

/// A name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    pub(super) dir: Id,
    pub(super) name: String,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub(super) enum Body {
    File(Arc<Vec<u8>>),
    Dir(BTreeMap<String, Id>),
    Link(String),
}

/// A file, a folder or a link.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) inode: u64,
    pub(super) device: u64,
    /// Permissions, as `chmod` takes them.
    pub(super) mode: u32,
    pub(super) mtime_ns: i64,
    pub(super) ctime_ns: i64,
    pub(super) body: Body,
}

impl Node {
    pub(super) fn kind(&self) -> FileKind {
        match self.body {
            Body::File(_) => FileKind::File,
            Body::Dir(_) => FileKind::Dir,
            Body::Link(_) => FileKind::Link,
        }
    }

    pub(super) fn stat(&self) -> Stat {
        let size = match &self.body {
            Body::File(bytes) => bytes.len() as u64,
            Body::Dir(_) => 4096,
            Body::Link(target) => target.len() as u64,
        };
        Stat {
            kind: self.kind(),
            size,
            mtime_ns: self.mtime_ns,
            ctime_ns: self.ctime_ns,
            inode: self.inode,
            device: self.device,
        }
    }
}

/// One change of what folders name: done as a whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Names a new node.
    Link { at: Slot, node: Id },
    /// Names a node elsewhere, in the place of what stands there.
    Move { from: Slot, to: Slot, node: Id, replaced: Option<Id> },
    /// Names a file, a link or an empty folder no longer.
    Unlink { at: Slot, node: Id },
}

impl Step {
    /// The names that it changes: one, or two.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        let (first, second) = match self {
            Self::Link { at, .. } | Self::Unlink { at, .. } => (at, None),
            Self::Move { from, to, .. } => (from, Some(to)),
        };
        [first].into_iter().chain(second)
    }

    /// What has no name any more once it is done; a folder was emptied before.
    pub(super) fn takes_away(&self) -> Option<Id> {
        match self {
            Self::Unlink { node, .. } => Some(*node),
            Self::Move { replaced, .. } => *replaced,
            Self::Link { .. } => None,
        }
    }
}

/// Nodes, and which of them folders name.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    nodes: BTreeMap<Id, Arc<Node>>,
}

impl Disk {
    /// An empty folder.
    pub(super) fn new(root: Node) -> Self {
        Self { nodes: BTreeMap::from([(ROOT, Arc::new(root))]) }
    }

    pub(super) fn node(&self, id: Id) -> &Node {
        self.nodes.get(&id).expect("BUG: a node that is not there")
    }

    pub(super) fn node_mut(&mut self, id: Id) -> &mut Node {
        Arc::make_mut(self.nodes.get_mut(&id).expect("BUG: a node that is not there"))
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = (Id, &Node)> {
        self.nodes.iter().map(|(id, node)| (*id, &**node))
    }

    /// Adds a node that no folder names.
    pub(super) fn add(&mut self, id: Id, node: Node) {
        let before = self.nodes.insert(id, Arc::new(node));
        assert!(before.is_none(), "BUG: {id:?} is there already");
    }

    /// Drops what no folder names, save what is `held` open.
    pub(super) fn drop_unnamed(&mut self, held: impl Fn(Id) -> bool) {
        let (mut named, mut ahead) = (BTreeSet::new(), vec![ROOT]);
        while let Some(id) = ahead.pop() {
            if named.insert(id) {
                ahead.extend(self.entries(id).into_iter().flat_map(BTreeMap::values));
            }
        }
        self.nodes.retain(|id, _| named.contains(id) || held(*id));
    }

    /// What a folder names; none for what is no folder.
    pub(super) fn entries(&self, dir: Id) -> Option<&BTreeMap<String, Id>> {
        match self.nodes.get(&dir).map(|node| &node.body) {
            Some(Body::Dir(entries)) => Some(entries),
            _ => None,
        }
    }

    pub(super) fn bytes(&self, file: Id) -> &Arc<Vec<u8>> {
        match &self.node(file).body {
            Body::File(bytes) => bytes,
            _ => panic!("BUG: {file:?} is no file"),
        }
    }

    pub(super) fn bytes_mut(&mut self, file: Id) -> &mut Vec<u8> {
        match &mut self.node_mut(file).body {
            Body::File(bytes) => Arc::make_mut(bytes),
            _ => panic!("BUG: {file:?} is no file"),
        }
    }

    /// The node at a path, opened in one call: a link is refused wherever it stands.
    pub(super) fn open(&self, path: &RelPath) -> Result<Id, Errno> {
        path.segments().try_fold(ROOT, |dir, name| {
            let entries = self.entries(dir).ok_or(Errno::NOTDIR)?;
            let id = *entries.get(name).ok_or(Errno::NOENT)?;
            if self.node(id).kind() == FileKind::Link { Err(Errno::LOOP) } else { Ok(id) }
        })
    }

    /// The folder at a path. A link in its place is no folder; one on the way is refused as a link.
    pub(super) fn open_dir(&self, path: &RelPath) -> Result<Id, Errno> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Ok(ROOT) };
        let entries = self.entries(self.open(&parent)?).ok_or(Errno::NOTDIR)?;
        let id = *entries.get(name).ok_or(Errno::NOENT)?;
        if self.entries(id).is_some() { Ok(id) } else { Err(Errno::NOTDIR) }
    }

    /// The node at a path; a link is found itself.
    pub(super) fn find(&self, path: &RelPath) -> Result<Id, Errno> {
        if path.is_root() {
            return Ok(ROOT);
        }
        self.at(&self.slot(path)?).ok_or(Errno::NOENT)
    }

    /// The name at a path, in a folder that is there.
    pub(super) fn slot(&self, path: &RelPath) -> Result<Slot, Errno> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Err(Errno::INVAL) };
        Ok(Slot { dir: self.open_dir(&parent)?, name: name.to_owned() })
    }

    /// As [`slot`](Self::slot), for a file that is opened as it is made, in one call.
    pub(super) fn new_slot(&self, path: &RelPath) -> Result<Slot, Errno> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Err(Errno::EXIST) };
        let dir = self.open(&parent)?;
        if self.entries(dir).is_some() { Ok(Slot { dir, name: name.to_owned() }) } else { Err(Errno::NOTDIR) }
    }

    /// What a name names.
    pub(super) fn at(&self, slot: &Slot) -> Option<Id> {
        self.entries(slot.dir)?.get(&slot.name).copied()
    }

    /// Whether a node is `dir` or lies below it.
    pub(super) fn is_within(&self, node: Id, dir: Id) -> bool {
        node == dir
            || self.entries(dir).is_some_and(|entries| entries.values().any(|below| self.is_within(node, *below)))
    }

    /// Does a step, where it can be done: what it works on is where it was.
    pub(super) fn apply(&mut self, step: &Step) -> bool {
        if !self.fits(step) {
            return false;
        }
        match step {
            Step::Link { at, node } => self.name(at, Some(*node)),
            Step::Move { from, to, node, .. } => {
                self.name(from, None);
                self.name(to, Some(*node));
            }
            Step::Unlink { at, .. } => self.name(at, None),
        }
        true
    }

    fn fits(&self, step: &Step) -> bool {
        match step {
            Step::Link { at, node } => {
                let is_free = self.entries(at.dir).is_some_and(|entries| !entries.contains_key(&at.name));
                is_free && !self.is_within(at.dir, *node)
            }
            Step::Move { from, to, node, replaced } => {
                self.at(from) == Some(*node)
                    && self.entries(to.dir).is_some()
                    && self.at(to) == *replaced
                    && replaced.is_none_or(|there| self.entries(there).is_none_or(BTreeMap::is_empty))
                    && !self.is_within(to.dir, *node)
            }
            Step::Unlink { at, node } => {
                self.at(at) == Some(*node) && self.entries(*node).is_none_or(BTreeMap::is_empty)
            }
        }
    }

    fn name(&mut self, slot: &Slot, node: Option<Id>) {
        let Body::Dir(entries) = &mut self.node_mut(slot.dir).body else { panic!("BUG: {slot:?} is in no folder") };
        match node {
            Some(node) => drop(entries.insert(slot.name.clone(), node)),
            None => drop(entries.remove(&slot.name)),
        }
    }
}
