//! The walk behind a scan: folders level by level, each level in parallel.

use std::collections::HashSet;

use rayon::prelude::*;

use super::{Folder, Node, ScanFault, ScanFaultKind, Tree};
use crate::fs::{DirEntry, FileKind, Fs};
use crate::value::RelPath;
use crate::workspace::IgnoreRules;

/// A walk under way.
pub(super) struct Walk<'a> {
    pub(super) fs: &'a dyn Fs,
    pub(super) assets: &'a RelPath,
    pub(super) ignored: &'a IgnoreRules,
    pub(super) folders: Vec<(RelPath, Folder)>,
    pub(super) faults: Vec<ScanFault>,
}

/// One folder as it was read.
pub(super) struct Taken {
    pub(super) key: RelPath,
    pub(super) folder: Folder,
    /// The folders in it that are to be read, by key and by the disk's spelling.
    pub(super) below: Vec<(RelPath, RelPath)>,
    pub(super) faults: Vec<ScanFault>,
}

impl Walk<'_> {
    /// Reads these folders, by key and by the disk's spelling, and all below them.
    pub(super) fn run(&mut self, mut below: Vec<(RelPath, RelPath)>) {
        while !below.is_empty() {
            let level: Vec<_> = below.into_par_iter().filter_map(|(key, disk)| self.read(key, disk)).collect();
            below = Vec::new();
            for read in level {
                match read {
                    Ok(taken) => below.extend(self.keep(taken)),
                    Err(fault) => self.faults.push(fault),
                }
            }
        }
    }

    fn read(&self, key: RelPath, disk: RelPath) -> Option<Result<Taken, ScanFault>> {
        match self.fs.read_dir(&self.assets.join(&disk)) {
            Ok(entries) => Some(Ok(self.take(key, disk, entries, None))),
            // Gone, or no folder any more, since its parent was read.
            Err(error) if error.is_absent() || error.is_escape() => None,
            Err(error) => Some(Err(ScanFault { path: disk, kind: ScanFaultKind::Unreadable(error.why()) })),
        }
    }

    /// Keeps what was taken in; returns the folders to be read next.
    pub(super) fn keep(&mut self, taken: Taken) -> Vec<(RelPath, RelPath)> {
        self.folders.push((taken.key, taken.folder));
        self.faults.extend(taken.faults);
        taken.below
    }

    /// Takes in one folder. The folders in it that `known` has too are not to be read.
    pub(super) fn take(&self, key: RelPath, disk: RelPath, mut entries: Vec<DirEntry>, known: Option<&Tree>) -> Taken {
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        let mut nodes = Vec::with_capacity(entries.len());
        let (mut below, mut faults) = (Vec::new(), Vec::new());
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
                faults.push(ScanFault { path, kind });
                continue;
            }
            if self.ignored.ignores(&path, entry.stat.kind == FileKind::Dir).is_some() {
                continue;
            }
            let node = Node::of(&entry);
            if entry.stat.kind == FileKind::Dir {
                let is_spelled_alike = key == disk && node.disk_name.is_none();
                let child = if is_spelled_alike { path.clone() } else { key.entry(&node.name) };
                if !taken.insert(child.clone()) {
                    faults.push(ScanFault { path, kind: ScanFaultKind::SameName });
                    continue;
                }
                let same = |known: &Tree| {
                    known.folder(&child).is_some_and(|folder| folder.disk == path) && known.node(&child) == Some(&node)
                };
                if !known.is_some_and(same) {
                    below.push((child, path));
                }
            }
            nodes.push(node);
        }
        nodes.sort_by(|a, b| (&a.name, a.kind != FileKind::Dir).cmp(&(&b.name, b.kind != FileKind::Dir)));
        Taken { key, folder: Folder { disk, nodes }, below, faults }
    }
}
