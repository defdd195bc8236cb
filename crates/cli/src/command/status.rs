//! `packwright status`.

use clap::Args;
use packwright::service::{Data, GetStatus, LaneData, Reason, Request, Response, StatusData, WatcherData};

use super::Ended;
use super::show::short;
use crate::answer::{is_scanned, needs_recovery};
use crate::host::Host;
use crate::text::{self, word};

/// Say how the project is
///
/// Registry and settings are read; the rest is what the last scan found, unless --barrier has all files looked at.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright status
  packwright status --barrier    as the files are now
  packwright status -v           with the events that brought the state about
  packwright -C my-game status --json")]
pub(crate) struct Status {
    /// Look at all files first
    #[arg(long)]
    barrier: bool,
}

impl Status {
    pub(super) fn run(self, host: &Host) -> Ended {
        let response = host.ask(Request::GetStatus(GetStatus { barrier: self.barrier }));
        Ok(host.answer_found(&response, |response, data| {
            if let Data::GetStatus(data) = data {
                show(host, response, data);
            }
        }))
    }
}

fn show(host: &Host, response: &Response, data: &StatusData) {
    let paint = host.terminal.out();
    let name = data.name.as_deref().unwrap_or("(no name: the settings cannot be read)");
    let mut out = format!("{} in {}\n", paint.bold(&text::plain(name)), text::plain(&data.path));
    for (fact, value) in facts(response, data, host.terminal.verbose()) {
        out.push_str(&format!("  {fact:<10}  {}\n", text::plain(&value)));
    }
    host.terminal.result(&out);
    next(host, response, data);
}

fn next(host: &Host, response: &Response, data: &StatusData) {
    let terminal = &host.terminal;
    if needs_recovery(response) {
        terminal.next("`packwright recover`");
    } else if data.counts.structural > 0 {
        terminal.next("`packwright doctor`");
    } else if data.counts.registered == 0 {
        terminal.next("`packwright register assets/*`");
    } else if data.last_build.is_none() {
        terminal.next("`packwright build`");
    } else if !is_scanned(&response.runtime_state) {
        terminal.next("`packwright status --barrier` looks at all files");
    }
}

type Fact = (&'static str, String);

fn facts(response: &Response, data: &StatusData, full: bool) -> Vec<Fact> {
    let mut facts = vec![("state", word(&response.runtime_state.state))];
    facts.extend(response.runtime_state.reasons.iter().map(|reason| ("", because(reason, full))));
    facts.extend(response.revision.map(|revision| ("revision", text::number(revision))));
    facts.extend(counted(data));
    let built = data.last_build.as_ref();
    let built = built.map(|build| format!("{}, pack {}", text::moment(&build.at), short(build.pack, false)));
    facts.push(("last build", built.unwrap_or_else(|| "none yet".to_owned())));
    facts.push(("lane", lane(&data.lane)));
    facts.push(("watcher", watcher(&data.watcher)));
    facts
}

/// `root_missing: registered folders are gone (2 assets)`.
fn because(reason: &Reason, full: bool) -> String {
    let count = reason.count.map(|n| format!(" ({})", text::count(n, "asset"))).unwrap_or_default();
    let cause = reason.cause.filter(|_| full);
    let cause = cause.map(|cause| format!(", by event {} of {}", cause.sequence, cause.operation_id));
    format!("{}: {}{count}{}", reason.code, reason.message, cause.unwrap_or_default())
}

fn counted(data: &StatusData) -> Vec<Fact> {
    let counts = &data.counts;
    let assets = format!("{} registered, {} included", text::number(counts.registered), text::number(counts.included));
    let mut facts = vec![("assets", assets)];
    if counts.unregistered > 0 {
        facts.push(("", format!("{} that no entry names", text::count(counts.unregistered, "asset root"))));
    }
    facts.push(("sources", format!("{}, {}", text::count(counts.sources, "file"), text::bytes(counts.bytes))));
    let findings = match counts.structural {
        0 => "none structural".to_owned(),
        n => format!("{} structural", text::number(n)),
    };
    facts.push(("findings", findings));
    facts
}

/// `idle`, or `build runs, 2 wait: register_asset, build`.
fn lane(lane: &LaneData) -> String {
    let running = lane.running.as_ref().map(|operation| format!("{} runs", operation.service.name()));
    let names: Vec<&str> = lane.queued.iter().map(|operation| operation.service.name()).collect();
    let queued =
        (!names.is_empty()).then(|| format!("{} wait: {}", text::number(names.len() as u64), names.join(", ")));
    let said: Vec<String> = running.into_iter().chain(queued).collect();
    if said.is_empty() { "idle".to_owned() } else { said.join(", ") }
}

fn watcher(watcher: &WatcherData) -> String {
    let word = if watcher.active { "active" } else { "off" };
    match &watcher.message {
        Some(message) => format!("{word}: {message}"),
        None => word.to_owned(),
    }
}
