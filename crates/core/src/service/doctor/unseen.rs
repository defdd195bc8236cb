//! What nobody could look at, where what is safe to fix depends on it.
//!
//! A doctor shows most of it as findings of its own. Who fixes some findings alone has not asked for those, and yet must not
//! say that there is nothing to fix.

use super::{Found, Wanted};
use crate::diagnose::Code;
use crate::service::{Context, FailedCheck};
use crate::snapshot::ManifestState;
use crate::value::RelPath;
use crate::workspace::{Manifest, Registry, ScanFaultKind};

/// The fixes that go by the registry.
const OF_REGISTRY: [Code; 3] = [Code::S201, Code::H302, Code::H308];
/// The fixes that go by manifests, which lie in folders.
const OF_MANIFESTS: [Code; 2] = [Code::S201, Code::H302];

/// The checks that could not run, and what else was not seen of what fixes go by.
pub(in crate::service) fn unseen(context: &Context<'_>, wanted: &Wanted, found: &Found) -> Vec<FailedCheck> {
    let snapshot = context.snapshot;
    let mut unseen = found.failed.clone();
    let mut cannot = |do_what: &str, path: &RelPath, why: &str| {
        let one = FailedCheck { check: "survey".to_owned(), message: format!("cannot {do_what} {path}: {why}") };
        if !unseen.contains(&one) {
            unseen.push(one);
        }
    };
    // One that was read and does not parse has been looked at: that it does not is what was found.
    if let Some(fault) = snapshot.registry.fault.as_ref().filter(|_| snapshot.registry.digest.is_none())
        && wanted.has_any(&OF_REGISTRY)
    {
        cannot("read", &RelPath::literal(Registry::FILE), &fault.problem().message);
    }
    if wanted.has_any(&OF_MANIFESTS) {
        let assets_dir = snapshot.assets_dir();
        if let Some(why) = &snapshot.tree_error {
            cannot("look into", &assets_dir, why);
        }
        for fault in snapshot.tree.faults() {
            if let ScanFaultKind::Unreadable(why) = &fault.kind {
                cannot("look into", &assets_dir.join(&fault.path), why);
            }
        }
        for asset in snapshot.registered().chain(snapshot.unregistered()) {
            if let (Ok(root), ManifestState::Unreadable(why)) = (&asset.root, &asset.manifest) {
                cannot("read", &assets_dir.join(root).entry(Manifest::FILE), why);
            }
        }
    }
    unseen
}
