//! `cargo xtask`: the project's own chores. Here they are only named and handed on; each lives in a file of its own.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "chores talk to the person who runs them")]

mod bare;
mod bench;
mod catalogue;
mod ci;
mod codegen;
mod corpus;
mod crash;
mod failure;
mod fuzz_smoke;
mod kills;
mod page;
mod process;
mod repository;
mod shuttle;
mod starter;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Outcome;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Packwright's own chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Everything a change must pass besides the tests
    Ci,
    /// The habits of this house, checked
    Tidy,
    /// Every fuzz target over its seeds, then a short run
    FuzzSmoke(fuzz_smoke::Bounds),
    /// The real program, stopped and failed at its system calls
    Kills(kills::Bounds),
    /// What threads share, under the model checker
    Shuttle(shuttle::Bounds),
    /// Every mutation on a disk that fails, fills and loses power
    Crash(crash::Bounds),
    /// The checks of the Studio page: its types, its modules, and the page in a real browser
    Page,
    /// Write the page's types of the service again, from the service's description of itself
    Codegen(codegen::Arguments),
    /// Make the pictures of the Studio page in docs/studio/ again
    Screenshots,
    /// Write the page of all findings again, from the rules
    Catalogue,
    /// Fetch real game data and make a workspace of it
    Corpus(corpus::Arguments),
    /// Measure builds side by side with other programs
    Bench(bench::Arguments),
    /// The measures of an embedded runtime, as `bench runtime` starts them from the release build
    #[command(hide = true)]
    Runtime(bench::runtime::Ground),
    /// The programs that builds are measured against
    #[command(hide = true, subcommand)]
    Bare(bare::Program),
    /// Make the art of the example workspace again
    Starter {
        /// Write nothing; fail when the committed files differ
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Outcome {
    let root = repository::root()?;
    match chore {
        Chore::Ci => ci::run(&root),
        Chore::Tidy => tidy::run(&root),
        Chore::FuzzSmoke(bounds) => fuzz_smoke::run(&root, &bounds),
        Chore::Kills(bounds) => kills::run(&root, &bounds),
        Chore::Shuttle(bounds) => shuttle::run(&root, &bounds),
        Chore::Crash(bounds) => crash::run(&root, &bounds),
        Chore::Page => page::run(&root),
        Chore::Codegen(arguments) => codegen::run(&root, &arguments),
        Chore::Screenshots => page::screenshots(&root),
        Chore::Catalogue => catalogue::run(&root),
        Chore::Corpus(arguments) => corpus::run(&root, &arguments),
        Chore::Bench(arguments) => bench::run(&root, &arguments),
        Chore::Runtime(ground) => bench::runtime::measure(&ground),
        Chore::Bare(program) => bare::run(program),
        Chore::Starter { check } => starter::run(&root, check),
    }
}
