//! What the mutations share when they are done: the line that says so, and how it is undone.

use packwright::plan::Nature;
use packwright::service::{Data, Response, Service};

use super::assets::list_assets;
use super::{edit, include, init, quarantine, recover, register, relocate, remove, revert};
use crate::host::Host;
use crate::short_id::short;
use crate::text;

/// What was done, in a line.
pub(super) fn summary(host: &Host, response: &Response) {
    host.terminal.result(&format!("{}\n", text::plain(&response.summary)));
}

/// Whether `revert` could undo it.
pub(super) fn is_undoable(response: &Response) -> bool {
    let actions = &response.applied_actions;
    !actions.is_empty() && actions.iter().all(|action| action.nature != Nature::Destructive)
}

/// What to do next, and how to undo what was done, where that is possible.
pub(super) fn next_with_undo(host: &Host, response: &Response, next: &str) {
    if response.has_structural() {
        host.terminal.next("put right what the findings name: until then nothing is built");
    } else {
        host.terminal.next(next);
    }
    if let Some(operation) = response.operation_id.filter(|_| is_undoable(response)) {
        host.terminal.note(&format!("undo: `packwright revert {}`", short(operation)));
    } else if response.applied_actions.iter().any(|action| action.nature == Nature::Destructive) {
        host.terminal.note("undo: there is none; what was deleted for good comes from version control or a backup");
    }
}

/// Shows what a mutation did, whichever it was.
pub(crate) fn show_done(host: &Host, response: &Response, data: &Data) {
    match response.service {
        Service::InitWorkspace => init::show(host, response, data),
        Service::RegisterAsset => register::show_registered(host, response, data),
        Service::IncludeAssetInBuild | Service::ExcludeAssetFromBuild => include::show_inclusion(host, response, data),
        Service::RemoveAsset => remove::show_removed(host, response, data),
        Service::EditAsset => edit::show_edited(host, response, data),
        Service::RelocateAsset => relocate::show_moved(host, response),
        Service::RestoreQuarantined => quarantine::show_restored(host, response),
        Service::PurgeQuarantined => quarantine::show_purged(host, response, data),
        Service::Revert => revert::show_reverted(host, response),
        Service::Recover => recover::show_recovered(host, response, data),
        _ => {
            summary(host, response);
            list_assets(host, &response.affected_assets);
        }
    }
}
