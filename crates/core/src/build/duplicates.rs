//! Sources with the same bytes: by size, then by the hash of their head, then by the hash of all bytes.
//!
//! A source whose size no other has is not opened, one whose head no other has is read no further, and one whose hash the
//! listing knows under a stamp to be believed is not read. What changes or goes meanwhile is left out.

use std::collections::HashMap;

use rayon::prelude::*;

use super::steps::Steps;
use crate::diagnose::hygiene::SameBytes;
use crate::event::Reporter;
use crate::fs::{Fs, ReadFile};
use crate::snapshot::{Asset, Snapshot, SourceFile};
use crate::value::{Cancel, ContentHash};
use crate::workspace::{Listing, Stamp};

/// How much of a file its head is. Shorter ones are known whole by it.
const HEAD_BYTES: u64 = 16 << 10;
const CHUNK_BYTES: u64 = 256 << 10;

/// What tells the bytes of a source.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Known {
    /// All of them.
    Whole(ContentHash),
    /// The first of them.
    Head(ContentHash),
}

type Candidate<'a> = (&'a Asset, &'a SourceFile);

/// The groups of sources, registered or not, that have the same bytes; empty ones left out. By path, each group by path.
#[must_use]
pub fn same_bytes<'a>(
    fs: &dyn Fs,
    snapshot: &'a Snapshot,
    listing: &Listing,
    voice: (&Reporter, &Cancel),
) -> Vec<SameBytes<'a>> {
    let candidates = of_a_size(snapshot);
    let steps = Steps::new(voice, "heads", candidates.len());
    let heads = candidates.into_par_iter().filter_map(|one| {
        let known = if steps.go_on() { head(fs, listing, one.1) } else { None };
        steps.step();
        Some((one, known?))
    });
    let mut heads: Vec<(Candidate<'a>, Known)> = heads.collect();
    let is_mixed = sizes_of_both_kinds(&heads);
    let mut n_alike: HashMap<(u64, Known), u32> = HashMap::new();
    for (one, known) in &heads {
        *n_alike.entry((one.1.stamp.size, *known)).or_default() += 1;
    }
    // Beside one that is known whole, a head tells nothing: there all are read.
    heads.retain(|(one, known)| {
        let size = one.1.stamp.size;
        n_alike[&(size, *known)] > 1 || is_mixed.contains(&size)
    });
    let unread = heads.iter().filter(|(_, known)| matches!(known, Known::Head(_))).count();
    let steps = Steps::new(voice, "duplicates", unread);
    let whole = heads.into_par_iter().filter_map(|(one, known)| match known {
        Known::Whole(hash) => Some((one, hash)),
        Known::Head(_) => {
            let hash = if steps.go_on() { hash_of(fs, one.1, u64::MAX) } else { None };
            steps.step();
            Some((one, hash?))
        }
    });
    grouped(whole.collect())
}

/// The sources whose size another has too; each file once, whatever assets claim it.
fn of_a_size(snapshot: &Snapshot) -> Vec<Candidate<'_>> {
    let assets = snapshot.registered().filter(|asset| asset.nth == 0).chain(snapshot.unregistered());
    let sources = assets.flat_map(|asset| asset.sources.iter().map(move |source| (&**asset, source)));
    let mut all: Vec<Candidate<'_>> =
        sources.filter(|(_, source)| source.is_readable() && source.stamp.size > 0).collect();
    all.sort_unstable_by(|a, b| (a.1.stamp.size, &a.1.disk).cmp(&(b.1.stamp.size, &b.1.disk)));
    all.dedup_by(|a, b| a.1.disk == b.1.disk);
    let of_one_size = all.chunk_by(|a, b| a.1.stamp.size == b.1.stamp.size);
    of_one_size.filter(|group| group.len() > 1).flatten().copied().collect()
}

/// The sizes of which some are known whole and some by their heads.
fn sizes_of_both_kinds(heads: &[(Candidate<'_>, Known)]) -> std::collections::HashSet<u64> {
    let mut kinds: HashMap<u64, (bool, bool)> = HashMap::new();
    for (one, known) in heads {
        let kinds = kinds.entry(one.1.stamp.size).or_default();
        match known {
            Known::Whole(_) => kinds.0 = true,
            Known::Head(_) => kinds.1 = true,
        }
    }
    kinds.into_iter().filter(|(_, kinds)| *kinds == (true, true)).map(|(size, _)| size).collect()
}

fn head(fs: &dyn Fs, listing: &Listing, source: &SourceFile) -> Option<Known> {
    if let Some(record) = listing.known(&source.disk, &source.stamp) {
        return Some(Known::Whole(record.hash));
    }
    let hash = hash_of(fs, source, HEAD_BYTES)?;
    Some(if source.stamp.size <= HEAD_BYTES { Known::Whole(hash) } else { Known::Head(hash) })
}

/// The hash of the first `most` bytes; `None` where the file is not, or not any more, what the snapshot knows.
fn hash_of(fs: &dyn Fs, source: &SourceFile, most: u64) -> Option<ContentHash> {
    let file = fs.open(&source.disk).ok()?;
    let is_as_known = |file: &dyn ReadFile| file.stat().is_ok_and(|stat| Stamp::from(stat) == source.stamp);
    if !is_as_known(&*file) {
        return None;
    }
    let end = source.stamp.size.min(most);
    let mut buffer = vec![0; end.min(CHUNK_BYTES) as usize];
    let mut hasher = blake3::Hasher::new();
    let mut done = 0;
    while done < end {
        let wanted = (end - done).min(CHUNK_BYTES) as usize;
        let read = file.read_at(&mut buffer[..wanted], done).ok().filter(|read| *read > 0)?;
        hasher.update(&buffer[..read]);
        done += read as u64;
    }
    // Of a head it does not matter what came after: the whole is still to be read.
    let is_whole = end == source.stamp.size;
    (!is_whole || is_as_known(&*file)).then(|| ContentHash::from(hasher.finalize()))
}

fn grouped(mut whole: Vec<(Candidate<'_>, ContentHash)>) -> Vec<SameBytes<'_>> {
    let key = |(one, hash): &(Candidate<'_>, ContentHash)| (one.1.stamp.size, *hash);
    whole.sort_unstable_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.0.1.disk.cmp(&b.0.1.disk)));
    let groups = whole.chunk_by(|a, b| key(a) == key(b)).filter(|group| group.len() > 1);
    let mut made: Vec<SameBytes<'_>> = groups.filter_map(group_of).collect();
    made.sort_unstable_by(|a, b| a.members[0].1.disk.cmp(&b.members[0].1.disk));
    made
}

fn group_of<'a>(group: &[(Candidate<'a>, ContentHash)]) -> Option<SameBytes<'a>> {
    let ((_, source), hash) = *group.first()?;
    let members = group.iter().map(|(one, _)| *one).collect();
    Some(SameBytes { hash, size: source.stamp.size, members })
}
