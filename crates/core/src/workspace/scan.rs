//! Looking at the assets folder: every folder and file below it, with what a stat says.
//!
//! Names are kept in NFC, as they are matched and written; where the disk spells one otherwise, that spelling stands
//! beside it. Links are seen and never followed. Files that come and go under the scan are normal life. What ignore
//! rules take out is not in the tree.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::ops::Bound;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{IgnoreRules, Manifest};
use crate::fs::{DirEntry, FileKind, Fs, FsError, Stat};
use crate::value::RelPath;

/// What tells that a file has not changed. A hint: content is the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// Everything below the assets folder. Its paths are relative to that folder.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    folders: BTreeMap<RelPath, Folder>,
    faults: Vec<ScanFault>,
}

/// One folder.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Its path as the disk spells it.
    pub disk: RelPath,
    /// Its entries, by name.
    pub nodes: Vec<Node>,
}

/// One entry of a folder.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its name in NFC.
    pub name: Box<str>,
    /// The disk's spelling, where it is another.
    pub disk_name: Option<Box<str>>,
    /// What it is.
    pub kind: FileKind,
    /// What a stat said.
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
#[derive(Debug, Clone)]
pub struct ScanFault {
    /// Where, relative to the assets folder.
    pub path: RelPath,
    /// What.
    pub kind: ScanFaultKind,
}

/// Why the scan could not take something in.
#[derive(Debug, Clone, PartialEq, Eq)]
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
        let mut tree = Self::default();
        match fs.read_dir(assets) {
            Err(error) if error.source.kind() == io::ErrorKind::NotFound => return Ok(tree),
            Err(error) => return Err(error),
            Ok(entries) => {
                let mut frontier = vec![tree.add(RelPath::root(), RelPath::root(), entries, ignored)];
                while !frontier.is_empty() {
                    let below: Vec<(RelPath, RelPath)> = frontier.drain(..).flatten().collect();
                    let read = |(key, disk): (RelPath, RelPath)| {
                        let entries = fs.read_dir(&assets.join(&disk));
                        (key, disk, entries)
                    };
                    let level: Vec<_> = below.into_par_iter().map(read).collect();
                    for (key, disk, entries) in level {
                        match entries {
                            Ok(entries) => frontier.push(tree.add(key, disk, entries, ignored)),
                            // Gone, or no folder any more, since its parent was read.
                            Err(error) if error.is_absent() || error.is_escape() => {}
                            Err(error) => {
                                let kind = ScanFaultKind::Unreadable(error.why());
                                tree.faults.push(ScanFault { path: disk, kind });
                            }
                        }
                    }
                }
            }
        }
        Ok(tree)
    }

    /// Takes in one folder; returns the folders in it, by key and by the disk's spelling.
    fn add(
        &mut self,
        key: RelPath,
        disk: RelPath,
        mut entries: Vec<DirEntry>,
        ignored: &IgnoreRules,
    ) -> Vec<(RelPath, RelPath)> {
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        let mut nodes = Vec::with_capacity(entries.len());
        let mut below = Vec::new();
        let mut taken = HashSet::new();
        for entry in entries {
            let path = disk.entry(&entry.name);
            let fault = if !entry.is_utf8 {
                Some((disk.clone(), ScanFaultKind::NotUtf8(entry.name.clone())))
            } else if path.as_str().len() > RelPath::MAX_BYTES {
                Some((disk.clone(), ScanFaultKind::TooLong))
            } else {
                None
            };
            if let Some((path, kind)) = fault {
                self.faults.push(ScanFault { path, kind });
                continue;
            }
            if ignored.ignores(&path, entry.stat.kind == FileKind::Dir).is_some() {
                continue;
            }
            let node = Node::of(&entry);
            if entry.stat.kind == FileKind::Dir {
                let child = key.entry(&node.name);
                if !taken.insert(child.clone()) {
                    self.faults.push(ScanFault { path, kind: ScanFaultKind::SameName });
                    continue;
                }
                below.push((child, path));
            }
            nodes.push(node);
        }
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        self.folders.insert(key, Folder { disk, nodes });
        below
    }

    /// What the scan could not take in.
    #[must_use]
    pub fn faults(&self) -> &[ScanFault] {
        &self.faults
    }

    /// The folder at `path`.
    #[must_use]
    pub fn folder(&self, path: &RelPath) -> Option<&Folder> {
        self.folders.get(path)
    }

    /// All folders, by path.
    pub fn folders(&self) -> impl Iterator<Item = (&RelPath, &Folder)> {
        self.folders.iter()
    }

    /// The folders that are `root` or lie below it, by path.
    pub fn folders_within<'t>(&'t self, root: &RelPath) -> impl Iterator<Item = (&'t RelPath, &'t Folder)> + use<'t> {
        // Below `a` lies what begins with `a/`; `a-b`, which sorts between, does not.
        let (from, to) = if root.is_root() {
            (Bound::Unbounded, Bound::Unbounded)
        } else {
            (Bound::Included(format!("{root}/")), Bound::Excluded(format!("{root}0")))
        };
        let bounds = (from.as_ref().map(String::as_str), to.as_ref().map(String::as_str));
        let itself = if root.is_root() { None } else { self.folders.get_key_value(root) };
        itself.into_iter().chain(self.folders.range::<str, _>(bounds))
    }

    /// The entry at `path`.
    #[must_use]
    pub fn node(&self, path: &RelPath) -> Option<&Node> {
        let folder = self.folders.get(&path.parent()?)?;
        let name = path.file_name()?;
        let at = folder.nodes.binary_search_by(|node| (*node.name).cmp(name)).ok()?;
        folder.nodes.get(at)
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
        self.folders.get(path).is_some_and(Folder::holds_manifest)
    }
}

impl Folder {
    /// Whether there is an entry with a manifest's name.
    #[must_use]
    pub fn holds_manifest(&self) -> bool {
        self.nodes.binary_search_by(|node| (*node.name).cmp(Manifest::FILE)).is_ok()
    }
}

impl Node {
    fn of(entry: &DirEntry) -> Self {
        let nfc = RelPath::root().entry(&entry.name).nfc();
        let same = nfc.as_str() == entry.name;
        Self {
            name: nfc.as_str().into(),
            disk_name: (!same).then(|| entry.name.as_str().into()),
            kind: entry.stat.kind,
            stamp: entry.stat.into(),
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
