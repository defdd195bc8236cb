//! `packwright status`.

use clap::Args;
use packwright::service::{Data, GetStatus, Request, Response, StatusData};

use super::Ended;
use super::show::short;
use crate::host::Host;
use crate::text::{self, word};

/// Say how the project is
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright status
  packwright -C my-game status --json")]
pub(crate) struct Status {}

impl Status {
    pub(super) fn run(self, host: &Host) -> Ended {
        let response = host.ask(Request::GetStatus(GetStatus::default()));
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
    for (fact, value) in facts(response, data) {
        out.push_str(&format!("  {fact:<10}  {}\n", text::plain(&value)));
    }
    host.terminal.result(&out);
    if data.counts.structural > 0 {
        host.terminal.next("`packwright doctor`");
    } else if data.counts.registered == 0 {
        host.terminal.next("`packwright register assets/*`");
    } else if data.last_build.is_none() {
        host.terminal.next("`packwright build`");
    }
}

fn facts(response: &Response, data: &StatusData) -> Vec<(&'static str, String)> {
    let counts = &data.counts;
    let mut facts = vec![("state", word(&response.runtime_state.state))];
    facts.extend(response.runtime_state.reasons.iter().map(|reason| ("", reason.message.clone())));
    let assets = format!("{} registered, {} included", text::number(counts.registered), text::number(counts.included));
    facts.push(("assets", assets));
    if counts.unregistered > 0 {
        facts.push(("", format!("{} that no entry names", text::count(counts.unregistered, "asset root"))));
    }
    facts.push(("sources", format!("{}, {}", text::count(counts.sources, "file"), text::bytes(counts.bytes))));
    facts.push((
        "findings",
        match counts.structural {
            0 => "none structural".to_owned(),
            n => format!("{} structural", text::number(n)),
        },
    ));
    facts.push((
        "last build",
        match &data.last_build {
            Some(build) => format!("{}, pack {}", text::moment(&build.at), short(build.pack, false)),
            None => "none yet".to_owned(),
        },
    ));
    if let Some(running) = &data.lane.running {
        facts.push(("running", format!("{}, {} waiting", running.service.name(), data.lane.queued.len())));
    }
    facts
}
