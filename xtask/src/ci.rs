//! `cargo xtask ci`: everything a change must pass besides the tests, in order, stopping at the first failure.
//!
//! Tests are `cargo test --workspace`, which `.ci/run` runs before this.

use std::path::Path;
use std::time::Instant;

use crate::failure::{Failure, Outcome};
use crate::process::Run;
use crate::{fuzz_smoke, kills, page, shuttle, tidy};

/// Pinned, so that a new release of it changes nothing here by itself.
const CARGO_DENY: &str = "0.20.2";

type Step = fn(&Path) -> Outcome;

const STEPS: [(&str, Step); 9] = [
    ("fmt", fmt),
    ("clippy", clippy),
    ("docs", docs),
    ("tidy", tidy::run),
    ("deny", deny),
    ("page", page::run),
    ("kills", killed),
    ("shuttle", schedules),
    ("fuzz-smoke", fuzz),
];

pub(crate) fn run(root: &Path) -> Outcome {
    let start = Instant::now();
    for (name, step) in STEPS {
        println!("ci: {name}");
        let began = Instant::now();
        step(root).map_err(|failure| Failure::new(format!("ci stopped at {name}: {failure}")))?;
        println!("ci: {name} passed in {:.1} s", began.elapsed().as_secs_f64());
    }
    println!("ci: all passed in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn fmt(root: &Path) -> Outcome {
    Run::cargo().args(["fmt", "--all", "--check"]).dir(root).run()
}

fn clippy(root: &Path) -> Outcome {
    let run = Run::cargo().args(["clippy", "--workspace", "--all-targets", "--locked"]).dir(root);
    run.args(["--", "-D", "warnings"]).run()
}

fn docs(root: &Path) -> Outcome {
    let run = Run::cargo().args(["doc", "--workspace", "--no-deps", "--locked"]).dir(root);
    run.env("RUSTDOCFLAGS", "-D warnings").run()
}

/// Licences, banned crates and sources. cargo-deny is built into `target/`, once.
fn deny(root: &Path) -> Outcome {
    let tools = root.join("target/tools");
    let binary = tools.join("bin/cargo-deny");
    if !binary.is_file() {
        // Unoptimised: it builds in a quarter of the time and runs for less than a second.
        let run = Run::cargo().args(["install", "--debug", "--locked", "cargo-deny", "--version", CARGO_DENY]);
        run.arg("--root").arg(&tools).env("CARGO_PROFILE_DEV_DEBUG", "0").dir(root).run()?;
    }
    let run = Run::new(binary).args(["--locked", "check", "--hide-inclusion-graph"]).dir(root);
    run.args(["licenses", "bans", "sources"]).run()
}

fn fuzz(root: &Path) -> Outcome {
    fuzz_smoke::run(root, &fuzz_smoke::Bounds::default())
}

fn killed(root: &Path) -> Outcome {
    kills::run(root, &kills::Bounds::default())
}

fn schedules(root: &Path) -> Outcome {
    shuttle::run(root, &shuttle::Bounds::default())
}
