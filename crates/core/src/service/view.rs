//! What a service sees of a project: all of it of one moment.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::build::LastBuild;
use crate::diagnose::Findings;
use crate::fs::Fs;
use crate::snapshot::{Marks, RuntimeState, Snapshot};
use crate::value::RelPath;
use crate::workspace::{FileRecord, Listing, Stamp, layout};

/// What is known of a project at one moment. Clones are cheap.
#[derive(Clone, Default)]
pub struct View {
    /// What is known.
    pub snapshot: Snapshot,
    /// What is remembered of files.
    pub listing: Listing,
    /// What the rules find in the snapshot.
    pub findings: Arc<Findings>,
    /// What is less to be believed than the rest.
    pub marks: Marks,
    /// How far all of it is to be believed.
    pub state: RuntimeState,
    /// What the last build made.
    pub last_build: Remembered,
}

/// The record of the last build, read when it is first asked for, and again when another process has built.
#[derive(Clone, Default)]
pub struct Remembered(Arc<Mutex<Option<(Stamp, Option<Arc<LastBuild>>)>>>);

impl Remembered {
    /// The record, where there is one that reads.
    #[must_use]
    pub fn get(&self, fs: &dyn Fs) -> Option<Arc<LastBuild>> {
        let path = RelPath::literal(layout::LAST_BUILD);
        let stamp = Stamp::from(fs.stat(&path).ok()?);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*known {
            Some((read, last)) if *read == stamp => last.clone(),
            _ => {
                let last = LastBuild::load(fs, &path).map(Arc::new);
                *known = Some((stamp, last.clone()));
                last
            }
        }
    }
}

impl View {
    /// Takes in what was found out about files. What was remembered of files that are gone is forgotten now and then.
    pub fn remember(&mut self, records: Vec<(RelPath, FileRecord)>) {
        for (path, record) in records {
            self.listing.record(path, record);
        }
        let assets = &self.snapshot.assets;
        let known: usize = assets.all().map(|asset| asset.sources.len() + 1).sum();
        if self.listing.len() > known {
            let assets_dir = self.snapshot.assets_dir();
            let files = self.snapshot.tree.folders().flat_map(|(_, folder)| {
                let folder_path = assets_dir.join(&folder.disk);
                folder.nodes.iter().map(move |node| folder_path.entry(node.disk_name()))
            });
            let there: HashSet<RelPath> = files.collect();
            self.listing.retain(|path| there.contains(path));
        }
    }
}
