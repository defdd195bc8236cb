//! `packwright watch`: what happens in a workspace, as it happens.
//!
//! It asks for two things only, how the project is and, where it is told to, builds: whatever it sees, it registers,
//! includes, excludes, removes and repairs nothing.

mod builds;
mod changes;
mod findings;
mod screen;

use std::collections::HashSet;
use std::time::Duration;

use clap::Args;
use packwright::Project;
use packwright::event::{Event, Filter, Kind, Subscription};
use packwright::service::{Data, GetStatus, Request, Response, Service, StatusData};
use packwright::value::OperationId;

use self::builds::Builds;
use self::changes::Changes;
use self::findings::Findings;
use self::screen::Screen;
use super::Ended;
use crate::host::Host;
use crate::interrupt::Interrupted;
use crate::listen::next_unless_woken;
use crate::progress;
use crate::refusal::Refusal;

/// How long to sleep where nothing is heard. A project whose settings do not read has no name and so says nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// The reason of a state in which nothing says any more what changes.
const WATCH_LOST: &str = "watch_lost";

/// Show what changes, as it changes, until Ctrl-C
///
/// Assets that appear, change or go and findings that come and clear are a line each; on a terminal the state stands below
/// them. It changes nothing but the outputs of a build, and those only with --build.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright watch
  packwright watch --build       build now and after each change
  packwright watch --json        each event of the bus as a line of JSON

Exit codes: 0 ended by Ctrl-C; 3 the workspace cannot be watched (any more).")]
pub(crate) struct Watch {
    /// Build at the start and after each change; what blocks a build is shown, and the next change waited for
    #[arg(long)]
    build: bool,
}

impl Watch {
    pub(in crate::command) fn run(self, host: &Host) -> Ended {
        let interrupted = Interrupted::wakes_this_thread();
        let events = host.bus().subscribe(Filter::all());
        let project = match host.open() {
            Ok(project) => project,
            Err(error) => return Ok(host.answer(&error.into_response(Service::GetStatus), |_, _| {})),
        };
        let mut session = Session::begin(host, project, events, self.build);
        let lost = session.run(&interrupted);
        session.end();
        // Beside what stdout has: with --json that is a line an event, and no answer.
        Ok(lost.map_or(0, |lost| lost.report_beside(&host.terminal)))
    }
}

/// One watch of one project.
struct Session<'h> {
    host: &'h Host,
    project: Project,
    events: Subscription,
    screen: Screen<'h>,
    /// What is shown of the project, and the revision of which it is.
    shown: u64,
    findings: Findings,
    changes: Changes,
    builds: Option<Builds>,
    /// The operations that have begun and not ended.
    open: HashSet<OperationId>,
}

impl<'h> Session<'h> {
    fn begin(host: &'h Host, project: Project, events: Subscription, build: bool) -> Self {
        let watcher = project.observe();
        let shown = project.snapshot().revision;
        let mut session = Self {
            host,
            project,
            events,
            screen: Screen::new(&host.terminal),
            shown,
            findings: Findings::default(),
            changes: Changes::after(shown),
            builds: build.then(Builds::default),
            open: HashSet::new(),
        };
        if watcher.active {
            let response = session.status();
            if let Data::GetStatus(data) = &response.data {
                session.screen.begin(&heading(data));
            }
            session.show(&response);
        }
        session
    }

    /// Goes on until it is interrupted, or nobody reads any more; or gives back why it cannot.
    fn run(&mut self, interrupted: &Interrupted) -> Option<Refusal> {
        while !interrupted.is_seen() && self.host.terminal.is_read() {
            if let Some(lost) = self.lost() {
                return Some(lost);
            }
            self.go_on();
            if let Some(event) = next_unless_woken(&mut self.events, PATIENCE) {
                self.hear(&event);
                self.hear_rest();
            }
        }
        None
    }

    /// Why nothing is seen any more, where that is so.
    fn lost(&self) -> Option<Refusal> {
        let state = self.project.state();
        let reason = state.reasons.into_iter().find(|reason| reason.code == WATCH_LOST)?;
        let message = format!("cannot watch {}: {}", self.project.path().display(), reason.message);
        let help = "without a watch, `packwright build` and `packwright doctor` look at all files when they are asked";
        Some(Refusal::failed(message).with_help(help))
    }

    fn hear_rest(&mut self) {
        while let Some(event) = self.events.try_next() {
            self.hear(&event);
        }
    }

    fn hear(&mut self, event: &Event) {
        self.screen.event(event);
        if event.kind == Kind::StreamGap {
            // What was missed is in the snapshot, which is read as soon as it is seen to be another.
            self.open.clear();
            self.shown = 0;
        } else if event.terminal {
            self.open.remove(&event.operation_id);
        } else {
            self.open.insert(event.operation_id);
        }
        for line in self.changes.hear(event, self.screen.paint()) {
            self.screen.line(&line);
        }
        let ours = self.builds.as_mut().filter(|builds| builds.is_running(event.operation_id));
        if let (Some(_), Some(words)) = (&ours, progress::in_words(event)) {
            self.screen.build(&words, event);
        }
        if let Some(response) = ours.filter(|_| event.terminal).and_then(Builds::ended) {
            self.built(&response);
        }
    }

    /// Shows what is published now, and builds where that is not what was built. While it is being read there is more to
    /// come.
    fn go_on(&mut self) {
        if let Some(response) = self.builds.as_mut().and_then(Builds::poll) {
            self.built(&response);
        }
        self.screen.state(&self.project.state());
        let revision = self.project.snapshot().revision;
        let build = self.builds.as_ref().and_then(Builds::running);
        let is_settled = self.open.iter().all(|open| Some(*open) == build);
        if is_settled && revision != self.shown {
            let response = self.status();
            self.show(&response);
        }
        if let Some(builds) = &mut self.builds {
            builds.follow(&self.project, revision);
        }
    }

    fn status(&self) -> Response {
        self.project.call(Request::GetStatus(GetStatus::default()))
    }

    fn show(&mut self, response: &Response) {
        let lines = self.findings.structural(&response.diagnostics, self.screen.paint());
        lines.iter().for_each(|line| self.screen.line(line));
        self.shown = response.revision.unwrap_or_default();
        if let Data::GetStatus(data) = &response.data {
            self.screen.counts(data, self.shown, self.findings.len());
        }
    }

    fn built(&mut self, response: &Response) {
        let lines = self.findings.of_build(&response.diagnostics, self.screen.paint());
        lines.iter().for_each(|line| self.screen.line(line));
        self.screen.built(response);
    }

    /// Stops the build that runs, closes the project, and hears what there is still to be said.
    fn end(mut self) {
        if let Some(builds) = &mut self.builds {
            builds.stop();
        }
        let Self { project, mut events, mut open, screen, .. } = self;
        drop(project);
        // The observer may be the last to let go of it.
        while let Some(event) = events.try_next().or_else(|| next_of_open(&mut events, &open)) {
            screen.event(&event);
            if event.terminal {
                open.remove(&event.operation_id);
            }
        }
        screen.end();
    }
}

/// The next event, while there are operations that have not ended.
fn next_of_open(events: &mut Subscription, open: &HashSet<OperationId>) -> Option<std::sync::Arc<Event>> {
    if open.is_empty() { None } else { events.next_timeout(PATIENCE) }
}

fn heading(data: &StatusData) -> String {
    let name = data.name.as_deref().unwrap_or("a workspace whose settings cannot be read");
    format!("watching {name} in {}", data.path)
}
