//! `cargo xtask fuzz-smoke`: every fuzz target over its seeds, then a short run of new inputs.
//!
//! Needs no nightly toolchain and no cargo-fuzz: the coverage counters libFuzzer steers by are an LLVM pass that the
//! stable compiler takes too. What is left out against `cargo fuzz run` is the address sanitizer. A target without
//! seeds is a failure, so nothing is skipped in silence.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::failure::{Doing, Failure, Outcome};
use crate::process::Run;

/// The flags `cargo fuzz` builds with, less the sanitizer.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks -Ccodegen-units=1";

/// How long and how far each target runs past its seeds.
#[derive(clap::Args)]
pub(crate) struct Bounds {
    /// Inputs each target is given, its seeds among them
    #[arg(long, default_value_t = 20_000)]
    runs: u64,
    /// Seconds after which a target stops
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// Only these targets
    #[arg(long = "target")]
    targets: Vec<String>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { runs: 20_000, seconds: 15, targets: Vec::new() }
    }
}

pub(crate) fn run(root: &Path, bounds: &Bounds) -> Outcome {
    let fuzz = Fuzz { dir: root.join("fuzz"), target_dir: root.join("fuzz/target/smoke") };
    let targets = fuzz.targets(&bounds.targets)?;
    let triple = host_triple()?;
    fuzz.build(&triple)?;
    for target in &targets {
        fuzz.replay(target, &triple, bounds)?;
    }
    println!("fuzz-smoke: {} targets, each over its seeds and up to {} inputs", targets.len(), bounds.runs);
    Ok(())
}

struct Fuzz {
    dir: PathBuf,
    target_dir: PathBuf,
}

impl Fuzz {
    fn targets(&self, chosen: &[String]) -> Outcome<Vec<String>> {
        let run = Run::cargo().args(["metadata", "--no-deps", "--format-version", "1", "--locked"]);
        let told = run.arg("--manifest-path").arg(self.dir.join("Cargo.toml")).output()?;
        let metadata: Metadata = serde_json::from_str(&told).doing(|| "reading cargo's metadata".to_owned())?;
        let bins = metadata.packages.into_iter().flat_map(|package| package.targets);
        let all: Vec<String> =
            bins.filter(|target| target.kind.iter().any(|kind| kind == "bin")).map(|target| target.name).collect();
        if let Some(unknown) = chosen.iter().find(|name| !all.contains(name)) {
            return Err(Failure::new(format!("fuzz/ has no target `{unknown}`; it has {}", all.join(", "))));
        }
        let targets: Vec<String> = if chosen.is_empty() { all } else { chosen.to_vec() };
        if targets.is_empty() { Err(Failure::new("fuzz/ has no targets")) } else { Ok(targets) }
    }

    /// Builds all targets. A named triple keeps the flags from build scripts and procedural macros.
    fn build(&self, triple: &str) -> Outcome {
        let run = Run::cargo().args(["build", "--release", "--locked", "--bins", "--target", triple]);
        let run = run.arg("--manifest-path").arg(self.dir.join("Cargo.toml"));
        run.arg("--target-dir").arg(&self.target_dir).env("RUSTFLAGS", COVERAGE).run()
    }

    fn replay(&self, target: &str, triple: &str, bounds: &Bounds) -> Outcome {
        let seeds: Vec<PathBuf> = ["seeds", "corpus"]
            .map(|kind| self.dir.join(kind).join(target))
            .into_iter()
            .filter(|dir| dir.is_dir())
            .collect();
        let n_seeds: usize = seeds.iter().map(|dir| n_files(dir)).sum::<Outcome<usize>>()?;
        if n_seeds == 0 {
            return Err(Failure::new(format!("the fuzz target `{target}` has no seeds in fuzz/seeds/{target}")));
        }
        println!("fuzz-smoke: {target}, {n_seeds} seeds");
        // The first folder takes what libFuzzer finds; the seeds themselves stay as they are.
        let found = self.target_dir.join("found").join(target);
        let crashes = self.target_dir.join("crashes").join(target);
        for folder in [&found, &crashes] {
            std::fs::create_dir_all(folder).doing(|| format!("making {}", folder.display()))?;
        }
        let run = Run::new(self.target_dir.join(triple).join("release").join(target)).arg(&found).args(&seeds);
        let run = run.arg(format!("-runs={}", bounds.runs.max(n_seeds as u64)));
        let run = run.arg(format!("-max_total_time={}", bounds.seconds));
        run.arg(format!("-artifact_prefix={}/", crashes.display()))
            .args(["-verbosity=0", "-timeout=10", "-rss_limit_mb=2048"])
            .run()
    }
}

fn n_files(dir: &Path) -> Outcome<usize> {
    Ok(std::fs::read_dir(dir).doing(|| format!("listing {}", dir.display()))?.count())
}

fn host_triple() -> Outcome<String> {
    let told = Run::new("rustc").arg("-vV").output()?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::new("`rustc -vV` names no host"))
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}
