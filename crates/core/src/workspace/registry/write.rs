//! The canonical form of the registry, one asset a line.

use std::fmt::Write as _;

use super::{ExtraField, RawAssetId, Registry, RegistryEntry};
use crate::workspace::json::quoted;
use crate::workspace::schema_version::SchemaVersion;

/// What an editor reads to complete the file. It stands first, where people look for it.
const SCHEMA_REFERENCE: &str = "$schema";

pub(super) fn to_bytes(registry: &Registry) -> Vec<u8> {
    of_entries(registry.entries.iter(), &registry.extra)
}

pub(super) fn of_entries<'a>(entries: impl Iterator<Item = &'a RegistryEntry>, extra: &[ExtraField]) -> Vec<u8> {
    let mut assets = String::with_capacity(entries.size_hint().0 * 128);
    for (index, one) in entries.enumerate() {
        assets.push_str(if index == 0 { "" } else { ",\n" });
        push_entry(&mut assets, one);
    }
    let (first, last): (Vec<_>, Vec<_>) = extra.iter().partition(|field| &*field.name == SCHEMA_REFERENCE);
    let head: String = first.into_iter().map(|field| format!("  {},\n", member(field))).collect();
    let tail: String = last.into_iter().map(|field| format!(",\n  {}", member(field))).collect();
    file(&head, &assets, &tail).into_bytes()
}

/// The file: `head` before its own fields, `assets` in the list, `tail` behind it.
pub(in crate::workspace) fn file(head: &str, assets: &str, tail: &str) -> String {
    let (open, close) = if assets.is_empty() { ("", "") } else { ("\n", "\n  ") };
    format!("{{\n{head}  \"schema\": {},\n  \"assets\": [{open}{assets}{close}]{tail}\n}}\n", SchemaVersion::KNOWN)
}

/// Appends the line of an entry, indented, without comma and line end.
pub(in crate::workspace) fn push_entry(out: &mut String, entry: &RegistryEntry) {
    out.push_str("    ");
    push_object(out, entry);
}

pub(super) fn entry(entry: &RegistryEntry) -> String {
    let mut out = String::new();
    push_object(&mut out, entry);
    out
}

fn push_object(out: &mut String, entry: &RegistryEntry) {
    let (uuid, root, included) = (entry.uuid, quoted(&entry.root), entry.included);
    let rest = format_args!("\"uuid\": \"{uuid}\", \"root\": {root}, \"included\": {included}");
    let written = match &entry.asset_id {
        RawAssetId::Valid(id) => write!(out, "{{\"asset_id\": {id}, {rest}"),
        RawAssetId::Invalid(text) => write!(out, "{{\"asset_id\": {text}, {rest}"),
    };
    written.expect("a string takes all text");
    for field in &entry.extra {
        out.push_str(", ");
        out.push_str(&member(field));
    }
    out.push('}');
}

/// A field that this version does not know, as it stands in its object.
pub(in crate::workspace) fn member(field: &ExtraField) -> String {
    format!("{}: {}", quoted(&field.name), field.json)
}

/// `json` on one line: what stands outside strings gets `, ` and `: ` and no other space. Strings and numbers stay as
/// they are spelled, so that nothing a newer tool wrote drifts.
pub(super) fn on_one_line(json: &str) -> Box<str> {
    let mut out = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            out.push(c);
            continue;
        }
        in_string = c == '"';
        match c {
            ' ' | '\t' | '\r' | '\n' => {}
            ',' | ':' => out.extend([c, ' ']),
            _ => out.push(c),
        }
    }
    out.into()
}
