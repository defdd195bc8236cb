//! What each kind of operation says on the bus.

use std::collections::BTreeMap;
use std::sync::Arc;

use packwright::Project;
use packwright::event::{Event, EventBus, Filter, Kind, check};
use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{ADOPTED, as_json, done, register};
use crate::{SETTINGS, call, packer};

/// A workspace whose every event is heard, from before it was opened.
struct Heard {
    tree: Tree,
    project: Project,
    subscription: packwright::event::Subscription,
    _bus: Arc<EventBus>,
}

fn heard(text: &str) -> Heard {
    let tree = Tree::from_text(text);
    tree.write("packwright.toml", SETTINGS);
    let (packer, bus) = packer();
    let subscription = bus.subscribe(Filter::all());
    let project = packer.open(tree.path()).expect("a workspace");
    Heard { tree, project, subscription, _bus: bus }
}

impl Heard {
    /// What was said since the last time: whole operations, each gapless and with one end.
    fn events(&mut self) -> Vec<Arc<Event>> {
        let events: Vec<Arc<Event>> = std::iter::from_fn(|| self.subscription.try_next()).collect();
        check(events.iter().map(|event| &**event)).expect("the contract of every stream");
        events
    }

    /// Runs a request; its response, and what its operation said. What else is said is a look at the disk that the
    /// operation caused. Progress and the cache are left out: how often they speak is a matter of time.
    fn says(&mut self, request: &Value) -> (Value, Vec<Kind>, Vec<Arc<Event>>) {
        self.events();
        let response = as_json(&call(&self.project, &request.to_string()));
        let is_its = |event: &Arc<Event>| json!(event.operation_id) == response["operation_id"];
        let (events, others): (Vec<_>, Vec<_>) = self.events().into_iter().partition(is_its);
        for event in &others {
            let cause = event.cause.map(|cause| json!(cause.operation_id));
            assert_eq!(cause.as_ref(), Some(&response["operation_id"]), "caused by the operation that was asked for");
        }
        let reconciles = [Kind::ReconcileStarted, Kind::ReconcileFinished].map(|kind| of_kind(&others, kind).count());
        assert!(reconciles == [1, 1] || others.is_empty(), "{others:#?}");
        let paced = [Kind::ProgressUpdated, Kind::CacheHit, Kind::CacheMiss];
        let kinds = events.iter().map(|event| event.kind).filter(|kind| !paced.contains(kind)).collect();
        (response, kinds, events)
    }
}

fn of_kind(events: &[Arc<Event>], kind: Kind) -> impl Iterator<Item = &Arc<Event>> {
    events.iter().filter(move |event| event.kind == kind)
}

/// What a mutation says, whose assets were discovered, changed or removed.
fn mutated(assets: Kind) -> [Kind; 7] {
    [
        Kind::OperationQueued,
        Kind::OperationStarted,
        Kind::RuntimeStateChanged,
        Kind::RuntimeStateChanged,
        assets,
        Kind::DiagnosticsUpdated,
        Kind::ActionApplied,
    ]
}

#[test]
fn evt_5_opening_says_what_was_found() {
    let mut heard = heard(ADOPTED);
    let events = heard.events();
    let kinds: Vec<Kind> = events.iter().map(|event| event.kind).collect();
    let expected = [
        Kind::ReconcileStarted,
        Kind::RuntimeStateChanged,
        Kind::AssetDiscovered,
        Kind::AssetDiscovered,
        Kind::AssetDiscovered,
        Kind::DiagnosticsUpdated,
        Kind::ReconcileFinished,
    ];
    assert_eq!(kinds, expected);
    assert!(events.iter().skip(1).all(|event| event.revision == Some(1)));
}

#[test]
fn reads_say_nothing() {
    let mut heard = heard(ADOPTED);
    for request in [
        json!({"service": "list_assets"}),
        json!({"service": "get_asset_details", "selector": "ui/icon"}),
        json!({"service": "get_compile_surface"}),
        json!({"service": "get_status"}),
    ] {
        let (response, kinds, _) = heard.says(&request);
        assert_eq!((&response["operation_id"], kinds), (&Value::Null, vec![]), "{request}");
    }
}

#[test]
fn evt_2_a_doctor_says_what_it_found() {
    let mut heard = heard(ADOPTED);
    heard.tree.remove("assets/audio");
    let (_, kinds, events) = heard.says(&json!({"service": "doctor"}));
    assert_eq!(kinds, [Kind::OperationStarted, Kind::DiagnosticsUpdated]);
    assert_eq!(events.last().expect("its end").payload["diagnostics"][0]["code"], "S201");
    let (_, kinds, _) = heard.says(&json!({"service": "doctor", "only": ["nonsense"]}));
    assert_eq!(kinds, [Kind::OperationStarted, Kind::ActionFailed]);
}

#[test]
fn evt_1_every_mutation_says_what_changed_after_it_is_visible_and_then_that_it_is_applied() {
    let mut heard = heard(ADOPTED);
    heard.tree.write("assets/new/x.txt", "x");
    for (request, assets) in [
        (register(&["new"]), Kind::AssetDiscovered),
        (json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}), Kind::AssetChanged),
        (json!({"service": "include_asset_in_build", "selectors": ["ui/icon"]}), Kind::AssetChanged),
        (json!({"service": "remove_asset", "selectors": ["ui/icon"]}), Kind::AssetRemoved),
    ] {
        let (response, kinds, events) = heard.says(&request);
        assert_eq!(kinds, mutated(assets), "{request}");
        let states: Vec<&Value> =
            of_kind(&events, Kind::RuntimeStateChanged).map(|event| &event.payload["state"]).collect();
        assert_eq!(states, ["committing", "healthy"], "{request}");
        let after: Vec<Option<u64>> = events.iter().skip(3).map(|event| event.revision).collect();
        assert_eq!(after, vec![response["revision"].as_u64(); 4], "{request}");
        let end = events.last().expect("its end");
        assert_eq!(end.payload["actions"], response["applied_actions"], "{request}");
        assert_eq!(json!(end.affected_assets), response["affected_assets"]);
    }
}

#[test]
fn a_cache_that_is_tidied_is_applied_without_an_action_and_changes_nothing_that_is_known() {
    let mut heard = heard(ADOPTED);
    let (response, kinds, events) = heard.says(&json!({"service": "prune_cache"}));
    assert_eq!(kinds, [Kind::OperationQueued, Kind::OperationStarted, Kind::ActionApplied]);
    let end = events.last().expect("its end");
    assert_eq!((&end.payload["actions"], end.revision), (&json!([]), response["revision"].as_u64()));
    assert_eq!(end.summary, response["summary"]);
}

#[test]
fn evt_7_a_mutation_that_is_refused_says_why() {
    let mut heard = heard(ADOPTED);
    let (response, kinds, events) = heard.says(&register(&["nowhere"]));
    assert_eq!(kinds, [Kind::OperationQueued, Kind::OperationStarted, Kind::ActionFailed]);
    let end = events.last().expect("its end");
    assert_eq!((&end.payload["status"], &end.payload["blockers"]), (&"blocked".into(), &response["blockers"]));
}

#[test]
fn a_build_says_that_it_began_what_it_made_and_how_it_ended() {
    let mut heard = heard(ADOPTED);
    let build = json!({"service": "build"});
    let expected = [
        Kind::OperationQueued,
        Kind::OperationStarted,
        Kind::BuildStarted,
        Kind::DiagnosticsUpdated,
        Kind::BuildFinished,
    ];
    let counted = |events: &[Arc<Event>], kind: Kind| -> u64 {
        let counts = events.iter().filter(|event| event.kind == kind).map(|event| event.payload["count"].as_u64());
        counts.map(|count| count.expect("a count")).sum()
    };
    let (_, kinds, events) = heard.says(&build);
    assert_eq!((kinds, counted(&events, Kind::CacheMiss), counted(&events, Kind::CacheHit)), (expected.to_vec(), 2, 0));
    let (_, kinds, events) = heard.says(&build);
    assert_eq!((kinds, counted(&events, Kind::CacheMiss), counted(&events, Kind::CacheHit)), (expected.to_vec(), 0, 2));
    heard.tree.remove("assets/ui/icon/icon.txt");
    let (_, kinds, events) = heard.says(&build);
    assert_eq!(kinds, expected);
    let end = events.last().expect("its end");
    assert_eq!((&end.payload["status"], &end.payload["diagnostics"][0]["code"]), (&"blocked".into(), &"S203".into()));
}

#[test]
fn a_check_writes_nothing_and_is_a_build_all_the_same() {
    let mut heard = heard(ADOPTED);
    let (response, kinds, _) = heard.says(&json!({"service": "build", "check": true}));
    assert_eq!(response["operation_class"], "read_only");
    assert_eq!(kinds, [Kind::OperationStarted, Kind::BuildStarted, Kind::DiagnosticsUpdated, Kind::BuildFinished]);
}

#[test]
fn env_2_env_3_operations_at_once_are_each_gapless_and_end_once() {
    let mut heard = heard(ADOPTED);
    std::thread::scope(|scope| {
        let project = &heard.project;
        for request in [
            json!({"service": "build", "full": true}),
            json!({"service": "doctor"}),
            json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}),
            json!({"service": "include_asset_in_build", "selectors": ["ui/icon"]}),
        ] {
            scope.spawn(move || (0..5).for_each(|_| drop(done(project, &request))));
        }
    });
    let mut ends: BTreeMap<String, Vec<Kind>> = BTreeMap::new();
    for event in heard.events() {
        ends.entry(event.operation_id.to_string()).or_default().extend(event.terminal.then_some(event.kind));
    }
    assert!(ends.values().all(|ends| ends.len() == 1), "{ends:#?}");
    let asked = ends.values().filter(|ends| **ends != [Kind::ReconcileFinished]);
    assert_eq!(asked.count(), 20, "the others are looks at the disk");
}

#[test]
fn run_2_when_an_action_is_applied_a_read_sees_it() {
    let mut heard = heard(ADOPTED);
    heard.events();
    done(&heard.project, &json!({"service": "remove_asset", "selectors": ["ui/icon"]}));
    let applied = heard.events().pop().expect("its end");
    assert_eq!(applied.kind, Kind::ActionApplied);
    assert!(heard.project.snapshot().revision >= applied.revision.expect("a revision"));
    assert_eq!(heard.project.snapshot().assets.n_registered(), 2);
}
