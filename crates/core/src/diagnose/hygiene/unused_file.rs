//! H304: a file in an asset root that none of its patterns takes.

use std::collections::{HashMap, HashSet};

use super::{NotChecked, Premises, at};
use crate::diagnose::{Code, Diagnostic, Fix};
use crate::fs::FileKind;
use crate::snapshot::Asset;
use crate::value::RelPath;
use crate::workspace::{Folder, Manifest};

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    let snapshot = premises.ground.snapshot;
    let mut folders: HashMap<&RelPath, Vec<(&RelPath, &Folder)>> = HashMap::new();
    for (path, folder) in snapshot.tree.folders() {
        if let Some(owner) = premises.owner(path) {
            folders.entry(owner).or_default().push((path, folder));
        }
    }
    for asset in premises.roots() {
        // Without patterns it takes all; of a manifest that does not parse nobody knows what it takes.
        let has_patterns = asset.manifest().is_some_and(|manifest| !manifest.sources.patterns().is_empty());
        let folders = asset.root.as_ref().ok().filter(|_| has_patterns).and_then(|root| folders.get(root));
        folders.into_iter().for_each(|folders| check_asset(premises, asset, folders, found));
    }
    Ok(())
}

fn check_asset(premises: &Premises<'_>, asset: &Asset, folders: &[(&RelPath, &Folder)], found: &mut Vec<Diagnostic>) {
    let taken: HashSet<&RelPath> = asset.sources.iter().map(|source| &source.disk).collect();
    for (path, folder) in folders {
        let is_manifest = |name: &str| name == Manifest::FILE && asset.root.as_ref() == Ok(*path);
        let folder_path = premises.in_workspace(&folder.disk);
        for node in folder.nodes.iter().filter(|node| node.kind == FileKind::File && !is_manifest(&node.name)) {
            let path = folder_path.entry(node.disk_name());
            if taken.contains(&path) {
                continue;
            }
            let message = format!("no pattern of `{}` takes `{path}`", asset.root_text);
            let help = "add a pattern for it to `sources` in asset.json; or ignore it, with a pattern in `ignore` under \
                        [assets] in packwright.toml";
            let made = at(Code::H304, path, message).of_asset(asset.reference());
            found.push(made.with_help(help).with_fix(Fix::shown("take it in, ignore it or move it away")));
        }
    }
}
