//! The tables: medians, ratios, and their place in the document.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use super::contest::Scores;
use super::ground::Ground;
use crate::failure::{Doing, Failure, Outcome};
use crate::process::Run;

/// The tables of one ground, as markdown.
pub(crate) struct Report(String);

impl Report {
    /// Begins with what was measured, where and how often.
    pub(crate) fn of(ground: &Ground, rounds: usize) -> Outcome<Self> {
        let (files, bytes) = (grouped(ground.size.n_files), grouped(ground.size.n_bytes));
        let date = Run::new("date").args(["-u", "+%Y-%m-%d"]).output()?;
        let commit = Run::new("git").args(["describe", "--always", "--dirty"]).output()?;
        let system = Run::new("stat").args(["-f", "-c", "%T"]).arg(ground.workspace()).output()?;
        let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self(format!(
            "`{}`: {files} files, {bytes} bytes. {rounds} rounds on {}, commit `{}`, {n_cores} cores of {}, on {}.\n",
            ground.name,
            date.trim(),
            commit.trim(),
            processor(),
            system.trim(),
        )))
    }

    pub(crate) fn add(&mut self, title: &str, scores: &Scores) {
        self.0 += &format!("\n**{title}**\n\n");
        self.0 += "| command | median | packwright ÷ it | peak memory |\n|---|---:|---:|---:|\n";
        for row in &scores.rows {
            let peak = row.peak_kib.map_or("–".to_owned(), |kib| format!("{} MiB", kib / 1024));
            let ratio =
                ratio(&scores.rows[0].times, &row.times).map_or("–".to_owned(), |ratio| format!("{ratio:.2}"));
            self.0 += &format!("| {} | {} | {ratio} | {peak} |\n", row.label, shown(median(&row.times)));
        }
        if !scores.absent.is_empty() {
            self.0 += &format!("\nNot installed where this was measured: {}.\n", scores.absent.join(", "));
        }
    }

    /// Tables that are written already.
    pub(crate) fn append(&mut self, tables: &str) {
        self.0 += tables;
    }

    /// Puts the tables between the markers of `name`.
    pub(crate) fn write(&self, document: &Path, name: &str) -> Outcome {
        let text = std::fs::read_to_string(document).doing(|| format!("reading {}", document.display()))?;
        let text = placed(&text, name, &self.0)
            .ok_or_else(|| Failure::new(format!("{} has no markers for {name}", document.display())))?;
        std::fs::write(document, text).doing(|| format!("writing {}", document.display()))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `text` with `tables` between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`.
fn placed(text: &str, name: &str, tables: &str) -> Option<String> {
    let (before, rest) = text.split_once(&format!("<!-- bench:{name} -->\n"))?;
    let end = format!("<!-- /bench:{name} -->");
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}<!-- bench:{name} -->\n{tables}{end}{after}"))
}

/// The median, over the rounds, of what `ours` took against `other` in the same round.
pub(super) fn ratio(ours: &[Duration], other: &[Duration]) -> Option<f64> {
    let pairs = ours.iter().zip(other);
    let mut ratios: Vec<f64> = pairs.map(|(ours, other)| ours.as_secs_f64() / other.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    middle(&ratios, |a, b| (a + b) / 2.0)
}

pub(super) fn median(times: &[Duration]) -> Option<Duration> {
    let mut times = times.to_vec();
    times.sort_unstable();
    middle(&times, |a, b| (a + b) / 2)
}

/// The time that 99 of 100 do not pass.
pub(super) fn p99(times: &[Duration]) -> Option<Duration> {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get((times.len() * 99).div_ceil(100).checked_sub(1)?).copied()
}

fn middle<T: Copy>(sorted: &[T], mean: impl Fn(T, T) -> T) -> Option<T> {
    let high = *sorted.get(sorted.len() / 2)?;
    Some(if sorted.len() % 2 == 1 { high } else { mean(sorted[sorted.len() / 2 - 1], high) })
}

pub(super) fn shown(time: Option<Duration>) -> String {
    match time {
        None => "–".to_owned(),
        Some(time) if time < Duration::from_millis(1) => format!("{:.1} µs", time.as_secs_f64() * 1e6),
        Some(time) if time < Duration::from_secs(1) => format!("{:.1} ms", time.as_secs_f64() * 1000.0),
        Some(time) => format!("{:.2} s", time.as_secs_f64()),
    }
}

/// A number with commas between its thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// The processor's name, where the system tells it.
fn processor() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::contest::Score;
    use super::*;

    fn score(milliseconds: &[u64]) -> Score {
        let times = milliseconds.iter().map(|&ms| Duration::from_millis(ms)).collect();
        Score { label: "x".into(), times, peak_kib: Some(2048) }
    }

    #[test]
    fn the_ratio_is_the_median_of_each_rounds_own() {
        // Medians alone would give 20 / 20; round by round Packwright took 2, 1 and 0.5 times as long.
        assert_eq!(ratio(&score(&[20, 10, 40]).times, &score(&[10, 10, 80]).times), Some(1.0));
        assert_eq!(ratio(&score(&[10, 30]).times, &score(&[10, 10]).times), Some(2.0));
    }

    #[test]
    fn a_table_has_a_row_for_each_score_and_names_who_was_absent() {
        let mut report = Report(String::new());
        let absent = vec!["7z".to_owned()];
        report.add("Cold build", &Scores { rows: vec![score(&[10, 20, 30]), score(&[40, 40, 60])], absent });
        assert!(report.0.contains("| x | 20.0 ms | 1.00 | 2 MiB |"), "{report}");
        assert!(report.0.contains("| x | 40.0 ms | 0.50 | 2 MiB |"), "{report}");
        assert!(report.0.contains("Not installed where this was measured: 7z."), "{report}");
    }

    #[test]
    fn tables_replace_what_stood_between_their_own_markers_alone() {
        let text = "a\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nb <!-- bench:y -->\n<!-- /bench:y -->\n";
        let new = text.replace("old", "new");
        assert_eq!(placed(text, "x", "new\n"), Some(new));
        assert_eq!(placed(text, "z", "new\n"), None);
    }

    #[test]
    fn of_a_hundred_times_the_99th_is_not_passed_by_99() {
        let times: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(p99(&times), Some(Duration::from_millis(99)));
        assert_eq!([p99(&times[..1]), p99(&[])], [Some(Duration::from_millis(100)), None]);
    }

    #[test]
    fn numbers_are_grouped_in_thousands() {
        assert_eq!([0, 999, 1000, 1234567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
