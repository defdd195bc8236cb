//! Requests: one variant a service, tagged by the service's name.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::mutation::{ApplyPlan, Asked, Mode, Mutation};
pub use crate::event::payload::OperationClass;
use crate::value::OperationId;

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
    /// Changes what a manifest says.
    EditAsset,
    /// Moves an asset root.
    RelocateAsset,
    /// Lists assets.
    ListAssets,
    /// All that is known of one asset.
    GetAssetDetails,
    /// Says what is wrong.
    Doctor,
    /// Says in the settings which hygiene findings are meant to be.
    AllowFindings,
    /// Applies the safe fixes of what the doctor finds.
    ApplyFixes,
    /// Makes the pack.
    Build,
    /// Address and id of what is included.
    GetCompileSurface,
    /// How the project is.
    GetStatus,
    /// Lists what waits in quarantine.
    ListQuarantine,
    /// Puts an asset back from quarantine.
    RestoreQuarantined,
    /// Deletes what waits in quarantine, for good.
    PurgeQuarantined,
    /// Lists past operations.
    GetHistory,
    /// Undoes a past operation.
    Revert,
    /// Ends an operation that was stopped half-way and that nothing else can end.
    Recover,
}

impl Service {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::InitWorkspace,
        Self::RegisterAsset,
        Self::IncludeAssetInBuild,
        Self::ExcludeAssetFromBuild,
        Self::RemoveAsset,
        Self::EditAsset,
        Self::RelocateAsset,
        Self::ListAssets,
        Self::GetAssetDetails,
        Self::Doctor,
        Self::AllowFindings,
        Self::ApplyFixes,
        Self::Build,
        Self::GetCompileSurface,
        Self::GetStatus,
        Self::ListQuarantine,
        Self::RestoreQuarantined,
        Self::PurgeQuarantined,
        Self::GetHistory,
        Self::Revert,
        Self::Recover,
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
            Self::EditAsset => "edit_asset",
            Self::RelocateAsset => "relocate_asset",
            Self::ListAssets => "list_assets",
            Self::GetAssetDetails => "get_asset_details",
            Self::Doctor => "doctor",
            Self::AllowFindings => "allow_findings",
            Self::ApplyFixes => "apply_fixes",
            Self::Build => "build",
            Self::GetCompileSurface => "get_compile_surface",
            Self::GetStatus => "get_status",
            Self::ListQuarantine => "list_quarantine",
            Self::RestoreQuarantined => "restore_quarantined",
            Self::PurgeQuarantined => "purge_quarantined",
            Self::GetHistory => "get_history",
            Self::Revert => "revert",
            Self::Recover => "recover",
        }
    }

    /// The most that it may change. A response says what an operation really was.
    #[must_use]
    pub const fn class(self) -> OperationClass {
        match self {
            Self::IncludeAssetInBuild | Self::ExcludeAssetFromBuild => OperationClass::RegistryMutation,
            Self::InitWorkspace
            | Self::RegisterAsset
            | Self::RemoveAsset
            | Self::EditAsset
            | Self::AllowFindings
            | Self::ApplyFixes
            | Self::RelocateAsset
            | Self::Build
            | Self::RestoreQuarantined
            | Self::PurgeQuarantined
            | Self::Revert
            | Self::Recover => OperationClass::WorkspaceMutation,
            Self::ListAssets
            | Self::GetAssetDetails
            | Self::Doctor
            | Self::GetCompileSurface
            | Self::GetStatus
            | Self::ListQuarantine
            | Self::GetHistory => OperationClass::ReadOnly,
        }
    }
}

/// What a surface asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "service", rename_all = "snake_case")]
pub enum Request {
    /// See [`InitWorkspace`].
    InitWorkspace(Mutation<InitWorkspace>),
    /// See [`RegisterAsset`].
    RegisterAsset(Mutation<RegisterAsset>),
    /// Takes registered assets into the build.
    IncludeAssetInBuild(Mutation<Selection>),
    /// Takes registered assets out of the build.
    ExcludeAssetFromBuild(Mutation<Selection>),
    /// See [`RemoveAsset`].
    RemoveAsset(Mutation<RemoveAsset>),
    /// See [`EditAsset`].
    EditAsset(Mutation<EditAsset>),
    /// See [`RelocateAsset`].
    RelocateAsset(Mutation<RelocateAsset>),
    /// See [`ListAssets`].
    ListAssets(ListAssets),
    /// See [`GetAssetDetails`].
    GetAssetDetails(GetAssetDetails),
    /// See [`Doctor`].
    Doctor(Doctor),
    /// See [`AllowFindings`].
    AllowFindings(Mutation<AllowFindings>),
    /// See [`ApplyFixes`].
    ApplyFixes(Mutation<ApplyFixes>),
    /// See [`Build`].
    Build(Build),
    /// Address and id of what is included; no fields.
    GetCompileSurface(GetCompileSurface),
    /// How the project is.
    GetStatus(GetStatus),
    /// Lists what waits in quarantine; no fields.
    ListQuarantine(ListQuarantine),
    /// See [`RestoreQuarantined`].
    RestoreQuarantined(Mutation<RestoreQuarantined>),
    /// See [`PurgeQuarantined`].
    PurgeQuarantined(Mutation<PurgeQuarantined>),
    /// See [`GetHistory`].
    GetHistory(GetHistory),
    /// See [`Revert`].
    Revert(Mutation<Revert>),
    /// See [`Recover`].
    Recover(Mutation<Recover>),
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
            Self::EditAsset(_) => Service::EditAsset,
            Self::RelocateAsset(_) => Service::RelocateAsset,
            Self::ListAssets(_) => Service::ListAssets,
            Self::GetAssetDetails(_) => Service::GetAssetDetails,
            Self::Doctor(_) => Service::Doctor,
            Self::AllowFindings(_) => Service::AllowFindings,
            Self::ApplyFixes(_) => Service::ApplyFixes,
            Self::Build(_) => Service::Build,
            Self::GetCompileSurface(_) => Service::GetCompileSurface,
            Self::GetStatus(_) => Service::GetStatus,
            Self::ListQuarantine(_) => Service::ListQuarantine,
            Self::RestoreQuarantined(_) => Service::RestoreQuarantined,
            Self::PurgeQuarantined(_) => Service::PurgeQuarantined,
            Self::GetHistory(_) => Service::GetHistory,
            Self::Revert(_) => Service::Revert,
            Self::Recover(_) => Service::Recover,
        }
    }

    /// What it may change, known before anything runs.
    #[must_use]
    pub fn class(&self) -> OperationClass {
        match self {
            // `build --check` writes nothing.
            Self::Build(build) if build.check => OperationClass::ReadOnly,
            Self::RemoveAsset(Mutation::Ask(remove, _)) if remove.files == Files::Keep => {
                OperationClass::RegistryMutation
            }
            other => other.service().class(),
        }
    }

    /// How a mutation is asked for; `None` for what is none.
    #[must_use]
    pub fn asked(&self) -> Option<Asked<'_>> {
        match self {
            Self::InitWorkspace(one) => Some(one.asked()),
            Self::RegisterAsset(one) => Some(one.asked()),
            Self::IncludeAssetInBuild(one) | Self::ExcludeAssetFromBuild(one) => Some(one.asked()),
            Self::RemoveAsset(one) => Some(one.asked()),
            Self::EditAsset(one) => Some(one.asked()),
            Self::AllowFindings(one) => Some(one.asked()),
            Self::ApplyFixes(one) => Some(one.asked()),
            Self::RelocateAsset(one) => Some(one.asked()),
            Self::RestoreQuarantined(one) => Some(one.asked()),
            Self::PurgeQuarantined(one) => Some(one.asked()),
            Self::Revert(one) => Some(one.asked()),
            Self::Recover(one) => Some(one.asked()),
            Self::ListAssets(_)
            | Self::GetAssetDetails(_)
            | Self::Doctor(_)
            | Self::Build(_)
            | Self::GetCompileSurface(_)
            | Self::GetStatus(_)
            | Self::ListQuarantine(_)
            | Self::GetHistory(_) => None,
        }
    }

    /// The same mutation, to be planned and not done, or to be done; other requests as they are.
    #[must_use]
    pub fn in_mode(mut self, mode: Mode) -> Self {
        match &mut self {
            Self::InitWorkspace(one) => one.set_mode(mode),
            Self::RegisterAsset(one) => one.set_mode(mode),
            Self::IncludeAssetInBuild(one) | Self::ExcludeAssetFromBuild(one) => one.set_mode(mode),
            Self::RemoveAsset(one) => one.set_mode(mode),
            Self::EditAsset(one) => one.set_mode(mode),
            Self::AllowFindings(one) => one.set_mode(mode),
            Self::ApplyFixes(one) => one.set_mode(mode),
            Self::RelocateAsset(one) => one.set_mode(mode),
            Self::RestoreQuarantined(one) => one.set_mode(mode),
            Self::PurgeQuarantined(one) => one.set_mode(mode),
            Self::Revert(one) => one.set_mode(mode),
            Self::Recover(one) => one.set_mode(mode),
            _ => {}
        }
        self
    }

    /// The request that applies a plan of `service`; `None` where that service is no mutation.
    #[must_use]
    pub fn applying(service: Service, plan: ApplyPlan) -> Option<Self> {
        Some(match service {
            Service::InitWorkspace => Self::InitWorkspace(Mutation::Apply(plan)),
            Service::RegisterAsset => Self::RegisterAsset(Mutation::Apply(plan)),
            Service::IncludeAssetInBuild => Self::IncludeAssetInBuild(Mutation::Apply(plan)),
            Service::ExcludeAssetFromBuild => Self::ExcludeAssetFromBuild(Mutation::Apply(plan)),
            Service::RemoveAsset => Self::RemoveAsset(Mutation::Apply(plan)),
            Service::EditAsset => Self::EditAsset(Mutation::Apply(plan)),
            Service::AllowFindings => Self::AllowFindings(Mutation::Apply(plan)),
            Service::ApplyFixes => Self::ApplyFixes(Mutation::Apply(plan)),
            Service::RelocateAsset => Self::RelocateAsset(Mutation::Apply(plan)),
            Service::RestoreQuarantined => Self::RestoreQuarantined(Mutation::Apply(plan)),
            Service::PurgeQuarantined => Self::PurgeQuarantined(Mutation::Apply(plan)),
            Service::Revert => Self::Revert(Mutation::Apply(plan)),
            Service::Recover => Self::Recover(Mutation::Apply(plan)),
            Service::ListAssets
            | Service::GetAssetDetails
            | Service::Doctor
            | Service::Build
            | Service::GetCompileSurface
            | Service::GetStatus
            | Service::ListQuarantine
            | Service::GetHistory => return None,
        })
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
    /// They go to quarantine, whole, until they are restored or purged.
    Quarantine,
    /// They are deleted, for good.
    Delete,
}

/// Changes what the manifest of one asset says. What is not named stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditAsset {
    /// Address, root, UUID or id.
    pub selector: String,
    /// What it is to say.
    pub set: ManifestSet,
}

/// What a manifest is to say; null takes a member out, so that its default holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ManifestSet {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// These labels and no others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// Whether to preload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preload: Option<bool>,
    /// `auto`, an importer's name, or a list of `{"pattern", "importer"}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importer: Option<Value>,
    /// Settings by importer, taken into those that are there; null takes one out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<Map<String, Value>>,
    /// Patterns; null for every file.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub sources: Option<Option<Vec<String>>>,
}

/// A field that is there, null or not.
fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Moves an asset root; id, UUID and address stay.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelocateAsset {
    /// Address, root, UUID or id.
    pub selector: String,
    /// The new root, relative to the assets folder.
    pub to: String,
}

/// Lists what waits in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuarantine {}

/// Puts an asset back where it was, registered as it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreQuarantined {
    /// The entry in quarantine.
    pub entry_id: String,
}

/// Deletes entries in quarantine, for good.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurgeQuarantined {
    /// The entries.
    pub entry_ids: Vec<String>,
}

/// Lists past operations, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GetHistory {
    /// How many at most: 100 where nothing is said, and never more than 1,000.
    pub limit: Option<u32>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// Undoes a past operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revert {
    /// Which.
    pub operation_id: OperationId,
}

/// Ends an operation that was stopped half-way, where recovery could not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recover {
    /// How. Where nothing is said, nothing is done: the answer says what is unfinished.
    pub choice: Option<RecoverChoice>,
}

/// How an operation that was stopped half-way is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecoverChoice {
    /// What can be taken back is; the rest stays where it lies.
    Undo,
    /// Everything stays where it lies.
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

/// Applies the safe fixes of what a doctor finds now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApplyFixes {
    /// How much to look at.
    pub scope: Scope,
    /// Codes to fix; all where empty.
    pub only: Vec<String>,
    /// The findings to fix; all that can be where empty.
    pub fingerprints: Vec<String>,
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
