//! From parts to a pack: every part gets its place, every place its bytes, and the frame is made of what is known then.
//!
//! Places follow from lengths alone, so payloads are written in any order and by any number of threads. Without a file
//! to write to, the same work finds out what the pack would be.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use packwright_format::{AssetEntry, Codec, Frame, FrameBuilder, Labels, PartEntry, Placer, WriteError};
use rayon::prelude::*;

use super::read::{ReadFault, Sink, read_into};
use super::recipe::Reason;
use super::resolve::{Import, Origin, Outcome, ReadyPart, Resolved, Resolver, fault_finding};
use super::unit::{Unit, Units};
use crate::diagnose::{Diagnostic, content};
use crate::event::{Progress, Reporter};
use crate::fs::{ReadFile, WriteFile};
use crate::value::Cancel;

/// How often sources that grow and shrink under the build may make it lay out the pack again.
const LAYOUTS: usize = 3;

/// A run longer than this is begun anew, so that several threads copy.
const RUN_BYTES: u64 = 32 << 20;

/// What assembly needs beside the units.
pub(super) struct Assembler<'a> {
    pub(super) units: &'a Units<'a>,
    pub(super) resolver: &'a Resolver<'a>,
    /// The last pack, for payloads that are taken over.
    pub(super) last_pack: Option<&'a dyn ReadFile>,
    pub(super) reporter: &'a Reporter,
    pub(super) cancel: &'a Cancel,
}

/// Why there is no pack.
#[derive(Debug, thiserror::Error)]
pub(super) enum AssembleError {
    #[error("cancelled")]
    Cancelled,
    #[error("cannot write the pack: {0}")]
    Write(#[from] io::Error),
    #[error("the pack cannot be made: {0}")]
    Format(#[from] WriteError),
}

/// A part's place in the pack.
#[derive(Clone, Copy)]
struct Placed {
    unit: usize,
    /// The part, by its index in the import; of a direct unit, the only one.
    part: usize,
    offset: u64,
    length: u64,
}

/// One piece of writing.
enum Task {
    /// Parts that follow each other in the last pack as they do in this one.
    Run { from: u64, to: u64, length: u64, parts: u64 },
    /// One part.
    Part(Placed),
}

impl Assembler<'_> {
    /// Gives every part its place and its bytes. What direct units turn out to be is put into `outcomes`.
    ///
    /// # Errors
    /// Where it is cancelled, or the file cannot be written.
    pub(super) fn place_all(
        &self,
        outcomes: &mut [Outcome],
        file: Option<&dyn WriteFile>,
    ) -> Result<(), AssembleError> {
        let mut lengths: Vec<u64> = self.units.units.iter().map(|unit| unit.source.stamp.size).collect();
        for layout in 1..=LAYOUTS {
            let placed = self.plan(outcomes, &lengths)?;
            if let Some(file) = file.filter(|_| layout > 1) {
                // What an earlier layout wrote must not show between the payloads of this one.
                file.set_len(0)?;
            }
            let displaced = take(self.run(&placed, outcomes, file)?, outcomes, &mut lengths);
            if displaced.is_empty() {
                return Ok(());
            }
            for unit in displaced.into_iter().filter(|_| layout == LAYOUTS) {
                let finding = fault_finding(&self.units.units[unit], &ReadFault::Unstable);
                outcomes[unit] = Outcome { resolved: Resolved::Refused(vec![finding]), record: None };
            }
        }
        Ok(())
    }

    /// The places of all parts, in the order of the pack.
    fn plan(&self, outcomes: &mut [Outcome], lengths: &[u64]) -> Result<Vec<Placed>, AssembleError> {
        let mut placer = Placer::new();
        let mut placed = Vec::with_capacity(outcomes.len());
        let mut start = 0;
        while start < outcomes.len() {
            let asset = self.units.units[start].asset_index;
            let end = start + self.units.units[start..].iter().take_while(|unit| unit.asset_index == asset).count();
            let mut parts: Vec<(String, Placed)> = Vec::new();
            for (index, outcome) in outcomes.iter().enumerate().take(end).skip(start) {
                let at = |part, length| Placed { unit: index, part, offset: 0, length };
                match &outcome.resolved {
                    Resolved::Direct => {
                        parts.push((self.units.units[index].source.path.as_str().to_owned(), at(0, lengths[index])));
                    }
                    Resolved::Ready(import) => parts.extend(
                        import
                            .parts
                            .iter()
                            .enumerate()
                            .map(|(n, part)| (part.stored.name.clone(), at(n, part.stored.stored_length))),
                    ),
                    Resolved::Refused(_) => {}
                }
            }
            parts.sort_by(|a, b| a.0.cmp(&b.0));
            for pair in 1..parts.len() {
                if parts[pair].0 == parts[pair - 1].0 {
                    let (name, second) = &parts[pair];
                    let unit = &self.units.units[second.unit];
                    let clash = content::part_name_clash(unit.asset, name, unit.source.disk.clone());
                    outcomes[second.unit].resolved = Resolved::Refused(vec![clash]);
                }
            }
            for (_, part) in parts {
                let offset = placer.place(part.length).map_err(WriteError::from)?;
                placed.push(Placed { offset, ..part });
            }
            start = end;
        }
        Ok(placed)
    }

    /// Writes all parts; returns the units of those that did not go as planned, with how they went.
    fn run(
        &self,
        placed: &[Placed],
        outcomes: &[Outcome],
        file: Option<&dyn WriteFile>,
    ) -> Result<Vec<(usize, Written)>, AssembleError> {
        let tally = Tally::new(placed, self.reporter, file.is_some());
        let otherwise = |task: &Task| self.work(task, outcomes, file, &tally).transpose();
        tasks_of(placed, outcomes).par_iter().filter_map(otherwise).collect()
    }

    /// One piece of writing; `None` where it went as planned.
    fn work(
        &self,
        task: &Task,
        outcomes: &[Outcome],
        file: Option<&dyn WriteFile>,
        tally: &Tally<'_>,
    ) -> Result<Option<(usize, Written)>, AssembleError> {
        if self.cancel.is_cancelled() {
            return Err(AssembleError::Cancelled);
        }
        match task {
            Task::Run { from, to, length, parts } => {
                if let Some(file) = file {
                    self.take_over(*from, *to, *length, file)?;
                }
                tally.count(*parts, *length);
                Ok(None)
            }
            Task::Part(place) => {
                let written = self.write_part(*place, &outcomes[place.unit], file)?;
                tally.count(1, place.length);
                Ok((!matches!(written, Written::AsPlanned)).then_some((place.unit, written)))
            }
        }
    }

    fn write_part(
        &self,
        place: Placed,
        outcome: &Outcome,
        file: Option<&dyn WriteFile>,
    ) -> Result<Written, AssembleError> {
        let unit = &self.units.units[place.unit];
        match &outcome.resolved {
            Resolved::Direct => self.write_direct(unit, place, file),
            Resolved::Ready(import) => match file {
                Some(file) => self.write_ready(unit, import, &import.parts[place.part], place, file),
                None => Ok(Written::AsPlanned),
            },
            Resolved::Refused(_) => Ok(Written::AsPlanned),
        }
    }

    /// Copies bytes of the last pack to their new place.
    fn take_over(&self, from: u64, to: u64, length: u64, file: &dyn WriteFile) -> io::Result<()> {
        let pack = self.last_pack.ok_or_else(|| io::Error::other("the last pack is not open"))?;
        file.copy_from(pack, from, to, length)
    }

    fn write_direct(
        &self,
        unit: &Unit<'_>,
        place: Placed,
        file: Option<&dyn WriteFile>,
    ) -> Result<Written, AssembleError> {
        let sink = Sink { file, offset: place.offset, length: place.length, cancel: self.cancel };
        match read_into(self.resolver.fs, &unit.source.disk, sink) {
            // A source that grew may be worth compressing now; then its parts need places of their own.
            Ok(reading) => Ok(Written::Otherwise(Box::new(self.resolver.settle_direct(unit, &reading)))),
            Err(ReadFault::Resized(stamp)) => Ok(Written::Resized(stamp.size)),
            Err(ReadFault::Sink(error)) => Err(error.into()),
            Err(ReadFault::Cancelled) => Err(AssembleError::Cancelled),
            Err(fault) => Ok(Written::refused(fault_finding(unit, &fault))),
        }
    }

    fn write_ready(
        &self,
        unit: &Unit<'_>,
        import: &Import,
        part: &ReadyPart,
        place: Placed,
        file: &dyn WriteFile,
    ) -> Result<Written, AssembleError> {
        match &part.origin {
            Origin::Memory(bytes) => file.write_at(bytes, place.offset)?,
            Origin::LastPack(offset) => self.take_over(*offset, place.offset, place.length, file)?,
            Origin::Cache => {
                let blob = part.stored.blob.and_then(|blob| self.resolver.cache.blob(&blob));
                if let Some(bytes) = blob.filter(|bytes| bytes.len() as u64 == place.length) {
                    file.write_at(&bytes, place.offset)?;
                } else {
                    return match self.resolver.make_again(unit, &import.recipe, &part.stored) {
                        Ok(bytes) => Ok(file.write_at(&bytes, place.offset).map(|()| Written::MadeAgain)?),
                        Err(finding) => Ok(Written::refused(finding)),
                    };
                }
            }
            Origin::Source => {
                let sink = Sink { file: Some(file), offset: place.offset, length: place.length, cancel: self.cancel };
                match read_into(self.resolver.fs, &unit.source.disk, sink) {
                    Ok(reading) if reading.hash == part.stored.hash => {}
                    Ok(_) => return Ok(Written::refused(content::unstable(unit.asset, unit.source.disk.clone()))),
                    Err(ReadFault::Sink(error)) => return Err(error.into()),
                    Err(ReadFault::Cancelled) => return Err(AssembleError::Cancelled),
                    Err(fault) => return Ok(Written::refused(fault_finding(unit, &fault))),
                }
            }
        }
        Ok(Written::AsPlanned)
    }

    /// The frame of the pack, when every part is known. The places are those that [`Assembler::place_all`] gave.
    ///
    /// # Errors
    /// Where the records break a rule of the format.
    pub(super) fn frame(&self, outcomes: &[Outcome]) -> Result<(Frame, Vec<Vec<u64>>), AssembleError> {
        let mut placer = Placer::new();
        let mut builder = FrameBuilder::with_capacity(self.units.assets.len(), outcomes.len());
        let mut offsets: Vec<Vec<u64>> = outcomes.iter().map(|_| Vec::new()).collect();
        let mut start = 0;
        for (asset_index, asset) in self.units.assets.iter().enumerate() {
            let end =
                start + self.units.units[start..].iter().take_while(|unit| unit.asset_index == asset_index).count();
            let mut parts: Vec<(&ReadyPart, usize, usize)> = Vec::new();
            for (index, outcome) in outcomes.iter().enumerate().take(end).skip(start) {
                if let Resolved::Ready(import) = &outcome.resolved {
                    offsets[index] = vec![0; import.parts.len()];
                    parts.extend(import.parts.iter().enumerate().map(|(n, part)| (part, index, n)));
                }
            }
            parts.sort_by(|a, b| a.0.stored.name.cmp(&b.0.stored.name));
            let mut entries = Vec::with_capacity(parts.len());
            for (part, unit, n) in parts {
                let offset = placer.place(part.stored.stored_length).map_err(WriteError::from)?;
                offsets[unit][n] = offset;
                entries.push(entry_of(part, offset));
            }
            let labels: Labels = asset.manifest.labels.iter().cloned().collect();
            let entry = AssetEntry {
                asset_id: asset.asset_id.get(),
                preload: asset.manifest.preload,
                address: asset.manifest.address.as_str(),
                labels_json: &labels.to_json(),
            };
            builder = builder.asset(entry, entries)?;
            start = end;
        }
        Ok((builder.finish()?, offsets))
    }
}

enum Written {
    AsPlanned,
    Otherwise(Box<Outcome>),
    /// As planned, but what the cache held of it was lost.
    MadeAgain,
    Resized(u64),
}

impl Written {
    fn refused(finding: Diagnostic) -> Self {
        Self::Otherwise(Box::new(Outcome { resolved: Resolved::Refused(vec![finding]), record: None }))
    }
}

/// Puts into `outcomes` and `lengths` what writing found out; returns the units that need another place.
fn take(turned: Vec<(usize, Written)>, outcomes: &mut [Outcome], lengths: &mut [u64]) -> Vec<usize> {
    let mut displaced = Vec::new();
    for (unit, written) in turned {
        match written {
            Written::AsPlanned => {}
            Written::Otherwise(outcome) => {
                if matches!(&outcome.resolved, Resolved::Ready(import) if !is_the_source_itself(import)) {
                    displaced.push(unit);
                }
                outcomes[unit] = *outcome;
            }
            Written::MadeAgain => {
                if let Resolved::Ready(import) = &mut outcomes[unit].resolved {
                    import.reason = Some(Reason::CacheLost);
                }
            }
            Written::Resized(length) => {
                lengths[unit] = length;
                displaced.push(unit);
            }
        }
    }
    displaced
}

fn is_the_source_itself(import: &Import) -> bool {
    matches!(import.parts.as_slice(), [part] if part.stored.blob.is_none() && part.stored.name == import.recipe.source)
}

fn entry_of(part: &ReadyPart, offset: u64) -> PartEntry<'_> {
    PartEntry {
        name: &part.stored.name,
        format: &part.stored.format,
        metadata_json: &part.stored.metadata,
        codec: if part.stored.is_lz4 { Codec::Lz4 } else { Codec::None },
        offset,
        stored_length: part.stored.stored_length,
        raw_length: part.stored.raw_length,
        hash: *part.stored.hash.as_bytes(),
    }
}

/// Parts that keep their distance to the one before them, padding and all, are one run; every other is by itself.
fn tasks_of(placed: &[Placed], outcomes: &[Outcome]) -> Vec<Task> {
    let mut tasks: Vec<Task> = Vec::new();
    for place in placed {
        let origin = match &outcomes[place.unit].resolved {
            Resolved::Ready(import) => import.parts.get(place.part).map(|part| &part.origin),
            _ => None,
        };
        match (origin, tasks.last_mut()) {
            (Some(Origin::LastPack(old)), Some(Task::Run { from, to, length, parts }))
                if *length < RUN_BYTES && *old >= *from + *length && old - *from == place.offset - *to =>
            {
                *length = place.offset + place.length - *to;
                *parts += 1;
            }
            (Some(Origin::LastPack(old)), _) => {
                tasks.push(Task::Run { from: *old, to: place.offset, length: place.length, parts: 1 });
            }
            _ => tasks.push(Task::Part(*place)),
        }
    }
    tasks
}

/// How far the writing has come.
struct Tally<'a> {
    reporter: &'a Reporter,
    phase: &'static str,
    total: u64,
    bytes_total: u64,
    done: AtomicU64,
    bytes_done: AtomicU64,
}

impl<'a> Tally<'a> {
    fn new(placed: &[Placed], reporter: &'a Reporter, writes: bool) -> Self {
        let bytes_total = placed.iter().map(|place| place.length).sum();
        let phase = if writes { "pack" } else { "check" };
        let (done, bytes_done) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { reporter, phase, total: placed.len() as u64, bytes_total, done, bytes_done }
    }

    fn count(&self, parts: u64, bytes: u64) {
        let done = self.done.fetch_add(parts, Ordering::Relaxed) + parts;
        let bytes_done = self.bytes_done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.reporter.progress(Progress::new(self.phase, done, self.total).with_bytes(bytes_done, self.bytes_total));
    }
}
