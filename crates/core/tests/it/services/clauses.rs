//! What holds of the runtime as a whole, whatever service is asked.

use std::sync::Arc;
use std::time::Duration;

use packwright::event::{Event, EventBus, Filter, Kind, Subscription};
use packwright::fs::{RealFs, SharedFs, WorkspaceLock};
use packwright::service::{OperationClass, Request};
use packwright::value::{Cancel, OperationId, RelPath};
use packwright::{Packer, Project};
use packwright_testkit::Tree;
use serde_json::{Value, json};

use super::{ADOPTED, as_json, done, each, register};
use crate::{SETTINGS, call, open, reopen};

/// One of every kind of request that is an operation.
fn operations() -> [Value; 7] {
    [
        register(&["new"]),
        json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}),
        json!({"service": "include_asset_in_build", "selectors": ["ui/icon"]}),
        json!({"service": "build"}),
        json!({"service": "prune_cache"}),
        json!({"service": "doctor"}),
        json!({"service": "remove_asset", "selectors": ["ui/icon"]}),
    ]
}

fn heard(subscription: &mut Subscription) -> Vec<Event> {
    std::iter::from_fn(|| subscription.try_next()).map(|event| (*event).clone()).collect()
}

/// What lists and details say, without the runtime's own words around it.
fn known(project: &Project) -> [Value; 3] {
    [
        json!({"service": "list_assets"}),
        json!({"service": "get_asset_details", "selector": "ui/icon"}),
        json!({"service": "get_compile_surface"}),
    ]
    .map(|request| as_json(&call(project, &request.to_string()))["data"].take())
}

#[test]
fn svc_0_svc_4_what_is_known_is_made_of_the_workspaces_files_alone() {
    let (tree, project) = open(ADOPTED);
    done(&project, &json!({"service": "build"}));
    let before = known(&project);
    let authored = tree.authored();
    drop(project);
    tree.remove(".packwright");
    let project = reopen(&tree);
    let mut after = known(&project);
    assert_eq!(after[0]["total"], before[0]["total"]);
    done(&project, &json!({"service": "build"}));
    after = known(&project);
    for (after, before) in after.iter_mut().zip(&before) {
        // When it was built is another moment, and nothing else is another.
        put_aside_times(after);
        let mut before = before.clone();
        put_aside_times(&mut before);
        assert_eq!(*after, before);
    }
    assert_eq!(tree.authored(), authored, "and knowing it writes nothing into them");
}

fn put_aside_times(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            ["last_built", "at"].iter().for_each(|name| drop(fields.remove(*name)));
            fields.values_mut().for_each(put_aside_times);
        }
        Value::Array(list) => list.iter_mut().for_each(put_aside_times),
        _ => {}
    }
}

#[test]
fn opc_2_the_class_is_said_before_anything_is_done_and_never_exceeded() {
    let tree = Tree::from_text(ADOPTED);
    tree.write("packwright.toml", SETTINGS);
    tree.write("assets/new/x.txt", "x");
    let (packer, bus) = crate::packer();
    let project = packer.open(tree.path()).expect("a workspace");
    for request in operations() {
        let mut subscription = bus.subscribe(Filter::all());
        let class = serde_json::from_value::<Request>(request.clone()).expect("a request").class();
        let response = call(&project, &request.to_string());
        let events = heard(&mut subscription);
        let its = || events.iter().filter(|event| Some(event.operation_id) == response.operation_id);
        let started = its().find(|event| event.kind == Kind::OperationStarted).expect("it was started");
        assert_eq!(started.payload["operation_class"], json!(class), "{request}");
        let first = its().find(|event| event.revision.is_some()).map_or(u64::MAX, |event| event.cursor);
        assert!(started.cursor < first, "{request}");
        let rank = |class| {
            [OperationClass::ReadOnly, OperationClass::RegistryMutation, OperationClass::WorkspaceMutation]
                .iter()
                .position(|one| *one == class)
        };
        assert!(rank(response.operation_class) <= rank(class), "{request} did more than it said");
    }
}

#[test]
fn emb_4_all_that_a_packer_does_is_heard_on_its_hosts_bus_and_on_no_other() {
    let tree = Tree::from_text(ADOPTED);
    tree.write("packwright.toml", SETTINGS);
    tree.write("assets/new/x.txt", "x");
    let ((packer, bus), other) = (crate::packer(), EventBus::new());
    let idle = Packer::builder(other.clone()).build();
    let (mut subscription, mut silence) = (bus.subscribe(Filter::all()), other.subscribe(Filter::all()));
    let project = packer.open(tree.path()).expect("a workspace");
    let answered: Vec<_> =
        operations().iter().filter_map(|request| call(&project, &request.to_string()).operation_id).collect();
    assert_eq!(answered.len(), operations().len());
    let events = heard(&mut subscription);
    for operation in answered {
        let ends = events.iter().filter(|event| event.operation_id == operation && event.terminal);
        assert_eq!(ends.count(), 1, "whoever has the host's bus hears how each operation ended");
    }
    assert_eq!(heard(&mut silence), []);
    drop(idle);
}

#[test]
fn evt_7_a_look_at_the_disk_names_the_operation_that_it_is_for() {
    let (packer, bus) = crate::packer();
    let tree = Tree::from_text(ADOPTED);
    tree.write("packwright.toml", SETTINGS);
    let project = packer.open(tree.path()).expect("a workspace");
    let mut subscription = bus.subscribe(Filter::all());
    tree.write("assets/ui/icon/more.txt", "more");
    let response = call(&project, &json!({"service": "doctor"}).to_string());
    let events = heard(&mut subscription);
    let started = events.iter().find(|event| event.kind == Kind::OperationStarted).expect("the doctor began");
    assert_eq!(Some(started.operation_id), response.operation_id);
    let changed = events.iter().find(|event| event.kind == Kind::AssetChanged).expect("the change is seen");
    let cause = changed.cause.expect("and why it was looked for");
    assert_eq!((cause.operation_id, cause.sequence), (started.operation_id, started.sequence));
}

#[test]
fn inc_2_nobody_has_to_observe_and_each_operation_sees_the_disk_as_it_is() {
    let (tree, project) = open(ADOPTED);
    tree.write("assets/new/x.txt", "x");
    let registered = done(&project, &register(&["new"]));
    assert_eq!(each(&registered["data"]["registered"], "root"), ["new"]);
    tree.write("assets/new/y.txt", "y");
    let built = done(&project, &json!({"service": "build"}));
    assert_eq!(built["data"]["pack"]["parts"], 4, "the one that came after");
    let watcher = &done(&project, &json!({"service": "get_status"}))["data"]["watcher"];
    assert_eq!(watcher["active"], false, "and it says so: {watcher}");
}

#[test]
fn con_1_however_much_goes_on_at_once_a_build_comes_out_the_same() {
    let pack = |threads: usize, beside: bool| {
        let tree = Tree::from_text(ADOPTED);
        tree.write("packwright.toml", SETTINGS);
        let packer = Packer::builder(crate::heard::bus()).importers(packwright_importers::standard()).threads(threads);
        let project = packer.build().open(tree.path()).expect("a workspace");
        std::thread::scope(|scope| {
            for _ in 0..if beside { 4 } else { 0 } {
                scope.spawn(|| drop(done(&project, &json!({"service": "doctor"}))));
            }
            done(&project, &json!({"service": "build", "full": true}));
        });
        tree.read("build/game.pack")
    };
    assert_eq!(pack(1, false), pack(8, true));
}

#[test]
fn lane_3_mut_5_what_only_looks_runs_beside_the_lane_and_commits_run_one_after_another() {
    let tree = Tree::from_text(ADOPTED);
    tree.write("packwright.toml", SETTINGS);
    let (packer, bus) = crate::packer();
    let project = packer.open(tree.path()).expect("a workspace");
    done(&project, &json!({"service": "build"}));
    let mut subscription = bus.subscribe(Filter::all());
    let fs: SharedFs = Arc::new(RealFs::open(tree.path()).expect("a folder"));
    let (private, at_once) = (RelPath::literal(".packwright"), (Duration::ZERO, &Cancel::new()));
    let held =
        WorkspaceLock::acquire(&fs, &private, ("build", OperationId::mint()), at_once, false).expect("it is free");
    let request = |text: Value| serde_json::from_value::<Request>(text).expect("a request");
    let select = |service: &str, root: &str| request(json!({"service": service, "selectors": [root]}));
    let waiting = [
        project.submit(select("exclude_asset_from_build", "ui/icon")),
        project.submit(select("exclude_asset_from_build", "ui/button")),
    ];
    done(&project, &json!({"service": "doctor"}));
    let checked = done(&project, &json!({"service": "build", "check": true}));
    assert_eq!(checked["data"]["outcome"], "up_to_date", "nothing that waits has happened");
    let preview = request(json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"], "mode": "preview"}));
    assert_eq!(project.call(preview).status, packwright::service::Status::Preview);
    assert!(waiting.iter().all(|pending| pending.poll().is_none()));
    drop(held);
    let operations = waiting.map(|pending| pending.wait().operation_id.expect("an operation"));
    let events = heard(&mut subscription);
    let place = |operation, kind| {
        let found = events.iter().find(|event| event.operation_id == operation && event.kind == kind);
        found.expect("it was said").cursor
    };
    let [first, second] = operations;
    assert!(place(first, Kind::ActionApplied) < place(second, Kind::OperationStarted));
}
