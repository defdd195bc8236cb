//! The tables of what the rounds came to.

use std::time::Duration;

use super::reads::{KINDS, Timings};
use super::verdict::Verdict;
use super::{Arguments, Round};
use crate::bench::report::{grouped, median, p99, shown};
use crate::bench::table::Table;

/// `opened` is the memory, in KiB, before any load.
pub(super) fn of(rounds: &[Round], opened: u64, arguments: &Arguments) -> [Table; 5] {
    [latencies(rounds), asked(rounds, arguments), streams(rounds, arguments), memory(opened, rounds), breaking(rounds)]
}

fn latencies(rounds: &[Round]) -> Table {
    let columns = &["read", "alone", "p99", "under load", "p99", "median ÷ alone", "p99 ÷ alone"];
    let mut table = Table::new("Reads over HTTP, from due to answered", columns);
    for (kind, name) in KINDS.iter().enumerate() {
        let pooled = |of: fn(&Round) -> &Timings| -> Vec<Duration> {
            rounds.iter().flat_map(|round| &of(round).took[kind]).copied().collect()
        };
        let (alone, loaded) = (pooled(|round| &round.alone), pooled(|round| &round.loaded));
        let ratio = |of: fn(&[Duration]) -> Option<Duration>| {
            let each = rounds.iter().map(|round| (of(&round.loaded.took[kind]), of(&round.alone.took[kind])));
            let mut ratios: Vec<f64> =
                each.filter_map(|(loaded, alone)| Some(loaded?.as_secs_f64() / alone?.as_secs_f64())).collect();
            ratios.sort_by(f64::total_cmp);
            ratios.get(ratios.len() / 2).map_or("–".to_owned(), |ratio| format!("{ratio:.2}"))
        };
        let times = [median(&alone), p99(&alone), median(&loaded), p99(&loaded)].map(shown);
        table.row([format!("`{name}`")].into_iter().chain(times).chain([ratio(median), ratio(p99)]));
    }
    table
}

fn asked(rounds: &[Round], arguments: &Arguments) -> Table {
    let mut table = Table::new("What was asked", &["what", "count", "bar"]);
    let seconds: f64 = rounds.iter().map(|round| round.loaded.elapsed.as_secs_f64()).sum();
    let answered: usize = rounds.iter().map(|round| round.loaded.n_answered()).sum();
    let rate = format!("{:.0}", answered as f64 / seconds);
    table.row(["reads answered a second under load".into(), rate, grouped(arguments.reads.into())]);
    let n_operations: usize = rounds.iter().map(|round| round.n_operations).sum();
    table.row(["builds and mutations beside them".into(), n_operations.to_string(), String::new()]);
    let errors = || rounds.iter().flat_map(|round| round.alone.errors.iter().chain(&round.loaded.errors));
    table.row(["reads that went wrong".into(), errors().map(|(_, count)| count).sum::<u64>().to_string(), "0".into()]);
    errors().for_each(|(error, count)| table.row([format!("of them: {error}"), count.to_string(), String::new()]));
    table
}

fn streams(rounds: &[Round], arguments: &Arguments) -> Table {
    let mut table = Table::new("What the streams were told", &["what", "count", "bar"]);
    let verdicts = || rounds.iter().map(|round| &round.verdict);
    let count = |of: fn(&Verdict) -> usize| verdicts().map(of).sum::<usize>().to_string();
    let sum = |of: fn(&Verdict) -> u64| verdicts().map(of).sum::<u64>();
    let mut row = |what: &str, count: String, bar: &str| table.row([what.to_owned(), count, bar.to_owned()]);
    row(&format!("events at {} streams", arguments.streams), grouped(sum(|one| one.n_events)), "");
    row("their bytes", grouped(sum(|one| one.n_bytes)), "");
    row("lifecycle events lost", count(|one| one.lost), "0");
    row("lifecycle events told twice", count(|one| one.twice), "0");
    row("lifecycle events out of order", count(|one| one.out_of_order), "0");
    row("operations of which no stream heard", count(|one| one.unheard), "0");
    row("gaps that were told", count(|one| one.gaps), "");
    row("lifecycle events in them, as told", sum(|one| one.told_missed).to_string(), "");
    row("lifecycle events in them, counted", count(|one| one.in_gaps), "as told");
    row("streams that broke and went on", sum(|one| one.reopened).to_string(), "");
    row("breaches of the contract", count(|one| one.violations.len()), "0");
    verdicts().flat_map(|one| &one.violations).for_each(|breach| row("of them", breach.clone(), ""));
    table
}

fn memory(opened: u64, rounds: &[Round]) -> Table {
    let mut table = Table::new("Resident memory of the service", &["when", "resident", "peak under load"]);
    let mib = |kib: u64| format!("{} MiB", kib / 1024);
    table.row(["opened, before any load".to_owned(), mib(opened), String::new()]);
    for (index, round) in rounds.iter().enumerate() {
        table.row([format!("after round {}", index + 1), mib(round.after), mib(round.peak)]);
    }
    table
}

fn breaking(rounds: &[Round]) -> Table {
    let columns = &["from a manifest broken on disk to its event at a client", "median", "longest"];
    let mut table = Table::new("A change on disk", columns);
    let mut row = |what: &str, of: fn(&Round) -> &Vec<Duration>| {
        let times: Vec<Duration> = rounds.iter().flat_map(of).copied().collect();
        table.row([what.to_owned(), shown(median(&times)), shown(times.iter().max().copied())]);
    };
    row("alone", |round| &round.broken_alone);
    row("beside the streams and the reads", |round| &round.broken_loaded);
    table
}
