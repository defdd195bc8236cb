//! Reads the registry in one pass that keeps nothing but the entries: a registry of a million assets is read often.
//!
//! Where that pass fails, a [`Trail`] says at which member, and the file is looked at again for the place.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::places::locate;
use super::write::on_one_line;
use super::{ExtraField, RawAssetId, Registry, RegistryEntry, RegistryError};
use crate::value::{AssetId, AssetUuid};
use crate::workspace::json::{MAX_NESTING, child, first_deeper_than, nests_too_deep, syntax_problem};
use crate::workspace::schema_version::SchemaVersion;
use crate::workspace::{Problem, text};

pub(super) fn parse(bytes: &[u8]) -> Result<Registry, RegistryError> {
    let text = text::decode(bytes).map_err(RegistryError::Unreadable)?;
    let trail = Trail::default();
    let (schema, mut registry) = match read_whole(text, FileSeed(&trail)) {
        Ok(read) => read,
        Err(error) => return Err(refusal(text, &trail, &error)),
    };
    check_schema(text, schema.as_deref())?;
    registry.sort();
    Ok(registry)
}

/// Why the file is refused, the deepest reason first: that it is no JSON, then that a newer version wrote it, which may
/// have meant anything by the rest, then what is wrong with a member.
fn refusal(text: &str, trail: &Trail, error: &serde_json::Error) -> RegistryError {
    let schema = match read_whole(text, SchemaSeed) {
        Err(error) if !error.is_data() => {
            let merge = "settle the marked entries by hand, or run `packwright merge-registry BASE OURS THEIRS`";
            let markers = text::conflict_markers(text).map(|problem| problem.help(merge));
            return RegistryError::Unreadable(markers.unwrap_or_else(|| syntax_problem(text, &error)));
        }
        schema => schema.ok().flatten(),
    };
    if let Err(newer @ RegistryError::SchemaNewer { .. }) = check_schema(text, schema.as_deref()) {
        return newer;
    }
    let spelt = error.to_string();
    let message = spelt.rsplit_once(" at line ").map_or(spelt.as_str(), |(message, _)| message);
    let segments = trail.segments();
    let message = wrong_type(&segments, message).unwrap_or_else(|| message.to_owned());
    RegistryError::Unreadable(located(text, &segments, message))
}

/// What serde says of a wrong type, in the words of people who know no serde.
fn wrong_type(segments: &[String], message: &str) -> Option<String> {
    let (found, takes) = message.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let takes = if takes == "a boolean" { "true or false" } else { takes };
    Some(match segments.last() {
        Some(name) if name.parse::<usize>().is_err() => format!("`{name}` is {found}, and takes {takes}"),
        _ => format!("what stands here is {found}, and should be {takes}"),
    })
}

fn check_schema(text: &str, schema: Option<&str>) -> Result<(), RegistryError> {
    let at_schema = |message| located(text, &["schema".into()], message);
    match schema.map(SchemaVersion::read) {
        Some(SchemaVersion::Known) => Ok(()),
        Some(SchemaVersion::Newer(schema)) => {
            let problem = at_schema(SchemaVersion::newer_message(schema));
            Err(RegistryError::SchemaNewer { schema, problem })
        }
        Some(SchemaVersion::Invalid) => Err(RegistryError::Unreadable(at_schema(SchemaVersion::invalid_message()))),
        None => Err(RegistryError::Unreadable(Problem::new(SchemaVersion::MISSING))),
    }
}

fn read_whole<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> serde_json::Result<S::Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

fn located(text: &str, segments: &[String], message: String) -> Problem {
    let pointer: String = segments.iter().fold(String::new(), |pointer, name| child(&pointer, name));
    let mut problem = Problem::new(message).pointer(pointer);
    if let Some(located) = locate(text, segments) {
        problem.place = Some(located.place);
        problem.related = located.first.map(|first| (first, "first defined here".to_owned()));
    }
    problem
}

/// The members that a failed read stood in, the innermost first.
#[derive(Default)]
struct Trail(RefCell<Vec<String>>);

impl Trail {
    /// Notes that `result`, if it failed, did so at the member `name`.
    fn at<T, E>(&self, name: impl fmt::Display, result: Result<T, E>) -> Result<T, E> {
        if result.is_err() {
            self.0.borrow_mut().push(name.to_string());
        }
        result
    }

    /// The members from the outside in.
    fn segments(&self) -> Vec<String> {
        self.0.borrow().iter().rev().cloned().collect()
    }
}

/// The brackets around the values of the file's own fields.
const FILE_LEVELS: usize = 1;
/// The brackets around the values of an entry's fields.
const ENTRY_LEVELS: usize = 3;

type SchemaText = Option<String>;

/// The file: its schema as it is spelled, and everything else.
struct FileSeed<'t>(&'t Trail);

impl<'de> DeserializeSeed<'de> for FileSeed<'_> {
    type Value = (SchemaText, Registry);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FileSeed<'_> {
    type Value = (SchemaText, Registry);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `schema` and `assets`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let trail = self.0;
        let (mut schema, mut entries, mut extra) = (None, None, Vec::new());
        while let Some(key) = map.next_key_seed(KeySeed)? {
            let read = match &*key {
                "schema" => map.next_value::<&RawValue>().and_then(|raw| once(&mut schema, raw.get().to_owned(), &key)),
                "assets" => map.next_value_seed(EntriesSeed(trail)).and_then(|read| once(&mut entries, read, &key)),
                _ => map
                    .next_value::<&RawValue>()
                    .and_then(|raw| ExtraField::read(&key, raw, FILE_LEVELS))
                    .map(|field| extra.push(field)),
            };
            trail.at(&key, read)?;
        }
        refuse_twice(trail, &extra)?;
        let entries = entries.ok_or_else(|| A::Error::custom("the file has no `assets`"))?;
        Ok((schema, Registry { entries, extra: extra.into() }))
    }
}

/// Reads the `schema` of a file and nothing else.
struct SchemaSeed;

impl<'de> DeserializeSeed<'de> for SchemaSeed {
    type Value = SchemaText;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for SchemaSeed {
    type Value = SchemaText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut schema = None;
        while let Some(key) = map.next_key_seed(KeySeed)? {
            if key == "schema" {
                schema.get_or_insert(map.next_value::<&RawValue>()?.get().to_owned());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(schema)
    }
}

struct EntriesSeed<'t>(&'t Trail);

impl<'de> DeserializeSeed<'de> for EntriesSeed<'_> {
    type Value = Vec<RegistryEntry>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for EntriesSeed<'_> {
    type Value = Vec<RegistryEntry>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        loop {
            let index = entries.len();
            let read = seq.next_element_seed(EntrySeed(self.0));
            let Some(mut entry) = self.0.at(index, read)? else {
                return Ok(entries);
            };
            entry.file_index = u32::try_from(index).ok();
            entries.push(entry);
        }
    }
}

struct EntrySeed<'t>(&'t Trail);

impl<'de> DeserializeSeed<'de> for EntrySeed<'_> {
    type Value = RegistryEntry;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for EntrySeed<'_> {
    type Value = RegistryEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry with `asset_id`, `uuid`, `root` and `included`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RegistryEntry, A::Error> {
        let (mut id, mut uuid, mut root, mut included, mut extra) = (None, None, None, None, Vec::new());
        while let Some(key) = map.next_key_seed(KeySeed)? {
            let read = match &*key {
                "asset_id" => map.next_value().and_then(read_id).and_then(|read| once(&mut id, read, &key)),
                "uuid" => map.next_value_seed(UuidSeed).and_then(|read| once(&mut uuid, read, &key)),
                "root" => map.next_value::<String>().and_then(|read| once(&mut root, read.into(), &key)),
                "included" => map.next_value::<bool>().and_then(|read| once(&mut included, read, &key)),
                _ => map
                    .next_value::<&RawValue>()
                    .and_then(|raw| ExtraField::read(&key, raw, ENTRY_LEVELS))
                    .map(|field| extra.push(field)),
            };
            self.0.at(&key, read)?;
        }
        refuse_twice(self.0, &extra)?;
        Ok(RegistryEntry {
            asset_id: id.ok_or_else(|| lacks("asset_id"))?,
            uuid: uuid.ok_or_else(|| lacks("uuid"))?,
            root: root.ok_or_else(|| lacks("root"))?,
            included: included.ok_or_else(|| lacks("included"))?,
            extra: extra.into(),
            file_index: None,
        })
    }
}

impl ExtraField {
    /// Reads a field whose value stands in `levels` brackets. What this version does not know is bounded here; what it
    /// does know is never deep, and serde_json walks over raw values without recursing.
    fn read<E: Error>(name: &str, raw: &RawValue, levels: usize) -> Result<Self, E> {
        match first_deeper_than(MAX_NESTING - levels, raw.get()) {
            None => Ok(Self { name: name.into(), json: on_one_line(raw.get()) }),
            Some(_) => Err(E::custom(nests_too_deep())),
        }
    }
}

fn lacks<E: Error>(field: &str) -> E {
    E::custom(format_args!("an entry has no `{field}`"))
}

fn once<T, E: Error>(slot: &mut Option<T>, value: T, key: &str) -> Result<(), E> {
    if slot.is_some() {
        return Err(twice(key));
    }
    *slot = Some(value);
    Ok(())
}

fn refuse_twice<E: Error>(trail: &Trail, extra: &[ExtraField]) -> Result<(), E> {
    let mut names = HashSet::new();
    match extra.iter().find(|field| !names.insert(&*field.name)) {
        Some(field) => trail.at(&field.name, Err(twice(&field.name))),
        None => Ok(()),
    }
}

fn twice<E: Error>(key: &str) -> E {
    E::custom(format_args!("the key {key:?} stands here twice"))
}

fn read_id<E: Error>(raw: &RawValue) -> Result<RawAssetId, E> {
    let text = raw.get();
    if !text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return Err(E::custom("`asset_id` takes a number"));
    }
    let valid = text.parse().ok().and_then(AssetId::new);
    Ok(valid.map_or_else(|| RawAssetId::Invalid(text.into()), RawAssetId::Valid))
}

/// A key, borrowed from the file where it is spelled without escapes.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// A UUID, read without a string of its own.
struct UuidSeed;

impl<'de> DeserializeSeed<'de> for UuidSeed {
    type Value = AssetUuid;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for UuidSeed {
    type Value = AssetUuid;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a UUID")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        text::hyphenated_uuid(text)
            .map(AssetUuid::from_uuid)
            .ok_or_else(|| E::custom(format_args!("{text:?} is no UUID")))
    }
}
