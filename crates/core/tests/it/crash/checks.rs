//! What must hold after a fault, and the two ways in which a mutation may end.

use std::fmt;

use packwright::service::{Response, Status};
use packwright_testkit::model::Image;
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
    /// What is listed is what lies there.
    ListAgrees,
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
#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub(super) authored: Authored,
    /// The same once the next mutation is done.
    pub(super) next: Authored,
    /// What the doctor finds, and what the history tells, once the next mutation is done.
    pub(super) told: Told,
}

/// What is told of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// The doctor's findings, by code.
    pub(super) found: Vec<String>,
    /// The services in the history, the newest first.
    pub(super) history: Vec<String>,
    /// The assets, and what waits in quarantine.
    pub(super) listed: Vec<String>,
}

impl Told {
    pub(super) fn of(ask: impl Fn(&str) -> Response) -> Self {
        let list = |request: &str, list: &str, fields: &[&str]| -> Vec<String> {
            let response = ask(request);
            let json = serde_json::to_value(&response).expect("JSON");
            let elements = json.pointer(list).and_then(Value::as_array);
            let failed = || vec![format!("{:?}: {}", response.status, response.summary)];
            let told = |element: &Value| fields.iter().map(|field| format!("{} ", element[field])).collect();
            elements
                .filter(|_| response.status == Status::Ok)
                .map_or_else(failed, |list| list.iter().map(told).collect())
        };
        let mut found = list(r#"{"service": "doctor"}"#, "/diagnostics", &["code"]);
        found.sort();
        let history = list(r#"{"service": "get_history"}"#, "/data/operations", &["service"]);
        let fields = ["root", "address", "registered", "included", "quarantined", "state"];
        let mut listed = list(r#"{"service": "list_assets"}"#, "/data/assets", &fields);
        listed.extend(list(r#"{"service": "list_quarantine"}"#, "/data/entries", &["origin", "files", "bytes"]));
        Self { found, history, listed }
    }

    /// Whether it is told as it should be of one of these endings.
    pub(super) fn agrees_with(&self, endings: &[&Ending]) -> Checked {
        let mut told = endings.iter().map(|ending| self.agrees(&ending.told));
        let first = told.next().expect("an ending");
        if told.any(|told| told.is_ok()) { Ok(()) } else { first }
    }

    fn agrees(&self, with: &Self) -> Checked {
        need(self.found == with.found, Check::DoctorAgrees, || format!("{:?}, and not {:?}", self.found, with.found))?;
        let said = || format!("{:?}, and not {:?}", self.history, with.history);
        need(self.history == with.history, Check::HistoryAgrees, said)?;
        need(self.listed == with.listed, Check::ListAgrees, || format!("{:?}, and not {:?}", self.listed, with.listed))
    }
}

/// Both ways.
#[derive(Clone)]
pub(super) struct Endings {
    pub(super) known: Known,
    pub(super) before: Ending,
    pub(super) after: Ending,
}

impl Endings {
    /// Whether each thing in an image is as in one of them, and not all as before.
    pub(super) fn are_met_in_part(&self, image: &Image) -> Checked {
        let authored = Authored::of(image, &self.known);
        let is_none_of_it = authored.difference(&self.before.authored).is_none();
        need(!is_none_of_it, Check::OkIsDone, || "no part of it is done".to_owned())?;
        let strange = authored.between(&self.before.authored, &self.after.authored);
        need(strange.is_none(), Check::AllOrNothing, || format!("{strange:?} is neither as before nor as after"))
    }

    /// Whether an image is one of those that may be. Empty folders do not count yet.
    pub(super) fn are_met(&self, image: &Image, may: May) -> Checked {
        self.met(image, may, |ending| &ending.authored).map(drop)
    }

    /// Which endings an image is, of those that may be, once the next mutation was made: with not even an empty folder that
    /// does not belong.
    pub(super) fn next(&self, image: &Image, may: May) -> Checked<Vec<&Ending>> {
        let met = self.met(image, may, |ending| &ending.next)?;
        let differences = met.iter().map(|ending| Authored::of(image, &self.known).difference(&ending.next));
        let said: Option<Vec<String>> = differences.collect();
        need(said.is_none() || may.leave_folders, Check::NoLitter, || format!("{said:?}"))?;
        Ok(met)
    }

    /// What changes no file is before and after at once.
    fn met(&self, image: &Image, may: May, of: fn(&Ending) -> &Authored) -> Checked<Vec<&Ending>> {
        let authored = Authored::of(image, &self.known).without_empty_folders();
        let apart = |ending| authored.difference(&of(ending).without_empty_folders());
        let (before, after) = (apart(&self.before), apart(&self.after));
        let mut met = Vec::new();
        met.extend((before.is_none() && may.be_before).then_some(&self.before));
        met.extend((after.is_none() && may.be_after).then_some(&self.after));
        if !met.is_empty() {
            return Ok(met);
        }
        match (before, after) {
            (None, _) => Err((Check::OkIsDone, "all is as before".to_owned())),
            (_, None) => Err((Check::ErrorIsNotDone, "all is as after".to_owned())),
            (Some(before), Some(after)) => {
                Err((Check::AllOrNothing, format!("neither before ({before}) nor after ({after})")))
            }
        }
    }
}

/// Whether something was stopped half-way and is still to be ended.
pub(super) fn is_unfinished(image: &Image) -> bool {
    image.contains_key(JOURNAL) || image.contains_key(PUBLISH)
}

const JOURNAL: &str = ".packwright/journal";
const PUBLISH: &str = ".packwright/publish";
const STAGED: &str = ".packwright/staged";

/// What no success leaves behind.
pub(super) fn need_no_litter(image: &Image) -> Checked {
    let is_temporary = |path: &str| path.rsplit('/').next().is_some_and(packwright::fs::is_temporary_name);
    let is_left_over = |path: &str| [JOURNAL, PUBLISH, STAGED, ".packwright/holder.json"].contains(&path);
    let is_litter = |path: &str| is_temporary(path) || is_left_over(path) || path.starts_with(".packwright/trash/");
    let litter: Vec<&String> = image.keys().filter(|path| is_litter(path)).collect();
    need(litter.is_empty(), Check::NoLitter, || format!("{litter:?}"))
}
