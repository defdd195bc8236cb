//! `prune_cache`: what it drops, what it leaves, and that builds are none the wiser.

use std::time::{Duration, SystemTime};

use packwright::Project;
use packwright::service::{Data, PruneData, Response, Status};
use packwright_testkit::{as_nobody, files_below};

use super::game::{Game, blockers, build};

const CACHE: &str = ".packwright/cache/v1";

/// Two assets whose parts are compressed, and so cached, built; then one of them changed, and built again.
fn built_twice() -> (Game, Project) {
    let mut game = Game::new();
    game.settings("[build]\ncompression = \"lz4\"\n");
    game.asset(1, "a", "").source("a/x.bin", [1; 9000]);
    game.asset(2, "b", "").source("b/y.bin", [2; 9000]);
    let project = game.open();
    build(&project);
    game.source("a/x.bin", [3; 9500]);
    build(&project);
    assert_eq!(n_files(&game), 6, "an entry and a blob of each import");
    (game, project)
}

fn n_files(game: &Game) -> usize {
    files_below(&game.tree.at(CACHE)).keys().filter(|path| *path != "pruned").count()
}

/// Makes all of the cache so old.
fn age(game: &Game, days: u64) {
    for path in files_below(&game.tree.at(CACHE)).keys() {
        let file = std::fs::File::options().append(true).open(game.tree.at(&format!("{CACHE}/{path}")));
        let time = SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
        file.expect("a file").set_modified(time).expect("a time");
    }
}

fn prune(project: &Project, older_than_days: Option<u32>) -> PruneData {
    let member = older_than_days.map(|days| format!(r#", "older_than_days": {days}"#)).unwrap_or_default();
    pruned(crate::call(project, &format!(r#"{{"service": "prune_cache"{member}}}"#)))
}

fn pruned(response: Response) -> PruneData {
    assert_eq!(response.status, Status::Ok, "{}", response.summary);
    match response.data {
        Data::PruneCache(data) => data,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_old_and_not_of_the_last_build_goes_and_the_next_build_finds_all_it_needs() {
    let (game, project) = built_twice();
    age(&game, 40);
    let (before, pack) = (game.tree.everything(), game.pack());
    let data = prune(&project, None);
    assert_eq!((data.freed_files, data.kept_files, n_files(&game)), (2, 4, 4));
    assert!(data.freed_bytes > 0 && data.kept_bytes > data.freed_bytes);
    assert_eq!((game.tree.everything(), game.pack()), (before, pack.clone()), "nothing else is touched");
    assert_eq!(build(&project).cache.misses, 0);
    game.tree.remove("build/game.pack");
    let built = build(&project);
    assert_eq!((built.cache.hits, built.cache.misses), (2, 0), "all comes from the cache");
    assert_eq!(game.pack(), pack);
}

#[test]
fn what_is_younger_than_so_many_days_stays() {
    let (game, project) = built_twice();
    age(&game, 29);
    assert_eq!(prune(&project, None).freed_files, 0);
    assert_eq!(prune(&project, Some(30)).freed_files, 0);
    assert_eq!(prune(&project, Some(u32::MAX)).freed_files, 0);
    assert_eq!(prune(&project, Some(28)).freed_files, 2);
    assert_eq!(prune(&project, Some(0)), PruneData { freed_files: 0, freed_bytes: 0, ..prune(&project, Some(0)) });
    assert_eq!(n_files(&game), 4);
}

#[test]
fn with_no_days_nothing_stays_but_what_the_last_build_used() {
    let (game, project) = built_twice();
    let data = prune(&project, Some(0));
    assert_eq!((data.freed_files, data.kept_files), (2, 4));
    game.source("a/x.bin", [1; 9000]);
    let built = build(&project);
    assert_eq!((built.cache.hits, built.cache.misses), (1, 1), "what was dropped is made again");
}

#[test]
fn where_no_last_build_is_known_age_alone_decides_and_the_next_build_is_the_same() {
    let (game, project) = built_twice();
    let pack = game.pack();
    game.tree.write(".packwright/last-build", "damaged");
    assert_eq!(prune(&project, Some(1)).freed_files, 0);
    let data = prune(&project, Some(0));
    assert_eq!((data.freed_files, data.kept_files), (6, 0));
    assert_eq!(build(&project).cache.misses, 2);
    assert_eq!(game.pack(), pack);
}

#[test]
fn an_empty_cache_is_no_trouble_and_nothing_of_it_is_made() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.txt", "x");
    let project = game.open();
    assert_eq!(prune(&project, None), PruneData::default());
    assert!(!game.tree.at(CACHE).exists());
}

#[test]
fn a_damaged_cache_is_put_in_order_and_no_build_is_wrong_after_it() {
    let (game, project) = built_twice();
    let pack = game.pack();
    let entries = files_below(&game.tree.at(&format!("{CACHE}/entries")));
    for path in entries.keys() {
        game.tree.write(&format!("{CACHE}/entries/{path}"), "no entry");
    }
    game.tree.write(&format!("{CACHE}/entries/zz/no-key"), "x");
    game.tree.write(&format!("{CACHE}/entries/loose"), "x");
    game.tree.write(&format!("{CACHE}/blobs/zz/deep/er"), "x");
    game.tree.write(&format!("{CACHE}/partial/left"), "of a build that was killed");
    let data = prune(&project, None);
    assert_eq!((data.freed_files, data.kept_files), (4, 3), "what is no entry goes, young blobs stay");
    assert!(!game.tree.at(&format!("{CACHE}/partial/left")).exists());
    game.tree.remove("build/game.pack");
    build(&project);
    assert_eq!(game.pack(), pack);
}

#[test]
fn a_file_where_the_cache_should_be_is_an_empty_cache_and_a_link_is_not_followed() {
    for folder in ["entries", "blobs"] {
        let (game, project) = built_twice();
        let pack = game.pack();
        let path = format!("{CACHE}/{folder}");
        game.tree.remove(&path);
        game.tree.write(&path, "a file");
        assert!(prune(&project, Some(0)).kept_files <= 4);
        assert_eq!(game.tree.text(&path), "a file");
        game.tree.remove(&path);
        game.tree.write("outside/aa/precious", "mine");
        std::os::unix::fs::symlink(game.tree.at("outside"), game.tree.at(&path)).expect("a link");
        drop(crate::call(&project, r#"{"service": "prune_cache", "older_than_days": 0}"#));
        assert_eq!(game.tree.text("outside/aa/precious"), "mine");
        std::fs::remove_file(game.tree.at(&path)).expect("our own link");
        game.tree.remove("build/game.pack");
        build(&project);
        assert_eq!(game.pack(), pack);
    }
}

#[test]
fn room_is_made_whatever_is_wrong_with_settings_and_registry() {
    let (game, project) = built_twice();
    age(&game, 40);
    game.tree.write("packwright.registry.json", "{");
    game.tree.write("packwright.toml", "schema = ");
    drop(project);
    assert_eq!(prune(&game.open(), None).freed_files, 2);
}

#[test]
fn a_workspace_that_may_not_be_written_keeps_its_cache_and_is_told_why() {
    let (game, project) = built_twice();
    drop(project);
    let permit = |mode| {
        let mut due = vec![game.tree.path().to_owned()];
        while let Some(folder) = due.pop() {
            let entries = std::fs::read_dir(&folder).expect("our own folder").map(|entry| entry.expect("one").path());
            due.extend(entries.filter(|path| path.is_dir()));
            let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
            std::fs::set_permissions(&folder, permissions).expect("our own folder");
        }
    };
    permit(0o555);
    let response =
        as_nobody(&game.tree, || crate::call(&game.open(), r#"{"service": "prune_cache", "older_than_days": 0}"#));
    permit(0o755);
    assert_eq!((response.status, blockers(&response)), (Status::Blocked, vec!["read_only".to_owned()]));
    assert_eq!(n_files(&game), 6);
}
