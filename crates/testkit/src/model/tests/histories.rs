//! What holds of every crash, whatever was done before it.

use std::collections::BTreeMap;

use packwright::fs::{FileKind, Fs};
use packwright::value::RelPath;
use proptest::prelude::*;

use crate::model::{Image, ModelFs, Outcome, Thing};

#[derive(Debug, Clone)]
enum Use {
    /// Makes a file that holds what no other does, and syncs it.
    Create(RelPath),
    CreateDir(RelPath),
    Rename(RelPath, RelPath),
    Remove(RelPath),
    SyncDir(RelPath),
}

fn path() -> impl Strategy<Value = RelPath> {
    let path = |names: Vec<&str>| names.into_iter().fold(RelPath::root(), |path, name| path.entry(name));
    prop::collection::vec(prop_oneof![Just("a"), Just("b"), Just("c")], 0..4).prop_map(path)
}

fn a_use() -> impl Strategy<Value = Use> {
    prop_oneof![
        3 => path().prop_map(Use::Create),
        3 => path().prop_map(Use::CreateDir),
        4 => (path(), path()).prop_map(|(from, to)| Use::Rename(from, to)),
        2 => path().prop_map(Use::Remove),
        2 => path().prop_map(Use::SyncDir),
    ]
}

/// What cannot be done is not done.
fn does(fs: &ModelFs, n: usize, what: &Use) {
    match what {
        Use::Create(path) => {
            if let Ok(file) = fs.create_new(path) {
                file.write_at(format!("file {n}").as_bytes(), 0).expect("written");
                file.sync().expect("synced");
            }
        }
        Use::CreateDir(path) => drop(fs.create_dir(path)),
        Use::Rename(from, to) => drop(fs.rename(from, to)),
        Use::Remove(path) => drop(fs.remove_file(path).or_else(|_| fs.remove_dir(path))),
        Use::SyncDir(path) => drop(fs.sync_dir(path)),
    }
}

fn sync_all(fs: &ModelFs, dir: &RelPath) {
    fs.sync_dir(dir).expect("synced");
    for entry in fs.read_dir(dir).expect("a folder") {
        if entry.stat.kind == FileKind::Dir {
            sync_all(fs, &dir.entry(&entry.name));
        }
    }
}

/// How often each content stands on the disk.
fn contents(image: &Image) -> BTreeMap<&[u8], usize> {
    let mut contents = BTreeMap::new();
    for thing in image.values() {
        if let Thing::File { bytes, .. } = thing {
            *contents.entry(&**bytes).or_default() += 1;
        }
    }
    contents
}

fn outcomes(seed: u64) -> impl Iterator<Item = Outcome> {
    Outcome::FIXED.into_iter().chain((seed..seed + 20).map(Outcome::Chosen))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_there_twice_and_a_second_crash_takes_nothing_more(
        uses in prop::collection::vec(a_use(), 1..40), seed in 0_u64..1_000_000,
    ) {
        let fs = ModelFs::new();
        uses.iter().enumerate().for_each(|(n, what)| does(&fs, n, what));
        prop_assert_eq!(fs.crash(Outcome::Kept).image(), fs.image());
        for outcome in outcomes(seed) {
            let left = fs.crash(outcome);
            let image = left.image();
            prop_assert!(contents(&image).into_values().all(|n| n == 1), "{:?}: {:?}", outcome, image);
            if outcome != Outcome::Killed {
                prop_assert_eq!(&left.crash(Outcome::Dropped).image(), &image);
            }
            prop_assert_eq!(&left.crash(Outcome::Kept).image(), &image);
        }
    }

    #[test]
    fn when_every_folder_was_synced_no_crash_takes_anything(
        uses in prop::collection::vec(a_use(), 1..40), seed in 0_u64..1_000_000,
    ) {
        let fs = ModelFs::new();
        uses.iter().enumerate().for_each(|(n, what)| does(&fs, n, what));
        sync_all(&fs, &RelPath::root());
        for outcome in outcomes(seed) {
            let left = fs.crash(outcome);
            // A folder that something was moved out of may be gone, and was not synced: then the move is not durable.
            let (left, live) = (left.image(), fs.image());
            prop_assert_eq!(contents(&left), contents(&live), "{:?}", outcome);
        }
    }

    #[test]
    fn what_was_durable_is_not_lost_by_what_never_was_synced(
        before in prop::collection::vec(a_use(), 1..30), after in prop::collection::vec(a_use(), 1..30),
        seed in 0_u64..1_000_000,
    ) {
        let fs = ModelFs::new();
        before.iter().enumerate().for_each(|(n, what)| does(&fs, n, what));
        sync_all(&fs, &RelPath::root());
        let there = fs.image();
        let after = after.iter().filter(|what| !matches!(what, Use::SyncDir(_)));
        after.enumerate().for_each(|(n, what)| does(&fs, n + 1_000, what));
        let live = fs.image();
        // What still stands was never removed.
        for outcome in outcomes(seed) {
            let left = fs.crash(outcome).image();
            let (left, there) = (contents(&left), contents(&there));
            let missing = contents(&live).into_keys().find(|bytes| there.contains_key(bytes) && !left.contains_key(bytes));
            prop_assert_eq!(missing, None, "{:?}", outcome);
        }
    }
}
