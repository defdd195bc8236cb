//! What differs between two packs: assets by id, within them parts by name.
//!
//! An asset or a part that only moved, because something before it grew, has not changed. Nothing is read but the two
//! indexes: a part's hash stands for its bytes.

use std::cmp::Ordering;

use crate::reader::{Asset, Pack, Part};

/// Something that two packs do not have alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<T> {
    /// Only the new pack has it.
    Added(T),
    /// Only the old pack has it.
    Removed(T),
    /// Both have it, and not the same.
    Changed {
        /// As the old pack has it.
        old: T,
        /// As the new pack has it.
        new: T,
    },
}

impl<T> Change<T> {
    /// As the old pack has it.
    pub fn in_old(&self) -> Option<&T> {
        match self {
            Self::Added(_) => None,
            Self::Removed(old) | Self::Changed { old, .. } => Some(old),
        }
    }

    /// As the new pack has it.
    pub fn in_new(&self) -> Option<&T> {
        match self {
            Self::Removed(_) => None,
            Self::Added(new) | Self::Changed { new, .. } => Some(new),
        }
    }
}

/// One asset that two packs do not have alike.
#[derive(Debug, Clone)]
pub struct AssetChange<'a> {
    /// The asset.
    pub asset: Change<Asset<'a>>,
    /// Its parts that differ, by name; all of them where the asset was added or removed.
    pub parts: Vec<Change<Part<'a>>>,
}

impl AssetChange<'_> {
    /// The stored bytes of the parts that differ, in the old pack and in the new one.
    #[must_use]
    pub fn stored_bytes(&self) -> (u64, u64) {
        let sum = |part: fn(&Change<Part<'_>>) -> u64| self.parts.iter().map(part).sum();
        (sum(|part| stored_length(part.in_old())), sum(|part| stored_length(part.in_new())))
    }
}

fn stored_length(part: Option<&Part<'_>>) -> u64 {
    part.map_or(0, |part| part.stored().len() as u64)
}

/// What differs between `old` and `new`, by asset id; empty where both hold the same.
#[must_use]
pub fn diff<'a>(old: &Pack<'a>, new: &Pack<'a>) -> Vec<AssetChange<'a>> {
    if old.hash() == new.hash() {
        return Vec::new();
    }
    let by_id = |a: &Asset<'_>, b: &Asset<'_>| a.id().cmp(&b.id());
    pair(old.assets(), new.assets(), by_id).filter_map(asset_change).collect()
}

fn asset_change(asset: Change<Asset<'_>>) -> Option<AssetChange<'_>> {
    let by_name = |a: &Part<'_>, b: &Part<'_>| a.name().cmp(b.name());
    let differs = |part: &Change<Part<'_>>| match part {
        Change::Changed { old, new } => !same_part(old, new),
        _ => true,
    };
    let parts: Vec<_> = pair(parts_of(asset.in_old()), parts_of(asset.in_new()), by_name).filter(differs).collect();
    match &asset {
        Change::Changed { old, new } if parts.is_empty() && same_record(old, new) => None,
        _ => Some(AssetChange { asset, parts }),
    }
}

fn parts_of<'a>(asset: Option<&Asset<'a>>) -> impl Iterator<Item = Part<'a>> + use<'a> {
    asset.copied().into_iter().flat_map(|asset| asset.parts())
}

fn same_record(old: &Asset<'_>, new: &Asset<'_>) -> bool {
    old.address() == new.address() && old.labels_json() == new.labels_json() && old.preload() == new.preload()
}

fn same_part(old: &Part<'_>, new: &Part<'_>) -> bool {
    old.hash() == new.hash()
        && old.format() == new.format()
        && old.metadata_json() == new.metadata_json()
        && old.codec() == new.codec()
        && old.raw_length() == new.raw_length()
        && old.stored().len() == new.stored().len()
}

/// Brings two sorted lists together: what both have is `Changed`, whether it did or not.
fn pair<T: Copy>(
    old: impl Iterator<Item = T>,
    new: impl Iterator<Item = T>,
    order: impl Fn(&T, &T) -> Ordering,
) -> impl Iterator<Item = Change<T>> {
    let (mut old, mut new) = (old.peekable(), new.peekable());
    std::iter::from_fn(move || {
        let next = match (old.peek(), new.peek()) {
            (Some(before), Some(after)) => order(before, after),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return None,
        };
        match next {
            Ordering::Less => old.next().map(Change::Removed),
            Ordering::Greater => new.next().map(Change::Added),
            Ordering::Equal => Some(Change::Changed { old: old.next()?, new: new.next()? }),
        }
    })
}
