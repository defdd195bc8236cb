//! `packwright history`.

use clap::Args;
use packwright::service::{Data, GetHistory, HistoryData, PastOperation, Request};
use packwright::value::AssetRef;

use super::Ended;
use crate::host::Host;
use crate::short_id::short;
use crate::text::{self, Table};

/// How many assets of an operation are named.
const NAMED: usize = 3;

/// List what was done, the newest first
///
/// The id is the end of the operation's id, which is enough to name it; -v and --json have all of it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright history
  packwright history --limit 3
  packwright history -v            with each step")]
pub(crate) struct History {
    /// How many to list at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

impl History {
    pub(super) fn run(self, host: &Host) -> Ended {
        let response = host.ask(Request::GetHistory(GetHistory { limit: Some(self.limit), cursor: None }));
        Ok(host.answer(&response, |_, data| {
            if let Data::History(data) = data {
                show(host, data, self.limit);
            }
        }))
    }
}

fn show(host: &Host, data: &HistoryData, limit: u32) {
    let terminal = &host.terminal;
    if data.operations.is_empty() {
        return terminal.note("nothing was done here yet, or no record of it is kept");
    }
    if terminal.verbose() {
        let full: String = data.operations.iter().map(|operation| in_full(host, operation)).collect();
        terminal.result(&full);
    } else {
        let mut table = Table::new(["ID", "WHEN", "WHAT", "ASSETS", ""]);
        for past in &data.operations {
            table.row([
                short(past.operation_id),
                text::moment(&past.at),
                past.summary.clone(),
                assets(past),
                note(past),
            ]);
        }
        terminal.result(&table.render(terminal.out()));
    }
    if data.next_cursor.is_some() {
        let more = limit.saturating_mul(5).min(1_000);
        terminal.note(&format!("there are older ones; `--limit {more}` lists more"));
    }
    terminal.next("`packwright revert ID` undoes one");
}

/// The assets it was about, the first few; nothing where the line that says what was done names the one.
fn assets(past: &PastOperation) -> String {
    let name = |asset: &AssetRef| asset.address.as_ref().map_or_else(|| asset.root.to_string(), ToString::to_string);
    let names: Vec<String> = past.affected_assets.iter().take(NAMED).map(name).collect();
    match past.affected_assets.len() {
        1 if past.summary.contains(&*past.affected_assets[0].root) || past.summary.contains(&names[0]) => String::new(),
        n if n > NAMED => format!("{} and {} more", names.join(", "), text::number((n - NAMED) as u64)),
        _ => names.join(", "),
    }
}

/// Whether it can be undone, or was.
fn note(past: &PastOperation) -> String {
    let reverts = past.reverts.map(|other| format!("undoes {}", short(other)));
    let reverted = past.reverted_by.map(|other| format!("undone by {}", short(other)));
    let irreversible = past.irreversible.then(|| "cannot be undone".to_owned());
    [reverts, reverted, irreversible].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn in_full(host: &Host, past: &PastOperation) -> String {
    let paint = host.terminal.out();
    let mut text =
        format!("{} {}  {}\n", paint.bold(&past.operation_id.to_string()), text::moment(&past.at), past.service);
    text.push_str(&format!("  {}\n", text::plain(&past.summary)));
    let note = note(past);
    if !note.is_empty() {
        text.push_str(&format!("  {note}\n"));
    }
    for line in text::actions(&past.applied_actions, true, paint).lines() {
        text.push_str(&format!("  {line}\n"));
    }
    text
}
