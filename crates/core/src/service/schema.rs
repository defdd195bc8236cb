//! The JSON Schemas of the door's words, made from their types.
//!
//! What is asked is described as it may be sent, what is answered as it is sent: there every field stands that is not left
//! out on purpose. [`Schemas`] has both, with one set of definitions, as a description of an interface wants them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::mutation::Mutation;
use super::*;

/// Of one type.
struct Form {
    /// Where it is defined.
    refer: fn(&mut SchemaGenerator) -> Schema,
    /// All of it.
    whole: fn(&mut SchemaGenerator) -> Schema,
}

impl Form {
    fn of<T: JsonSchema>() -> Self {
        Self { refer: SchemaGenerator::subschema_for::<T>, whole: T::json_schema }
    }
}

fn request_form(service: Service) -> Form {
    match service {
        Service::InitWorkspace => Form::of::<Mutation<InitWorkspace>>(),
        Service::RegisterAsset => Form::of::<Mutation<RegisterAsset>>(),
        Service::IncludeAssetInBuild | Service::ExcludeAssetFromBuild => Form::of::<Mutation<Selection>>(),
        Service::RemoveAsset => Form::of::<Mutation<RemoveAsset>>(),
        Service::EditAsset => Form::of::<Mutation<EditAsset>>(),
        Service::RelocateAsset => Form::of::<Mutation<RelocateAsset>>(),
        Service::ListAssets => Form::of::<ListAssets>(),
        Service::GetAssetDetails => Form::of::<GetAssetDetails>(),
        Service::Doctor => Form::of::<Doctor>(),
        Service::AllowFindings => Form::of::<Mutation<AllowFindings>>(),
        Service::ApplyFixes => Form::of::<Mutation<ApplyFixes>>(),
        Service::Build => Form::of::<Build>(),
        Service::PruneCache => Form::of::<PruneCache>(),
        Service::GetCompileSurface => Form::of::<GetCompileSurface>(),
        Service::GetBuildReport => Form::of::<GetBuildReport>(),
        Service::GetStatus => Form::of::<GetStatus>(),
        Service::ListQuarantine => Form::of::<ListQuarantine>(),
        Service::RestoreQuarantined => Form::of::<Mutation<RestoreQuarantined>>(),
        Service::PurgeQuarantined => Form::of::<Mutation<PurgeQuarantined>>(),
        Service::GetHistory => Form::of::<GetHistory>(),
        Service::Revert => Form::of::<Mutation<Revert>>(),
        Service::Recover => Form::of::<Mutation<Recover>>(),
    }
}

fn data_form(service: Service) -> Form {
    match service {
        Service::InitWorkspace => Form::of::<InitData>(),
        Service::RegisterAsset => Form::of::<RegisterData>(),
        Service::IncludeAssetInBuild | Service::ExcludeAssetFromBuild => Form::of::<InclusionData>(),
        Service::RemoveAsset | Service::ListQuarantine | Service::RestoreQuarantined | Service::PurgeQuarantined => {
            Form::of::<QuarantineData>()
        }
        Service::EditAsset => Form::of::<EditData>(),
        Service::RelocateAsset => Form::of::<RelocateData>(),
        Service::ListAssets => Form::of::<ListData>(),
        Service::GetAssetDetails => Form::of::<DetailsData>(),
        Service::Doctor => Form::of::<DoctorData>(),
        Service::AllowFindings => Form::of::<AllowData>(),
        Service::ApplyFixes => Form::of::<FixesData>(),
        Service::Build => Form::of::<BuildData>(),
        Service::PruneCache => Form::of::<PruneData>(),
        Service::GetCompileSurface => Form::of::<SurfaceData>(),
        Service::GetBuildReport => Form::of::<ReportData>(),
        Service::GetStatus => Form::of::<StatusData>(),
        Service::GetHistory | Service::Revert => Form::of::<HistoryData>(),
        Service::Recover => Form::of::<RecoverData>(),
    }
}

/// The schema of what a service is asked with, its name left out. For a generator of what is read.
#[must_use]
pub fn request_schema(service: Service, generator: &mut SchemaGenerator) -> Schema {
    (request_form(service).refer)(generator)
}

/// The schema of a service's `data`. For a generator of what is written.
#[must_use]
pub fn data_schema(service: Service, generator: &mut SchemaGenerator) -> Schema {
    let mut any = vec![(data_form(service).refer)(generator)];
    if service.is_mutation() {
        any.push(generator.subschema_for::<PlanData>());
    }
    any.push(generator.subschema_for::<NoData>());
    json_schema!({"anyOf": any})
}

/// The schema of a service's response. For a generator of what is written.
#[must_use]
pub fn response_schema(service: Service, generator: &mut SchemaGenerator) -> Schema {
    let (any, data) = (generator.subschema_for::<Response>(), data_schema(service, generator));
    json_schema!({"allOf": [any, {"properties": {"service": {"const": service.name()}, "data": data}}]})
}

/// An empty object: the operation did not come so far.
struct NoData;

impl JsonSchema for NoData {
    fn schema_name() -> Cow<'static, str> {
        "NoData".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An empty object: the operation did not come so far.",
            "type": "object", "additionalProperties": false
        })
    }
}

impl JsonSchema for Data {
    fn schema_name() -> Cow<'static, str> {
        "Data".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut any: Vec<Value> = Vec::new();
        let of_services = Service::ALL.iter().map(|service| (data_form(*service).refer)(generator).to_value());
        for one in of_services.collect::<Vec<_>>() {
            if !any.contains(&one) {
                any.push(one);
            }
        }
        any.push(generator.subschema_for::<PlanData>().to_value());
        any.push(generator.subschema_for::<NoData>().to_value());
        json_schema!({"description": "What a service answers beside the common fields.", "anyOf": any})
    }
}

impl JsonSchema for Request {
    fn schema_name() -> Cow<'static, str> {
        "Request".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut one = |service: Service| {
            let mut schema = (request_form(service).whole)(generator).to_value();
            with_property(&mut schema, "service", &json!({"const": service.name()}), true);
            schema
        };
        let all: Vec<Value> = Service::ALL.iter().map(|service| one(*service)).collect();
        json_schema!({"description": "What a surface asks.", "oneOf": all})
    }
}

impl<T: JsonSchema> JsonSchema for Mutation<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Request", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut ask = T::json_schema(generator).to_value();
        let mode = generator.subschema_for::<Mode>().to_value();
        with_property(&mut ask, "mode", &json!({"allOf": [mode], "default": "apply"}), false);
        let mut apply = ApplyPlan::json_schema(generator).to_value();
        apply["oneOf"] = json!([{"required": ["plan_id"]}, {"required": ["plan"]}]);
        json_schema!({"anyOf": [ask, apply]})
    }
}

/// Adds a property to an object, or to each of the objects that a schema takes one of.
fn with_property(schema: &mut Value, name: &str, property: &Value, required: bool) {
    if let Some(branches) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        return branches.iter_mut().for_each(|branch| with_property(branch, name, property, required));
    }
    schema["properties"][name] = property.clone();
    if required {
        match schema.get_mut("required").and_then(Value::as_array_mut) {
            Some(names) => names.insert(0, name.into()),
            None => schema["required"] = json!([name]),
        }
    }
}

/// All requests and responses, as schemas that share one set of definitions.
#[derive(Debug, Clone)]
pub struct Schemas {
    /// The definitions, by name. They refer to each other by the pointer that was given.
    pub definitions: Map<String, Value>,
    requests: BTreeMap<Service, Value>,
    responses: BTreeMap<Service, Value>,
    any_request: Value,
    any_response: Value,
    host_answer: Value,
}

impl Schemas {
    /// Schemas whose definitions will stand at this JSON pointer: `/$defs`, or `/components/schemas`.
    #[must_use]
    pub fn at(pointer: &'static str) -> Self {
        let mut asked = generator(pointer, Contract::Deserialize);
        let mut answered = generator(pointer, Contract::Serialize);
        let all = || Service::ALL.iter().copied();
        let requests = all().map(|service| (service, request_schema(service, &mut asked).to_value())).collect();
        let responses = all().map(|service| (service, response_schema(service, &mut answered).to_value())).collect();
        let any_request = asked.subschema_for::<Request>().to_value();
        let any_response = answered.subschema_for::<Response>().to_value();
        let host_answer = answered.subschema_for::<HostAnswer>().to_value();
        let mut definitions = answered.take_definitions(true);
        // A request stands in a plan too. What is sent of it there may be sent as a request, so that one definition does.
        definitions.extend(asked.take_definitions(true));
        Self { definitions, requests, responses, any_request, any_response, host_answer }
    }

    /// What a service is asked with, its name left out.
    #[must_use]
    pub fn request(&self, service: Service) -> &Value {
        &self.requests[&service]
    }

    /// What a service answers: the whole response.
    #[must_use]
    pub fn response(&self, service: Service) -> &Value {
        &self.responses[&service]
    }

    /// What a host answers by itself.
    #[must_use]
    pub const fn host_answer(&self) -> &Value {
        &self.host_answer
    }

    /// The schema of any request, as a document of its own.
    #[must_use]
    pub fn request_document() -> Value {
        let schemas = Self::at("/$defs");
        schemas.document("request", &schemas.any_request)
    }

    /// The schema of any response, as a document of its own.
    #[must_use]
    pub fn response_document() -> Value {
        let schemas = Self::at("/$defs");
        schemas.document("response", &schemas.any_response)
    }

    fn document(&self, title: &str, root: &Value) -> Value {
        let definitions = reachable(&self.definitions, root);
        let draft = "https://json-schema.org/draft/2020-12/schema";
        json!({"$schema": draft, "title": title, "$ref": root["$ref"], "$defs": definitions})
    }
}

fn generator(pointer: &'static str, contract: Contract) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12();
    let settings = settings.with(|settings| {
        settings.definitions_path = pointer.into();
        settings.contract = contract;
    });
    settings.into_generator()
}

/// The definitions that a schema leads to.
fn reachable(definitions: &Map<String, Value>, root: &Value) -> Map<String, Value> {
    let mut found = Map::new();
    let mut due: Vec<&Value> = vec![root];
    while let Some(next) = due.pop() {
        match next {
            Value::Object(members) => {
                let name = members.get("$ref").and_then(Value::as_str).and_then(|at| at.rsplit('/').next());
                if let Some((name, definition)) = name.and_then(|name| definitions.get_key_value(name))
                    && !found.contains_key(name)
                {
                    found.insert(name.clone(), definition.clone());
                    due.push(definition);
                }
                due.extend(members.values());
            }
            Value::Array(items) => due.extend(items),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definitions(contract: Contract, make: impl Fn(Service, &mut SchemaGenerator) -> Schema) -> Map<String, Value> {
        let mut generator = generator("/$defs", contract);
        for service in Service::ALL {
            make(*service, &mut generator);
        }
        generator.take_definitions(true)
    }

    #[test]
    fn one_definition_does_for_what_is_asked_and_answered_unless_it_is_part_of_a_request() {
        let asked = definitions(Contract::Deserialize, request_schema);
        let answered = definitions(Contract::Serialize, response_schema);
        let differ = answered.iter().filter(|(name, schema)| asked.get(*name).is_some_and(|other| other != *schema));
        let names: Vec<&str> = differ.map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["ListFilter", "PlanFile", "Request"]);
    }

    #[test]
    fn every_definition_that_is_referred_to_is_there() {
        let schemas = Schemas::at("/components/schemas");
        let text = serde_json::to_string(&schemas.definitions).expect("JSON");
        let names = text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
        for name in names {
            assert!(schemas.definitions.contains_key(name), "{name}");
        }
        assert!(!text.contains("#/$defs"));
    }

    #[test]
    fn documents_are_schemas_and_say_what_they_are_of() {
        for (document, root) in [(Schemas::request_document(), "Request"), (Schemas::response_document(), "Response")] {
            jsonschema::meta::validate(&document).expect("a schema");
            assert_eq!(document["$ref"], format!("#/$defs/{root}"));
            assert!(document["$defs"].get(root).is_some());
        }
        assert!(Schemas::request_document()["$defs"].get("Response").is_none());
    }
}
