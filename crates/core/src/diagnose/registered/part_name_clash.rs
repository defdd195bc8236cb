//! S212: two sources of one asset, or two folders of its sources, whose names are the same in NFC. Names that importers make are checked by builds.

use crate::diagnose::{Code, Diagnostic, Ground, Location, content};
use crate::snapshot::Asset;
use crate::value::RelPath;
use crate::workspace::ScanFaultKind;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for asset in ground.included() {
        let folders = ground.faults_within(asset).filter(|fault| fault.kind == ScanFaultKind::SameName);
        found.extend(folders.map(|fault| folder_clash(ground, asset, &fault.path)));
        for pair in asset.sources.windows(2) {
            if let [first, second] = pair
                && first.path == second.path
            {
                let clash = content::part_name_clash(asset, second.path.as_str(), second.disk.clone());
                found.push(clash.with_related(Location::file(first.disk.clone()), "the other file"));
            }
        }
    }
}

/// The scan takes in the first of two such folders; what lies in the other would be missing without a word.
fn folder_clash(ground: &Ground<'_>, asset: &Asset, disk: &RelPath) -> Diagnostic {
    let name = disk.nfc();
    let name = asset.root.as_ref().ok().and_then(|root| name.below(root)).filter(|below| !below.is_empty());
    let message = match name {
        Some(name) => format!("two folders of `{}` have the name `{name}`", asset.root_text),
        None => format!("two folders have the name `{}`", asset.root_text),
    };
    ground
        .finding(Code::S212, asset, message)
        .located(Location::file(ground.snapshot.assets_dir().join(disk)))
        .with_help("put the files of both into one; their names differ only in how an accent is spelled")
}
