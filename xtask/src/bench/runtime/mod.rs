//! What an embedded runtime costs its host: reads, mutations, opening, events and memory.
//!
//! `cargo xtask bench runtime` plants a tree and starts the release build of this program in it, which is a host like any
//! other: it has a bus, opens the workspace and asks. Everything is timed from outside, by the public API.

mod events;
mod memory;
mod opens;
mod reads;

mod writes;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use packwright::event::EventBus;
use packwright::service::{Request, Response, Status};
use packwright::{Packer, Project};

use super::ground;
use super::report::Report;
use super::table::Table;
use crate::failure::{Doing, Failure, Outcome};

/// What to measure on, and how often.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A generated tree of this many asset roots
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    roots: u32,
    /// Rounds of each contest
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Measure on the tree of the last run, where there is one
    #[arg(long)]
    keep: bool,
    /// Put the tables into docs/performance.md, between their markers
    #[arg(long)]
    write: bool,
}

/// A planted workspace, as the release build is told of it.
#[derive(clap::Args)]
pub(crate) struct Ground {
    workspace: PathBuf,
    rounds: usize,
}

pub(super) fn run(root: &Path, arguments: &Arguments) -> Outcome {
    super::release(root)?;
    let name = format!("runtime-{}", arguments.roots);
    let kept = if arguments.keep { ground::Ground::kept(root, &name)? } else { None };
    let ground = match kept {
        Some(ground) => ground,
        None => {
            let ground = ground::Ground::generated(root, &name, arguments.roots)?;
            ground.settle()?;
            ground
        }
    };
    eprintln!("bench: {name}");
    let mut report = Report::of(&ground, arguments.rounds)?;
    report.append(&ground.runtime(arguments.rounds).output()?);
    println!("{report}");
    if arguments.write { report.write(&root.join("docs/performance.md"), &name) } else { Ok(()) }
}

/// Prints the tables.
pub(crate) fn measure(ground: &Ground) -> Outcome {
    let host = Host::new(&ground.workspace);
    // First, while nothing else has had memory.
    let (project, memory) = memory::measure(&host)?;
    let tables = [
        memory,
        reads::measure(&project, ground.rounds)?,
        writes::measure(&host, &project, ground.rounds)?,
        events::measure(&host, &project, ground.rounds)?,
    ];
    drop(project);
    tables.iter().for_each(|table| println!("{table}"));
    println!("{}", opens::measure(&host, ground.rounds)?);
    Ok(())
}

/// A host with a packer in it.
struct Host {
    workspace: PathBuf,
    bus: Arc<EventBus>,
    packer: Packer,
}

impl Host {
    fn new(workspace: &Path) -> Self {
        let bus = EventBus::new();
        let packer = Packer::builder(Arc::clone(&bus)).importers(packwright_importers::standard()).build();
        Self { workspace: workspace.to_owned(), bus, packer }
    }

    fn open(&self) -> Outcome<Project> {
        self.packer.open(&self.workspace).doing(|| format!("opening {}", self.workspace.display()))
    }

    fn assets(&self) -> PathBuf {
        self.workspace.join("assets")
    }
}

/// Asks, and fails where the answer is not what was asked for.
fn ask(project: &Project, request: Request) -> Outcome<Response> {
    let response = project.call(request);
    match response.status {
        Status::Ok => Ok(response),
        _ => Err(Failure::new(format!("{}: {}", response.service.name(), response.summary))),
    }
}

/// A selector of one registered asset, by its root.
fn nth(project: &Project, nth: usize) -> String {
    let snapshot = project.snapshot();
    let asset = snapshot.registered().nth(nth);
    asset.map(|asset| format!("root:{}", asset.root_text)).unwrap_or_default()
}

fn timed<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<(Duration, T)> {
    let start = Instant::now();
    let done = work()?;
    Ok((start.elapsed(), done))
}
