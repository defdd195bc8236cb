//! Edits of a manifest's text, one member at a time, by the author's own spacing.

use std::fmt::Write;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use serde_json::Value as Json;

use crate::importer::ImporterSet;
use crate::value::{Address, AssetUuid};
use crate::workspace::json::{Document, quoted};
use crate::workspace::{Problem, text};

use super::ImporterChoice;

/// One change of a manifest.
#[derive(Debug, Clone, PartialEq)]
pub enum ManifestEdit {
    /// Another identity.
    Uuid(AssetUuid),
    /// Another address.
    Address(Address),
    /// These labels and no others.
    Labels(Vec<String>),
    /// Whether to preload.
    Preload(bool),
    /// Who imports.
    Importer(ImporterChoice),
    /// The settings of all importers: an object with an object for each. An empty one takes the member out.
    Settings(serde_json::Map<String, Json>),
    /// The patterns of `sources`; `None` takes the member out, so that every file is a source.
    Sources(Option<Vec<String>>),
}

/// Why a text cannot be edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.message)]
pub struct EditError(pub Problem);

impl ManifestEdit {
    fn member(&self) -> &'static str {
        match self {
            Self::Uuid(_) => "uuid",
            Self::Address(_) => "address",
            Self::Labels(_) => "labels",
            Self::Preload(_) => "preload",
            Self::Importer(_) => "importer",
            Self::Settings(_) => "settings",
            Self::Sources(_) => "sources",
        }
    }

    /// The new value; `None` takes the member out.
    fn value(&self) -> Option<Json> {
        match self {
            Self::Uuid(uuid) => Some(Json::from(uuid.to_string())),
            Self::Address(address) => Some(Json::from(address.as_str())),
            Self::Labels(labels) => Some(Json::from(labels.clone())),
            Self::Preload(preload) => Some(Json::from(*preload)),
            Self::Importer(choice) => Some(importer_value(choice)),
            Self::Settings(settings) => (!settings.is_empty()).then(|| Json::from(settings.clone())),
            Self::Sources(patterns) => patterns.clone().map(Json::from),
        }
    }
}

fn importer_value(choice: &ImporterChoice) -> Json {
    match choice {
        ImporterChoice::Auto => Json::from(ImporterSet::AUTO),
        ImporterChoice::Named(name) => Json::from(name.as_str()),
        ImporterChoice::ByPattern(rules) => rules
            .iter()
            .map(|(pattern, importer)| serde_json::json!({"importer": importer, "pattern": pattern.as_str()}))
            .collect(),
    }
}

pub(super) fn apply(text: &str, edit: &ManifestEdit) -> Result<String, EditError> {
    text::refuse_byte_order_mark(text).map_err(EditError)?;
    let document = Document::parse(text).map_err(EditError)?;
    if let Some(duplicate) = document.duplicate_keys().into_iter().next() {
        return Err(EditError(duplicate));
    }
    let Some(object) = document.root.as_object() else {
        return Err(EditError(document.problem(&document.root, "", "a manifest is an object")));
    };
    let position = object.properties.iter().position(|property| property.name.as_str() == edit.member());
    Ok(match (position, edit.value()) {
        (Some(index), Some(value)) => replaced(text, &object.properties[index].value, &value),
        (None, Some(value)) => added(text, object, edit.member(), &value),
        (Some(index), None) => removed(text, object, index),
        (None, None) => text.to_owned(),
    })
}

fn replaced(text: &str, old: &Value<'_>, new: &Json) -> String {
    // The same value keeps the author's spelling of it.
    if serde_json::from_str::<Json>(old.text(text)).is_ok_and(|old| old == *new) {
        return text.to_owned();
    }
    splice(text, old.start(), old.end(), &inline(new))
}

fn added(text: &str, object: &Object<'_>, name: &str, value: &Json) -> String {
    let Some(last) = object.properties.last() else {
        return splice(text, object.start() + 1, object.start() + 1, &format!("{}: {}", quoted(name), inline(value)));
    };
    // Space as the author put it before the last member, and around its colon.
    let before = match object.properties.len().checked_sub(2).and_then(|index| object.properties.get(index)) {
        Some(previous) => after_comma(&text[previous.end()..last.start()]),
        None => &text[object.start() + 1..last.start()],
    };
    let colon = &text[last.name.end()..last.value.start()];
    splice(text, last.end(), last.end(), &format!(",{before}{}{colon}{}", quoted(name), inline(value)))
}

fn removed(text: &str, object: &Object<'_>, index: usize) -> String {
    let property = &object.properties[index];
    match (index.checked_sub(1).and_then(|index| object.properties.get(index)), object.properties.get(index + 1)) {
        (_, Some(next)) => splice(text, property.start(), next.start(), ""),
        (Some(previous), None) => splice(text, previous.end(), property.end(), ""),
        (None, None) => splice(text, property.start(), property.end(), ""),
    }
}

/// What stands behind the comma in the text between two members.
fn after_comma(between: &str) -> &str {
    between.split_once(',').map_or(between, |(_, after)| after)
}

fn splice(text: &str, start: usize, end: usize, with: &str) -> String {
    format!("{}{with}{}", &text[..start], &text[end..])
}

/// A value on one line, with `, ` and `: `. Members are sorted here, for a host can turn on `preserve_order`; but a
/// rule's pattern stands before its importer, as people write it.
fn inline(value: &Json) -> String {
    match value {
        Json::Array(elements) => format!("[{}]", elements.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Json::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort_by_key(|name| (*name != "pattern", *name));
            let mut out = String::from("{");
            for (index, name) in names.into_iter().enumerate() {
                let separator = if index == 0 { "" } else { ", " };
                let _ = write!(out, "{separator}{}: {}", quoted(name), inline(&members[name]));
            }
            out + "}"
        }
        scalar => scalar.to_string(),
    }
}
