//! What of the cache is stale: found first, and dropped then.
//!
//! Everything is looked at before the first file goes, so that who stops it while it looks has lost nothing. Entries go
//! before blobs: what is stopped in between leaves blobs that no entry names, and no entry without its blobs.

use std::collections::HashSet;
use std::time::Duration;

use super::{Cache, Entry, key_from_hex, ns_before_now};
use crate::fs::{FsError, Stat, remove_if_present};
use crate::value::{CacheKey, ContentHash, RelPath};

/// What is in a cache, and what of it may go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Survey {
    /// Files that may go, each with its bytes.
    stale: Vec<(RelPath, u64)>,
    /// What stays.
    pub kept: Tally,
    /// Whether who was told how far it had come stopped it; then the rest was not looked at.
    pub stopped: bool,
}

/// What was dropped.
#[derive(Debug, Default)]
pub struct Dropped {
    /// What is gone.
    pub gone: Tally,
    /// What could not be removed.
    pub stuck: Tally,
    /// Why the first of those could not.
    pub first_error: Option<FsError>,
}

/// Files, and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Files.
    pub files: u64,
    /// The bytes in them.
    pub bytes: u64,
}

impl Tally {
    const fn add(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }
}

impl Cache {
    /// Finds entries that are older than `age` and that `in_use` does not know, and blobs that no other entry names and
    /// that are as old. An entry that does not read goes at any age.
    ///
    /// `go_on` is told after each file how many of all have been looked at; with `false` it stops the search.
    ///
    /// # Errors
    /// What the system says of the folders.
    pub fn survey(
        &self,
        age: Duration,
        in_use: impl Fn(&CacheKey) -> bool,
        mut go_on: impl FnMut(u64, u64) -> bool,
    ) -> Result<Survey, FsError> {
        let oldest_ns = ns_before_now(age);
        let (entries, blobs) = (self.files("entries")?, self.files("blobs")?);
        let mut survey = Survey::default();
        let mut named = HashSet::new();
        let total = (entries.len() + blobs.len()) as u64;
        let mut looked_at = 0;
        for (path, stat) in entries {
            let key = path.file_name().and_then(key_from_hex);
            let stays = stat.mtime_ns >= oldest_ns || key.is_some_and(|key| in_use(&key));
            let entry = key.filter(|_| stays).and_then(|key| self.entry(&key));
            named.extend(entry.iter().flat_map(blobs_of));
            survey.count(path, &stat, entry.is_some());
            looked_at += 1;
            if !go_on(looked_at, total) {
                return Ok(Survey { stopped: true, ..survey });
            }
        }
        for (path, stat) in blobs {
            let hash = path.file_name().and_then(key_from_hex).map(|key| ContentHash::from_bytes(*key.as_bytes()));
            let stays = stat.mtime_ns >= oldest_ns || hash.is_some_and(|hash| named.contains(&hash));
            survey.count(path, &stat, stays);
            looked_at += 1;
            if !go_on(looked_at, total) {
                return Ok(Survey { stopped: true, ..survey });
            }
        }
        Ok(survey)
    }

    /// Drops what a survey found stale, and says what it was. A file that cannot be removed stays.
    pub fn drop_stale(&self, survey: &Survey) -> Dropped {
        let mut dropped = Dropped::default();
        for (path, bytes) in &survey.stale {
            match remove_if_present(&*self.fs, path) {
                Ok(()) => dropped.gone.add(*bytes),
                Err(error) => {
                    dropped.stuck.add(*bytes);
                    dropped.first_error.get_or_insert(error);
                }
            }
        }
        dropped
    }
}

impl Survey {
    fn count(&mut self, path: RelPath, stat: &Stat, stays: bool) {
        if stays { self.kept.add(stat.size) } else { self.stale.push((path, stat.size)) }
    }
}

fn blobs_of(entry: &Entry) -> Vec<ContentHash> {
    match entry {
        Entry::Parts(parts) => parts.iter().filter_map(|part| part.blob).collect(),
        Entry::Refused(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::{RealFs, SharedFs};

    /// A cache in a folder of its own, with two entries in it, and a key of one of them.
    fn cache() -> (tempfile::TempDir, Cache, CacheKey) {
        let folder = tempfile::tempdir().expect("a folder");
        let fs: SharedFs = std::sync::Arc::new(RealFs::open(folder.path()).expect("a folder"));
        let cache = Cache::new(fs, RelPath::literal("cache"), true);
        let [one, other] = [1, 2].map(|n| CacheKey::from_bytes([n; 32]));
        for key in [&one, &other] {
            cache.keep(key, &Entry::Parts(Vec::new()));
        }
        (folder, cache, one)
    }

    #[test]
    fn what_is_in_use_stays_whatever_its_age_and_the_rest_goes() {
        let (_folder, cache, used) = cache();
        let survey = cache.survey(Duration::ZERO, |key| *key == used, |_, _| true).expect("a survey");
        assert_eq!((survey.kept.files, survey.stopped), (1, false));
        assert_eq!(cache.all_files().expect("files").len(), 2, "a survey drops nothing");
        let dropped = cache.drop_stale(&survey);
        assert_eq!((dropped.gone.files, dropped.stuck.files), (1, 0));
        assert!(cache.entry(&used).is_some() && cache.all_files().expect("files").len() == 1);
    }

    #[test]
    fn a_survey_says_how_far_it_has_come_and_can_be_stopped() {
        let (_folder, cache, _) = cache();
        let mut told = Vec::new();
        let tell = |looked_at, total| {
            told.push((looked_at, total));
            false
        };
        assert!(cache.survey(Duration::ZERO, |_| false, tell).expect("a survey").stopped);
        assert_eq!(told, [(1, 2)]);
    }
}
