//! Safe fixes as actions, for who is shown them.

use serde_json::{Value, json};

use crate::diagnose::{Diagnostic, Fix, Remedy};
use crate::plan::{Action, ActionKind, Nature, numbered};
use crate::snapshot::Snapshot;
use crate::value::RelPath;

/// Gives each safe fix its actions, where they are known before it is planned.
pub(super) fn spell_out(snapshot: &Snapshot, findings: &mut [Diagnostic]) {
    for fix in findings.iter_mut().filter_map(|found| found.fix.as_mut()) {
        fix.actions = actions(snapshot, fix).iter().filter_map(|action| serde_json::to_value(action).ok()).collect();
    }
}

fn actions(snapshot: &Snapshot, fix: &Fix) -> Vec<Action> {
    let one = match &fix.remedy {
        Some(Remedy::Ignore(lines)) => {
            ActionKind::AppendLines { path: RelPath::literal(".gitignore"), lines: lines.clone() }
        }
        Some(Remedy::PointEntry { from, to, .. }) => {
            let Some(before) = entry(snapshot, from) else { return Vec::new() };
            let mut after = before.clone();
            after["root"] = json!(to.as_str());
            ActionKind::RegistryUpdate { before, after }
        }
        // What these do is known when they are planned: a UUID is minted then, and bytes are counted.
        Some(Remedy::RewriteRegistry | Remedy::RemoveLeftover(_) | Remedy::NewIdentity { .. }) | None => {
            return Vec::new();
        }
    };
    numbered([(Nature::Edit, one)])
}

/// The entry of a root as it stands in the registry.
fn entry(snapshot: &Snapshot, root: &RelPath) -> Option<Value> {
    let asset = snapshot.assets.at_root(root).into_iter().find(|asset| asset.entry.is_some())?;
    serde_json::from_str(&asset.entry.as_ref()?.to_json()).ok()
}
