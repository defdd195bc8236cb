//! `remove_asset`.

use super::answer::count;
use super::inclusion::entry_json;
use super::{Answer, Context, Data, Proposal, RemoveAsset, RemoveData, Selection};
use crate::plan::{ActionKind, Nature, Planned, RegistryWrite, numbered};
use crate::snapshot::RegistryChange;
use crate::workspace::Standing;

/// Takes the selected assets out of the registered world. What is broken can always be removed.
///
/// # Errors
/// The answer, where nothing can be done.
pub fn remove(context: &Context<'_>, request: &RemoveAsset) -> Result<Proposal, Answer> {
    context.need_registered_world()?;
    let selected = context.select_registered(&Selection { selectors: request.selectors.clone() })?;
    let entries = selected.values().filter_map(|asset| asset.entry.as_ref());
    let action = |entry| ActionKind::RegistryRemove { before: entry_json(entry), after: serde_json::Value::Null };
    let actions: Vec<_> = entries.map(|entry| (Nature::Edit, action(entry))).collect();
    let removed = selected.values().map(|asset| asset.key()).collect();
    let change = RegistryChange { removed, ..RegistryChange::default() };
    let gone = selected.values().filter(|asset| asset.standing != Standing::Folder).count();
    let mut summary =
        format!("{} removed from the registry, files kept", count(selected.len() as u64, "asset", "assets"));
    if gone > 0 {
        summary.push_str(&format!(" ({gone} had no folder)"));
    }
    let answer =
        Answer::ok(summary, Data::RemoveAsset(RemoveData { entries: Vec::new() })).about(context.references(&selected));
    let registry = RegistryWrite::of(context.snapshot, change);
    Ok(Proposal { planned: Planned { registry, ..Planned::default() }, actions: numbered(actions), answer })
}
