//! Which service plans which mutation.

use super::{Answer, Context, Proposal, Request};

/// Plans a mutation; nothing is done.
///
/// # Errors
/// The answer, where nothing can be done.
pub fn propose(context: &Context<'_>, request: &Request) -> Result<Proposal, Answer> {
    let no_plan = || Answer::failed("BUG: a request that is no mutation, or is in a plan");
    match request {
        Request::RegisterAsset(one) => super::register::register(context, one.request().ok_or_else(no_plan)?),
        Request::IncludeAssetInBuild(one) => {
            super::inclusion::inclusion(context, one.request().ok_or_else(no_plan)?, true)
        }
        Request::ExcludeAssetFromBuild(one) => {
            super::inclusion::inclusion(context, one.request().ok_or_else(no_plan)?, false)
        }
        Request::RemoveAsset(one) => super::remove::remove(context, one.request().ok_or_else(no_plan)?),
        Request::EditAsset(one) => super::edit::edit(context, one.request().ok_or_else(no_plan)?),
        Request::ApplyFixes(one) => super::fixes::apply_fixes(context, one.request().ok_or_else(no_plan)?),
        Request::AllowFindings(one) => super::allow::allow_findings(context, one.request().ok_or_else(no_plan)?),
        Request::RelocateAsset(one) => super::relocate::relocate(context, one.request().ok_or_else(no_plan)?),
        Request::RestoreQuarantined(one) => super::restore::restore(context, one.request().ok_or_else(no_plan)?),
        Request::PurgeQuarantined(one) => super::purge::purge(context, one.request().ok_or_else(no_plan)?),
        Request::Revert(one) => super::revert::revert(context, one.request().ok_or_else(no_plan)?),
        _ => Err(no_plan()),
    }
}
