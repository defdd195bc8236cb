//! S205: registry and manifest name different UUIDs.

use std::collections::BTreeMap;

use crate::diagnose::{Code, Diagnostic, EntryField, Ground};

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    // Where two name one UUID (S104), or one folder (S105), that some entry and manifest disagree follows from it.
    let (mut entries, mut manifests) = (BTreeMap::new(), BTreeMap::new());
    for asset in ground.registered() {
        asset.entry.iter().for_each(|entry| *entries.entry(entry.uuid).or_insert(0) += 1);
        asset.manifest_uuid().iter().for_each(|uuid| *manifests.entry(*uuid).or_insert(0) += 1);
    }
    for asset in ground.registered() {
        let (Some(entry), Some(uuid)) = (&asset.entry, asset.manifest_uuid()) else { continue };
        let follows = entries[&entry.uuid] > 1 || manifests[&uuid] > 1 || ground.is_registered_twice(asset);
        if entry.uuid == uuid || follows {
            continue;
        }
        let message =
            format!("the manifest of `{}` has the UUID {uuid}, the registry has {}", asset.root_text, entry.uuid);
        let help = format!(
            "if the folder was replaced by another asset on purpose, `packwright remove root:{0} --keep` and register it \
             again; otherwise put the UUID {1} back into its manifest",
            asset.root_text, entry.uuid
        );
        found.push(
            ground
                .finding(Code::S205, asset, message)
                .located(ground.manifest(asset, "/uuid"))
                .with_related(ground.entry(asset, EntryField::Uuid), "the registry's")
                .with_help(help),
        );
    }
}
