//! What the HTTP service does under load: reads at a steady pace beside builds, mutations and many streams of events.
//!
//! `cargo xtask bench studio` plants a tree, starts the release build of `packwright studio` on it and is its only client,
//! on the same machine. Each round measures the same reads alone and under load, so that the ratio is of one round.

mod broken;
mod http;
mod reads;
mod service;
mod streams;
mod tables;
mod verdict;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use packwright::value::OperationId;

use super::ground::Ground;
use super::report::Report;
use crate::failure::{Failure, Outcome};
use reads::{Pace, Timings};
use service::Service;
use streams::Streams;
use verdict::Verdict;

/// What to measure on, how much, and how often.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A generated tree of this many asset roots
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    roots: u32,
    /// Rounds, each with everything alone and under load
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Streams of events that are open under load; the first is never read until the end
    #[arg(long, default_value_t = 50)]
    streams: usize,
    /// Reads a second under load
    #[arg(long, default_value_t = 1_000)]
    reads: u32,
    /// Seconds of reads, alone and under load, in each round
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Measure on the tree of the last run, where there is one
    #[arg(long)]
    keep: bool,
    /// Put the tables into docs/performance.md, between their markers
    #[arg(long)]
    write: bool,
}

/// Reads a second when nothing else is done: too few to be in each other's way.
const ALONE: u32 = 100;
/// How often a manifest is broken in each round, alone and under load.
const BREAKS: usize = 5;

/// What a round came to.
struct Round {
    alone: Timings,
    loaded: Timings,
    n_operations: usize,
    verdict: Verdict,
    /// Resident KiB, at the most while there was load and once it was gone.
    peak: u64,
    after: u64,
    broken_alone: Vec<Duration>,
    broken_loaded: Vec<Duration>,
}

pub(super) fn run(root: &Path, arguments: &Arguments) -> Outcome {
    if arguments.rounds == 0 || arguments.reads == 0 || arguments.streams < 2 || arguments.roots == 0 {
        return Err(Failure::new("nothing to measure: give at least a round, a root, a read and two streams"));
    }
    super::release(root)?;
    let name = format!("studio-{}", arguments.roots);
    let kept = if arguments.keep { Ground::kept(root, &name)? } else { None };
    let ground = match kept {
        Some(ground) => ground,
        None => Ground::generated(root, &name, arguments.roots)?,
    };
    ground.settle()?;
    let mut report = Report::of(&ground, arguments.rounds)?;
    let service = Service::start(&ground)?;
    let bench = Bench { service: &service, ground: &ground, addresses: Ground::addresses(arguments.roots), arguments };
    let (opened, _) = service.memory()?;
    let mut rounds = Vec::new();
    for number in 1..=arguments.rounds {
        eprintln!("bench: {name}, round {number} of {}", arguments.rounds);
        rounds.push(bench.round()?);
    }
    tables::of(&rounds, opened, arguments).iter().for_each(|table| report.append(&format!("{table}\n")));
    println!("{report}");
    if arguments.write { report.write(&root.join("docs/performance.md"), &name) } else { Ok(()) }
}

struct Bench<'a> {
    service: &'a Service,
    ground: &'a Ground,
    addresses: Vec<String>,
    arguments: &'a Arguments,
}

impl Bench<'_> {
    fn round(&self) -> Outcome<Round> {
        let Arguments { reads: per_second, seconds, streams, .. } = *self.arguments;
        let manifest = self.ground.assets().join(&self.addresses[0]).join("asset.json");
        let never = AtomicBool::new(false);
        let alone = self.read(Pace { per_second: ALONE, seconds }, &never)?;
        let broken_alone = broken::measure(self.service, &manifest, BREAKS)?;

        self.service.forget_peak()?;
        let streams = Streams::open(&self.service.door, &self.service.events(&[]), streams)?;
        let (loaded, mut operations) = self.read_beside_work(Pace { per_second, seconds })?;
        let broken_loaded = self.broken_beside_reads(&manifest, per_second)?;
        let last = self.toggle(false)?;
        operations.push(last);
        let ledgers = streams.finish(last, || self.toggle(true))?;
        let (after, peak) = self.service.memory()?;
        let verdict = Verdict::of(&ledgers, &operations);
        let n_operations = operations.len();
        Ok(Round { alone, loaded, n_operations, verdict, peak, after, broken_alone, broken_loaded })
    }

    fn read(&self, pace: Pace, enough: &AtomicBool) -> Outcome<Timings> {
        reads::read(self.service, &self.addresses, pace, enough)
    }

    /// Reads while whole builds and mutations take turns.
    fn read_beside_work(&self, pace: Pace) -> Outcome<(Timings, Vec<OperationId>)> {
        let enough = AtomicBool::new(false);
        thread::scope(|scope| {
            let worker = scope.spawn(|| self.work(&enough));
            let timings = self.read(pace, &AtomicBool::new(false));
            enough.store(true, Ordering::Relaxed);
            let operations = worker.join().map_err(|_| Failure::new("the work beside the reads panicked"))??;
            Ok((timings?, operations))
        })
    }

    fn work(&self, enough: &AtomicBool) -> Outcome<Vec<OperationId>> {
        let mut connection = self.service.connect()?;
        let mut operations = Vec::new();
        while !enough.load(Ordering::Relaxed) {
            operations.push(self.service.operate(&mut connection, "build", r#"{"full": true}"#)?);
            operations.push(self.toggle(false)?);
            operations.push(self.toggle(true)?);
        }
        Ok(operations)
    }

    /// Puts one asset into the build, or out of it.
    fn toggle(&self, included: bool) -> Outcome<OperationId> {
        let service = if included { "include_asset_in_build" } else { "exclude_asset_from_build" };
        let request = serde_json::json!({ "selectors": [self.addresses[1 % self.addresses.len()]] }).to_string();
        self.service.operate(&mut self.service.connect()?, service, &request)
    }

    fn broken_beside_reads(&self, manifest: &Path, per_second: u32) -> Outcome<Vec<Duration>> {
        let enough = AtomicBool::new(false);
        thread::scope(|scope| {
            let readers = scope.spawn(|| self.read(Pace { per_second, seconds: 600 }, &enough));
            let took = broken::measure(self.service, manifest, BREAKS);
            enough.store(true, Ordering::Relaxed);
            readers.join().map_err(|_| Failure::new("the reads panicked"))??;
            took
        })
    }
}
