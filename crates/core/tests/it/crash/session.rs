//! The whole runtime on a model of the disk: opening, asking, closing, and what is said meanwhile.

use std::sync::Arc;

use packwright::event::{Checker, EventBus, Filter, Subscription};
use packwright::fs::SharedFs;
use packwright::service::{Request, Response};
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

/// An open workspace.
pub(super) struct Session {
    project: Project,
    said: Subscription,
    checker: Checker,
}

impl Session {
    pub(super) fn open(files: &ModelFs, ground: &Ground) -> Result<Self, OpenError> {
        let bus = EventBus::new();
        let said = bus.subscribe(Filter::all());
        let (files, between) = (files.clone(), Arc::clone(&ground.between));
        let packer = Packer::builder(bus).importers(packwright_importers::standard()).threads(1);
        let packer = packer.lock_wait(std::time::Duration::ZERO).files(move |_| between(&files)).build();
        let project = packer.open(ground.folder.path())?;
        Ok(Self { project, said, checker: Checker::default() })
    }

    pub(super) fn ask(&self, request: &str) -> Response {
        let request: Request = serde_json::from_str(request).unwrap_or_else(|error| panic!("{request}: {error}"));
        self.project.call(request)
    }

    /// Closes it; says which rule of the events was broken since it was opened.
    pub(super) fn close(self) -> Result<(), String> {
        let Self { project, mut said, mut checker } = self;
        drop(project);
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
