//! A scenario made ready: the workspace as its mutation finds it, and both of its endings.

use packwright::service::Status;
use packwright_testkit::ModelFs;
use packwright_testkit::model::{Call, Counted, Fault, FaultKind, Outcome};
use serde_json::Value;

use super::authored::{Authored, Known};
use super::checks::{Ending, Endings, Told};
use super::faults::all_faults;
use super::scenarios::{COMMON, COMMON_BEFORE, Kind, NEXT, Scenario, Unfinished};
use super::session::{Ground, Session, filled};

/// A scenario, played once as it should be.
pub(super) struct Prepared {
    pub(super) scenario: &'static Scenario,
    /// The workspace as the mutation finds it, all durable.
    pub(super) files: ModelFs,
    /// The answers to what prepared it.
    pub(super) answers: Vec<Value>,
    pub(super) endings: Endings,
    /// The calls of opening, mutation and closing, where nothing goes wrong.
    pub(super) calls: Vec<Call>,
}

impl Prepared {
    pub(super) fn new(scenario: &'static Scenario) -> Self {
        let plain = Ground::plain();
        let (files, answers) = match scenario.kind {
            Kind::NewFolder => (ModelFs::from_text(scenario.text), Vec::new()),
            _ => workspace(scenario, &plain),
        };
        let files = match scenario.kind {
            Kind::Settlement(unfinished) => stopped(&files, unfinished, &answers, &plain),
            _ => files,
        };
        files.settle();
        let known = Known::of(&files.image(), scenario.kind == Kind::Outputs);
        let before = ending(&files.copy(), &plain, &known, matches!(scenario.kind, Kind::Whole | Kind::Outputs));
        let done = files.copy();
        let session = match scenario.kind {
            Kind::NewFolder => Session::start(&done, &plain),
            _ => Session::open(&done, &plain).expect("a workspace"),
        };
        let last = session.ask_all(scenario.requests, &answers);
        assert_eq!(last.status, Status::Ok, "{}: {last:?}", scenario.name);
        session.close().expect("events hold");
        let calls = done.calls();
        let after = ending(&done.copy(), &plain, &known, true);
        assert!(
            before.authored != after.authored || matches!(scenario.kind, Kind::Settlement(_)),
            "{} changes something",
            scenario.name
        );
        Self { scenario, files, answers, endings: Endings { known, before, after }, calls }
    }
}

impl Prepared {
    /// Everything that can go wrong while the mutation runs.
    pub(super) fn faults(&self) -> Vec<Fault> {
        all_faults(&self.calls)
    }
}

/// The workspace of a scenario, and the answers to what made it so.
fn workspace(scenario: &Scenario, ground: &Ground) -> (ModelFs, Vec<Value>) {
    let files = ModelFs::from_text(&format!("{COMMON}{}", scenario.text));
    let session = Session::open(&files, ground).expect("a workspace");
    let mut answers = Vec::new();
    for request in std::iter::once(&COMMON_BEFORE).chain(scenario.before) {
        let response = session.ask(&filled(request, &answers));
        assert!(matches!(response.status, Status::Ok | Status::Preview), "{}: {response:?}", scenario.name);
        answers.push(serde_json::to_value(&response).expect("JSON"));
    }
    session.close().expect("events hold");
    for path in files.image().into_keys().filter(|path| path.ends_with("asset.json")) {
        files.set_mode(&path, 0o640);
    }
    files.set_mode("packwright.registry.json", 0o664);
    (scenario.then)(&files);
    files.settle();
    (files, answers)
}

/// The workspace after another operation was stopped half-way and something changed then.
fn stopped(files: &ModelFs, unfinished: &Unfinished, answers: &[Value], ground: &Ground) -> ModelFs {
    let play = |files: &ModelFs| {
        let session = Session::open(files, ground).expect("a workspace");
        drop(session.ask_all(unfinished.requests, answers));
        drop(session.close());
    };
    let whole = files.copy();
    play(&whole);
    let (kind, path) = unfinished.before;
    let changes = whole.calls().into_iter().filter(|call| call.kind.is_change());
    let at = changes.enumerate().find(|(_, call)| call.kind == kind && call.path == path);
    let (at, _) = at.unwrap_or_else(|| panic!("there is no {kind:?} {path}"));
    files.fail(Fault { at, counted: Counted::Changes, kind: FaultKind::Cut, for_ever: true });
    play(files);
    let files = files.crash(Outcome::Kept);
    (unfinished.then)(&files);
    files
}

/// What is there, and what is there and is told of it once the next mutation is done, where it can be.
pub(super) fn ending(files: &ModelFs, ground: &Ground, known: &Known, has_next: bool) -> Ending {
    let authored = Authored::of(&files.image(), known);
    let told = match Session::open(files, ground) {
        Ok(session) if has_next => {
            assert_eq!(session.ask(NEXT).status, Status::Ok);
            let told = Told::of(|request| session.ask(request));
            session.close().expect("events hold");
            told
        }
        _ => Told::default(),
    };
    Ending { authored, next: Authored::of(&files.image(), known), told }
}
