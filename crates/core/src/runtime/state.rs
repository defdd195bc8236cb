//! How fresh what is published is: what its own facts say, and what marks say of them.

use crate::event::{Cause, payload::RuntimeStateChanged};
use crate::snapshot::{Asset, ManifestState, Mark, Marks, Reason, RuntimeState, Scope, Snapshot, State};
use crate::workspace::Standing;

/// The mark of a project that was opened without a scan.
pub(super) const NOT_SCANNED: &str = "not_scanned";
/// The mark of what the system says may have changed.
pub(super) const CHANGED: &str = "changed_on_disk";
/// The mark of a project of which the system lost count what changed.
pub(super) const OVERFLOW: &str = "watch_overflow";
/// The mark of a project that is being read.
pub(super) const READING: &str = "reading";
/// The mark of a mutation that is being made durable.
pub(super) const COMMITTING: &str = "committing";
/// The mark of a workspace in which something was stopped half-way.
pub(super) const RECOVERY_NEEDED: &str = "recovery_needed";
/// The mark of a commit whose durability is in doubt.
pub(super) const INDETERMINATE: &str = "commit_indeterminate";
/// The mark of a workspace that another process is putting outputs into.
pub(super) const ANOTHER_COMMITS: &str = <RuntimeStateChanged>::ANOTHER_COMMITS;
/// The mark of a project whose host wants it observed, and that nothing observes.
pub(super) const WATCH_LOST: &str = "watch_lost";

/// The state of a project. A reason that stood before keeps its cause; a new one has this.
pub(super) fn of(snapshot: &Snapshot, marks: &Marks, before: &RuntimeState, cause: Option<Cause>) -> RuntimeState {
    let mut reasons = Vec::new();
    let mut state = State::Healthy;
    for mark in &marks.0 {
        state = state.max(mark.state);
        let count = mark.reason.count.or_else(|| mark.scope.count(&snapshot.assets));
        reasons.push(Reason { count, ..mark.reason.clone() });
    }
    let facts = facts(snapshot);
    if !facts.is_empty() {
        state = state.max(State::Diverged);
    }
    reasons.extend(facts);
    for reason in &mut reasons {
        let known = before.reasons.iter().find(|known| known.code == reason.code);
        reason.cause = reason.cause.or_else(|| known.map_or(cause, |known| known.cause));
    }
    RuntimeState { state, reasons }
}

/// What is so on disk, and reading again does not settle.
fn facts(snapshot: &Snapshot) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if snapshot.settings().is_err() {
        reasons.push(Reason::new("settings_invalid", "packwright.toml does not read"));
    }
    if snapshot.registry.fault.is_some() {
        let message = "the registry does not read; what is registered is served as it last read";
        reasons.push(Reason::new("registry_unreadable", message));
    }
    let mut about = |code: &str, message: &str, is: fn(&Asset) -> bool| {
        let count = snapshot.assets.odd().filter(|asset| is(asset)).count() as u64;
        if count > 0 {
            reasons.push(Reason { count: Some(count), ..Reason::new(code, message) });
        }
    };
    about("root_missing", "registered folders are gone", |asset| asset.standing != Standing::Folder);
    about("manifest_missing", "registered folders have no manifest", |asset| {
        asset.standing == Standing::Folder && matches!(asset.manifest, ManifestState::Missing)
    });
    about("uuid_mismatch", "manifests have another UUID than the registry", |asset| {
        asset.manifest_uuid().is_some_and(|uuid| asset.entry.as_ref().is_some_and(|entry| entry.uuid != uuid))
    });
    reasons
}

pub(super) fn not_scanned() -> Mark {
    let message = "the files were not looked at; this is what the last scan found";
    Mark { state: State::Stale, scope: Scope::Everything, reason: Reason::new(NOT_SCANNED, message) }
}

pub(super) fn changed(scope: Scope) -> Mark {
    let message = "files may have changed and have not been looked at yet";
    Mark { state: State::Stale, scope, reason: Reason::new(CHANGED, message) }
}

pub(super) fn overflow() -> Mark {
    let message = "more files changed at once than the system could report; all of them are read again";
    Mark { state: State::Stale, scope: Scope::Everything, reason: Reason::new(OVERFLOW, message) }
}

pub(super) fn reading(scope: Scope, cause: Option<Cause>) -> Mark {
    let reason = Reason { cause, ..Reason::new(READING, "the workspace is being read again") };
    Mark { state: State::Reconciling, scope, reason }
}

pub(super) fn committing(scope: Scope, cause: Option<Cause>) -> Mark {
    let reason = Reason { cause, ..Reason::new(COMMITTING, "a change is being made durable") };
    Mark { state: State::Committing, scope, reason }
}

pub(super) fn recovery_needed(why: impl Into<String>) -> Mark {
    Mark { state: State::Failed, scope: Scope::Project, reason: Reason::new(RECOVERY_NEEDED, why) }
}

/// A build that nobody has finished.
pub(super) fn publication_unfinished() -> Mark {
    recovery_needed("a build was stopped while it put its outputs in place; the next command that writes finishes that")
}

pub(super) fn another_commits() -> Mark {
    let message = "another process is putting its outputs in place";
    Mark { state: State::Committing, scope: Scope::Project, reason: Reason::new(ANOTHER_COMMITS, message) }
}

pub(super) fn watch_lost(why: String) -> Mark {
    Mark { state: State::Stale, scope: Scope::Everything, reason: Reason::new(WATCH_LOST, why) }
}

pub(super) fn indeterminate(cause: Option<Cause>) -> Mark {
    let message = "the last change was made, and cannot be proven to outlive a power cut";
    let reason = Reason { cause, ..Reason::new(INDETERMINATE, message) };
    Mark { state: State::Failed, scope: Scope::Project, reason }
}
