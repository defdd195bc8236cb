//! S207: a registered root inside another.

use std::collections::BTreeMap;

use crate::diagnose::{Code, Diagnostic, EntryField, Ground};
use crate::snapshot::Asset;
use crate::value::RelPath;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    let by_root: BTreeMap<&RelPath, &Asset> =
        ground.registered().filter_map(|asset| Some((asset.root.as_ref().ok()?, asset))).collect();
    for (root, asset) in &by_root {
        let mut above = root.parent();
        while let Some(path) = above {
            if let Some(outer) = by_root.get(&path) {
                let message = format!("the root `{root}` lies inside the registered root `{path}`");
                let help = format!(
                    "take one of them out: `packwright remove root:{root} --keep` or `packwright remove root:{path} --keep`"
                );
                found.push(
                    ground
                        .finding(Code::S207, asset, message)
                        .located(ground.entry(asset, EntryField::Root))
                        .with_related(ground.entry(outer, EntryField::Root), "the outer root")
                        .with_help(help),
                );
                break;
            }
            above = path.parent();
        }
    }
}
