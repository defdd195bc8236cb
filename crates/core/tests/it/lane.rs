//! The write lane as a host meets it: order, cancelling, projects beside each other, and what is left behind.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use packwright::event::payload::{Ended, ProgressUpdated};
use packwright::event::{self, Event, EventBus, Filter, Kind, Subscription};
use packwright::fs::{RealFs, SharedFs, WorkspaceLock};
use packwright::importer::{Imported, ImporterSet, Metadata};
use packwright::service::{Data, LaneData, Response, Status};
use packwright::value::{Cancel, OperationId, RelPath};
use packwright::{Packer, Pending, Project};
use packwright_testkit::{Tree, files_below};
use serde_json::Value;

use crate::build::stub::{self, Stub};
use crate::{SETTINGS, call, heard};

/// Much longer than any test: who waits so long is stuck.
const STUCK: Duration = Duration::from_secs(60);

/// A workspace with folders `f0` to `f7`, of which `f0` is registered, and whoever listens to it.
struct Bench {
    tree: Tree,
    packer: Packer,
    project: Project,
    said: Subscription,
}

fn bench() -> Bench {
    bench_with(packwright_importers::standard())
}

fn bench_with(importers: ImporterSet) -> Bench {
    let bus = heard::bus();
    let packer = Packer::builder(bus.clone()).importers(importers).threads(2).lock_wait(STUCK).build();
    bench_on(&bus, packer, SETTINGS)
}

fn bench_on(bus: &Arc<EventBus>, packer: Packer, settings: &str) -> Bench {
    let tree = Tree::empty();
    tree.write("packwright.toml", settings);
    (0..8).for_each(|n| tree.write(&format!("assets/f{n}/x.txt"), "x"));
    let project = packer.open(tree.path()).expect("a workspace");
    let response = call(&project, r#"{"service": "register_asset", "roots": ["f0"]}"#);
    assert_eq!(response.status, Status::Ok, "{}", response.summary);
    let said = bus.subscribe(Filter::project(project.id().expect("an id")));
    Bench { tree, packer, project, said }
}

impl Bench {
    /// Keeps the workspace from whatever writes, as another process would.
    fn occupied(&self) -> WorkspaceLock {
        let fs: SharedFs = Arc::new(RealFs::open(self.tree.path()).expect("it opens"));
        let who = ("build", OperationId::mint());
        let now = (STUCK, &Cancel::new());
        WorkspaceLock::acquire(&fs, &RelPath::literal(".packwright"), who, now, false).expect("nobody writes")
    }

    /// Listens until the operation says this.
    fn until_said(&mut self, operation: Option<OperationId>, kind: Kind) -> Arc<Event> {
        loop {
            let event = self.said.next_timeout(STUCK).expect("it comes");
            if Some(event.operation_id) == operation && event.kind == kind {
                return event;
            }
        }
    }

    fn registered(&self) -> Vec<String> {
        self.project.snapshot().registered().map(|asset| asset.root_text.to_string()).collect()
    }

    /// Closes the project; then every operation has said its last.
    fn close(self) -> Tree {
        drop((self.project, self.packer));
        heard::end();
        self.tree
    }
}

fn submit(project: &Project, request: &str) -> Pending<Response> {
    project.submit(serde_json::from_str(request).expect("a request"))
}

fn register(n: usize) -> String {
    format!(r#"{{"service": "register_asset", "roots": ["f{n}"]}}"#)
}

const BUILD: &str = r#"{"service": "build"}"#;

fn lane(project: &Project) -> LaneData {
    let Data::GetStatus(status) = call(project, r#"{"service": "get_status"}"#).data else { panic!("a status") };
    status.lane
}

fn answer(pending: &Pending<Response>) -> Response {
    pending.wait_timeout(STUCK).expect("an answer")
}

/// An importer of `*.slow` whose every import says that it has begun and waits for a word.
struct Slow {
    begun: Receiver<()>,
    go_on: Sender<()>,
}

fn slow() -> (ImporterSet, Slow) {
    let ((begins, begun), (go_on, goes_on)) = (channel(), channel::<()>());
    let goes_on = Mutex::new(goes_on);
    let (stub, _) = Stub::new("slow", move |source, _, _| {
        let _ = begins.send(());
        // Where nobody says a word any more, it is over too.
        let _ = goes_on.lock().expect("no panic").recv();
        Ok(Imported::made("slow", Metadata::new(), source.whole()?.into_owned()))
    });
    (stub::with([stub]), Slow { begun, go_on })
}

impl Slow {
    fn until_begun(&self) {
        self.begun.recv_timeout(STUCK).expect("an import begins");
    }
}

#[test]
fn lane_1_lane_2_what_is_asked_for_runs_in_the_order_in_which_it_came() {
    let mut bench = bench();
    let occupied = bench.occupied();
    let first = submit(&bench.project, &register(1));
    bench.until_said(first.operation_id(), Kind::OperationStarted);
    let waiting = [submit(&bench.project, BUILD), submit(&bench.project, &register(2)), submit(&bench.project, BUILD)];
    let lane = lane(&bench.project);
    assert_eq!(lane.running.map(|running| running.operation_id), first.operation_id());
    let queued: Vec<_> = lane.queued.iter().map(|one| (Some(one.operation_id), one.service.name())).collect();
    let services = ["build", "register_asset", "build"];
    assert_eq!(queued, waiting.iter().map(Pending::operation_id).zip(services).collect::<Vec<_>>());
    let ids: Vec<_> = std::iter::once(&first).chain(&waiting).map(|one| one.operation_id().expect("an id")).collect();
    assert!(first.poll().is_none() && waiting.iter().all(|one| one.poll().is_none()), "nobody has an answer");
    drop(occupied);
    for pending in std::iter::once(&first).chain(&waiting) {
        let response = answer(pending);
        assert_eq!((response.status, response.operation_id), (Status::Ok, pending.operation_id()));
        assert!(pending.poll().is_some(), "an answer stays where it is");
    }
    let mut said: BTreeMap<Kind, Vec<OperationId>> = BTreeMap::new();
    while let Some(event) = bench.said.try_next() {
        if ids.contains(&event.operation_id) {
            said.entry(event.kind).or_default().push(event.operation_id);
        }
    }
    assert_eq!(said[&Kind::OperationQueued], ids[1..], "the first was heard of above");
    assert_eq!(said[&Kind::OperationStarted], ids[1..]);
    bench.close();
}

#[test]
fn mut_7_what_is_cancelled_while_it_waits_leaves_no_trace() {
    let mut bench = bench();
    let occupied = bench.occupied();
    let first = submit(&bench.project, &register(1));
    bench.until_said(first.operation_id(), Kind::OperationStarted);
    let (mutation, build) = (submit(&bench.project, &register(2)), submit(&bench.project, BUILD));
    let last = submit(&bench.project, &register(3));
    mutation.cancel();
    assert!(bench.project.cancel(build.operation_id().expect("an id")), "by its id, as well as by its handle");
    for pending in [&mutation, &build] {
        let response = pending.poll().expect("it is answered when it is taken out");
        assert_eq!(response.status, Status::Cancelled);
        let end = bench.until_said(pending.operation_id(), Kind::ActionFailed);
        assert!(end.terminal);
        assert_eq!(end.payload_as::<Ended>().expect("how it ended").status, event::payload::Status::Cancelled);
    }
    let queued: Vec<_> = lane(&bench.project).queued.iter().map(|one| Some(one.operation_id)).collect();
    assert_eq!(queued, [last.operation_id()]);
    assert!(!bench.project.cancel(build.operation_id().expect("an id")), "it waits no more");
    drop(occupied);
    assert_eq!((answer(&first).status, answer(&last).status), (Status::Ok, Status::Ok));
    assert_eq!(bench.registered(), ["f0", "f1", "f3"]);
    let tree = bench.close();
    assert!(!tree.at("assets/f2/asset.json").exists() && !tree.at("build").exists());
}

#[test]
fn mut_7_a_mutation_that_waits_for_another_process_says_for_whom_and_can_be_cancelled() {
    let mut bench = bench();
    let occupied = bench.occupied();
    let before = bench.tree.authored();
    let pending = submit(&bench.project, &register(1));
    let said = bench.until_said(pending.operation_id(), Kind::ProgressUpdated);
    let holder = said.payload_as::<ProgressUpdated>().expect("progress").waiting_for.expect("whom it waits for");
    assert_eq!((holder.pid, &*holder.service), (std::process::id(), "build"));
    assert!(!holder.host.is_empty());
    pending.cancel();
    assert_eq!(answer(&pending).status, Status::Cancelled);
    let end = bench.until_said(pending.operation_id(), Kind::ActionFailed);
    assert_eq!(end.payload_as::<Ended>().expect("how it ended").status, event::payload::Status::Cancelled);
    assert_eq!(bench.tree.authored(), before);
    drop(occupied);
    assert_eq!(call(&bench.project, &register(1)).status, Status::Ok, "the lane goes on");
    bench.close();
}

#[test]
fn mut_7_a_build_that_is_cancelled_leaves_the_old_outputs_and_no_litter() {
    let (importers, slow) = slow();
    let mut bench = bench_with(importers);
    assert_eq!(call(&bench.project, BUILD).status, Status::Ok);
    let before = files_below(&bench.tree.at("build"));
    bench.tree.write("assets/f0/a.slow", "a");
    bench.tree.write("assets/f0/new.txt", "new");
    let build = submit(&bench.project, BUILD);
    slow.until_begun();
    build.cancel();
    slow.go_on.send(()).expect("it listens");
    assert_eq!(answer(&build).status, Status::Cancelled);
    let end = bench.until_said(build.operation_id(), Kind::BuildFinished);
    assert_eq!(end.payload_as::<Ended>().expect("how it ended").status, event::payload::Status::Cancelled);
    assert_eq!(files_below(&bench.tree.at("build")), before);
    let private = files_below(&bench.tree.at(".packwright"));
    let is_litter = |path: &&String| path.contains(".pw-") || path.contains("partial/") || *path == "staged";
    assert_eq!(private.keys().find(is_litter), None);
    // From here on nobody is kept waiting.
    drop(slow);
    assert_eq!(call(&bench.project, BUILD).status, Status::Ok, "the lane goes on");
    bench.close();
}

#[test]
fn lane_1_what_waits_is_done_though_nobody_holds_the_project_any_more() {
    let mut bench = bench();
    let occupied = bench.occupied();
    let first = submit(&bench.project, &register(1));
    bench.until_said(first.operation_id(), Kind::OperationStarted);
    let waiting = [submit(&bench.project, &register(2)), submit(&bench.project, &register(3))];
    let Bench { tree, packer, project, .. } = bench;
    drop((project, packer));
    drop(occupied);
    for pending in std::iter::once(&first).chain(&waiting) {
        assert_eq!(answer(pending).status, Status::Ok);
    }
    heard::end();
    let registered = crate::reopen(&tree).snapshot().assets.n_registered();
    assert_eq!(registered, 4);
}

#[test]
fn con_2_a_slow_build_of_one_project_holds_up_no_other() {
    let (importers, slow) = slow();
    let bus = heard::bus();
    let packer = Packer::builder(bus.clone()).importers(importers).threads(2).build();
    let one = bench_on(&bus, packer.clone(), SETTINGS);
    let other = bench_on(&bus, packer, &SETTINGS.replace("000000000001", "000000000002"));
    (0..4).for_each(|n| one.tree.write(&format!("assets/f0/{n}.slow"), "slow"));
    let build = submit(&one.project, BUILD);
    // Two threads a build, and both are busy.
    (0..2).for_each(|_| slow.until_begun());
    for request in [&*register(1), BUILD, r#"{"service": "doctor"}"#] {
        let pending = submit(&other.project, request);
        assert_eq!(answer(&pending).status, Status::Ok, "{request}");
    }
    let beside = submit(&one.project, r#"{"service": "doctor"}"#);
    assert_eq!(answer(&beside).status, Status::Ok, "nor a doctor of its own project");
    let barrier = submit(&one.project, r#"{"service": "get_status", "barrier": true}"#);
    assert_eq!(answer(&barrier).status, Status::Ok, "nor a look at the files");
    assert!(build.poll().is_none(), "all the while it goes on");
    drop(slow);
    assert_eq!(answer(&build).status, Status::Ok);
    other.close_beside();
    one.close();
}

impl Bench {
    /// Closes the project while others of its bus stay open.
    fn close_beside(self) {
        drop((self.project, self.packer));
    }
}

#[test]
fn con_6_calls_from_many_threads_are_done_once_each() {
    let bench = bench();
    std::thread::scope(|scope| {
        for n in 1..8 {
            let project = &bench.project;
            scope.spawn(move || assert_eq!(call(project, &register(n)).status, Status::Ok));
        }
    });
    assert_eq!(bench.registered(), (0..8).map(|n| format!("f{n}")).collect::<Vec<_>>());
    bench.close();
}

#[test]
fn evt_4_a_host_that_sleeps_over_its_events_holds_up_nothing() {
    let bench = bench();
    let asleep = bench.project.id().map(|id| bench.packer.bus().subscribe(Filter::project(id)));
    let ((wakes, woken), (wake_up, sleeps)) = (channel(), channel::<()>());
    let is_awake = Arc::new(AtomicBool::new(false));
    let bus = bench.packer.bus().clone();
    let host = std::thread::spawn({
        let is_awake = is_awake.clone();
        move || {
            let mut events = bus.subscribe(Filter::all());
            wakes.send(()).expect("the test listens");
            let _first = events.next();
            // Asleep with an event in its hand.
            let _ = sleeps.recv();
            is_awake.store(true, Ordering::SeqCst);
            events.next_timeout(STUCK).is_some()
        }
    });
    woken.recv().expect("it listens");
    for n in 1..4 {
        assert_eq!(call(&bench.project, &register(n)).status, Status::Ok);
    }
    assert_eq!(call(&bench.project, BUILD).status, Status::Ok);
    assert!(!is_awake.load(Ordering::SeqCst));
    drop(wake_up);
    assert!(host.join().expect("no panic"), "and what it slept over is there for it");
    let ends = asleep.into_iter().flat_map(|mut it| std::iter::from_fn(move || it.try_next()));
    let applied = ends.filter(|event| event.kind == Kind::ActionApplied).count();
    assert_eq!(applied, 3);
    bench.close();
}

#[test]
fn an_answer_can_be_waited_for_looked_at_and_left() {
    let mut bench = bench();
    let occupied = bench.occupied();
    let pending = submit(&bench.project, &register(1));
    bench.until_said(pending.operation_id(), Kind::OperationStarted);
    assert!(pending.poll().is_none() && pending.wait_timeout(Duration::ZERO).is_none());
    // Who asks and goes away has not taken it back.
    drop(submit(&bench.project, &register(2)));
    drop(occupied);
    let waited: Value = serde_json::to_value(answer(&pending)).expect("JSON");
    assert_eq!(Some(waited), pending.poll().map(|polled| serde_json::to_value(polled).expect("JSON")));
    assert_eq!(call(&bench.project, BUILD).status, Status::Ok, "which comes after both");
    assert_eq!(bench.registered(), ["f0", "f1", "f2"]);
    let read = submit(&bench.project, r#"{"service": "list_assets"}"#);
    assert_eq!((read.operation_id(), read.poll().map(|it| it.status)), (None, Some(Status::Ok)));
    bench.close();
}
