//! Whatever goes wrong, a mutation is done or not done, and its answer says which.
//!
//! The whole runtime works on a model of the disk, on which every call can be the last before a crash, and can fail with
//! every error it can give, once or from then on. After each such fault the machine stops, with what was not synced kept,
//! dropped, torn or out of order; the workspace is opened again, which may fail and stop too; and then all of
//! [`Check`](checks::Check) must hold.
//!
//! A normal run tries a few, drawn by a seed. `cargo xtask crash` tries all.

mod authored;
mod checks;
mod faults;
mod prepared;
mod scenarios;
mod session;
mod trial;

use packwright_testkit::Dice;

use faults::all_faults;
use prepared::Prepared;
use scenarios::SCENARIOS;
use session::Ground;
use trial::Trial;

/// How many faults a normal run tries in each scenario.
const FEW: usize = 4;

#[test]
fn a_mutation_is_done_or_not_done_whatever_goes_wrong() {
    let ground = Ground::plain();
    let seed = from_environment("CRASH_SEED").unwrap_or(1);
    let n_points = from_environment("CRASH_POINTS").map_or(FEW, |n| n as usize / SCENARIOS.len());
    let mut failures = Vec::new();
    for scenario in SCENARIOS {
        let prepared = Prepared::new(scenario);
        let mut trial = Trial::new(&prepared, &ground);
        for (fault, seed) in drawn(all_faults(&prepared.calls), n_points, seed) {
            trial.attempt(fault, seed);
        }
        let tally = trial.tally;
        println!(
            "{}: {} faults, {} crashes, {} recoveries",
            scenario.name, tally.faults, tally.crashes, tally.recoveries
        );
        failures.extend(tally.failures);
    }
    let shown: Vec<String> = failures.iter().take(20).map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{} failures, among them\n{}", failures.len(), shown.join("\n"));
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

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
