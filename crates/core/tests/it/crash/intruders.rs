//! Somebody else puts something where a mutation is about to put something: nothing of theirs is ever lost.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use packwright::fs::{FileKind, Fs};
use packwright::service::Status;
use packwright::value::RelPath;
use packwright_testkit::ModelFs;
use packwright_testkit::model::{CallKind, Thing};

use super::authored::Authored;
use super::checks::{Check, Checked, need};
use super::mistaken::{Mistaken, PRIVATE};
use super::mistakes::Mistake;
use super::prepared::Prepared;
use super::scenarios::{Kind, SCENARIOS};
use super::session::{Ground, Session};

const THEIRS: &str = "somebody else's";

/// Somebody who puts something in the way of the `nth` move, as late as can be.
struct Intruder {
    nth: usize,
    seen: AtomicUsize,
    /// Where, and what it is.
    put: Mutex<Option<(String, Thing)>>,
}

impl Intruder {
    fn before_move(&self, files: &ModelFs, from: &RelPath, to: &RelPath) {
        if self.seen.fetch_add(1, Ordering::SeqCst) != self.nth || to.is_within(&RelPath::literal(PRIVATE)) {
            return;
        }
        let path = to.as_str().to_owned();
        // An empty folder is what a careless rename of a folder replaces.
        if files.stat(from).is_ok_and(|stat| stat.kind == FileKind::Dir) {
            files.put_dir(&path);
            files.set_mode(&path, 0o700);
        } else {
            files.put(&path, THEIRS);
        }
        let thing = files.image().remove(&path).expect("it was put there");
        *self.put.lock().expect("no panic") = Some((path, thing));
    }
}

/// Plays a mutation past an intruder.
fn play(prepared: &Prepared, nth: usize, mistake: Mistake) -> Checked {
    let intruder = Arc::new(Intruder { nth, seen: AtomicUsize::new(0), put: Mutex::default() });
    let ground = Ground::through({
        let intruder = Arc::clone(&intruder);
        move |files| {
            let intruder = Arc::clone(&intruder);
            let hook = move |files: &ModelFs, from: &RelPath, to: &RelPath| intruder.before_move(files, from, to);
            Arc::new(Mistaken::new(files, mistake, &Arc::default()).before_moves(hook))
        }
    });
    let files = prepared.files.copy();
    let session = Session::open(&files, &ground).expect("a workspace");
    let answer = session.ask_all(prepared.scenario.requests, &prepared.answers);
    session.close().map_err(|broken| (Check::EventsHold, broken))?;
    let Some((path, theirs)) = intruder.put.lock().expect("no panic").take() else { return Ok(()) };
    let mut image = files.image();
    let left = image.remove(&path);
    need(left.as_ref() == Some(&theirs), Check::NothingOverwritten, || format!("{path} is {left:?}"))?;
    if answer.status == Status::Ok {
        return Ok(());
    }
    let before = prepared.endings.before.authored.without_empty_folders();
    let difference = Authored::of(&image, &prepared.endings.known).without_empty_folders().difference(&before);
    need(difference.is_none(), Check::ErrorIsNotDone, || format!("{}: {difference:?}", answer.summary))
}

fn moves(prepared: &Prepared) -> usize {
    prepared.calls.iter().filter(|call| call.kind == CallKind::RenameNoReplace).count()
}

/// Every move of every mutation that is all or nothing.
fn all(mistake: Mistake) -> Vec<(Check, String)> {
    let mut failures = Vec::new();
    for scenario in SCENARIOS.iter().filter(|scenario| scenario.kind == Kind::Whole) {
        let prepared = Prepared::new(scenario);
        for nth in 0..moves(&prepared) {
            let played = play(&prepared, nth, mistake);
            failures.extend(played.map_err(|(check, said)| (check, format!("{} {nth}: {said}", scenario.name))).err());
        }
    }
    failures
}

#[test]
fn mut_8_what_appears_while_a_mutation_runs_is_never_overwritten() {
    let failures = all(Mistake::Nothing);
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_move_that_replaces_is_caught() {
    let failures = all(Mistake::MovesReplace);
    let caught = failures.iter().filter(|(check, _)| *check == Check::NothingOverwritten).count();
    assert!(caught > 0, "{failures:?}");
    super::note(&format!("caught {:?} by {:?}, {caught} times", Mistake::MovesReplace, Check::NothingOverwritten));
}
