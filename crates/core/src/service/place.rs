//! Asset roots as folders: where one stands, and where one may go.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::{Answer, Blocker, BlockerCode, Context};
use crate::event::Progress;
use crate::fs::{FileKind, Fs, FsError, IoContext};
use crate::plan::{FolderListing, Identity};
use crate::snapshot::Asset;
use crate::value::{ContentHash, RelPath};
use crate::workspace::{Manifest, QuarantinedFile, Stamp, Standing};

/// So few files are hashed before anybody could see how far it has come.
const FEW_FILES: u64 = 16;

/// A folder that is to be moved or deleted, whole.
pub(super) struct Here {
    /// Relative to the workspace, as the disk spells it.
    pub(super) path: RelPath,
    pub(super) identity: Identity,
    pub(super) listing: FolderListing,
    device: u64,
}

impl Here {
    /// The folder of an asset; `None` where it has none.
    pub(super) fn of(context: &Context<'_>, asset: &Asset) -> Result<Option<Self>, Answer> {
        let Ok(root) = &asset.root else { return Ok(None) };
        match &asset.standing {
            Standing::Folder => {}
            Standing::Unreadable(why) => {
                let message = format!("the folder of `{}` cannot be read: {why}", asset.root_text);
                let help = "give yourself permission to read it, or keep the files where they are";
                return Err(Answer::blocked(vec![Blocker::new(BlockerCode::NotAFolder, message, help)]));
            }
            _ => return Ok(None),
        }
        let Some(folder) = context.snapshot.tree.folder(root) else { return Ok(None) };
        Self::at(&**context.fs, &context.snapshot.assets_dir().join(&folder.disk)).map(Some)
    }

    /// The folder at a path of the workspace.
    pub(super) fn at(fs: &dyn Fs, path: &RelPath) -> Result<Self, Answer> {
        let look = || -> Result<Self, FsError> {
            let stat = fs.stat(path)?;
            let listing = FolderListing::read(fs, path)?;
            Ok(Self { path: path.clone(), identity: stat.into(), listing, device: stat.device })
        };
        let here = look().map_err(|error| Answer::of_system(&error))?;
        let parent = here.path.parent().unwrap_or_else(RelPath::root);
        match fs.stat(&parent) {
            Ok(stat) if stat.device != here.device => Err(Answer::blocked(vec![cross_device(&here.path, &parent)])),
            _ => Ok(here),
        }
    }

    /// What stands in the way of moving it to `target` by one rename: another device.
    pub(super) fn check_device(&self, fs: &dyn Fs, target: &RelPath) -> Result<(), Blocker> {
        let mut above = std::iter::successors(target.parent(), RelPath::parent);
        let device = above.find_map(|path| fs.stat(&path).ok().map(|stat| stat.device));
        if device.is_none_or(|device| device == self.device) { Ok(()) } else { Err(cross_device(&self.path, target)) }
    }

    /// What stands in the way of moving it to `target`: a path that would be too long.
    pub(super) fn check_length(&self, target: &RelPath) -> Result<(), Blocker> {
        let longest = self.listing.files.keys().map(|path| path.as_str().len() + 1).max().unwrap_or_default();
        let length = target.as_str().len() + longest;
        if length <= RelPath::MAX_BYTES {
            return Ok(());
        }
        let message = format!("a path in it would have {length} bytes there, and {} is the most", RelPath::MAX_BYTES);
        Err(Blocker::new(BlockerCode::OverLimit, message, "choose a place that is less deep"))
    }

    /// The files in it, each with the hash of its content. What the listing of the workspace knows is not read again.
    pub(super) fn hashed(&self, context: &Context<'_>) -> Result<Vec<QuarantinedFile>, Answer> {
        if context.is_preview {
            // Nothing is written yet, so nothing needs to be read.
            return Ok(Vec::new());
        }
        let (fs, known, reporter, cancel) = (&**context.fs, context.listing, context.reporter, context.cancel);
        let (total, done) = (self.listing.n_files(), AtomicU64::new(0));
        let hash = |(below, size): (&RelPath, &u64)| -> Result<QuarantinedFile, Answer> {
            if cancel.is_cancelled() {
                return Err(Answer::cancelled());
            }
            let hash = hash_of(fs, known, &self.path.join(below)).map_err(|error| Answer::of_system(&error))?;
            let done = 1 + done.fetch_add(1, Ordering::Relaxed);
            if total > FEW_FILES {
                reporter.progress(Progress::new("hash", done, total));
            }
            Ok(QuarantinedFile { path: below.as_str().to_owned(), size: *size, hash })
        };
        let files: Vec<(&RelPath, &u64)> = self.listing.files.iter().collect();
        files.into_par_iter().map(hash).collect()
    }
}

fn hash_of(fs: &dyn Fs, known: &crate::workspace::Listing, path: &RelPath) -> Result<ContentHash, FsError> {
    let file = fs.open(path)?;
    let stamp = Stamp::from(file.stat().at("look at", path)?);
    if let Some(record) = known.known(path, &stamp) {
        return Ok(record.hash);
    }
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; (stamp.size as usize).clamp(1, 1 << 20)];
    let mut at = 0;
    loop {
        let n = file.read_at(&mut buffer, at).at("read", path)?;
        if n == 0 {
            return Ok(hasher.finalize().into());
        }
        hasher.update(&buffer[..n]);
        at += n as u64;
    }
}

fn cross_device(path: &RelPath, target: &RelPath) -> Blocker {
    let message = format!("{path} and {target} lie on different devices, so it cannot be moved in one step");
    let help = "copy it by hand, check the copy, and remove the original; or keep the files where they are";
    Blocker::new(BlockerCode::CrossDevice, message, help)
}

/// A root where an asset is to go, relative to the assets folder.
pub(super) struct There<'a> {
    pub(super) root: &'a RelPath,
    /// The asset that goes there, where it is registered now.
    pub(super) moving: Option<&'a Asset>,
    /// What is said where something stands there.
    pub(super) taken: BlockerCode,
}

impl There<'_> {
    /// Where that is in the workspace, as the disk spells the folders that are there.
    pub(super) fn path(&self, context: &Context<'_>) -> RelPath {
        let tree = &context.snapshot.tree;
        let mut above = std::iter::successors(self.root.parent(), RelPath::parent);
        let nearest = above.find(|path| tree.folder(path).is_some()).unwrap_or_else(RelPath::root);
        let disk = tree.folder(&nearest).map_or_else(RelPath::root, |folder| folder.disk.clone());
        let folder = context.snapshot.assets_dir().join(&disk);
        self.root.moved(&nearest, &folder).unwrap_or(folder)
    }

    /// What stands in the way of an asset root there.
    pub(super) fn blockers(&self, context: &Context<'_>) -> Vec<Blocker> {
        let mut blockers = Vec::new();
        let snapshot = context.snapshot;
        let root = self.root;
        let path = self.path(context);
        let is_other = |asset: &&Arc<Asset>| self.moving.is_none_or(|moving| moving.key() != asset.key());
        let is_registered = |asset: &&Arc<Asset>| asset.entry.is_some();
        match context.fs.stat(&path) {
            Err(error) if error.is_absent() => {}
            Err(error) => {
                blockers.push(Blocker::new(self.taken, error.to_string(), "look at what stands there"));
            }
            Ok(_) => {
                let help = match self.taken {
                    BlockerCode::OriginOccupied => {
                        "nothing is ever put over something: move what stands there out of the way"
                    }
                    _ => {
                        "nothing is ever put over something: move what stands there out of the way, or choose another place"
                    }
                };
                blockers.push(Blocker::new(self.taken, format!("something stands at {path} already"), help));
            }
        }
        if snapshot.setting.ignored.covers(root, true).is_some() {
            let help = "see `ignore` in packwright.toml; editor litter is always ignored";
            blockers.push(Blocker::new(BlockerCode::BadRequest, format!("{path} would be ignored"), help));
        }
        let folded = root.folded();
        if let Some(other) = snapshot.assets.folded_as(&folded).filter(is_registered).find(is_other) {
            let message = format!("the registered root `{}` is, or could be taken for, `{root}`", other.root_text);
            let help = "choose another place; upper and lower case are the same on some systems";
            blockers.push(Blocker::new(BlockerCode::RootTaken, message, help));
        }
        blockers.extend(self.nesting(context));
        blockers
    }

    fn nesting(&self, context: &Context<'_>) -> Option<Blocker> {
        let (snapshot, root) = (context.snapshot, self.root);
        let above = std::iter::successors(root.parent(), RelPath::parent).filter(|path| !path.is_root());
        for path in above {
            match snapshot.tree.standing(&path) {
                Standing::Folder | Standing::Nothing => {}
                _ => {
                    let message = format!("`{path}`, on the way to `{root}`, is no folder");
                    return Some(Blocker::new(BlockerCode::NotAFolder, message, "choose another place"));
                }
            }
            let is_registered = snapshot.assets.at_root(&path).iter().any(|asset| asset.entry.is_some());
            if is_registered || snapshot.tree.holds_manifest(&path) {
                let message = format!("`{root}` lies inside the asset root `{path}`");
                return Some(Blocker::new(
                    BlockerCode::NestedRoot,
                    message,
                    "an asset takes its whole folder: choose a place outside",
                ));
            }
        }
        let moving = self.moving.map(Asset::key);
        let mut inner = snapshot.assets.registered_within(root);
        let inner = inner.find(|asset| Some(asset.key()) != moving && *asset.root_text != *root.as_str())?;
        let message = format!("the registered root `{}` lies inside `{root}`", inner.root_text);
        Some(Blocker::new(BlockerCode::NestedRoot, message, "choose another place, or remove the inner asset first"))
    }
}

/// What stands in the way of moving or deleting the folder of an asset: another registered root in it, which would go with
/// it.
pub(super) fn holds_another(context: &Context<'_>, asset: &Asset) -> Option<Blocker> {
    let root = asset.root.as_ref().ok()?;
    let mut within = context.snapshot.assets.registered_within(root);
    let inner = within.find(|inner| inner.root.as_ref() != Ok(root))?;
    let message = format!("the registered root `{}` lies inside `{root}`, and would go with it", inner.root_text);
    Some(Blocker::new(BlockerCode::NestedRoot, message, "remove or move the inner asset first"))
}

/// A manifest's bytes.
pub(super) fn manifest_text(context: &Context<'_>, asset: &Asset) -> Result<(RelPath, Vec<u8>), Answer> {
    let missing = || {
        let message = format!("`{}` has no manifest that could be read", asset.root_text);
        let help = "`packwright doctor` says what is wrong with it";
        Answer::blocked(vec![Blocker::new(BlockerCode::ManifestInvalid, message, help)])
    };
    let root = asset.root.as_ref().map_err(|_| missing())?;
    let folder = context.snapshot.tree.folder(root).ok_or_else(missing)?;
    let node = folder.node(Manifest::FILE).filter(|node| node.kind == FileKind::File).ok_or_else(missing)?;
    let path = context.snapshot.assets_dir().join(&folder.disk).entry(node.disk_name());
    let bytes = crate::fs::read_limited(&**context.fs, &path, Manifest::MAX_BYTES).map_err(|_| missing())?;
    Ok((path, bytes))
}
