//! The two streams: results go to stdout, everything else to stderr.
//!
//! With `--json` stdout gets one JSON document and nothing else. A reader that closed its end of stdout wants no more,
//! and is no error; any other failure to write is kept and ends the command.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use serde::Serialize;

use crate::text::Paint;

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal that takes them, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Whatever stdout and stderr are.
    Always,
    /// Not at all.
    Never,
}

/// How much to say, and how.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Manner {
    /// Results as JSON.
    pub json: bool,
    /// No progress and no notes.
    pub quiet: bool,
    /// More of what happened.
    pub verbose: bool,
    /// Colours.
    pub color: ColorWhen,
}

/// Where a command speaks.
pub(crate) struct Terminal {
    manner: Manner,
    out: Paint,
    err: Paint,
    failure: RefCell<Option<io::Error>>,
}

impl Terminal {
    /// The process's own streams.
    pub(crate) fn new(manner: Manner) -> Self {
        let out = Paint { colored: takes_colors(manner.color, &io::stdout()) };
        let err = Paint { colored: takes_colors(manner.color, &io::stderr()) };
        Self { manner, out, err, failure: RefCell::default() }
    }

    /// Whether results are wanted as JSON.
    pub(crate) fn json(&self) -> bool {
        self.manner.json
    }

    /// Whether more is wanted.
    pub(crate) fn verbose(&self) -> bool {
        self.manner.verbose
    }

    /// Whether only results and errors are wanted.
    pub(crate) fn quiet(&self) -> bool {
        self.manner.quiet
    }

    /// The colours of stdout.
    pub(crate) fn out(&self) -> Paint {
        self.out
    }

    /// The colours of stderr.
    pub(crate) fn err(&self) -> Paint {
        self.err
    }

    /// Whether a bar that redraws itself can be shown.
    pub(crate) fn can_redraw(&self) -> bool {
        io::stderr().is_terminal() && !is_dumb()
    }

    /// Writes a part of the result, its lines ended.
    pub(crate) fn result(&self, text: &str) {
        let mut stdout = io::stdout().lock();
        self.keep(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()));
    }

    /// Writes the result as a JSON document.
    pub(crate) fn result_json(&self, value: &impl Serialize) {
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        let written = serde_json::to_writer_pretty(&mut stdout, value).map_err(io::Error::from);
        self.keep(written.and_then(|()| stdout.write_all(b"\n")).and_then(|()| stdout.flush()));
    }

    /// Says something beside the result; not with `--quiet`.
    pub(crate) fn note(&self, text: &str) {
        if !self.manner.quiet {
            self.error(&format!("{text}\n"));
        }
    }

    /// Says what to do next; not with `--quiet`.
    pub(crate) fn next(&self, text: &str) {
        self.note(&format!("{}: {text}", self.err.help("next")));
    }

    /// Says what went wrong, its lines ended.
    pub(crate) fn error(&self, text: &str) {
        // There is no third place where a failure of stderr could be told.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Why the result could not be written.
    pub(crate) fn failure(&self) -> Option<io::Error> {
        self.failure.borrow_mut().take()
    }

    fn keep(&self, written: io::Result<()>) {
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.failure.borrow_mut().get_or_insert(error);
        }
    }
}

fn takes_colors(when: ColorWhen, stream: &impl IsTerminal) -> bool {
    let forbidden = || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => stream.is_terminal() && !forbidden() && !is_dumb(),
    }
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}
