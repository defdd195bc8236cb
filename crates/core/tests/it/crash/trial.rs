//! One mutation with one thing that goes wrong, a crash after it, and all that must hold then.

use std::any::Any;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use packwright::service::{Data, Response, State, Status};
use packwright_testkit::model::{Call, Counted, Fault, Image, Outcome};
use packwright_testkit::{Dice, ModelFs};

use super::authored::{Authored, has_next};
use super::checks::{Check, Checked, Endings, Failure, May, Told, is_unfinished, need, need_no_litter};
use super::faults::{any_fault, is_denied, told};
use super::prepared::{Prepared, ending};
use super::scenarios::{Kind, NEXT};
use super::session::{Ground, Session};

const LIST: &str = r#"{"service": "list_assets"}"#;

/// How many things go wrong, one at a time, while a workspace is opened again after a crash; where nobody says how many.
const RECOVERIES: usize = 2;

/// A scenario under trial.
pub(super) struct Trial<'a> {
    prepared: &'a Prepared,
    ground: &'a Ground,
    n_recoveries: usize,
    /// How the attempt may end.
    endings: Endings,
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

/// A check that failed, and how it came to it after the fault.
type Broken = (String, (Check, String));

impl<'a> Trial<'a> {
    pub(super) fn new(prepared: &'a Prepared, ground: &'a Ground) -> Self {
        let n_recoveries = super::from_environment("CRASH_RECOVERIES").map_or(RECOVERIES, |n| n as usize);
        Self { prepared, ground, n_recoveries, endings: prepared.endings.clone(), tally: Tally::default() }
    }

    /// Tries one fault, and crashes after it.
    pub(super) fn attempt(&mut self, fault: Fault, seed: u64) {
        self.tally.faults += 1;
        self.endings = self.prepared.endings.clone();
        let way = format!("{} seed {seed}: {}", self.prepared.scenario.name, told(&fault, &self.prepared.calls));
        let tried = catch_unwind(AssertUnwindSafe(|| self.mutate(fault, seed)));
        let (more, (check, said)) = match tried {
            Ok(Ok(())) => return,
            Ok(Err(broken)) => broken,
            Err(panic) => (String::new(), (Check::NoPanic, words(&*panic))),
        };
        self.tally.failures.push(Failure { check, way: way + &more, said });
    }

    fn mutate(&mut self, fault: Fault, seed: u64) -> Result<(), Broken> {
        let files = self.prepared.files.copy();
        files.fail(fault);
        let here = |failed| (String::new(), failed);
        let (at_answer, may) = match self.begin(&files) {
            None => (files.copy(), May { be_after: files.is_stopped(), ..May::ANY }),
            Some(session) => {
                self.is_left(&files).map_err(here)?;
                let answer = session.ask_all(self.prepared.scenario.requests, &self.prepared.answers);
                let at_answer = files.copy();
                if files.is_stopped() {
                    (at_answer, May::ANY)
                } else {
                    let may = May::after(&answer).map_err(here)?;
                    if self.prepared.scenario.is_found && says_what_it_left(&answer) {
                        self.endings.are_met_in_part(&at_answer.image()).map_err(here)?;
                        // It stays so.
                        self.endings.after = ending(&at_answer.copy(), self.ground, &self.endings.known, true);
                    }
                    self.answered(&files, session, (&answer, fault), may).map_err(here)?;
                    (at_answer, may)
                }
            }
        };
        self.crash(&at_answer, may, seed)
    }

    /// A process that is about to ask for the mutation.
    fn begin(&self, files: &ModelFs) -> Option<Session> {
        match self.prepared.scenario.kind {
            Kind::NewFolder => Some(Session::start(files, self.ground)),
            Kind::Whole | Kind::Outputs | Kind::Settlement(_) => Session::open(files, self.ground).ok(),
        }
    }

    /// What only a person may end is as it was when the workspace is open.
    fn is_left(&self, files: &ModelFs) -> Checked {
        let (image, endings) = (files.image(), &self.endings);
        let is_left = || is_unfinished(&image) && Authored::of(&image, &endings.known) == endings.before.authored;
        let is_a_persons = matches!(self.prepared.scenario.kind, Kind::Settlement(_));
        need(!is_a_persons || is_left(), Check::LeftToAPerson, || format!("{image:?}"))
    }

    /// After an answer, in the same process, in which nothing goes wrong any more after a while.
    fn answered(&self, files: &ModelFs, session: Session, (answer, fault): (&Response, Fault), may: May) -> Checked {
        let and = |(check, what)| (check, format!("answered {:?}: {}; {what}", answer.status, answer.summary));
        self.is_so(&files.image(), may, is_unsettled(answer, &session)).map_err(and)?;
        reads_go_on(&session, fault).map_err(and)?;
        files.heal();
        self.goes_on(files, session, may).map_err(and)
    }

    /// What must hold before the next mutation. Where something is unfinished and may be, only the next to open or write can
    /// end it.
    fn is_so(&self, image: &Image, may: May, may_be_unfinished: bool) -> Checked {
        if is_unfinished(image) && may_be_unfinished {
            return need(may.be_before, Check::OkIsDone, || "it is unfinished".to_owned());
        }
        self.endings.are_met(image, may)
    }

    /// What comes next, with nothing that goes wrong: the next mutation, before which one that is only promised to come to its
    /// end is asked for again. Closes the session.
    fn goes_on(&self, files: &ModelFs, session: Session, may: May) -> Checked {
        let (session, may) = match self.prepared.scenario.kind {
            Kind::Whole | Kind::Outputs => (session, may),
            Kind::NewFolder | Kind::Settlement(_) => {
                (self.again(files, session)?, May { be_before: false, be_after: true, ..may })
            }
        };
        let next = session.ask(NEXT);
        need(next.status == Status::Ok, Check::GoesOn, || format!("the next mutation: {next:?}"))?;
        let is_there = |image: &Image| {
            let endings = self.endings.next(image, may)?;
            need(has_next(image), Check::OkIsDone, || "the next mutation is not there".to_owned())?;
            Ok(endings)
        };
        let endings = is_there(&files.image())?;
        need_no_litter(&files.image())?;
        Told::of(|request| session.ask(request)).agrees_with(&endings)?;
        session.close().map_err(|broken| (Check::EventsHold, broken))?;
        for outcome in [Outcome::Dropped, Outcome::NamesOnly] {
            let and = |(check, what)| (check, format!("after the next, {outcome:?}: {what}"));
            is_there(&files.crash(outcome).image()).map_err(and)?;
        }
        Ok(())
    }

    /// The mutation once more, until it is done; with the workspace open then.
    fn again(&self, files: &ModelFs, session: Session) -> Checked<Session> {
        let answer = session.ask_all(self.prepared.scenario.requests, &self.prepared.answers);
        let is_made_already = answer.status == Status::Blocked && answer.summary.contains("is a workspace");
        need(answer.status == Status::Ok || is_made_already, Check::GoesOn, || format!("once more: {answer:?}"))?;
        if session.is_open() {
            return Ok(session);
        }
        session.close().map_err(|broken| (Check::EventsHold, broken))?;
        Session::open(files, self.ground).map_err(|error| (Check::GoesOn, error.to_string()))
    }

    /// Crashes in many ways, and opens the workspace again after each.
    fn crash(&mut self, files: &ModelFs, may: May, seed: u64) -> Result<(), Broken> {
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
            for _ in 0..self.n_recoveries {
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
        let kind = self.prepared.scenario.kind;
        let session = match Session::open(files, self.ground) {
            Ok(session) => session,
            // It is none yet. Whoever makes it one first takes back what was begun.
            Err(packwright::OpenError::NoWorkspace(_)) if kind == Kind::NewFolder => {
                need(may.be_before, Check::OkIsDone, || "it is no workspace".to_owned())?;
                let calls = files.calls();
                self.goes_on(files, Session::start(files, self.ground), may)?;
                return Ok(calls);
            }
            Err(error) => return Err((Check::GoesOn, error.to_string())),
        };
        let calls = files.calls();
        self.is_so(&files.image(), may, !matches!(kind, Kind::Whole | Kind::Outputs))?;
        let listed = session.ask(LIST);
        need(listed.status == Status::Ok, Check::ReadsGoOn, || format!("{listed:?}"))?;
        let session = match kind {
            Kind::NewFolder => {
                session.close().map_err(|broken| (Check::EventsHold, broken))?;
                Session::start(files, self.ground)
            }
            _ => session,
        };
        self.goes_on(files, session, may)?;
        Ok(calls)
    }

    /// Opens a workspace after a crash while something goes wrong again; then once more.
    fn open_failing(&self, files: &ModelFs, fault: Fault, outcome: Outcome, may: May) -> Checked {
        let may = May { leave_folders: is_denied(&fault), ..may };
        files.fail(fault);
        let Ok(session) = Session::open(files, self.ground) else {
            return self.open_again(&files.crash(outcome), may).map(drop);
        };
        let left = files.copy();
        if !files.is_stopped() {
            reads_go_on(&session, fault)?;
            files.heal();
            if self.prepared.scenario.kind != Kind::NewFolder {
                self.goes_on(files, session, may)?;
            }
        }
        self.open_again(&left.crash(outcome), may).map(drop)
    }
}

/// Whether something was fixed, and something could not be looked at.
fn says_what_it_left(answer: &Response) -> bool {
    answer.status == Status::Ok && matches!(&answer.data, Data::ApplyFixes(fixes) if !fixes.failed.is_empty())
}

/// Reads are answered. One that could not see what the settings say may be blocked by that, and no change may.
fn reads_go_on(session: &Session, fault: Fault) -> Checked {
    if !session.is_open() {
        return Ok(());
    }
    let listed = session.ask(LIST);
    let is_answered = match fault.counted {
        Counted::Changes => listed.status == Status::Ok,
        Counted::All => matches!(listed.status, Status::Ok | Status::Blocked) && !listed.summary.contains("BUG"),
    };
    need(is_answered, Check::ReadsGoOn, || format!("{listed:?}"))
}

/// Whether an answer says that nobody knows how far something is done, and where there is a state, that it failed.
fn is_unsettled(answer: &Response, session: &Session) -> bool {
    let is_said = || answer.runtime_state.state == State::Failed;
    answer.status == Status::Indeterminate && (is_said() || !session.is_open())
}

/// What a panic said.
pub(super) fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
