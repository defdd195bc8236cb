//! `cargo xtask bench`: builds of real game data and of generated trees, side by side with other programs.
//!
//! Everything is measured in one run: rounds are interleaved, so that what the machine does meanwhile falls on all
//! alike; the page cache is warm; programs that write are made to sync as Packwright does. Nothing here is a test, and
//! no number is judged by a machine.

mod contest;
mod ground;
mod peers;
mod report;
pub(crate) mod runtime;
mod studio;
mod table;

use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::process::Run;
use contest::Contest;
use ground::Ground;
use report::Report;

/// What to measure on, and how often.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A corpus that `cargo xtask corpus` has fetched; may be given again
    #[arg(long = "corpus", value_name = "NAME")]
    corpora: Vec<String>,
    /// A generated tree of this many asset roots; may be given again
    #[arg(long, value_name = "N")]
    roots: Vec<u32>,
    /// Rounds of each contest
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Put each table into docs/performance.md, between its markers
    #[arg(long)]
    write: bool,
    #[command(subcommand)]
    of: Option<Of>,
}

/// What is measured, where it is not whole commands.
#[derive(clap::Subcommand)]
enum Of {
    /// Measure what an embedded runtime costs its host
    Runtime(runtime::Arguments),
    /// Measure the HTTP service under load
    Studio(studio::Arguments),
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Outcome {
    match &arguments.of {
        Some(Of::Runtime(arguments)) => return runtime::run(root, arguments),
        Some(Of::Studio(arguments)) => return studio::run(root, arguments),
        None => {}
    }
    if arguments.rounds == 0 || (arguments.corpora.is_empty() && arguments.roots.is_empty()) {
        return Err(Failure::new("nothing to measure: give --corpus NAME or --roots N, and at least one round"));
    }
    release(root)?;
    for name in &arguments.corpora {
        measure(root, &Ground::corpus(root, name)?, arguments)?;
    }
    for &n_roots in &arguments.roots {
        measure(root, &Ground::generated(root, &format!("roots-{n_roots}"), n_roots)?, arguments)?;
    }
    Ok(())
}

/// Makes the programs that are measured.
fn release(root: &Path) -> Outcome {
    let run = Run::cargo().args(["build", "--release", "--locked", "-p", "packwright-cli", "-p", "xtask"]);
    run.dir(root).run()
}

fn measure(root: &Path, ground: &Ground, arguments: &Arguments) -> Outcome {
    let mut report = Report::of(ground, arguments.rounds)?;
    let mut hold = |title: &str, contest: Contest| -> Outcome {
        eprintln!("bench: {}, {}", ground.name, title.to_lowercase());
        report.add(title, &contest.held(ground, arguments.rounds)?);
        Ok(())
    };
    hold("Cold build", peers::cold(ground))?;
    ground.settle()?;
    hold("Build with nothing changed", peers::unchanged(ground)?)?;
    hold("Reading without a scan", peers::read(ground))?;
    hold("Build after one file changed", peers::one_changed(ground)?)?;
    println!("{report}");
    if arguments.write { report.write(&root.join("docs/performance.md"), &ground.name) } else { Ok(()) }
}
