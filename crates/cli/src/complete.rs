//! What a shell asks while one types: it runs this program with [`VARIABLE`] set.
//!
//! What is offered comes from registry, listing, quarantine and history, as they stand: no file is looked at, no lock taken, nobody waited for. What
//! cannot be read completes nothing, and says nothing.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap_complete::engine::CompletionCandidate;
use packwright::Project;
use packwright::event::EventBus;
use packwright::service::{Data, GetHistory, ListQuarantine, Request};
use packwright::value::Address;

use crate::short_id::short;
use crate::{packer, shell_path, text};

/// The variable that makes this program complete instead of run.
pub(crate) const VARIABLE: &str = "COMPLETE";

/// How many are offered at most.
const OFFERED: usize = 1_000;

/// The addresses that begin with what was typed so far.
pub(crate) fn selectors(typed: &OsStr) -> Vec<CompletionCandidate> {
    typed.to_str().and_then(addresses).unwrap_or_default()
}

fn addresses(typed: &str) -> Option<Vec<CompletionCandidate>> {
    let snapshot = project()?.snapshot();
    let addresses = snapshot.assets.registered().filter_map(|asset| asset.address());
    let mut fitting: Vec<&Address> = addresses.filter(|address| address.as_str().starts_with(typed)).collect();
    fitting.sort_unstable();
    Some(fitting.into_iter().take(OFFERED).map(|address| CompletionCandidate::new(address.as_str())).collect())
}

/// The entries in quarantine whose ids begin with what was typed so far, each with the asset's address.
pub(crate) fn entries(typed: &OsStr) -> Vec<CompletionCandidate> {
    let found = || {
        let data = project()?.call(Request::ListQuarantine(ListQuarantine {})).data;
        let Data::Quarantine(data) = data else { return None };
        let of = |entry: packwright::service::ListedEntry| (entry.entry_id, entry.origin.to_string());
        offered(typed, data.entries.into_iter().map(of))
    };
    found().unwrap_or_default()
}

/// The operations whose ids, as the history shows them or in full, begin with what was typed so far, each with what it did.
pub(crate) fn operations(typed: &OsStr) -> Vec<CompletionCandidate> {
    let found = || {
        let history = GetHistory { limit: Some(1_000), cursor: None };
        let Data::History(data) = project()?.call(Request::GetHistory(history)).data else { return None };
        let can_be_undone = data.operations.iter().filter(|past| !past.irreversible && past.reverted_by.is_none());
        let name = |full: bool| {
            move |past: &&packwright::service::PastOperation| {
                let id = if full { past.operation_id.to_string() } else { short(past.operation_id) };
                (id, past.summary.clone())
            }
        };
        let shown = offered(typed, can_be_undone.clone().map(|past| name(false)(&past)))?;
        if shown.is_empty() { offered(typed, can_be_undone.map(|past| name(true)(&past))) } else { Some(shown) }
    };
    found().unwrap_or_default()
}

fn offered(typed: &OsStr, all: impl Iterator<Item = (String, String)>) -> Option<Vec<CompletionCandidate>> {
    let typed = typed.to_str()?;
    let fitting = all.filter(|(id, _)| id.starts_with(typed)).take(OFFERED);
    let candidate =
        |(id, what): (String, String)| CompletionCandidate::new(id).help(Some(text::plain(&what).into_owned().into()));
    Some(fitting.map(candidate).collect())
}

/// The workspace that the command being typed works in.
fn project() -> Option<Project> {
    let folder = folder_of(std::env::args_os().skip(1).collect())?;
    let workspace = shell_path::nearest_workspace(&folder)?;
    packer(EventBus::new()).build().open_unscanned(workspace).ok()
}

/// The folder that the command being typed works in: that of its `-C`, or the current one.
fn folder_of(words: Vec<std::ffi::OsString>) -> Option<PathBuf> {
    let current = std::env::current_dir().ok()?;
    let mut words = words.into_iter().skip_while(|word| word != "-C").skip(1);
    Some(words.next().map_or_else(|| current.clone(), |folder| shell_path::absolute(&current, folder.as_ref())))
}
