//! What must hold after a fault, and the two ways in which a mutation may end.

use std::fmt;

use packwright::service::{Response, Status};
use packwright_testkit::model::{Image, Thing};
use serde_json::Value;

use super::authored::{Authored, Known};

/// What must hold; each is a check of its own, so that a mistake in the product is caught by the one that is meant to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Check {
    /// What people wrote is exactly as before or exactly as after.
    AllOrNothing,
    /// What was answered with `ok` is done, and stays done.
    OkIsDone,
    /// What was answered with an error is not done, now and later.
    ErrorIsNotDone,
    /// A success leaves no temporary file, no journal, no empty folder and nothing that was to be deleted.
    NoLitter,
    /// The workspace opens again, and the next mutation succeeds.
    GoesOn,
    /// What others put there meanwhile stays.
    NothingOverwritten,
    /// Nobody but a person ends what cannot be ended safely.
    LeftToAPerson,
    /// Reads are answered, whatever does not work.
    ReadsGoOn,
    /// The doctor finds what it would find had nothing gone wrong.
    DoctorAgrees,
    /// The history tells of what was done, and of nothing else.
    HistoryAgrees,
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

/// Ends a trial where a check fails.
pub(super) type Checked<T = ()> = Result<T, (Check, String)>;

pub(super) fn need(holds: bool, check: Check, said: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err((check, said())) }
}

/// Which endings there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct May {
    pub(super) be_before: bool,
    pub(super) be_after: bool,
    /// Whether empty folders may be left, which nobody was permitted to remove when there was time for it.
    pub(super) leave_folders: bool,
}

impl May {
    pub(super) const ANY: Self = Self { be_before: true, be_after: true, leave_folders: false };

    /// What an answer leaves open.
    pub(super) fn after(answer: &Response) -> Checked<Self> {
        need(!answer.summary.contains("BUG"), Check::NoPanic, || answer.summary.clone())?;
        match answer.status {
            Status::Ok => Ok(Self { be_before: false, ..Self::ANY }),
            Status::Failed | Status::Blocked | Status::Cancelled => Ok(Self { be_after: false, ..Self::ANY }),
            Status::Indeterminate => Ok(Self::ANY),
            Status::Preview => Err((Check::GoesOn, format!("a mutation was answered with a preview: {answer:?}"))),
        }
    }
}

/// One of the two ways in which things may end.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) authored: Authored,
    /// What the doctor finds, and what the history tells, once the next mutation is done.
    pub(super) told: Told,
}

/// What is told of a workspace.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// The doctor's findings, by code.
    pub(super) found: Vec<String>,
    /// The services in the history, the newest first.
    pub(super) history: Vec<String>,
}

impl Told {
    pub(super) fn of(ask: impl Fn(&str) -> Response) -> Self {
        let list = |response: &Response, list: &str, field: &str| -> Vec<String> {
            let json = serde_json::to_value(response).expect("JSON");
            let elements = json.pointer(list).and_then(Value::as_array);
            let failed = || vec![format!("{:?}: {}", response.status, response.summary)];
            let field = |element: &Value| element[field].to_string();
            elements
                .filter(|_| response.status == Status::Ok)
                .map_or_else(failed, |list| list.iter().map(field).collect())
        };
        let mut found = list(&ask(r#"{"service": "doctor"}"#), "/diagnostics", "code");
        found.sort();
        Self { found, history: list(&ask(r#"{"service": "get_history"}"#), "/data/operations", "service") }
    }

    /// Whether it is told as it should be.
    pub(super) fn agrees(&self, with: &Self) -> Checked {
        need(self.found == with.found, Check::DoctorAgrees, || format!("{:?}, and not {:?}", self.found, with.found))?;
        let said = || format!("{:?}, and not {:?}", self.history, with.history);
        need(self.history == with.history, Check::HistoryAgrees, said)
    }
}

/// Both ways.
pub(super) struct Endings {
    pub(super) known: Known,
    pub(super) before: Ending,
    pub(super) after: Ending,
}

impl Endings {
    /// Which an image is, of those that may be. Empty folders do not count yet.
    pub(super) fn one(&self, image: &Image, may: May) -> Checked<&Ending> {
        let authored = Authored::of(image, &self.known).without_empty_folders();
        let apart = |ending: &Ending| authored.difference(&ending.authored.without_empty_folders());
        match (apart(&self.before), apart(&self.after)) {
            // What changes no file is before and after at once.
            (None, _) if may.be_before => Ok(&self.before),
            (_, None) if may.be_after => Ok(&self.after),
            (None, _) => Err((Check::OkIsDone, "all is as before".to_owned())),
            (_, None) => Err((Check::ErrorIsNotDone, "all is as after".to_owned())),
            (Some(before), Some(after)) => {
                Err((Check::AllOrNothing, format!("neither before ({before}) nor after ({after})")))
            }
        }
    }

    /// As [`one`](Self::one), with not even an empty folder that does not belong.
    pub(super) fn exactly_one(&self, image: &Image, may: May) -> Checked<&Ending> {
        let ending = self.one(image, may)?;
        let difference = Authored::of(image, &self.known).difference(&ending.authored);
        need(difference.is_none() || may.leave_folders, Check::NoLitter, || difference.unwrap_or_default())?;
        Ok(ending)
    }
}

/// Whether something was stopped half-way and is still to be ended.
pub(super) fn is_unfinished(image: &Image) -> bool {
    image.contains_key(JOURNAL)
}

const JOURNAL: &str = ".packwright/journal";

/// What no success leaves behind.
pub(super) fn need_no_litter(image: &Image) -> Checked {
    let is_temporary = |path: &str| path.rsplit('/').next().is_some_and(packwright::fs::is_temporary_name);
    let is_left_over = |path: &str| [JOURNAL, ".packwright/holder.json"].contains(&path);
    let is_litter = |path: &str| is_temporary(path) || is_left_over(path) || path.starts_with(".packwright/trash/");
    let litter: Vec<(&String, &Thing)> = image.iter().filter(|(path, _)| is_litter(path)).collect();
    need(litter.is_empty(), Check::NoLitter, || format!("{litter:?}"))
}
