//! What a host answers by itself, in the shape that every answer has: what it refuses before any service is asked, and that
//! an operation goes on.
//!
//! The services answer for themselves, with a [`Response`](super::Response); this is for what happens around them. Where a
//! `Response` always has a service, this may have none.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Blocker, BlockerCode, Data, OperationClass, RuntimeState, Service};
use crate::diagnose::Diagnostic;
use crate::plan::Action;
use crate::value::{AssetRef, OperationId, ProjectId};

/// Why a host did nothing, or what broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What stands in the way; `None` where something broke.
    pub code: Option<BlockerCode>,
    /// The same in a sentence.
    pub message: String,
    /// What would lift it; may be empty.
    pub help: String,
}

impl Refusal {
    /// The request makes no sense.
    #[must_use]
    pub fn bad_request(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::blocked(BlockerCode::BadRequest, message, help)
    }

    /// Something stands in the way.
    #[must_use]
    pub fn blocked(code: BlockerCode, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code: Some(code), message: message.into(), help: help.into() }
    }

    /// Something broke.
    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), help: String::new() }
    }

    /// The same, with what to do.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// The exit code of a command that ends so, as a response's.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self.code {
            Some(BlockerCode::BadRequest) => 2,
            Some(code) if !code.is_environment() => 1,
            _ => 3,
        }
    }

    /// As an answer; `service` where one was to be asked.
    #[must_use]
    pub fn into_answer(self, service: Option<Service>) -> HostAnswer {
        let Self { code, message, help } = self;
        let status = if code.is_some() { HostStatus::Blocked } else { HostStatus::Failed };
        let blockers = code.map(|code| Blocker::new(code, message.clone(), help)).into_iter().collect();
        HostAnswer { blockers, ..HostAnswer::new(status, service, message) }
    }
}

/// How things stand with what a host was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HostStatus {
    /// Nothing was done; the blockers say why.
    Blocked,
    /// Something broke; nothing was done.
    Failed,
    /// The operation waits or runs. Never of one that has ended: that has a response.
    Running,
}

/// What a host answers by itself: the fields of a response.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HostAnswer {
    /// How things stand.
    pub status: HostStatus,
    /// The service; null where none was asked.
    pub service: Option<Service>,
    /// What it could change; null where no service was asked.
    pub operation_class: Option<OperationClass>,
    /// The operation; null where none began.
    pub operation_id: Option<OperationId>,
    /// The project; null where none is known.
    pub project_id: Option<ProjectId>,
    /// Null: nothing was read from a snapshot.
    pub revision: Option<u64>,
    /// Of no project: nothing is said of it.
    pub runtime_state: RuntimeState,
    /// What is so, in one line.
    pub summary: String,
    /// Empty.
    pub affected_assets: Vec<AssetRef>,
    /// Empty.
    pub diagnostics: Vec<Diagnostic>,
    /// Empty.
    pub proposed_actions: Vec<Action>,
    /// Empty.
    pub applied_actions: Vec<Action>,
    /// Why nothing was done.
    pub blockers: Vec<Blocker>,
    /// An empty object.
    pub data: Data,
}

impl HostAnswer {
    fn new(status: HostStatus, service: Option<Service>, summary: String) -> Self {
        Self {
            status,
            service,
            operation_class: service.map(Service::class),
            operation_id: None,
            project_id: None,
            revision: None,
            runtime_state: RuntimeState::default(),
            summary,
            affected_assets: Vec::new(),
            diagnostics: Vec::new(),
            proposed_actions: Vec::new(),
            applied_actions: Vec::new(),
            blockers: Vec::new(),
            data: Data::None {},
        }
    }

    /// That an operation has been taken and has not ended. `class` is that of its request.
    #[must_use]
    pub fn running(
        (service, class): (Service, OperationClass),
        operation_id: OperationId,
        project_id: Option<ProjectId>,
    ) -> Self {
        let summary = format!("{} goes on", service.name());
        Self {
            operation_class: Some(class),
            operation_id: Some(operation_id),
            project_id,
            ..Self::new(HostStatus::Running, Some(service), summary)
        }
    }

    /// About this project.
    #[must_use]
    pub fn of_project(self, project_id: Option<ProjectId>) -> Self {
        Self { project_id, ..self }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::service::{Response, Status};

    fn fields(of: &impl Serialize) -> Vec<String> {
        let Ok(Value::Object(object)) = serde_json::to_value(of) else { panic!("an object") };
        object.keys().cloned().collect()
    }

    #[test]
    fn what_a_host_answers_has_the_fields_of_a_response() {
        let response = Response {
            status: Status::Ok,
            service: Service::Build,
            operation_class: OperationClass::ReadOnly,
            operation_id: None,
            project_id: None,
            revision: None,
            runtime_state: RuntimeState::default(),
            summary: String::new(),
            affected_assets: Vec::new(),
            diagnostics: Vec::new(),
            proposed_actions: Vec::new(),
            applied_actions: Vec::new(),
            blockers: Vec::new(),
            data: Data::None {},
        };
        assert_eq!(fields(&Refusal::failed("x").into_answer(None)), fields(&response));
    }

    #[test]
    fn a_refusal_names_its_blocker_and_a_failure_has_none() {
        let refused = Refusal::bad_request("no such thing", "ask for another").into_answer(None);
        let refused = serde_json::to_value(refused).expect("JSON");
        let blockers = json!([{"code": "bad_request", "message": "no such thing", "help": "ask for another"}]);
        assert_eq!((&refused["status"], &refused["blockers"]), (&json!("blocked"), &blockers));
        assert_eq!((&refused["service"], &refused["operation_class"]), (&Value::Null, &Value::Null));
        let failed = serde_json::to_value(Refusal::failed("it broke").into_answer(Some(Service::Build))).expect("JSON");
        assert_eq!((&failed["status"], &failed["summary"]), (&json!("failed"), &json!("it broke")));
        assert_eq!((&failed["service"], &failed["operation_class"]), (&json!("build"), &json!("workspace_mutation")));
        assert_eq!((&failed["blockers"], &failed["data"]), (&json!([]), &json!({})));
    }

    #[test]
    fn an_operation_that_goes_on_is_named_with_its_service_class_and_project() {
        let (operation, project) = (OperationId::mint(), ProjectId::mint());
        let asked = (Service::Build, OperationClass::ReadOnly);
        let answer = HostAnswer::running(asked, operation, Some(project));
        let answer = serde_json::to_value(answer).expect("JSON");
        assert_eq!(answer["status"], "running");
        assert_eq!((&answer["service"], &answer["operation_class"]), (&json!("build"), &json!("read_only")));
        assert_eq!((&answer["operation_id"], &answer["project_id"]), (&json!(operation), &json!(project)));
    }
}
