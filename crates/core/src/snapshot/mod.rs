//! What is known of a project: settings, registry, assets with their sources, states, queries.
//!
//! A [`Snapshot`] is immutable and has one revision. It is made by [`Reader`], which reads the workspace and writes
//! nothing; what does not read is kept as what is wrong with it, so that rules can say so. The next snapshot is made from
//! the one before by looking again where something may have changed, and shares with it all that did not.

mod asset;
mod assets;
mod change;
mod dirty;
mod query;
mod read;
mod state;

use std::sync::Arc;

pub use asset::{Asset, LastKnown, ManifestState, SourceFile, UnusablePattern};
pub use assets::{AssetKey, Assets, Totals};
pub use change::RegistryChange;
pub use dirty::Dirty;
pub use query::{Selected, SelectorError};
pub use read::{Changes, Reader, Reading};
pub use state::{Mark, Marks, Reason, RuntimeState, Scope, State};

use crate::value::{AssetId, ContentHash, ProjectId, RelPath};
use crate::workspace::{ExtraField, IgnoreRules, Problem, Quarantine, RegistryError, Settings, Tree};

/// An immutable view of a project, at one revision. Clones are cheap.
#[derive(Clone, Default)]
pub struct Snapshot(Arc<Known>);

/// What a snapshot holds. Clones are cheap.
#[derive(Clone, Default)]
pub struct Known {
    /// Grows by one with every published snapshot of a run.
    pub revision: u64,
    /// The settings and what follows from them.
    pub setting: Arc<Setting>,
    /// The registry as a file. Its entries are the registered assets.
    pub registry: Arc<RegistryFile>,
    /// The assets folder.
    pub tree: Tree,
    /// Why the assets folder itself cannot be read.
    pub tree_error: Option<Arc<str>>,
    /// The asset roots. Where the registry does not read, those registered are the ones of the last that did.
    pub assets: Assets,
    /// What waits in quarantine.
    pub quarantine: Arc<Quarantine>,
}

/// The settings and what follows from them.
#[derive(Debug)]
pub struct Setting {
    /// The settings, or what is wrong with them.
    pub settings: Result<Settings, Vec<Problem>>,
    /// The hash of the file; `None` where it cannot be read.
    pub digest: Option<ContentHash>,
    /// What the settings and the built-in list leave out.
    pub ignored: IgnoreRules,
    /// Folders of the settings that are, or lie behind, a link.
    pub linked_folders: Vec<RelPath>,
}

impl Default for Setting {
    fn default() -> Self {
        let ignored = IgnoreRules::new(&[]).expect("no patterns are patterns that parse");
        Self { settings: Err(Vec::new()), digest: None, ignored, linked_folders: Vec::new() }
    }
}

/// The registry as a file, without its entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegistryFile {
    /// The hash of its bytes; `None` where there is no file, or it cannot be read.
    pub digest: Option<ContentHash>,
    /// What is wrong with it; `None` where it reads.
    pub fault: Option<RegistryError>,
    /// The fields of the file that this version does not know.
    pub extra: Box<[ExtraField]>,
    /// Whether its entries stand in the order of the registered assets.
    pub in_order: bool,
}

impl Snapshot {
    /// A snapshot of what was read.
    #[must_use]
    pub fn new(known: Known) -> Self {
        Self(Arc::new(known))
    }

    /// The settings, or what is wrong with them.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn settings(&self) -> Result<&Settings, &[Problem]> {
        self.setting.settings.as_ref().map_err(Vec::as_slice)
    }

    /// The project's id, where the settings say one.
    #[must_use]
    pub fn project_id(&self) -> Option<ProjectId> {
        self.settings().ok().map(|settings| settings.project_id)
    }

    /// The registered assets, in order of the registry.
    pub fn registered(&self) -> impl DoubleEndedIterator<Item = &Arc<Asset>> + Clone {
        self.assets.registered()
    }

    /// The asset roots that no entry names, by path.
    pub fn unregistered(&self) -> impl DoubleEndedIterator<Item = &Arc<Asset>> + Clone {
        self.assets.unregistered()
    }

    /// The registered asset with that id.
    #[must_use]
    pub fn asset(&self, id: AssetId) -> Option<&Asset> {
        self.assets.with_id(id).next().map(|asset| &**asset)
    }

    /// The first registered asset whose entry spells its root so.
    #[must_use]
    pub fn registered_root(&self, root: &str) -> Option<Arc<Asset>> {
        self.assets.spelled(root).find(|asset| asset.entry.is_some()).cloned()
    }

    /// The assets folder, relative to the workspace; the default where the settings do not read.
    #[must_use]
    pub fn assets_dir(&self) -> RelPath {
        self.setting.assets_dir()
    }

    /// Whether two are one and the same.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The same snapshot at another revision.
    #[must_use]
    pub fn at(&self, revision: u64) -> Self {
        Self::new(Known { revision, ..Known::clone(self) })
    }
}

impl Setting {
    /// The assets folder, relative to the workspace; the default where the settings do not read.
    #[must_use]
    pub fn assets_dir(&self) -> RelPath {
        self.settings.as_ref().map_or_else(|_| RelPath::literal("assets"), |settings| settings.assets_dir.clone())
    }
}

impl std::ops::Deref for Snapshot {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.0
    }
}
