//! What a crash keeps and what it may take, one rule a test.

use std::collections::BTreeSet;

use packwright::fs::{Fs, WriteFile};
use packwright::value::RelPath;

use crate::model::{ModelFs, Outcome, Thing};

fn path(text: &str) -> RelPath {
    RelPath::of_entries(text).expect("a path")
}

fn create(fs: &ModelFs, at: &str, bytes: &[u8]) -> Box<dyn WriteFile> {
    let file = fs.create_new(&path(at)).expect("it is free");
    file.write_at(bytes, 0).expect("written");
    file
}

fn sync(fs: &ModelFs, dir: &str) {
    fs.sync_dir(&path(dir)).expect("synced");
}

fn rename(fs: &ModelFs, from: &str, to: &str) {
    fs.rename(&path(from), &path(to)).expect("moved");
}

/// What a file holds; none where it is not there.
fn text(fs: &ModelFs, at: &str) -> Option<String> {
    match fs.image().get(at)? {
        Thing::File { bytes, .. } => Some(String::from_utf8_lossy(bytes).into_owned()),
        other => panic!("{at} is {other:?}"),
    }
}

fn names(fs: &ModelFs) -> Vec<String> {
    fs.image().into_keys().collect()
}

/// All outcomes that matter in a test of a few calls.
fn outcomes() -> impl Iterator<Item = Outcome> {
    Outcome::FIXED.into_iter().chain((0..400).map(Outcome::Chosen))
}

/// What a file may hold after a crash.
fn texts(fs: &ModelFs, at: &str) -> BTreeSet<Option<String>> {
    outcomes().map(|outcome| text(&fs.crash(outcome), at)).collect()
}

/// All that can be there after a crash.
fn endings(fs: &ModelFs) -> BTreeSet<Vec<String>> {
    outcomes().map(|outcome| names(&fs.crash(outcome))).collect()
}

fn some(texts: &[&str]) -> BTreeSet<Option<String>> {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}

fn set(endings: &[&[&str]]) -> BTreeSet<Vec<String>> {
    endings.iter().map(|names| names.iter().map(|name| (*name).to_owned()).collect()).collect()
}

#[test]
fn a_sync_of_a_file_keeps_what_is_in_it_and_not_its_name() {
    let fs = ModelFs::new();
    create(&fs, "file", b"new").sync().expect("synced");
    assert_eq!(endings(&fs), set(&[&[], &["file"]]));
    sync(&fs, "");
    assert_eq!(texts(&fs, "file"), some(&["new"]));
}

#[test]
fn a_sync_of_a_folder_keeps_names_and_not_what_is_in_the_files() {
    let fs = ModelFs::new();
    create(&fs, "file", b"new");
    sync(&fs, "");
    let left = texts(&fs, "file");
    assert_eq!(endings(&fs), set(&[&["file"]]));
    assert!(left.is_superset(&some(&["", "n", "ne", "new", "\0\0\0", "n\0\0", "ne\0"])), "{left:?}");
    assert_eq!(text(&fs.crash(Outcome::NamesOnly), "file").as_deref(), Some(""));
}

#[test]
fn a_write_that_was_not_synced_leaves_the_old_bytes_the_new_ones_or_torn_ones() {
    let fs = ModelFs::new();
    let file = create(&fs, "file", b"old!");
    file.sync().expect("synced");
    sync(&fs, "");
    file.write_at(b"new", 1).expect("written");
    let left = texts(&fs, "file");
    let possible = ["old!", "onew", "ond!", "oned", "o\0\0\0", "on\0\0", "one\0", "one!"];
    assert!(left.is_superset(&some(&["old!", "onew", "ond!", "on\0\0"])), "{left:?}");
    assert!(left.iter().all(|text| possible.contains(&text.as_deref().expect("it is there"))), "{left:?}");
    file.sync().expect("synced");
    assert_eq!(texts(&fs, "file"), some(&["onew"]));
}

#[test]
fn a_file_renamed_over_another_before_it_was_synced_can_come_back_empty() {
    let fs = ModelFs::from_text("-- file --\nold\n");
    create(&fs, "temporary", b"new\n");
    rename(&fs, "temporary", "file");
    sync(&fs, "");
    let left = texts(&fs, "file");
    assert!(left.is_superset(&some(&["", "new\n", "ne\0\0"])), "{left:?}");
    assert!(!left.contains(&Some("old\n".to_owned())), "the rename is durable");
}

#[test]
fn a_file_synced_before_it_is_renamed_over_another_is_the_old_one_or_the_new_one() {
    let fs = ModelFs::from_text("-- file --\nold\n");
    create(&fs, "temporary", b"new\n").sync().expect("synced");
    rename(&fs, "temporary", "file");
    assert_eq!(texts(&fs, "file"), some(&["old\n", "new\n"]));
    assert_eq!(endings(&fs), set(&[&["file"], &["file", "temporary"]]));
    sync(&fs, "");
    assert_eq!(texts(&fs, "file"), some(&["new\n"]));
    assert_eq!(endings(&fs), set(&[&["file"]]));
}

#[test]
fn a_rename_from_one_folder_to_another_is_durable_when_both_were_synced() {
    for synced in ["from", "to"] {
        let fs = ModelFs::from_text("-- from/file --\nx\n-- to/other --\ny\n");
        rename(&fs, "from/file", "to/file");
        sync(&fs, synced);
        let before: &[&str] = &["from", "from/file", "to", "to/other"];
        let after: &[&str] = &["from", "to", "to/file", "to/other"];
        assert_eq!(endings(&fs), set(&[before, after]), "never both and never neither; {synced} was synced");
        sync(&fs, if synced == "from" { "to" } else { "from" });
        assert_eq!(endings(&fs), set(&[after]));
    }
}

#[test]
fn steps_that_are_not_durable_come_to_the_disk_in_any_selection() {
    let fs = ModelFs::new();
    fs.put_dir("a");
    fs.put_dir("b");
    fs.settle();
    create(&fs, "a/1", b"");
    create(&fs, "b/2", b"");
    let all: [&[&str]; 4] = [&["a", "b"], &["a", "a/1", "b"], &["a", "b", "b/2"], &["a", "a/1", "b", "b/2"]];
    assert_eq!(endings(&fs), set(&all));
    sync(&fs, "b");
    assert_eq!(endings(&fs), set(&all[2..]));
}

#[test]
fn what_is_in_a_folder_is_lost_with_the_folder() {
    let fs = ModelFs::new();
    fs.create_dir(&path("dir")).expect("made");
    create(&fs, "dir/file", b"x").sync().expect("synced");
    sync(&fs, "dir");
    assert_eq!(endings(&fs), set(&[&[], &["dir", "dir/file"]]));
    sync(&fs, "");
    assert_eq!(endings(&fs), set(&[&["dir", "dir/file"]]));
}

#[test]
fn what_is_moved_into_a_folder_that_has_no_durable_name_is_lost_once_the_move_is_durable() {
    let fs = ModelFs::from_text("-- from/file --\nx\n");
    fs.create_dir(&path("to")).expect("made");
    rename(&fs, "from/file", "to/file");
    sync(&fs, "from");
    let before: &[&str] = &["from", "from/file"];
    let unmoved: &[&str] = &["from", "from/file", "to"];
    let after: &[&str] = &["from", "to", "to/file"];
    assert_eq!(endings(&fs), set(&[before, unmoved, after]));
    sync(&fs, "to");
    assert_eq!(endings(&fs), set(&[&["from"], after]));
    sync(&fs, "");
    assert_eq!(endings(&fs), set(&[after]));
}

#[test]
fn a_removal_that_is_not_durable_comes_back() {
    let fs = ModelFs::from_text("-- dir/file --\nx\n");
    fs.remove_file(&path("dir/file")).expect("removed");
    fs.remove_dir(&path("dir")).expect("removed");
    assert_eq!(endings(&fs), set(&[&[], &["dir"], &["dir", "dir/file"]]));
    sync(&fs, "");
    assert_eq!(endings(&fs), set(&[&[]]), "a folder cannot be gone before what was in it");
}

#[test]
fn a_durable_step_takes_along_what_it_cannot_do_without() {
    let fs = ModelFs::from_text("-- a/file --\n1\n-- b/other --\n2\n");
    rename(&fs, "a/file", "b/file");
    create(&fs, "a/file", b"new").sync().expect("synced");
    sync(&fs, "a");
    assert_eq!(texts(&fs, "a/file"), some(&["new"]));
    assert_eq!(texts(&fs, "b/file"), some(&["1\n"]), "else the new one would stand in the place of the old one");
}

#[test]
fn two_folders_moved_into_one_another_never_hang_in_the_air() {
    let fs = ModelFs::from_text("-- a/b/file --\nx\n");
    rename(&fs, "a/b", "b");
    rename(&fs, "a", "b/a");
    for outcome in outcomes() {
        assert!(fs.crash(outcome).image().values().any(|thing| matches!(thing, Thing::File { .. })), "{outcome:?}");
    }
    sync(&fs, "");
    sync(&fs, "b");
    assert_eq!(endings(&fs), set(&[&["b", "b/a", "b/file"]]));
}

#[test]
fn permissions_are_durable_with_the_file() {
    let fs = ModelFs::from_text("-- old --\nx\n");
    fs.set_mode("old", 0o640);
    let file = create(&fs, "new", b"y");
    file.sync().expect("synced");
    sync(&fs, "");
    fs.copy_mode(&path("old"), &path("new")).expect("copied");
    let modes = |fs: &ModelFs| -> BTreeSet<u32> {
        let mode = |outcome| match fs.crash(outcome).image().remove("new") {
            Some(Thing::File { mode, .. }) => mode,
            other => panic!("{other:?}"),
        };
        outcomes().map(mode).collect()
    };
    assert_eq!(modes(&fs), BTreeSet::from([0o640, 0o644]));
    file.sync().expect("synced");
    assert_eq!(modes(&fs), BTreeSet::from([0o640]));
}

#[test]
fn a_killed_process_leaves_all_as_it_was_seen_and_what_was_not_synced_still_is_not() {
    let fs = ModelFs::new();
    create(&fs, "file", b"x");
    let next = fs.crash(Outcome::Killed);
    assert_eq!(next.image(), fs.image());
    assert_eq!(names(&next.crash(Outcome::Dropped)), [""; 0]);
    let next = fs.crash(Outcome::Kept);
    assert_eq!(next.image(), fs.image());
    assert_eq!(next.crash(Outcome::Dropped).image(), fs.image(), "it had come to the disk");
}

#[test]
fn a_copy_is_a_machine_of_its_own() {
    let fs = ModelFs::from_text("-- file --\nx\n");
    let copy = fs.copy();
    create(&copy, "other", b"");
    assert_eq!((names(&fs), names(&copy)), (vec!["file".to_owned()], vec!["file".to_owned(), "other".to_owned()]));
}
