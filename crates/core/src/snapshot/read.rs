//! Reading a workspace into the next snapshot. Nothing is written.
//!
//! The first snapshot of a project is the next one after one of nothing: there is one way to read, and what a snapshot
//! says does not depend on how it was come by.

mod changes;
mod work;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use changes::Changes;
use work::Work;

use super::{AssetKey, Dirty, Known, RegistryChange, RegistryFile, Setting, Snapshot};
use crate::fs::{FileKind, Fs, read_limited};
use crate::importer::ImporterSet;
use crate::value::{ContentHash, RelPath};
use crate::workspace::{
    IgnoreRules, Listing, Problem, Quarantine, Registry, RegistryEntry, RegistryError, Scanned, Settings, Tree, decode,
};

/// The longest settings file that is read, in bytes.
const SETTINGS_MAX_BYTES: u64 = 1 << 20;
/// The longest registry that is read, in bytes: a million entries have about 150 MB.
const REGISTRY_MAX_BYTES: u64 = 1 << 30;

/// Reads one workspace, again and again.
pub struct Reader<'a> {
    /// Its files.
    pub fs: &'a dyn Fs,
    /// Who checks manifests.
    pub importers: &'a ImporterSet,
}

/// What came of reading.
#[derive(Clone)]
pub struct Reading {
    /// What is known now; the snapshot of before, where nothing differs.
    pub snapshot: Snapshot,
    /// What is remembered of files now.
    pub listing: Listing,
    /// How it differs from before.
    pub changes: Changes,
}

/// How the entries of the registry came to be known.
enum Entries {
    /// They are as they were.
    Same,
    /// All of them, as read.
    Read(Vec<(AssetKey, RegistryEntry)>),
    /// As before but for these: we wrote the file ourselves.
    Changed(RegistryChange),
}

impl Reader<'_> {
    /// Looks again at what is dirty.
    #[must_use]
    pub fn read(&self, before: &Snapshot, listing: &Listing, dirty: &Dirty) -> Reading {
        let (file, entries) = if dirty.registry || dirty.everything {
            self.registry(before)
        } else {
            (Arc::clone(&before.registry), Entries::Same)
        };
        self.next(before, listing, dirty, (file, entries), None)
    }

    /// The first snapshot, of all that is there.
    #[must_use]
    pub fn open(&self, listing: &Listing) -> Reading {
        self.read(&Snapshot::default(), listing, &Dirty::everything())
    }

    /// The first snapshot as the last scan would have it: only settings and registry are read. `None` where the last
    /// scan was made by other settings.
    #[must_use]
    pub fn recall(&self, listing: &Listing, scanned: &Scanned) -> Option<Reading> {
        let nothing = Snapshot::default();
        let reading = self.next(&nothing, listing, &Dirty::everything(), self.registry(&nothing), Some(&scanned.tree));
        (reading.snapshot.setting.digest == Some(scanned.settings)).then_some(reading)
    }

    /// The snapshot after a commit of ours, which wrote this registry and manifests in these folders.
    #[must_use]
    pub fn committed(
        &self,
        before: &Snapshot,
        listing: &Listing,
        folders: &Dirty,
        (change, digest): (&RegistryChange, ContentHash),
    ) -> Reading {
        if change.is_empty() || folders.registry || !change.keeps_keys(before) {
            let mut dirty = folders.clone();
            dirty.registry |= !change.is_empty();
            return self.read(before, listing, &dirty);
        }
        let file =
            RegistryFile { digest: Some(digest), fault: None, extra: before.registry.extra.clone(), in_order: true };
        let registry = (Arc::new(file), Entries::Changed(change.clone()));
        self.next(before, listing, folders, registry, None)
    }

    fn next(
        &self,
        before: &Snapshot,
        listing: &Listing,
        dirty: &Dirty,
        (registry, entries): (Arc<RegistryFile>, Entries),
        recalled: Option<&Tree>,
    ) -> Reading {
        let setting = self.setting(before, dirty);
        let is_anew = !Arc::ptr_eq(&setting, &before.setting) || before.revision == 0;
        let scanned = if dirty.everything || is_anew || before.tree_error.is_some() {
            self.scan(before, &setting, recalled)
        } else {
            self.look_again(before, &setting, &dirty.folders)
        };
        let mut after = Known {
            revision: before.revision + 1,
            setting,
            registry,
            tree: scanned.tree,
            tree_error: scanned.error,
            assets: before.assets.clone(),
            quarantine: self.quarantine(before, dirty),
        };
        let is_other_tree = !scanned.changed.is_empty();
        let work = Work { reader: self, before, listing, is_anew, is_recalled: recalled.is_some() };
        let (mut changes, records) = work.assets(&mut after, entries, &scanned.changed, dirty);
        let is_other_quarantine = after.quarantine != before.quarantine;
        changes.any |= is_anew || is_other_tree || is_other_quarantine;
        changes.any |= after.registry != before.registry || after.tree_error != before.tree_error;
        let mut listing = listing.clone();
        for (path, record) in records {
            listing.record(path, record);
        }
        let snapshot = if changes.any { Snapshot::new(after) } else { before.clone() };
        Reading { snapshot, listing, changes }
    }

    /// The settings; those of before, where they are the same.
    fn setting(&self, before: &Snapshot, dirty: &Dirty) -> Arc<Setting> {
        let before = &before.setting;
        let linked_folders = |settings: &Result<Settings, Vec<Problem>>| -> Vec<RelPath> {
            let named = settings.iter().flat_map(|known| [&known.assets_dir, &known.out_dir]);
            named.filter(|folder| self.is_behind_link(folder)).cloned().collect()
        };
        if !dirty.settings && !dirty.everything && linked_folders(&before.settings) == before.linked_folders {
            return Arc::clone(before);
        }
        let path = RelPath::literal(Settings::FILE);
        let (digest, settings) = match read_limited(self.fs, &path, SETTINGS_MAX_BYTES) {
            Ok(bytes) => {
                let read = decode(&bytes).map_err(|problem| vec![problem]).and_then(Settings::parse);
                (Some(ContentHash::of(&bytes)), read)
            }
            Err(error) => (None, Err(vec![Problem::new(error.to_string())])),
        };
        let patterns = settings.as_ref().map(|known| known.ignore.clone()).unwrap_or_default();
        let ignored = IgnoreRules::new(&patterns).expect("settings that parse have only patterns that parse");
        let linked_folders = linked_folders(&settings);
        if before.digest == digest && before.settings == settings && before.linked_folders == linked_folders {
            return Arc::clone(before);
        }
        Arc::new(Setting { settings, digest, ignored, linked_folders })
    }

    fn is_behind_link(&self, folder: &RelPath) -> bool {
        let mut paths = std::iter::successors(Some(folder.clone()), RelPath::parent).filter(|path| !path.is_root());
        paths.any(|path| self.fs.stat(&path).is_ok_and(|stat| stat.kind == FileKind::Link))
    }

    /// The registry. No file is an empty one. One that cannot be read is never taken for an absent one, and leaves the
    /// entries as they were.
    fn registry(&self, before: &Snapshot) -> (Arc<RegistryFile>, Entries) {
        let (digest, read) = match read_limited(self.fs, &RelPath::literal(Registry::FILE), REGISTRY_MAX_BYTES) {
            Ok(bytes) => {
                let digest = ContentHash::of(&bytes);
                if before.revision > 0 && before.registry.digest == Some(digest) {
                    return (Arc::clone(&before.registry), Entries::Same);
                }
                (Some(digest), Registry::parse(&bytes))
            }
            Err(error) if error.is_absent() => (None, Ok(Registry::empty())),
            Err(error) => (None, Err(RegistryError::Unreadable(Problem::new(error.to_string())))),
        };
        match read {
            Ok(registry) => {
                let positions = (0..).zip(&registry.entries);
                let in_order = positions.into_iter().all(|(index, entry)| entry.file_index == Some(index));
                let file = RegistryFile { digest, fault: None, extra: registry.extra, in_order };
                (Arc::new(file), Entries::Read(keyed(registry.entries)))
            }
            Err(fault) => {
                let file = RegistryFile { digest, fault: Some(fault), ..RegistryFile::clone(&before.registry) };
                (Arc::new(file), Entries::Same)
            }
        }
    }

    fn quarantine(&self, before: &Snapshot, dirty: &Dirty) -> Arc<Quarantine> {
        // What another process puts there, or takes from there, may be seen by the registry first.
        if !dirty.quarantine && !dirty.registry && !dirty.everything && before.revision > 0 {
            return Arc::clone(&before.quarantine);
        }
        let read = Quarantine::read(self.fs);
        if *before.quarantine == read { Arc::clone(&before.quarantine) } else { Arc::new(read) }
    }

    fn scan(&self, before: &Snapshot, setting: &Setting, recalled: Option<&Tree>) -> TreeRead {
        let assets_dir = setting.assets_dir();
        let read = match recalled {
            Some(tree) => Ok(tree.clone()),
            None => Tree::scan(self.fs, &assets_dir, &setting.ignored),
        };
        let is_link = setting.linked_folders.contains(&assets_dir);
        let (tree, error) = match read {
            Ok(tree) => (tree.sharing(&before.tree), None),
            Err(_) if is_link => (Tree::default(), None),
            Err(error) => (Tree::default(), Some(error.why().into())),
        };
        let changed = tree.changed_since(&before.tree);
        TreeRead { tree, error, changed }
    }

    fn look_again(&self, before: &Snapshot, setting: &Setting, folders: &BTreeSet<RelPath>) -> TreeRead {
        let mut tree = before.tree.clone();
        match tree.read_again(self.fs, &setting.assets_dir(), &setting.ignored, folders) {
            Ok(changed) => TreeRead { tree, error: None, changed },
            Err(_) => self.scan(before, setting, None),
        }
    }
}

struct TreeRead {
    tree: Tree,
    error: Option<Arc<str>>,
    /// The folders in which it differs from the tree before.
    changed: BTreeSet<RelPath>,
}

/// The entries with the keys they have: among those of one root, in the order of the registry.
fn keyed(entries: Vec<RegistryEntry>) -> Vec<(AssetKey, RegistryEntry)> {
    let mut keyed: Vec<(AssetKey, RegistryEntry)> = Vec::with_capacity(entries.len());
    for entry in entries {
        let nth = match keyed.last() {
            Some((last, _)) if last.root == entry.root => last.nth + 1,
            _ => 0,
        };
        keyed.push((AssetKey { root: Arc::clone(&entry.root), nth }, entry));
    }
    keyed
}
