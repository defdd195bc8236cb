//! An observer over real folders. Nothing here waits for time to pass: each test waits for what it expects.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use packwright_testkit::Tree;

use super::*;
use crate::fs::Seen;

/// No test needs that long; one that does hangs.
const GENEROUS: Duration = Duration::from_secs(60);

#[derive(Debug)]
enum Call {
    Hinted(Dirty),
    Settle(Dirty),
    Lost(Lost),
}

/// A host that passes on what it is told.
struct Recorder {
    calls: Mutex<Sender<Call>>,
    is_held: AtomicBool,
    was_asked: Mutex<Sender<()>>,
}

impl Recorder {
    fn tell(&self, call: Call) {
        // The test may have ended.
        let _ = self.calls.lock().unwrap().send(call);
    }
}

impl ObserverHost for Recorder {
    fn hinted(&self, hints: &Dirty) {
        self.tell(Call::Hinted(hints.clone()));
    }

    fn settle(&self, dirty: Dirty) {
        self.tell(Call::Settle(dirty));
    }

    fn is_held(&self) -> bool {
        let _ = self.was_asked.lock().unwrap().send(());
        self.is_held.load(Ordering::SeqCst)
    }

    fn lost(&self, lost: Lost) {
        self.tell(Call::Lost(lost));
    }
}

/// A workspace under observation.
struct Watched {
    tree: Arc<Tree>,
    observer: Observer,
    host: Arc<Recorder>,
    calls: Receiver<Call>,
    asked: Receiver<()>,
}

const WORKSPACE: &str = "
-- mine/packwright.toml --
-- mine/packwright.registry.json --
-- mine/.packwright/lock --
-- mine/assets/ui/button/a.png --
-- mine/assets/audio/theme.ogg --
";

fn rules(patterns: &[&str]) -> IgnoreRules {
    let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
    IgnoreRules::new(&patterns).unwrap()
}

impl Watched {
    fn new() -> Self {
        Self::of(Tree::from_text(WORKSPACE), "mine", "assets")
    }

    fn of(tree: impl Into<Arc<Tree>>, workspace: &str, assets_dir: &'static str) -> Self {
        let tree = tree.into();
        let (calls, told) = channel();
        let (was_asked, asked) = channel();
        let (calls, was_asked) = (Mutex::new(calls), Mutex::new(was_asked));
        let host = Arc::new(Recorder { calls, is_held: AtomicBool::new(false), was_asked });
        let observer = Observer::start(ObserverSetup {
            workspace: tree.at(workspace),
            assets_dir: RelPath::literal(assets_dir),
            ignore: rules(&["*.psd", "drafts/"]),
            host: host.clone(),
        });
        Self { tree, observer: observer.unwrap(), host, calls: told, asked }
    }

    fn next(&self) -> Call {
        self.calls.recv_timeout(GENEROUS).expect("the observer says something")
    }

    fn next_settle(&self) -> Dirty {
        loop {
            if let Call::Settle(dirty) = self.next() {
                return dirty;
            }
        }
    }

    /// All that is settled until `enough` is part of it.
    fn until(&self, enough: impl Fn(&Dirty) -> bool) -> Dirty {
        let mut all = Dirty::default();
        while !enough(&all) {
            all.merge(&self.next_settle());
        }
        all
    }

    /// All that is settled until each of the folders is.
    fn until_folders(&self, folders: &[&str]) -> Dirty {
        self.until(|dirty| dirty.everything || folders.iter().all(|folder| dirty.folders.contains(*folder)))
    }

    /// All that is settled up to a change made now, without that change.
    fn until_now(&self) -> Dirty {
        self.tree.write("mine/assets/marker/x.png", "now");
        let mut all = self.until_folders(&["", "marker"]);
        all.folders.remove("marker");
        all.folders.remove("");
        all
    }
}

fn names(dirty: &Dirty) -> Vec<&str> {
    dirty.folders.iter().map(RelPath::as_str).collect()
}

#[test]
fn a_file_made_written_and_deleted_is_a_hint_each_time() {
    let watched = Watched::new();
    watched.tree.write("mine/assets/ui/button/b.png", "1");
    assert_eq!(names(&watched.until_folders(&["ui/button"])), ["ui/button"]);
    watched.tree.write("mine/assets/ui/button/b.png", "2");
    assert_eq!(names(&watched.until_folders(&["ui/button"])), ["ui/button"]);
    watched.tree.remove("mine/assets/ui/button/b.png");
    assert_eq!(names(&watched.until_folders(&["ui/button"])), ["ui/button"]);
}

#[test]
fn a_hint_is_told_before_it_is_settled() {
    let watched = Watched::new();
    watched.tree.remove("mine/assets/audio/theme.ogg");
    let (first, second) = (watched.next(), watched.next());
    assert!(matches!(&first, Call::Hinted(dirty) if names(dirty) == ["audio"]), "{first:?}");
    assert!(matches!(&second, Call::Settle(dirty) if names(dirty) == ["audio"]), "{second:?}");
}

#[test]
fn an_atomic_save_is_a_hint_for_its_folder_alone() {
    let watched = Watched::new();
    watched.tree.write("mine/assets/ui/button/.a.png.swap", "new");
    watched.tree.rename("mine/assets/ui/button/.a.png.swap", "mine/assets/ui/button/a.png");
    assert_eq!(names(&watched.until_now()), ["ui/button"]);
}

#[test]
fn a_renamed_folder_is_watched_under_its_new_name() {
    let watched = Watched::new();
    watched.tree.rename("mine/assets/ui", "mine/assets/gui");
    assert_eq!(names(&watched.until_folders(&["", "gui", "gui/button"])), ["", "gui", "gui/button"]);
    watched.tree.write("mine/assets/gui/button/a.png", "2");
    assert_eq!(names(&watched.until_folders(&["gui/button"])), ["gui/button"]);
}

#[test]
fn what_becomes_of_a_folder_that_left_is_no_hint() {
    let watched = Watched::new();
    watched.tree.rename("mine/assets/ui", "elsewhere");
    assert_eq!(names(&watched.until_folders(&[""])), [""]);
    watched.tree.write("elsewhere/button/a.png", "2");
    assert_eq!(names(&watched.until_now()), [""; 0]);
}

#[test]
fn a_folder_in_the_place_of_another_is_looked_at_whole() {
    let watched = Watched::new();
    watched.tree.write("other/button/b.png", "b");
    watched.tree.rename("mine/assets/ui", "elsewhere");
    watched.tree.rename("other", "mine/assets/ui");
    watched.until_folders(&["", "ui", "ui/button"]);
    watched.tree.write("mine/assets/ui/button/b.png", "2");
    assert_eq!(names(&watched.until_folders(&["ui/button"])), ["ui/button"]);
}

#[test]
fn all_folders_of_a_tree_moved_in_are_hinted_and_watched() {
    let watched = Watched::new();
    let mut folders: Vec<String> = vec![String::new(), "in".to_owned()];
    for n in 0..40 {
        let folder = format!("in/{}/{n}", n % 4);
        watched.tree.write(&format!("outside/{}/{n}/x.png", n % 4), "x");
        folders.push(folder);
    }
    watched.tree.rename("outside", "mine/assets/in");
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    watched.until_folders(&folders);
    watched.tree.write("mine/assets/in/3/39/deeper/y.png", "y");
    watched.until_folders(&["in/3/39", "in/3/39/deeper"]);
}

#[test]
fn folders_made_one_in_another_are_all_hinted() {
    let watched = Watched::new();
    let deep: Vec<String> = (1..30).map(|depth| vec!["d"; depth].join("/")).collect();
    watched.tree.write(&format!("mine/assets/{}/x.png", deep[28]), "x");
    watched.until_folders(&deep.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_folder_moved_into_a_new_one_stays_watched() {
    let watched = Watched::new();
    let mut place = "mine/assets/ui".to_owned();
    for n in 0..20 {
        let new = format!("mine/assets/new{n}");
        std::fs::create_dir(watched.tree.at(&new)).unwrap();
        watched.tree.rename(&place, &format!("{new}/ui"));
        place = format!("{new}/ui");
    }
    watched.until_folders(&["new19/ui/button"]);
    watched.tree.write(&format!("{place}/button/a.png"), "2");
    watched.until_folders(&["new19/ui/button"]);
}

#[test]
fn an_assets_folder_that_appears_is_watched() {
    let watched = Watched::of(Tree::from_text("-- mine/packwright.toml --\n"), "mine", "game/assets");
    watched.tree.write("mine/game/assets/ui/a.png", "a");
    watched.until(|dirty| dirty.everything);
    // Its last folder may have appeared after the first look; then there is another.
    watched.tree.write("mine/game/assets/ui/b.png", "b");
    watched.until_folders(&["ui"]);
    watched.tree.write("mine/game/assets/ui/c.png", "c");
    watched.until_folders(&["ui"]);
}

#[test]
fn an_assets_folder_in_the_place_of_another_is_watched() {
    let watched = Watched::new();
    watched.tree.write("other/music/a.ogg", "a");
    watched.tree.rename("mine/assets", "mine/old");
    watched.tree.rename("other", "mine/assets");
    watched.until(|dirty| dirty.everything);
    watched.tree.write("mine/assets/music/a.ogg", "b");
    watched.until_folders(&["music"]);
    watched.tree.write("mine/old/ui/button/a.png", "2");
    assert!(!watched.until_now().folders.contains("ui/button"));
}

#[test]
fn an_assets_folder_that_vanishes_is_everything() {
    let watched = Watched::new();
    watched.tree.remove("mine/assets");
    watched.until(|dirty| dirty.everything);
}

#[test]
fn a_workspace_behind_a_link_is_observed() {
    let tree = Tree::from_text(WORKSPACE);
    std::os::unix::fs::symlink(tree.at("mine"), tree.at("link")).unwrap();
    let watched = Watched::of(tree, "link", "assets");
    watched.tree.write("link/assets/ui/button/a.png", "2");
    assert_eq!(names(&watched.until_folders(&["ui/button"])), ["ui/button"]);
    watched.tree.write("mine/assets/audio/theme.ogg", "2");
    assert_eq!(names(&watched.until_folders(&["audio"])), ["audio"]);
}

#[test]
fn what_a_link_leads_to_is_not_watched() {
    let tree = Tree::from_text(WORKSPACE);
    tree.write("outside/a.png", "a");
    std::os::unix::fs::symlink(tree.at("outside"), tree.at("mine/assets/link")).unwrap();
    let watched = Watched::of(tree, "mine", "assets");
    watched.tree.write("outside/a.png", "b");
    assert_eq!(names(&watched.until_now()), [""; 0]);
}

#[test]
fn settings_and_a_registry_replaced_by_rename_are_hints() {
    let watched = Watched::new();
    watched.tree.write("mine/registry.new", "{}");
    watched.tree.rename("mine/registry.new", "mine/packwright.registry.json");
    assert_eq!(watched.until(|dirty| dirty.registry), Dirty { registry: true, ..Dirty::default() });
    watched.tree.write("mine/packwright.toml", "schema = 1");
    assert_eq!(watched.until(|dirty| dirty.settings), Dirty { settings: true, ..Dirty::default() });
    watched.tree.remove("mine/.packwright");
    assert_eq!(watched.until(|dirty| dirty.private), Dirty { private: true, ..Dirty::default() });
}

#[test]
fn reading_all_files_is_no_hint() {
    let watched = Watched::new();
    assert!(packwright_testkit::files_below(&watched.tree.at("mine")).len() >= 5);
    assert_eq!(watched.until_now(), Dirty::default());
}

#[test]
fn what_is_ours_or_ignored_is_no_hint() {
    let watched = Watched::new();
    for path in [".packwright/cache/v1/ab", "build/mine.pack", "readme.md"] {
        watched.tree.write(&format!("mine/{path}"), "x");
    }
    for path in ["ui/a.psd", "ui/a.png~", "ui/.asset.json.pw-0199c0de-0000-7000-8000-000000000000"] {
        watched.tree.write(&format!("mine/assets/{path}"), "x");
    }
    assert_eq!(watched.until_now(), Dirty::default());
}

#[test]
fn what_another_puts_into_quarantine_or_takes_from_it_is_hinted() {
    let watched = Watched::new();
    let quarantine = Dirty { quarantine: true, ..Dirty::default() };
    watched.tree.write("mine/quarantine/one/entry.json", "x");
    assert_eq!(watched.until(|dirty| dirty.quarantine), quarantine);
    // Settled: the quarantine itself is watched by now.
    watched.tree.write("mine/quarantine/two/entry.json", "x");
    assert_eq!(watched.until(|dirty| dirty.quarantine), quarantine);
    watched.tree.remove("mine/quarantine/one");
    assert_eq!(watched.until(|dirty| dirty.quarantine), quarantine);
}

#[test]
fn what_lies_in_an_ignored_folder_is_no_hint() {
    let tree = Tree::from_text(WORKSPACE);
    tree.write("mine/assets/ui/drafts/deep/a.png", "a");
    let watched = Watched::of(tree, "mine", "assets");
    watched.tree.write("mine/assets/ui/drafts/deep/a.png", "b");
    watched.tree.write("mine/assets/ui/drafts/new/a.png", "b");
    assert_eq!(watched.until_now(), Dirty::default());
}

#[test]
fn a_storm_ends_with_every_folder_settled_in_few_deliveries() {
    let watched = Watched::new();
    let folders: Vec<String> = (0..100).map(|n| format!("storm/{n}")).collect();
    for n in 0..10_000 {
        watched.tree.write(&format!("mine/assets/{}/{n}.png", folders[n % 100]), "x");
    }
    let wanted: BTreeSet<&str> = folders.iter().map(String::as_str).collect();
    let mut seen = Dirty::default();
    let mut deliveries: u32 = 0;
    while !seen.everything && !wanted.iter().all(|folder| seen.folders.contains(*folder)) {
        seen.merge(&watched.next_settle());
        deliveries += 1;
    }
    assert!(deliveries < 100, "{deliveries} deliveries");
}

#[test]
fn an_overflow_is_told_and_everything_settled_and_observation_goes_on() {
    let watched = Watched::new();
    let ground =
        Ground { workspace: watched.tree.at("mine"), assets_dir: RelPath::literal("assets"), ignore: rules(&[]) };
    watched.observer.inbox.hint(ground.sort(&Seen::Overflow));
    assert!(matches!(watched.next(), Call::Lost(Lost::Overflow)));
    assert!(matches!(watched.next(), Call::Hinted(dirty) if dirty.everything));
    assert_eq!(watched.next_settle(), Dirty::everything());
    watched.tree.write("mine/assets/ui/button/a.png", "2");
    assert_eq!(names(&watched.until_folders(&["ui/button"])), ["ui/button"]);
}

#[test]
fn a_workspace_that_is_moved_away_is_gone() {
    let watched = Watched::new();
    watched.tree.rename("mine", "moved");
    loop {
        match watched.next() {
            Call::Lost(lost) => break assert_eq!(lost, Lost::Gone),
            Call::Settle(dirty) => panic!("settled {dirty:?}"),
            Call::Hinted(_) => {}
        }
    }
    assert_eq!(watched.next_settle(), Dirty::everything());
}

#[test]
fn a_workspace_that_is_deleted_is_gone() {
    let watched = Watched::new();
    watched.tree.remove("mine");
    while !matches!(watched.next(), Call::Lost(Lost::Gone)) {}
    assert_eq!(watched.next_settle(), Dirty::everything());
}

#[test]
fn a_workspace_that_is_not_there_cannot_be_observed() {
    let tree = Tree::empty();
    let (calls, _told) = channel();
    let (was_asked, _asked) = channel();
    let (calls, was_asked) = (Mutex::new(calls), Mutex::new(was_asked));
    let lost = Observer::start(ObserverSetup {
        workspace: tree.at("nowhere"),
        assets_dir: RelPath::literal("assets"),
        ignore: rules(&[]),
        host: Arc::new(Recorder { calls, is_held: AtomicBool::new(false), was_asked }),
    });
    assert_eq!(lost.unwrap_err(), Lost::Gone);
}

#[test]
fn while_the_host_holds_nothing_is_settled() {
    let watched = Watched::new();
    watched.host.is_held.store(true, Ordering::SeqCst);
    watched.tree.write("mine/assets/ui/button/a.png", "2");
    for _ in 0..3 {
        watched.asked.recv_timeout(GENEROUS).expect("the host is asked again");
    }
    watched.tree.write("mine/assets/audio/theme.ogg", "2");
    assert!(watched.calls.try_iter().all(|call| matches!(call, Call::Hinted(_))));
    watched.host.is_held.store(false, Ordering::SeqCst);
    watched.until_folders(&["ui/button", "audio"]);
}

#[test]
fn while_git_locks_its_index_the_host_is_not_even_asked() {
    let tree = Tree::from_text(WORKSPACE);
    tree.write(".git/index.lock", "");
    let watched = Watched::of(tree, "mine", "assets");
    watched.tree.write("mine/assets/ui/button/a.png", "2");
    assert!(matches!(watched.next(), Call::Hinted(_)));
    // What another observer settles, this one would have settled too.
    let other = Watched::new();
    for text in ["2", "3", "4"] {
        other.tree.write("mine/assets/ui/button/a.png", text);
        other.next_settle();
    }
    assert!(watched.calls.try_iter().all(|call| matches!(call, Call::Hinted(_))));
    assert!(watched.asked.try_recv().is_err());
    watched.tree.remove(".git/index.lock");
    assert_eq!(names(&watched.until_folders(&["ui/button"])), ["ui/button"]);
}

#[test]
fn another_assets_folder_is_watched_when_it_is_assigned() {
    let watched = Watched::new();
    watched.tree.write("mine/art/sky.png", "a");
    watched.observer.reassign(RelPath::literal("art"), rules(&[]));
    watched.until(|dirty| dirty.everything);
    watched.tree.write("mine/assets/ui/button/a.png", "2");
    watched.tree.write("mine/art/sky.png", "b");
    assert_eq!(names(&watched.until_folders(&[""])), [""]);
}

/// Runs `work` on a workspace in which a folder `shut` may not be read.
fn with_a_shut_folder(work: impl FnOnce(&Watched, &dyn Fn(u32)) + Send) {
    let tree = Arc::new(Tree::from_text(WORKSPACE));
    tree.write("mine/assets/shut/in/a.png", "a");
    packwright_testkit::as_nobody(&tree, || {
        let set_mode = |mode| {
            std::fs::set_permissions(tree.at("mine/assets/shut"), std::fs::Permissions::from_mode(mode)).unwrap();
        };
        set_mode(0o000);
        work(&Watched::of(tree.clone(), "mine", "assets"), &set_mode);
        set_mode(0o755);
    });
}

#[test]
fn a_folder_that_cannot_be_read_keeps_no_other_from_being_watched() {
    with_a_shut_folder(|watched, _| {
        watched.tree.write("mine/assets/ui/button/a.png", "2");
        watched.tree.write("mine/assets/audio/theme.ogg", "2");
        watched.until_folders(&["audio", "ui/button"]);
    });
}

#[test]
fn a_folder_that_becomes_readable_is_watched_with_all_below_it() {
    with_a_shut_folder(|watched, set_mode| {
        set_mode(0o755);
        watched.until_folders(&["shut", "shut/in"]);
        watched.tree.write("mine/assets/shut/in/a.png", "b");
        assert_eq!(names(&watched.until_folders(&["shut/in"])), ["shut/in"]);
    });
}

#[test]
fn a_folder_whose_permissions_change_is_looked_at_itself() {
    let watched = Watched::new();
    std::fs::set_permissions(watched.tree.at("mine/assets/ui"), std::fs::Permissions::from_mode(0o700)).unwrap();
    watched.until_folders(&["", "ui"]);
}

#[test]
fn dropping_the_observer_ends_its_thread() {
    let Watched { observer, host, tree: _tree, .. } = Watched::new();
    drop(observer);
    assert_eq!(Arc::strong_count(&host), 1);
}

/// A host that owns its observer and lets go of it while it settles.
#[derive(Default)]
struct Owner {
    observer: Mutex<Option<Observer>>,
}

struct Handle {
    owner: std::sync::Weak<Owner>,
    settled: Mutex<Sender<()>>,
}

impl ObserverHost for Handle {
    fn hinted(&self, _: &Dirty) {}

    fn settle(&self, _: Dirty) {
        if let Some(owner) = self.owner.upgrade() {
            drop(owner.observer.lock().unwrap().take());
        }
        let _ = self.settled.lock().unwrap().send(());
    }

    fn is_held(&self) -> bool {
        false
    }

    fn lost(&self, lost: Lost) {
        panic!("{lost}");
    }
}

#[test]
fn an_observer_may_be_dropped_by_the_host_that_it_calls() {
    let tree = Tree::from_text(WORKSPACE);
    let owner = Arc::new(Owner::default());
    let (settled, settles) = channel();
    let host = Arc::new(Handle { owner: Arc::downgrade(&owner), settled: Mutex::new(settled) });
    let setup =
        ObserverSetup { workspace: tree.at("mine"), assets_dir: RelPath::literal("assets"), ignore: rules(&[]), host };
    *owner.observer.lock().unwrap() = Some(Observer::start(setup).unwrap());
    tree.write("mine/assets/ui/button/a.png", "2");
    settles.recv_timeout(GENEROUS).expect("it is settled once");
    // The thread lets go of the host, and with it of the other end.
    assert!(settles.recv_timeout(GENEROUS).is_err());
}
