//! `include_asset_in_build` and `exclude_asset_from_build`.

use super::answer::count;
use super::{Answer, Context, Data, InclusionData, Proposal, Selection};
use crate::plan::{ActionKind, Nature, Planned, numbered};
use crate::snapshot::Selected;
use crate::workspace::{Registry, RegistryEntry};

/// Takes the selected assets into the build, or out of it.
///
/// # Errors
/// The answer, where nothing can be done.
pub fn inclusion(context: &Context<'_>, selection: &Selection, included: bool) -> Result<Proposal, Answer> {
    context.need_registered_world()?;
    let selected = context.select_registered(selection)?;
    let is_so = |index: &usize| context.snapshot.assets[*index].is_included() == included;
    let (unchanged, changed): (Selected, Selected) = selected.into_iter().partition(is_so);
    let mut registry = Registry::clone(&context.snapshot.last_good);
    let mut actions = Vec::new();
    for index in &changed {
        // Registered assets stand in the order of the registry's entries.
        let entry = &mut registry.entries[*index];
        let before = entry_json(entry);
        entry.included = included;
        actions.push((Nature::Edit, ActionKind::RegistryUpdate { before, after: entry_json(entry) }));
    }
    let word = if included { "included in the build" } else { "excluded from the build" };
    let mut summary = format!("{} {word}", count(changed.len() as u64, "asset", "assets"));
    if !unchanged.is_empty() {
        summary.push_str(&format!(", {} already", unchanged.len()));
    }
    let data = InclusionData { changed: context.references(&changed), unchanged: context.references(&unchanged) };
    let answer = Answer::ok(summary, Data::Inclusion(data.clone())).about(data.changed);
    let new_bytes = (!changed.is_empty()).then(|| (context.snapshot.registry_bytes.clone(), registry.to_bytes()));
    Ok(Proposal { planned: Planned { registry: new_bytes, ..Planned::default() }, actions: numbered(actions), answer })
}

/// An entry as actions show it.
pub(super) fn entry_json(entry: &RegistryEntry) -> serde_json::Value {
    serde_json::from_str(&entry.to_json()).unwrap_or_default()
}
