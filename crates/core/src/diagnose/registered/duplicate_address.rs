//! S106: two registered assets, one address.

use super::shared;
use crate::diagnose::{Code, Diagnostic, Ground};

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for group in shared(ground.registered(), |asset| asset.manifest().map(|manifest| &manifest.address)) {
        let [first, rest @ ..] = group.as_slice() else { continue };
        // A copied folder has the UUID of the first too, and that says it (S104).
        for asset in rest.iter().filter(|asset| asset.manifest_uuid() != first.manifest_uuid()) {
            let address = asset.address().map(ToString::to_string).unwrap_or_default();
            let message = format!("`{}` and `{}` have the same address `{address}`", first.root_text, asset.root_text);
            let made = ground
                .finding(Code::S106, asset, message)
                .located(ground.manifest(asset, "/address"))
                .with_related(ground.manifest(first, "/address"), "the other asset")
                .with_help("give one of them another `address` in its manifest");
            found.push(made);
        }
    }
}
