//! Whatever goes wrong, a mutation is done or not done, and its answer says which.
//!
//! The whole runtime works on a model of the disk, on which every call can be the last before a crash, and can fail with
//! every error it can give, once or from then on. After each such fault the machine stops, with what was not synced kept,
//! dropped, torn or out of order; the workspace is opened again, which may fail and stop too; and then all of
//! [`Check`](checks::Check) must hold.
//!
//! A normal run tries a few faults, drawn by a seed; `cargo xtask crash` tries many, or all. A failure says how to come
//! to it again: with the same `CRASH_SEED` and `CRASH_POINTS`, `CRASH_ONLY=SCENARIO` tries that scenario alone, and
//! `CRASH_AT="cut before change 20"` of its faults only those that are told so.

mod authored;
mod checks;
mod faults;
mod intruders;
mod mistaken;
mod mistakes;
mod prepared;
mod scenarios;
mod session;
mod trial;

use std::io::Write;

use packwright_testkit::Dice;
use packwright_testkit::model::Fault;

use checks::Failure;
use faults::told;
use prepared::Prepared;
use scenarios::SCENARIOS;
use session::Ground;
use trial::Trial;

/// How many faults a normal run tries in each scenario.
const FEW: usize = 2;

#[test]
fn mut_7_a_mutation_is_done_or_not_done_whatever_goes_wrong() {
    let ground = Ground::plain();
    let (seed, only, at) = (seed(), std::env::var("CRASH_ONLY").ok(), std::env::var("CRASH_AT").unwrap_or_default());
    let n_points = from_environment("CRASH_POINTS").map_or(FEW, |n| (n as usize).div_ceil(SCENARIOS.len()));
    let mut failures: Vec<Failure> = Vec::new();
    for scenario in SCENARIOS.iter().filter(|one| only.as_deref().is_none_or(|only| one.name == only)) {
        let prepared = Prepared::new(scenario);
        let mut trial = Trial::new(&prepared, &ground);
        let is_asked_for = |fault: &Fault| told(fault, &prepared.calls).contains(&at);
        for (fault, seed) in drawn(prepared.faults(), n_points, seed).filter(|(fault, _)| is_asked_for(fault)) {
            trial.attempt(fault, seed);
        }
        let tally = trial.tally;
        note(&format!("tried {} {} {} {}", tally.faults, tally.crashes, tally.recoveries, scenario.name));
        failures.extend(tally.failures);
    }
    let shown: Vec<String> = failures.iter().take(20).map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{} failures with seed {seed}, among them\n{}", failures.len(), shown.join("\n"));
}

/// So many of all, in no order, each with a seed for what comes after it.
fn drawn<T>(mut all: Vec<T>, n: usize, seed: u64) -> impl Iterator<Item = (T, u64)> {
    let mut dice = Dice::new(seed);
    for at in (1..all.len()).rev() {
        all.swap(at, dice.below(at + 1));
    }
    all.truncate(n);
    all.into_iter().map(move |one| (one, dice.throw() % 1_000_000))
}

fn seed() -> u64 {
    from_environment("CRASH_SEED").unwrap_or(1)
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Adds a line to the file that `cargo xtask crash` counts from.
fn note(line: &str) {
    let Some(path) = std::env::var_os("CRASH_NOTES") else { return };
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).expect("the notes open");
    writeln!(file, "{line}").expect("the notes are written");
}
