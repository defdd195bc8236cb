//! `remove_asset`.

use super::answer::count;
use super::inclusion::entry_json;
use super::{Answer, Context, Data, Proposal, RemoveAsset, RemoveData, Selection};
use crate::plan::{ActionKind, Nature, Planned, numbered};
use crate::workspace::{Registry, Standing};

/// Takes the selected assets out of the registered world. What is broken can always be removed.
///
/// # Errors
/// The answer, where nothing can be done.
pub fn remove(context: &Context<'_>, request: &RemoveAsset) -> Result<Proposal, Answer> {
    context.need_registered_world()?;
    let selected = context.select_registered(&Selection { selectors: request.selectors.clone() })?;
    let mut registry = Registry::clone(&context.snapshot.last_good);
    let mut actions = Vec::new();
    // From the back, so that the indices of those before stay right.
    for index in selected.iter().rev() {
        let before = entry_json(&registry.entries.remove(*index));
        actions.push((Nature::Edit, ActionKind::RegistryRemove { before, after: serde_json::Value::Null }));
    }
    actions.reverse();
    let gone = selected.iter().filter(|index| context.snapshot.assets[**index].standing != Standing::Folder).count();
    let mut summary =
        format!("{} removed from the registry, files kept", count(selected.len() as u64, "asset", "assets"));
    if gone > 0 {
        summary.push_str(&format!(" ({gone} had no folder)"));
    }
    let answer =
        Answer::ok(summary, Data::RemoveAsset(RemoveData { entries: Vec::new() })).about(context.references(&selected));
    let registry = Some((context.snapshot.registry_bytes.clone(), registry.to_bytes()));
    Ok(Proposal { planned: Planned { registry, ..Planned::default() }, actions: numbered(actions), answer })
}
