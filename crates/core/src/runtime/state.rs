//! How fresh a snapshot is, by what was found when it was read.

use crate::build::is_publication_unfinished;
use crate::fs::Fs;
use crate::service::{Reason, RuntimeState, State};
use crate::snapshot::{Asset, ManifestState, Snapshot};
use crate::workspace::Standing;

/// The state of a project whose workspace was just read.
pub(super) fn state_of(snapshot: &Snapshot, fs: &dyn Fs) -> RuntimeState {
    let mut reasons = Vec::new();
    let mut add = |code: &str, message: &str, count: Option<u64>| {
        reasons.push(Reason { code: code.to_owned(), message: message.to_owned(), count });
    };
    let unfinished = is_publication_unfinished(fs);
    if unfinished {
        add(
            "recovery_needed",
            "a build was stopped while it put its outputs in place; the next build finishes that",
            None,
        );
    }
    if snapshot.settings.is_err() {
        add("settings_invalid", "packwright.toml does not read", None);
    }
    if snapshot.registry.is_err() {
        add("registry_unreadable", "the registry does not read", None);
    }
    let mut about = |code: &str, message: &str, is: fn(&Asset) -> bool| {
        let n = snapshot.registered().iter().filter(|asset| is(asset)).count() as u64;
        if n > 0 {
            add(code, message, Some(n));
        }
    };
    about("root_missing", "registered folders are gone", |asset| asset.standing != Standing::Folder);
    about("manifest_missing", "registered folders have no manifest", |asset| {
        asset.standing == Standing::Folder && matches!(asset.manifest, ManifestState::Missing)
    });
    about("uuid_mismatch", "manifests have another UUID than the registry", |asset| {
        asset.manifest_uuid().is_some_and(|uuid| asset.entry.as_ref().is_some_and(|entry| entry.uuid != uuid))
    });
    let state = match (unfinished, reasons.is_empty()) {
        (true, _) => State::Failed,
        (false, false) => State::Diverged,
        (false, true) => State::Healthy,
    };
    RuntimeState { state, reasons }
}
