//! The services, by name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::payload::OperationClass;

/// A service, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
    /// Drops from the cache what nothing recent used.
    PruneCache,
    /// Address and id of what is included.
    GetCompileSurface,
    /// What the last build did, and where the bytes of its pack go.
    GetBuildReport,
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
        Self::PruneCache,
        Self::GetCompileSurface,
        Self::GetBuildReport,
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
            Self::PruneCache => "prune_cache",
            Self::GetCompileSurface => "get_compile_surface",
            Self::GetBuildReport => "get_build_report",
            Self::GetStatus => "get_status",
            Self::ListQuarantine => "list_quarantine",
            Self::RestoreQuarantined => "restore_quarantined",
            Self::PurgeQuarantined => "purge_quarantined",
            Self::GetHistory => "get_history",
            Self::Revert => "revert",
            Self::Recover => "recover",
        }
    }

    /// Whether it is asked for to be planned or to be done.
    #[must_use]
    pub const fn is_mutation(self) -> bool {
        !matches!(self, Self::Build | Self::PruneCache) && !matches!(self.class(), OperationClass::ReadOnly)
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
            | Self::PruneCache
            | Self::RestoreQuarantined
            | Self::PurgeQuarantined
            | Self::Revert
            | Self::Recover => OperationClass::WorkspaceMutation,
            Self::ListAssets
            | Self::GetAssetDetails
            | Self::Doctor
            | Self::GetCompileSurface
            | Self::GetBuildReport
            | Self::GetStatus
            | Self::ListQuarantine
            | Self::GetHistory => OperationClass::ReadOnly,
        }
    }
}
