//! What a build takes over from earlier ones, and that this changes nothing.

use packwright::build::{BuildError, Options, Outcomes};
use packwright::importer::{Imported, Metadata};

use super::bench::Bench;
use super::game::{Game, build, part};
use super::stub::{self, Stub};

fn two_sounds() -> Game {
    let mut game = Game::new();
    game.asset(7, "ui/button", "").source("ui/button/on.txt", "on\n").source("ui/button/off.txt", "off\n");
    game.asset(3, "audio", "").source("audio/theme.bin", [0xff; 5000]);
    game
}

#[test]
fn a_second_build_is_all_hits_and_unchanged() {
    let game = two_sounds();
    let project = game.open();
    let first = build(&project);
    assert_eq!((first.cache.hits, first.cache.misses), (0, 3));
    let second = build(&project);
    assert_eq!(second.outcome, packwright::service::BuildOutcome::Unchanged);
    assert_eq!((second.cache.hits, second.cache.misses), (3, 0));
    assert!(second.reasons.is_empty());
}

#[test]
fn a_build_with_nothing_changed_opens_no_source() {
    let game = two_sounds();
    let bench = Bench::new(&game.tree, stub::with([]));
    bench.built();
    assert_eq!(bench.sources_opened().len(), 3);
    assert_eq!(bench.built().outcome, Outcomes::Unchanged);
    assert_eq!(bench.sources_opened(), [""; 0]);
}

#[test]
fn only_the_source_that_changed_is_opened() {
    let game = two_sounds();
    let bench = Bench::new(&game.tree, stub::with([]));
    bench.built();
    game.source("ui/button/on.txt", "ON\n");
    let built = bench.built();
    assert_eq!(built.reasons.into_iter().collect::<Vec<_>>(), [("source_changed".to_owned(), 1)]);
    assert!(bench.sources_opened().iter().all(|path| path == "assets/ui/button/on.txt"));
    assert_eq!(part(&game.pack(), "ui/button", "on.txt"), b"ON\n");
    assert_eq!(part(&game.pack(), "ui/button", "off.txt"), b"off\n");
}

#[test]
fn a_source_changed_right_after_the_build_is_noticed_though_size_and_time_are_the_same() {
    let game = two_sounds();
    let project = game.open();
    build(&project);
    let path = game.tree.at("assets/ui/button/on.txt");
    let time = std::fs::metadata(&path).expect("a stat").modified().expect("a time");
    game.source("ui/button/on.txt", "no\n");
    std::fs::File::options().append(true).open(&path).expect("a file").set_modified(time).expect("a time");
    assert_eq!(build(&project).reasons.into_iter().collect::<Vec<_>>(), [("source_changed".to_owned(), 1)]);
    assert_eq!(part(&game.pack(), "ui/button", "on.txt"), b"no\n");
}

#[test]
fn a_last_pack_that_cannot_be_opened_is_no_source_of_bytes() {
    let game = two_sounds();
    let bench = Bench::new(&game.tree, stub::with([]));
    bench.built();
    game.source("ui/button/on.txt", "changed\n");
    bench.refuse_to_open("build/game.pack");
    bench.built();
    assert_eq!(part(&game.pack(), "audio", "theme.bin"), [0xff; 5000]);
}

#[test]
fn inc_1_a_source_that_changes_its_length_under_the_build_leaves_nothing_between_parts() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/1.bin", [1; 100]).source("a/2.bin", [2; 100]).source("a/3.bin", [3; 90]);
    let bench = Bench::new(&game.tree, stub::with([]));
    let path = game.tree.at("assets/a/1.bin");
    bench.once_before("assets/a/1.bin", move || std::fs::write(path, [9; 10]).expect("a file"));
    bench.built();
    let raced = game.pack();
    assert_eq!(part(&raced, "a", "1.bin"), [9; 10]);
    bench.build(Options { full: true, ..Options::default() }).expect("a build");
    assert_eq!(raced, game.pack());
}

#[test]
fn a_damaged_blob_is_made_again() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.shout", "quiet");
    game.asset(2, "b", "").source("b/y.txt", "y");
    let (stub, calls) = Stub::new("shout", stub::shout);
    let bench = Bench::new(&game.tree, stub::with([stub]));
    bench.built();
    assert_eq!(calls.take(), 1);
    let blobs = packwright_testkit::files_below(&game.tree.at(".packwright/cache/v1/blobs"));
    let (blob, _) = blobs.first_key_value().expect("one blob");
    game.tree.write(&format!(".packwright/cache/v1/blobs/{blob}"), "WRONG");
    game.tree.remove("build/game.pack");
    let built = bench.built();
    assert_eq!(part(&game.pack(), "a", "x.shout"), b"QUIET");
    assert_eq!(calls.take(), 1);
    assert_eq!(built.reasons.get("cache_lost"), Some(&1));
    assert_eq!(game.tree.read(&format!(".packwright/cache/v1/blobs/{blob}")), b"QUIET");
}

#[test]
fn inc_1_an_importer_that_breaks_its_promise_is_refused_by_every_build() {
    let mut game = Game::new();
    game.asset(1, "a", r#", "importer": "shout""#).source("a/x.shout", "quiet");
    let (stub, _) = Stub::new("shout", stub::shout);
    let bench = Bench::new(&game.tree, stub::with([stub.keeping()]));
    for full in [false, false, true] {
        let blocked = bench.build(Options { full, ..Options::default() });
        let Err(BuildError::Blocked(findings)) = blocked else { panic!("{blocked:?}") };
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].code.to_string(), "S210");
        assert!(findings[0].message.contains("promise"), "{}", findings[0].message);
    }
}

#[test]
fn inc_1_a_source_that_grows_under_the_build_until_it_is_worth_compressing_is_compressed() {
    let mut game = Game::new();
    game.settings("[build]\ncompression = \"lz4\"\n");
    game.asset(1, "a", "").source("a/1.bin", [1; 100]).source("a/2.bin", [2; 100]);
    let bench = Bench::new(&game.tree, stub::with([]));
    let path = game.tree.at("assets/a/1.bin");
    bench.once_before("assets/a/1.bin", move || std::fs::write(path, [9; 9000]).expect("a file"));
    bench.built();
    let raced = game.pack();
    assert!(raced.len() < 9000, "{} bytes", raced.len());
    assert_eq!(part(&raced, "a", "1.bin"), [9; 9000]);
    bench.build(Options { full: true, ..Options::default() }).expect("a build");
    assert_eq!(raced, game.pack());
}

#[test]
fn inc_1_a_long_source_that_changes_between_hash_and_import_is_not_remembered_under_that_hash() {
    let mut game = Game::new();
    let long = |byte| vec![byte; (16 << 20) + 1];
    game.asset(1, "a", r#", "importer": "first""#).source("a/x.bin", long(b'a'));
    let path = game.tree.at("assets/a/x.bin");
    // The importer stands for whoever writes at the same time: its first call finds the file changed.
    let (stub, _) = Stub::new("first", move |source, _, call| {
        if call == 0 {
            std::fs::write(&path, long(b'b'))?;
        }
        Ok(Imported::made("first", Metadata::new(), source.head()[..1].to_vec()))
    });
    let bench = Bench::new(&game.tree, stub::with([stub]));
    let Err(BuildError::Blocked(findings)) = bench.build(Options::default()) else { panic!("it changed") };
    assert_eq!(findings[0].code.to_string(), "S213");
    game.source("a/x.bin", long(b'a'));
    bench.built();
    assert_eq!(part(&game.pack(), "a", "x.bin"), b"a");
}

#[test]
fn what_was_made_for_a_new_key_is_remembered_though_no_byte_changed() {
    let mut game = Game::new();
    game.asset(1, "a", r#", "importer": "keep""#).source("a/x.keep", "bytes");
    let keep = || Stub::new("keep", |_, _, _| Ok(Imported::kept("keep", Metadata::new()))).0.keeping();
    Bench::new(&game.tree, stub::with([keep()])).built();
    let before = game.pack();
    let bench = Bench::new(&game.tree, stub::with([keep().version(2)]));
    assert_eq!(bench.built().reasons.get("importer_version"), Some(&1));
    assert_eq!(game.pack(), before);
    let third = bench.built();
    assert_eq!((third.outcome, third.hits, third.misses), (Outcomes::Unchanged, 1, 0));
}

/// Makes everything in the cache forty days old.
fn age_cache(game: &Game) {
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(40 * 24 * 60 * 60);
    let cache = game.tree.at(".packwright/cache/v1");
    for path in packwright_testkit::files_below(&cache).into_keys() {
        let file = std::fs::File::options().append(true).open(cache.join(path)).expect("a file");
        file.set_modified(long_ago).expect("a time");
    }
}

#[test]
fn what_the_last_build_used_stays_in_the_cache_however_long_ago_it_was_made() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.shout", "one");
    let (stub, calls) = Stub::new("shout", stub::shout);
    let bench = Bench::new(&game.tree, stub::with([stub]));
    bench.built();
    for content in ["two", "one"] {
        age_cache(&game);
        game.source("a/x.shout", content);
        bench.built();
    }
    assert_eq!(calls.take(), 2, "`one` is not made again");
    assert_eq!(part(&game.pack(), "a", "x.shout"), b"ONE");
}

#[test]
fn what_no_build_used_for_a_month_leaves_the_cache() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.shout", "one");
    let (stub, _) = Stub::new("shout", stub::shout);
    let bench = Bench::new(&game.tree, stub::with([stub]));
    for content in ["one", "two", "three"] {
        age_cache(&game);
        game.source("a/x.shout", content);
        bench.built();
    }
    let blobs = packwright_testkit::files_below(&game.tree.at(".packwright/cache/v1/blobs"));
    let mut blobs: Vec<Vec<u8>> = blobs.into_values().collect();
    blobs.sort();
    assert_eq!(blobs, [b"THREE".to_vec(), b"TWO".to_vec()]);
}

#[test]
fn what_a_killed_build_was_writing_is_cleared_away() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.txt", "x");
    let id = packwright::value::OperationId::mint();
    let leftovers = [format!(".packwright/.last-build.pw-{id}"), format!(".packwright/cache/v1/partial/{id}")];
    for path in &leftovers {
        game.tree.write(path, "half");
    }
    build(&game.open());
    assert!(leftovers.iter().all(|path| !game.tree.at(path).exists()));
}

#[test]
fn a_record_that_names_bytes_beyond_its_pack_is_not_believed() {
    let game = two_sounds();
    build(&game.open());
    let fs = packwright::fs::RealFs::open(game.tree.path()).expect("a folder");
    let path = packwright::value::RelPath::literal(".packwright/last-build");
    let last = packwright::build::LastBuild::load(&fs, &path).expect("a record");
    for offset in [u64::MAX, u64::MAX - 5000, last.pack_stamp.size] {
        let mut forged = last.clone();
        forged.assets[0].imports[0].parts[0].1 = offset;
        forged.store(&fs, &path, packwright::value::OperationId::mint()).expect("stored");
        game.source("ui/button/on.txt", format!("{offset}"));
        build(&game.open());
        game.pack();
    }
}

#[test]
fn inc_1_what_auto_chose_below_another_root_is_not_believed() {
    let mut game = Game::new();
    game.asset(1, "a", r#", "importer": "text""#).source("a/shout/x.txt", "quiet\n");
    let bench = Bench::new(&game.tree, stub::with([Stub::new("shout", stub::shout).0]));
    bench.built();
    // A root inside the other blocks the build, which takes note all the same of what `auto` means for `x.txt` there.
    game.asset(2, "a/shout", "");
    assert!(matches!(bench.build(Options::default()), Err(BuildError::Blocked(_))));
    game.tree.remove("assets/a/shout/asset.json");
    game.registered.clear();
    game.asset(1, "a", "");
    bench.built();
    assert_eq!(part(&game.pack(), "a", "shout/x.txt"), b"QUIET\n", "the importer claims by the path below the root");
}

#[test]
fn a_refusal_is_remembered_and_repeated_until_its_source_changes() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.shout", "refuse");
    let (stub, calls) = Stub::new("shout", stub::shout);
    let bench = Bench::new(&game.tree, stub::with([stub]));
    for _ in 0..3 {
        let Err(BuildError::Blocked(findings)) = bench.build(Options::default()) else { panic!("refused") };
        assert_eq!(findings[0].code.to_string(), "S210");
        assert_eq!(bench.doctor(), ["S210"]);
    }
    assert_eq!(calls.take(), 1);
    game.tree.remove(".packwright/cache");
    assert_eq!(bench.doctor(), ["unchecked"], "what is not known is not called clean");
    game.source("a/x.shout", "quiet");
    assert_eq!(bench.doctor(), ["unchecked"]);
    bench.built();
    assert_eq!(bench.doctor(), [""; 0]);
}

#[test]
fn an_importer_that_panics_blocks_the_build_beside_all_other_findings() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/1.shout", "panic").source("a/2.shout", "refuse").source("a/3.shout", "fine");
    let (stub, calls) = Stub::new("shout", stub::shout);
    let bench = Bench::new(&game.tree, stub::with([stub]));
    for calls_expected in [3, 0] {
        let Err(BuildError::Blocked(findings)) = bench.build(Options::default()) else { panic!("refused") };
        let found: Vec<String> = findings.iter().map(|found| found.code.to_string()).collect();
        assert_eq!(found, ["S210", "S210"]);
        assert!(findings[0].message.contains("broke on it: it says so"), "{}", findings[0].message);
        assert_eq!(calls.take(), calls_expected);
    }
}

#[test]
fn two_parts_of_one_name_are_a_finding() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.lines", "one\ntwice\n");
    let bench = Bench::new(&game.tree, stub::with([Stub::new("lines", stub::lines).0]));
    for _ in 0..2 {
        let Err(BuildError::Blocked(findings)) = bench.build(Options::default()) else { panic!("refused") };
        assert_eq!(findings[0].code.to_string(), "S212");
    }
}
