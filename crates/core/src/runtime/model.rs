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
mod scenes;
mod turns;

use std::fmt::Debug;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, Runner};

use crate::event::{Clock, Moment};
use crate::sync::Arc;

/// What can be wrong; each must be caught by the checks that the right thing passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    /// A commit writes without the lock under which others read the disk.
    CommitWithoutWritingLock,
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
    /// A reconcile takes away the mark of the commit that goes on.
    ReconcileEndsCommitting,
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
    /// Who closes the lane waits for its thread, whoever it is.
    JoinsItself,
    /// A closed lane forgets what waited in it.
    ClosedForgets,
}

/// How many schedules a mistake may take to show.
const PATIENCE: usize = 20_000;

/// Fails where a schedule breaks the model's assertions, deadlocks or never ends.
fn holds(name: &str, model: impl Fn() + Clone + Send + Sync + 'static) {
    let n = from_environment("SHUTTLE_SCHEDULES").unwrap_or(500).div_ceil(2);
    let random = Runner::new(RandomScheduler::new_from_seed(seed(), n), config()).run(model.clone());
    let pct = Runner::new(PctScheduler::new_from_seed(seed(), 3, n), config()).run(model);
    note(&format!("schedules {} {name}", random + pct));
}

/// Fails where no schedule shows the mistake.
fn bites(mistake: Mistake, model: impl Fn(Mistake) + Clone + Send + Sync + 'static) {
    let random = RandomScheduler::new_from_seed(seed(), PATIENCE);
    let pct = PctScheduler::new_from_seed(seed(), 3, PATIENCE);
    let shown = [shown_after(random, mistake, model.clone()), shown_after(pct, mistake, model)];
    assert!(shown.iter().any(Option::is_some), "{mistake:?} was not caught");
    note(&format!("caught {mistake:?} after {shown:?}"));
}

/// How many schedules it took.
fn shown_after(
    scheduler: impl Scheduler + 'static,
    mistake: Mistake,
    model: impl Fn(Mistake) + Send + Sync + 'static,
) -> Option<usize> {
    let tried = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tried);
    let run = move || {
        Runner::new(scheduler, config()).run(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            model(mistake);
        })
    };
    catch_unwind(AssertUnwindSafe(run)).is_err().then(|| tried.load(Ordering::Relaxed))
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
