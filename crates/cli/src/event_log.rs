//! `--events`: every event of the bus as a JSON line, in order, each written whole before the next.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use packwright::event::{Event, EventBus, Filter};

use crate::listen::Listener;
use crate::refusal::Refusal;
use crate::shell_path;

/// Writes what the bus carries, from when it is begun until it is ended.
pub(crate) struct EventLog {
    name: String,
    listener: Listener<Sink>,
}

struct Sink {
    to: Box<dyn Write + Send>,
    /// The first failure; after it nothing is written, so that what stands there has no hole.
    failure: Option<io::Error>,
}

impl EventLog {
    /// Makes `file` anew (`-` is stderr), a path of the shell's taken from `folder`, and writes to it.
    pub(crate) fn begin(file: &Path, folder: &Path, bus: &EventBus) -> Result<Self, Refusal> {
        let (name, to): (_, Box<dyn Write + Send>) = if is_stderr(file) {
            ("stderr".to_owned(), Box::new(io::stderr()))
        } else {
            let path: PathBuf = shell_path::absolute(folder, file);
            let made = File::create(&path).map_err(|error| refusal(&path.display().to_string(), &error))?;
            (path.display().to_string(), Box::new(made))
        };
        let sink = Sink { to, failure: None };
        let listener = Listener::start("event-log", bus.subscribe(Filter::all()), sink, Sink::write);
        Ok(Self { listener: listener.map_err(|error| refusal(&name, &error))?, name })
    }

    /// Writes what was published up to now, and says what could not be written.
    pub(crate) fn end(self) -> Result<(), Refusal> {
        match self.listener.end().and_then(|sink| sink.failure) {
            Some(error) => Err(refusal(&self.name, &error)),
            None => Ok(()),
        }
    }
}

impl Sink {
    fn write(&mut self, event: &Event) {
        if self.failure.is_none() {
            // A file keeps nothing back that would have to be flushed, and neither does stderr.
            self.failure = self.to.write_all(&line(event)).err();
        }
    }
}

/// The event as one line of JSON.
pub(crate) fn line(event: &Event) -> Vec<u8> {
    let mut line = serde_json::to_vec(event).expect("an event is made of what JSON has");
    line.push(b'\n');
    line
}

/// Whether stderr is meant.
pub(crate) fn is_stderr(file: &Path) -> bool {
    file.as_os_str() == "-"
}

fn refusal(name: &str, error: &io::Error) -> Refusal {
    Refusal::failed(format!("cannot write events to {name}: {error}"))
}
