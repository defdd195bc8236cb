//! `packwright recover`.

use clap::Args;
use packwright::service::{Data, Recover as RecoverRequest, RecoverChoice, RecoverData, Request, Response};

use super::Ended;
use super::done::summary;
use crate::answer::needs_recovery;
use crate::host::Host;
use crate::mutation::HowFar;
use crate::text;

/// End an operation that was stopped half-way, where that needs a person's word
///
/// What a crash or a full disk leaves half-done is taken back by itself when the workspace is next opened. Where somebody changed
/// what it left, nothing is touched until you say how it ends. Without --undo and --keep it only says what is unfinished.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright recover           says what is unfinished
  packwright recover --undo    takes back what can be taken back; the rest stays where it lies
  packwright recover --keep    leaves everything where it lies")]
pub(crate) struct Recover {
    /// Take back what can be taken back; the rest stays where it lies
    #[arg(long, conflicts_with = "keep")]
    undo: bool,
    /// Leave everything where it lies
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    how: HowFar,
}

impl Recover {
    pub(super) fn run(self, host: &Host) -> Ended {
        let choice = match (self.undo, self.keep) {
            (true, _) => Some(RecoverChoice::Undo),
            (_, true) => Some(RecoverChoice::Keep),
            _ => None,
        };
        let request = Request::Recover(RecoverRequest { choice }.into());
        host.mutate(request, &self.how, |response, data| show_recovered(host, response, data))
    }
}

pub(super) fn show_recovered(host: &Host, response: &Response, data: &Data) {
    let terminal = &host.terminal;
    summary(host, response);
    let Data::Recover(RecoverData { steps }) = data else { return };
    for step in steps {
        let mark = if step.undoable { "can be taken back" } else { "stays where it lies" };
        terminal.result(&format!("  {}: {} ({mark})\n", text::plain(step.path.as_str()), text::plain(&step.message)));
    }
    // Where nobody said how, nothing was done.
    if !response.applied_actions.is_empty() {
        terminal.next("`packwright doctor`");
    } else if needs_recovery(response) {
        terminal.next("`packwright recover --undo`, or `packwright recover --keep`; with `-n` each shows its plan");
    }
}
