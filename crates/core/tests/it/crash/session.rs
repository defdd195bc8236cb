//! The whole runtime on a model of the disk: opening, asking, closing, and what is said meanwhile.

use std::sync::Arc;
use std::time::Duration;

use packwright::event::{Checker, EventBus, Filter, Subscription};
use packwright::fs::SharedFs;
use packwright::service::{Request, Response, Status};
use packwright::{OpenError, Packer, Project};
use packwright_testkit::ModelFs;
use serde_json::Value;

/// Where workspaces are opened, and what stands between the runtime and the model.
#[derive(Clone)]
pub(super) struct Ground {
    /// A folder that is there; nothing is written to it.
    folder: Arc<tempfile::TempDir>,
    between: Arc<Between>,
}

/// How the runtime sees a model.
type Between = dyn Fn(&ModelFs) -> SharedFs + Send + Sync;

impl Ground {
    /// Nothing stands between.
    pub(super) fn plain() -> Self {
        Self::through(|files| Arc::new(files.clone()))
    }

    pub(super) fn through(between: impl Fn(&ModelFs) -> SharedFs + Send + Sync + 'static) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        Self { folder, between: Arc::new(between) }
    }
}

/// A process that has a workspace open, or is to make one.
pub(super) struct Session {
    packer: Packer,
    project: Option<Project>,
    folder: String,
    said: Subscription,
    checker: Checker,
}

impl Session {
    /// A process that has nothing open yet.
    pub(super) fn start(files: &ModelFs, ground: &Ground) -> Self {
        let bus = EventBus::new();
        let said = bus.subscribe(Filter::all());
        let (files, between) = (files.clone(), Arc::clone(&ground.between));
        let builder = Packer::builder(bus).importers(packwright_importers::standard()).threads(1);
        let packer = builder.lock_wait(Duration::ZERO).files(move |_| between(&files)).build();
        let folder = ground.folder.path().to_str().expect("a path that is text").to_owned();
        Self { packer, project: None, folder, said, checker: Checker::default() }
    }

    pub(super) fn open(files: &ModelFs, ground: &Ground) -> Result<Self, OpenError> {
        let mut session = Self::start(files, ground);
        session.project = Some(session.packer.open(&session.folder)?);
        Ok(session)
    }

    pub(super) fn is_open(&self) -> bool {
        self.project.is_some()
    }

    /// `FOLDER` in a request stands for where the workspace is.
    pub(super) fn ask(&self, request: &str) -> Response {
        let request = request.replace("FOLDER", &self.folder);
        let request: Request = serde_json::from_str(&request).unwrap_or_else(|error| panic!("{request}: {error}"));
        match (request, &self.project) {
            (Request::InitWorkspace(init), None) => self.packer.init(init),
            (request, Some(project)) => project.call(request),
            (request, None) => panic!("{request:?} needs an open workspace"),
        }
    }

    /// Asks one after the other. The last answer counts, or the first that is no preview.
    pub(super) fn ask_all(&self, requests: &[&str], answers: &[Value]) -> Response {
        let mut answers = answers.to_vec();
        let (last, first) = requests.split_last().expect("a request");
        for request in first {
            let response = self.ask(&filled(request, &answers));
            if response.status != Status::Preview {
                return response;
            }
            answers.push(serde_json::to_value(&response).expect("JSON"));
        }
        self.ask(&filled(last, &answers))
    }

    /// Closes it; says which rule of the events was broken since it was started.
    pub(super) fn close(self) -> Result<(), String> {
        let Self { packer, project, mut said, mut checker, .. } = self;
        drop((project, packer));
        while let Some(event) = said.try_next() {
            checker.observe(&event).map_err(|violation| format!("{violation}: {event:?}"))?;
        }
        checker.finish().map_err(|violation| violation.to_string())
    }
}

/// A request with what earlier answers hold put into it: `{N:/a/b}`.
pub(super) fn filled(request: &str, answers: &[Value]) -> String {
    let mut out = String::new();
    let mut rest = request;
    while let Some((before, hole, after)) = next_hole(rest) {
        out.push_str(before);
        let (n, pointer) = hole.split_once(':').expect("a hole has a number and a place");
        let answer = &answers[n.parse::<usize>().expect("a number")];
        let found = answer.pointer(pointer).unwrap_or_else(|| panic!("there is no {pointer} in {answer}"));
        out.push_str(&found.as_str().map_or_else(|| found.to_string(), str::to_owned));
        rest = after;
    }
    out + rest
}

fn next_hole(text: &str) -> Option<(&str, &str, &str)> {
    let (start, _) =
        text.match_indices('{').find(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_digit()))?;
    let end = start + text[start..].find('}')?;
    Some((&text[..start], &text[start + 1..end], &text[end + 1..]))
}

#[test]
fn a_request_is_filled_from_earlier_answers() {
    let answers = [serde_json::json!({"data": {"plan": {"id": "x"}, "n": [1, 2]}})];
    assert_eq!(filled(r#"{"a": "{0:/data/plan/id}", "b": {0:/data/n/1}}"#, &answers), r#"{"a": "x", "b": 2}"#);
}
