//! What the rules of hygiene stand on: the ground of the others, and what was gathered of the workspace around it.

use std::collections::HashMap;
use std::time::SystemTime;

use crate::diagnose::Ground;
use crate::fs::Fs;
use crate::snapshot::{Asset, SourceFile};
use crate::value::{AssetUuid, ContentHash, OperationId, RelPath};
use crate::workspace::{Standing, Survey};

/// What is known of the workspace. Paths are relative to it.
pub struct Premises<'a> {
    /// The snapshot, and the places in files that a finding names.
    pub ground: &'a Ground<'a>,
    /// The workspace's files, for the few small ones that a rule is about.
    pub fs: &'a dyn Fs,
    /// What a scan leaves out.
    pub survey: &'a Survey,
    /// Sources with the same bytes.
    pub same_bytes: &'a [SameBytes<'a>],
    /// What does not hash to what it should; `None` where nobody looked.
    pub damaged: Option<&'a [Damaged]>,
    /// What an unfinished operation left that nobody could settle.
    pub unsettled: &'a [Unsettled],
    /// When it is.
    pub now: SystemTime,
    /// The operation that looks: where it holds the workspace's lock itself, nobody else is at work.
    pub operation: Option<OperationId>,
    owners: HashMap<&'a RelPath, Option<&'a RelPath>>,
}

/// Sources that have the same bytes.
#[derive(Debug, Clone)]
pub struct SameBytes<'a> {
    /// Their hash.
    pub hash: ContentHash,
    /// How many bytes each has.
    pub size: u64,
    /// At least two, by path.
    pub members: Vec<(&'a Asset, &'a SourceFile)>,
}

/// A file of ours that does not hold what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// The file.
    pub path: RelPath,
    /// What is wrong with it.
    pub message: String,
}

/// A path of an operation that was stopped half-way and that recovery could not settle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// The path.
    pub path: RelPath,
    /// What stands in the way there.
    pub message: String,
}

/// What an unregistered root is, going by the UUID of its manifest.
pub enum Identity<'a> {
    /// An asset of its own.
    Its,
    /// A copy of this registered one, which is where it should be.
    CopyOf(&'a Asset),
    /// It has the UUID of this registered one, which is not where it should be, and so has another folder.
    OneOf(&'a Asset),
    /// This registered one, which was moved here.
    Moved,
}

impl<'a> Premises<'a> {
    /// The premises around `ground`, of which nothing is known yet.
    #[must_use]
    pub fn new(ground: &'a Ground<'a>, fs: &'a dyn Fs, survey: &'a Survey, now: SystemTime) -> Self {
        let owners = owners(ground);
        Self { ground, fs, survey, same_bytes: &[], damaged: None, unsettled: &[], now, operation: None, owners }
    }

    /// All asset roots, registered or not, each folder once.
    pub fn roots(&self) -> impl Iterator<Item = &'a Asset> + '_ {
        let snapshot = self.ground.snapshot;
        let registered = snapshot.registered().filter(|asset| asset.nth == 0 && asset.root.is_ok());
        registered.chain(snapshot.unregistered()).map(|asset| &**asset)
    }

    /// The asset root that a folder of the tree lies in: the nearest above it, or itself.
    #[must_use]
    pub fn owner(&self, folder: &RelPath) -> Option<&'a RelPath> {
        self.owners.get(folder).copied().flatten()
    }

    /// A path of the tree, relative to the workspace.
    #[must_use]
    pub fn in_workspace(&self, disk: &RelPath) -> RelPath {
        self.ground.snapshot.assets_dir().join(disk)
    }
}

/// The nearest root of every folder of the tree. The assets folder itself is none.
fn owners<'a>(ground: &Ground<'a>) -> HashMap<&'a RelPath, Option<&'a RelPath>> {
    let snapshot = ground.snapshot;
    let registered = snapshot.registered().filter_map(|asset| asset.root.as_ref().ok());
    let registered: std::collections::HashSet<&RelPath> = registered.collect();
    let mut owners: HashMap<&RelPath, Option<&RelPath>> = HashMap::new();
    // By path, so that a folder comes before what is in it.
    for (path, folder) in snapshot.tree.folders() {
        let is_root = !path.is_root() && (folder.holds_manifest() || registered.contains(path));
        let above = || path.parent().and_then(|parent| owners.get(&parent).copied().flatten());
        let owner = if is_root { Some(path) } else { above() };
        owners.insert(path, owner);
    }
    owners
}

/// What an unregistered root is to the registered world.
#[must_use]
pub fn identity_of<'a>(ground: &Ground<'a>, asset: &Asset) -> Identity<'a> {
    let Some(uuid) = asset.manifest_uuid() else { return Identity::Its };
    let assets = &ground.snapshot.assets;
    let Some(registered) = registered_with(ground, uuid) else { return Identity::Its };
    if registered.standing == Standing::Folder && registered.manifest_uuid() == Some(uuid) {
        return Identity::CopyOf(registered);
    }
    let others = assets.with_uuid(uuid).filter(|other| other.entry.is_none()).count();
    let is_gone = matches!(registered.standing, Standing::Nothing | Standing::File | Standing::Other);
    if others == 1 && is_gone { Identity::Moved } else { Identity::OneOf(registered) }
}

fn registered_with<'a>(ground: &Ground<'a>, uuid: AssetUuid) -> Option<&'a Asset> {
    let mut holders = ground.snapshot.assets.with_uuid(uuid).filter(|other| other.entry.is_some());
    holders.find(|asset| asset.entry.as_ref().is_some_and(|entry| entry.uuid == uuid)).map(|asset| &**asset)
}
