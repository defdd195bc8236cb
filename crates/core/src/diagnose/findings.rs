//! All findings of one snapshot, found once and asked for often.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Diagnostic, Severity, registered};
use crate::fs::Fs;
use crate::snapshot::Snapshot;

/// What the rules of the registered world find in one snapshot.
#[derive(Debug, Default)]
pub struct Findings {
    all: Vec<Diagnostic>,
    by_root: BTreeMap<Arc<str>, Vec<usize>>,
}

impl Findings {
    /// Runs the rules.
    #[must_use]
    pub fn of(snapshot: &Snapshot, fs: &dyn Fs) -> Self {
        let all = registered(snapshot, fs);
        let mut by_root: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        for (index, found) in all.iter().enumerate() {
            if let Some(asset) = &found.asset {
                by_root.entry(Arc::clone(&asset.root)).or_default().push(index);
            }
        }
        Self { all, by_root }
    }

    /// All of them, sorted.
    #[must_use]
    pub fn all(&self) -> &[Diagnostic] {
        &self.all
    }

    /// Those about one asset, by its root.
    pub fn of_root(&self, root: &str) -> impl Iterator<Item = &Diagnostic> {
        self.by_root.get(root).into_iter().flatten().map(|index| &self.all[*index])
    }

    /// How bad the worst about one asset is.
    #[must_use]
    pub fn worst(&self, root: &str) -> Option<Severity> {
        self.of_root(root).map(|found| found.severity).max()
    }
}
