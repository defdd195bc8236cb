//! Pacing: which of many repeats are said, and when.
//!
//! Nothing here has a timer: what is held back is said by the next report that may pass, or by the next lifecycle
//! event, before it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

use super::notice::counted_summary;
use super::payload::{CacheHit, CacheMiss, MissReason};
use super::{Kind, MAX_LISTED, Notice, Progress};
use crate::value::AssetRef;

/// Ten times a second.
const INTERVAL: Duration = Duration::from_millis(100);

/// Lets one thing through in each [`INTERVAL`].
#[derive(Default)]
struct Gate {
    passed: Option<Duration>,
}

impl Gate {
    /// Whether it may pass; if so, it did.
    fn pass(&mut self, now: Duration) -> bool {
        let may = self.passed.is_none_or(|passed| now.saturating_sub(passed) >= INTERVAL);
        if may {
            self.force(now);
        }
        may
    }

    const fn force(&mut self, now: Duration) {
        self.passed = Some(now);
    }
}

/// The progress of one operation: at most ten reports a second, and one more at each phase's end.
#[derive(Default)]
pub(super) struct ProgressPace {
    gate: Gate,
    /// In the order in which they began; the last is the one that runs.
    phases: Vec<Phase>,
}

struct Phase {
    name: Cow<'static, str>,
    done: u64,
    /// Whether its end was said, which happens once.
    ended: bool,
    held: Option<Progress>,
}

impl ProgressPace {
    /// Takes a report in and gives back what is to be said now.
    pub(super) fn report(&mut self, progress: Progress, now: Duration) -> Vec<Progress> {
        let mut said = Vec::new();
        let at = self.phase(&progress, &mut said);
        let phase = &mut self.phases[at];
        // Workers report side by side, so an older count may come late.
        if progress.done >= phase.done {
            phase.done = progress.done;
            let ends = progress.is_complete() && !phase.ended;
            phase.ended |= ends;
            if ends || self.gate.pass(now) {
                phase.held = None;
                said.push(progress);
            } else {
                phase.held = Some(progress);
            }
        }
        if !said.is_empty() {
            self.gate.force(now);
        }
        said
    }

    /// Whether it may be said now that the operation waits. That is among the ten a second, and no phase of the work.
    pub(super) fn may_wait(&mut self, now: Duration) -> bool {
        self.gate.pass(now)
    }

    /// The index of the report's phase. The first report of a new phase ends the one before it.
    fn phase(&mut self, progress: &Progress, said: &mut Vec<Progress>) -> usize {
        if let Some(known) = self.phases.iter().rposition(|phase| phase.name == progress.phase) {
            return known;
        }
        if let Some(before) = self.phases.last_mut().filter(|phase| !phase.ended) {
            before.ended = true;
            said.extend(before.held.take());
        }
        self.phases.push(Phase { name: progress.phase.clone(), done: 0, ended: false, held: None });
        self.phases.len() - 1
    }

    /// All that is held back.
    pub(super) fn flush(&mut self, now: Duration) -> Vec<Progress> {
        let held: Vec<_> = self.phases.iter_mut().filter_map(|phase| phase.held.take()).collect();
        if !held.is_empty() {
            self.gate.force(now);
        }
        held
    }
}

/// Cache hits, or misses, of one operation: said together, at most ten times a second.
#[derive(Default)]
pub(super) struct Tally {
    gate: Gate,
    count: u64,
    assets: BTreeSet<AssetRef>,
    reasons: Vec<MissReason>,
}

impl Tally {
    /// Counts one import of the asset; `reason` says why it missed.
    pub(super) fn count(&mut self, asset: &AssetRef, reason: Option<&str>) {
        self.count += 1;
        if let Some(reason) = reason.filter(|_| self.reasons.len() < MAX_LISTED) {
            self.reasons.push(MissReason { root: asset.root.to_string(), reason: reason.to_owned() });
        }
        if self.assets.len() < MAX_LISTED && !self.assets.contains(asset) {
            self.assets.insert(asset.clone());
        }
    }

    /// What is to be said now, if it may be.
    pub(super) fn pass(&mut self, kind: Kind, now: Duration) -> Option<Notice> {
        if self.gate.pass(now) { self.flush(kind, now) } else { None }
    }

    /// All that was counted and not said.
    pub(super) fn flush(&mut self, kind: Kind, now: Duration) -> Option<Notice> {
        if self.count == 0 {
            return None;
        }
        self.gate.force(now);
        let count = std::mem::take(&mut self.count);
        let assets = std::mem::take(&mut self.assets);
        let reasons = std::mem::take(&mut self.reasons);
        let notice = Notice::new(kind, counted_summary(kind, count));
        let notice = match kind {
            Kind::CacheMiss => notice.payload(&CacheMiss { count, reasons }),
            _ => notice.payload(&CacheHit { count }),
        };
        Some(notice.about(assets.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::asset;
    use super::*;

    const fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn said(pace: &mut ProgressPace, phase: &'static str, done: u64, total: u64, ms: u64) -> Vec<u64> {
        let said = pace.report(Progress::new(phase, done, total), at(ms));
        said.iter().map(|progress| progress.done).collect()
    }

    #[test]
    fn progress_passes_ten_times_a_second() {
        let mut pace = ProgressPace::default();
        let passed: usize = (0..1_000).map(|ms| said(&mut pace, "import", ms, 10_000, ms).len()).sum();
        assert_eq!(passed, 10);
    }

    #[test]
    fn a_phase_is_said_to_be_complete_at_once_and_once() {
        let mut pace = ProgressPace::default();
        assert_eq!(said(&mut pace, "import", 1, 2, 0), [1]);
        assert_eq!(said(&mut pace, "import", 2, 2, 1), [2]);
        assert!(said(&mut pace, "import", 2, 2, 2).is_empty());
        assert!(said(&mut pace, "import", 3, 3, 3).is_empty(), "a total that grows does not open the gate");
    }

    #[test]
    fn a_phase_of_unknown_length_ends_when_the_next_begins() {
        let mut pace = ProgressPace::default();
        assert_eq!(said(&mut pace, "scan", 1, 0, 0), [1]);
        assert!(said(&mut pace, "scan", 500, 0, 1).is_empty());
        assert_eq!(said(&mut pace, "import", 0, 9, 2), [500]);
        assert!(said(&mut pace, "scan", 501, 501, 3).is_empty(), "its end was said");
    }

    #[test]
    fn the_end_of_a_phase_counts_among_the_ten_a_second() {
        let mut pace = ProgressPace::default();
        assert_eq!(said(&mut pace, "import", 1, 2, 0), [1]);
        assert_eq!(said(&mut pace, "import", 2, 2, 99), [2]);
        assert!(said(&mut pace, "pack", 1, 9, 100).is_empty());
        assert_eq!(said(&mut pace, "pack", 2, 9, 199), [2]);
    }

    #[test]
    fn a_late_report_does_not_take_progress_back() {
        let mut pace = ProgressPace::default();
        assert_eq!(said(&mut pace, "import", 8, 10, 0), [8]);
        assert!(said(&mut pace, "import", 7, 10, 200).is_empty());
        assert_eq!(pace.flush(at(300)), []);
    }

    #[test]
    fn what_was_held_back_is_given_out_once() {
        let mut pace = ProgressPace::default();
        assert_eq!(said(&mut pace, "import", 1, 10, 0), [1]);
        assert!(said(&mut pace, "import", 2, 10, 1).is_empty());
        assert_eq!(pace.flush(at(2)), [Progress::new("import", 2, 10)]);
        assert_eq!(pace.flush(at(3)), []);
    }

    #[test]
    fn a_tally_counts_all_and_lists_each_asset_once_and_up_to_a_thousand() {
        let mut tally = Tally::default();
        for n in 0..1_500 {
            let asset = asset(&format!("a/{n}"));
            tally.count(&asset, Some("new"));
            tally.count(&asset, Some("new"));
        }
        let notice = tally.flush(Kind::CacheMiss, at(0)).expect("something was counted");
        assert_eq!(notice.payload["count"], 3_000);
        assert_eq!(notice.payload["reasons"].as_array().map(Vec::len), Some(1_000));
        assert_eq!(notice.affected_assets.len(), 1_000);
        let roots: BTreeSet<_> = notice.affected_assets.iter().map(|asset| &asset.root).collect();
        assert_eq!(roots.len(), 1_000);
        assert_eq!(tally.flush(Kind::CacheMiss, at(1)), None);
    }
}
