//! S212: two sources of one asset whose names are the same in NFC. Names that importers make are checked by builds.

use crate::diagnose::{Diagnostic, Ground, Location, content};

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for asset in ground.snapshot.registered().iter().filter(|asset| asset.is_included()) {
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
