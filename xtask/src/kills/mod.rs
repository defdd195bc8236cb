//! `cargo xtask kills`: the real program, stopped and failed at its system calls.
//!
//! A command that changes a small workspace is run under `strace`, which kills it at one system call, or has that call
//! fail, once or from then on. What the program answered and what lies on the disk afterwards must fit: all of the
//! change or nothing of it, what nobody was told either way, and no litter once the next command has written. The
//! places where a disk is full, read-only, forbidden, another device or a copy are in [`places`].

mod image;
mod places;
mod scene;
mod trace;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::process::{Run, on_path};
use image::Image;
use scene::{SCENES, Scene};
use trace::{Ended, Fault};

/// How much to try.
#[derive(clap::Args)]
pub(crate) struct Bounds {
    /// Of the points of each kind, try every N-th; 1 tries all
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Only the scene of this name
    #[arg(long)]
    scene: Option<String>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { every: 40, scene: None }
    }
}

/// The calls that change something (files are written by `pwrite64`, answers by `write`), and those by which a file is found; of the latter there are many, and few that matter.
const CALLS: [(&str, usize); 10] = [
    ("renameat", 1),
    ("renameat2", 1),
    ("unlinkat", 1),
    ("mkdirat", 1),
    ("fsync", 1),
    ("pwrite64", 1),
    ("fchmod", 1),
    ("flock", 1),
    ("statx", 4),
    ("openat2", 4),
];

/// The errors that each call is failed with.
const ERRORS: [&str; 4] = ["EIO", "ENOSPC", "EACCES", "EROFS"];

/// How much was tried.
#[derive(Default)]
struct Tried {
    points: usize,
    killed: usize,
    refused: usize,
    done: usize,
}

pub(crate) fn run(root: &Path, bounds: &Bounds) -> Outcome {
    if !on_path("strace") {
        return Err(Failure::new("strace is not here; `apt-get install strace` brings it"));
    }
    Run::cargo().args(["build", "--locked", "--package", "packwright-cli"]).dir(root).run()?;
    let binary = root.join("target/debug/packwright");
    let ground = root.join("target/kills");
    image::clear(&ground)?;
    let mut tried = Tried::default();
    for scene in SCENES.iter().filter(|scene| bounds.scene.as_ref().is_none_or(|name| name == scene.name)) {
        let stage = Stage { binary: &binary, ground: &ground, scene };
        stage.play(bounds.every.max(1), &mut tried)?;
    }
    if tried.killed == 0 || tried.refused == 0 || tried.done == 0 {
        return Err(Failure::new("nothing was tried"));
    }
    let Tried { points, killed, refused, done } = tried;
    println!("kills: {points} points: {killed} killed, {refused} refused, {done} done all the same; none between");
    let n = places::run(&binary, &ground)?;
    println!("kills: {n} places where nothing can be done: each said so, and lost nothing");
    image::clear(&ground)
}

/// One scene, ready to be played again and again.
struct Stage<'a> {
    binary: &'a Path,
    ground: &'a Path,
    scene: &'a Scene,
}

impl Stage<'_> {
    fn play(&self, every: usize, tried: &mut Tried) -> Outcome {
        let name = self.scene.name;
        let template = self.ground.join(format!("{name}-template"));
        scene::set(self.binary, &template, self.scene)?;
        let before = Image::of(&template)?;
        let whole = self.ground.join(format!("{name}-whole"));
        image::copy(&template, &whole)?;
        let counts = trace::count(self.binary, &whole, &self.command(&whole)?)?;
        let after = Image::of(&whole)?;
        if before == after {
            return Err(Failure::new(format!("{name}: the command changes nothing")));
        }
        let began = tried.points;
        let mut points = 0;
        for (call, stride) in CALLS {
            let n = counts.get(call).copied().unwrap_or_default();
            for at in (1..=n).step_by(stride) {
                for fault in faults(call, at) {
                    points += 1;
                    if points % every == 0 {
                        self.point(&template, &fault, (&before, &after), tried)?;
                    }
                }
            }
        }
        println!("kills: {name}: {} of {points} points", tried.points - began);
        image::clear(&template)?;
        image::clear(&whole)
    }

    /// Its words, with what only this copy knows filled in.
    fn command(&self, workspace: &Path) -> Outcome<Vec<String>> {
        scene::command(workspace, self.scene)
    }

    fn point(&self, template: &Path, fault: &Fault, images: (&Image, &Image), tried: &mut Tried) -> Outcome {
        let workspace: PathBuf = self.ground.join("point");
        image::clear(&workspace)?;
        image::copy(template, &workspace)?;
        let ended = trace::faulted(self.binary, &workspace, &self.command(&workspace)?, fault)?;
        tried.points += 1;
        let wrong = |what: String| Failure::new(format!("{}: {fault}: {what}", self.scene.name));
        // Whoever opens the workspace next ends what was stopped.
        let status = scene::ask(self.binary, &workspace, &["status", "--json"])?;
        let state = status["runtime_state"]["state"].as_str().unwrap_or("none").to_owned();
        if state == "failed" || state == "diverged" {
            return Err(wrong(format!("the project is {state}: {}", status["runtime_state"]["reasons"])));
        }
        let found = Image::of(&workspace)?;
        let (is_before, is_after) = (found == *images.0, found == *images.1);
        match ended {
            Ended::Killed => tried.killed += 1,
            Ended::Done => tried.done += 1,
            Ended::Refused(_) => tried.refused += 1,
        }
        let fits = match &ended {
            Ended::Killed => is_before || is_after,
            Ended::Done => is_after,
            // What is in doubt was done, or was not.
            Ended::Refused(said) if said.contains("\"indeterminate\"") => is_before || is_after,
            Ended::Refused(_) => is_before,
        };
        if !fits {
            let which = found.differences(images.0, images.1);
            return Err(wrong(format!("it {ended}, and there is {which}")));
        }
        scene::ask(self.binary, &workspace, &["exclude", "zz/other", "--json"])?;
        match image::litter(&workspace)? {
            None => Ok(()),
            Some(path) => Err(wrong(format!("{path} is left"))),
        }
    }
}

/// A kill, and each error once and for ever.
fn faults(call: &'static str, at: usize) -> Vec<Fault> {
    let mut faults = vec![Fault { call, at, error: None, for_ever: false }];
    // Locks that fail and stats that fail are failures before anything is begun.
    for error in ERRORS {
        for for_ever in [false, true] {
            faults.push(Fault { call, at, error: Some(error), for_ever });
        }
    }
    faults
}

/// How often each call is made by the thread that makes it most.
type Counts = BTreeMap<String, usize>;
