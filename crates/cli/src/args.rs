//! What can be said on the command line, beside each command's own arguments.

use std::path::PathBuf;

use clap::{Args, Parser};

use crate::command::Command;
use crate::event_log;
use crate::terminal::{ColorWhen, Manner};

/// The asset packer of a game: knows its assets, says what is wrong with them, builds them into one pack
#[derive(Debug, Parser)]
#[command(name = "packwright", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
A start on an old project:
  packwright init
  packwright register assets/*
  packwright build

A SELECTOR is an address (`ui/button`, or a glob as `ui/*`), a root, a UUID or an asset_id;
`address:`, `root:`, `uuid:` or `id:` before it force one reading.

Exit codes: 0 done; 1 nothing was done, or there are findings; 2 wrong usage; 3 it could not run; 130 cancelled.";

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Work in DIR, as if it were the current folder; the workspace is the nearest one from there up
    #[arg(short = 'C', value_name = "DIR", global = true, value_hint = clap::ValueHint::DirPath)]
    pub folder: Option<PathBuf>,

    /// Print the answer as JSON, and nothing else, on stdout
    #[arg(long, global = true)]
    pub json: bool,

    /// Write each event as a line of JSON to FILE, made anew; `-` is stderr, in the place of progress
    #[arg(long, value_name = "FILE", global = true, value_hint = clap::ValueHint::FilePath)]
    pub events: Option<PathBuf>,

    /// Only results and errors: no progress, no notes
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say more
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Colours: auto, always or never; auto respects NO_COLOR
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true, hide_possible_values = true)]
    pub color: ColorWhen,

    /// How many seconds to wait while another process writes to the workspace
    #[arg(long, value_name = "SECONDS", default_value_t = 10, global = true)]
    pub wait: u64,

    /// How many threads scans and builds use at most; by default one a processor
    #[arg(long, value_name = "N", global = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

impl Global {
    /// How to speak.
    pub(crate) fn manner(&self) -> Manner {
        Manner {
            json: self.json,
            quiet: self.quiet,
            verbose: self.verbose,
            color: self.color,
            events_on_stderr: self.events.as_deref().is_some_and(event_log::is_stderr),
        }
    }
}
