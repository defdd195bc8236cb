//! Readers at full speed beside a writer, a builder and edits on disk: each answer is held against the history of commits.
//!
//! Assets come in pairs that every operation changes together, so that half an operation would show.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use packwright::Project;
use packwright::service::{Data, Response, Status};
use packwright_testkit::Tree;
use serde_json::{Value, json};

use crate::{SETTINGS, Stop, call, heard, packer};

const PAIRS: usize = 4;
const ROUNDS: u64 = 40;

/// The registered roots, each with whether it is included.
type World = BTreeMap<String, bool>;

/// What each commit made, by the revision that published it.
struct History {
    commits: Mutex<BTreeMap<u64, World>>,
    /// The newest revision that an answer of the writer had.
    answered: AtomicU64,
}

/// Something that a reader was told, to be held against the history.
struct Told {
    revision: u64,
    what: Fact,
}

enum Fact {
    /// All that is registered.
    All(World),
    /// One asset: whether it is registered, and included.
    One(String, Option<bool>),
    /// The addresses of what is included.
    Surface(BTreeSet<String>),
    /// How many are registered and included.
    Counts(u64, u64),
}

impl History {
    fn starting_at(revision: u64, world: World) -> Self {
        Self { commits: Mutex::new([(revision, world)].into()), answered: AtomicU64::new(revision) }
    }

    fn add(&self, revision: u64, world: &World) {
        let before = self.commits.lock().expect("no panic").insert(revision, world.clone());
        assert_eq!(before, None, "revision {revision} is of one commit");
        self.answered.store(revision, Ordering::SeqCst);
    }

    fn check(&self, told: &Told) {
        let commits = self.commits.lock().expect("no panic");
        let (at, world) = commits.range(..=told.revision).next_back().expect("nothing is older than the opening");
        let is_so = match &told.what {
            Fact::All(all) => all == world,
            Fact::One(root, included) => world.get(root) == included.as_ref(),
            Fact::Surface(addresses) => *addresses == included(world),
            Fact::Counts(registered, n_included) => {
                (*registered, *n_included) == (world.len() as u64, included(world).len() as u64)
            }
        };
        assert!(is_so, "revision {} after the commit of {at}: {world:?}, and {:?} was told", told.revision, told.what);
    }
}

impl std::fmt::Debug for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All(world) => world.fmt(f),
            Self::One(root, included) => (root, included).fmt(f),
            Self::Surface(addresses) => addresses.fmt(f),
            Self::Counts(registered, included) => (registered, included).fmt(f),
        }
    }
}

fn included(world: &World) -> BTreeSet<String> {
    world.iter().filter(|(_, included)| **included).map(|(root, _)| root.clone()).collect()
}

/// One of a pair.
fn root(pair: usize, half: &str) -> String {
    format!("pair{pair}/{half}")
}

fn workspace() -> Tree {
    let tree = Tree::empty();
    tree.write("packwright.toml", SETTINGS);
    for root in (0..PAIRS).flat_map(|pair| [root(pair, "left"), root(pair, "right")]) {
        tree.write(&format!("assets/{root}/x.txt"), &root);
    }
    tree
}

/// Registers, includes, excludes and removes pairs, each pair in one operation.
fn write(project: &Project, history: &History) {
    let mut world = World::new();
    for round in 0..ROUNDS {
        let pair = (round * 7 % 5) as usize % PAIRS;
        let both = [root(pair, "left"), root(pair, "right")];
        let request = match world.get(&both[0]) {
            None => json!({"service": "register_asset", "roots": both, "included": round % 2 == 0}),
            Some(true) => json!({"service": "exclude_asset_from_build", "selectors": both}),
            Some(false) if round % 3 == 0 => json!({"service": "remove_asset", "selectors": both}),
            Some(false) => json!({"service": "include_asset_in_build", "selectors": both}),
        };
        for root in both {
            match request["service"].as_str() {
                Some("register_asset") => drop(world.insert(root, round % 2 == 0)),
                Some("remove_asset") => drop(world.remove(&root)),
                service => drop(world.insert(root, service == Some("include_asset_in_build"))),
            }
        }
        let response = call(project, &request.to_string());
        assert_eq!(response.status, Status::Ok, "{}", response.summary);
        history.add(response.revision.expect("a revision"), &world);
    }
}

/// Reads in every way until it is `over`; what it was told.
fn read(project: &Project, history: &History, over: &AtomicBool) -> Vec<Told> {
    let mut told = Vec::new();
    let mut last = 0;
    for turn in 0.. {
        let is_last = over.load(Ordering::SeqCst);
        let answered = history.answered.load(Ordering::SeqCst);
        let (revision, what) = look(project, turn);
        assert!(revision >= answered, "revision {revision}, and {answered} had been answered before");
        assert!(revision >= last, "revision {revision} after {last}");
        last = revision;
        told.push(Told { revision, what });
        if is_last {
            break;
        }
    }
    told
}

fn look(project: &Project, turn: usize) -> (u64, Fact) {
    let ask = |request: Value| -> (u64, Response) {
        let response = call(project, &request.to_string());
        (response.revision.expect("a revision"), response)
    };
    match turn % 5 {
        0 => {
            let snapshot = project.snapshot();
            let entry = |asset: &std::sync::Arc<packwright::snapshot::Asset>| {
                (asset.root_text.to_string(), asset.is_included())
            };
            (snapshot.revision, Fact::All(snapshot.registered().map(entry).collect()))
        }
        1 => {
            let (revision, response) = ask(json!({"service": "list_assets", "filter": {"registered": true}}));
            let Data::ListAssets(list) = response.data else { panic!("{}", response.summary) };
            let entry = |asset: &packwright::service::ListedAsset| (asset.root.to_string(), asset.included);
            (revision, Fact::All(list.assets.iter().map(entry).collect()))
        }
        2 => {
            let root = root(turn % PAIRS, "right");
            let (revision, response) = ask(json!({"service": "get_asset_details", "selector": format!("root:{root}")}));
            let included = match response.data {
                Data::GetAssetDetails(details) => details.asset.registered.then_some(details.asset.included),
                _ => None,
            };
            (revision, Fact::One(root, included))
        }
        3 => {
            let (revision, response) = ask(json!({"service": "get_compile_surface"}));
            let Data::GetCompileSurface(surface) = response.data else { panic!("{}", response.summary) };
            let addresses = surface.addressables.iter().map(|one| one.address.to_string()).collect();
            (revision, Fact::Surface(addresses))
        }
        _ => {
            let (revision, response) = ask(json!({"service": "get_status"}));
            let Data::GetStatus(status) = response.data else { panic!("{}", response.summary) };
            (revision, Fact::Counts(status.counts.registered, status.counts.included))
        }
    }
}

/// Edits sources, and lets an unregistered folder come and go, until it is `over`.
fn edit(tree: &Tree, over: &AtomicBool) {
    for turn in 0.. {
        if over.load(Ordering::SeqCst) {
            break;
        }
        tree.write(&format!("assets/{}/x.txt", root(turn % PAIRS, "left")), format!("{turn}"));
        if turn % 2 == 0 {
            tree.write("assets/loose/asset.json", "{}");
        } else {
            tree.remove("assets/loose");
        }
    }
}

fn build(project: &Project, over: &AtomicBool) {
    while !over.load(Ordering::SeqCst) {
        let response = call(project, r#"{"service": "build"}"#);
        let changing = response.diagnostics.iter().all(|found| found.code.to_string() == "S213");
        assert!(response.status == Status::Ok || changing, "{}: {:?}", response.summary, response.diagnostics);
    }
}

fn everything_at_once(is_observed: bool) {
    let tree = workspace();
    let project = packer().0.open(tree.path()).expect("a workspace");
    if is_observed {
        assert!(project.observe().active);
    }
    let history = History::starting_at(project.snapshot().revision, World::new());
    let over = AtomicBool::new(false);
    let told = std::thread::scope(|scope| {
        let stop = Stop(&over);
        let readers: Vec<_> = (0..2).map(|_| scope.spawn(|| read(&project, &history, &over))).collect();
        scope.spawn(|| build(&project, &over));
        scope.spawn(|| edit(&tree, &over));
        write(&project, &history);
        drop(stop);
        readers.into_iter().flat_map(|reader| reader.join().expect("no panic")).collect::<Vec<Told>>()
    });
    told.iter().for_each(|told| history.check(told));
    let revisions: BTreeSet<u64> = told.iter().map(|told| told.revision).collect();
    assert!(revisions.len() > 1, "they read while it was written");
    let _ = call(&project, r#"{"service": "get_status", "barrier": true}"#);
    let all = |project: &Project| {
        let Data::ListAssets(list) = call(project, r#"{"service": "list_assets"}"#).data else { panic!("a list") };
        let as_found = |mut asset: packwright::service::ListedAsset| {
            (asset.state, asset.last_built) = (packwright::snapshot::State::Healthy, None);
            asset
        };
        list.assets.into_iter().map(as_found).collect::<Vec<_>>()
    };
    assert_eq!(all(&project), all(&crate::reopen(&tree)), "in the end it is what a fresh look finds");
    drop(project);
    heard::end();
}

#[test]
fn con_4_con_5_run_3_every_read_beside_writes_and_builds_is_of_one_commit() {
    everything_at_once(false);
}

#[test]
fn con_8_mut_3_every_read_of_an_observed_workspace_beside_writes_and_builds_is_of_one_commit() {
    everything_at_once(true);
}
