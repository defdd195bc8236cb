//! A deep look, for who asks for proof: every source decoded, every file of the cache and the last pack hashed.
//!
//! Nothing is believed and nothing is written. Each source is held in memory as an import would hold it, and what is
//! decoded of it is dropped at once, so that as much is in memory as threads decode at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;

use super::audit::{is_framed, is_whole};
use super::cache::{Cache, StoredPart};
use super::content::ContentFindings;
use super::import::{Workshop, panic_message, source_of};
use super::outputs::OutputPaths;
use super::read::{Reading, read};
use super::record::{BuiltAsset, LastBuild};
use super::resolve::fault_finding;
use super::steps::Steps;
use super::unit::{Unit, Units};
use crate::diagnose::Diagnostic;
use crate::diagnose::content::{self, Refusal, is_lfs_pointer, lfs_pointer};
use crate::diagnose::hygiene::{Damaged, NotChecked};
use crate::event::Reporter;
use crate::fs::{Fs, FsError, IoContext, SharedFs};
use crate::importer::{ImportError, Importer, ImporterSet};
use crate::snapshot::Snapshot;
use crate::value::{Cancel, RelPath};
use crate::workspace::layout;

/// What importers find in the included sources when they decode them in full.
#[must_use]
pub fn decoded_findings(
    fs: &SharedFs,
    importers: &ImporterSet,
    snapshot: &Snapshot,
    voice: (&Reporter, &Cancel),
) -> ContentFindings {
    let Ok(settings) = snapshot.settings() else { return ContentFindings::default() };
    let cache = Cache::new(fs.clone(), RelPath::literal(layout::CACHE), false);
    let workshop = Workshop { importers, compression: settings.compression, cache: &cache, needs_bytes: false };
    let units = Units::of(snapshot, importers);
    let steps = Steps::new(voice, "decode", units.units.len());
    let look = |unit: &Unit<'_>| {
        let found = if steps.go_on() { decode(&**fs, &workshop, unit) } else { None };
        steps.step();
        found
    };
    ContentFindings { findings: units.units.par_iter().filter_map(look).collect(), unchecked: 0 }
}

fn decode(fs: &dyn Fs, workshop: &Workshop<'_>, unit: &Unit<'_>) -> Option<Diagnostic> {
    let reading = match read(fs, &unit.source.disk) {
        Ok(reading) => reading,
        Err(fault) => return Some(fault_finding(unit, &fault)),
    };
    let disk = || unit.source.disk.clone();
    if reading.bytes.as_deref().is_some_and(is_lfs_pointer) {
        return Some(lfs_pointer(unit.asset, disk()));
    }
    let Some(importer) = workshop.importer_of(unit, &source_of(unit, &reading)).map(Arc::clone) else {
        let refusal = Refusal::undecodable("no importer takes such a file");
        return Some(content::refused(unit.asset, disk(), "auto", &refusal));
    };
    let recipe = workshop.recipe(unit, &*importer, reading.hash);
    match workshop.import_to_memory(unit, &reading, &*importer, &recipe) {
        Err(refused) => Some(refused.into_finding(unit)),
        // What is made of it was decoded in full already.
        Ok(_) if !importer.keeps(&unit.settings(&*importer)) => None,
        Ok(_) => examine(unit, &reading, &*importer),
    }
}

fn examine(unit: &Unit<'_>, reading: &Reading, importer: &dyn Importer) -> Option<Diagnostic> {
    let source = source_of(unit, reading);
    let settings = unit.settings(importer);
    // An importer has no state that a panic could leave half changed: it is a function of its input.
    let answer = catch_unwind(AssertUnwindSafe(|| importer.examine(&source, &settings)));
    let disk = unit.source.disk.clone();
    if !reading.still_holds() {
        return Some(content::unstable(unit.asset, disk));
    }
    let refusal = match answer {
        Ok(Ok(())) => return None,
        Ok(Err(ImportError::Io(error))) => return Some(content::unreadable(unit.asset, disk, &error.to_string())),
        Ok(Err(error)) => Refusal::of(&error)?,
        Err(panic) => Refusal::undecodable(panic_message(&*panic)),
    };
    Some(content::refused(unit.asset, disk, importer.name(), &refusal))
}

/// The files of the cache, and the last pack, that do not hold what they should. A pack that is not there is not damaged.
///
/// # Errors
/// Where it could not be looked.
pub fn examined_outputs(
    fs: &SharedFs,
    snapshot: &Snapshot,
    last: Option<&LastBuild>,
    voice: (&Reporter, &Cancel),
) -> Result<Vec<Damaged>, NotChecked> {
    let cache = Cache::new(fs.clone(), RelPath::literal(layout::CACHE), false);
    let files = cache.all_files()?;
    let steps = Steps::new(voice, "cache", files.len());
    let look = |(path, _): &(RelPath, u64)| {
        let fault = if steps.go_on() { cache.fault_of(path) } else { None };
        steps.step();
        fault.map(|fault| Damaged { path: path.clone(), message: format!("`{path}` {fault}") })
    };
    let mut damaged: Vec<Damaged> = files.par_iter().filter_map(look).collect();
    let pack = snapshot.settings().ok().map(|settings| OutputPaths::of(settings).pack);
    if let (Some(last), Some(pack)) = (last, pack)
        && last.pack_path == pack.as_str()
    {
        damaged.extend(pack_fault(&**fs, last, &pack, voice)?);
    }
    Ok(damaged)
}

fn pack_fault(
    fs: &dyn Fs,
    last: &LastBuild,
    pack: &RelPath,
    voice: (&Reporter, &Cancel),
) -> Result<Option<Damaged>, NotChecked> {
    let file = match fs.open(pack) {
        Err(error) if error.is_absent() => return Ok(None),
        other => other?,
    };
    let imports = last.assets.iter().flat_map(|asset| asset.imports.iter().map(move |import| (asset, import)));
    let parts: Vec<_> =
        imports.flat_map(|(asset, import)| import.parts.iter().map(move |part| (asset, part))).collect();
    let steps = Steps::new(voice, "pack", parts.len());
    let look = |(asset, (part, offset)): &(&BuiltAsset, &(StoredPart, u64))| -> Result<Option<String>, FsError> {
        let whole = if steps.go_on() { is_whole(&*file, *offset, part).at("read", pack)? } else { true };
        steps.step();
        Ok((!whole).then(|| format!("part `{}` of `{}`", part.name, asset.address)))
    };
    let broken: Result<Vec<Option<String>>, FsError> = parts.par_iter().map(look).collect();
    let mut broken: Vec<String> = broken?.into_iter().flatten().collect();
    if !is_framed(&*file, &last.pack_hash, last.pack_stamp.size).at("read", pack)? {
        broken.insert(0, "its index".to_owned());
    }
    let message = match broken.as_slice() {
        [] => return Ok(None),
        [one] => format!("`{pack}` is not the pack that was built: {one} does not hash to what it should"),
        [first, rest @ ..] => {
            format!(
                "`{pack}` is not the pack that was built: {first} and {} more do not hash to what they should",
                rest.len()
            )
        }
    };
    Ok(Some(Damaged { path: pack.clone(), message }))
}
