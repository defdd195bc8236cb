//! S105: two entries, one root, as some file system would see it.

use super::shared;
use crate::diagnose::{Code, Diagnostic, EntryField, Ground};
use crate::snapshot::Asset;
use crate::value::RelPath;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for group in shared(ground.entries(), |asset| asset.root.as_ref().ok().map(RelPath::folded)) {
        let [first, rest @ ..] = group.as_slice() else { continue };
        for asset in rest {
            let (message, help) = words(first, asset);
            found.push(
                ground
                    .finding(Code::S105, asset, message)
                    .located(ground.entry(asset, EntryField::Root))
                    .with_related(ground.entry(first, EntryField::Root), "the other entry")
                    .with_help(help),
            );
        }
    }
}

fn words(first: &Asset, asset: &Asset) -> (String, String) {
    let (one, other) = (&first.root_text, &asset.root_text);
    if first.root != asset.root {
        let message = format!("`{one}` and `{other}` are one folder where upper and lower case are the same");
        let help = format!(
            "take one of them out (`packwright remove root:{other} --keep`), rename its folder and register that again"
        );
        return (message, help);
    }
    let message = if one == other {
        format!("two entries have the root `{other}`")
    } else {
        format!("`{one}` and `{other}` are one root, its accents spelled in two ways")
    };
    let help = format!(
        "take both out (`packwright remove root:{other} --keep`) and register the folder again, which keeps the UUID of \
         its manifest"
    );
    (message, help)
}
