//! S104: two entries, or two registered manifests, one UUID.

use std::collections::BTreeSet;

use super::shared;
use crate::diagnose::{Code, Diagnostic, EntryField, Ground, Location};
use crate::snapshot::Asset;
use crate::value::AssetUuid;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    let of_entry = |asset: &Asset| asset.entry.as_ref().map(|entry| entry.uuid);
    let in_entries = shared(ground.registered(), of_entry);
    for group in &in_entries {
        let at = |asset: &Asset| ground.entry(asset, EntryField::Uuid);
        report(ground, group, ("entries", of_entry(group[0])), at, found);
    }
    // Where the entries are two as well, that is the cause, and the manifests follow from it.
    let named: BTreeSet<AssetUuid> = in_entries.iter().filter_map(|group| of_entry(group[0])).collect();
    for group in shared(ground.registered(), |asset| asset.manifest_uuid().filter(|uuid| !named.contains(uuid))) {
        let at = |asset: &Asset| ground.manifest(asset, "/uuid");
        report(ground, &group, ("manifests", group[0].manifest_uuid()), at, found);
    }
}

fn report(
    ground: &Ground<'_>,
    group: &[&Asset],
    (what, uuid): (&str, Option<AssetUuid>),
    at: impl Fn(&Asset) -> Location,
    found: &mut Vec<Diagnostic>,
) {
    let [first, rest @ ..] = group else { return };
    let uuid = uuid.map(|uuid| uuid.to_string()).unwrap_or_default();
    for asset in rest {
        let message =
            format!("the {what} of `{}` and `{}` have the same UUID {uuid}", first.root_text, asset.root_text);
        let help = format!(
            "take `{0}` out (`packwright remove root:{0} --keep`) and register it again; with `--as-copy`, where it is a \
             copy: that gives it a UUID and an address of its own",
            asset.root_text
        );
        found.push(
            ground
                .finding(Code::S104, asset, message)
                .located(at(asset))
                .with_related(at(first), "the other one")
                .with_help(help),
        );
    }
}
