//! What a watch shows: lines for what happens; on a terminal, below them, how things are; or every event as JSON.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use packwright::diagnose::Severity;
use packwright::event::{Event, Progress};
use packwright::service::{BlockerCode, Data, Response, RuntimeState, State, Status, StatusData};

use crate::command::build;
use crate::event_log;
use crate::progress;
use crate::terminal::Terminal;
use crate::text::{self, Paint};

/// How often what stands below the lines is drawn again by itself, after the terminal's size has changed for example.
const REDRAW: std::time::Duration = std::time::Duration::from_millis(250);

/// Where a watch shows what it sees.
pub(super) struct Screen<'t> {
    terminal: &'t Terminal,
    live: Option<Live>,
}

/// What stands below the lines.
struct Live {
    bars: MultiProgress,
    now: ProgressBar,
    build: Option<ProgressBar>,
    paint: Paint,
    state: RuntimeState,
    counts: String,
}

impl<'t> Screen<'t> {
    /// A live one, where stderr is a terminal that can be redrawn and nothing else is to stand there.
    pub(super) fn new(terminal: &'t Terminal) -> Self {
        let is_live = terminal.can_redraw() && terminal.shows_progress() && !terminal.json();
        Self { terminal, live: is_live.then(|| Live::new(terminal.err())) }
    }

    /// The colours of lines.
    pub(super) fn paint(&self) -> Paint {
        self.terminal.out()
    }

    /// Says what is watched.
    pub(super) fn begin(&mut self, heading: &str) {
        if !self.terminal.quiet() {
            self.line(&text::plain(heading));
        }
    }

    /// Shows an event as what it is, where that is wanted.
    pub(super) fn event(&self, event: &Event) {
        if self.terminal.json() {
            self.terminal.result_bytes(&event_log::line(event));
        }
    }

    /// Shows one thing that happened.
    pub(super) fn line(&self, line: &str) {
        if self.terminal.json() {
            return;
        }
        let write = || self.terminal.result(&format!("{line}\n"));
        match &self.live {
            Some(live) => live.bars.suspend(write),
            None => write(),
        }
    }

    /// The project's state now.
    pub(super) fn state(&mut self, state: &RuntimeState) {
        if let Some(live) = self.live.as_mut().filter(|live| live.state != *state) {
            live.state = state.clone();
            live.draw();
        }
    }

    /// What the project holds now.
    pub(super) fn counts(&mut self, data: &StatusData, revision: u64, n_findings: usize) {
        if let Some(live) = &mut self.live {
            let assets = text::count(data.counts.registered, "asset");
            let findings = match n_findings {
                0 => "no findings".to_owned(),
                n => live.paint.severity(Severity::Error, &text::count(n as u64, "finding")),
            };
            live.counts = format!("revision {}, {assets}, {findings}", text::number(revision));
            live.draw();
        }
    }

    /// How far the build has come, in `words`.
    pub(super) fn build(&mut self, words: &str, event: &Event) {
        match &mut self.live {
            Some(live) => live.draw_build(words, event.progress.as_ref()),
            None if event.progress.as_ref().is_some_and(progress::is_waiting) => self.line(&format!("build {words}")),
            None => {}
        }
    }

    /// What came of a build.
    pub(super) fn built(&mut self, response: &Response) {
        if let Some(bar) = self.live.as_mut().and_then(|live| live.build.take()) {
            bar.finish_and_clear();
        }
        for line in outcome(response, self.paint()) {
            self.line(&line);
        }
    }

    /// Leaves the lines.
    pub(super) fn end(self) {
        if let Some(live) = self.live {
            live.now.finish_and_clear();
        }
    }
}

impl Live {
    fn new(paint: Paint) -> Self {
        let bars = MultiProgress::new();
        let style =
            ProgressStyle::with_template("{spinner} {wide_msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
        let now = bars.add(ProgressBar::new_spinner().with_style(style));
        now.enable_steady_tick(REDRAW);
        Self { bars, now, build: None, paint, state: RuntimeState::default(), counts: String::new() }
    }

    /// `healthy: revision 12, 3 assets, no findings`.
    fn draw(&self) {
        let word = text::word(&self.state.state);
        let word = match self.state.state {
            State::Healthy => self.paint.good(&word),
            State::Diverged | State::Failed => self.paint.severity(Severity::Error, &word),
            State::Committing | State::Reconciling | State::Stale => self.paint.severity(Severity::Warning, &word),
        };
        let reasons: Vec<_> = self.state.reasons.iter().map(|reason| text::plain(&reason.message)).collect();
        let because = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
        self.now.set_message(format!("{word}: {}{because}", self.counts));
    }

    fn draw_build(&mut self, words: &str, progress: Option<&Progress>) {
        let bar = self.build.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("  build {wide_msg}");
            let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            self.bars.insert_after(&self.now, bar)
        });
        bar.set_length(progress.map_or(0, |progress| progress.total));
        bar.set_position(progress.map_or(0, |progress| progress.done));
        bar.set_message(words.to_owned());
    }
}

fn outcome(response: &Response, paint: Paint) -> Vec<String> {
    let refused = paint.severity(Severity::Error, "not built");
    match (&response.data, response.status) {
        (Data::Build(data), Status::Ok) => vec![build::in_a_line(data, paint)],
        (_, Status::Blocked) => {
            let blockers = response.blockers.iter().map(|blocker| match blocker.code {
                BlockerCode::StructuralErrors => {
                    let n = text::count(response.diagnostics.len() as u64, "finding");
                    format!("{refused}: {n} in the way; waiting for a change")
                }
                _ => format!("{refused}: {} ({})", text::plain(&blocker.message), text::plain(&blocker.help)),
            });
            blockers.collect()
        }
        _ => vec![format!("{refused}: {}", text::plain(&response.summary))],
    }
}
