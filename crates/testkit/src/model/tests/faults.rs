//! What goes wrong, and what comes of it.

use std::collections::BTreeSet;
use std::io;

use packwright::fs::{Fs, FsError};
use packwright::value::RelPath;
use rustix::io::Errno;

use crate::model::{CallKind, Counted, Fault, FaultKind, ModelFs, Outcome, Thing};

fn path(text: &'static str) -> RelPath {
    RelPath::literal(text)
}

fn once(at: usize, error: Errno) -> Fault {
    Fault { at, counted: Counted::Changes, kind: FaultKind::Error(error), for_ever: false }
}

fn text(fs: &ModelFs, at: &str) -> Option<Vec<u8>> {
    match fs.image().remove(at)? {
        Thing::File { bytes, .. } => Some(bytes),
        other => panic!("{other:?}"),
    }
}

fn code<T>(answer: Result<T, FsError>) -> Option<i32> {
    answer.err().and_then(|error| error.source.raw_os_error())
}

fn io_code(answer: io::Result<()>) -> Option<i32> {
    answer.err().and_then(|error| error.raw_os_error())
}

fn of(error: Errno) -> Option<i32> {
    Some(error.raw_os_error())
}

#[test]
fn a_call_fails_at_its_turn_and_only_then() {
    let fs = ModelFs::new();
    fs.fail(once(1, Errno::NOSPC));
    assert_eq!(code(fs.create_dir(&path("a"))), None);
    assert!(fs.stat(&path("a")).is_ok(), "a look does not count");
    assert_eq!(code(fs.create_dir(&path("b"))), of(Errno::NOSPC));
    assert_eq!(code(fs.create_dir(&path("b"))), None);
}

#[test]
fn looks_count_where_all_calls_do() {
    let fs = ModelFs::new();
    fs.fail(Fault { counted: Counted::All, ..once(1, Errno::IO) });
    assert!(fs.read_dir(&RelPath::root()).is_ok());
    assert_eq!(code(fs.read_dir(&RelPath::root())), of(Errno::IO));
}

#[test]
fn for_ever_means_every_later_call_that_can_give_the_error() {
    let fs = ModelFs::from_text("-- file --\nx\n");
    fs.fail(Fault { for_ever: true, ..once(1, Errno::DQUOT) });
    fs.create_dir(&path("a")).expect("made before");
    assert_eq!(code(fs.create_dir(&path("b"))), of(Errno::DQUOT));
    assert_eq!(code(fs.remove_file(&path("file"))), None, "a full quota keeps nobody from removing");
    assert_eq!(code(fs.sync_dir(&RelPath::root())), of(Errno::DQUOT));
}

#[test]
fn after_a_cut_nothing_is_done_any_more() {
    let fs = ModelFs::new();
    fs.fail(Fault { at: 1, counted: Counted::Changes, kind: FaultKind::Cut, for_ever: false });
    let file = fs.create_new(&path("file")).expect("made before");
    assert!(!fs.is_stopped());
    assert_eq!(io_code(file.write_at(b"x", 0)), of(Errno::IO));
    assert_eq!(io_code(file.sync()), of(Errno::IO));
    assert_eq!(code(fs.stat(&path("file"))), of(Errno::IO), "looks too");
    assert!(fs.is_stopped());
    assert_eq!(fs.calls().len(), 1);
    assert_eq!(text(&fs.crash(Outcome::Killed), "file"), Some(Vec::new()));
}

#[test]
fn a_full_disk_takes_a_beginning_of_what_is_written() {
    let fs = ModelFs::new();
    fs.fail(once(1, Errno::NOSPC));
    let file = fs.create_new(&path("file")).expect("made before");
    assert_eq!(io_code(file.write_at(b"1234", 0)), of(Errno::NOSPC));
    assert_eq!(text(&fs, "file"), Some(b"12".to_vec()));
}

#[test]
fn an_error_may_come_of_a_call_that_was_done() {
    let fs = ModelFs::from_text("-- a --\nx\n");
    fs.fail(Fault { kind: FaultKind::DoneAndError(Errno::IO), ..once(0, Errno::IO) });
    assert_eq!(code(fs.rename(&path("a"), &path("b"))), of(Errno::IO));
    assert!(fs.image().contains_key("b"));
    fs.fail(Fault { kind: FaultKind::DoneAndError(Errno::IO), ..once(0, Errno::IO) });
    assert_eq!(code(fs.create_new(&path("c"))), of(Errno::IO));
    assert!(fs.image().contains_key("c"));
}

#[test]
fn what_a_failed_sync_was_to_keep_is_not_kept_by_the_next() {
    let fs = ModelFs::new();
    let file = fs.create_new(&path("file")).expect("made");
    fs.sync_dir(&RelPath::root()).expect("synced");
    file.write_at(b"lost", 0).expect("written");
    fs.fail(once(0, Errno::IO));
    assert_eq!(io_code(file.sync()), of(Errno::IO));
    assert_eq!(io_code(file.sync()), None, "it says yes, and has not looked");
    let left: BTreeSet<_> = (0..100).map(|seed| text(&fs.crash(Outcome::Chosen(seed)), "file")).collect();
    assert!(left.contains(&Some(Vec::new())) && left.contains(&Some(b"lost".to_vec())), "{left:?}");
    file.write_at(b"good", 0).expect("written");
    file.sync().expect("synced");
    for outcome in Outcome::FIXED.into_iter().chain((0..100).map(Outcome::Chosen)) {
        assert_eq!(text(&fs.crash(outcome), "file"), Some(b"good".to_vec()), "{outcome:?}: it was written again");
    }
}

#[test]
fn a_failed_sync_of_a_folder_leaves_its_steps_to_the_next() {
    let fs = ModelFs::new();
    fs.create_dir(&path("a")).expect("made");
    fs.fail(once(0, Errno::IO));
    assert_eq!(code(fs.sync_dir(&RelPath::root())), of(Errno::IO));
    assert!(fs.crash(Outcome::Dropped).image().is_empty());
    fs.sync_dir(&RelPath::root()).expect("synced");
    assert!(fs.crash(Outcome::Dropped).image().contains_key("a"));
}

#[test]
fn a_lock_keeps_others_out_until_it_is_let_go_or_all_stops() {
    let fs = ModelFs::new();
    let lock = path("lock");
    let held = fs.try_lock(&lock).expect("a file").expect("free");
    assert!(fs.clone().try_lock(&lock).expect("a file").is_none(), "another process on the machine");
    assert!(fs.crash(Outcome::Killed).try_lock(&lock).expect("a file").is_some());
    drop(held);
    assert!(fs.try_lock(&lock).expect("a file").is_some());
}

#[test]
fn nothing_is_renamed_from_one_device_to_another() {
    let fs = ModelFs::from_text("-- a/file --\nx\n-- b/dir/other --\ny\n");
    fs.set_device("b", 7);
    let (from, to) = (path("a/file"), path("b/dir/file"));
    assert_eq!(code(fs.rename_no_replace(&from, &to)), of(Errno::XDEV));
    assert_eq!(code(fs.rename(&path("b"), &path("c"))), of(Errno::BUSY), "something is mounted there");
    assert_eq!(code(fs.rename(&path("b/dir"), &path("b/moved"))), None);
    fs.create_dir(&path("b/new")).expect("made");
    assert_eq!(fs.stat(&path("b/new")).expect("it is there").device, 7);
}

#[test]
fn every_change_has_a_new_time_and_an_inode_is_used_again_when_nobody_holds_it() {
    let fs = ModelFs::new();
    let file = fs.create_new(&path("a")).expect("made");
    let first = file.stat().expect("a stat");
    file.write_at(b"x", 0).expect("written");
    let second = file.stat().expect("a stat");
    assert!(second.mtime_ns > first.mtime_ns && second.ctime_ns > first.ctime_ns);
    fs.remove_file(&path("a")).expect("removed");
    fs.create_dir(&path("b")).expect("made");
    assert_ne!(fs.stat(&path("b")).expect("a stat").inode, first.inode, "it is open");
    drop(file);
    fs.create_dir(&path("c")).expect("made");
    assert_eq!(fs.stat(&path("c")).expect("a stat").inode, first.inode);
    fs.rename(&path("c"), &path("d")).expect("moved");
    let moved = fs.stat(&path("d")).expect("a stat");
    assert_eq!(moved.inode, first.inode);
    assert!(moved.ctime_ns > moved.mtime_ns);
}

#[test]
fn every_call_is_told_with_its_place() {
    let fs = ModelFs::new();
    let file = fs.create_new(&path("a")).expect("made");
    file.sync().expect("synced");
    fs.rename(&path("a"), &path("b")).expect("moved");
    let told: Vec<_> = fs.calls().into_iter().map(|call| (call.kind, call.path)).collect();
    let expected = [(CallKind::CreateNew, "a"), (CallKind::Sync, "a"), (CallKind::Rename, "b")];
    assert_eq!(told, expected.map(|(kind, path)| (kind, path.to_owned())));
}

#[test]
fn only_calls_that_change_something_fail_for_want_of_room_or_permission() {
    let looks =
        [CallKind::ReadDir, CallKind::Stat, CallKind::Open, CallKind::ReadAt, CallKind::StatOpen, CallKind::IsNetwork];
    for kind in looks {
        assert!(!kind.is_change() && kind.can_give(Errno::IO));
        assert!(![Errno::NOSPC, Errno::DQUOT, Errno::ROFS].into_iter().any(|error| kind.can_give(error)), "{kind:?}");
    }
    assert!(CallKind::SyncDir.is_change() && CallKind::SyncDir.is_sync() && !CallKind::Rename.is_sync());
}
