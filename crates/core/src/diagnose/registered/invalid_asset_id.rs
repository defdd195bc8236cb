//! S107: an id that is zero or out of range.

use crate::diagnose::{Code, Diagnostic, EntryField, Ground};
use crate::workspace::RawAssetId;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for asset in ground.entries() {
        let Some(RawAssetId::Invalid(text)) = asset.entry.as_ref().map(|entry| &entry.asset_id) else { continue };
        let message = format!("`{}` has the asset_id {text}, which is not from 1 to {}", asset.root_text, u32::MAX);
        let help = format!("`packwright remove root:{0} --keep`, then register its folder again", asset.root_text);
        found.push(
            ground
                .finding(Code::S107, asset, message)
                .located(ground.entry(asset, EntryField::AssetId))
                .with_help(help),
        );
    }
}
