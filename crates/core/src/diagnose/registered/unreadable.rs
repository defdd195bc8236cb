//! S208: a folder or file that cannot be read, or is no regular file. Content that cannot be read is found by builds.

use crate::diagnose::{Code, Diagnostic, Ground, Location, content};
use crate::fs::FileKind;
use crate::snapshot::{Asset, ManifestState};
use crate::workspace::{ScanFaultKind, Standing};

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(why) = &ground.snapshot.tree_error {
        let location = Location::file(ground.snapshot.assets_dir());
        let made = Diagnostic::new(Code::S208, format!("the assets folder cannot be read: {why}")).located(location);
        found.push(made.with_help("give yourself permission to read it"));
    }
    for asset in ground.included() {
        check_asset(ground, asset, found);
    }
}

fn check_asset<'a>(ground: &Ground<'a>, asset: &'a Asset, found: &mut Vec<Diagnostic>) {
    if let Standing::Unreadable(why) = &asset.standing {
        found.push(content::unreadable(asset, ground.root_path(asset), why));
    }
    if let ManifestState::Unreadable(why) = &asset.manifest {
        found.push(content::unreadable(asset, ground.manifest_path(asset), why));
    }
    for source in asset.sources.iter().filter(|source| source.kind != FileKind::File) {
        found.push(content::unreadable(asset, source.disk.clone(), "it is not a regular file"));
    }
    for fault in ground.faults_within(asset) {
        // That the root itself cannot be read is said above.
        if let ScanFaultKind::Unreadable(why) = &fault.kind
            && asset.standing == Standing::Folder
        {
            found.push(content::unreadable(asset, ground.snapshot.assets_dir().join(&fault.path), why));
        }
    }
}
