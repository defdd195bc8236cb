//! The runtime's shared parts under the model checker: lane, published value, turns, bus and reporter as they ship,
//! around a toy project, in tens of thousands of schedules.
//!
//! A model is a function that plays a few threads and asserts what must hold. [`holds`] tries it as it is; [`bites`]
//! tries it with a seeded [`Mistake`], and fails where no schedule shows the mistake: a check that catches nothing
//! proves nothing. `cargo xtask shuttle` runs all of it and counts. A failing schedule is printed, and `shuttle::replay`
//! plays it again.

mod bus;
mod lane;
mod listener;
mod project;
mod reading;
mod scenes;
mod turns;
mod world;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, Runner};

use crate::event::{Clock, Moment};
use crate::service::{Answer, Status};
use crate::sync::Arc;
use crate::value::{AssetRef, ProjectId};

/// What can be wrong; each must be caught by the checks that the right thing passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    /// A commit writes without the lock under which others read the disk.
    CommitWithoutWritingLock,
    /// A commit gives that lock back between its writes.
    WritingLockGivenBack,
    /// A snapshot is published before what it shows is on the disk.
    PublicationBeforeCommit,
    /// An operation says that it succeeded before it is on the disk.
    SuccessBeforeCommit,
    /// An event tells of a snapshot that is not published yet.
    EventBeforePublication,
    /// What is published is said after other writers had their turn.
    EventAfterTurn,
    /// A snapshot is made of an older one than it takes the place of.
    PublicationOverOlder,
    /// Revisions are drawn outside of the turn in which they are published.
    RevisionDrawnEarly,
    /// A hint takes away the mark of the commit that goes on.
    HintEndsCommitting,
    /// Which folders a commit wrote is known only after it.
    WrittenSaidLate,
    /// A reconcile leaves the mark that it reads.
    ReadingNotEnded,
    /// A build reads beside the lane.
    BuildOutsideLane,
    /// An operation looks for its cancelling after its commit, and says that nothing was done.
    CancelledAfterCommit,
    /// An operation is said to wait once it may be running.
    QueuedSaidLate,
    /// An operation has two ends.
    TerminalTwice,
    /// Two voices number one operation's events.
    TwoVoices,
    /// Events that were missed are not told of.
    GapNotTold,
    /// A reader past the older parts of a merged event is taken to have been given them.
    PassedIsGiven,
    /// The same, and a look that is cut passes all up to the event that it leaves.
    CutPassesParts,
    /// Two run at once.
    NoTurns,
    /// Each waits for a turn of its own.
    OneByOne,
    /// Who comes while one works gets the result of that.
    JoinsRunning,
    /// A panic leaves the turn taken.
    PanicKeepsTurn,
    /// An operation that was removed from the queue runs all the same.
    RemovedRuns,
    /// An operation that runs cannot be told to stop.
    CancelMissesRunning,
    /// Who closes the lane waits for its thread, whoever it is.
    JoinsItself,
    /// A closed lane forgets what waited in it.
    ClosedForgets,
}

/// How many schedules a mistake may take to show.
const PATIENCE: usize = 20_000;

/// How many times the PCT scheduler turns to another thread against the order it began with, and one.
const DEPTH: usize = 3;

/// Fails where a schedule breaks the model's assertions, deadlocks or never ends, and where none comes to the `sights`
/// for which the model is played.
fn holds(name: &str, sights: &[&str], model: impl Fn() + Clone + Send + Sync + 'static) {
    let n = from_environment("SHUTTLE_SCHEDULES").unwrap_or(1_000).div_ceil(2);
    SEEN.with_borrow_mut(BTreeMap::clear);
    let random = Runner::new(RandomScheduler::new_from_seed(seed(), n), config()).run(model.clone());
    let pct = Runner::new(PctScheduler::new_from_seed(seed(), DEPTH, n), config()).run(model);
    let seen = SEEN.with_borrow(Clone::clone);
    for sight in sights {
        assert!(seen.contains_key(sight), "{name}: in no schedule was there {sight}; there was {seen:?}");
    }
    note(&format!("schedules {} {name}: {seen:?}", random + pct));
}

/// Says that a schedule came to something. All threads of a model are one of the system's.
fn sight(sight: &'static str) {
    SEEN.with_borrow_mut(|seen| *seen.entry(sight).or_default() += 1);
}

std::thread_local! {
    static SEEN: RefCell<BTreeMap<&'static str, usize>> = RefCell::default();
}

/// Fails where no schedule shows the mistake, or where it shows by another failure than `shows` says; ` | ` stands
/// between several.
fn bites(mistake: Mistake, shows: &str, model: impl Fn(Mistake) + Clone + Send + Sync + 'static) {
    let pct = PctScheduler::new_from_seed(seed(), DEPTH, PATIENCE);
    let random = RandomScheduler::new_from_seed(seed(), PATIENCE);
    let shown = shown_after(pct, mistake, model.clone()).or_else(|| shown_after(random, mistake, model));
    let Some((schedules, said)) = shown else { panic!("{mistake:?} was not caught") };
    let is_meant = shows.split(" | ").any(|shows| said.contains(shows));
    assert!(is_meant, "{mistake:?} was caught by another check: {said}");
    note(&format!("caught {mistake:?} in schedule {schedules}: {}", said.lines().next().unwrap_or_default()));
}

/// How many schedules it took, and what was said then.
fn shown_after(
    scheduler: impl Scheduler + 'static,
    mistake: Mistake,
    model: impl Fn(Mistake) + Send + Sync + 'static,
) -> Option<(usize, String)> {
    let tried = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tried);
    let run = move || {
        Runner::new(scheduler, config()).run(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            model(mistake);
        })
    };
    let panic = catch_unwind(AssertUnwindSafe(run)).err()?;
    let said = panic.downcast_ref::<String>().cloned();
    let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
    Some((tried.load(Ordering::Relaxed), said.expect("panics say something")))
}

fn config() -> Config {
    let mut config = Config::new();
    config.stack_size = 256 << 10;
    config.max_steps = shuttle::MaxSteps::FailAfter(20_000);
    config.silence_warnings = true;
    config
}

fn seed() -> u64 {
    from_environment("SHUTTLE_SEED").unwrap_or(1) as u64
}

/// A panic that is part of the model, past the hook that would print it and its schedule each time.
fn panic_on_purpose() -> ! {
    std::panic::resume_unwind(Box::new("on purpose"))
}

fn from_environment(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// Adds a line to the file that `cargo xtask shuttle` counts from.
fn note(line: &str) {
    let Some(path) = std::env::var_os("SHUTTLE_NOTES") else { return };
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).expect("the notes open");
    writeln!(file, "{line}").expect("the notes are written");
}

/// A clock that stands still: nothing is paced away, and every schedule is the same when it is played again.
struct NoTime;

impl Clock for NoTime {
    fn now(&self) -> Moment {
        Moment { wall: Timestamp::UNIX_EPOCH, elapsed: Duration::ZERO }
    }
}

/// The project of every model.
fn project_id() -> ProjectId {
    ProjectId::from_uuid(uuid::Uuid::from_u128(1))
}

fn asset(root: &str) -> AssetRef {
    AssetRef { asset_id: None, address: None, root: root.into() }
}

/// The answer of an operation that did what it was asked for.
fn done() -> Answer {
    Answer { status: Status::Ok, ..Answer::failed("done") }
}
