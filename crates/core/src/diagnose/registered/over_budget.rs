//! S209: a source that is longer than any may be. Budgets of the content itself are the importers' to check.

use crate::diagnose::{Code, Diagnostic, Ground, Location};
use crate::snapshot::SourceFile;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for asset in ground.included() {
        for source in asset.sources.iter().filter(|source| source.is_over_limit()) {
            let message = format!(
                "`{}` has {} bytes, and the limit for a source is {}",
                source.path,
                source.stamp.size,
                SourceFile::MAX_BYTES
            );
            let location = Location::file(source.disk.clone());
            let help = "split it into several files";
            found.push(ground.finding(Code::S209, asset, message).located(location).with_help(help));
        }
    }
}
