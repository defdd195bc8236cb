//! S105: two entries, one root, as some file system would see it.

use super::shared;
use crate::diagnose::{Code, Diagnostic, EntryField, Ground};
use crate::value::RelPath;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for group in shared(ground, |asset| asset.root.as_ref().ok().map(RelPath::folded)) {
        let [first, rest @ ..] = group.as_slice() else { continue };
        for asset in rest {
            let message = if first.root_text == asset.root_text {
                format!("two entries have the root `{}`", asset.root_text)
            } else {
                format!(
                    "`{}` and `{}` are one folder where case or accents do not count",
                    first.root_text, asset.root_text
                )
            };
            let help = "remove the entry that is wrong, by its id: `packwright remove id:… --keep`; where both folders \
                        exist, rename one of them first";
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
