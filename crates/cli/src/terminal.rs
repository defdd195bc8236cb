//! The two streams: results go to stdout, everything else to stderr.
//!
//! With `--json` stdout gets one JSON document and nothing else. A reader that closed its end of stdout wants no more,
//! and is no error; any other failure to write is kept and ends the command.

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use serde::Serialize;

use crate::refusal::Refusal;
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
    /// stderr carries the events, which tell of progress already.
    pub events_on_stderr: bool,
}

/// Where a command speaks.
pub(crate) struct Terminal {
    manner: Manner,
    out: Paint,
    err: Paint,
    failure: RefCell<Option<io::Error>>,
    closed: Cell<bool>,
}

impl Terminal {
    /// The process's own streams.
    pub(crate) fn new(manner: Manner) -> Self {
        let out = Paint { colored: takes_colors(manner.color, &io::stdout()) };
        let err = Paint { colored: takes_colors(manner.color, &io::stderr()) };
        Self { manner, out, err, failure: RefCell::default(), closed: Cell::default() }
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

    /// Whether to show how far operations have come.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.manner.quiet && !self.manner.events_on_stderr
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
        self.result_bytes(text.as_bytes());
    }

    /// Writes a part of the result that is there as bytes.
    pub(crate) fn result_bytes(&self, bytes: &[u8]) {
        let mut stdout = io::stdout().lock();
        self.keep(stdout.write_all(bytes).and_then(|()| stdout.flush()));
    }

    /// Whether what is written to stdout still arrives somewhere.
    pub(crate) fn is_read(&self) -> bool {
        !self.closed.get() && self.failure.borrow().is_none()
    }

    /// Writes the result as a JSON document.
    pub(crate) fn result_json(&self, value: &impl Serialize) {
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        let written = serde_json::to_writer_pretty(&mut stdout, value).map_err(io::Error::from);
        self.keep(written.and_then(|()| stdout.write_all(b"\n")).and_then(|()| stdout.flush()));
    }

    /// Writes a result as JSON on one line, for a program that reads on.
    pub(crate) fn result_json_line(&self, value: &impl Serialize) {
        let mut stdout = io::stdout().lock();
        let line = serde_json::to_vec(value).map_err(io::Error::from);
        self.keep(
            line.and_then(|line| stdout.write_all(&[&line, b"\n".as_slice()].concat())).and_then(|()| stdout.flush()),
        );
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

    /// Says at the end whether all of the result could be written.
    pub(crate) fn finish(&self) -> Result<(), Refusal> {
        match self.failure.borrow_mut().take() {
            Some(error) => Err(Refusal::failed(format!("cannot write to stdout: {error}"))),
            None => Ok(()),
        }
    }

    fn keep(&self, written: io::Result<()>) {
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed.set(true),
            Err(error) => {
                self.failure.borrow_mut().get_or_insert(error);
            }
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
