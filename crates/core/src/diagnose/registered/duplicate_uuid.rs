//! S104: two entries, or two registered manifests, one UUID.

use std::collections::BTreeSet;

use super::shared;
use crate::diagnose::{Code, Diagnostic, EntryField, Ground, Location};
use crate::snapshot::Asset;
use crate::value::AssetUuid;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    let mut named = BTreeSet::new();
    for group in shared(ground, |asset| asset.entry.as_ref().map(|entry| entry.uuid)) {
        named.extend(group[0].entry.as_ref().map(|entry| entry.uuid));
        let at = |asset: &Asset| ground.entry(asset, EntryField::Uuid);
        report(ground, &group, "entries", at, found);
    }
    // Where the entries are two as well, that is the cause, and the manifests follow from it.
    let in_manifest = |asset: &Asset| asset.manifest_uuid().filter(|uuid| !named.contains(uuid));
    for group in shared(ground, in_manifest) {
        let at = |asset: &Asset| ground.manifest(asset, "/uuid");
        report(ground, &group, "manifests", at, found);
    }
}

fn report(
    ground: &Ground<'_>,
    group: &[&Asset],
    what: &str,
    at: impl Fn(&Asset) -> Location,
    found: &mut Vec<Diagnostic>,
) {
    let [first, rest @ ..] = group else { return };
    let uuid =
        |asset: &Asset| asset.manifest_uuid().or(asset.uuid()).as_ref().map(AssetUuid::to_string).unwrap_or_default();
    for asset in rest {
        let message =
            format!("the {what} of `{}` and `{}` have the same UUID {}", first.root_text, asset.root_text, uuid(asset));
        let help = format!(
            "if `{0}` is a copy, take it out with `packwright remove root:{0} --keep` and register it with `--as-copy`, \
             which gives it a UUID and an address of its own",
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
