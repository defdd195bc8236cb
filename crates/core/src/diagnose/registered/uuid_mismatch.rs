//! S205: registry and manifest name different UUIDs.

use crate::diagnose::{Code, Diagnostic, EntryField, Ground};

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for asset in ground.snapshot.registered() {
        let (Some(entry), Some(uuid)) = (&asset.entry, asset.manifest_uuid()) else { continue };
        if entry.uuid == uuid {
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
