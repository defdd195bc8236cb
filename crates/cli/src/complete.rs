//! What a shell asks while one types: it runs this program with [`VARIABLE`] set.
//!
//! Addresses come from the cheap read that `list` makes, which takes no lock and waits for nobody; what cannot be read
//! completes nothing, and says nothing.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap_complete::engine::CompletionCandidate;
use packwright::event::EventBus;
use packwright::service::{Data, ListAssets, ListFilter, Request};

use crate::{packer, shell_path};

/// The variable that makes this program complete instead of run.
pub(crate) const VARIABLE: &str = "COMPLETE";

/// How many addresses are offered.
const OFFERED: u32 = 1_000;

/// The addresses that contain what was typed so far.
pub(crate) fn selectors(typed: &OsStr) -> Vec<CompletionCandidate> {
    typed.to_str().and_then(addresses).unwrap_or_default()
}

fn addresses(typed: &str) -> Option<Vec<CompletionCandidate>> {
    let folder = folder_of(std::env::args_os().skip(1).collect())?;
    let workspace = shell_path::nearest_workspace(&folder)?;
    let project = packer(EventBus::new()).build().open(workspace).ok()?;
    let filter = ListFilter { registered: Some(true), text: Some(typed.to_owned()), ..ListFilter::default() };
    let request = ListAssets { filter, limit: Some(OFFERED), ..ListAssets::default() };
    let Data::ListAssets(found) = project.call(Request::ListAssets(request)).data else { return None };
    let addresses = found.assets.into_iter().filter_map(|asset| asset.address);
    Some(addresses.filter(|a| a.as_str().starts_with(typed)).map(|a| CompletionCandidate::new(a.as_str())).collect())
}

/// The folder that the command being typed works in: that of its `-C`, or the current one.
fn folder_of(words: Vec<std::ffi::OsString>) -> Option<PathBuf> {
    let current = std::env::current_dir().ok()?;
    let mut words = words.into_iter().skip_while(|word| word != "-C").skip(1);
    Some(words.next().map_or_else(|| current.clone(), |folder| shell_path::absolute(&current, folder.as_ref())))
}
