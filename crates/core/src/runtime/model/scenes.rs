//! Scenes in the toy project: a few threads each, every one with the mistakes that it must show.

use super::super::pending::Pending;
use super::listener::listen;
use super::project::{End, Project};
use super::{Mistake, NoTime, bites, holds};
use crate::event::{EventBus, Filter};
use crate::sync::{Arc, thread};

/// Who plays.
#[derive(Clone, Copy, Default)]
struct Cast {
    writes: usize,
    /// Writes that another thread submits.
    others: usize,
    builds: usize,
    outsiders: usize,
    /// Whether the system tells of what we write ourselves.
    echoes: bool,
    readers: usize,
    /// Whether somebody cancels the last write.
    cancels: bool,
    /// Whether a subscriber keeps listening. One that reads only at the end is always there.
    listens: bool,
    /// How many events the ring holds.
    room: usize,
}

/// Enough for a reader to be there from the beginning of a write to its end.
const READS: usize = 12;

fn play(cast: Cast, mistake: Option<Mistake>) {
    let bus = EventBus::with_room_for(cast.room.max(1), NoTime);
    let (late, early) = (bus.subscribe(Filter::all()), bus.subscribe(Filter::all()));
    let project = Project::open(&bus, mistake);
    let world = Arc::clone(&project.world);
    let listener = cast.listens.then(|| {
        let world = Arc::clone(&world);
        thread::spawn(move || listen(early, false, |event| world.hear(event)))
    });
    let mut others = Vec::new();
    for _ in 0..cast.readers {
        let world = Arc::clone(&world);
        others.push(thread::spawn(move || world.read(READS)));
    }
    for _ in 0..cast.outsiders {
        let project = Arc::clone(&project);
        others.push(thread::spawn(move || project.edit_and_wait()));
    }
    if cast.echoes {
        let project = Arc::clone(&project);
        others.push(thread::spawn(move || project.echo()));
    }
    for _ in 0..cast.others {
        let project = Arc::clone(&project);
        others.push(thread::spawn(move || assert_eq!(project.write().wait(), End::Applied)));
    }
    let mut pending: Vec<_> = (0..cast.writes).map(|_| project.write()).collect();
    if cast.cancels {
        let (project, last) = (Arc::clone(&project), pending.last().and_then(Pending::operation_id));
        others.push(thread::spawn(move || {
            project.lane.cancel(last.expect("a write is cancelled"));
        }));
    }
    pending.extend((0..cast.builds).map(|_| project.build()));
    drop(project);
    let ends: Vec<End> = pending.into_iter().map(Pending::wait).collect();
    others.into_iter().for_each(|other| other.join().expect("no check failed"));
    drop(bus);

    assert!(!ends.contains(&End::Broken), "a check failed in the lane");
    let applied = ends.iter().filter(|end| **end == End::Applied).count() + cast.others;
    world.settle(applied as u64);
    if mistake.is_some() && !cast.listens {
        // What the others see must show it, and not what is said of it.
        return;
    }
    let said = listen(late, false, |event| world.hear(event));
    assert_eq!(said, world.said(), "lifecycle events are heard or told as missed");
    if let Some(listener) = listener {
        assert_eq!(listener.join().expect("no check failed"), said);
    }
    assert!(cast.outsiders > 0 || !world.was_told_stale(), "what we wrote ourselves was told as a change on disk");
}

fn scene(name: &str, sights: &[&str], cast: Cast, mistakes: &[(Mistake, &str)]) {
    holds(name, sights, move || play(cast, None));
    for &(mistake, shows) in mistakes {
        bites(mistake, shows, move |mistake| play(cast, Some(mistake)));
    }
}

#[test]
fn readers_see_no_torn_and_no_older_snapshot() {
    let cast = Cast { writes: 1, outsiders: 1, readers: 1, room: 64, ..Cast::default() };
    let mistakes = [
        (Mistake::CommitWithoutWritingLock, "a torn read | what is on the disk is published | an update was lost"),
        (Mistake::WritingLockGivenBack, "a torn read"),
        (Mistake::PublicationBeforeCommit, "published before it was durable"),
        (Mistake::PublicationOverOlder, "an update was lost | a commit goes on | the barrier missed"),
        (Mistake::RevisionDrawnEarly, "from revision | an update was lost"),
        (Mistake::HintEndsCommitting, "a commit goes on"),
    ];
    scene(
        "project: readers beside a write and a reconcile",
        &["a commit under way", "a hint beside a commit"],
        cast,
        &mistakes,
    );
}

#[test]
fn events_come_after_what_they_tell_of_and_in_its_order() {
    let cast = Cast { writes: 1, outsiders: 1, listens: true, room: 64, ..Cast::default() };
    let mistakes = [
        (Mistake::SuccessBeforeCommit, "before it was durable"),
        (Mistake::EventBeforePublication, "before its publication"),
        (Mistake::EventAfterTurn, "WrongPrevious | RevisionWentBack"),
        (Mistake::ReadingNotEnded, "LeftPassing"),
        (Mistake::TerminalTwice, "AfterTerminal"),
    ];
    scene("project: a listener beside a write and a reconcile", &["told as stale"], cast, &mistakes);
}

#[test]
fn operations_wait_and_run_in_the_order_of_their_ids() {
    let cast = Cast { writes: 1, others: 1, listens: true, room: 64, ..Cast::default() };
    scene(
        "project: two who write",
        &[],
        cast,
        &[(Mistake::QueuedSaidLate, "out of order | is number 1 | OffCourse | spoke after its end")],
    );
}

#[test]
fn a_cancelled_operation_leaves_no_trace() {
    let cast = Cast { writes: 2, cancels: true, room: 64, ..Cast::default() };
    scene(
        "project: cancelling",
        &["one removed", "one stopped"],
        cast,
        &[(Mistake::CancelledAfterCommit, "what was answered is what is on the disk")],
    );
}

#[test]
fn a_commit_of_our_own_is_no_change_on_disk() {
    let cast = Cast { writes: 2, echoes: true, listens: true, room: 64, ..Cast::default() };
    let mistakes = [(Mistake::WrittenSaidLate, "what we wrote ourselves was told")];
    scene("project: hints of our own writes", &["an echo within a commit"], cast, &mistakes);
}

#[test]
fn a_build_never_looks_at_half_a_commit() {
    let cast = Cast { writes: 1, builds: 1, readers: 1, room: 64, ..Cast::default() };
    scene(
        "project: a build beside a write",
        &[],
        cast,
        &[(Mistake::BuildOutsideLane, "a build read a commit half done")],
    );
}

#[test]
fn a_barrier_has_seen_what_was_on_the_disk() {
    let cast = Cast { writes: 1, outsiders: 2, room: 64, ..Cast::default() };
    scene("project: two barriers beside a write", &[], cast, &[]);
}

#[test]
fn nothing_is_lost_untold_in_a_tiny_ring() {
    let cast = Cast { writes: 2, outsiders: 1, listens: true, room: 3, ..Cast::default() };
    scene("project: a tiny ring", &["a gap", "a merged event"], cast, &[(Mistake::TerminalTwice, "AfterTerminal")]);
}
