//! The JSON Schema (draft 2020-12) of an event, made from the types.
//!
//! It is open, as readers are to be: fields and kinds of later versions pass.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::form::Form;
use super::{Event, Kind, Progress};

/// The JSON Schema of an event: its envelope, and the payload of each kind.
#[must_use]
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let kinds: Vec<Value> = Kind::ALL.iter().flat_map(|kind| of_kind(*kind, &mut generator)).collect();
    let mut schema = Value::from(generator.into_root_schema_for::<Event>());
    schema["title"] = "event".into();
    schema["properties"]["kind"]["examples"] = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    schema["properties"]["payload"]["properties"] = json!({
        "merged": {
            "type": "integer", "minimum": 2,
            "description": "How many published events this one stands for, where a full ring merged some."
        },
        "affected_assets_total": {
            "type": "integer", "minimum": 1001,
            "description": "How many assets there are, where `affected_assets` was cut."
        }
    });
    schema["allOf"] = kinds.into();
    schema
}

/// What holds for events of one kind. The end of a doctor has another payload than other findings.
fn of_kind(kind: Kind, generator: &mut SchemaGenerator) -> Vec<Value> {
    let has_end_of_its_own = kind == Kind::DiagnosticsUpdated;
    let ends: &[Option<bool>] = if has_end_of_its_own { &[Some(false), Some(true)] } else { &[None] };
    ends.iter().map(|terminal| rule(kind, *terminal, generator)).collect()
}

fn rule(kind: Kind, terminal: Option<bool>, generator: &mut SchemaGenerator) -> Value {
    let payload = (Form::of_kind(kind, terminal.unwrap_or(kind.may_end())).schema)(generator);
    let progress = match kind {
        Kind::ProgressUpdated => generator.subschema_for::<Progress>().into(),
        _ => json!({"type": "null"}),
    };
    let mut is_of_kind = json!({"required": ["kind"], "properties": {"kind": {"const": kind.as_str()}}});
    let mut then = json!({"properties": {"payload": payload, "progress": progress}});
    match terminal {
        Some(terminal) => is_of_kind["properties"]["terminal"] = json!({"const": terminal}),
        None if !kind.may_end() => then["properties"]["terminal"] = json!({"const": false}),
        None => {}
    }
    json!({"if": is_of_kind, "then": then})
}

#[cfg(test)]
mod tests {
    use jsonschema::Validator;
    use snapbox::{assert_data_eq, file};

    use super::super::test_support::samples;
    use super::*;

    fn validator() -> Validator {
        let schema = schema();
        jsonschema::meta::validate(&schema).expect("a schema");
        jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema")
    }

    fn as_json(event: &Event) -> Value {
        serde_json::to_value(event).expect("an event is JSON")
    }

    /// `SNAPSHOTS=overwrite cargo test -p packwright schema` writes the document anew.
    #[test]
    fn the_schema_in_the_documents_is_the_one_that_is_printed() {
        let text = format!("{}\n", serde_json::to_string_pretty(&schema()).expect("JSON"));
        assert_data_eq!(text, file!["../../../../docs/formats/event.schema.json"].raw());
    }

    #[test]
    fn an_event_of_every_kind_is_valid() {
        let validator = validator();
        for event in samples() {
            let json = as_json(&event);
            let problems: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
            assert!(problems.is_empty(), "{}: {problems:?}", event.kind);
        }
    }

    #[test]
    fn an_event_that_lacks_any_field_is_not_valid() {
        let validator = validator();
        for event in samples() {
            let whole = as_json(&event);
            for field in whole.as_object().expect("an object").keys() {
                let mut json = whole.clone();
                json.as_object_mut().expect("an object").remove(field);
                assert!(!validator.is_valid(&json), "{} without {field}", event.kind);
            }
        }
    }

    #[test]
    fn the_payload_of_one_kind_is_not_that_of_another() {
        let validator = validator();
        for (kind, wrong) in [
            ("operation_started", json!({"service": "build"})),
            ("runtime_state_changed", json!({"state": "tired", "reasons": []})),
            ("reconcile_started", json!({"reason": "hints"})),
            ("cache_miss", json!({"count": -1, "reasons": []})),
            ("build_finished", json!({"status": "ok", "blockers": [{"code": "x"}], "diagnostics": []})),
            ("action_applied", json!({"actions": vec![json!({"action_id": 1, "kind": "a", "nature": "b"}); 1_001]})),
        ] {
            let event = samples().into_iter().find(|event| event.kind.as_str() == kind).expect("a sample");
            let mut json = as_json(&event);
            json["payload"] = wrong;
            assert!(!validator.is_valid(&json), "{kind}");
        }
    }

    #[test]
    fn what_a_later_version_may_add_is_valid() {
        let validator = validator();
        for event in samples() {
            let mut json = as_json(&event);
            json["payload"]["more"] = json!({"than": "today"});
            json["weather"] = "fine".into();
            assert!(validator.is_valid(&json), "{} with more", event.kind);
            json["kind"] = "asset_admired".into();
            assert!(validator.is_valid(&json), "a kind of a later version");
        }
    }
}
