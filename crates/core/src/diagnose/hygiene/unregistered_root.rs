//! H301: a folder with a manifest that no registry entry names.

use super::{Identity, NotChecked, Premises, at, identity_of};
use crate::diagnose::{Code, Diagnostic, Fix};
use crate::value::RelPath;

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    let ground = premises.ground;
    // Where the registry does not read, nobody knows what it names, and that it does not is a finding (S101, S102).
    if ground.snapshot.registry.fault.is_some() {
        return Ok(());
    }
    for asset in ground.snapshot.unregistered() {
        // What has the UUID of a registered one is its copy (H302), or is that asset, moved (S201).
        let Identity::Its = identity_of(ground, asset) else { continue };
        let Ok(root) = &asset.root else { continue };
        let manifest = ground.manifest_path(asset);
        found.push(if root.is_root() {
            let message = "there is a manifest in the assets folder itself, which can be no asset root";
            at(Code::H301, manifest, message).with_help("move it, with the files that belong to it, into a folder below")
        } else {
            let path = ground.root_path(asset);
            let made = at(Code::H301, manifest, format!("`{root}` has a manifest and is not registered"));
            let made = made.of_asset(asset.reference());
            match root.parent().and_then(|parent| premises.owner(&parent)) {
                Some(outer) => made.with_help(inside(root, outer)),
                None => made
                    .with_help(format!(
                        "register it with `packwright register {path}`; or delete its asset.json, if it is to be no asset"
                    ))
                    .with_fix(Fix::shown(format!("register `{root}`"))),
            }
        });
    }
    Ok(())
}

fn inside(root: &RelPath, outer: &RelPath) -> String {
    format!(
        "it lies in the root `{outer}`, so that both cannot be registered: move `{root}` out, or delete its asset.json to \
         leave its files to `{outer}`"
    )
}
