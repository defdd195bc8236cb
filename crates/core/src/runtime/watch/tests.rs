//! What an observer tells of its watch, told here by the test: an open project takes it as it would from the system.

use packwright_testkit::Tree;

use super::*;
use crate::event::{Event, EventBus, Filter, Kind, Subscription};
use crate::runtime::{Packer, Project};
use crate::snapshot::State;

const WORKSPACE: &str = r#"
-- packwright.toml --
schema = 1
[project]
id = "0199c0de-0000-7000-8000-000000000001"
name = "game"
-- assets/a/asset.json --
{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000a", "address": "a"}
-- assets/a/x.txt --
x
"#;

struct Told {
    tree: Tree,
    project: Project,
    subscription: Subscription,
    host: Host,
}

impl Told {
    fn new() -> Self {
        let tree = Tree::from_text(WORKSPACE);
        let bus = EventBus::new();
        let project = Packer::builder(bus.clone()).threads(1).build().open(tree.path()).expect("a workspace");
        let host = Host(Arc::downgrade(&project.0));
        Self { tree, host, subscription: bus.subscribe(Filter::all()), project }
    }

    fn events(&mut self) -> Vec<Arc<Event>> {
        std::iter::from_fn(|| self.subscription.try_next()).collect()
    }
}

/// The states that were said, and what the look between them was for.
fn story(events: &[Arc<Event>]) -> Vec<&str> {
    let word = |event: &Arc<Event>| match event.kind {
        Kind::RuntimeStateChanged => Some("state"),
        Kind::ReconcileStarted => Some("reason"),
        _ => None,
    };
    events.iter().filter_map(|event| event.payload[word(event)?].as_str()).collect()
}

#[test]
fn run_1_an_overflow_is_stale_until_everything_was_read_again() {
    let mut told = Told::new();
    told.host.lost(Lost::Overflow);
    told.host.hinted(&Dirty::everything());
    assert_eq!(told.project.state().state, State::Stale);
    told.tree.write("assets/b/asset.json", "{}");
    told.host.settle(Dirty::everything());
    let events = told.events();
    assert_eq!(story(&events), ["stale", "overflow", "reconciling", "healthy"]);
    assert!(events.iter().all(|event| event.operation_id == events[0].operation_id), "one operation");
    assert!(events.iter().any(|event| event.kind == Kind::AssetDiscovered));
    crate::event::check(events.iter().map(|event| &**event)).expect("it is whole");
    told.host.settle(Dirty::everything());
    assert_eq!(story(&told.events()), ["hints", "reconciling", "healthy"], "it is over");
}

#[test]
fn run_1_a_lost_watch_is_stale_for_as_long_as_nothing_observes() {
    let mut told = Told::new();
    told.host.lost(Lost::Limit("fs.inotify.max_user_watches"));
    told.host.hinted(&Dirty::everything());
    told.tree.write("assets/b/asset.json", "{}");
    told.host.settle(Dirty::everything());
    let state = told.project.state();
    assert_eq!((state.state, state.reasons.len()), (State::Stale, 1));
    assert!(state.reasons[0].message.contains("max_user_watches"), "{:?}", state.reasons);
    assert_eq!(told.project.snapshot().assets.n_unregistered(), 2, "what is there is read all the same");
    let events = told.events();
    assert_eq!(story(&events).last(), Some(&"stale"), "never healthy: {:?}", story(&events));
    assert!(!story(&events).contains(&"healthy"));
    assert!(told.project.observe().active);
    assert_eq!(told.project.state().state, State::Healthy);
    let all: Vec<_> = events.into_iter().chain(told.events()).collect();
    crate::event::check(all.iter().map(|event| &**event)).expect("it is whole");
}

#[test]
fn a_project_that_closes_ends_what_was_announced() {
    let mut told = Told::new();
    told.host.hinted(&Dirty::everything());
    drop(std::mem::replace(&mut told.project, Told::new().project));
    let events = told.events();
    assert_eq!(story(&events).first(), Some(&"stale"));
    assert_eq!(events.last().map(|event| &event.payload["status"]), Some(&"cancelled".into()));
    crate::event::check(events.iter().map(|event| &**event)).expect("it is whole");
}
