//! A contest: programs that take turns, round after round, and what came of it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::ground::Ground;
use crate::failure::{Doing, Failure, Outcome};
use crate::process::{Run, on_path};

/// Makes a command anew for each round.
pub(crate) type Make = Box<dyn Fn() -> Run>;

/// One program in a contest.
pub(crate) struct Contestant {
    pub(crate) label: String,
    /// Run before each turn, untimed.
    pub(crate) prepare: Option<Make>,
    pub(crate) turn: Make,
}

/// Contestants in order of their turns. The first is Packwright, whom the others are compared with.
pub(crate) struct Contest {
    pub(crate) contestants: Vec<Contestant>,
    /// Programs that are not installed, by name.
    pub(crate) absent: Vec<String>,
    /// A row made of others: its label and the contestants whose times it adds up in each round.
    pub(crate) sum: Option<(String, Vec<usize>)>,
}

/// What one row of a table says.
#[derive(Debug)]
pub(crate) struct Score {
    pub(crate) label: String,
    pub(crate) times: Vec<Duration>,
    /// The peak of resident memory, where it could be measured.
    pub(crate) peak_kib: Option<u64>,
}

/// All rows, Packwright's first.
pub(crate) struct Scores {
    pub(crate) rows: Vec<Score>,
    pub(crate) absent: Vec<String>,
}

const TIME: &str = "/usr/bin/time";

impl Contest {
    /// Runs every contestant once untimed, to warm the page cache and to measure memory, then holds the rounds.
    pub(crate) fn held(&self, ground: &Ground, rounds: usize) -> Outcome<Scores> {
        let mut rows = Vec::new();
        for contestant in &self.contestants {
            contestant.ready(&ground.workspace())?;
            let peak_kib = peak_memory((contestant.turn)(), &ground.beside("time"))?;
            rows.push(Score { label: contestant.label.clone(), times: Vec::new(), peak_kib });
        }
        for _ in 0..rounds {
            for (contestant, row) in self.contestants.iter().zip(&mut rows) {
                contestant.ready(&ground.workspace())?;
                let start = Instant::now();
                (contestant.turn)().run()?;
                row.times.push(start.elapsed());
            }
        }
        if let Some((label, parts)) = &self.sum {
            let times = (0..rounds).map(|round| parts.iter().map(|&part| rows[part].times[round]).sum()).collect();
            rows.push(Score { label: label.clone(), times, peak_kib: None });
        }
        Ok(Scores { rows, absent: self.absent.clone() })
    }
}

impl Contestant {
    /// Prepares a turn; what others have left unwritten is written first, so that no one pays for it.
    fn ready(&self, workspace: &Path) -> Outcome {
        if let Some(prepare) = &self.prepare {
            prepare().run()?;
        }
        Run::new("sync").arg("-f").arg(workspace).run()
    }
}

fn peak_memory(run: Run, note: &PathBuf) -> Outcome<Option<u64>> {
    if !Path::new(TIME).is_file() {
        return run.run().map(|()| None);
    }
    run.under(Run::new(TIME).args(["-f", "%M", "-o"]).arg(note)).run()?;
    let noted = std::fs::read_to_string(note).doing(|| format!("reading {}", note.display()))?;
    let peak = noted.lines().last().and_then(|line| line.trim().parse().ok());
    peak.map(Some).ok_or_else(|| Failure::new(format!("{TIME} noted `{noted}`, which is no number")))
}

/// Keeps contestants whose program is installed; names the others.
pub(crate) fn installed(peers: Vec<(&str, Contestant)>) -> (Vec<Contestant>, Vec<String>) {
    let (present, absent): (Vec<_>, Vec<_>) = peers.into_iter().partition(|(program, _)| on_path(program));
    (
        present.into_iter().map(|(_, contestant)| contestant).collect(),
        absent.into_iter().map(|(program, _)| program.to_owned()).collect(),
    )
}
