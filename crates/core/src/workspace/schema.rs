//! JSON Schemas (draft 2020-12) of the files of a workspace, so that editors complete and check them.

use serde_json::{Map, Value, json};

use super::{Manifest, Pattern, Settings};
use crate::importer::{ImporterSet, Setting, SettingKind};
use crate::value::{Address, RelPath};

/// The files there are schemas for.
pub const SCHEMA_NAMES: [&str; 4] = ["settings", "registry", "manifest", "addressables"];

/// The schema of that name; that of the manifest knows the settings of `importers`.
#[must_use]
pub fn schema(name: &str, importers: &ImporterSet) -> Option<Value> {
    let (title, body) = match name {
        "settings" => ("packwright.toml", settings()),
        "registry" => ("packwright.registry.json", registry()),
        "manifest" => ("asset.json", manifest(importers)),
        "addressables" => ("addressables.json", addressables()),
        _ => return None,
    };
    let mut schema = Map::new();
    schema.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("title".into(), title.into());
    if let Value::Object(body) = body {
        schema.extend(body);
    }
    Some(Value::Object(schema))
}

fn schema_number() -> Value {
    json!({"const": 1, "description": "The version of this file's format."})
}

fn uuid(description: &str) -> Value {
    json!({"type": "string", "format": "uuid", "minLength": 36, "maxLength": 36, "description": description})
}

fn address() -> Value {
    let segment = "[a-z0-9](?:[a-z0-9_-]|\\.(?!\\.))*";
    let pattern = format!("^(?:{segment}(?<![._-])/)*{segment}(?<![._-])$");
    json!({
        "type": "string", "maxLength": Address::MAX_BYTES, "pattern": pattern,
        "description": "The asset's logical name, unique in the registered world."
    })
}

fn asset_id() -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": u32::MAX, "description": "The asset's run-time number."})
}

fn path(description: &str) -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": RelPath::MAX_BYTES, "description": description})
}

fn pattern(description: &str) -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": Pattern::MAX_BYTES, "description": description})
}

/// An object of these members and no others.
fn closed(required: &[&str], properties: &Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

/// An object in which fields of newer versions may stand.
fn open(required: &[&str], properties: &Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

fn settings() -> Value {
    let name_pattern = format!("^(?!\\.{{1,2}}$)[A-Za-z0-9._-]{{1,{}}}$", Settings::MAX_NAME);
    let project = closed(
        &["id", "name"],
        &json!({
            "id": uuid("The project's identity."),
            "name": {"type": "string", "pattern": name_pattern, "description": "The project's name, and its pack's."}
        }),
    );
    let ignore = json!({
        "type": "array", "items": {"type": "string", "minLength": 1},
        "description": "What to leave out below the assets folder, in gitignore syntax."
    });
    let assets = closed(&[], &json!({"dir": path("The assets folder, in the workspace."), "ignore": ignore}));
    let compression = json!({"enum": ["none", "lz4"], "default": "none", "description": "How parts lie in the pack."});
    let build =
        closed(&[], &json!({"out": path("The folder of outputs, in the workspace."), "compression": compression}));
    let trust_lock = json!({
        "type": "boolean", "default": false,
        "description": "Write even where the file system cannot be proven to lock."
    });
    let properties = json!({
        "schema": schema_number(), "project": project, "assets": assets, "build": build, "doctor": doctor_settings(),
        "workspace": closed(&[], &json!({"trust_lock": trust_lock}))
    });
    closed(&["schema", "project"], &properties)
}

fn doctor_settings() -> Value {
    let levels = json!({
        "type": "object", "propertyNames": {"pattern": "^H[0-9]{3}$"},
        "additionalProperties": {"enum": ["off", "info", "warning"]},
        "description": "Levels of hygiene findings, by code."
    });
    let allow = closed(
        &["code", "path", "reason"],
        &json!({
            "code": {"type": "string", "pattern": "^H[0-9]{3}$"},
            "path": pattern("The files it may concern, relative to the workspace."),
            "reason": {"type": "string", "description": "Why it is meant to be."}
        }),
    );
    closed(&[], &json!({"levels": levels, "allow": {"type": "array", "items": allow}}))
}

fn registry() -> Value {
    let entry = open(
        &["asset_id", "uuid", "root", "included"],
        &json!({
            "asset_id": asset_id(),
            "uuid": uuid("The asset's identity, as its manifest says it."),
            "root": path("The asset root, relative to the assets folder."),
            "included": {"type": "boolean", "description": "Whether builds take the asset."}
        }),
    );
    open(&["schema", "assets"], &json!({"schema": schema_number(), "assets": {"type": "array", "items": entry}}))
}

fn manifest(importers: &ImporterSet) -> Value {
    let mut names: Vec<&str> = importers.iter().map(|importer| importer.name()).collect();
    names.insert(0, ImporterSet::AUTO);
    let rule = open(
        &["pattern", "importer"],
        &json!({"pattern": pattern("Sources, relative to the root."), "importer": {"enum": names}}),
    );
    let rules = json!({"type": "array", "items": rule, "maxItems": Manifest::MAX_PATTERNS});
    let settings: Map<String, Value> = importers
        .iter()
        .map(|importer| (importer.name().to_owned(), closed(&[], &importer_settings(importer.settings()))))
        .collect();
    let label = json!({
        "type": "string", "minLength": 1, "maxLength": Manifest::MAX_LABEL_BYTES,
        "pattern": "^[^,\\s\\u0000-\\u001f](?:[^,\\u0000-\\u001f]*[^,\\s\\u0000-\\u001f])?$"
    });
    let properties = json!({
        "schema": schema_number(),
        "uuid": uuid("The asset's identity; it travels with the folder."),
        "address": address(),
        "importer": {
            "anyOf": [{"enum": names}, rules], "default": ImporterSet::AUTO,
            "description": "Who imports the sources: one importer, or a list in which the last matching pattern wins."
        },
        "sources": {
            "type": "array", "items": pattern("Files, relative to the root."), "maxItems": Manifest::MAX_PATTERNS,
            "description": "Which files are sources. Without it, every file but the manifest."
        },
        "settings": closed(&[], &Value::Object(settings)),
        "labels": {"type": "array", "items": label, "maxItems": Manifest::MAX_LABELS},
        "preload": {"type": "boolean", "default": false}
    });
    open(&["schema", "uuid", "address"], &properties)
}

fn importer_settings(declared: &[Setting]) -> Value {
    declared.iter().map(|setting| (setting.name.to_owned(), importer_setting(setting))).collect()
}

fn importer_setting(setting: &Setting) -> Value {
    let mut schema = match setting.kind {
        SettingKind::Choice(words) => json!({"enum": words}),
        SettingKind::Switch { .. } => json!({"type": "boolean"}),
        SettingKind::Whole { min, max, .. } => json!({"type": "integer", "minimum": min, "maximum": max}),
    };
    schema["default"] = setting.default_value().to_json();
    schema["description"] = setting.summary.into();
    schema
}

fn addressables() -> Value {
    let one = closed(&["address", "asset_id"], &json!({"address": address(), "asset_id": asset_id()}));
    let pack = json!({"type": "string", "pattern": "^blake3:[0-9a-f]{64}$", "description": "The pack's hash."});
    closed(
        &["schema", "pack", "addressables"],
        &json!({"schema": schema_number(), "pack": pack, "addressables": {"type": "array", "items": one}}),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::importer::{Claim, ImportError, Imported, Importer, Metadata, Settings as ImporterSettings, Source};

    struct Image;

    impl Importer for Image {
        fn name(&self) -> &'static str {
            "image"
        }

        fn version(&self) -> u32 {
            1
        }

        fn settings(&self) -> &'static [Setting] {
            const OUTPUT: Setting =
                Setting { name: "output", summary: "what to make", kind: SettingKind::Choice(&["source", "rgba8"]) };
            const SIDE: Setting =
                Setting { name: "side", summary: "pixels", kind: SettingKind::Whole { min: 1, max: 9, default: 4 } };
            &[OUTPUT, SIDE]
        }

        fn keeps(&self, _: &ImporterSettings) -> bool {
            true
        }

        fn claims(&self, _: Claim, _: &Source<'_>) -> bool {
            true
        }

        fn import(&self, _: &Source<'_>, _: &ImporterSettings) -> Result<Imported, ImportError> {
            Ok(Imported::kept("png", Metadata::default()))
        }
    }

    fn importers() -> ImporterSet {
        let mut set = ImporterSet::default();
        set.add(Arc::new(Image)).expect("a name");
        set
    }

    fn keys(schema: &Value) -> Vec<&str> {
        schema["properties"].as_object().expect("an object").keys().map(String::as_str).collect()
    }

    #[test]
    fn every_name_has_a_schema_and_others_have_none() {
        for name in SCHEMA_NAMES {
            let schema = schema(name, &importers()).expect(name);
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
            assert_eq!(schema["properties"]["schema"]["const"], 1, "{name}");
        }
        assert_eq!(schema("pack", &importers()), None);
    }

    #[test]
    fn the_manifest_schema_knows_the_importers_and_their_settings() {
        let manifest = schema("manifest", &importers()).expect("a schema");
        assert_eq!(manifest["properties"]["importer"]["anyOf"][0], json!({"enum": ["auto", "image"]}));
        let settings = &manifest["properties"]["settings"]["properties"]["image"];
        assert_eq!(settings["properties"]["output"]["enum"], json!(["source", "rgba8"]));
        assert_eq!(
            settings["properties"]["side"],
            json!({"type": "integer", "minimum": 1, "maximum": 9, "default": 4, "description": "pixels"})
        );
        assert_eq!(settings["additionalProperties"], false);
    }

    #[test]
    fn schemas_name_the_fields_that_readers_know() {
        let mut known = Manifest::FIELDS.to_vec();
        known.sort_unstable();
        assert_eq!(keys(&schema("manifest", &importers()).expect("a schema")), known);
        let registry = schema("registry", &importers()).expect("a schema");
        let mut known = super::super::RegistryEntry::FIELDS.to_vec();
        known.sort_unstable();
        assert_eq!(keys(&registry["properties"]["assets"]["items"]), known);
    }
}
