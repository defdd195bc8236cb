//! `include_asset_in_build` and `exclude_asset_from_build`.

use super::answer::count;
use super::{Answer, Context, Data, InclusionData, Proposal, Selection};
use crate::plan::{ActionKind, Nature, Planned, RegistryWrite, numbered};
use crate::snapshot::{RegistryChange, Selected};
use crate::workspace::RegistryEntry;

/// Takes the selected assets into the build, or out of it.
///
/// # Errors
/// The answer, where nothing can be done.
pub fn inclusion(context: &Context<'_>, selection: &Selection, included: bool) -> Result<Proposal, Answer> {
    context.need_registered_world()?;
    let selected = context.select_registered(selection)?;
    let (unchanged, changed): (Selected, Selected) =
        selected.into_iter().partition(|(_, asset)| asset.is_included() == included);
    let mut change = RegistryChange::default();
    let mut actions = Vec::new();
    for asset in changed.values() {
        let Some(before) = &asset.entry else { continue };
        let after = RegistryEntry { included, ..before.clone() };
        let (before, shown) = (entry_json(before), entry_json(&after));
        actions.push((Nature::Edit, ActionKind::RegistryUpdate { before, after: shown }));
        change.changed.insert(asset.key(), after);
    }
    let word = if included { "included in the build" } else { "excluded from the build" };
    let mut summary = format!("{} {word}", count(changed.len() as u64, "asset", "assets"));
    if !unchanged.is_empty() {
        summary.push_str(&format!(", {} already", unchanged.len()));
    }
    let data = InclusionData { changed: context.references(&changed), unchanged: context.references(&unchanged) };
    let answer = Answer::ok(summary, Data::Inclusion(data.clone())).about(data.changed);
    let planned = Planned { registry: RegistryWrite::of(context.snapshot, change), ..Planned::default() };
    Ok(Proposal { planned, actions: numbered(actions), answer })
}

/// An entry as actions show it.
pub(super) fn entry_json(entry: &RegistryEntry) -> serde_json::Value {
    serde_json::from_str(&entry.to_json()).unwrap_or_default()
}
