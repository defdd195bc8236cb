//! Building: from a snapshot to one deterministic pack.
//!
//! - **What is made from what** is a [`Recipe`]; its key says whether an earlier build has made it already.
//! - `resolve` finds for each source what is known of it, by the listing, the last build and the cache; what is not
//!   known is imported, or, where its bytes stay as they are, left to the pass that writes them.
//! - `assemble` gives each part its place and its bytes; `outputs` puts the set in its place.
//!
//! What always holds: the pack and the compile surface are a function of the registered world alone, whatever was
//! known before; the old outputs stay until the new ones are complete and durable; findings of all steps are collected
//! before a build is blocked.

mod assemble;
mod audit;
pub mod cache;
mod changes;
mod content;
mod duplicates;
mod examine;
mod hashed;
mod import;
mod outputs;
mod read;
mod recipe;
mod record;
mod report;
mod resolve;
mod steps;
mod unit;

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use packwright_format::Frame;
use rayon::prelude::*;

pub use changes::{ChangedAsset, ChangedAssets, Changes};
pub use content::{ContentFindings, content_findings};
pub use duplicates::same_bytes;
pub use examine::{decoded_findings, examined_outputs};
pub use hashed::hashed;
pub use outputs::{OutputPaths, PublishError, finish_publication, is_publication_unfinished, is_staged, sweep_staged};
pub use recipe::{Reason, Recipe};
pub use record::{BuiltAsset, BuiltImport, LastBuild};
pub use report::{ReportFile, SlowImport};
pub use steps::Steps;

use assemble::{AssembleError, Assembler};
use cache::Cache;
use import::Workshop;
use outputs::{Staging, stamp_of};
use record::built_assets;
use report::{Made, Report, addressables, millis};
use resolve::{Memory, Origin, Outcome, Resolved, Resolver};
use unit::Units;

use crate::diagnose::Diagnostic;
use crate::event::{Progress, Reporter};
use crate::fs::{FsError, IoContext, ReadFile, SharedFs, read_limited};
use crate::importer::ImporterSet;
use crate::snapshot::Snapshot;
use crate::value::{CacheKey, Cancel, ContentHash, OperationId, RelPath};
use crate::workspace::{FileRecord, Listing, Settings, layout};

/// For how many days a build keeps what no build used.
pub const KEPT_DAYS: u32 = 30;
const MAX_ADDRESSABLES_BYTES: u64 = 1 << 30;

/// How to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Ignore cache, listing and last build.
    pub full: bool,
    /// Write nothing; say whether the outputs are what a build would write.
    pub check: bool,
    /// Build both ways and compare.
    pub verify: bool,
}

/// One build. Runs in the thread pool it is called in, under the workspace's lock unless it only checks.
pub struct Job<'a> {
    /// The workspace's files.
    pub fs: &'a SharedFs,
    /// The importers.
    pub importers: &'a ImporterSet,
    /// What to build.
    pub snapshot: &'a Snapshot,
    /// What is remembered of files.
    pub listing: &'a Listing,
    /// What the rules found in the snapshot.
    pub structural: Vec<Diagnostic>,
    /// How.
    pub options: Options,
    /// The operation.
    pub operation: OperationId,
    /// Its voice.
    pub reporter: &'a Reporter,
    /// How it is stopped.
    pub cancel: &'a Cancel,
}

/// A build that came to an end.
#[derive(Debug)]
pub struct Built {
    /// What came of it.
    pub outcome: Outcomes,
    /// The pack's hash.
    pub hash: ContentHash,
    /// The pack's length.
    pub bytes: u64,
    /// Assets in it.
    pub assets: u64,
    /// Parts in it.
    pub parts: u64,
    /// Parts that an earlier build had made.
    pub hits: u64,
    /// Parts made now.
    pub misses: u64,
    /// How many of them for which reason.
    pub reasons: BTreeMap<String, u64>,
    /// Where the two ways of `verify` differ.
    pub differences: Vec<String>,
}

/// What came of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcomes {
    /// New outputs are in their place.
    Built,
    /// The outputs are what they would be; nothing was written.
    Unchanged,
    /// Checked, and so they are.
    UpToDate,
    /// Checked, and they are not.
    Outdated,
    /// Verified, and both ways are the same.
    Equal,
    /// Verified, and they are not; nothing was published.
    Different,
}

/// Why a build made nothing.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Structural findings.
    #[error("{} structural findings block the build", .0.len())]
    Blocked(Vec<Diagnostic>),
    /// It was cancelled.
    #[error("the build was cancelled")]
    Cancelled,
    /// An output cannot be put in its place.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The system said no.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// What is to be packed breaks a limit of the format.
    #[error("{0}")]
    Pack(String),
}

impl Job<'_> {
    /// Builds. Returns also what it found out about files, for the listing. An error means that structural findings block
    /// it, it is cancelled, or the outputs cannot be written; the old outputs are then as they were, save where it is
    /// [`PublishError::Unfinished`].
    pub fn run(self) -> (Result<Built, BuildError>, Vec<(RelPath, FileRecord)>) {
        let started = Instant::now();
        let settings = match self.snapshot.settings() {
            Ok(settings) if self.snapshot.registry.fault.is_none() => settings,
            _ => return (Err(BuildError::Blocked(self.structural)), Vec::new()),
        };
        let mut build = Build::new(&self, settings, started);
        let result = build.run();
        (result, build.records)
    }
}

/// A build under way.
struct Build<'a> {
    job: &'a Job<'a>,
    settings: &'a Settings,
    paths: OutputPaths,
    units: Units<'a>,
    last: Option<LastBuild>,
    /// The pack that the last build put in its place, where it still stands there and opens.
    last_pack: Option<Box<dyn ReadFile>>,
    started: Instant,
    /// What the listing is to remember of sources.
    records: Vec<(RelPath, FileRecord)>,
}

/// What one way of building gave.
struct Way {
    frame: Frame,
    offsets: Vec<Vec<u64>>,
    outcomes: Vec<Outcome>,
}

impl<'a> Build<'a> {
    fn new(job: &'a Job<'a>, settings: &'a Settings, started: Instant) -> Self {
        let last = LastBuild::load(&**job.fs, &RelPath::literal(layout::LAST_BUILD));
        let units = Units::of(job.snapshot, job.importers);
        let paths = OutputPaths::of(settings);
        let last_pack = last.as_ref().and_then(|last| last.open_pack(&**job.fs, &paths.pack));
        Self { job, settings, paths, units, last, last_pack, started, records: Vec::new() }
    }

    fn run(&mut self) -> Result<Built, BuildError> {
        let options = self.job.options;
        let cache = Cache::new(self.job.fs.clone(), RelPath::literal(layout::CACHE), !options.check);
        if !options.check {
            cache.sweep();
        }
        let outcomes = self.resolve(&cache, options.full, !options.check)?;
        if options.check {
            return self.check(&cache, outcomes);
        }
        if !options.verify
            && !options.full
            && let Some(unchanged) = self.unchanged(&cache, &outcomes)?
        {
            return Ok(unchanged);
        }
        self.write(&cache, outcomes)
    }

    /// What is known of each unit, or made of it.
    fn resolve(&self, cache: &Cache, full: bool, needs_bytes: bool) -> Result<Vec<Outcome>, BuildError> {
        let workshop = self.workshop(cache, needs_bytes);
        let resolver = self.resolver(&workshop, cache, full);
        let total = self.units.units.len() as u64;
        let done = AtomicU64::new(0);
        let outcomes: Result<Vec<Outcome>, BuildError> = self
            .units
            .units
            .par_iter()
            .map(|unit| {
                if self.job.cancel.is_cancelled() {
                    return Err(BuildError::Cancelled);
                }
                let outcome = resolver.resolve(unit);
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                if done.is_multiple_of(64) || done == total {
                    self.job.reporter.progress(Progress::new("import", done, total));
                }
                Ok(outcome)
            })
            .collect();
        outcomes
    }

    fn workshop<'w>(&'w self, cache: &'w Cache, needs_bytes: bool) -> Workshop<'w> {
        Workshop { importers: self.job.importers, compression: self.settings.compression, cache, needs_bytes }
    }

    fn resolver<'w>(&'w self, workshop: &'w Workshop<'w>, cache: &'w Cache, full: bool) -> Resolver<'w> {
        let fs = &**self.job.fs;
        let last = self.last.as_ref().filter(|_| !full);
        let pack_is_there = last.is_some() && self.last_pack.is_some();
        Resolver { fs, workshop, cache, listing: self.job.listing, memory: Memory::new(last, pack_is_there, full) }
    }

    /// The outputs as they are, where they are what this build would write.
    fn unchanged(&mut self, cache: &Cache, outcomes: &[Outcome]) -> Result<Option<Built>, BuildError> {
        // What was made now is written, were it the same bytes: its reason and its key are to be remembered.
        let is_hit =
            |outcome: &Outcome| matches!(&outcome.resolved, Resolved::Ready(import) if import.reason.is_none());
        let all_known = outcomes.iter().all(is_hit);
        let Some(last) = self.last.as_ref().filter(|_| all_known && self.job.structural.is_empty()) else {
            return Ok(None);
        };
        let fs = &**self.job.fs;
        let untouched = last.pack_is_untouched(fs, &self.paths.pack)
            && stamp_of(fs, &self.paths.addressables) == Some(last.addressables_stamp)
            && stamp_of(fs, &self.paths.report).is_some();
        if !untouched {
            return Ok(None);
        }
        let workshop = self.workshop(cache, false);
        let resolver = self.resolver(&workshop, cache, false);
        let (frame, _) = self.assembler(&resolver).frame(outcomes).map_err(|error| self.assemble_error(error))?;
        if ContentHash::from_bytes(frame.hash()) != last.pack_hash {
            return Ok(None);
        }
        let built = self.built(Outcomes::Unchanged, &frame, outcomes);
        self.take_records(outcomes);
        Ok(Some(built))
    }

    /// Finds out what a build would write, and writes nothing.
    fn check(&mut self, cache: &Cache, mut outcomes: Vec<Outcome>) -> Result<Built, BuildError> {
        let (frame, offsets) = self.assemble(cache, &mut outcomes, None, self.job.options.full)?;
        let way = Way { frame, offsets, outcomes };
        let hash = ContentHash::from_bytes(way.frame.hash());
        let fs = &**self.job.fs;
        let same_surface = read_limited(fs, &self.paths.addressables, MAX_ADDRESSABLES_BYTES)
            .is_ok_and(|bytes| bytes == addressables(&self.units, hash));
        let up_to_date = same_surface && self.pack_holds(&way);
        if self.job.cancel.is_cancelled() {
            return Err(BuildError::Cancelled);
        }
        let outcome = if up_to_date { Outcomes::UpToDate } else { Outcomes::Outdated };
        Ok(self.built(outcome, &way.frame, &way.outcomes))
    }

    /// Whether the pack in its place is this one. The stamp of the last build says so; without it the pack is read.
    fn pack_holds(&self, way: &Way) -> bool {
        let last = self.last.as_ref().filter(|_| self.last_pack.is_some() && !self.job.options.full);
        if let Some(last) = last {
            return *last.pack_hash.as_bytes() == way.frame.hash();
        }
        let Ok(file) = self.job.fs.open(&self.paths.pack) else { return false };
        let payloads = audit::payloads(&way.outcomes, &way.offsets);
        audit::holds_frame(&*file, &way.frame).unwrap_or(false)
            && audit::damaged(&*file, &payloads, self.job.cancel).is_ok_and(|damaged| damaged.is_empty())
    }

    fn write(&mut self, cache: &Cache, mut outcomes: Vec<Outcome>) -> Result<Built, BuildError> {
        let fs = &**self.job.fs;
        // Findings that are known already: the rest is looked for without a pack to write.
        if !self.job.structural.is_empty()
            || outcomes.iter().any(|outcome| matches!(outcome.resolved, Resolved::Refused(_)))
        {
            let blocked = self.assemble(cache, &mut outcomes, None, self.job.options.full);
            self.take_records(&outcomes);
            return Err(blocked.err().unwrap_or_else(|| BuildError::Blocked(self.job.structural.clone())));
        }
        let paths = self.paths.clone();
        let (staging, file) = Staging::begin(fs, &paths, self.job.operation)?;
        let assembled = self.assemble(cache, &mut outcomes, Some(&*file), self.job.options.full);
        self.take_records(&outcomes);
        let (frame, offsets) = assembled?;
        let way = Way { frame, offsets, outcomes };
        self.finish(cache, staging, &*file, &way, &paths)
    }

    fn finish(
        &mut self,
        cache: &Cache,
        staging: Staging<'_>,
        file: &dyn crate::fs::WriteFile,
        way: &Way,
        paths: &OutputPaths,
    ) -> Result<Built, BuildError> {
        let write = || -> std::io::Result<()> {
            for (offset, bytes) in way.frame.sections() {
                file.write_at(bytes, offset)?;
            }
            file.set_len(way.frame.pack_length())?;
            self.job.reporter.progress(Progress::new("sync", 0, 1));
            file.sync()?;
            self.job.reporter.progress(Progress::new("sync", 1, 1));
            Ok(())
        };
        write().at("write", &paths.pack)?;
        let mut built = self.built(Outcomes::Built, &way.frame, &way.outcomes);
        if self.job.options.verify {
            built.differences = self.compare_with_full(way)?;
            built.differences.extend(self.damage(&staging.pack(), way)?);
            built.outcome = if built.differences.is_empty() { Outcomes::Equal } else { Outcomes::Different };
            if built.outcome == Outcomes::Different {
                return Ok(built);
            }
        }
        if self.job.cancel.is_cancelled() {
            return Err(BuildError::Cancelled);
        }
        let at = jiff::Timestamp::now().to_string();
        let assets = built_assets(&self.units, (&way.outcomes, &way.offsets), self.last.as_ref());
        let changes = self.last.as_ref().map(|last| Changes::between(last, &assets));
        let report = self.report(&built, way, (&at, changes.as_ref())).to_bytes();
        staging.publish(&addressables(&self.units, built.hash), &report)?;
        self.store_record(assets, &built, at, paths);
        self.prune(cache, way);
        Ok(built)
    }

    /// Gives all parts their places, and their bytes where there is a file; then every part is known.
    fn assemble(
        &mut self,
        cache: &Cache,
        outcomes: &mut [Outcome],
        file: Option<&dyn crate::fs::WriteFile>,
        full: bool,
    ) -> Result<(Frame, Vec<Vec<u64>>), BuildError> {
        let workshop = self.workshop(cache, file.is_some());
        let resolver = self.resolver(&workshop, cache, full);
        let assembler = self.assembler(&resolver);
        assembler.place_all(outcomes, file).map_err(|error| self.assemble_error(error))?;
        let findings = self.findings(outcomes);
        if !findings.is_empty() {
            return Err(BuildError::Blocked(findings));
        }
        assembler.frame(outcomes).map_err(|error| self.assemble_error(error))
    }

    fn assembler<'w>(&'w self, resolver: &'w Resolver<'w>) -> Assembler<'w> {
        let (reporter, cancel) = (self.job.reporter, self.job.cancel);
        Assembler { units: &self.units, resolver, last_pack: self.last_pack.as_deref(), reporter, cancel }
    }

    fn assemble_error(&self, error: AssembleError) -> BuildError {
        match error {
            AssembleError::Cancelled => BuildError::Cancelled,
            AssembleError::Write(source) => FsError { action: "write", path: self.paths.pack.clone(), source }.into(),
            AssembleError::Format(error) => BuildError::Pack(error.to_string()),
        }
    }

    /// The findings of the rules and of all imports.
    fn findings(&self, outcomes: &[Outcome]) -> Vec<Diagnostic> {
        let mut findings = self.job.structural.clone();
        // A rule and an import may find the same.
        let mut seen: HashSet<String> = findings.iter().map(|found| found.fingerprint.clone()).collect();
        for outcome in outcomes {
            if let Resolved::Refused(found) = &outcome.resolved {
                findings.extend(found.iter().filter(|found| seen.insert(found.fingerprint.clone())).cloned());
            }
        }
        Diagnostic::sort(&mut findings);
        findings
    }

    /// Builds the other way, without writing; says how its pack differs from `way`'s.
    fn compare_with_full(&mut self, way: &Way) -> Result<Vec<String>, BuildError> {
        let nowhere = Cache::new(self.job.fs.clone(), RelPath::literal(layout::CACHE), false);
        let mut outcomes = self.resolve(&nowhere, true, false)?;
        let (frame, _) = self.assemble(&nowhere, &mut outcomes, None, true)?;
        let mut differences = differences(&self.units, &way.outcomes, &outcomes);
        if differences.is_empty() && frame.hash() != way.frame.hash() {
            differences.push("the parts are the same, and the packs are not".to_owned());
        }
        Ok(differences)
    }

    /// What of a pack that was just written is not as it was made.
    fn damage(&self, pack: &RelPath, way: &Way) -> Result<Vec<String>, BuildError> {
        let file = self.job.fs.open(pack)?;
        let payloads = audit::payloads(&way.outcomes, &way.offsets);
        let damaged = audit::damaged(&*file, &payloads, self.job.cancel).at("read", pack)?;
        let name = |payload: &audit::Payload<'_>| {
            let (unit, part) = (&self.units.units[payload.unit], &payload.part.stored.name);
            let address = &unit.manifest.address;
            match payload.part.origin {
                Origin::LastPack(_) => format!("{address}: `{part}` is damaged in the last pack; build with `--full`"),
                _ => format!("{address}: `{part}` does not read back as it was written"),
            }
        };
        Ok(damaged.into_iter().map(name).collect())
    }

    fn built(&self, outcome: Outcomes, frame: &Frame, outcomes: &[Outcome]) -> Built {
        let mut built = Built {
            outcome,
            hash: ContentHash::from_bytes(frame.hash()),
            bytes: frame.pack_length(),
            assets: self.units.assets.len() as u64,
            parts: 0,
            hits: 0,
            misses: 0,
            reasons: BTreeMap::new(),
            differences: Vec::new(),
        };
        for (unit, outcome) in self.units.units.iter().zip(outcomes) {
            let Resolved::Ready(import) = &outcome.resolved else { continue };
            let parts = import.parts.len() as u64;
            built.parts += parts;
            match &import.reason {
                None => {
                    built.hits += parts;
                    self.job.reporter.cache_hit(&unit.asset.reference());
                }
                Some(reason) => {
                    built.misses += parts;
                    *built.reasons.entry(reason.word().to_owned()).or_default() += parts;
                    self.job.reporter.cache_miss(&unit.asset.reference(), &reason.to_string());
                }
            }
        }
        built
    }

    fn report<'r>(
        &'r self,
        built: &'r Built,
        way: &'r Way,
        (at, changes): (&'r str, Option<&'r Changes>),
    ) -> Report<'r> {
        let made = |(unit, outcome): (&'r unit::Unit<'_>, &'r Outcome)| match &outcome.resolved {
            Resolved::Ready(import) => import.reason.as_ref().map(|reason| Made {
                address: unit.manifest.address.as_str(),
                source: unit.source.path.as_str(),
                importer: &import.recipe.importer,
                reason: reason.to_string(),
                elapsed_ms: millis(import.took),
            }),
            _ => None,
        };
        Report {
            schema: 1,
            operation_id: self.job.operation,
            at,
            outcome: if built.outcome == Outcomes::Equal { "equal" } else { "built" },
            elapsed_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            pack: built.hash,
            bytes: built.bytes,
            assets: built.assets,
            parts: built.parts,
            hits: built.hits,
            misses: built.misses,
            reasons: &built.reasons,
            made: self.units.units.iter().zip(&way.outcomes).filter_map(made).collect(),
            changes,
            diagnostics: &self.job.structural,
        }
    }

    /// Remembers what was published. Where that fails, the next build makes more than it had to, and nothing else.
    fn store_record(&self, assets: Vec<BuiltAsset>, built: &Built, at: String, paths: &OutputPaths) {
        let fs = &**self.job.fs;
        let (Some(pack_stamp), Some(addressables_stamp)) =
            (stamp_of(fs, &paths.pack), stamp_of(fs, &paths.addressables))
        else {
            return;
        };
        let record = LastBuild {
            at,
            pack_path: paths.pack.as_str().to_owned(),
            pack_hash: built.hash,
            pack_stamp,
            addressables_stamp,
            assets,
        };
        let _ = record.store(fs, &RelPath::literal(layout::LAST_BUILD), self.job.operation);
    }

    /// Drops from the cache what no build of late used. What this one did not use and the last one did counts from now.
    fn prune(&self, cache: &Cache, way: &Way) {
        let key = |outcome: &Outcome| match &outcome.resolved {
            Resolved::Ready(import) => Some(import.recipe.key()),
            _ => None,
        };
        let used: HashSet<CacheKey> = way.outcomes.iter().filter_map(key).collect();
        let before = self.last.iter().flat_map(LastBuild::keys);
        before.filter(|key| !used.contains(key)).for_each(|key| cache.renew(&key));
        // What cannot be pruned costs room, and nothing else.
        let _ = cache.prune_daily(days(KEPT_DAYS), |key| used.contains(key));
    }

    fn take_records(&mut self, outcomes: &[Outcome]) {
        let records = self.units.units.iter().zip(outcomes);
        self.records =
            records.filter_map(|(unit, outcome)| Some((unit.source.disk.clone(), outcome.record.clone()?))).collect();
    }
}

/// So many days.
#[must_use]
pub const fn days(n: u32) -> Duration {
    Duration::from_secs(n as u64 * 24 * 60 * 60)
}

/// How the parts of two ways of building differ, each named with the input that says why.
fn differences(units: &Units<'_>, one: &[Outcome], other: &[Outcome]) -> Vec<String> {
    let mut differences = Vec::new();
    for ((unit, one), other) in units.units.iter().zip(one).zip(other) {
        let (Resolved::Ready(one), Resolved::Ready(other)) = (&one.resolved, &other.resolved) else { continue };
        let address = &unit.manifest.address;
        if one.recipe != other.recipe {
            let why = Reason::between(&one.recipe, &other.recipe, &unit.source.disk);
            differences.push(format!("{address}: `{}` was not built from what is there now ({why})", unit.source.path));
            continue;
        }
        let stored = |import: &resolve::Import| import.parts.iter().map(|part| part.stored.clone()).collect::<Vec<_>>();
        if stored(one) != stored(other) {
            let importer = &one.recipe.importer;
            differences.push(format!(
                "{address}: `{}` came out otherwise from the same inputs: the importer `{importer}` reads something that is \
                 not in its key, or changed without a new version",
                unit.source.path
            ));
        }
    }
    differences
}
