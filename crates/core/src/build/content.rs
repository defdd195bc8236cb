//! What is known of the content of sources without importing any: what earlier builds found, and pointers of Git LFS.

use rayon::prelude::*;

use super::cache::{Cache, Entry};
use super::import::Workshop;
use super::read::{ReadFault, read};
use super::resolve::fault_finding;
use super::unit::{Unit, Units};
use crate::diagnose::Diagnostic;
use crate::diagnose::content::{MAX_LFS_POINTER_BYTES, is_lfs_pointer, lfs_pointer, refused};
use crate::fs::{Fs, SharedFs, read_limited};
use crate::importer::ImporterSet;
use crate::snapshot::Snapshot;
use crate::value::RelPath;
use crate::workspace::{Found, Listing, layout};

/// What is known of the content of included sources.
#[derive(Debug, Default)]
pub struct ContentFindings {
    /// The findings.
    pub findings: Vec<Diagnostic>,
    /// How many sources no build has looked at since they changed.
    pub unchecked: u64,
}

/// Repeats what earlier builds found in sources that have not changed since. Pointers of Git LFS, and files that cannot
/// be opened, are looked for anew.
#[must_use]
pub fn content_findings(
    fs: &SharedFs,
    importers: &ImporterSet,
    snapshot: &Snapshot,
    listing: &Listing,
) -> ContentFindings {
    let Ok(settings) = snapshot.settings() else { return ContentFindings::default() };
    let cache = Cache::new(fs.clone(), RelPath::literal(layout::CACHE), false);
    let workshop = Workshop { importers, compression: settings.compression, cache: &cache, needs_bytes: false };
    let units = Units::of(snapshot, importers);
    let looked: Vec<Looked> = units.units.par_iter().map(|unit| look(&**fs, &workshop, listing, unit)).collect();
    let mut known = ContentFindings::default();
    for one in looked {
        match one {
            Looked::Clean => {}
            Looked::Unchecked => known.unchecked += 1,
            Looked::Found(finding) => known.findings.push(*finding),
        }
    }
    known
}

enum Looked {
    Clean,
    Unchecked,
    Found(Box<Diagnostic>),
}

fn look(fs: &dyn Fs, workshop: &Workshop<'_>, listing: &Listing, unit: &Unit<'_>) -> Looked {
    let disk = &unit.source.disk;
    let short = unit.source.stamp.size <= MAX_LFS_POINTER_BYTES as u64;
    if short && read_limited(fs, disk, MAX_LFS_POINTER_BYTES as u64).is_ok_and(|bytes| is_lfs_pointer(&bytes)) {
        return Looked::Found(Box::new(lfs_pointer(unit.asset, disk.clone())));
    }
    remembered(fs, workshop, listing, unit).unwrap_or_else(|| match fs.open(disk) {
        Ok(_) => Looked::Unchecked,
        Err(error) => Looked::Found(Box::new(fault_finding(unit, &ReadFault::Unreadable(error)))),
    })
}

/// What the last build to look at this content found; `None` where none has since it changed.
fn remembered(fs: &dyn Fs, workshop: &Workshop<'_>, listing: &Listing, unit: &Unit<'_>) -> Option<Looked> {
    let disk = &unit.source.disk;
    let record = listing.recalled(disk, &unit.source.stamp)?;
    if record.racy && read(fs, disk).map_or(true, |reading| reading.hash != record.hash) {
        return None;
    }
    let Found::Source { auto, checked: Some(checked) } = &record.found else { return None };
    let by_choice = || auto.as_deref().and_then(|name| workshop.importers.get(name));
    let importer = unit.named.or_else(by_choice)?;
    if workshop.recipe(unit, &**importer, record.hash).key() != checked.key {
        return None;
    }
    if !checked.refused {
        return Some(Looked::Clean);
    }
    match workshop.cache.entry(&checked.key) {
        Some(Entry::Refused(refusal)) => {
            Some(Looked::Found(Box::new(refused(unit.asset, disk.clone(), importer.name(), &refusal))))
        }
        // The reason is lost, or was none to remember; the next build finds it again.
        _ => None,
    }
}
