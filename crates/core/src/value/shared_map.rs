//! A sorted map whose clones are cheap and share what they have in common.
//!
//! Two levels: a spine of chunks, each behind an [`Arc`]. A clone copies one pointer; the first edit of a clone copies
//! the spine, and each edit the one chunk it falls into, so that a map of a hundred thousand entries is edited in
//! microseconds while older clones stay as they were.

use std::borrow::Borrow;
use std::sync::Arc;

/// Entries a chunk holds at most; it is cut in two when it grows past that.
const CHUNK: usize = 256;

/// A sorted map, cheap to clone and to edit.
#[derive(Debug)]
pub struct SharedMap<K, V> {
    /// None is empty; their keys ascend.
    chunks: Arc<Vec<Chunk<K, V>>>,
    len: usize,
}

type Chunk<K, V> = Arc<Vec<(K, V)>>;

impl<K, V> Clone for SharedMap<K, V> {
    fn clone(&self) -> Self {
        Self { chunks: Arc::clone(&self.chunks), len: self.len }
    }
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self { chunks: Arc::default(), len: 0 }
    }
}

impl<K, V> SharedMap<K, V> {
    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The entries, by key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.chunks.iter().flat_map(|chunk| chunk.iter()).map(|(key, value)| (key, value))
    }

    /// The keys, ascending.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The values, by key.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }

    /// The entries in runs of some hundreds, for work in parallel.
    pub fn runs(&self) -> impl ExactSizeIterator<Item = &[(K, V)]> {
        self.chunks.iter().map(|chunk| chunk.as_slice())
    }

    /// Whether two maps are one and the same, or were never edited since one was cloned from the other.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.chunks, &other.chunks)
    }
}

impl<K: Ord, V> SharedMap<K, V> {
    /// A map of entries that come sorted, each key once.
    ///
    /// # Panics
    /// Where they do not.
    #[must_use]
    pub fn from_sorted(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        // Not full, so that the first edits need not cut.
        const FILL: usize = CHUNK / 4 * 3;
        let (mut chunks, mut len) = (Vec::new(), 0);
        let mut chunk: Vec<(K, V)> = Vec::new();
        for entry in entries {
            assert!(chunk.last().is_none_or(|last| last.0 < entry.0), "BUG: entries of a map that are not sorted");
            if chunk.len() == FILL {
                let full = std::mem::replace(&mut chunk, Vec::with_capacity(FILL));
                chunks.push(Arc::new(full));
            }
            chunk.push(entry);
            len += 1;
        }
        if !chunk.is_empty() {
            chunks.push(Arc::new(chunk));
        }
        Self { chunks: Arc::new(chunks), len }
    }

    /// The value of a key.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let chunk = &self.chunks[self.chunk_of(key)?];
        let index = chunk.binary_search_by(|(other, _)| other.borrow().cmp(key)).ok()?;
        Some(&chunk[index].1)
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// The entries from `key` on, by key.
    pub fn from<'m, Q: Ord + ?Sized>(&'m self, key: &Q) -> impl Iterator<Item = (&'m K, &'m V)> + use<'m, K, V, Q>
    where
        K: Borrow<Q>,
    {
        let first = self.chunk_of(key).unwrap_or(0);
        let skipped =
            self.chunks.get(first).map_or(0, |chunk| chunk.partition_point(|(other, _)| other.borrow() < key));
        let chunks = self.chunks[first.min(self.chunks.len())..].iter();
        chunks.flat_map(|chunk| chunk.iter()).skip(skipped).map(|(key, value)| (key, value))
    }

    /// How many keys come before `key`.
    #[must_use]
    pub fn rank<Q: Ord + ?Sized>(&self, key: &Q) -> usize
    where
        K: Borrow<Q>,
    {
        let Some(at) = self.chunk_of(key) else { return 0 };
        let before: usize = self.chunks[..at].iter().map(|chunk| chunk.len()).sum();
        before + self.chunks[at].partition_point(|(other, _)| other.borrow() < key)
    }

    /// The last chunk that begins at `key` or before it: the one that holds it, if any does.
    fn chunk_of<Q: Ord + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.chunks.partition_point(|chunk| chunk[0].0.borrow() <= key).checked_sub(1)
    }
}

impl<K: Ord + Clone, V: Clone> SharedMap<K, V> {
    /// Sets the value of a key; gives back the one it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let at = self.chunk_of(&key).unwrap_or(0);
        let chunks = Arc::make_mut(&mut self.chunks);
        let Some(shared) = chunks.get_mut(at) else {
            chunks.push(Arc::new(vec![(key, value)]));
            self.len = 1;
            return None;
        };
        let chunk = Arc::make_mut(shared);
        match chunk.binary_search_by(|(other, _)| other.cmp(&key)) {
            Ok(index) => return Some(std::mem::replace(&mut chunk[index].1, value)),
            Err(index) => chunk.insert(index, (key, value)),
        }
        self.len += 1;
        if chunk.len() > CHUNK {
            let upper = chunk.split_off(CHUNK / 2);
            chunks.insert(at + 1, Arc::new(upper));
        }
        None
    }

    /// Takes a key out; gives back its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let at = self.chunk_of(key)?;
        let index = self.chunks[at].binary_search_by(|(other, _)| other.borrow().cmp(key)).ok()?;
        let chunks = Arc::make_mut(&mut self.chunks);
        let chunk = Arc::make_mut(&mut chunks[at]);
        let (_, value) = chunk.remove(index);
        if chunk.is_empty() {
            chunks.remove(at);
        }
        self.len -= 1;
        Some(value)
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for SharedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for SharedMap<K, V> {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn of(keys: impl IntoIterator<Item = u32>) -> SharedMap<u32, u32> {
        SharedMap::from_sorted(keys.into_iter().map(|key| (key, key)))
    }

    #[test]
    fn a_clone_stays_as_it_was_when_the_other_is_edited() {
        let mut map = of(0..1000);
        let before = map.clone();
        assert_eq!(map.insert(500, 0), Some(500));
        assert_eq!(map.remove(&7), Some(7));
        assert_eq!((before.get(&500), before.get(&7), before.len()), (Some(&500), Some(&7), 1000));
        assert_eq!((map.get(&500), map.get(&7), map.len()), (Some(&0), None, 999));
    }

    #[test]
    fn an_edit_copies_no_chunk_but_its_own() {
        let map = of(0..10_000);
        let mut edited = map.clone();
        edited.insert(5_000, 1);
        let shared = map.chunks.iter().filter(|chunk| edited.chunks.iter().any(|other| Arc::ptr_eq(chunk, other)));
        assert_eq!(shared.count(), map.chunks.len() - 1);
    }

    proptest! {
        #[test]
        fn it_does_what_a_sorted_map_does(
            start in proptest::collection::btree_set(0u32..2000, 0..1200),
            edits in proptest::collection::vec((0u32..2000, any::<bool>()), 0..400),
        ) {
            let mut model: BTreeMap<u32, u32> = start.iter().map(|key| (*key, *key)).collect();
            let mut map = of(start);
            for (n, (key, put)) in (0..).zip(edits) {
                if put {
                    prop_assert_eq!(map.insert(key, n), model.insert(key, n));
                } else {
                    prop_assert_eq!(map.remove(&key), model.remove(&key));
                }
                prop_assert_eq!(map.get(&key), model.get(&key));
                prop_assert_eq!(map.rank(&key), model.range(..key).count());
            }
            prop_assert_eq!(map.len(), model.len());
            prop_assert!(map.iter().eq(model.iter()));
            prop_assert!(map.iter().rev().eq(model.iter().rev()));
            prop_assert!(map.chunks.iter().all(|chunk| !chunk.is_empty() && chunk.len() <= CHUNK));
            for key in (0..2000).step_by(97) {
                prop_assert!(map.from(&key).eq(model.range(key..)));
            }
        }
    }
}
