//! Opening to read: what it costs, and what it says where another process is, or was, in the middle of something.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use packwright::fs::{RealFs, SharedFs, WorkspaceLock};
use packwright::service::{Data, Response, Status};
use packwright::snapshot::State;
use packwright::value::{Cancel, OperationId, RelPath};
use packwright::{Packer, Project};
use packwright_testkit::{Tree, as_nobody, files_below};

use crate::through::Through;
use crate::{SETTINGS, call, heard, reopen};

const ROOTS: usize = 1_000;

/// A workspace of many registered roots, as the last process left it: scanned, with a listing.
fn large() -> Tree {
    let tree = Tree::empty();
    tree.write("packwright.toml", SETTINGS);
    let mut lines = Vec::new();
    for n in 0..ROOTS {
        let uuid = format!("0199c0de-0000-7000-8000-{:012x}", n + 1);
        let manifest = format!(r#"{{"schema": 1, "uuid": "{uuid}", "address": "a/n{n:04}"}}"#);
        tree.write(&format!("assets/a/n{n:04}/asset.json"), manifest);
        tree.write(&format!("assets/a/n{n:04}/x.txt"), "x");
        let mut line = String::new();
        write!(line, r#"    {{"asset_id": {}, "uuid": "{uuid}", "root": "a/n{n:04}", "included": true}}"#, n + 1)
            .expect("a line");
        lines.push(line);
    }
    let registry = format!("{{\n  \"schema\": 1,\n  \"assets\": [\n{}\n  ]\n}}\n", lines.join(",\n"));
    tree.write("packwright.registry.json", registry);
    drop(reopen(&tree));
    assert!(tree.at(".packwright/listing").exists());
    tree
}

/// How often the files were used, by what was done.
#[derive(Clone, Default)]
struct Uses(Arc<Mutex<BTreeMap<String, usize>>>);

impl Uses {
    fn through(&self) -> Through {
        let uses = self.clone();
        Through::new(move |what, _| *uses.0.lock().expect("no panic").entry(what.to_owned()).or_default() += 1)
    }

    /// Since the last time this was asked: looks at folders, at files, and into files.
    fn take(&self) -> [usize; 3] {
        let uses = std::mem::take(&mut *self.0.lock().expect("no panic"));
        let writes: Vec<_> =
            uses.keys().filter(|what| !["read_dir", "stat", "open"].contains(&what.as_str())).collect();
        assert_eq!(writes, [""; 0], "a read writes nothing and takes no lock");
        ["read_dir", "stat", "open"].map(|what| uses.get(what).copied().unwrap_or_default())
    }
}

fn open_to_read(tree: &Tree, through: &Through) -> Project {
    let through = through.clone();
    let builder = Packer::builder(heard::bus()).importers(packwright_importers::standard()).threads(2);
    builder.files(move |files| through.over(files)).build().open_unscanned(tree.path()).expect("a workspace")
}

fn ok(project: &Project, request: &str) -> Response {
    let response = call(project, request);
    assert_eq!(response.status, Status::Ok, "{request}: {}", response.summary);
    response
}

/// Registry, settings, listing, the last build, and the folder of the quarantine: what is read whatever is asked for.
const FEW: usize = 12;

#[test]
fn svc_3_what_lists_and_shows_looks_only_at_what_it_prints() {
    let tree = large();
    let uses = Uses::default();
    let project = open_to_read(&tree, &uses.through());
    let [folders, stats, files] = uses.take();
    assert!(folders <= 1 && stats <= FEW && files <= FEW, "opening: {folders} folders, {stats} stats, {files} files");
    assert_eq!(project.state().state, State::Stale);
    for (request, shown) in [
        (r#"{"service": "get_compile_surface"}"#, 0),
        (r#"{"service": "get_asset_details", "selector": "a/n0500"}"#, 1),
        (r#"{"service": "list_assets", "limit": 10}"#, 10),
        (r#"{"service": "list_assets", "limit": 10, "sort": "bytes", "descending": true}"#, 10),
        // As a shell's completion asks.
        (r#"{"service": "list_assets", "filter": {"registered": true, "text": "a/n012"}, "limit": 1000}"#, 10),
    ] {
        let response = ok(&project, request);
        let [folders, stats, files] = uses.take();
        let total = format!("{request}: {folders} folders, {stats} stats, {files} files for {shown} shown");
        assert!(folders <= shown && stats <= 2 * shown + FEW && files <= shown + FEW, "{total}");
        assert_eq!(response.runtime_state.state, State::Stale, "{request}");
        assert_eq!(response.runtime_state.reasons[0].code, "not_scanned");
    }
    drop(project);
    assert_eq!(uses.take()[0], 0, "nor does closing scan");
    heard::end();
}

#[test]
fn svc_3_what_is_printed_is_as_it_is_on_disk() {
    let tree = large();
    tree.write("assets/a/n0007/more.txt", "more");
    tree.remove("assets/a/n0008/asset.json");
    let project = open_to_read(&tree, &Uses::default().through());
    let details = ok(&project, r#"{"service": "get_asset_details", "selector": "a/n0007"}"#);
    let Data::GetAssetDetails(details) = details.data else { panic!("details") };
    assert_eq!(details.files.len(), 2);
    let gone = call(&project, r#"{"service": "get_asset_details", "selector": "root:a/n0008"}"#);
    let Data::GetAssetDetails(gone) = gone.data else { panic!("details") };
    assert_eq!((gone.asset.state, gone.manifest), (State::Diverged, None));
    drop(project);
    heard::end();
}

/// A workspace with one asset that is built, and then changed and built by a process that is killed when its outputs are
/// named and not in place. The new outputs.
fn killed() -> (Tree, BTreeMap<String, Vec<u8>>) {
    let (tree, project) = crate::open("-- assets/a/x.txt --\nold\n");
    ok(&project, r#"{"service": "register_asset", "roots": ["a"]}"#);
    ok(&project, r#"{"service": "build"}"#);
    let old = files_below(&tree.at("build"));
    tree.write("assets/a/x.txt", "newer");
    ok(&project, r#"{"service": "build"}"#);
    drop(project);
    heard::end();
    let new = files_below(&tree.at("build"));
    let operation = OperationId::mint();
    for (name, bytes) in &new {
        tree.write(&format!("build/.{name}.pw-{operation}"), bytes);
        tree.write(&format!("build/{name}"), &old[name]);
    }
    // In the order of their renames.
    let outputs = ["build/addressables.json", "build/report.json", "build/game.pack"];
    let note = serde_json::json!({"operation": operation, "outputs": outputs});
    tree.write(".packwright/publish", note.to_string());
    (tree, new)
}

fn lock(tree: &Tree) -> WorkspaceLock {
    let fs: SharedFs = Arc::new(RealFs::open(tree.path()).expect("it opens"));
    let now = (Duration::ZERO, &Cancel::new());
    WorkspaceLock::acquire(&fs, &RelPath::literal(".packwright"), ("build", OperationId::mint()), now, false)
        .expect("nobody writes")
}

#[test]
fn mut_7_a_reader_finishes_what_a_killed_build_named() {
    let (tree, new) = killed();
    let project = open_to_read(&tree, &Through::new(|_, _| {}));
    assert_eq!(files_below(&tree.at("build")), new, "all of it, and nothing beside it");
    assert!(!tree.at(".packwright/publish").exists());
    let status = ok(&project, r#"{"service": "get_status", "barrier": true}"#);
    assert_eq!(status.runtime_state.state, State::Healthy);
    drop(project);
    heard::end();
}

#[test]
fn run_3_a_reader_waits_a_moment_for_whoever_puts_outputs_in_place() {
    let (tree, _) = killed();
    let tree = Arc::new(tree);
    let (held, looks) = (Mutex::new(Some(lock(&tree))), AtomicUsize::new(0));
    let through = Through::new({
        let tree = Arc::clone(&tree);
        move |what, path| {
            // The third look finds that the other has come to its end.
            if (what, path) == ("stat", ".packwright/publish") && looks.fetch_add(1, Ordering::SeqCst) == 2 {
                tree.remove(".packwright/publish");
                drop(held.lock().expect("no panic").take());
            }
        }
    });
    let project = open_to_read(&tree, &through);
    let status = ok(&project, r#"{"service": "get_status", "barrier": true}"#);
    assert_eq!((status.runtime_state.state, status.runtime_state.reasons.len()), (State::Healthy, 0));
    drop(project);
    heard::end();
}

#[test]
fn run_1_a_reader_says_that_another_process_commits_until_that_is_over() {
    let (tree, new) = killed();
    let held = lock(&tree);
    let project = reopen(&tree);
    let listed = ok(&project, r#"{"service": "list_assets"}"#);
    assert_eq!(listed.runtime_state.state, State::Committing);
    assert!(listed.runtime_state.reasons.iter().any(|reason| reason.code == "another_commits"));
    assert_ne!(files_below(&tree.at("build")), new, "it is the other's to finish");
    drop(held);
    let status = ok(&project, r#"{"service": "get_status", "barrier": true}"#);
    assert_eq!((status.runtime_state.state, status.runtime_state.reasons.len()), (State::Healthy, 0));
    assert_eq!(files_below(&tree.at("build")), new, "the other left it");
    drop(project);
    heard::end();
}

#[test]
fn run_1_a_reader_that_may_not_write_says_that_recovery_is_needed_and_reads() {
    let (tree, new) = killed();
    let allow = |mode| {
        std::fs::set_permissions(tree.at(".packwright"), PermissionsExt::from_mode(mode)).expect("our own folder");
        let lock = tree.at(".packwright/lock");
        std::fs::set_permissions(lock, PermissionsExt::from_mode(mode & 0o666)).expect("our own file");
    };
    let stranger = Tree::empty();
    allow(0o555);
    // Somebody to whom none of it belongs.
    as_nobody(&stranger, || {
        let project = open_to_read(&tree, &Through::new(|_, _| {}));
        for request in [r#"{"service": "list_assets"}"#, r#"{"service": "get_asset_details", "selector": "a"}"#] {
            let response = ok(&project, request);
            assert_eq!(response.runtime_state.state, State::Failed, "{request}");
            assert!(response.runtime_state.reasons.iter().any(|reason| reason.code == "recovery_needed"));
        }
        assert_eq!(call(&project, r#"{"service": "build"}"#).exit_code(), 3);
        drop(project);
        heard::end();
    });
    assert_ne!(files_below(&tree.at("build")), new);
    allow(0o755);
    let project = reopen(&tree);
    assert_eq!((files_below(&tree.at("build")), project.state().state), (new, State::Healthy));
    drop(project);
    heard::end();
}
