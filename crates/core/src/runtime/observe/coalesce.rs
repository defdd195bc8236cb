//! When to look: many hints become few deliveries.
//!
//! A machine of states with no clock and no files of its own: whoever drives it says what time it is, counted from
//! any fixed moment, and looks whether something stands in the way. Whatever is hinted after a delivery was taken
//! belongs to the next one, so nothing is missed while a delivery is worked on.

use std::time::Duration;

use super::Dirty;

/// How long no hint may have come before it is time to look.
pub(crate) const QUIET: Duration = Duration::from_millis(100);
/// After the first hint it is time to look at the latest, quiet or not.
pub(crate) const LATEST: Duration = Duration::from_secs(2);
/// After the first hint it is time to look, whatever stands in the way.
pub(crate) const HELD_LATEST: Duration = Duration::from_secs(30);
/// How long to wait before asking again whether something still stands in the way.
pub(crate) const HELD_AGAIN: Duration = Duration::from_millis(100);

/// Gathers hints and says when they are due.
#[derive(Debug, Default)]
pub(crate) struct Coalescer {
    waiting: Option<Waiting>,
}

/// Hints that have not been delivered.
#[derive(Debug)]
struct Waiting {
    dirty: Dirty,
    first: Duration,
    last: Duration,
    /// When something was last seen to stand in the way.
    held: Option<Duration>,
}

impl Coalescer {
    /// Takes hints in.
    pub(crate) fn hint(&mut self, now: Duration, hints: &Dirty) {
        if hints.is_empty() {
            return;
        }
        let new = || Waiting { dirty: Dirty::default(), first: now, last: now, held: None };
        let waiting = self.waiting.get_or_insert_with(new);
        waiting.last = now;
        waiting.dirty.merge(hints);
    }

    /// When to call [`Coalescer::take`]; `None` while nothing waits.
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        self.waiting.as_ref().map(Waiting::wake)
    }

    /// What is due. `is_held` is asked only when something would be: whether it has to wait for what stands in the
    /// way.
    pub(crate) fn take(&mut self, now: Duration, is_held: impl FnOnce() -> bool) -> Option<Dirty> {
        let waiting = self.waiting.as_mut().filter(|waiting| now >= waiting.wake())?;
        if now < waiting.first + HELD_LATEST && is_held() {
            waiting.held = Some(now);
            return None;
        }
        self.waiting.take().map(|waiting| waiting.dirty)
    }
}

impl Waiting {
    fn wake(&self) -> Duration {
        let due = (self.last + QUIET).min(self.first + LATEST);
        let again = self.held.map(|held| (held + HELD_AGAIN).min(self.first + HELD_LATEST));
        again.map_or(due, |again| again.max(due))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::RelPath;

    const MS: Duration = Duration::from_millis(1);

    fn folder(name: &str) -> Dirty {
        Dirty { folders: [RelPath::root().entry(name)].into(), ..Dirty::default() }
    }

    /// Lets time pass from wake to wake up to `until`; returns each delivery with its time.
    fn run(
        coalescer: &mut Coalescer,
        until: Duration,
        mut is_held: impl FnMut(Duration) -> bool,
    ) -> Vec<(Duration, Dirty)> {
        let mut taken = Vec::new();
        while let Some(now) = coalescer.next_wake().filter(|wake| *wake <= until) {
            taken.extend(coalescer.take(now, || is_held(now)).map(|dirty| (now, dirty)));
        }
        taken
    }

    /// Hints every `step` from 0 up to `end`, driving the coalescer in between; returns the times of the deliveries.
    fn hint_every(step: Duration, end: Duration, mut is_held: impl FnMut(Duration) -> bool) -> Vec<Duration> {
        let mut coalescer = Coalescer::default();
        let mut times = Vec::new();
        let mut now = Duration::ZERO;
        while now <= end {
            times.extend(run(&mut coalescer, now, &mut is_held).into_iter().map(|(time, _)| time));
            coalescer.hint(now, &folder("ui"));
            now += step;
        }
        times
    }

    #[test]
    fn nothing_hinted_is_never_due() {
        let mut coalescer = Coalescer::default();
        coalescer.hint(Duration::ZERO, &Dirty::default());
        assert_eq!(coalescer.next_wake(), None);
        assert_eq!(coalescer.take(60_000 * MS, || false), None);
    }

    #[test]
    fn a_hint_is_due_after_the_quiet_and_not_before() {
        let mut coalescer = Coalescer::default();
        coalescer.hint(1000 * MS, &folder("ui"));
        assert_eq!(coalescer.take(1099 * MS, || false), None);
        assert_eq!(coalescer.next_wake(), Some(1100 * MS));
        assert_eq!(coalescer.take(1100 * MS, || false), Some(folder("ui")));
        assert_eq!(coalescer.next_wake(), None);
    }

    #[test]
    fn what_stands_in_the_way_is_not_asked_for_before_something_is_due() {
        let mut coalescer = Coalescer::default();
        coalescer.hint(Duration::ZERO, &folder("ui"));
        assert_eq!(coalescer.take(99 * MS, || panic!("asked too early")), None);
    }

    #[test]
    fn a_storm_is_one_delivery_of_all_it_named() {
        let mut coalescer = Coalescer::default();
        for n in 0..10_000_u32 {
            coalescer.hint(n * MS / 10, &folder(&format!("{}", n % 700)));
        }
        let taken = run(&mut coalescer, 60_000 * MS, |_| false);
        let [(time, dirty)] = &taken[..] else { panic!("{} deliveries", taken.len()) };
        assert_eq!(dirty.folders.len(), 700);
        assert_eq!(*time, 9999 * MS / 10 + QUIET);
    }

    #[test]
    fn hints_that_never_stop_are_delivered_every_two_seconds() {
        let times = hint_every(50 * MS, 21_000 * MS, |_| false);
        assert_eq!(times.len(), 10);
        assert_eq!(times[0], LATEST);
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] <= LATEST + 50 * MS), "{times:?}");
    }

    #[test]
    fn hints_with_quiet_between_them_are_deliveries_of_their_own() {
        let times = hint_every(150 * MS, 600 * MS, |_| false);
        assert_eq!(times, [100 * MS, 250 * MS, 400 * MS, 550 * MS]);
    }

    #[test]
    fn what_is_held_is_delivered_as_soon_as_that_is_seen_to_end() {
        let mut coalescer = Coalescer::default();
        coalescer.hint(Duration::ZERO, &folder("ui"));
        let taken = run(&mut coalescer, 60_000 * MS, |now| now < 5_030 * MS);
        assert_eq!(taken, [(5_100 * MS, folder("ui"))]);
    }

    #[test]
    fn nothing_is_held_longer_than_thirty_seconds() {
        let mut coalescer = Coalescer::default();
        coalescer.hint(40 * MS, &folder("ui"));
        let taken = run(&mut coalescer, 60_000 * MS, |_| true);
        assert_eq!(taken, [(30_040 * MS, folder("ui"))]);
    }

    #[test]
    fn hints_that_never_stop_are_held_thirty_seconds_and_no_longer() {
        let times = hint_every(50 * MS, 61_000 * MS, |_| true);
        assert_eq!(times, [30_000 * MS, 60_000 * MS]);
    }

    #[test]
    fn a_hold_that_ends_amid_hints_still_ends_in_a_delivery_within_a_moment() {
        let times = hint_every(50 * MS, 4_000 * MS, |now| now < 3_000 * MS);
        assert_eq!(times, [3_000 * MS]);
    }

    #[test]
    fn a_hold_does_not_carry_over_to_the_next_delivery() {
        let mut coalescer = Coalescer::default();
        coalescer.hint(Duration::ZERO, &folder("ui"));
        run(&mut coalescer, 60_000 * MS, |now| now < 10_000 * MS);
        coalescer.hint(70_000 * MS, &folder("ui"));
        assert_eq!(coalescer.next_wake(), Some(70_100 * MS));
    }

    #[test]
    fn hints_that_come_while_a_delivery_is_worked_on_are_the_next_one() {
        let mut coalescer = Coalescer::default();
        coalescer.hint(Duration::ZERO, &folder("ui"));
        let first = coalescer.take(100 * MS, || false);
        coalescer.hint(150 * MS, &folder("ui"));
        coalescer.hint(160 * MS, &Dirty { settings: true, ..Dirty::default() });
        // The work took five seconds.
        let second = coalescer.take(5_100 * MS, || false);
        assert_eq!(first, Some(folder("ui")));
        assert_eq!(second, Some(Dirty { settings: true, ..folder("ui") }));
    }

    #[test]
    fn a_lost_watch_swallows_what_was_hinted_one_by_one() {
        let mut coalescer = Coalescer::default();
        coalescer.hint(Duration::ZERO, &folder("ui"));
        coalescer.hint(10 * MS, &Dirty::everything());
        coalescer.hint(20 * MS, &folder("audio"));
        assert_eq!(run(&mut coalescer, 60_000 * MS, |_| false), [(120 * MS, Dirty::everything())]);
    }
}
