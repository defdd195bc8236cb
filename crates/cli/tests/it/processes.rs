//! Processes that work on one workspace at once: writes and builds one after the other, reads beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use packwright::event::{EventBus, Filter, Kind, check};
use packwright::fs::{RealFs, SharedFs, WorkspaceLock};
use packwright::value::{Cancel, OperationId, RelPath};
use packwright::{Packer, Project};
use packwright_format::Pack;
use packwright_testkit::{as_nobody, files_below};
use serde_json::Value;
use snapbox::cmd::cargo_bin;

use crate::support::{Workspace, json};

/// Longer than any test: who waits so long is stuck.
const STUCK: &str = "120";

/// One answer of one process: its exit code and its JSON.
struct Answer {
    code: i32,
    body: Value,
}

fn ask(workspace: &Workspace, args: &[&str]) -> Answer {
    let run = workspace.run(&[args, &["--json"]].concat());
    let code = run.get_output().status.code().expect("it ended by itself");
    Answer { code, body: json(&run) }
}

/// Asks for a write, waiting as long as it takes.
fn write(workspace: &Workspace, args: &[&str]) -> Answer {
    ask(workspace, &[args, &["--wait", STUCK]].concat())
}

/// Whether `root` is registered, and included.
fn entries(workspace: &Workspace) -> Vec<(String, bool)> {
    let registry: Value = serde_json::from_str(&workspace.read("packwright.registry.json")).expect("JSON");
    let entry =
        |one: &Value| (one["root"].as_str().expect("a root").to_owned(), one["included"].as_bool().expect("a switch"));
    registry["assets"].as_array().expect("a list").iter().map(entry).collect()
}

/// What all workers have seen happen to what they share: how often each root was registered, and removed.
type Tally = Mutex<BTreeMap<String, (usize, usize)>>;

const SHARED: [&str; 3] = ["shared/x", "shared/y", "shared/z"];

/// One worker: registers, excludes, includes and removes a root of its own, and what it shares with all others; builds.
/// Its own root as its last answer left it.
fn work(workspace: &Workspace, worker: usize, rounds: usize, tally: &Tally) -> Option<bool> {
    let own = format!("own/w{worker}");
    let (path, selector) = (format!("assets/{own}"), format!("root:{own}"));
    let mut state = None;
    for round in 0..rounds {
        let (args, after): (Vec<&str>, _) = match state {
            None => (vec!["register", &path], Some(true)),
            Some(true) => (vec!["exclude", &selector], Some(false)),
            Some(false) if round % 4 == 2 => (vec!["include", &selector], Some(true)),
            Some(false) => (vec!["remove", &selector, "--keep"], None),
        };
        let answer = write(workspace, &args);
        assert_eq!(answer.code, 0, "{args:?}: {}", answer.body);
        state = after;
        contend(workspace, SHARED[(worker + round) % SHARED.len()], round + worker, tally);
        if (round + worker).is_multiple_of(4) {
            let built = write(workspace, &["build"]);
            assert_eq!(built.code, 0, "{}", built.body);
        }
    }
    state
}

fn contend(workspace: &Workspace, shared: &str, turn: usize, tally: &Tally) {
    let count = |registered: usize, removed: usize| {
        let mut tally = tally.lock().expect("no panic");
        let (come, gone) = tally.entry(shared.to_owned()).or_default();
        (*come, *gone) = (*come + registered, *gone + removed);
    };
    if turn.is_multiple_of(2) {
        let answer = write(workspace, &["register", &format!("assets/{shared}")]);
        assert_eq!(answer.code, 0, "{}", answer.body);
        count(answer.body["data"]["registered"].as_array().expect("a list").len(), 0);
    } else {
        let answer = write(workspace, &["remove", &format!("root:{shared}"), "--keep"]);
        let code = answer.body["blockers"][0]["code"].as_str();
        // Before anybody has registered it, it has no manifest either.
        let is_absent = matches!(code, Some("not_registered" | "not_found"));
        assert!(answer.code == 0 || is_absent, "{}", answer.body);
        count(0, usize::from(answer.code == 0));
    }
}

fn race(workers: usize, rounds: usize) {
    let workspace = Workspace::new();
    for root in (0..workers).map(|worker| format!("own/w{worker}")).chain(SHARED.map(str::to_owned)) {
        workspace.write(&format!("assets/{root}/x.txt"), &root);
    }
    let tally = Tally::default();
    let own: Vec<Option<bool>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| {
                scope.spawn({
                    let (w, t) = (&workspace, &tally);
                    move || work(w, worker, rounds, t)
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("no panic")).collect()
    });
    let mut expected = BTreeMap::new();
    for (worker, state) in own.into_iter().enumerate() {
        expected.extend(state.map(|included| (format!("own/w{worker}"), included)));
    }
    for (shared, (come, gone)) in tally.into_inner().expect("no panic") {
        assert!(come == gone || come == gone + 1, "{shared} came {come} times and went {gone} times");
        expected.extend((come > gone).then_some((shared, true)));
    }
    let entries = entries(&workspace);
    assert_eq!(entries, expected.into_iter().collect::<Vec<_>>(), "each that was registered, once, in order");
    assert_in_order(&workspace, entries.iter().filter(|(_, included)| *included).count());
}

/// A workspace that nobody works on any more, and in which nothing is wrong.
fn assert_in_order(workspace: &Workspace, n_included: usize) {
    let listed = ask(workspace, &["list"]).body;
    for field in ["asset_id", "address", "uuid"] {
        let assets = listed["data"]["assets"].as_array().expect("a list").iter();
        // What is not registered has no id.
        let all: Vec<String> = assets.filter(|one| !one[field].is_null()).map(|one| one[field].to_string()).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{field} twice: {all:?}");
    }
    let doctor = ask(workspace, &["doctor"]);
    assert_eq!((doctor.code, &doctor.body["runtime_state"]["state"]), (0, &"healthy".into()), "{}", doctor.body);
    assert_eq!(write(workspace, &["build"]).code, 0);
    let bytes = std::fs::read(workspace.path().join("build/game.pack")).expect("a pack");
    let pack = Pack::open(&bytes).expect("a pack");
    assert_eq!((packwright_format::verify(&pack), pack.assets().count()), (vec![], n_included));
    let is_litter = |path: &String| {
        let names = ["staged", "publish", "holder.json"].map(|name| format!(".packwright/{name}"));
        path.contains(".pw-") || path.contains("/partial/") || names.contains(path)
    };
    let litter: Vec<String> = files_below(&workspace.path()).into_keys().filter(is_litter).collect();
    assert_eq!(litter, [""; 0]);
}

#[test]
fn mut_2_con_6_two_processes_that_write_and_build_at_once_lose_and_double_nothing() {
    race(2, 16);
}

#[test]
fn mut_2_con_7_eight_processes_that_write_and_build_at_once_lose_and_double_nothing() {
    race(8, 8);
}

/// The workspace's files, and its lock as this process takes it.
struct Here {
    fs: SharedFs,
}

impl Here {
    fn of(workspace: &Workspace) -> Self {
        Self { fs: Arc::new(RealFs::open(&workspace.path()).expect("it opens")) }
    }

    fn lock(&self, service: &str) -> WorkspaceLock {
        let (who, wait) = ((service, OperationId::mint()), (Duration::from_secs(60), &Cancel::new()));
        WorkspaceLock::acquire(&self.fs, &RelPath::literal(".packwright"), who, wait, false).expect("in the end")
    }

    /// Until another process waits for the lock, and is the next to get it.
    fn until_somebody_waits(&self, waiting: &mut Child) {
        let turn = RelPath::literal(".packwright/turn");
        while self.fs.try_lock(&turn).expect("a lock file").is_some() {
            assert!(waiting.try_wait().expect("a child").is_none(), "it ended and did not wait");
            std::thread::yield_now();
        }
    }
}

fn spawn(workspace: &Workspace, args: &[&str]) -> Child {
    let mut command = Command::new(cargo_bin("packwright"));
    command.args(args).current_dir(workspace.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the binary runs")
}

#[test]
fn mut_4_a_workspace_that_another_process_writes_is_refused_with_its_name_after_the_wait() {
    let workspace = Workspace::with_assets();
    let held = Here::of(&workspace).lock("register_asset");
    for (wait, args) in [("0", ["exclude", "ui/button"]), ("1", ["exclude", "ui/button"]), ("0", ["build", "--full"])] {
        let answer = ask(&workspace, &[&args[..], &["--wait", wait]].concat());
        assert_eq!((answer.code, &answer.body["blockers"][0]["code"]), (3, &"workspace_locked".into()));
        let message = answer.body["blockers"][0]["message"].as_str().expect("a text");
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").expect("a name");
        let named = format!("register_asset by process {} on {}", std::process::id(), host.trim());
        assert!(message.contains(&named), "{message}");
    }
    drop(held);
    assert_eq!(ask(&workspace, &["exclude", "ui/button", "--wait", "0"]).code, 0, "then it is free");
}

#[test]
fn lane_2_a_process_that_waits_goes_on_when_the_other_is_done() {
    let workspace = Workspace::with_assets();
    let here = Here::of(&workspace);
    let held = here.lock("build");
    let mut waiting = spawn(&workspace, &["exclude", "ui/button", "--wait", STUCK]);
    here.until_somebody_waits(&mut waiting);
    assert!(entries(&workspace).contains(&("ui/button".to_owned(), true)), "not yet");
    drop(held);
    assert!(waiting.wait().expect("an end").success());
    assert!(entries(&workspace).contains(&("ui/button".to_owned(), false)));
}

#[test]
fn con_5_reads_wait_for_no_lock() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    let held = Here::of(&workspace).lock("build");
    for args in [
        &["list"][..],
        &["show", "ui/button"],
        &["surface"],
        &["status"],
        &["doctor"],
        &["build", "--check"],
        &["why", "ui/button"],
    ] {
        // Who waited for the lock would be refused.
        let run = workspace.run(&[args, &["--wait", "0"]].concat());
        assert_eq!(run.get_output().status.code(), Some(0), "{args:?}");
    }
    drop(held);
}

#[test]
fn con_5_a_workspace_that_may_not_be_written_is_read_all_the_same() {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    let allow = |mode| {
        for folder in [workspace.path(), workspace.path().join(".packwright")] {
            std::fs::set_permissions(folder, PermissionsExt::from_mode(mode)).expect("our own folder");
        }
    };
    allow(0o555);
    let before = files_below(&workspace.path());
    as_nobody(workspace.tree(), || {
        for args in
            [&["list"][..], &["show", "ui/button"], &["surface"], &["status"], &["doctor"], &["build", "--check"]]
        {
            let answer = ask(&workspace, args);
            assert_eq!((answer.code, &answer.body["status"]), (0, &"ok".into()), "{args:?}: {}", answer.body);
        }
        let refused = ask(&workspace, &["exclude", "ui/button"]);
        assert_eq!((refused.code, &refused.body["blockers"][0]["code"]), (3, &"read_only".into()));
    });
    assert_eq!(files_below(&workspace.path()), before);
    allow(0o755);
}

#[test]
fn con_5_run_3_what_another_process_lists_beside_commits_and_builds_is_of_one_commit() {
    let workspace = Workspace::new();
    for root in ["a/left", "a/right"] {
        workspace.write(&format!("assets/{root}/x.txt"), root);
    }
    workspace.run(&["register", "assets/a/left", "assets/a/right", "-q"]).success();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = BTreeSet::new();
            while !over.load(Ordering::SeqCst) {
                let answer = ask(&workspace, &["list"]);
                assert_eq!((answer.code, &answer.body["status"]), (0, &"ok".into()), "{}", answer.body);
                let assets = answer.body["data"]["assets"].as_array().expect("a list").clone();
                let included: Vec<bool> = assets.iter().map(|one| one["included"].as_bool().expect("one")).collect();
                assert!(included == [true, true] || included == [false, false], "{}", answer.body);
                seen.insert(included[0]);
            }
            seen
        });
        for round in 0..8 {
            let service = if round % 2 == 0 { "exclude" } else { "include" };
            assert_eq!(write(&workspace, &[service, "a/left", "a/right"]).code, 0);
            if round % 2 == 1 {
                assert_eq!(write(&workspace, &["build"]).code, 0);
            }
        }
        over.store(true, Ordering::SeqCst);
        assert!(!reader.join().expect("no panic").is_empty());
    });
}

/// The workspace, open in this process as in a Studio.
fn open(workspace: &Workspace) -> (Arc<EventBus>, Project) {
    let bus = EventBus::new();
    let packer = Packer::builder(bus.clone()).importers(packwright_importers::standard()).threads(2).build();
    (bus, packer.open(workspace.path()).expect("a workspace"))
}

fn n_included(project: &Project) -> usize {
    project.snapshot().registered().filter(|asset| asset.is_included()).count()
}

#[test]
fn run_4_an_observed_project_sees_what_another_process_commits() {
    let workspace = Workspace::with_assets();
    let (bus, project) = open(&workspace);
    let mut said = bus.subscribe(Filter::all());
    assert!(project.observe().active);
    let before = project.snapshot().revision;
    assert_eq!(write(&workspace, &["exclude", "ui/button"]).code, 0);
    let mut events = Vec::new();
    let changed = loop {
        let event = said.next_timeout(Duration::from_secs(60)).expect("it is seen");
        events.push(Arc::clone(&event));
        if event.kind == Kind::AssetChanged {
            break event;
        }
    };
    assert_eq!(changed.affected_assets[0].root.as_ref(), "ui/button");
    assert!(changed.revision > Some(before) && project.snapshot().revision >= changed.revision.expect("a revision"));
    assert_eq!(n_included(&project), 2);
    drop(project);
    events.extend(std::iter::from_fn(|| said.try_next()));
    check(events.iter().map(|event| &**event)).expect("the contract of every stream");
}

#[test]
fn svc_5_an_unobserved_project_sees_what_another_process_committed_when_it_looks() {
    let workspace = Workspace::with_assets();
    let (_bus, project) = open(&workspace);
    assert_eq!(write(&workspace, &["exclude", "ui/button"]).code, 0);
    assert_eq!(n_included(&project), 3, "nobody has looked");
    let request = serde_json::from_str(r#"{"service": "exclude_asset_from_build", "selectors": ["texts/intro"]}"#);
    let answer = project.call(request.expect("a request"));
    assert_eq!(answer.applied_actions.len(), 1, "{}", answer.summary);
    assert_eq!(n_included(&project), 1, "a mutation looks before it plans");
    assert_eq!(write(&workspace, &["include", "ui/button"]).code, 0, "and what it wrote, the other sees");
    let _ = project.reconcile();
    assert_eq!(n_included(&project), 2);
    drop(project);
    assert_eq!(entries(&workspace).iter().filter(|(_, included)| *included).count(), 2);
}
