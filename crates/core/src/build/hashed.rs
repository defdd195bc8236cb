//! The hash of a source that is not imported now, for who wants to name its content.

use std::time::SystemTime;

use crate::fs::Fs;
use crate::snapshot::SourceFile;
use crate::value::{Cancel, ContentHash};
use crate::workspace::{FileRecord, Found, Stamp};

const CHUNK_BYTES: usize = 256 << 10;

/// What the listing is to remember of a source, read whole. What an earlier reading found in the same bytes stays. `None`
/// where it cannot be read, is not or does not stay what the snapshot knows, or it is cancelled: looked at after each chunk.
#[must_use]
pub fn hashed(fs: &dyn Fs, source: &SourceFile, before: Option<&FileRecord>, cancel: &Cancel) -> Option<FileRecord> {
    let read_at = SystemTime::now();
    let file = fs.open(&source.disk).ok().filter(|_| source.is_readable())?;
    let is_as_known = || file.stat().is_ok_and(|stat| Stamp::from(stat) == source.stamp);
    if !is_as_known() {
        return None;
    }
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; CHUNK_BYTES.min(source.stamp.size as usize + 1)];
    let mut done = 0;
    while !cancel.is_cancelled() {
        let read = file.read_at(&mut buffer, done).ok()?;
        if read == 0 {
            let hash = ContentHash::from(hasher.finalize());
            let same = before.filter(|before| before.hash == hash).map(|before| before.found.clone());
            let found = same.unwrap_or(Found::Source { auto: None, checked: None });
            let record = FileRecord::new(source.stamp, read_at, hash, found);
            return (done == source.stamp.size && is_as_known()).then_some(record);
        }
        hasher.update(&buffer[..read]);
        done += read as u64;
        if done > source.stamp.size {
            return None;
        }
    }
    None
}
