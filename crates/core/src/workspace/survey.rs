//! The survey: what a scan leaves out of the tree and a doctor wants to see. Litter, temporary files, and folders that
//! hold nothing.
//!
//! It looks again at the folders that the scan found, all at once. Folders that came since are the next scan's; those
//! that went are passed over. What the settings ignore is not looked into, nor what is version control's own.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{IgnoreRules, Ignored, ScanFaultKind, Tree, layout};
use crate::fs::{FileKind, Fs, FsError};
use crate::value::RelPath;

/// What was seen. Paths are relative to the workspace, as the disk spells them, and sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Files and folders that an editor or a system left behind.
    pub litter: Vec<RelPath>,
    /// Files below the assets folder that are named as temporary files of ours are.
    pub temporaries: Vec<RelPath>,
    /// Folders with no file in them or below them; of those in one another the topmost.
    pub hollow: Vec<RelPath>,
    /// Folders that could not be looked into, with why.
    pub unreadable: Vec<(RelPath, String)>,
}

/// What one folder holds beside its nodes.
#[derive(Default)]
struct Looked {
    litter: Vec<RelPath>,
    temporaries: Vec<RelPath>,
    /// Whether all that is in it is folders.
    is_bare: bool,
    unreadable: Option<String>,
}

impl Survey {
    /// Looks at the folders of `tree`, which lies at `assets`. `looked` is called after each, from any thread; a survey
    /// that `goes_on` no more is cut short.
    #[must_use]
    pub fn of(
        fs: &dyn Fs,
        (assets, tree): (&RelPath, &Tree),
        ignored: &IgnoreRules,
        looked: &(dyn Fn() + Sync),
        goes_on: &(dyn Fn() -> bool + Sync),
    ) -> Self {
        let folders: Vec<(&RelPath, &RelPath)> = tree.folders().map(|(path, folder)| (path, &folder.disk)).collect();
        let look = |(path, disk): (&RelPath, &RelPath)| {
            let found = if goes_on() { look(fs, assets, ignored, disk) } else { Some(Looked::default()) };
            looked();
            (path.clone(), disk.clone(), found)
        };
        let all: Vec<_> = folders.into_par_iter().map(look).collect();
        let mut survey = Self::default();
        let mut bare: HashMap<RelPath, RelPath> = HashMap::new();
        for (path, disk, found) in all {
            let Some(found) = found else { continue };
            survey.litter.extend(found.litter);
            survey.temporaries.extend(found.temporaries);
            survey.unreadable.extend(found.unreadable.map(|why| (assets.join(&disk), why)));
            if found.is_bare {
                bare.insert(path, disk);
            }
        }
        survey.hollow = hollow(tree, &bare).into_iter().map(|disk| assets.join(&disk)).collect();
        survey.unreadable.extend(Self::unseen(assets, tree).unreadable);
        survey.litter.sort_unstable();
        survey.temporaries.sort_unstable();
        survey.hollow.sort_unstable();
        survey.unreadable.sort_unstable();
        survey.unreadable.dedup_by(|a, b| a.0 == b.0);
        survey
    }

    /// What the scan that made `tree`, which lies at `assets`, could not look into. No folder is looked at again.
    #[must_use]
    pub fn unseen(assets: &RelPath, tree: &Tree) -> Self {
        let unreadable = tree.faults().iter().filter_map(|fault| match &fault.kind {
            ScanFaultKind::Unreadable(why) => Some((assets.join(&fault.path), why.clone())),
            _ => None,
        });
        Self { unreadable: unreadable.collect(), ..Self::default() }
    }
}

/// `None` where the folder is gone.
fn look(fs: &dyn Fs, assets: &RelPath, ignored: &IgnoreRules, disk: &RelPath) -> Option<Looked> {
    let folder = assets.join(disk);
    let entries = match fs.read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.is_absent() || error.is_escape() => return None,
        Err(error) => return Some(Looked { unreadable: Some(error.why()), ..Looked::default() }),
    };
    let mut looked = Looked { is_bare: true, ..Looked::default() };
    for entry in entries {
        let is_dir = entry.stat.kind == FileKind::Dir;
        let path = disk.entry(&entry.name);
        let ignored = if entry.is_utf8 { ignored.ignores(&path, is_dir) } else { None };
        match ignored {
            Some(Ignored::Litter) => looked.litter.push(folder.entry(&entry.name)),
            Some(Ignored::Temporary) => looked.temporaries.push(folder.entry(&entry.name)),
            _ => {}
        }
        looked.is_bare &= is_dir && ignored.is_none();
    }
    Some(looked)
}

/// The topmost folders that hold nothing but folders which hold nothing, by the disk's spelling. The assets folder itself
/// may be empty.
fn hollow(tree: &Tree, bare: &HashMap<RelPath, RelPath>) -> Vec<RelPath> {
    // From below: a folder is full where it holds anything, or one of its folders is full.
    let mut is_full: HashMap<RelPath, bool> = HashMap::new();
    for (path, folder) in tree.folders().collect::<Vec<_>>().into_iter().rev() {
        let mut folders = folder.nodes.iter().filter(|node| node.kind == FileKind::Dir);
        // What the scan left out of the tree below it is nothing that this can judge.
        let full = !bare.contains_key(path)
            || folders.any(|node| is_full.get(&path.entry(&node.name)).copied().unwrap_or(true));
        is_full.insert(path.clone(), full);
    }
    let is_topmost = |path: &RelPath| path.parent().is_none_or(|parent| parent.is_root() || is_full[&parent]);
    let hollow = bare.iter().filter(|(path, _)| !path.is_root() && !is_full[*path] && is_topmost(path));
    hollow.map(|(_, disk)| disk.clone()).collect()
}

/// Temporary and staged files of ours outside the assets folder: beside settings and registry, beside the outputs, in our
/// own folder, and what waits there to be deleted.
///
/// # Errors
/// What the system says of a folder that is there.
pub fn private_leftovers(fs: &dyn Fs, out_dir: &RelPath) -> Result<Vec<RelPath>, FsError> {
    let list = |dir: &RelPath| match fs.read_dir(dir) {
        Err(error) if error.is_absent() => Ok(Vec::new()),
        other => other,
    };
    let mut found = Vec::new();
    for dir in [&RelPath::root(), out_dir, &RelPath::literal(layout::PRIVATE)] {
        let named = list(dir)?.into_iter().filter(|entry| entry.is_utf8 && entry.stat.kind == FileKind::File);
        let named = named.filter(|entry| super::temporary_operation(&entry.name).is_some());
        found.extend(named.map(|entry| dir.entry(&entry.name)));
    }
    for dir in [RelPath::literal(layout::CACHE).entry("partial"), RelPath::literal(layout::TRASH)] {
        found.extend(list(&dir)?.into_iter().filter(|entry| entry.is_utf8).map(|entry| dir.entry(&entry.name)));
    }
    found.sort_unstable();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::RealFs;

    fn survey(paths: &[&str]) -> (Vec<String>, Vec<String>) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for path in paths {
            let whole = dir.path().join("assets").join(path);
            if path.ends_with('/') {
                std::fs::create_dir_all(whole).expect("a folder");
            } else {
                std::fs::create_dir_all(whole.parent().expect("a parent")).expect("a folder");
                std::fs::write(whole, "x").expect("a file");
            }
        }
        let fs = RealFs::open(dir.path()).expect("it opens");
        let rules = IgnoreRules::new(&["raw/".to_owned()]).expect("a pattern");
        let assets = RelPath::literal("assets");
        let tree = Tree::scan(&fs, &assets, &rules).expect("a scan");
        let survey = Survey::of(&fs, (&assets, &tree), &rules, &|| {}, &|| true);
        let texts = |paths: Vec<RelPath>| paths.iter().map(|path| path.as_str().to_owned()).collect();
        (texts(survey.hollow), texts(survey.litter))
    }

    #[test]
    fn of_folders_that_hold_nothing_the_topmost_is_named() {
        let (hollow, litter) = survey(&["a/b/c/", "a/b/d/", "e/f/", "e/x.png", "raw/g/"]);
        assert_eq!(hollow, ["assets/a", "assets/e/f"]);
        assert_eq!(litter, [""; 0]);
    }

    #[test]
    fn a_folder_with_litter_or_a_keep_file_is_not_hollow() {
        let (hollow, litter) = survey(&["a/Thumbs.db", "b/.gitkeep", "c/raw/x"]);
        assert_eq!((hollow, litter), (Vec::new(), vec!["assets/a/Thumbs.db".to_owned()]));
    }
}
