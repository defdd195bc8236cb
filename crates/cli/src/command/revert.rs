//! `packwright revert`.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use packwright::service::{
    BlockerCode, Data, GetHistory, PastOperation, Request, Response, Revert as RevertRequest, Service,
};
use packwright::value::OperationId;

use super::Ended;
use super::assets::list_assets;
use super::done::{next_with_undo, summary};
use crate::complete;
use crate::host::{Door, Host};
use crate::mutation::HowFar;
use crate::refusal::Refusal;
use crate::short_id::{meant, short};
use crate::text;

/// As many as are kept.
const ALL: u32 = 1_000;

/// Undo a past operation, exactly or not at all
///
/// What was changed since is not taken back over anybody's head: then nothing is done, and what came in between is named. A revert
/// is an operation too, and can be reverted.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright revert 3f2a91c4          as `packwright history` shows it
  packwright revert 3f2a91c4 -n       only shows what would be done
  packwright revert 3f2a91c4 --yes    without a question, where files move")]
pub(crate) struct Revert {
    /// The operation: its id, or the beginning or the end of it
    #[arg(value_name = "OPERATION_ID", add = ArgValueCompleter::new(complete::operations))]
    operation: String,
    #[command(flatten)]
    how: HowFar,
}

impl Revert {
    pub(super) fn run(self, host: &Host) -> Ended {
        let door = match host.door(Service::Revert) {
            Ok(door) => door,
            Err(error) => return Ok(host.answer(&error.into_response(Service::Revert), |_, _| {})),
        };
        let operation_id = operation(host, &door, &self.operation)?;
        let request = Request::Revert(RevertRequest { operation_id }.into());
        host.mutate_at(&door, request, &self.how, |response, _| show_reverted(host, response))
    }
}

/// The operation that a word names. An id in full goes to the service as it is.
fn operation(host: &Host, door: &Door, word: &str) -> Result<OperationId, Refusal> {
    if let Ok(id) = word.parse() {
        return Ok(id);
    }
    let listed = host.call(door, Request::GetHistory(GetHistory { limit: Some(ALL), cursor: None }));
    let past = match &listed.data {
        Data::History(history) => history.operations.as_slice(),
        _ => &[],
    };
    let ids: Vec<String> = past.iter().map(|one| one.operation_id.to_string()).collect();
    match meant(word, &ids).as_slice() {
        [one] => one.parse().map_err(|_| unknown(word)),
        [] => Err(unknown(word)),
        several => {
            let is_meant = |one: &&PastOperation| several.iter().any(|id| **id == one.operation_id.to_string());
            let names: Vec<_> = past
                .iter()
                .filter(is_meant)
                .map(|one| format!("{} ({})", short(one.operation_id), one.summary))
                .collect();
            let message = format!("`{word}` can mean {}", names.join(" or "));
            Err(Refusal::blocked(BlockerCode::Ambiguous, message, "say more of its id"))
        }
    }
}

fn unknown(word: &str) -> Refusal {
    let message = format!("no operation that is remembered has an id that begins or ends with `{}`", text::plain(word));
    Refusal::blocked(BlockerCode::NotFound, message, "`packwright history` shows what there is; give at least 4 digits")
}

pub(super) fn show_reverted(host: &Host, response: &Response) {
    summary(host, response);
    list_assets(host, &response.affected_assets);
    next_with_undo(host, response, "`packwright build`");
}
