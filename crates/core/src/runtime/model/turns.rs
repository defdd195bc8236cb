//! Turns: whoever returns has a result of work that began after its call, at most one works and one waits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::turns::{Merge, Turns};
use super::{Mistake, bites, holds, panic_on_purpose, sight};
use crate::sync::{Arc, Condvar, Mutex, lock, thread, wait};

/// Who asked; merging is seen by who wants to know.
#[derive(Clone)]
struct Asked {
    by: Vec<u64>,
    merging: Arc<(Mutex<bool>, Condvar)>,
}

impl Asked {
    fn by(one: u64) -> Self {
        Self { by: vec![one], merging: Arc::default() }
    }
}

impl Merge for Asked {
    fn merge(&mut self, other: Self) {
        self.by.extend(other.by);
        let (merged, changed) = &*self.merging;
        *lock(merged) = true;
        changed.notify_all();
    }
}

/// The turns as they are, or as they must not be.
struct Door {
    real: Turns<Asked, u64>,
    naive: Mutex<Option<u64>>,
    running: AtomicU64,
    mistake: Option<Mistake>,
}

impl Door {
    fn new(mistake: Option<Mistake>) -> Arc<Self> {
        Arc::new(Self { real: Turns::new(), naive: Mutex::new(None), running: AtomicU64::new(0), mistake })
    }

    fn run(&self, what: Asked, work: impl FnOnce(Asked) -> u64) -> u64 {
        let work = |what| {
            assert_eq!(self.running.fetch_add(1, Ordering::SeqCst), 0, "two work at once");
            let end = Ending(&self.running);
            let result = work(what);
            drop(end);
            result
        };
        match self.mistake {
            Some(Mistake::NoTurns) => work(what),
            Some(Mistake::OneByOne) => {
                let _turn = lock(&self.naive);
                work(what)
            }
            Some(Mistake::PanicKeepsTurn) => {
                let turn = lock(&self.naive);
                let result = catch_unwind(AssertUnwindSafe(|| work(what)));
                result.unwrap_or_else(|panic| {
                    std::mem::forget(turn);
                    std::panic::resume_unwind(panic)
                })
            }
            Some(Mistake::JoinsRunning) => self.join_running(what, work),
            _ => self.real.run(what, work),
        }
    }

    /// Who finds the door taken waits until it is free, and takes the result that was found then.
    fn join_running(&self, what: Asked, work: impl FnOnce(Asked) -> u64) -> u64 {
        if let Ok(mut turn) = self.naive.try_lock() {
            let result = work(what);
            *turn = Some(result);
            return result;
        }
        lock(&self.naive).expect("one worked")
    }
}

/// Work ends also where it panics.
struct Ending<'a>(&'a AtomicU64);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Three write to a disk and each wants it read.
fn barriers(mistake: Option<Mistake>) {
    let door = Door::new(mistake);
    let disk = Arc::new(Mutex::new(0_u64));
    let barrier = |who: u64| {
        let (door, disk) = (Arc::clone(&door), Arc::clone(&disk));
        move || {
            let mine = {
                let mut disk = lock(&disk);
                *disk += 1;
                *disk
            };
            let seen = door.run(Asked::by(who), |asked| {
                assert!(asked.by.contains(&who));
                if asked.by.len() > 1 {
                    sight("one who works for two");
                }
                let seen = *lock(&disk);
                thread::yield_now();
                seen
            });
            assert!(seen >= mine, "saw {seen} and not its own {mine}");
        }
    };
    let others = [1, 2].map(|who| thread::spawn(barrier(who)));
    barrier(3)();
    others.into_iter().for_each(|other| other.join().expect("no check failed"));
}

/// While one works, two come; it works until one of them has joined the other.
fn two_come_while_one_works(mistake: Option<Mistake>) {
    let door = Door::new(mistake);
    let merging = Arc::<(Mutex<bool>, Condvar)>::default();
    let runs = Arc::new(AtomicU64::new(0));
    let ask = |who: u64| Asked { by: vec![who], merging: Arc::clone(&merging) };
    let mut others = Vec::new();
    door.run(ask(0), |_| {
        for who in [1, 2] {
            let (door, ask, runs) = (Arc::clone(&door), ask(who), Arc::clone(&runs));
            others.push(thread::spawn(move || {
                let run = door.run(ask, |asked| {
                    assert_eq!(asked.by.len(), 2);
                    runs.fetch_add(1, Ordering::SeqCst) + 1
                });
                assert_eq!(run, 1, "both have the one result");
            }));
        }
        let (merged, changed) = &*merging;
        let mut merged = lock(merged);
        while !*merged {
            merged = wait(changed, merged);
        }
        0
    });
    others.into_iter().for_each(|other| other.join().expect("no check failed"));
}

/// The work of one of three panics.
fn one_panics(mistake: Option<Mistake>) {
    let door = Door::new(mistake);
    let ask = |who: u64| {
        let door = Arc::clone(&door);
        move || {
            door.run(Asked::by(who), |asked| {
                if who != 1 {
                    return asked.by[0];
                }
                if asked.by.len() > 1 {
                    sight("one who waits for work that panics");
                }
                panic_on_purpose()
            })
        }
    };
    let broken = ask(1);
    let other = {
        let ask = ask(2);
        thread::spawn(move || {
            ask();
        })
    };
    // It does not panic where another does its work.
    let panicking = thread::spawn(move || drop(catch_unwind(AssertUnwindSafe(broken))));
    ask(3)();
    panicking.join().expect("caught");
    other.join().expect("it is not wedged");
    ask(4)();
}

#[test]
fn whoever_returns_has_seen_what_was_there_before_it_called() {
    holds("turns: barriers", &["one who works for two"], || barriers(None));
    bites(Mistake::JoinsRunning, "and not its own", |mistake| barriers(Some(mistake)));
    bites(Mistake::NoTurns, "two work at once", |mistake| barriers(Some(mistake)));
}

#[test]
fn at_most_one_works_and_one_waits() {
    holds("turns: joining who waits", &[], || two_come_while_one_works(None));
    bites(Mistake::OneByOne, "deadlock", |mistake| two_come_while_one_works(Some(mistake)));
}

#[test]
fn a_panic_wedges_nobody() {
    holds("turns: panic", &["one who waits for work that panics"], || one_panics(None));
    bites(Mistake::PanicKeepsTurn, "deadlock", |mistake| one_panics(Some(mistake)));
}
