//! Whether each stream was told everything once and in order, and every gap.

use std::collections::BTreeSet;

use packwright::value::OperationId;

use super::streams::{Gap, Heard, Ledger};

/// What was wrong with the streams of a round, counted over all of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Lifecycle events that a stream was not told, and in no gap of it either.
    pub(super) lost: usize,
    pub(super) twice: usize,
    pub(super) out_of_order: usize,
    pub(super) gaps: usize,
    /// Lifecycle events that streams were told they missed.
    pub(super) told_missed: u64,
    /// Lifecycle events that lie in those gaps indeed.
    pub(super) in_gaps: usize,
    /// Operations that ended, of which no stream heard.
    pub(super) unheard: usize,
    pub(super) reopened: u64,
    pub(super) n_events: u64,
    pub(super) n_bytes: u64,
    pub(super) violations: Vec<String>,
}

impl Verdict {
    /// `operations` are those that were answered while all streams were open; what came before them is not counted.
    pub(super) fn of(ledgers: &[Ledger], operations: &[OperationId]) -> Self {
        let mut all: BTreeSet<Heard> = ledgers.iter().flat_map(|ledger| &ledger.lifecycle).copied().collect();
        let known: BTreeSet<OperationId> = operations.iter().copied().collect();
        let first = all.iter().find(|(_, operation, ..)| known.contains(operation)).map_or(0, |heard| heard.0);
        // Streams stop at the end of the last operation; what one was told behind it, another was not waited for.
        let last = all.iter().rev().find(|(_, operation, ..)| Some(operation) == operations.last());
        let last = last.map_or(u64::MAX, |heard| heard.0);
        all.retain(|heard| (first..=last).contains(&heard.0));
        let heard_of: BTreeSet<OperationId> = all.iter().map(|heard| heard.1).collect();
        let mut verdict = Self { unheard: known.difference(&heard_of).count(), ..Self::default() };
        ledgers.iter().for_each(|ledger| verdict.add(ledger, &all));
        verdict
    }

    fn add(&mut self, ledger: &Ledger, all: &BTreeSet<Heard>) {
        let own: BTreeSet<Heard> = ledger.lifecycle.iter().copied().collect();
        let is_told = |heard: &Heard| ledger.gaps.iter().any(|gap: &Gap| (gap.from..=gap.to).contains(&heard.0));
        let (told, lost): (Vec<&Heard>, Vec<&Heard>) = all.difference(&own).partition(|heard| is_told(heard));
        self.lost += lost.len();
        self.in_gaps += told.len();
        self.twice += ledger.lifecycle.len() - own.len();
        self.out_of_order += ledger.lifecycle.windows(2).filter(|pair| pair[1].0 < pair[0].0).count();
        self.gaps += ledger.gaps.len();
        self.told_missed += ledger.gaps.iter().map(|gap| gap.lifecycle).sum::<u64>();
        self.reopened += ledger.reopened;
        self.n_events += ledger.n_events;
        self.n_bytes += ledger.n_bytes;
        self.violations.extend(ledger.violation.clone());
    }
}

#[cfg(test)]
mod tests {
    use packwright::event::Kind;

    use super::*;

    fn heard(operation: OperationId, cursors: &[u64]) -> Ledger {
        let lifecycle = cursors.iter().map(|cursor| (*cursor, operation, *cursor, Kind::BuildStarted)).collect();
        Ledger { lifecycle, ..Ledger::default() }
    }

    #[test]
    fn a_stream_that_was_told_everything_is_as_it_should_be() {
        let operation = OperationId::mint();
        let streams = [heard(operation, &[4, 5, 9]), heard(operation, &[4, 5, 9])];
        assert_eq!(Verdict::of(&streams, &[operation]), Verdict::default());
    }

    #[test]
    fn what_one_stream_was_told_and_another_was_not_is_lost() {
        let operation = OperationId::mint();
        let streams = [heard(operation, &[4, 5, 9]), heard(operation, &[4, 9])];
        assert_eq!(Verdict::of(&streams, &[operation]).lost, 1);
    }

    #[test]
    fn what_a_gap_tells_of_is_not_lost() {
        let operation = OperationId::mint();
        let late = Ledger { gaps: vec![Gap { from: 1, to: 5, lifecycle: 2 }], ..heard(operation, &[9]) };
        let verdict = Verdict::of(&[heard(operation, &[4, 5, 9]), late], &[operation]);
        assert_eq!((verdict.lost, verdict.gaps, verdict.told_missed, verdict.in_gaps), (0, 1, 2, 2));
    }

    #[test]
    fn repeats_wrong_orders_and_silence_are_counted() {
        let operation = OperationId::mint();
        let verdict = Verdict::of(&[heard(operation, &[5, 4, 4, 9])], &[operation, OperationId::mint()]);
        assert_eq!((verdict.twice, verdict.out_of_order, verdict.unheard), (1, 1, 1));
    }
}
