//! Looking at the assets folder: every folder and file below it, with what a stat says.
//!
//! Names are kept in NFC, as they are matched and written; where the disk spells one otherwise, that spelling stands
//! beside it. Links are seen and never followed. Files that come and go under the scan are normal life. What ignore
//! rules take out is not in the tree.

mod walk;

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use walk::Walk;

use super::{IgnoreRules, Manifest};
use crate::fs::{DirEntry, FileKind, Fs, FsError, Stat};
use crate::value::{RelPath, SharedMap, to_nfc};

/// What tells that a file has not changed. A hint: content is the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub mtime_ns: i64,
    /// Nanoseconds since 1970.
    pub ctime_ns: i64,
    /// The file's number on its device.
    pub inode: u64,
}

impl From<Stat> for Stamp {
    fn from(stat: Stat) -> Self {
        Self { size: stat.size, mtime_ns: stat.mtime_ns, ctime_ns: stat.ctime_ns, inode: stat.inode }
    }
}

/// Everything below the assets folder. Its paths are relative to that folder. Clones are cheap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    folders: SharedMap<RelPath, Arc<Folder>>,
    faults: Arc<Vec<ScanFault>>,
}

/// One folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Its path as the disk spells it.
    #[serde(with = "super::listing::disk")]
    pub disk: RelPath,
    /// Its entries, by name; of several with one name in NFC the folder first.
    pub nodes: Vec<Node>,
}

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its name in NFC.
    pub name: Box<str>,
    /// The disk's spelling, where it is another.
    pub disk_name: Option<Box<str>>,
    /// What it is.
    pub kind: FileKind,
    /// What a stat said of a file; of all else the inode alone: what is in a folder is looked at, not guessed.
    pub stamp: Stamp,
}

impl Node {
    /// Its name as the disk spells it.
    #[must_use]
    pub fn disk_name(&self) -> &str {
        self.disk_name.as_deref().unwrap_or(&self.name)
    }
}

/// Something that the scan could not take in. The path is as the disk spells it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ScanFault {
    /// Where, relative to the assets folder.
    #[serde(with = "super::listing::disk")]
    pub path: RelPath,
    /// What.
    pub kind: ScanFaultKind,
}

/// Why the scan could not take something in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ScanFaultKind {
    /// The folder cannot be read.
    Unreadable(String),
    /// A name in this folder is not UTF-8 (shown as well as it can be).
    NotUtf8(String),
    /// Two folders have one name in NFC; this one is left out.
    SameName,
    /// The path is longer than [`RelPath::MAX_BYTES`].
    TooLong,
}

impl ScanFault {
    /// Whether a folder was listed, and its subfolders entered, when this was found.
    fn is_of_listing(&self, folder: &RelPath) -> bool {
        match self.kind {
            ScanFaultKind::NotUtf8(_) | ScanFaultKind::TooLong => self.path == *folder,
            ScanFaultKind::SameName => self.path.parent().as_ref() == Some(folder),
            ScanFaultKind::Unreadable(_) => self.path == *folder || self.path.parent().as_ref() == Some(folder),
        }
    }
}

/// What stands at a path of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// A folder.
    Folder,
    /// A regular file.
    File,
    /// A link, at this path or on the way to it.
    Link(RelPath),
    /// A socket, device or pipe.
    Other,
    /// A folder that cannot be read, with why.
    Unreadable(String),
    /// Nothing.
    Nothing,
}

impl Tree {
    /// Reads everything below `assets`. An assets folder that is absent is an empty tree.
    ///
    /// Runs in the thread pool it is called in.
    ///
    /// # Errors
    /// Where the assets folder itself cannot be read, is no folder, or is or lies behind a link.
    pub fn scan(fs: &dyn Fs, assets: &RelPath, ignored: &IgnoreRules) -> Result<Self, FsError> {
        let mut walk = Walk { fs, assets, ignored, folders: Vec::new(), faults: Vec::new() };
        match fs.read_dir(assets) {
            Err(error) if error.source.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error),
            Ok(entries) => {
                let top = walk.take(RelPath::root(), RelPath::root(), entries, None);
                let below = walk.keep(top);
                walk.run(below);
            }
        }
        walk.folders.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let folders = walk.folders.into_iter().map(|(key, folder)| (key, Arc::new(folder)));
        Ok(Self { folders: SharedMap::from_sorted(folders), faults: Arc::new(sorted(walk.faults)) })
    }

    /// Reads these folders again, and everything that is new below them. What is no folder of the tree counts as its
    /// nearest folder above. Returns the folders that are others now, those that came and went among them.
    ///
    /// # Errors
    /// Where the assets folder itself has to be read and cannot be.
    pub fn read_again(
        &mut self,
        fs: &dyn Fs,
        assets: &RelPath,
        ignored: &IgnoreRules,
        folders: &BTreeSet<RelPath>,
    ) -> Result<BTreeSet<RelPath>, FsError> {
        let mut changed = BTreeSet::new();
        let mut due: BTreeSet<RelPath> = folders.iter().map(|path| self.nearest_folder(path)).collect();
        while let Some(key) = due.pop_first() {
            let Some(disk) = self.folders.get(&key).map(|folder| folder.disk.clone()) else {
                if key.is_root() {
                    let before = std::mem::replace(self, Self::scan(fs, assets, ignored)?);
                    changed.extend(self.changed_since(&before));
                }
                continue;
            };
            match fs.read_dir(&assets.join(&disk)) {
                Ok(entries) => changed.extend(self.replace(fs, assets, ignored, (key, disk), entries)),
                Err(error) if key.is_root() && error.source.kind() == io::ErrorKind::NotFound => {
                    changed.extend(std::mem::take(self).folders.keys().cloned());
                }
                Err(error) if key.is_root() => return Err(error),
                // Its parent says what became of it.
                Err(_) => {
                    changed.extend(self.forget(&key));
                    due.extend(key.parent().map(|parent| self.nearest_folder(&parent)));
                }
            }
        }
        Ok(changed)
    }

    /// Takes in what a known folder holds now. Returns the folders that are others now.
    fn replace(
        &mut self,
        fs: &dyn Fs,
        assets: &RelPath,
        ignored: &IgnoreRules,
        (key, disk): (RelPath, RelPath),
        entries: Vec<DirEntry>,
    ) -> BTreeSet<RelPath> {
        let mut changed = BTreeSet::new();
        let mut walk = Walk { fs, assets, ignored, folders: Vec::new(), faults: Vec::new() };
        let known = self.clone();
        let taken = walk.take(key.clone(), disk.clone(), entries, Some(&known));
        let below = walk.keep(taken);
        walk.run(below);
        let is_gone = |node: &&Node| {
            let new = walk.folders.first().map(|(_, folder)| folder);
            node.kind == FileKind::Dir && new.and_then(|folder| folder.node(&node.name)) != Some(*node)
        };
        let gone: Vec<RelPath> = known
            .folder(&key)
            .into_iter()
            .flat_map(|folder| folder.nodes.iter().filter(is_gone))
            .map(|node| key.entry(&node.name))
            .collect();
        gone.iter().for_each(|path| changed.extend(self.forget(path)));
        let is_of_it = |fault: &ScanFault| fault.is_of_listing(&disk);
        if !walk.faults.is_empty() || self.faults.iter().any(is_of_it) {
            let kept = self.faults.iter().filter(|fault| !is_of_it(fault)).cloned();
            let faults = sorted(kept.chain(walk.faults).collect());
            if faults != *self.faults {
                self.faults = Arc::new(faults);
                changed.insert(key.clone());
            }
        }
        for (key, folder) in walk.folders {
            if self.folders.get(&key).is_none_or(|known| **known != folder) {
                changed.insert(key.clone());
                self.folders.insert(key, Arc::new(folder));
            }
        }
        changed
    }

    /// Forgets a folder and all below it; returns what it forgot.
    fn forget(&mut self, key: &RelPath) -> Vec<RelPath> {
        let gone: Vec<(RelPath, RelPath)> =
            self.folders_within(key).map(|(path, folder)| (path.clone(), folder.disk.clone())).collect();
        let Some((_, disk)) = gone.first() else { return Vec::new() };
        if self.faults.iter().any(|fault| fault.path.is_within(disk)) {
            let kept = self.faults.iter().filter(|fault| !fault.path.is_within(disk)).cloned();
            self.faults = Arc::new(kept.collect());
        }
        for (path, _) in &gone {
            self.folders.remove(path);
        }
        gone.into_iter().map(|(path, _)| path).collect()
    }

    fn nearest_folder(&self, path: &RelPath) -> RelPath {
        let mut paths = std::iter::successors(Some(path.clone()), RelPath::parent);
        paths.find(|path| self.folders.contains_key(path)).unwrap_or_else(RelPath::root)
    }

    /// The folders in which two trees differ: those that only one of them has among them. By path.
    #[must_use]
    pub fn changed_since(&self, before: &Self) -> BTreeSet<RelPath> {
        if self.folders.is_same(&before.folders) && self.faults == before.faults {
            return BTreeSet::new();
        }
        let mut changed = BTreeSet::new();
        for (path, folder) in self.folders.iter() {
            let same = |known: &Arc<Folder>| Arc::ptr_eq(known, folder) || known == folder;
            if !before.folders.get(path).is_some_and(same) {
                changed.insert(path.clone());
            }
        }
        changed.extend(before.folders.keys().filter(|path| !self.folders.contains_key(*path)).cloned());
        if self.faults != before.faults {
            let (now, then): (HashSet<_>, HashSet<_>) = (self.faults.iter().collect(), before.faults.iter().collect());
            changed.extend(now.symmetric_difference(&then).map(|fault| self.nearest_folder(&fault.path.nfc())));
        }
        changed
    }

    /// The tree with what it has in common with `before` shared.
    #[must_use]
    pub fn sharing(mut self, before: &Self) -> Self {
        if before.folders.is_empty() {
            return self;
        }
        let shared = |(path, folder): (&RelPath, &Arc<Folder>)| match before.folders.get(path) {
            Some(known) if known == folder => (path.clone(), Arc::clone(known)),
            _ => (path.clone(), Arc::clone(folder)),
        };
        let is_same = self.folders == before.folders;
        self.folders =
            if is_same { before.folders.clone() } else { SharedMap::from_sorted(self.folders.iter().map(shared)) };
        self
    }

    /// The parts of a tree, for the listing.
    pub(super) fn parts(&self) -> (Vec<Arc<Folder>>, Vec<ScanFault>) {
        (self.folders.values().cloned().collect(), self.faults.to_vec())
    }

    /// The tree of these parts.
    pub(super) fn of_parts(folders: Vec<Arc<Folder>>, faults: Vec<ScanFault>) -> Self {
        let mut folders: Vec<(RelPath, Arc<Folder>)> =
            folders.into_iter().map(|folder| (folder.disk.nfc(), folder)).collect();
        folders.sort_by(|a, b| a.0.cmp(&b.0));
        folders.dedup_by(|a, b| a.0 == b.0);
        Self { folders: SharedMap::from_sorted(folders), faults: Arc::new(faults) }
    }

    /// What the scan could not take in.
    #[must_use]
    pub fn faults(&self) -> &[ScanFault] {
        &self.faults
    }

    /// The folder at `path`.
    #[must_use]
    pub fn folder(&self, path: &RelPath) -> Option<&Folder> {
        self.folders.get(path).map(|folder| &**folder)
    }

    /// All folders, by path.
    pub fn folders(&self) -> impl Iterator<Item = (&RelPath, &Folder)> {
        self.folders.iter().map(|(path, folder)| (path, &**folder))
    }

    /// The folders that are `root` or lie below it, by path.
    pub fn folders_within<'t>(&'t self, root: &RelPath) -> impl Iterator<Item = (&'t RelPath, &'t Folder)> + use<'t> {
        // Below `a` lies what begins with `a/`; `a-b`, which sorts between, does not.
        let (from, to) =
            if root.is_root() { (String::new(), None) } else { (format!("{root}/"), Some(format!("{root}0"))) };
        let itself = if root.is_root() { None } else { self.folders.from(root).next() };
        let itself = itself.filter(|(path, _)| *path == root);
        let below = self.folders.from(from.as_str());
        let below = below.take_while(move |(path, _)| to.as_ref().is_none_or(|to| path.as_str() < to.as_str()));
        itself.into_iter().chain(below).map(|(path, folder)| (path, &**folder))
    }

    /// The entry at `path`.
    #[must_use]
    pub fn node(&self, path: &RelPath) -> Option<&Node> {
        let (folder, name) = path.as_str().rsplit_once('/').unwrap_or(("", path.as_str()));
        self.folders.get(folder)?.node(name)
    }

    /// What stands at `path`.
    #[must_use]
    pub fn standing(&self, path: &RelPath) -> Standing {
        if self.folders.contains_key(path) {
            return Standing::Folder;
        }
        let mut walked = RelPath::root();
        for segment in path.segments() {
            walked = walked.entry(segment);
            match self.node(&walked).map(|node| node.kind) {
                Some(FileKind::Dir) if self.folders.contains_key(&walked) => {}
                Some(FileKind::Dir) => {
                    let fault = self.faults.iter().find(|fault| fault.path.nfc() == walked);
                    return match fault.map(|fault| &fault.kind) {
                        Some(ScanFaultKind::Unreadable(why)) => Standing::Unreadable(why.clone()),
                        _ => Standing::Nothing,
                    };
                }
                Some(FileKind::Link) => return Standing::Link(walked),
                Some(FileKind::File) if walked == *path => return Standing::File,
                Some(FileKind::Other) if walked == *path => return Standing::Other,
                _ => return Standing::Nothing,
            }
        }
        Standing::Nothing
    }

    /// Whether the folder at `path` holds a manifest, of whatever kind of file.
    #[must_use]
    pub fn holds_manifest(&self, path: &RelPath) -> bool {
        self.folders.get(path).is_some_and(|folder| folder.holds_manifest())
    }
}

impl Folder {
    /// Whether there is an entry with a manifest's name.
    #[must_use]
    pub fn holds_manifest(&self) -> bool {
        self.node(Manifest::FILE).is_some()
    }

    /// The entry of that name; of several whose names are one in NFC the folder, of which there is at most one.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Node> {
        let at = self.nodes.partition_point(|node| *node.name < *name);
        self.nodes.get(at).filter(|node| *node.name == *name)
    }
}

fn sorted(mut faults: Vec<ScanFault>) -> Vec<ScanFault> {
    faults.sort();
    faults
}

impl Node {
    fn of(entry: &DirEntry) -> Self {
        let name = to_nfc(&entry.name);
        Self {
            disk_name: (name != entry.name).then(|| entry.name.as_str().into()),
            name: name.into(),
            kind: entry.stat.kind,
            stamp: match entry.stat.kind {
                FileKind::File => entry.stat.into(),
                _ => Stamp { inode: entry.stat.inode, ..Stamp::default() },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::RealFs;

    fn scan_of(paths: &[&str]) -> (tempfile::TempDir, Tree) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for path in paths {
            let path = dir.path().join("assets").join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, "x").expect("a file");
        }
        let fs = RealFs::open(dir.path()).expect("it opens");
        let rules = IgnoreRules::new(&[]).expect("no rules of its own");
        let tree = Tree::scan(&fs, &RelPath::literal("assets"), &rules).expect("a scan");
        (dir, tree)
    }

    #[test]
    fn what_lies_within_a_folder_is_not_what_only_begins_like_it() {
        let (_dir, tree) = scan_of(&["a/x", "a-b/x", "a/c/x", "a0/x"]);
        let within: Vec<&str> = tree.folders_within(&RelPath::literal("a")).map(|(path, _)| path.as_str()).collect();
        assert_eq!(within, ["a", "a/c"]);
        assert_eq!(tree.folders_within(&RelPath::root()).count(), 5);
    }

    #[test]
    fn an_absent_assets_folder_is_an_empty_tree() {
        let (_dir, tree) = scan_of(&[]);
        assert_eq!(tree.folders().count(), 0);
        assert_eq!(tree.standing(&RelPath::literal("a")), Standing::Nothing);
    }

    #[test]
    fn a_link_is_seen_and_not_followed() {
        let (dir, _) = scan_of(&["real/x"]);
        std::os::unix::fs::symlink("real", dir.path().join("assets/link")).expect("a link");
        let fs = RealFs::open(dir.path()).expect("it opens");
        let rules = IgnoreRules::new(&[]).expect("no rules of its own");
        let tree = Tree::scan(&fs, &RelPath::literal("assets"), &rules).expect("a scan");
        assert_eq!(tree.standing(&RelPath::literal("link/x")), Standing::Link(RelPath::literal("link")));
        assert_eq!(tree.standing(&RelPath::literal("real/x")), Standing::File);
    }

    #[test]
    fn a_name_is_found_in_nfc_and_opened_as_the_disk_spells_it() {
        let (_dir, tree) = scan_of(&["cafe\u{301}/x"]);
        let folder = tree.folder(&RelPath::literal("caf\u{e9}")).expect("by its NFC name");
        assert_eq!(folder.disk.as_str(), "cafe\u{301}");
    }
}
