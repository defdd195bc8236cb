//! `cargo xtask crash`: every mutation on a disk that fails, fills and loses power, at a great many points.
//!
//! Core's tests of it are built optimised, into a folder of their own. What was tried is counted from the notes that
//! they leave; a run that leaves none is a failure.

use std::collections::BTreeSet;
use std::path::Path;

use crate::failure::{Doing, Failure, Outcome};
use crate::process::Run;

/// How many points, and which.
#[derive(clap::Args)]
pub(crate) struct Bounds {
    /// Faults in all, spread over the mutations; each is followed by crashes and by faults while recovering. Those there
    /// are, where there are fewer
    #[arg(long, default_value_t = 5_000)]
    points: u64,
    /// Chooses the faults, and what comes after them
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Faults while recovering, after each crash
    #[arg(long, default_value_t = 2)]
    recoveries: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { points: 5_000, seed: 1, recoveries: 2 }
    }
}

pub(crate) fn run(root: &Path, bounds: &Bounds) -> Outcome {
    let target = root.join("target/crash");
    let notes = target.join("notes");
    std::fs::create_dir_all(&target).doing(|| format!("making {}", target.display()))?;
    std::fs::write(&notes, "").doing(|| format!("emptying {}", notes.display()))?;
    // Linking as a whole takes longer than it saves here.
    let run = Run::cargo().args(["test", "--release", "--locked", "--package", "packwright", "--test", "it"]);
    run.args(["--config", "profile.release.lto=\"off\"", "--config", "profile.release.debug=0", "--target-dir"])
        .arg(&target)
        .args(["--", "crash::"])
        .env("CRASH_NOTES", &notes)
        .env("CRASH_POINTS", bounds.points.to_string())
        .env("CRASH_SEED", bounds.seed.to_string())
        .env("CRASH_RECOVERIES", bounds.recoveries.to_string())
        .dir(root)
        .run()?;
    let told = std::fs::read_to_string(&notes).doing(|| format!("reading {}", notes.display()))?;
    let Tried { mutations, faults, crashes, recoveries, mistakes } = Tried::counted(&told);
    let mistakes = mistakes.len();
    if faults == 0 || mistakes == 0 {
        return Err(Failure::new("nothing was tried"));
    }
    println!(
        "crash: {mutations} mutations held at {faults} faults, in {crashes} crashes and {recoveries} faults while \
         recovering; {mistakes} seeded mistakes were caught"
    );
    Ok(())
}

/// What the notes tell of.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tried {
    mutations: usize,
    faults: u64,
    crashes: u64,
    recoveries: u64,
    mistakes: BTreeSet<String>,
}

impl Tried {
    /// Lines are `tried FAULTS CRASHES RECOVERIES MUTATION` and `caught MISTAKE …`.
    fn counted(notes: &str) -> Self {
        let mut tried = Self::default();
        for line in notes.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let count = |word: &str| word.parse::<u64>().unwrap_or_default();
            match *words {
                ["tried", faults, crashes, recoveries, ..] => {
                    tried.mutations += 1;
                    tried.faults += count(faults);
                    tried.crashes += count(crashes);
                    tried.recoveries += count(recoveries);
                }
                ["caught", mistake, ..] => drop(tried.mistakes.insert(mistake.to_owned())),
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
        let notes = "tried 10 40 30 exclude\ncaught NoSync by OkIsDone\ncaught NoSync again\ntried 1 2 3 include\n";
        let mistakes = BTreeSet::from(["NoSync".to_owned()]);
        let tried = Tried { mutations: 2, faults: 11, crashes: 42, recoveries: 33, mistakes };
        assert_eq!(Tried::counted(notes), tried);
        assert_eq!(Tried::counted(""), Tried::default());
    }
}
