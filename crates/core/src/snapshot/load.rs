//! Reading a workspace into a snapshot. Nothing is written.

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use rayon::prelude::*;

use super::asset::{Asset, ManifestState};
use super::{Known, Snapshot};
use crate::fs::{FileKind, Fs, ReadError, read_limited};
use crate::importer::ImporterSet;
use crate::value::{ContentHash, RelPath};
use crate::workspace::{
    FileRecord, Found, IgnoreRules, Listing, Manifest, ManifestErrors, Problem, Registry, RegistryEntry, RegistryError,
    Settings, Standing, Tree, decode,
};

/// The longest settings file that is read, in bytes.
const SETTINGS_MAX_BYTES: u64 = 1 << 20;
/// The longest registry that is read, in bytes: a million entries have about 150 MB.
const REGISTRY_MAX_BYTES: u64 = 1 << 30;

/// A snapshot, and the records of the manifests that were read for it.
pub struct Loaded {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// By path relative to the workspace: every manifest, read now or known from the listing.
    pub manifests: Vec<(RelPath, FileRecord)>,
}

/// Reads the workspace behind `fs`. Runs in the thread pool it is called in.
#[must_use]
pub fn load(fs: &dyn Fs, importers: &ImporterSet, listing: &Listing, revision: u64) -> Loaded {
    let settings = read_settings(fs);
    let (registry_bytes, registry) = read_registry(fs);
    let assets_dir = settings.as_ref().map_or_else(|_| RelPath::literal("assets"), |known| known.assets_dir.clone());
    let patterns = settings.as_ref().map(|known| known.ignore.clone()).unwrap_or_default();
    let ignored = IgnoreRules::new(&patterns).expect("settings that parse have only patterns that parse");
    let named = settings.iter().flat_map(|known| [&known.assets_dir, &known.out_dir]);
    let linked_folders: Vec<RelPath> = named.filter(|folder| is_behind_link(fs, folder)).cloned().collect();
    let (tree, tree_error) = match Tree::scan(fs, &assets_dir, &ignored) {
        Ok(tree) => (tree, None),
        Err(_) if linked_folders.contains(&assets_dir) => (Tree::default(), None),
        Err(error) => (Tree::default(), Some(error.why())),
    };
    let roots: Vec<RelPath> =
        tree.folders().filter(|(_, folder)| folder.holds_manifest()).map(|(path, _)| path.clone()).collect();
    let read: Vec<(RelPath, ManifestRead)> = roots
        .par_iter()
        .map(|root| (root.clone(), read_manifest(fs, importers, listing, &tree, &assets_dir, root)))
        .collect();
    let mut manifests = Vec::new();
    let mut states = HashMap::new();
    for (root, read) in read {
        manifests.extend(read.record);
        states.insert(root, read.state);
    }
    let manifest_roots: HashSet<RelPath> = roots.iter().cloned().collect();
    let mut assets: Vec<Asset> =
        registry.iter().flat_map(|known| &known.entries).map(|entry| registered(entry, &tree, &states)).collect();
    let n_registered = assets.len();
    let taken: HashSet<RelPath> = assets.iter().filter_map(|asset| asset.root.clone().ok()).collect();
    assets.extend(roots.iter().filter(|root| !taken.contains(*root)).map(|root| unregistered(root, &states)));
    assets.par_iter_mut().for_each(|asset| asset.match_sources(&tree, &assets_dir, &manifest_roots));
    let known = Known {
        revision,
        settings,
        registry_bytes,
        registry,
        ignored,
        tree,
        tree_error,
        linked_folders,
        assets,
        n_registered,
    };
    Loaded { snapshot: Snapshot::new(known), manifests }
}

fn is_behind_link(fs: &dyn Fs, folder: &RelPath) -> bool {
    let mut paths = std::iter::successors(Some(folder.clone()), RelPath::parent).filter(|path| !path.is_root());
    paths.any(|path| fs.stat(&path).is_ok_and(|stat| stat.kind == FileKind::Link))
}

fn read_settings(fs: &dyn Fs) -> Result<Settings, Vec<Problem>> {
    let path = RelPath::literal(Settings::FILE);
    let bytes = read_limited(fs, &path, SETTINGS_MAX_BYTES).map_err(|error| vec![Problem::new(error.to_string())])?;
    Settings::parse(decode(&bytes).map_err(|problem| vec![problem])?)
}

/// No file is an empty registry. One that cannot be read is never taken for an absent one.
fn read_registry(fs: &dyn Fs) -> (Option<Vec<u8>>, Result<Registry, RegistryError>) {
    match read_limited(fs, &RelPath::literal(Registry::FILE), REGISTRY_MAX_BYTES) {
        Ok(bytes) => {
            let parsed = Registry::parse(&bytes);
            (Some(bytes), parsed)
        }
        Err(error) if error.is_absent() => (None, Ok(Registry::empty())),
        Err(error) => (None, Err(RegistryError::Unreadable(Problem::new(error.to_string())))),
    }
}

struct ManifestRead {
    state: ManifestState,
    record: Option<(RelPath, FileRecord)>,
}

fn read_manifest(
    fs: &dyn Fs,
    importers: &ImporterSet,
    listing: &Listing,
    tree: &Tree,
    assets_dir: &RelPath,
    root: &RelPath,
) -> ManifestRead {
    let node = tree.node(&root.entry(Manifest::FILE));
    let (Some(folder), Some(node)) = (tree.folder(root), node) else {
        return ManifestRead { state: ManifestState::Missing, record: None };
    };
    let path = assets_dir.join(&folder.disk).entry(node.disk_name());
    if let Some(record) = listing.known(&path, &node.stamp)
        && let Found::Manifest(bytes) = &record.found
    {
        return ManifestRead { state: parse(bytes, importers), record: Some((path, record.clone())) };
    }
    let read_at = SystemTime::now();
    match read_limited(fs, &path, Manifest::MAX_BYTES) {
        Ok(bytes) => {
            let state = parse(&bytes, importers);
            let hash = ContentHash::of(&bytes);
            let record = FileRecord::new(node.stamp, read_at, hash, Found::Manifest(bytes));
            ManifestRead { state, record: Some((path, record)) }
        }
        Err(error) if error.is_absent() => ManifestRead { state: ManifestState::Missing, record: None },
        Err(ReadError::TooLong { size, limit, .. }) => {
            let problem = Problem::new(format!("the manifest has {size} bytes, and the limit is {limit}"));
            let errors = ManifestErrors { problems: vec![problem], ..ManifestErrors::default() };
            ManifestRead { state: ManifestState::Invalid(errors), record: None }
        }
        Err(ReadError::Fs(error)) => ManifestRead { state: ManifestState::Unreadable(error.why()), record: None },
    }
}

fn parse(bytes: &[u8], importers: &ImporterSet) -> ManifestState {
    match Manifest::parse(bytes, importers) {
        Ok(manifest) => ManifestState::Valid(Box::new(manifest)),
        Err(errors) => ManifestState::Invalid(errors),
    }
}

fn registered(entry: &RegistryEntry, tree: &Tree, states: &HashMap<RelPath, ManifestState>) -> Asset {
    let root = entry.root_path();
    let standing = root.as_ref().map_or(Standing::Nothing, |root| tree.standing(root));
    let manifest = root.as_ref().ok().and_then(|root| states.get(root).cloned()).unwrap_or(ManifestState::Missing);
    Asset {
        root_text: entry.root.clone(),
        entry: Some(entry.clone()),
        root,
        standing,
        manifest,
        sources: Vec::new(),
        unusable: Vec::new(),
        links: Vec::new(),
    }
}

fn unregistered(root: &RelPath, states: &HashMap<RelPath, ManifestState>) -> Asset {
    Asset {
        entry: None,
        root: Ok(root.clone()),
        root_text: root.as_str().to_owned(),
        standing: Standing::Folder,
        manifest: states.get(root).cloned().unwrap_or(ManifestState::Missing),
        sources: Vec::new(),
        unusable: Vec::new(),
        links: Vec::new(),
    }
}
