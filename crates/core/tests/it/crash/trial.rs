//! One mutation with one thing that goes wrong, and all that must hold afterwards.

use std::collections::HashSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use packwright::service::{Response, Status};
use packwright_testkit::model::{Call, Counted, Fault, FaultKind, Image, Outcome};
use packwright_testkit::{Dice, ModelFs};
use rustix::io::Errno;
use serde_json::Value;

use super::authored::{Authored, Known, has_next};
use super::scenarios::{COMMON, COMMON_BEFORE, NEXT, Scenario};
use super::session::{Ground, Session, filled};

const LIST: &str = r#"{"service": "list_assets"}"#;
const DOCTOR: &str = r#"{"service": "doctor"}"#;

/// What must hold; each is a check of its own, so that a mistake in the product is caught by the one that is meant to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Check {
    /// What people wrote is exactly as before or exactly as after.
    AllOrNothing,
    /// What was answered with `ok` is done, and stays done.
    OkIsDone,
    /// What was answered with an error is not done, now and later.
    ErrorIsNotDone,
    /// A success leaves no temporary file, no journal and nothing that was to be deleted.
    NoLitter,
    /// The workspace opens again, and the next mutation succeeds.
    GoesOn,
    /// Reads are answered, whatever does not work.
    ReadsGoOn,
    /// The doctor finds what it would find had nothing gone wrong.
    DoctorAgrees,
    /// Events keep their contract.
    EventsHold,
    /// Nothing panics.
    NoPanic,
}

/// A check that failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) check: Check,
    /// How to get there again.
    pub(super) way: String,
    pub(super) said: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}\n    {}", self.check, self.way, self.said)
    }
}

/// A scenario, played once as it should be.
pub(super) struct Trial<'a> {
    pub(super) scenario: &'a Scenario,
    ground: &'a Ground,
    /// The workspace as the mutation finds it, all durable.
    prepared: ModelFs,
    /// The answers to what prepared it.
    answers: Vec<Value>,
    known: Known,
    before: Ending,
    after: Ending,
    /// The calls of opening, mutation and closing, where nothing goes wrong.
    pub(super) calls: Vec<Call>,
    pub(super) tally: Tally,
}

/// What was tried.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Faults while a mutation ran.
    pub(super) faults: usize,
    /// Disks that a workspace was opened on again.
    pub(super) crashes: usize,
    /// Faults while a workspace was opened again.
    pub(super) recoveries: usize,
    pub(super) failures: Vec<Failure>,
}

/// One of the two ways in which things may end.
#[derive(Debug)]
struct Ending {
    authored: Authored,
    /// What the doctor finds.
    found: Vec<String>,
}

/// Which endings there may be.
#[derive(Debug, Clone, Copy)]
struct May {
    be_before: bool,
    be_after: bool,
    /// Whether empty folders may be left, which nobody was permitted to remove when there was time for it.
    leave_folders: bool,
}

/// Ends a trial where a check fails.
type Checked<T = ()> = Result<T, (Check, String)>;

impl<'a> Trial<'a> {
    pub(super) fn new(scenario: &'a Scenario, ground: &'a Ground) -> Self {
        let prepared = ModelFs::from_text(&format!("{COMMON}{}", scenario.text));
        let plain = Ground::plain();
        let session = Session::open(&prepared, &plain).expect("a workspace");
        let mut answers = Vec::new();
        for request in std::iter::once(&COMMON_BEFORE).chain(scenario.before) {
            let response = session.ask(&filled(request, &answers));
            assert!(matches!(response.status, Status::Ok | Status::Preview), "{}: {response:?}", scenario.name);
            answers.push(serde_json::to_value(&response).expect("JSON"));
        }
        session.close().expect("events hold");
        prepared.settle();
        let known = Known::of(&prepared.image());
        let before = ending(&prepared.copy(), &plain, &known);
        let done = prepared.copy();
        let session = Session::open(&done, &plain).expect("a workspace");
        let last = ask_all(&session, scenario, &answers);
        assert_eq!(last.status, Status::Ok, "{}: {last:?}", scenario.name);
        session.close().expect("events hold");
        let calls = done.calls();
        let after = ending(&done.copy(), &plain, &known);
        assert_ne!(before.authored, after.authored, "{} changes something", scenario.name);
        Self { scenario, ground, prepared, answers, known, before, after, calls, tally: Tally::default() }
    }

    /// Everything that can go wrong while the mutation runs.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for counted in [Counted::Changes, Counted::All] {
            let calls = self.calls.iter().filter(|call| counted.counts(call.kind));
            for (at, call) in calls.enumerate() {
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
            }
        }
        faults
    }

    /// Tries one fault, and crashes after it.
    pub(super) fn attempt(&mut self, fault: Fault, seed: u64) {
        self.tally.faults += 1;
        let way = format!("{} seed {seed}: {}", self.scenario.name, told(&fault, &self.calls));
        let tried = catch_unwind(AssertUnwindSafe(|| self.mutate(fault, seed)));
        let said = |panic: Box<dyn std::any::Any + Send>| {
            let said = panic.downcast_ref::<String>().cloned();
            said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned())).unwrap_or_default()
        };
        let (more, failed) = match tried {
            Ok(Ok(())) => return,
            Ok(Err((more, failed))) => (more, failed),
            Err(panic) => (String::new(), (Check::NoPanic, said(panic))),
        };
        self.tally.failures.push(Failure { check: failed.0, way: way + &more, said: failed.1 });
    }

    fn mutate(&mut self, fault: Fault, seed: u64) -> Result<(), (String, (Check, String))> {
        let files = self.prepared.copy();
        files.fail(fault);
        let here = |failed| (String::new(), failed);
        let (at_answer, may) = match Session::open(&files, self.ground) {
            Err(_) => (files.copy(), May { be_after: files.is_stopped(), ..May::ANY }),
            Ok(session) => {
                let answer = ask_all(&session, self.scenario, &self.answers);
                let may = if files.is_stopped() { May::ANY } else { may_be(&answer).map_err(here)? };
                let at_answer = files.copy();
                if !files.is_stopped() {
                    self.answered(&files, &session, &answer, fault, may).map_err(here)?;
                }
                let closed = session.close();
                if !files.is_stopped() {
                    closed.map_err(|broken| here((Check::EventsHold, broken)))?;
                    self.durable_next(&files, may).map_err(here)?;
                }
                (at_answer, may)
            }
        };
        self.crash(&at_answer, may, seed)
    }

    /// After an answer, in the same process.
    fn answered(&self, files: &ModelFs, session: &Session, answer: &Response, fault: Fault, may: May) -> Checked {
        let said = || format!("answered {:?}: {}", answer.status, answer.summary);
        if !is_unsettled(answer) {
            self.is_one_of(&files.image(), may).map_err(|(check, what)| (check, format!("{}, and {what}", said())))?;
        }
        reads_go_on(session, fault).map_err(|(check, what)| (check, format!("{}; {what}", said())))?;
        files.heal();
        self.goes_on(files, session, may).map_err(|(check, what)| (check, format!("{}, then {what}", said())))
    }

    /// The next mutation of an open workspace, with nothing that goes wrong.
    fn goes_on(&self, files: &ModelFs, session: &Session, may: May) -> Checked {
        let next = session.ask(NEXT);
        need(next.status == Status::Ok, Check::GoesOn, || format!("the next mutation: {next:?}"))?;
        let image = files.image();
        let ending = self.is_one_of(&image, may)?;
        need(has_next(&image), Check::OkIsDone, || "the next mutation is not there".to_owned())?;
        need_no_litter(&image)?;
        self.is_exactly(ending, &image, may)?;
        let found = found(&session.ask(DOCTOR));
        need(found == ending.found, Check::DoctorAgrees, || format!("{found:?}, and not {:?}", ending.found))
    }

    /// That what the next mutation found and did is durable.
    fn durable_next(&self, files: &ModelFs, may: May) -> Checked {
        for outcome in [Outcome::Dropped, Outcome::NamesOnly] {
            let image = files.crash(outcome).image();
            self.is_one_of(&image, may)
                .map_err(|(check, what)| (check, format!("after the next, {outcome:?}: {what}")))?;
            need(has_next(&image), Check::OkIsDone, || format!("{outcome:?}: the next mutation is not there"))?;
        }
        Ok(())
    }

    /// Crashes in many ways, and opens the workspace again after each.
    fn crash(&mut self, files: &ModelFs, may: May, seed: u64) -> Result<(), (String, (Check, String))> {
        let mut dice = Dice::new(seed);
        let mut seen: HashSet<Image> = HashSet::new();
        let chosen = [(); 3].map(|()| Outcome::Chosen(dice.throw() % 1_000_000));
        for outcome in Outcome::FIXED.into_iter().chain(chosen) {
            let left = files.crash(outcome);
            // What a killed process leaves is no disk like others: part of it is not durable.
            if outcome != Outcome::Killed && !seen.insert(left.image()) {
                continue;
            }
            let there = |more: &str, failed| (format!(", {outcome:?}{more}"), failed);
            self.tally.crashes += 1;
            let calls = self.open_again(&left.copy(), may).map_err(|failed| there("", failed))?;
            for _ in 0..RECOVERIES {
                let Some(fault) = any_fault(&calls, &mut dice) else { continue };
                let again = Outcome::Chosen(dice.throw() % 1_000_000);
                self.tally.recoveries += 1;
                let recovered = self.open_failing(&left.copy(), fault, again, may);
                recovered.map_err(|failed| there(&format!(", opening {}, {again:?}", told(&fault, &calls)), failed))?;
            }
        }
        Ok(())
    }

    /// Opens a workspace after a crash. Returns the calls that opening took.
    fn open_again(&self, files: &ModelFs, may: May) -> Checked<Vec<Call>> {
        let session = Session::open(files, self.ground).map_err(|error| (Check::GoesOn, error.to_string()))?;
        let calls = files.calls();
        self.is_one_of(&files.image(), may)?;
        let listed = session.ask(LIST);
        need(listed.status == Status::Ok, Check::ReadsGoOn, || format!("{listed:?}"))?;
        self.goes_on(files, &session, may)?;
        session.close().map_err(|broken| (Check::EventsHold, broken))?;
        self.durable_next(files, may)?;
        Ok(calls)
    }

    /// Opens a workspace after a crash while something goes wrong again; then once more.
    fn open_failing(&self, files: &ModelFs, fault: Fault, outcome: Outcome, may: May) -> Checked {
        let is_denied = |error| [Errno::ACCESS, Errno::PERM, Errno::ROFS].contains(&error);
        let may = May { leave_folders: matches!(fault.kind, FaultKind::Error(error) if is_denied(error)), ..may };
        files.fail(fault);
        if let Ok(session) = Session::open(files, self.ground) {
            if files.is_stopped() {
                drop(session);
            } else {
                reads_go_on(&session, fault)?;
                files.heal();
                let left = files.copy();
                self.goes_on(files, &session, may)?;
                session.close().map_err(|broken| (Check::EventsHold, broken))?;
                self.durable_next(files, may)?;
                return self.open_again(&left.crash(outcome), may).map(drop);
            }
        }
        self.open_again(&files.crash(outcome), may).map(drop)
    }

    /// Which ending an image is, of those that may be.
    fn is_one_of(&self, image: &Image, may: May) -> Checked<&Ending> {
        let authored = Authored::of(image, &self.known).without_empty_folders();
        let is_before = authored == self.before.authored.without_empty_folders();
        if !is_before && authored != self.after.authored.without_empty_folders() {
            let apart = |ending: &Ending| authored.difference(&ending.authored).unwrap_or_default();
            let said = format!("neither before ({}) nor after ({})", apart(&self.before), apart(&self.after));
            return Err((Check::AllOrNothing, said));
        }
        need(!is_before || may.be_before, Check::OkIsDone, || "all is as before".to_owned())?;
        need(is_before || may.be_after, Check::ErrorIsNotDone, || "all is as after".to_owned())?;
        Ok(if is_before { &self.before } else { &self.after })
    }

    /// Whether not even an empty folder is there that does not belong.
    fn is_exactly(&self, ending: &Ending, image: &Image, may: May) -> Checked {
        let difference = Authored::of(image, &self.known).difference(&ending.authored);
        need(difference.is_none() || may.leave_folders, Check::NoLitter, || difference.unwrap_or_default())
    }
}

impl May {
    const ANY: Self = Self { be_before: true, be_after: true, leave_folders: false };
}

/// How many things go wrong, one at a time, while a workspace is opened again.
const RECOVERIES: usize = 2;

fn need(holds: bool, check: Check, said: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err((check, said())) }
}

/// Asks what a mutation consists of. The last answer, or the first that is no preview, counts.
fn ask_all(session: &Session, scenario: &Scenario, answers: &[Value]) -> Response {
    let mut answers = answers.to_vec();
    let (last, first) = scenario.requests.split_last().expect("a request");
    for request in first {
        let response = session.ask(&filled(request, &answers));
        if response.status != Status::Preview {
            return response;
        }
        answers.push(serde_json::to_value(&response).expect("JSON"));
    }
    session.ask(&filled(last, &answers))
}

/// Reads are answered. One that could not see what the settings say may be blocked by that, and no change may.
fn reads_go_on(session: &Session, fault: Fault) -> Checked {
    let listed = session.ask(LIST);
    let is_answered = match fault.counted {
        Counted::Changes => listed.status == Status::Ok,
        Counted::All => matches!(listed.status, Status::Ok | Status::Blocked) && !listed.summary.contains("BUG"),
    };
    need(is_answered, Check::ReadsGoOn, || format!("{listed:?}"))
}

/// Whether an answer says that something was done half and could not be taken back: then only the next to open or write
/// can do so.
fn is_unsettled(answer: &Response) -> bool {
    answer.status == Status::Indeterminate
        && answer.runtime_state.reasons.iter().any(|reason| reason.code == "recovery_needed")
}

fn may_be(answer: &Response) -> Checked<May> {
    need(!answer.summary.contains("BUG"), Check::NoPanic, || answer.summary.clone())?;
    match answer.status {
        Status::Ok => Ok(May { be_before: false, ..May::ANY }),
        Status::Failed | Status::Blocked | Status::Cancelled => Ok(May { be_after: false, ..May::ANY }),
        Status::Indeterminate => Ok(May::ANY),
        Status::Preview => Err((Check::GoesOn, format!("a mutation was answered with a preview: {answer:?}"))),
    }
}

fn ending(files: &ModelFs, ground: &Ground, known: &Known) -> Ending {
    let authored = Authored::of(&files.image(), known);
    let session = Session::open(files, ground).expect("a workspace");
    // As every trial finds it: with the next one registered.
    assert_eq!(session.ask(NEXT).status, Status::Ok);
    let found = found(&session.ask(DOCTOR));
    session.close().expect("events hold");
    Ending { authored, found }
}

/// What the doctor finds, by code, in order.
fn found(doctor: &Response) -> Vec<String> {
    if doctor.status != Status::Ok {
        return vec![format!("{:?}: {}", doctor.status, doctor.summary)];
    }
    let mut found: Vec<String> = doctor.diagnostics.iter().map(|one| format!("{:?}", one.code)).collect();
    found.sort();
    found
}

/// What no success leaves behind.
fn need_no_litter(image: &Image) -> Checked {
    let is_temporary = |path: &str| path.rsplit('/').next().is_some_and(packwright::fs::is_temporary_name);
    let is_unfinished = |path: &str| [".packwright/journal", ".packwright/holder.json"].contains(&path);
    let is_litter = |path: &str| is_temporary(path) || is_unfinished(path) || path.starts_with(".packwright/trash/");
    let litter: Vec<&String> = image.keys().filter(|path| is_litter(path)).collect();
    need(litter.is_empty(), Check::NoLitter, || format!("{litter:?}"))
}

/// Any fault that some call of these may have.
fn any_fault(calls: &[Call], dice: &mut Dice) -> Option<Fault> {
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

/// A fault in words.
fn told(fault: &Fault, calls: &[Call]) -> String {
    let call = calls.iter().filter(|call| fault.counted.counts(call.kind)).nth(fault.at);
    let at = call.map(|call| format!("{:?} {}", call.kind, call.path)).unwrap_or_default();
    let for_ever = if fault.for_ever { " for ever" } else { "" };
    let counted = if fault.counted == Counted::All { "call" } else { "change" };
    let name =
        |error: rustix::io::Errno| NAMES.iter().find(|(known, _)| *known == error).map_or("?", |(_, name)| *name);
    match fault.kind {
        FaultKind::Cut => format!("cut before {counted} {} ({at})", fault.at),
        FaultKind::Error(error) => format!("{}{for_ever} at {counted} {} ({at})", name(error), fault.at),
        FaultKind::DoneAndError(error) => format!("{}{for_ever} after {counted} {} ({at})", name(error), fault.at),
    }
}

/// Errors as the system's manual names them.
const NAMES: [(Errno, &str); 17] = [
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
    (Errno::NOTEMPTY, "ENOTEMPTY"),
    (Errno::NOLCK, "ENOLCK"),
    (Errno::INTR, "EINTR"),
];
