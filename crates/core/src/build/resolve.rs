//! From units to parts: what the listing, the last build and the cache know already is not made again.
//!
//! Each unit ends in one of three ways. *Ready*: its parts are known to the last byte. *Direct*: its one part is the
//! source as it is, and nothing but its length is known; it is read, hashed and checked in the pass that writes it to
//! the pack. *Refused*: it has findings instead of parts.

use std::collections::HashMap;
use std::time::Duration;

use super::cache::{Cache, Entry, StoredPart};
use super::import::{MadePart, Refused, Workshop, source_of};
use super::read::{ReadFault, Reading, read};
use super::recipe::{Reason, Recipe};
use super::record::{BuiltImport, LastBuild};
use super::unit::Unit;
use crate::diagnose::Diagnostic;
use crate::diagnose::content::{self, MAX_LFS_POINTER_BYTES, is_lfs_pointer};
use crate::fs::Fs;
use crate::importer::Importer;
use crate::value::AssetId;
use crate::workspace::{Checked, FileRecord, Found, Listing};

/// How a unit ended.
pub(super) enum Resolved {
    /// Its parts are known.
    Ready(Import),
    /// It is read when the pack is written.
    Direct,
    /// It has findings.
    Refused(Vec<Diagnostic>),
}

/// An import that is done.
pub(super) struct Import {
    pub(super) recipe: Recipe,
    /// Why it was made; `None` where an earlier build had made it.
    pub(super) reason: Option<Reason>,
    /// How long reading and making it took; zero where an earlier build had made it.
    pub(super) took: Duration,
    pub(super) parts: Vec<ReadyPart>,
}

/// A part, and where its stored bytes are.
pub(super) struct ReadyPart {
    pub(super) stored: StoredPart,
    pub(super) origin: Origin,
}

/// Where stored bytes are.
pub(super) enum Origin {
    /// In the last pack, at this offset.
    LastPack(u64),
    /// In the cache, under the part's blob.
    Cache,
    /// They are the source's own.
    Source,
    /// Here, because the cache did not take them.
    Memory(Vec<u8>),
}

/// What a unit's resolution found out about its file.
pub(super) struct Outcome {
    pub(super) resolved: Resolved,
    /// What the listing is to remember of the source.
    pub(super) record: Option<FileRecord>,
}

/// What is known before anything is read.
pub(super) struct Resolver<'a> {
    pub(super) fs: &'a dyn Fs,
    pub(super) workshop: &'a Workshop<'a>,
    pub(super) cache: &'a Cache,
    pub(super) listing: &'a Listing,
    pub(super) memory: Memory<'a>,
}

/// What the last build is good for.
pub(super) struct Memory<'a> {
    imports: HashMap<(AssetId, &'a str), &'a BuiltImport>,
    /// Whether payloads can be copied from the last pack.
    pack_is_there: bool,
    /// Nothing known is to be used.
    full: bool,
}

impl<'a> Memory<'a> {
    pub(super) fn new(last: Option<&'a LastBuild>, pack_is_there: bool, full: bool) -> Self {
        Self { imports: last.map(LastBuild::imports).unwrap_or_default(), pack_is_there, full }
    }

    fn of(&self, unit: &Unit<'_>) -> Option<&'a BuiltImport> {
        self.imports.get(&(unit.asset_id, unit.source.path.as_str())).copied()
    }

    /// Why `recipe` has to be made; `None` where the last build had made exactly this.
    fn reason(&self, unit: &Unit<'_>, recipe: &Recipe) -> Option<Reason> {
        match self.of(unit) {
            _ if self.full => Some(Reason::Full),
            None => Some(Reason::New),
            Some(before) if before.recipe == *recipe => None,
            Some(before) => Some(Reason::between(&before.recipe, recipe, &unit.source.disk)),
        }
    }
}

impl Resolver<'_> {
    pub(super) fn resolve(&self, unit: &Unit<'_>) -> Outcome {
        if let Some((record, recipe)) = self.known(unit)
            && let Some(resolved) = self.remembered(unit, &recipe)
        {
            let record = FileRecord { found: found(&record.found, &recipe, &resolved), ..record.clone() };
            return Outcome { resolved, record: Some(record) };
        }
        if unit.is_kept(self.workshop.importers, self.workshop.compression) && !self.is_worth_a_look(unit) {
            return Outcome { resolved: Resolved::Direct, record: None };
        }
        match read(self.fs, &unit.source.disk) {
            Ok(reading) => self.settle(unit, &reading),
            Err(fault) => Outcome { resolved: Resolved::Refused(vec![fault_finding(unit, &fault)]), record: None },
        }
    }

    /// What the listing remembers of the source, and what an import of it is made from.
    fn known(&self, unit: &Unit<'_>) -> Option<(&FileRecord, Recipe)> {
        let record = self.listing.known(&unit.source.disk, &unit.source.stamp).filter(|_| !self.memory.full)?;
        let Found::Source { auto, checked } = &record.found else { return None };
        if let Some(importer) = unit.named {
            return Some((record, self.workshop.recipe(unit, &**importer, record.hash)));
        }
        let importer = self.workshop.importers.get(auto.as_deref()?)?;
        let recipe = self.workshop.recipe(unit, &**importer, record.hash);
        // `auto` chose for the path below one root; for that below another it is asked anew.
        let same = checked.is_some_and(|checked| checked.key == recipe.key());
        same.then_some((record, recipe))
    }

    /// What an earlier build made of exactly this; `None` where nothing is left of it.
    fn remembered(&self, unit: &Unit<'_>, recipe: &Recipe) -> Option<Resolved> {
        if self.memory.full {
            return None;
        }
        if let Some(built) = self.memory.of(unit).filter(|built| self.memory.pack_is_there && built.recipe == *recipe) {
            let parts = built
                .parts
                .iter()
                .map(|(stored, offset)| ReadyPart { stored: stored.clone(), origin: Origin::LastPack(*offset) });
            return Some(Resolved::Ready(Import {
                recipe: recipe.clone(),
                reason: None,
                took: Duration::ZERO,
                parts: parts.collect(),
            }));
        }
        match self.cache.entry(&recipe.key())? {
            Entry::Refused(refusal) => {
                let finding = content::refused(unit.asset, unit.source.disk.clone(), &recipe.importer, &refusal);
                Some(Resolved::Refused(vec![finding]))
            }
            Entry::Parts(parts) => {
                let present =
                    |part: &StoredPart| part.blob.is_none_or(|blob| self.cache.has_blob(&blob, part.stored_length));
                let all_there = parts.iter().all(present);
                let ready = |stored: StoredPart| {
                    let origin = if stored.blob.is_some() { Origin::Cache } else { Origin::Source };
                    ReadyPart { stored, origin }
                };
                let parts = all_there.then(|| parts.into_iter().map(ready).collect())?;
                Some(Resolved::Ready(Import { recipe: recipe.clone(), reason: None, took: Duration::ZERO, parts }))
            }
        }
    }

    /// Whether the source may be what the last build had, so that reading it first can save writing it.
    fn is_worth_a_look(&self, unit: &Unit<'_>) -> bool {
        let same_length =
            |built: &&BuiltImport| built.parts.iter().any(|(part, _)| part.raw_length == unit.source.stamp.size);
        self.memory.pack_is_there && !self.memory.full && self.memory.of(unit).as_ref().is_some_and(same_length)
    }

    /// Takes what was read to its end.
    fn settle(&self, unit: &Unit<'_>, reading: &Reading) -> Outcome {
        match self.identify(unit, reading) {
            Err(finding) => Outcome {
                resolved: Resolved::Refused(vec![finding]),
                record: Some(record_of(reading, Found::Source { auto: None, checked: None })),
            },
            Ok((importer, recipe)) => {
                let resolved = match self.remembered(unit, &recipe) {
                    Some(resolved) => resolved,
                    None => self.make(unit, reading, importer, &recipe),
                };
                let auto = unit.named.is_none().then(|| importer.name().to_owned());
                let found = found(&Found::Source { auto, checked: None }, &recipe, &resolved);
                Outcome { resolved, record: Some(record_of(reading, found)) }
            }
        }
    }

    /// Who takes what was read, and what that makes of it.
    fn identify<'s>(&'s self, unit: &Unit<'s>, reading: &Reading) -> Result<(&'s dyn Importer, Recipe), Diagnostic> {
        let disk = || unit.source.disk.clone();
        let pointer = reading.bytes.as_deref().filter(|bytes| bytes.len() <= MAX_LFS_POINTER_BYTES);
        if pointer.is_some_and(is_lfs_pointer) {
            return Err(content::lfs_pointer(unit.asset, disk()));
        }
        let Some(importer) = self.workshop.importer_of(unit, &source_of(unit, reading)) else {
            let refusal = content::Refusal::undecodable("no importer takes such a file");
            return Err(content::refused(unit.asset, disk(), "auto", &refusal));
        };
        Ok((&**importer, self.workshop.recipe(unit, &**importer, reading.hash)))
    }

    fn make(&self, unit: &Unit<'_>, reading: &Reading, importer: &dyn Importer, recipe: &Recipe) -> Resolved {
        match self.workshop.import(unit, reading, importer, recipe) {
            Ok(made) => {
                let reason = self.memory.reason(unit, recipe);
                // What was kept and is gone from the last pack was made before all the same.
                let reason =
                    reason.or_else(|| made.iter().any(|part| part.stored.blob.is_some()).then_some(Reason::CacheLost));
                let parts = made.into_iter().map(MadePart::into_ready).collect();
                Resolved::Ready(Import { recipe: recipe.clone(), reason, took: reading.began.elapsed(), parts })
            }
            Err(refused) => Resolved::Refused(vec![refused.into_finding(unit)]),
        }
    }

    /// Looks at what a direct unit's one pass read: the same as for any other, its bytes being in place already.
    pub(super) fn settle_direct(&self, unit: &Unit<'_>, reading: &Reading) -> Outcome {
        self.settle(unit, reading)
    }

    /// Makes a part again whose blob was lost or damaged, and mends the cache; its stored bytes.
    pub(super) fn make_again(
        &self,
        unit: &Unit<'_>,
        recipe: &Recipe,
        lost: &StoredPart,
    ) -> Result<Vec<u8>, Diagnostic> {
        let reading = read(self.fs, &unit.source.disk).map_err(|fault| fault_finding(unit, &fault))?;
        if reading.hash != recipe.hash {
            return Err(content::unstable(unit.asset, unit.source.disk.clone()));
        }
        let (importer, _) = self.identify(unit, &reading)?;
        let made = self.workshop.import_to_memory(unit, &reading, importer, recipe);
        let made = made.map_err(|refused| refused.into_finding(unit))?;
        let same = made.into_iter().find(|part| part.stored == *lost).and_then(|part| Some((part.bytes?, lost.blob?)));
        let Some((bytes, blob)) = same else {
            let refusal = content::Refusal::undecodable("the importer gives other bytes each time");
            return Err(content::refused(unit.asset, unit.source.disk.clone(), &recipe.importer, &refusal));
        };
        self.cache.keep_blob(&bytes, &blob);
        Ok(bytes)
    }
}

impl MadePart {
    fn into_ready(self) -> ReadyPart {
        let origin = match (self.bytes, self.stored.blob) {
            (Some(bytes), _) => Origin::Memory(bytes),
            (None, Some(_)) => Origin::Cache,
            (None, None) => Origin::Source,
        };
        ReadyPart { stored: self.stored, origin }
    }
}

impl Refused {
    pub(super) fn into_finding(self, unit: &Unit<'_>) -> Diagnostic {
        match self {
            Self::Finding(finding) => *finding,
            Self::Io(error) => content::unreadable(unit.asset, unit.source.disk.clone(), &error.to_string()),
            Self::Changed => content::unstable(unit.asset, unit.source.disk.clone()),
        }
    }
}

/// The finding that a source which cannot be read is.
pub(super) fn fault_finding(unit: &Unit<'_>, fault: &ReadFault) -> Diagnostic {
    let disk = unit.source.disk.clone();
    match fault {
        ReadFault::Unreadable(error) if error.is_absent() => content::vanished(unit.asset, disk),
        ReadFault::Unreadable(error) => content::unreadable(unit.asset, disk, &error.why()),
        ReadFault::Sink(error) => content::unreadable(unit.asset, disk, &error.to_string()),
        // A reading that was cancelled ends the build before it comes to a finding.
        ReadFault::Unstable | ReadFault::Resized(_) | ReadFault::Cancelled => content::unstable(unit.asset, disk),
    }
}

fn record_of(reading: &Reading, found: Found) -> FileRecord {
    FileRecord::new(reading.stamp, reading.read_at, reading.hash, found)
}

/// What was found in a source, and what came of it under this recipe.
fn found(before: &Found, recipe: &Recipe, resolved: &Resolved) -> Found {
    let auto = match before {
        Found::Source { auto, .. } => auto.clone(),
        Found::Manifest(_) => None,
    };
    let checked = Checked { key: recipe.key(), refused: matches!(resolved, Resolved::Refused(_)) };
    Found::Source { auto, checked: Some(checked) }
}
