//! How far an operation has come, as the event bus tells it: a bar that redraws itself on a terminal, else a line at each
//! phase's end.

use std::borrow::Cow;
use std::fmt::Write;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use packwright::event::{Event, EventBus, Filter, Kind, Progress};

use crate::listen::Listener;
use crate::terminal::Terminal;
use crate::text;

/// The phase in which an operation waits for another process; its summary says for which.
const WAIT: &str = "wait";

/// Shows progress from when it is started until it is dropped.
pub(crate) struct ProgressDisplay {
    listener: Option<Listener<Box<dyn Display + Send>>>,
}

impl ProgressDisplay {
    /// Shows what is published on `bus` from now on.
    pub(crate) fn start(bus: &EventBus, terminal: &Terminal) -> Self {
        let subscription = bus.subscribe(Filter::all().kinds(&[Kind::ProgressUpdated]));
        let display: Box<dyn Display + Send> =
            if terminal.can_redraw() { Box::new(Bar::new()) } else { Box::new(LinesAtPhaseEnds::default()) };
        // Without a thread the operation goes on all the same, unseen.
        let listener = Listener::start("progress", subscription, display, |display, event| display.event(event));
        Self { listener: listener.ok() }
    }
}

impl Drop for ProgressDisplay {
    fn drop(&mut self) {
        if let Some(mut display) = self.listener.take().and_then(Listener::end) {
            display.end();
        }
    }
}

/// How far a phase has come, for people: `parts: 12 of 20`.
pub(crate) fn in_words(event: &Event) -> Option<String> {
    let progress = event.progress.as_ref()?;
    let name = name_of(&progress.phase);
    Some(match (&*progress.phase, progress.total) {
        (WAIT, _) => text::plain(&event.summary).into_owned(),
        (_, 0 | 1) => text::plain(name).into_owned(),
        (_, total) => format!("{}: {} of {}", text::plain(name), text::number(progress.done), text::number(total)),
    })
}

/// Whether the operation waits for another process.
pub(crate) fn is_waiting(progress: &Progress) -> bool {
    progress.phase == WAIT
}

/// What a phase is called. That of importing passes over all parts, and imports those that changed.
fn name_of(phase: &str) -> &str {
    if phase == "import" { "parts" } else { phase }
}

trait Display {
    fn event(&mut self, event: &Event);
    fn end(&mut self);
}

/// A bar for the phase that runs.
struct Bar {
    bar: ProgressBar,
    phase: Option<Cow<'static, str>>,
}

impl Bar {
    fn new() -> Self {
        Self { bar: ProgressBar::hidden(), phase: None }
    }

    fn begin(&mut self, progress: &Progress, event: &Event) {
        self.bar.finish_and_clear();
        self.bar = ProgressBar::new(0).with_style(style(progress));
        let name = if is_waiting(progress) { &event.summary } else { name_of(&progress.phase) };
        self.bar.set_message(text::plain(name).into_owned());
        self.phase = Some(progress.phase.clone());
    }
}

impl Display for Bar {
    fn event(&mut self, event: &Event) {
        let Some(progress) = &event.progress else { return };
        if self.phase.as_ref() != Some(&progress.phase) {
            self.begin(progress, event);
        }
        let by_bytes = progress.bytes_total > 0;
        let (done, total) =
            if by_bytes { (progress.bytes_done, progress.bytes_total) } else { (progress.done, progress.total) };
        self.bar.set_length(total);
        self.bar.set_position(done);
        let counted = if by_bytes { text::number(progress.done) } else { String::new() };
        self.bar.set_prefix(counted);
    }

    fn end(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn style(progress: &Progress) -> ProgressStyle {
    let template = match (progress.bytes_total, progress.total) {
        (0, 0 | 1) => "{spinner} {msg}",
        (0, _) => "{msg:>10} [{bar:30}] {human_pos}/{human_len} {rate} {eta}",
        _ => "{msg:>10} [{bar:30}] {prefix} {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec} {eta}",
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let rate = |state: &ProgressState, out: &mut dyn Write| {
        // What cannot be written is not shown.
        let _ = write!(out, "{:.0}/s", state.per_sec());
    };
    style.with_key("rate", rate).progress_chars("=> ")
}

/// A line when a phase is over, or when the waiting begins, for logs.
#[derive(Default)]
struct LinesAtPhaseEnds {
    last: Option<(Cow<'static, str>, String)>,
}

impl LinesAtPhaseEnds {
    #[expect(clippy::print_stderr, reason = "progress goes to stderr, and there is no bar to go through")]
    fn flush(&mut self) {
        if let Some((_, words)) = self.last.take() {
            eprintln!("{words}");
        }
    }
}

impl Display for LinesAtPhaseEnds {
    fn event(&mut self, event: &Event) {
        let (Some(progress), Some(words)) = (&event.progress, in_words(event)) else { return };
        if self.last.as_ref().is_some_and(|(phase, _)| *phase != progress.phase) {
            self.flush();
        }
        self.last = Some((progress.phase.clone(), words));
        if is_waiting(progress) {
            self.flush();
        }
    }

    fn end(&mut self) {
        self.flush();
    }
}

/// A bar over bytes for work that no bus tells of; hidden where it could not redraw itself.
pub(crate) fn byte_bar(terminal: &Terminal, total: u64) -> ProgressBar {
    if !terminal.can_redraw() || terminal.quiet() {
        return ProgressBar::hidden();
    }
    let of_bytes = Progress::new("", 0, 0).with_bytes(0, total.max(1));
    ProgressBar::new(total).with_style(style(&of_bytes))
}
