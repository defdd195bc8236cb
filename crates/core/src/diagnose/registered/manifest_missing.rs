//! S202: the folder is there, its manifest is not.

use crate::diagnose::{Code, Diagnostic, Ground, Location};
use crate::snapshot::ManifestState;
use crate::workspace::{Manifest, Standing};

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for asset in ground.registered() {
        if asset.standing != Standing::Folder || !matches!(asset.manifest, ManifestState::Missing) {
            continue;
        }
        let message = format!("`{}` has no {}", asset.root_text, Manifest::FILE);
        let help = format!(
            "bring the manifest back from version control; or take the asset out (`packwright remove root:{0} --keep`) \
             and register the folder again, which gives it a new identity",
            asset.root_text
        );
        let location = Location::file(ground.root_path(asset));
        found.push(ground.finding(Code::S202, asset, message).located(location).with_help(help));
    }
}
