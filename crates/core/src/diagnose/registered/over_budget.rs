//! S209: a source that is longer than any may be. Budgets of the content itself are the importers' to check.

use crate::diagnose::{Code, Diagnostic, Ground, Location};

/// The longest source, in bytes: 4 GiB.
const MAX_SOURCE_BYTES: u64 = 4 << 30;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for asset in ground.snapshot.registered().iter().filter(|asset| asset.is_included()) {
        for source in asset.sources.iter().filter(|source| source.stamp.size > MAX_SOURCE_BYTES) {
            let message = format!(
                "`{}` has {} bytes, and the limit for a source is {MAX_SOURCE_BYTES}",
                source.path, source.stamp.size
            );
            let location = Location::file(source.disk.clone());
            let help = "split it into several files";
            found.push(ground.finding(Code::S209, asset, message).located(location).with_help(help));
        }
    }
}
