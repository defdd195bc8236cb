//! How far an operation has come, as the event bus tells it: a bar that redraws itself on a terminal, else a line at each
//! phase's end.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle, Thread};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use packwright::event::{Event, EventBus, Filter, Kind, Progress, Subscription};

use crate::terminal::Terminal;
use crate::text;

/// Shows progress from when it is started until it is dropped.
pub(crate) struct ProgressDisplay {
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl ProgressDisplay {
    /// Shows what is published on `bus` from now on.
    pub(crate) fn start(bus: &EventBus, terminal: &Terminal) -> Self {
        let subscription = bus.subscribe(Filter::all().kinds(&[Kind::ProgressUpdated]));
        let stopping = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopping);
        let display: Box<dyn Display + Send> =
            if terminal.can_redraw() { Box::new(Bar::new()) } else { Box::new(LinesAtPhaseEnds::default()) };
        let thread = thread::Builder::new().name("progress".to_owned());
        // Without a thread the operation goes on all the same, unseen.
        let thread = thread.spawn(move || show(subscription, &stop, display)).ok();
        Self { stopping, thread }
    }
}

impl Drop for ProgressDisplay {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It holds nothing that a panic of its own could have broken.
            let _ = thread.join();
        }
    }
}

/// Wakes the thread that reads the bus, as the stop does: so it neither polls nor outlives the operation.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn show(mut subscription: Subscription, stopping: &AtomicBool, mut display: Box<dyn Display + Send>) {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        // Read before the bus is: what was published before the stop is shown still.
        let last = stopping.load(Ordering::Acquire);
        match subscription.poll_next(&mut context) {
            Poll::Ready(Some(event)) => display.event(&event),
            Poll::Pending if !last => thread::park(),
            Poll::Pending | Poll::Ready(None) => break,
        }
    }
    display.end();
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

    fn begin(&mut self, progress: &Progress) {
        self.bar.finish_and_clear();
        self.bar = ProgressBar::new(0).with_style(style(progress));
        self.bar.set_message(text::plain(&progress.phase).into_owned());
        self.phase = Some(progress.phase.clone());
    }
}

impl Display for Bar {
    fn event(&mut self, event: &Event) {
        let Some(progress) = &event.progress else { return };
        if self.phase.as_ref() != Some(&progress.phase) {
            self.begin(progress);
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

/// A line when a phase is over, for logs.
#[derive(Default)]
struct LinesAtPhaseEnds {
    last: Option<(Cow<'static, str>, String)>,
}

impl LinesAtPhaseEnds {
    #[expect(clippy::print_stderr, reason = "progress goes to stderr, and there is no bar to go through")]
    fn flush(&mut self) {
        if let Some((_, summary)) = self.last.take() {
            eprintln!("{}", text::plain(&summary));
        }
    }
}

impl Display for LinesAtPhaseEnds {
    fn event(&mut self, event: &Event) {
        let Some(progress) = &event.progress else { return };
        if self.last.as_ref().is_some_and(|(phase, _)| *phase != progress.phase) {
            self.flush();
        }
        self.last = Some((progress.phase.clone(), event.summary.clone()));
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
