//! `include_asset_in_build` and `exclude_asset_from_build`.

use super::answer::count;
use super::{Answer, Context, Data, InclusionData, Proposal, Selection};
use crate::plan::Draft;
use crate::snapshot::Selected;
use crate::workspace::RegistryEntry;

/// Takes the selected assets into the build, or out of it.
///
/// # Errors
/// The answer, where nothing can be done.
pub(super) fn inclusion(context: &Context<'_>, selection: &Selection, included: bool) -> Result<Proposal, Answer> {
    context.need_registered_world()?;
    let selected = context.select_registered(selection)?;
    let (unchanged, changed): (Selected, Selected) =
        selected.into_iter().partition(|(_, asset)| asset.is_included() == included);
    let mut draft = Draft::default();
    context.receipts_of(&selection.selectors).into_iter().for_each(|receipt| draft.rely_on(receipt));
    for asset in changed.values() {
        let Some(before) = &asset.entry else { continue };
        draft.registry_update(asset.key(), before, RegistryEntry { included, ..before.clone() });
    }
    let word = if included { "included in the build" } else { "excluded from the build" };
    let mut summary = format!("{} {word}", count(changed.len() as u64, "asset", "assets"));
    if !unchanged.is_empty() {
        summary.push_str(&format!(", {} already", unchanged.len()));
    }
    let data = InclusionData { changed: context.references(&changed), unchanged: context.references(&unchanged) };
    let answer = Answer::ok(summary, Data::Inclusion(data.clone())).about(data.changed);
    Ok(Proposal::new(draft.finish(context.snapshot), answer))
}
