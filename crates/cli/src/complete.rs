//! What a shell asks while one types: it runs this program with [`VARIABLE`] set.
//!
//! Addresses come from registry and listing, as they stand: no file is looked at, no lock taken, nobody waited for. What
//! cannot be read completes nothing, and says nothing.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap_complete::engine::CompletionCandidate;
use packwright::event::EventBus;
use packwright::value::Address;

use crate::{packer, shell_path};

/// The variable that makes this program complete instead of run.
pub(crate) const VARIABLE: &str = "COMPLETE";

/// How many addresses are offered.
const OFFERED: usize = 1_000;

/// The addresses that begin with what was typed so far.
pub(crate) fn selectors(typed: &OsStr) -> Vec<CompletionCandidate> {
    typed.to_str().and_then(addresses).unwrap_or_default()
}

fn addresses(typed: &str) -> Option<Vec<CompletionCandidate>> {
    let folder = folder_of(std::env::args_os().skip(1).collect())?;
    let workspace = shell_path::nearest_workspace(&folder)?;
    let project = packer(EventBus::new()).build().open_unscanned(workspace).ok()?;
    let snapshot = project.snapshot();
    let addresses = snapshot.assets.registered().filter_map(|asset| asset.address());
    let mut fitting: Vec<&Address> = addresses.filter(|address| address.as_str().starts_with(typed)).collect();
    fitting.sort_unstable();
    Some(fitting.into_iter().take(OFFERED).map(|address| CompletionCandidate::new(address.as_str())).collect())
}

/// The folder that the command being typed works in: that of its `-C`, or the current one.
fn folder_of(words: Vec<std::ffi::OsString>) -> Option<PathBuf> {
    let current = std::env::current_dir().ok()?;
    let mut words = words.into_iter().skip_while(|word| word != "-C").skip(1);
    Some(words.next().map_or_else(|| current.clone(), |folder| shell_path::absolute(&current, folder.as_ref())))
}
