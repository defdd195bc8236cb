//! What can go wrong at which call, and how it is told.

use packwright_testkit::Dice;
use packwright_testkit::model::{Call, Counted, Fault, FaultKind};
use rustix::io::Errno;

/// Everything that can go wrong at any of these calls: a stop before each change; each error that each can give, once and
/// from then on; an error of a change that was done all the same.
pub(super) fn all_faults(calls: &[Call]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for counted in [Counted::Changes, Counted::All] {
        for (at, call) in calls.iter().filter(|call| counted.counts(call.kind)).enumerate() {
            // A change is counted among the changes; only looks are left for when all calls count.
            if counted == Counted::All && call.kind.is_change() {
                continue;
            }
            if counted == Counted::Changes {
                faults.push(Fault { at, counted, kind: FaultKind::Cut, for_ever: true });
            }
            for error in call.kind.errors() {
                let kind = FaultKind::Error(*error);
                faults.extend([false, true].map(|for_ever| Fault { at, counted, kind, for_ever }));
            }
            if call.kind.is_change() {
                faults.push(Fault { at, counted, kind: FaultKind::DoneAndError(Errno::IO), for_ever: false });
            }
        }
    }
    faults
}

/// Any fault that some of these calls may have; a stop as often as all errors together.
pub(super) fn any_fault(calls: &[Call], dice: &mut Dice) -> Option<Fault> {
    let counted = if dice.eighths(6) { Counted::Changes } else { Counted::All };
    let calls: Vec<&Call> = calls.iter().filter(|call| counted.counts(call.kind)).collect();
    if calls.is_empty() {
        return None;
    }
    let at = dice.below(calls.len());
    let errors = calls[at].kind.errors();
    let kind = if dice.eighths(4) { FaultKind::Cut } else { FaultKind::Error(errors[dice.below(errors.len())]) };
    Some(Fault { at, counted, kind, for_ever: dice.eighths(4) })
}

/// Whether nobody is permitted to do something.
pub(super) fn is_denied(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Error(Errno::ACCESS | Errno::PERM | Errno::ROFS))
}

/// A fault in words.
pub(super) fn told(fault: &Fault, calls: &[Call]) -> String {
    let call = calls.iter().filter(|call| fault.counted.counts(call.kind)).nth(fault.at);
    let at = call.map(|call| format!("{:?} {}", call.kind, call.path)).unwrap_or_default();
    let for_ever = if fault.for_ever { " for ever" } else { "" };
    let counted = if fault.counted == Counted::All { "call" } else { "change" };
    let (what, when) = match fault.kind {
        FaultKind::Cut => ("cut".to_owned(), "before"),
        FaultKind::Error(error) => (format!("{}{for_ever}", name(error)), "at"),
        FaultKind::DoneAndError(error) => (format!("{}{for_ever}", name(error)), "after"),
    };
    format!("{what} {when} {counted} {} ({at})", fault.at)
}

/// An error as the system's manual names it.
fn name(error: Errno) -> &'static str {
    const NAMES: [(Errno, &str); 15] = [
        (Errno::IO, "EIO"),
        (Errno::NOSPC, "ENOSPC"),
        (Errno::DQUOT, "EDQUOT"),
        (Errno::ACCESS, "EACCES"),
        (Errno::PERM, "EPERM"),
        (Errno::ROFS, "EROFS"),
        (Errno::MFILE, "EMFILE"),
        (Errno::NFILE, "ENFILE"),
        (Errno::NOMEM, "ENOMEM"),
        (Errno::MLINK, "EMLINK"),
        (Errno::FBIG, "EFBIG"),
        (Errno::XDEV, "EXDEV"),
        (Errno::BUSY, "EBUSY"),
        (Errno::EXIST, "EEXIST"),
        (Errno::NOLCK, "ENOLCK"),
    ];
    NAMES.iter().find(|(known, _)| *known == error).map_or("another error", |(_, name)| *name)
}

#[test]
fn every_error_of_every_call_has_a_name() {
    use packwright_testkit::model::CallKind::*;
    let kinds = [
        ReadDir,
        Stat,
        Open,
        ReadAt,
        StatOpen,
        CreateNew,
        WriteAt,
        CopyFrom,
        SetLen,
        Sync,
        CreateDir,
        Rename,
        RenameNoReplace,
        RemoveFile,
        RemoveDir,
        SyncDir,
        CopyMode,
        TryLock,
        IsNetwork,
    ];
    for kind in kinds {
        assert!(kind.errors().iter().all(|error| name(*error).starts_with('E')), "{kind:?}");
    }
}
