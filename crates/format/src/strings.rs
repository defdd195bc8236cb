//! The strings section while it is written: each text once, in the order of first use.
//!
//! Memory: the texts themselves and about 17 bytes for each different one.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::layout::TextRange;

/// The strings would be longer than 32 bits can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

#[derive(Debug)]
struct Entry {
    offset: u32,
    length: u32,
    is_canonical: bool,
}

/// Texts, each kept once.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    text: String,
    entries: HashTable<Entry>,
    // Seeded at random, so that no choice of names makes the table slow; the order of the texts does not depend on it.
    hasher: RandomState,
}

impl Strings {
    /// Where `text` is, put at the end where it is new.
    pub(crate) fn intern(&mut self, text: &str) -> Result<TextRange, Full> {
        self.entry(text).map(|entry| range(entry))
    }

    /// Like [`Strings::intern`], and asks `check` about a text that it has not accepted before.
    pub(crate) fn intern_checked<E: From<Full>>(
        &mut self,
        text: &str,
        check: impl FnOnce(&str) -> Result<(), E>,
    ) -> Result<TextRange, E> {
        let entry = self.entry(text)?;
        if !entry.is_canonical {
            check(text)?;
            entry.is_canonical = true;
        }
        Ok(range(entry))
    }

    fn entry(&mut self, text: &str) -> Result<&mut Entry, Full> {
        let Self { text: all, entries, hasher } = self;
        let hash = hasher.hash_one(text);
        let same = |entry: &Entry| slice(all, entry) == text;
        match entries.entry(hash, same, |entry| hasher.hash_one(slice(all, entry))) {
            hashbrown::hash_table::Entry::Occupied(found) => Ok(found.into_mut()),
            hashbrown::hash_table::Entry::Vacant(vacant) => {
                let new = entry_at(all.len(), text.len())?;
                let added = vacant.insert(new).into_mut();
                all.push_str(text);
                Ok(added)
            }
        }
    }

    /// The text at `range`, which this gave.
    pub(crate) fn get(&self, range: TextRange) -> &str {
        let offset = range.offset.get() as usize;
        &self.text[offset..offset + range.length.get() as usize]
    }

    /// The section's bytes.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

fn entry_at(offset: usize, length: usize) -> Result<Entry, Full> {
    let end = offset.checked_add(length).ok_or(Full)?;
    u32::try_from(end).map_err(|_| Full)?;
    Ok(Entry { offset: offset as u32, length: length as u32, is_canonical: false })
}

fn slice<'a>(all: &'a str, entry: &Entry) -> &'a str {
    let offset = entry.offset as usize;
    &all[offset..offset + entry.length as usize]
}

fn range(entry: &Entry) -> TextRange {
    TextRange { offset: entry.offset.into(), length: entry.length.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_and_in_the_order_of_first_use() {
        let mut strings = Strings::default();
        let first = strings.intern("button").expect("room");
        let second = strings.intern("butt").expect("room");
        let again = strings.intern("button").expect("room");
        assert_eq!((strings.get(first), strings.get(second)), ("button", "butt"));
        assert_eq!(again.offset, first.offset);
        assert_eq!(strings.into_text(), "buttonbutt");
    }

    #[test]
    fn a_text_known_as_a_name_is_still_checked_as_metadata() {
        let mut strings = Strings::default();
        strings.intern("{}").expect("room");
        let mut asked = 0;
        for _ in 0..3 {
            let accept = |_: &str| {
                asked += 1;
                Ok::<(), Full>(())
            };
            strings.intern_checked("{}", accept).expect("accepted");
        }
        assert_eq!(asked, 1);
    }

    #[test]
    fn strings_past_32_bits_are_refused() {
        assert!(entry_at(u32::MAX as usize - 3, 3).is_ok());
        assert!(matches!(entry_at(u32::MAX as usize - 3, 4), Err(Full)));
        assert!(matches!(entry_at(usize::MAX, 1), Err(Full)));
    }
}
