//! Where the entries of a registry stand in its file, and their fields. Made only when a finding needs it.

use std::fmt;

use jsonc_parser::ast::Object;
use jsonc_parser::common::Ranged;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::workspace::Place;
use crate::workspace::json::Document;
use crate::workspace::text::{self, Places};

/// Where one entry stands. A field is `None` where the entry does not have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPlace {
    /// The entry.
    pub entry: Place,
    /// The value of `asset_id`.
    pub asset_id: Option<Place>,
    /// The value of `uuid`.
    pub uuid: Option<Place>,
    /// The value of `root`.
    pub root: Option<Place>,
    /// The value of `included`.
    pub included: Option<Place>,
    /// The names of the other fields, in the order of the file.
    pub extra: Vec<(String, Place)>,
}

/// Finds the entries of one registry file.
pub struct EntryPlaces<'a> {
    text: &'a str,
    places: Places<'a>,
    entries: Vec<&'a RawValue>,
    fields: Vec<(String, &'a RawValue)>,
}

/// The places of the entries of a registry that parses; of another one, none.
#[must_use]
pub fn entry_places(bytes: &[u8]) -> EntryPlaces<'_> {
    EntryPlaces::new(text::decode(bytes).unwrap_or_default())
}

impl<'a> EntryPlaces<'a> {
    fn new(text: &'a str) -> Self {
        let Members(members) = serde_json::from_str(text).unwrap_or_default();
        let assets = members.iter().find(|(name, _)| name == "assets");
        let entries = assets.and_then(|(_, raw)| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
        Self { text, places: Places::new(text), entries, fields: members }
    }

    /// Where the entry with that [`file_index`](super::RegistryEntry::file_index) stands.
    #[must_use]
    pub fn get(&self, file_index: u32) -> Option<EntryPlace> {
        let raw = self.entries.get(file_index as usize)?;
        let start = self.start_of(raw);
        let document = Document::parse(raw.get()).ok()?;
        let object = document.root.as_object()?;
        let at = |node: &dyn Ranged| self.places.of(start + node.start(), start + node.end());
        let value = |name: &str| object.get(name).map(|property| at(&property.value));
        let unknown = object.properties.iter().filter(|property| !is_known(property.name.as_str()));
        Some(EntryPlace {
            entry: self.place_of(raw),
            asset_id: value("asset_id"),
            uuid: value("uuid"),
            root: value("root"),
            included: value("included"),
            extra: unknown.map(|property| (property.name.as_str().to_owned(), at(&property.name))).collect(),
        })
    }

    /// Where the value of a field of the file itself stands.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Place> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, raw)| self.place_of(raw))
    }

    fn place_of(&self, raw: &RawValue) -> Place {
        let start = self.start_of(raw);
        self.places.of(start, start + raw.get().len())
    }

    /// A raw value is a part of the text it was read from.
    fn start_of(&self, raw: &RawValue) -> usize {
        (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }
}

fn is_known(name: &str) -> bool {
    super::RegistryEntry::FIELDS.contains(&name)
}

/// Where a member stands that was refused.
pub(super) struct Located {
    pub(super) place: Place,
    /// The first member of that name, where there are several; `place` is then the second.
    pub(super) first: Option<Place>,
}

/// Finds the member at `segments` (`assets`, `3`, `uuid`), or the innermost there is around it.
pub(super) fn locate(text: &str, segments: &[String]) -> Option<Located> {
    let places = EntryPlaces::new(text);
    match segments {
        [] => None,
        [field] => places.locate_field(field),
        [_, index] => places.entry(index).map(|raw| Located { place: places.place_of(raw), first: None }),
        [_, index, field, ..] => places.entry(index).map(|raw| {
            let entry = || Located { place: places.place_of(raw), first: None };
            places.locate_in_entry(raw, field).unwrap_or_else(entry)
        }),
    }
}

impl<'a> EntryPlaces<'a> {
    fn entry(&self, index: &str) -> Option<&'a RawValue> {
        index.parse::<usize>().ok().and_then(|index| self.entries.get(index)).copied()
    }

    fn locate_field(&self, name: &str) -> Option<Located> {
        let mut named = self.fields.iter().filter(|(field, _)| field == name).map(|(_, raw)| self.place_of(raw));
        let first = named.next()?;
        Some(second_of(first, named.next()))
    }

    fn locate_in_entry(&self, raw: &RawValue, name: &str) -> Option<Located> {
        let start = self.start_of(raw);
        let document = Document::parse(raw.get()).ok()?;
        let object: &Object<'_> = document.root.as_object()?;
        let mut named = object.properties.iter().filter(|property| property.name.as_str() == name);
        let at = |node: &dyn Ranged| self.places.of(start + node.start(), start + node.end());
        let first = named.next()?;
        Some(match named.next() {
            Some(second) => second_of(at(&first.name), Some(at(&second.name))),
            None => second_of(at(&first.value), None),
        })
    }
}

fn second_of(first: Place, second: Option<Place>) -> Located {
    match second {
        Some(second) => Located { place: second, first: Some(first) },
        None => Located { place: first, first: None },
    }
}

/// The members of an object in the order of the file, those of one name all.
#[derive(Default)]
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}
