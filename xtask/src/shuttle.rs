//! `cargo xtask shuttle`: what the runtime's threads share, under the model checker, in a great many schedules.
//!
//! Core's tests are built with `--cfg shuttle`, into a folder of their own so that neither build makes the other anew.
//! What was tried is counted from the notes that the models leave; a run that leaves none is a failure.

use std::collections::BTreeSet;
use std::path::Path;

use crate::failure::{Doing, Failure, Outcome};
use crate::process::Run;

/// How many schedules, and which.
#[derive(clap::Args)]
pub(crate) struct Bounds {
    /// Schedules for each model
    #[arg(long, default_value_t = 10_000)]
    schedules: u64,
    /// Chooses the schedules
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { schedules: 10_000, seed: 1 }
    }
}

pub(crate) fn run(root: &Path, bounds: &Bounds) -> Outcome {
    let target = root.join("target/shuttle");
    let notes = target.join("notes");
    std::fs::create_dir_all(&target).doing(|| format!("making {}", target.display()))?;
    std::fs::write(&notes, "").doing(|| format!("emptying {}", notes.display()))?;
    // Dependencies unoptimised build in half the time, and what is saved is more than what the models lose.
    let run = Run::cargo().args(["test", "--locked", "--package", "packwright", "--lib"]);
    run.args(["--config", "profile.dev.package.\"*\".opt-level=0", "--target-dir"])
        .arg(&target)
        .args(["--", "runtime::model"])
        .env("RUSTFLAGS", "--cfg shuttle -Dwarnings")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("SHUTTLE_NOTES", &notes)
        .env("SHUTTLE_SCHEDULES", bounds.schedules.to_string())
        .env("SHUTTLE_SEED", bounds.seed.to_string())
        .dir(root)
        .run()?;
    let told = std::fs::read_to_string(&notes).doing(|| format!("reading {}", notes.display()))?;
    let Tried { models, schedules, mistakes } = Tried::counted(&told);
    let mistakes = mistakes.len();
    if models == 0 || mistakes == 0 {
        return Err(Failure::new("no model was tried"));
    }
    println!("shuttle: {models} models in {schedules} schedules held; {mistakes} seeded mistakes were caught");
    Ok(())
}

/// What the notes tell of.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tried {
    models: usize,
    schedules: u64,
    mistakes: BTreeSet<String>,
}

impl Tried {
    /// Lines are `schedules COUNT MODEL` and `caught MISTAKE …`.
    fn counted(notes: &str) -> Self {
        let mut tried = Self::default();
        for line in notes.lines() {
            let mut words = line.split(' ');
            match (words.next(), words.next()) {
                (Some("schedules"), Some(count)) => {
                    tried.models += 1;
                    tried.schedules += count.parse::<u64>().unwrap_or_default();
                }
                (Some("caught"), Some(mistake)) => drop(tried.mistakes.insert(mistake.to_owned())),
                _ => {}
            }
        }
        tried
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_tried_is_counted_from_the_notes() {
        let notes =
            "schedules 500 bus: tiny ring\ncaught Gap in schedule 3\ncaught Gap in 4\nschedules 20 lane: closing\n";
        let mistakes = BTreeSet::from(["Gap".to_owned()]);
        assert_eq!(Tried::counted(notes), Tried { models: 2, schedules: 520, mistakes });
        assert_eq!(Tried::counted(""), Tried::default());
    }
}
