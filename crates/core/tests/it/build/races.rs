//! Files that change under the build, and disks that fill up.

use std::sync::atomic::{AtomicBool, Ordering};

use packwright::build::{BuildError, Options};
use packwright::service::Status;
use packwright_testkit::files_below;

use super::bench::Bench;
use super::game::{Game, ask, codes, part};
use super::stub::{self, Stub};
use crate::Stop;

/// One version of a file: the first eight bytes say how many follow, and all others which it is.
fn version(number: u64) -> Vec<u8> {
    let words = 1 + (number * 7919) % 40_000;
    let mut bytes = words.to_le_bytes().to_vec();
    (0..words).for_each(|_| bytes.extend_from_slice(&number.to_le_bytes()));
    bytes
}

/// A file that is being written has no more than its beginning for a while; that is a state of it like others.
fn assert_one_version(bytes: &[u8]) {
    let words: Vec<u64> =
        bytes.chunks(8).map(|word| u64::from_le_bytes(word.try_into().expect("whole words"))).collect();
    if let [first, rest @ ..] = words.as_slice() {
        assert!(rest.windows(2).all(|pair| pair[0] == pair[1]), "two versions in one part");
        assert!(rest.len() as u64 <= *first, "more than a version");
    }
}

/// Builds again and again, and `write` writes versions of a source meanwhile.
fn race(write: impl Fn(&std::path::Path, &[u8]) + Sync) {
    let mut game = Game::new();
    game.asset(1, "a", r#", "importer": "raw""#).source("a/still.bin", [7; 70_000]).source("a/x.bin", version(0));
    let project = game.open();
    let path = game.tree.at("assets/a/x.bin");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 1.. {
                if done.load(Ordering::Relaxed) {
                    break;
                }
                write(&path, &version(number));
            }
        });
        let _stop = Stop(&done);
        for _ in 0..30 {
            let response = ask(&project, "");
            match response.status {
                Status::Ok => {
                    let pack = game.pack();
                    assert_one_version(&part(&pack, "a", "x.bin"));
                    assert_eq!(part(&pack, "a", "still.bin"), [7; 70_000]);
                }
                Status::Blocked => {
                    let codes = codes(&response);
                    assert_eq!(codes, ["S213"]);
                }
                other => panic!("{other:?}: {}", response.summary),
            }
        }
    });
    assert_eq!(ask(&project, "").status, Status::Ok);
    assert_eq!(part(&game.pack(), "a", "x.bin"), std::fs::read(&path).expect("the last version"));
}

#[test]
fn a_source_swapped_under_the_build_is_packed_as_one_version_of_it() {
    race(|path, bytes| {
        // Made elsewhere, so that no other source comes and goes.
        let beside = path.ancestors().nth(3).expect("the workspace").join("new");
        std::fs::write(&beside, bytes).expect("a file");
        std::fs::rename(&beside, path).expect("a swap");
    });
}

#[test]
fn a_source_rewritten_in_place_is_packed_as_it_once_stood() {
    race(|path, bytes| std::fs::write(path, bytes).expect("a file"));
}

#[test]
fn a_full_disk_fails_the_build_and_leaves_the_old_set() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.bin", [1; 50_000]).source("a/y.shout", [b'a'; 50_000]);
    let bench = Bench::new(&game.tree, stub::with([Stub::new("shout", stub::shout).0]));
    bench.built();
    let before = files_below(&game.tree.at("build"));
    for room in [0, 100, 10_000, 60_000, 100_000] {
        game.source("a/x.bin", vec![2; 50_000 + room as usize]).source("a/y.shout", vec![b'b'; 50_000 + room as usize]);
        bench.room_left(Some(room));
        let failed = bench.build(Options::default());
        assert!(matches!(failed, Err(BuildError::Fs(_) | BuildError::Publish(_))), "{failed:?}");
        assert_eq!(files_below(&game.tree.at("build")), before, "{room} bytes");
        assert!(!game.tree.at(".packwright/publish").exists());
    }
    bench.room_left(None);
    bench.built();
    assert_eq!(part(&game.pack(), "a", "x.bin").len(), 150_000);
}
