//! Requests: one variant a service, tagged by the service's name.

use serde::{Deserialize, Serialize};

pub use crate::event::payload::OperationClass;

/// A service, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Makes a folder a workspace.
    InitWorkspace,
    /// Takes asset roots into the registered world.
    RegisterAsset,
    /// Takes registered assets into the build.
    IncludeAssetInBuild,
    /// Takes registered assets out of the build; they stay registered.
    ExcludeAssetFromBuild,
    /// Takes assets out of the registered world.
    RemoveAsset,
    /// Lists assets.
    ListAssets,
    /// All that is known of one asset.
    GetAssetDetails,
    /// Says what is wrong.
    Doctor,
    /// Says in the settings which hygiene findings are meant to be.
    AllowFindings,
    /// Makes the pack.
    Build,
    /// Address and id of what is included.
    GetCompileSurface,
    /// How the project is.
    GetStatus,
}

impl Service {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::InitWorkspace,
        Self::RegisterAsset,
        Self::IncludeAssetInBuild,
        Self::ExcludeAssetFromBuild,
        Self::RemoveAsset,
        Self::ListAssets,
        Self::GetAssetDetails,
        Self::Doctor,
        Self::AllowFindings,
        Self::Build,
        Self::GetCompileSurface,
        Self::GetStatus,
    ];

    /// Its name on every surface.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InitWorkspace => "init_workspace",
            Self::RegisterAsset => "register_asset",
            Self::IncludeAssetInBuild => "include_asset_in_build",
            Self::ExcludeAssetFromBuild => "exclude_asset_from_build",
            Self::RemoveAsset => "remove_asset",
            Self::ListAssets => "list_assets",
            Self::GetAssetDetails => "get_asset_details",
            Self::Doctor => "doctor",
            Self::AllowFindings => "allow_findings",
            Self::Build => "build",
            Self::GetCompileSurface => "get_compile_surface",
            Self::GetStatus => "get_status",
        }
    }

    /// The most that it may change. A response says what an operation really was.
    #[must_use]
    pub const fn class(self) -> OperationClass {
        match self {
            Self::InitWorkspace | Self::RegisterAsset | Self::AllowFindings | Self::Build => {
                OperationClass::WorkspaceMutation
            }
            Self::IncludeAssetInBuild | Self::ExcludeAssetFromBuild | Self::RemoveAsset => {
                OperationClass::RegistryMutation
            }
            Self::ListAssets | Self::GetAssetDetails | Self::Doctor | Self::GetCompileSurface | Self::GetStatus => {
                OperationClass::ReadOnly
            }
        }
    }
}

/// What a surface asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "service", rename_all = "snake_case")]
pub enum Request {
    /// See [`InitWorkspace`].
    InitWorkspace(InitWorkspace),
    /// See [`RegisterAsset`].
    RegisterAsset(RegisterAsset),
    /// Takes registered assets into the build.
    IncludeAssetInBuild(Selection),
    /// Takes registered assets out of the build.
    ExcludeAssetFromBuild(Selection),
    /// See [`RemoveAsset`].
    RemoveAsset(RemoveAsset),
    /// See [`ListAssets`].
    ListAssets(ListAssets),
    /// See [`GetAssetDetails`].
    GetAssetDetails(GetAssetDetails),
    /// See [`Doctor`].
    Doctor(Doctor),
    /// See [`AllowFindings`].
    AllowFindings(AllowFindings),
    /// See [`Build`].
    Build(Build),
    /// Address and id of what is included; no fields.
    GetCompileSurface(GetCompileSurface),
    /// How the project is; no fields.
    GetStatus(GetStatus),
}

impl Request {
    /// The service it asks.
    #[must_use]
    pub const fn service(&self) -> Service {
        match self {
            Self::InitWorkspace(_) => Service::InitWorkspace,
            Self::RegisterAsset(_) => Service::RegisterAsset,
            Self::IncludeAssetInBuild(_) => Service::IncludeAssetInBuild,
            Self::ExcludeAssetFromBuild(_) => Service::ExcludeAssetFromBuild,
            Self::RemoveAsset(_) => Service::RemoveAsset,
            Self::ListAssets(_) => Service::ListAssets,
            Self::GetAssetDetails(_) => Service::GetAssetDetails,
            Self::Doctor(_) => Service::Doctor,
            Self::AllowFindings(_) => Service::AllowFindings,
            Self::Build(_) => Service::Build,
            Self::GetCompileSurface(_) => Service::GetCompileSurface,
            Self::GetStatus(_) => Service::GetStatus,
        }
    }

    /// What it may change, known before anything runs.
    #[must_use]
    pub const fn class(&self) -> OperationClass {
        match self {
            // `build --check` writes nothing.
            Self::Build(build) if build.check => OperationClass::ReadOnly,
            other => other.service().class(),
        }
    }
}

/// Makes a folder a workspace: settings, an empty registry, the assets folder, and lines for version control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InitWorkspace {
    /// The folder, as the host's own file system names it. Made where it is absent.
    pub path: String,
    /// The project's name; by default the folder's.
    #[serde(default)]
    pub name: Option<String>,
    /// The assets folder, relative to the workspace.
    #[serde(default = "default_assets")]
    pub assets: String,
}

fn default_assets() -> String {
    "assets".to_owned()
}

/// Takes asset roots into the registered world. One operation and one commit, however many roots.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterAsset {
    /// Folders, relative to the assets folder. Files among them are passed over with a note.
    pub roots: Vec<String>,
    /// Register every folder below that holds a manifest, instead of each root as one.
    #[serde(default)]
    pub recursive: bool,
    /// Give a copied folder a UUID and address of its own.
    #[serde(default)]
    pub as_copy: bool,
    /// The address, where one root without a manifest is registered.
    #[serde(default)]
    pub address: Option<String>,
    /// The importer of the manifests that are written.
    #[serde(default)]
    pub importer: Option<String>,
    /// Whether the assets enter the build.
    #[serde(default = "default_true")]
    pub included: bool,
}

fn default_true() -> bool {
    true
}

/// The assets that a request is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// Addresses (or globs over them), roots, UUIDs or ids.
    pub selectors: Vec<String>,
}

/// Takes assets out of the registered world.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveAsset {
    /// Addresses (or globs over them), roots, UUIDs or ids.
    pub selectors: Vec<String>,
    /// What becomes of the files.
    #[serde(default)]
    pub files: Files,
}

/// What becomes of a removed asset's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Files {
    /// They stay where they are, as an unregistered root.
    #[default]
    Keep,
}

/// Lists assets.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListAssets {
    /// Which ones.
    pub filter: ListFilter,
    /// In what order.
    pub sort: ListSort,
    /// Largest first.
    pub descending: bool,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many at most: 100 where nothing is said, and never more than 10,000.
    pub limit: Option<u32>,
}

/// Which assets to list; what is not said does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListFilter {
    /// Text in address or root.
    pub text: Option<String>,
    /// In the build or not.
    pub included: Option<bool>,
    /// Registered or not.
    pub registered: Option<bool>,
    /// In quarantine or not.
    pub quarantined: Option<bool>,
    /// With this label.
    pub label: Option<String>,
    /// With this importer in its manifest.
    pub importer: Option<String>,
    /// With diagnostics or without.
    pub problems: Option<bool>,
    /// In this state.
    pub state: Option<super::State>,
}

/// What assets are sorted by; ties are settled by root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the field of a listed asset of that name")]
pub enum ListSort {
    #[default]
    Address,
    Root,
    AssetId,
    Bytes,
    Parts,
    LastBuilt,
    Worst,
}

/// All that is known of one asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetAssetDetails {
    /// Address, root, UUID or id.
    pub selector: String,
}

/// Says what is wrong; changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Doctor {
    /// How much to look at.
    pub scope: Scope,
    /// Decode every source in full, hash every file of the cache and the last pack.
    pub deep: bool,
    /// Codes to look for; all where empty. Naming one of hygiene looks at the workspace for it.
    pub only: Vec<String>,
    /// Where the last page of a doctor's findings ended: the next is of the same look, and nothing is looked at again.
    pub cursor: Option<String>,
}

impl Doctor {
    /// Everything below the assets folder, and the project's own files.
    #[must_use]
    pub fn workspace() -> Self {
        Self { scope: Scope::Workspace, ..Self::default() }
    }
}

/// Says in the settings that all hygiene findings there are now are meant to be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowFindings {
    /// Why.
    pub reason: String,
    /// The codes to allow; all where empty.
    #[serde(default)]
    pub only: Vec<String>,
}

/// How much the doctor looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The registered world.
    #[default]
    Registered,
    /// That, everything below the assets folder, and the project's own files.
    Workspace,
}

/// Makes the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Build {
    /// Ignore cache and listing.
    pub full: bool,
    /// Write nothing; say whether the outputs are what a build would write.
    pub check: bool,
    /// Build both ways and compare.
    pub verify: bool,
}

/// Address and id of what is included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetCompileSurface {}

/// How the project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetStatus {
    /// Read everything again first, so that the answer has seen all that was on disk when it was asked for.
    #[serde(default)]
    pub barrier: bool,
}
