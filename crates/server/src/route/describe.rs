//! The words in which routes describe themselves, for `openapi.json`.

use packwright::service::Schemas;
use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

const SCHEMAS: &str = "/components/schemas";

/// The schemas that a description refers to, and sentences that come again.
pub(super) struct Words {
    /// Of the services.
    pub(super) services: Schemas,
    own: SchemaGenerator,
}

/// One operation as `openapi.json` has it.
pub(super) struct Described {
    pub(super) path: String,
    pub(super) method: &'static str,
    pub(super) operation: Value,
}

impl Words {
    pub(super) fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = SCHEMAS.into());
        Self { services: Schemas::at(SCHEMAS), own: settings.for_serialize().into_generator() }
    }

    /// The schema of a type of this service, as it is sent.
    pub(super) fn schema<T: JsonSchema>(&mut self) -> Value {
        self.own.subschema_for::<T>().to_value()
    }

    /// All definitions that were referred to.
    pub(super) fn into_definitions(mut self) -> Map<String, Value> {
        let mut all = self.own.take_definitions(true);
        all.extend(self.services.definitions);
        all
    }

    /// The response of any service.
    pub(super) fn any_response() -> Value {
        json!({"$ref": format!("#{SCHEMAS}/Response")})
    }

    /// An answer in JSON.
    pub(super) fn answer(description: &str, schema: &Value) -> Value {
        json!({"description": description, "content": {"application/json": {"schema": schema}}})
    }

    /// A refusal of this service's own.
    pub(super) fn refused(&self, description: &str) -> Value {
        Self::answer(description, self.services.host_answer())
    }

    /// An operation with what it may answer, beside what every route may.
    pub(super) fn operation(&self, id: &str, summary: &str, mut responses: Value) -> Value {
        for (status, description) in [
            ("401", "No token and no cookie, or a wrong one."),
            ("403", "`Host`, `Origin` or `Sec-Fetch-Site` is not ours."),
            ("405", "The route takes no such method."),
            ("500", "Something broke."),
        ] {
            if responses[status].is_null() {
                responses[status] = self.refused(description);
            }
        }
        json!({"operationId": id, "summary": summary, "responses": responses})
    }

    /// The refusals of a route that takes a body.
    pub(super) fn refuse_bodies(&self, responses: &mut Value) {
        for (status, description) in [
            ("408", "The body did not come in time."),
            ("413", "The body is larger than 16 MiB."),
            ("415", "The body is no JSON by its own word."),
            ("422", "The body cannot be read as the request; the message names the place."),
            ("429", "As much is at work as there may be."),
        ] {
            if responses[status].is_null() {
                responses[status] = self.refused(description);
            }
        }
    }

    /// The project in an address.
    pub(super) fn project_id(&self) -> Value {
        Self::in_path("project_id", "A project that is open.", &json!({"type": "string", "format": "uuid"}))
    }

    /// The operation in an address.
    pub(super) fn operation_id(&self) -> Value {
        Self::in_path("operation_id", "An operation.", &json!({"type": "string", "format": "uuid"}))
    }

    /// The hash in an address.
    pub(super) fn hash(&self) -> Value {
        let schema = json!({"type": "string", "pattern": "^(blake3:)?[0-9a-f]{64}$"});
        Self::in_path("hash", "The hash of content, as answers have it.", &schema)
    }

    fn in_path(name: &str, description: &str, schema: &Value) -> Value {
        json!({"name": name, "in": "path", "required": true, "description": description, "schema": schema})
    }
}

impl Described {
    pub(super) fn new(path: impl Into<String>, method: &'static str, operation: Value) -> Self {
        Self { path: path.into(), method, operation }
    }

    /// With another member.
    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        self.operation[name] = value;
        self
    }
}
