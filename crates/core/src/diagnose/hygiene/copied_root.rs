//! H302: an unregistered folder with the UUID of a registered asset.

use super::{Identity, NotChecked, Premises, identity_of};
use crate::diagnose::{Code, Diagnostic, EntryField, Fix, Location, Remedy};
use crate::snapshot::Asset;

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    let ground = premises.ground;
    // Where the registry does not read, nobody knows what it names, and that it does not is a finding (S101, S102).
    if ground.snapshot.registry.fault.is_some() {
        return Ok(());
    }
    for asset in ground.snapshot.unregistered() {
        match identity_of(ground, asset) {
            Identity::Its | Identity::Moved => {}
            Identity::CopyOf(original) => found.push(copy(premises, asset, original)),
            Identity::OneOf(registered) => found.push(one_of(premises, asset, registered)),
        }
    }
    Ok(())
}

fn copy(premises: &Premises<'_>, asset: &Asset, original: &Asset) -> Diagnostic {
    let ground = premises.ground;
    let (root, path) = (&asset.root_text, ground.root_path(asset));
    let message = format!("`{root}` is a copy of `{}`: it has the same UUID", original.root_text);
    let made = ground
        .finding(Code::H302, asset, message)
        .located(ground.manifest(asset, "/uuid"))
        .with_related(Location::file(ground.manifest_path(original)), "the registered asset")
        .with_help(format!(
            "give it an identity of its own and register it, both with `packwright register {path} --as-copy`; or delete \
             the copy"
        ));
    match (&asset.root, asset.manifest_uuid().filter(|_| asset.manifest().is_some())) {
        (Ok(root), Some(uuid)) => made.with_fix(Fix::safe(
            format!("give `{root}` a UUID of its own"),
            Remedy::NewIdentity { root: root.clone(), uuid },
        )),
        // What does not parse is not edited.
        _ => made,
    }
}

/// Nobody can tell which of the two is the asset, so none is given another identity.
fn one_of(premises: &Premises<'_>, asset: &Asset, registered: &Asset) -> Diagnostic {
    let ground = premises.ground;
    let (root, other) = (&asset.root_text, &registered.root_text);
    ground
        .finding(Code::H302, asset, format!("`{root}` has the UUID of `{other}`, which is not in its place"))
        .located(ground.manifest(asset, "/uuid"))
        .with_related(ground.entry(registered, EntryField::Root), "the registered asset")
        .with_help(format!(
            "if this is the asset, move it to `{other}`; if it is a copy, put `{other}` right first and look again"
        ))
        .with_fix(Fix::shown(format!("choose which folder is `{other}`")))
}
