//! Requests: one variant a service, tagged by the service's name. What each is asked with stands by topic.

mod assets;
mod doctor;
mod name;
mod pack;
mod workspace;

use serde::{Deserialize, Serialize};

use super::mutation::{ApplyPlan, Asked, Mode, Mutation};
pub use crate::event::payload::OperationClass;
pub use assets::*;
pub use doctor::*;
pub use name::Service;
pub use pack::*;
pub use workspace::*;

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
    /// See [`PruneCache`].
    PruneCache(PruneCache),
    /// Address and id of what is included; no fields.
    GetCompileSurface(GetCompileSurface),
    /// What the last build did; no fields.
    GetBuildReport(GetBuildReport),
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
            Self::PruneCache(_) => Service::PruneCache,
            Self::GetCompileSurface(_) => Service::GetCompileSurface,
            Self::GetBuildReport(_) => Service::GetBuildReport,
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
            | Self::PruneCache(_)
            | Self::GetCompileSurface(_)
            | Self::GetBuildReport(_)
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
            | Service::PruneCache
            | Service::GetCompileSurface
            | Service::GetBuildReport
            | Service::GetStatus
            | Service::ListQuarantine
            | Service::GetHistory => return None,
        })
    }
}
