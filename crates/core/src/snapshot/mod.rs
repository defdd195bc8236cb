//! What is known of a project: settings, registry, assets with their sources, states, queries.
//!
//! A [`Snapshot`] is immutable and has one revision. It is made by [`load`], which reads the workspace and writes
//! nothing; what does not read is kept as what is wrong with it, so that rules can say so.

mod asset;
mod load;
mod query;
mod state;

use std::sync::Arc;

pub use asset::{Asset, ManifestState, SourceFile, UnusablePattern};
pub use load::{Loaded, load};
pub use query::{Selected, SelectorError};
pub use state::{Reason, RuntimeState, State};

use crate::value::{AssetId, ProjectId, RelPath};
use crate::workspace::{IgnoreRules, Problem, Registry, RegistryError, Settings, Tree};

/// An immutable view of a project, at one revision. Clones are cheap.
#[derive(Clone)]
pub struct Snapshot(Arc<Known>);

/// What a snapshot holds.
pub struct Known {
    /// Grows by one with every published snapshot of a run.
    pub revision: u64,
    /// The settings, or what is wrong with them.
    pub settings: Result<Settings, Vec<Problem>>,
    /// The registry's bytes as read; `None` where there is no file.
    pub registry_bytes: Option<Vec<u8>>,
    /// Whether the registry reads, and else what is wrong with it.
    pub registry: Result<(), RegistryError>,
    /// The registry that read last: this one, or, where it does not read, one before. Empty where none ever has.
    pub last_good: Arc<Registry>,
    /// What the settings and the built-in list leave out.
    pub ignored: IgnoreRules,
    /// The assets folder.
    pub tree: Tree,
    /// Why the assets folder itself cannot be read.
    pub tree_error: Option<String>,
    /// Folders of the settings that are, or lie behind, a link.
    pub linked_folders: Vec<RelPath>,
    /// Registered assets in order of the registry, then unregistered roots by path.
    pub assets: Vec<Asset>,
    /// How many of them are registered.
    pub n_registered: usize,
}

impl Snapshot {
    /// A snapshot of what was read.
    #[must_use]
    pub fn new(known: Known) -> Self {
        Self(Arc::new(known))
    }

    /// The project's id, where the settings say one.
    #[must_use]
    pub fn project_id(&self) -> Option<ProjectId> {
        self.settings.as_ref().ok().map(|settings| settings.project_id)
    }

    /// The registered assets, in order of the registry.
    #[must_use]
    pub fn registered(&self) -> &[Asset] {
        &self.assets[..self.n_registered]
    }

    /// The asset roots that no entry names, by path.
    #[must_use]
    pub fn unregistered(&self) -> &[Asset] {
        &self.assets[self.n_registered..]
    }

    /// The registered asset with that id.
    #[must_use]
    pub fn asset(&self, id: AssetId) -> Option<&Asset> {
        self.registered().iter().find(|asset| asset.asset_id() == Some(id))
    }

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
