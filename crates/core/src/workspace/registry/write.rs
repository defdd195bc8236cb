//! The canonical form of the registry, one asset a line.

use std::fmt::Write;

use super::{ExtraField, RawAssetId, Registry, RegistryEntry};
use crate::workspace::json::quoted;
use crate::workspace::schema_version::SchemaVersion;

/// What an editor reads to complete the file. It stands first, where people look for it.
const SCHEMA_REFERENCE: &str = "$schema";

pub(super) fn to_bytes(registry: &Registry) -> Vec<u8> {
    let entries: Vec<String> = registry.entries.iter().map(|entry| format!("    {}", entry.to_json())).collect();
    file(&registry.extra, &entries, ",\n").into_bytes()
}

/// The file around `entries`, which are joined by `between`.
pub(in crate::workspace) fn file(extra: &[ExtraField], entries: &[String], between: &str) -> String {
    let (first, last): (Vec<_>, Vec<_>) = extra.iter().partition(|field| &*field.name == SCHEMA_REFERENCE);
    let mut out = String::from("{\n");
    for field in first {
        out.push_str(&format!("  {},\n", member(field)));
    }
    let _ = write!(out, "  \"schema\": {},\n  \"assets\": [", SchemaVersion::KNOWN);
    if !entries.is_empty() {
        out.push('\n');
        out.push_str(&entries.join(between));
        out.push_str("\n  ");
    }
    out.push(']');
    for field in last {
        out.push_str(&format!(",\n  {}", member(field)));
    }
    out.push_str("\n}\n");
    out
}

pub(super) fn entry(entry: &RegistryEntry) -> String {
    let id = match &entry.asset_id {
        RawAssetId::Valid(id) => id.to_string(),
        RawAssetId::Invalid(text) => text.to_string(),
    };
    let (uuid, root, included) = (entry.uuid, quoted(&entry.root), entry.included);
    let mut out = format!("{{\"asset_id\": {id}, \"uuid\": \"{uuid}\", \"root\": {root}, \"included\": {included}");
    for field in &entry.extra {
        out.push_str(", ");
        out.push_str(&member(field));
    }
    out.push('}');
    out
}

fn member(field: &ExtraField) -> String {
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
