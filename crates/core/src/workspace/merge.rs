//! Merges two changed registries over the one both came from, for a merge driver of version control.
//!
//! Assets are told apart by their UUIDs. A conflict is only where one asset was changed on both sides, and not to the
//! same; nothing is renumbered and nothing is renamed, so two assets that come to share an id, a root or an address stay
//! as they are, for the doctor to name.

use std::collections::BTreeSet;

use super::registry::write::{file, member, push_entry};
use super::{ExtraField, Registry, RegistryEntry, RegistryError};
use crate::value::AssetUuid;

/// What a merge made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The file: canonical where there is no conflict, else with conflict markers around what is in conflict and
    /// nothing more.
    pub bytes: Vec<u8>,
    /// What a person has to settle.
    pub conflicts: Vec<Conflict>,
}

/// What was changed on both sides, and not to the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// An asset.
    Asset {
        /// Its UUID.
        uuid: AssetUuid,
        /// Its root on our side; `None` where we removed it.
        ours: Option<String>,
        /// Its root on their side; `None` where they removed it.
        theirs: Option<String>,
    },
    /// A field of the file that this version does not know.
    Field(String),
}

/// One of the three files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What both sides came from.
    Base,
    /// Our side.
    Ours,
    /// Their side.
    Theirs,
}

/// A file that cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {} file cannot be merged: {error}", match side { Side::Base => "base", Side::Ours => "ours", Side::Theirs => "theirs" })]
pub struct MergeError {
    /// Which of the three.
    pub side: Side,
    /// Why not.
    pub error: RegistryError,
}

/// Merges `ours` and `theirs` over `base`, which is empty where both sides added the file.
///
/// # Errors
/// Where one of the files does not read, or is of a newer schema.
pub fn merge(base: &[u8], ours: &[u8], theirs: &[u8]) -> Result<Merged, MergeError> {
    let read = |side, bytes: &[u8]| Registry::parse(bytes).map_err(|error| MergeError { side, error });
    let base = if base.trim_ascii().is_empty() { Registry::empty() } else { read(Side::Base, base)? };
    let (ours, theirs) = (read(Side::Ours, ours)?, read(Side::Theirs, theirs)?);
    let mut sides = [base.entries, ours.entries, theirs.entries];
    for side in &mut sides {
        side.sort_by_key(|entry| entry.uuid);
    }
    let assets = merge_assets(sides.each_ref().map(Vec::as_slice));
    let fields = merge_fields(&base.extra, &ours.extra, &theirs.extra);
    let conflicts: Vec<Conflict> =
        assets.iter().filter_map(Asset::conflict).chain(fields.iter().filter_map(Field::conflict)).collect();
    let bytes = if conflicts.is_empty() { clean(&assets, &fields) } else { marked(assets, &fields) };
    Ok(Merged { bytes, conflicts })
}

/// What comes of three versions of one thing; `Err` where two changed it, and not to the same.
fn three_way<'v, T>(base: &'v T, ours: &'v T, theirs: &'v T, same: impl Fn(&T, &T) -> bool) -> Result<&'v T, ()> {
    match (same(ours, theirs), same(ours, base), same(theirs, base)) {
        (true, ..) | (_, _, true) => Ok(ours),
        (_, true, _) => Ok(theirs),
        _ => Err(()),
    }
}

/// The entries of one UUID: one, or none where it was removed, or several where a side has a duplicate.
type Versions<'m> = &'m [RegistryEntry];

enum Asset<'m> {
    Merged(&'m RegistryEntry),
    Conflict { ours: Versions<'m>, theirs: Versions<'m> },
}

/// Walks the three sides, each sorted by UUID, side by side.
fn merge_assets(mut rest: [&[RegistryEntry]; 3]) -> Vec<Asset<'_>> {
    let mut assets = Vec::new();
    while let Some(uuid) = rest.iter().filter_map(|side| side.first()).map(|entry| entry.uuid).min() {
        let [base, ours, theirs] = rest.each_mut().map(|side| take_versions(side, uuid));
        match three_way(&base, &ours, &theirs, |a, b| a == b) {
            Ok(merged) => assets.extend(merged.iter().map(Asset::Merged)),
            Err(()) => assets.push(Asset::Conflict { ours, theirs }),
        }
    }
    assets.sort_by(|a, b| a.order().cmp(&b.order()));
    assets
}

fn take_versions<'m>(side: &mut &'m [RegistryEntry], uuid: AssetUuid) -> Versions<'m> {
    let count = side.iter().take_while(|entry| entry.uuid == uuid).count();
    let (versions, rest) = side.split_at(count);
    *side = rest;
    versions
}

impl Asset<'_> {
    /// The place of an asset in the file: by our root, else by theirs.
    fn order(&self) -> Option<(&str, AssetUuid)> {
        let first = match self {
            Self::Merged(entry) => Some(*entry),
            Self::Conflict { ours, theirs } => ours.first().or(theirs.first()),
        };
        first.map(|entry| (&*entry.root, entry.uuid))
    }

    fn conflict(&self) -> Option<Conflict> {
        let Self::Conflict { ours, theirs } = self else {
            return None;
        };
        let root = |side: Versions<'_>| side.first().map(|entry| entry.root.to_string());
        let (_, uuid) = self.order()?;
        Some(Conflict::Asset { uuid, ours: root(ours), theirs: root(theirs) })
    }
}

enum Field<'f> {
    Merged(&'f ExtraField),
    Conflict { ours: Option<&'f ExtraField>, theirs: Option<&'f ExtraField> },
}

fn merge_fields<'f>(base: &'f [ExtraField], ours: &'f [ExtraField], theirs: &'f [ExtraField]) -> Vec<Field<'f>> {
    let mut seen = BTreeSet::new();
    let names = ours.iter().chain(theirs).map(|field| &field.name).filter(|name| seen.insert(*name));
    let of = |side: &'f [ExtraField], name: &str| side.iter().find(|field| &*field.name == name);
    let merged = names.filter_map(|name| {
        let (base, ours, theirs) = (of(base, name), of(ours, name), of(theirs, name));
        match three_way(&base, &ours, &theirs, PartialEq::eq) {
            Ok(merged) => merged.map(Field::Merged),
            Err(()) => Some(Field::Conflict { ours, theirs }),
        }
    });
    merged.collect()
}

impl Field<'_> {
    fn conflict(&self) -> Option<Conflict> {
        match self {
            Self::Merged(_) => None,
            Self::Conflict { ours, theirs } => ours.or(*theirs).map(|field| Conflict::Field(field.name.to_string())),
        }
    }
}

fn clean(assets: &[Asset<'_>], fields: &[Field<'_>]) -> Vec<u8> {
    let entries = assets.iter().filter_map(|asset| match asset {
        Asset::Merged(entry) => Some((*entry).clone()),
        Asset::Conflict { .. } => None,
    });
    let extra = fields.iter().filter_map(|field| match field {
        Field::Merged(field) => Some((*field).clone()),
        Field::Conflict { .. } => None,
    });
    let mut registry = Registry { entries: entries.collect(), extra: extra.collect() };
    registry.sort();
    registry.to_bytes()
}

/// The file with markers. Whichever side of a conflict is kept, or none, the commas are right: where there is an entry
/// without conflict, one of those stands last in the list.
fn marked(mut assets: Vec<Asset<'_>>, fields: &[Field<'_>]) -> Vec<u8> {
    if let Some(last) = assets.iter().rposition(|asset| matches!(asset, Asset::Merged(_))) {
        assets[last..].rotate_left(1);
    }
    let mut list = String::new();
    let count = assets.len();
    for (index, asset) in assets.iter().enumerate() {
        let comma = if index + 1 < count { "," } else { "" };
        match asset {
            Asset::Merged(entry) => push_line(&mut list, entry, comma),
            Asset::Conflict { ours, theirs } => push_conflict(&mut list, &lines(ours, comma), &lines(theirs, comma)),
        }
    }
    let mut tail = String::new();
    for field in fields {
        let line = |field: &ExtraField| format!("  ,{}\n", member(field));
        let side = |field: &Option<&ExtraField>| field.map(line).unwrap_or_default();
        match field {
            Field::Merged(field) => tail.push_str(&line(field)),
            Field::Conflict { ours, theirs } => push_conflict(&mut tail, &side(ours), &side(theirs)),
        }
    }
    let tail = if tail.is_empty() { tail } else { format!("\n{}", tail.trim_end()) };
    file("", list.trim_end(), &tail).into_bytes()
}

fn push_line(out: &mut String, entry: &RegistryEntry, comma: &str) {
    push_entry(out, entry);
    out.push_str(comma);
    out.push('\n');
}

/// The lines of one side. Only behind the last of them the comma may be missing.
fn lines(entries: &[RegistryEntry], comma: &str) -> String {
    let mut out = String::new();
    for (index, entry) in entries.iter().enumerate() {
        push_line(&mut out, entry, if index + 1 < entries.len() { "," } else { comma });
    }
    out
}

fn push_conflict(out: &mut String, ours: &str, theirs: &str) {
    out.push_str(&format!("<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n"));
}

#[cfg(test)]
mod tests;
