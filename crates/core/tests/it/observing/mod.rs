//! Workspaces that are observed while much happens to them. Nothing waits for time to pass: each test waits for what it
//! expects to be said, and where it expects nothing, a little longer than it would take to be said.

mod own;
mod states;
mod storms;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use packwright::Project;
use packwright::event::{Event, EventBus, Filter, Kind, Subscription, check};
use packwright::service::{Response, Status};
use packwright::snapshot::{Snapshot, State};
use packwright_testkit::Tree;
use serde_json::{Value, json};

use crate::reading::fresh;
use crate::reading::same::{assert_same, is_same};
use crate::{SETTINGS, call, packer};

/// Nothing takes so long; what does hangs.
const GENEROUS: Duration = Duration::from_secs(60);
/// Hints are settled sooner, where nothing else happens.
const LONG_ENOUGH: Duration = Duration::from_millis(600);

/// A workspace under observation, and everything that was said of it.
struct Observed {
    tree: Tree,
    project: Project,
    heard: Vec<Arc<Event>>,
    subscription: Subscription,
    _bus: Arc<EventBus>,
}

impl Observed {
    fn new(text: &str) -> Self {
        let tree = Tree::from_text(text);
        tree.write("packwright.toml", SETTINGS);
        Self::of(tree)
    }

    fn of(tree: Tree) -> Self {
        let (packer, bus) = packer();
        let subscription = bus.subscribe(Filter::all());
        let project = packer.open(tree.path()).expect("a workspace");
        let mut observed = Self { tree, project, heard: Vec::new(), subscription, _bus: bus };
        assert!(observed.project.observe().active);
        observed.hear_all();
        observed
    }

    fn ask(&self, request: &Value) -> Response {
        let response = call(&self.project, &request.to_string());
        assert_eq!(response.status, Status::Ok, "{}: {:?}", response.summary, response.blockers);
        response
    }

    /// What was said since the last time.
    fn hear_all(&mut self) -> Vec<Arc<Event>> {
        let events: Vec<Arc<Event>> = std::iter::from_fn(|| self.subscription.try_next()).collect();
        self.heard.extend(events.iter().cloned());
        events
    }

    /// What is said until nothing more is.
    fn hear_until_quiet(&mut self) -> Vec<Arc<Event>> {
        let mut events = self.hear_all();
        while let Some(event) = self.subscription.next_timeout(LONG_ENOUGH) {
            self.heard.push(event.clone());
            events.push(event);
        }
        events
    }

    /// Waits for an event.
    fn until(&mut self, wanted: impl Fn(&Event) -> bool) -> Arc<Event> {
        loop {
            let event = self.subscription.next_timeout(GENEROUS).expect("something more is said");
            self.heard.push(event.clone());
            if wanted(&event) {
                return event;
            }
        }
    }

    /// Waits until what is published, by itself, is what a fresh look finds, and nothing says otherwise.
    fn until_caught_up(&mut self) {
        loop {
            let (state, now) = (self.project.state().state, self.project.snapshot());
            let is_settled = matches!(state, State::Healthy | State::Diverged);
            if is_settled && is_same(&now, &fresh(&self.tree)) {
                return;
            }
            let event = self.subscription.next_timeout(GENEROUS);
            let Some(event) = event else {
                assert_same(&now, &fresh(&self.tree));
                panic!("the state stays {state:?}");
            };
            self.heard.push(event);
        }
    }

    fn barrier(&self) -> Response {
        self.ask(&json!({"service": "get_status", "barrier": true}))
    }

    /// After the last change: it is caught up with, a look at everything finds nothing that observation missed, the whole
    /// stream kept its contract, and nobody wrote a file that people write.
    fn end(mut self) {
        let authored = self.tree.authored();
        self.until_caught_up();
        let caught_up = self.project.snapshot().revision;
        self.barrier();
        let now = self.project.snapshot();
        assert_eq!(now.revision, caught_up, "a look at everything finds more");
        assert_same(&now, &fresh(&self.tree));
        self.close(&authored);
    }

    fn close(mut self, authored: &BTreeMap<String, Vec<u8>>) {
        drop(std::mem::replace(&mut self.project, closed()));
        self.hear_all();
        check(self.heard.iter().map(|event| &**event)).expect("the contract of every stream");
        assert_one_reconcile_at_a_time(&self.heard);
        assert_states_in_a_row(&self.heard);
        assert_eq!(&self.tree.authored(), authored, "observation writes nothing");
    }
}

/// A project of nothing, to put in the place of one that is to be closed.
fn closed() -> Project {
    let tree = Tree::empty();
    tree.write("packwright.toml", SETTINGS);
    packer().0.open(tree.path()).expect("a workspace")
}

fn assert_one_reconcile_at_a_time(events: &[Arc<Event>]) {
    let mut running = None;
    for event in events {
        match event.kind {
            Kind::ReconcileStarted => {
                assert_eq!(running.replace(event.operation_id), None, "two reconciles run at once");
            }
            Kind::ReconcileFinished => {
                let is_dropped = event.payload["status"] == "cancelled";
                assert!(
                    is_dropped || running.take() == Some(event.operation_id),
                    "a reconcile ends that did not begin"
                );
            }
            _ => {}
        }
    }
    assert_eq!(running, None, "a reconcile does not end");
}

/// Each state is said once, after the one before.
fn assert_states_in_a_row(events: &[Arc<Event>]) {
    let mut before: Option<&Arc<Event>> = None;
    for event in events.iter().filter(|event| event.kind == Kind::RuntimeStateChanged) {
        let previous = before.map(|before| &before.payload["state"]);
        assert_eq!(event.payload.get("previous"), previous, "the state before {:?}", event.payload);
        let said = |event: &Event| (event.payload["state"].clone(), event.payload["reasons"].clone());
        assert!(before.is_none_or(|before| said(before) != said(event)), "said twice: {:?}", event.payload);
        before = Some(event);
    }
}

/// What the events say of assets: kinds and roots, in order of roots.
fn of_assets(events: &[Arc<Event>]) -> Vec<(Kind, String)> {
    let kinds = [Kind::AssetDiscovered, Kind::AssetChanged, Kind::AssetRemoved];
    let about = events.iter().filter(|event| kinds.contains(&event.kind));
    let mut said: Vec<(Kind, String)> = about
        .flat_map(|event| event.affected_assets.iter().map(|asset| (event.kind, asset.root.to_string())))
        .collect();
    said.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    said
}

fn kinds(events: &[Arc<Event>]) -> Vec<Kind> {
    events.iter().map(|event| event.kind).collect()
}

/// The states that events say, in order.
fn states(events: &[Arc<Event>]) -> Vec<String> {
    let said = events.iter().filter(|event| event.kind == Kind::RuntimeStateChanged);
    said.map(|event| event.payload["state"].as_str().expect("a state").to_owned()).collect()
}

fn roots(snapshot: &Snapshot) -> Vec<String> {
    snapshot.assets.all().map(|asset| asset.root_text.to_string()).collect()
}
