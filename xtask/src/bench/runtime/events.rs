//! Events: how fast they are published, and how soon after a change on disk they come.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use packwright::Project;
use packwright::event::{EventBus, Filter, Kind, Notice, Reporter};
use packwright::service::{GetStatus, Request};
use packwright::value::{OperationId, ProjectId};

use super::super::report::{median, shown};
use super::{Host, Table, ask, timed};
use crate::bare;
use crate::failure::{Doing, Failure, Outcome};

/// How long the observer waits for more before it looks.
const QUIET: Duration = Duration::from_millis(100);

pub(super) fn measure(host: &Host, project: &Project, rounds: usize) -> Outcome<Table> {
    let mut table = Table::new("Events and observation", &["work", "median", "bar"]);
    let mut rates = (0..rounds).map(|_| publication(project)).collect::<Outcome<Vec<f64>>>()?;
    rates.sort_by(f64::total_cmp);
    let rate = rates.get(rates.len() / 2).map(|rate| format!("{rate:.0} a second")).unwrap_or_default();
    table.row(["publication, ten subscribers, one of them asleep".into(), rate, "100,000 a second".into()]);
    let heard = (0..rounds).map(|round| change(host, project, round)).collect::<Outcome<Vec<Duration>>>()?;
    let beyond: Vec<Duration> = heard.iter().map(|took| took.saturating_sub(QUIET)).collect();
    table.row(["a changed file to its `asset_changed`".into(), shown(median(&heard)), String::new()]);
    table.row(["of that, beyond the 100 ms of quiet".into(), shown(median(&beyond)), String::new()]);
    let (mut barriers, mut walks) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        walks.push(timed(|| bare::walk(&host.assets()))?.0);
        barriers.push(timed(|| ask(project, Request::GetStatus(GetStatus { barrier: true })))?.0);
    }
    table.row(["a barrier".into(), shown(median(&barriers)), String::new()]);
    table.row(["bare parallel walk, `statx`".into(), shown(median(&walks)), String::new()]);
    Ok(table)
}

/// Events a second that one operation publishes.
fn publication(project: &Project) -> Outcome<f64> {
    const EVENTS: u32 = 200_000;
    let id = project.id().ok_or_else(|| Failure::new("the project has no id"))?;
    let bus = EventBus::new();
    let _asleep = bus.subscribe(Filter::all());
    let done = AtomicBool::new(false);
    let took = std::thread::scope(|scope| {
        for _ in 0..9 {
            let mut awake = bus.subscribe(Filter::all());
            scope.spawn({
                let done = &done;
                move || {
                    while awake.next_timeout(Duration::from_millis(20)).is_some() || !done.load(Ordering::Relaxed) {}
                }
            });
        }
        let took = publish(&bus, id, EVENTS);
        done.store(true, Ordering::Relaxed);
        took
    });
    Ok(f64::from(EVENTS) / took.as_secs_f64())
}

fn publish(bus: &Arc<EventBus>, project: ProjectId, n_events: u32) -> Duration {
    let reporter = Reporter::new(Arc::clone(bus), project, OperationId::mint());
    let start = Instant::now();
    for _ in 0..n_events {
        reporter.emit(Notice::new(Kind::DiagnosticsUpdated, "nothing is wrong"));
    }
    start.elapsed()
}

/// The time from the change of one file to the event that says so.
fn change(host: &Host, project: &Project, round: usize) -> Outcome<Duration> {
    let id = project.id().ok_or_else(|| Failure::new("the project has no id"))?;
    let root = project.snapshot().registered().nth(7).map(|asset| asset.root_text.to_string()).unwrap_or_default();
    let file = host.assets().join(root).join("words.txt");
    let mut events = host.bus.subscribe(Filter::project(id).kinds(&[Kind::AssetChanged]));
    let (took, heard) = timed(|| {
        std::fs::write(&file, format!("changed {round} {:?}\n", Instant::now()))
            .doing(|| format!("writing {}", file.display()))?;
        Ok(events.next_timeout(Duration::from_secs(30)))
    })?;
    heard.map(|_| took).ok_or_else(|| Failure::new("nobody told of the change"))
}
