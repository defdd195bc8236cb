//! What a crash leaves of a disk.

use super::disk::{Disk, Id, ROOT, Step};
use super::unsynced::{Change, Progress, Unsynced, change_node};
use crate::Dice;

/// One way in which things can end when everything stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The process is gone and the machine runs on: all is there as it was seen, and what was not synced still is not.
    Killed,
    /// Power is gone, and all had come to the disk.
    Kept,
    /// Power is gone, and nothing had come to the disk that was not synced.
    Dropped,
    /// Power is gone; names had come to the disk, and what files hold had not.
    NamesOnly,
    /// Power is gone; what files hold had come to the disk, and names had not.
    DataOnly,
    /// Power is gone, and what had come to the disk is drawn with this seed: any of the steps, any part of a file.
    Chosen(u64),
}

impl Outcome {
    /// Those that leave nothing to chance.
    pub const FIXED: [Self; 5] = [Self::Killed, Self::Kept, Self::Dropped, Self::NamesOnly, Self::DataOnly];
}

/// What is on the disk after the power was gone.
pub(super) fn left(durable: &Disk, unsynced: &Unsynced, live: &Disk, outcome: Outcome) -> Disk {
    let mut fate = Fate::of(outcome, unsynced);
    let mut came: Vec<bool> = unsynced.steps().map(|(_, is_durable)| is_durable || fate.keeps_step()).collect();
    let mut disk = loop {
        match with_steps(durable, unsynced, &came) {
            Ok(disk) => break disk,
            // What is durable is there, so the one in its way is not.
            Err(at) => {
                let optional = |at: &usize| came[*at] && !unsynced.steps().nth(*at).is_some_and(|(_, durable)| durable);
                let in_the_way = (0..at).rev().find(optional).expect("BUG: durable steps that cannot all be done");
                came[in_the_way] = false;
            }
        }
    };
    for (node, changes) in unsynced.changes() {
        settle(&mut disk, live, node, changes, &mut fate);
    }
    disk.drop_unnamed(|_| false);
    disk
}

/// The disk with those steps that `came`; one that cannot be done without another that did not, did not either.
///
/// # Errors
/// The first durable step that cannot be done.
fn with_steps(durable: &Disk, unsynced: &Unsynced, came: &[bool]) -> Result<Disk, usize> {
    let mut disk = durable.clone();
    for (at, (step, is_durable)) in unsynced.steps().enumerate().filter(|(at, _)| came[*at]) {
        let is_done = (is_durable || leads_somewhere(step, &disk)) && disk.apply(step);
        if is_durable && !is_done {
            return Err(at);
        }
    }
    Ok(disk)
}

/// Whether a move goes to a folder that is there: what came to the disk by itself did so in some order that programs could
/// see. Only who syncs both ends of a move, and not the name of the folder between them, loses what was moved.
fn leads_somewhere(step: &Step, disk: &Disk) -> bool {
    match step {
        Step::Move { to, .. } => disk.is_within(to.dir, ROOT),
        Step::Link { .. } | Step::Unlink { .. } => true,
    }
}

fn settle(disk: &mut Disk, live: &Disk, node: Id, changes: &[(Change, Progress)], fate: &mut Fate) {
    let mut came = Vec::new();
    for (change, progress) in changes {
        match progress {
            Progress::Synced => came.push(change.clone()),
            Progress::Dirty | Progress::Lost => came.extend(fate.part_of(change)),
        }
    }
    if came.is_empty() {
        return;
    }
    change_node(disk, node, came.iter());
    let (mtime_ns, ctime_ns) = (live.node(node).mtime_ns, live.node(node).ctime_ns);
    let node = disk.node_mut(node);
    (node.mtime_ns, node.ctime_ns) = (mtime_ns, ctime_ns);
}

/// Decides what had come to the disk.
enum Fate {
    Fixed {
        steps: bool,
        changes: bool,
    },
    /// So many of the first steps, and of files what falls.
    InOrder {
        steps: usize,
        dice: Dice,
    },
    /// What falls, in so many of eight throws.
    Any {
        eighths: u64,
        dice: Dice,
    },
}

impl Fate {
    fn of(outcome: Outcome, unsynced: &Unsynced) -> Self {
        let fixed = |steps, changes| Self::Fixed { steps, changes };
        match outcome {
            Outcome::Killed | Outcome::Kept => fixed(true, true),
            Outcome::Dropped => fixed(false, false),
            Outcome::NamesOnly => fixed(true, false),
            Outcome::DataOnly => fixed(false, true),
            Outcome::Chosen(seed) => {
                let mut dice = Dice::new(seed);
                match dice.below(4) {
                    0 => Self::InOrder { steps: dice.below(unsynced.steps().count() + 1), dice },
                    drawn => Self::Any { eighths: [4, 1, 7][drawn - 1], dice },
                }
            }
        }
    }

    fn keeps_step(&mut self) -> bool {
        match self {
            Self::Fixed { steps, .. } => *steps,
            Self::InOrder { steps, .. } => {
                let keeps = *steps > 0;
                *steps = steps.saturating_sub(1);
                keeps
            }
            Self::Any { eighths, dice } => dice.eighths(*eighths),
        }
    }

    /// What had come of a change: all, nothing, its beginning, or its length with zeros in place of its end.
    fn part_of(&mut self, change: &Change) -> Option<Change> {
        let dice = match self {
            Self::Fixed { changes, .. } => return changes.then(|| change.clone()),
            Self::InOrder { dice, .. } | Self::Any { dice, .. } => dice,
        };
        let drawn = dice.below(4);
        match (drawn, change) {
            (0, _) => None,
            (1, Change::Write { offset, bytes }) if !bytes.is_empty() => {
                let kept = dice.below(bytes.len());
                Some(Change::Write { offset: *offset, bytes: bytes[..kept].to_vec() })
            }
            (2, Change::Write { offset, bytes }) if !bytes.is_empty() => {
                let mut torn = bytes.clone();
                let zeroed = dice.below(bytes.len());
                torn[zeroed..].fill(0);
                Some(Change::Write { offset: *offset, bytes: torn })
            }
            _ => Some(change.clone()),
        }
    }
}
