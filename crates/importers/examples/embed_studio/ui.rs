//! A pretend UI: it draws sixty times a second, and its screen is a log, a badge and a bar for each operation.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::Duration;

use packwright::event::payload::State;
use packwright::event::{Kind, Progress};
use packwright::value::OperationId;

use crate::adapter::{Change, Shelf, Update};

/// How long a frame is on the screen.
const FRAME: Duration = Duration::from_nanos(1_000_000_000 / 60);

/// The display's beat. A frame that is late is drawn at once, and none is drawn twice.
pub(crate) struct Display(Receiver<()>);

impl Display {
    pub(crate) fn start() -> Self {
        let (beat, frames) = sync_channel(1);
        thread::spawn(move || {
            while beat.send(()).is_ok() {
                thread::sleep(FRAME);
            }
        });
        Self(frames)
    }

    /// Waits for the next frame.
    pub(crate) fn wait(&self) {
        // It beats as long as somebody looks.
        let _ = self.0.recv();
    }
}

/// What is on the screen.
#[derive(Default)]
pub(crate) struct Ui {
    frame: u64,
    /// Operations in the order in which they showed up: people are shown `#1` and not a UUID.
    operations: Vec<OperationId>,
    bars: BTreeMap<OperationId, Progress>,
    badge: Option<State>,
    shelf: Shelf,
    transcript: Vec<String>,
}

impl Ui {
    /// Draws the next frame.
    pub(crate) fn draw(&mut self, updates: &[Update]) {
        self.frame += 1;
        updates.iter().for_each(|update| self.show(update));
    }

    /// Writes something into the log that is no event.
    pub(crate) fn say(&mut self, text: &str) {
        self.transcript.push(format!("\n{text}"));
    }

    /// The log.
    pub(crate) fn transcript(&self) -> String {
        self.transcript.join("\n")
    }

    /// The project's badge.
    pub(crate) fn badge(&self) -> Option<State> {
        self.badge
    }

    /// The bars on the screen.
    pub(crate) fn bars(&self) -> usize {
        self.bars.len()
    }

    /// What it shows of the project since it last read everything.
    pub(crate) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    fn show(&mut self, update: &Update) {
        let id = update.operation_id;
        match &update.change {
            Change::Line { ends: true } => drop(self.bars.remove(&id)),
            Change::Badge(state) => self.badge = Some(*state),
            Change::Bar(progress) => drop(self.bars.insert(id, progress.clone())),
            Change::Everything(shelf) => self.shelf = shelf.clone(),
            Change::Line { ends: false } | Change::Count(_) => {}
        }
        let line = self.line(update);
        self.transcript.push(line);
    }

    fn line(&mut self, update: &Update) -> String {
        let name = self.name(update.operation_id);
        let mut line = format!("  {name:<4}{:>3}  {:<22}{}", update.sequence, kind(update.kind), words(update));
        if let Some(cause) = update.cause {
            line += &format!("  (because of {} {})", self.name(cause.operation_id), cause.sequence);
        }
        line
    }

    fn name(&mut self, id: OperationId) -> String {
        let known = self.operations.iter().position(|known| *known == id);
        let at = known.unwrap_or_else(|| {
            self.operations.push(id);
            self.operations.len() - 1
        });
        format!("#{}", at + 1)
    }
}

/// What an update says. The words of an event are about that event alone, so one that stands for more counts.
fn words(update: &Update) -> String {
    match update.change {
        Change::Count(count) if update.stands_for > 1 => format!("{count} by now; the last: {}", update.summary),
        _ => update.summary.clone(),
    }
}

fn kind(kind: Kind) -> String {
    kind.as_str().replace('_', " ")
}
