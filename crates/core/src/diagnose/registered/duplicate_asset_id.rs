//! S103: two entries, one id.

use super::shared;
use crate::diagnose::{Code, Diagnostic, EntryField, Ground};
use crate::snapshot::Asset;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for group in shared(ground.registered(), Asset::asset_id) {
        let [first, rest @ ..] = group.as_slice() else { continue };
        for asset in rest {
            let id = asset.asset_id().map(|id| id.to_string()).unwrap_or_default();
            let message = format!("`{}` and `{}` both have the asset_id {id}", first.root_text, asset.root_text);
            let made = ground
                .finding(Code::S103, asset, message)
                .located(ground.entry(asset, EntryField::AssetId))
                .with_related(ground.entry(first, EntryField::AssetId), "the other entry")
                .with_help(format!(
                    "give one of them a new id: `packwright remove root:{0} --keep`, then register its folder again; \
                     whatever stored the old number of that asset must be built anew",
                    asset.root_text
                ));
            found.push(made);
        }
    }
}
