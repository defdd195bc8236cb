//! A snapshot made from the one before is the snapshot that a fresh reading makes, whatever happened to the files.
//!
//! `PACKWRIGHT_HISTORIES=1000 cargo test -p packwright --test it reading` runs more histories.

mod aged;
pub(crate) mod disk;
pub(crate) mod same;
mod single;

use packwright::fs::{Fs, RealFs};
use packwright::importer::ImporterSet;
use packwright::service::Status;
use packwright::snapshot::{Changes, Dirty, Reader, Snapshot};
use packwright::value::{OperationId, RelPath};
use packwright::workspace::{Listing, Scanned};
use packwright_testkit::Tree;
use proptest::prelude::*;
use serde_json::json;

use crate::{call, packer, reopen};
use aged::Aged;
use disk::{Disk, step};
use same::{assert_changes, assert_findings, assert_same, assert_shared};

/// A workspace that is read again and again, each time from what was known before.
struct Known {
    disk: Disk,
    fs: Box<dyn Fs>,
    importers: ImporterSet,
    snapshot: Snapshot,
    listing: Listing,
}

impl Known {
    /// Where `is_aged`, no file looks as if it was changed just now, so that what is remembered of it is believed.
    fn new(is_aged: bool) -> Self {
        let disk = Disk::new(is_aged);
        let files = RealFs::open(disk.tree.path()).expect("a folder");
        let fs: Box<dyn Fs> = if is_aged { Box::new(Aged(files)) } else { Box::new(files) };
        let importers = packwright_importers::standard();
        let listing = Listing::new(importers.fingerprint());
        let mut known = Self { disk, fs, importers, snapshot: Snapshot::default(), listing };
        known.read(&Dirty::everything());
        known.disk.registry_is_seen();
        known
    }

    fn reader(&self) -> Reader<'_> {
        Reader { fs: &*self.fs, importers: &self.importers }
    }

    fn read(&mut self, dirty: &Dirty) -> (Snapshot, Changes) {
        let reading = self.reader().read(&self.snapshot, &self.listing, dirty);
        self.listing = reading.listing;
        let before = std::mem::replace(&mut self.snapshot, reading.snapshot);
        (before, reading.changes)
    }

    /// What somebody finds who has never seen the workspace.
    fn fresh(&self) -> Snapshot {
        self.reader().open(&Listing::new(self.importers.fingerprint())).snapshot
    }

    /// The same, if the registry were still the last that read.
    fn fresh_with_last_registry(&self) -> Snapshot {
        self.disk.with_last_registry(|| self.fresh())
    }

    /// Looks where something changed, and compares with all that a fresh reading finds.
    fn catch_up(&mut self, hints: &Dirty) {
        let (before, changes) = self.read(hints);
        let fresh = self.fresh();
        let now = &self.snapshot;
        assert_eq!((&now.registry.digest, &now.registry.fault), (&fresh.registry.digest, &fresh.registry.fault));
        let is_held = now.registry.fault.is_some();
        if !is_held {
            self.disk.registry_is_seen();
        }
        let expected = if is_held { self.fresh_with_last_registry() } else { fresh };
        assert_same(now, &expected);
        assert_changes(&before, now, &changes);
        assert_shared(&before, now);
        let others = (!is_held).then_some(&expected);
        assert_findings(now, others, &*self.fs);
        let (again, changes) = self.read(hints);
        assert_eq!((again.revision, changes), (self.snapshot.revision, Changes::default()), "a second look");
    }

    /// Writes the listing down, and starts from it without a look at the assets.
    fn assert_recalled(&self) {
        let (Some(settings), None) = (self.snapshot.setting.digest, &self.snapshot.tree_error) else { return };
        let scanned = Scanned { settings, tree: self.snapshot.tree.clone() };
        let path = RelPath::literal("listing");
        self.listing.store(&*self.fs, &path, &scanned, OperationId::mint()).expect("it is written");
        let (listing, scanned) = Listing::load(&*self.fs, &path, self.importers.fingerprint());
        let recalled = self.reader().recall(&listing, &scanned.expect("what was written"));
        assert_same(&recalled.expect("by the same settings").snapshot, &self.fresh());
    }
}

fn n_histories() -> u32 {
    std::env::var("PACKWRIGHT_HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: n_histories(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn svc_2_a_snapshot_made_from_the_one_before_is_the_one_that_a_fresh_reading_makes(
        is_aged in any::<bool>(),
        turns in proptest::collection::vec((proptest::collection::vec(step(), 1..4), any::<u8>()), 3..16),
    ) {
        let mut known = Known::new(is_aged);
        for (steps, noise) in turns {
            let before = known.disk.look();
            steps.iter().for_each(|step| known.disk.take(step));
            let hints = known.disk.hints(&before, noise);
            known.catch_up(&hints);
            known.assert_recalled();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: n_histories() / 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn svc_5_what_is_published_after_a_commit_is_what_a_fresh_reading_makes(
        turns in proptest::collection::vec((proptest::collection::vec(step(), 0..4), 0..4u8, 0..8usize), 3..8),
    ) {
        let disk = Disk::new(false);
        let project = reopen(&disk.tree);
        let mut disk = disk;
        for (steps, service, folder) in turns {
            steps.iter().for_each(|step| disk.take(step));
            let root = disk::FOLDERS[folder];
            let request = match service {
                0 | 1 => json!({"service": "register_asset", "roots": [root], "as_copy": service == 1}),
                2 => json!({"service": "exclude_asset_from_build", "selectors": ["*", "**"]}),
                _ => json!({"service": "remove_asset", "selectors": [format!("root:{root}")]}),
            };
            let response = call(&project, &request.to_string());
            prop_assert!(matches!(response.status, Status::Ok | Status::Blocked), "{}", response.summary);
            let now = project.snapshot();
            if now.registry.fault.is_none() {
                let (fs, fresh) = (RealFs::open(disk.tree.path()).expect("a folder"), fresh(&disk.tree));
                assert_same(&now, &fresh);
                assert_findings(&now, Some(&fresh), &fs);
            }
        }
    }
}

/// What a packer of its own finds that opens the workspace now.
pub(crate) fn fresh(tree: &Tree) -> Snapshot {
    packer().0.open(tree.path()).expect("a workspace").snapshot()
}
