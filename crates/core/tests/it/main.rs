//! The library as a host meets it: workspaces written as text, requests in, responses and files out.

mod beside;
mod build;
mod change;
mod cheap;
mod crash;
mod external;
mod heard;
mod hygiene;
mod lane;
mod observing;
mod reading;
mod runtime;
mod services;
mod structural;
mod through;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use packwright::event::EventBus;
use packwright::service::{Request, Response};
use packwright::{Packer, Project};
use packwright_testkit::Tree;

/// A workspace's settings, with an id that tests can know.
const SETTINGS: &str = "schema = 1\n[project]\nid = \"0199c0de-0000-7000-8000-000000000001\"\nname = \"game\"\n";

/// Stops what goes on beside a test, also where the test fails.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A packer with the standard importers on a bus of its own.
fn packer() -> (Packer, Arc<EventBus>) {
    let bus = heard::bus();
    (Packer::builder(bus.clone()).importers(packwright_importers::standard()).threads(2).build(), bus)
}

/// A workspace with these files beside its settings, open.
fn open(text: &str) -> (Tree, Project) {
    let tree = Tree::from_text(text);
    if !tree.at("packwright.toml").exists() {
        tree.write("packwright.toml", SETTINGS);
    }
    let project = reopen(&tree);
    (tree, project)
}

/// The same workspace in a new process, as far as the library can tell.
fn reopen(tree: &Tree) -> Project {
    packer().0.open(tree.path()).expect("a workspace")
}

/// A request spelled as JSON, as a surface would send it.
fn call(project: &Project, request: &str) -> Response {
    let request: Request = serde_json::from_str(request).unwrap_or_else(|error| panic!("{request}: {error}"));
    let response = project.call(request);
    heard::check();
    response
}
