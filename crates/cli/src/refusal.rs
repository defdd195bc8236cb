//! What the command line itself refuses or fails at, in the shape that every answer has.
//!
//! The services answer for themselves; this is for what happens around them: arguments, paths, packs and other files.

use packwright::service::{Blocker, BlockerCode, OperationClass, Service, Status};
use packwright::snapshot::RuntimeState;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::terminal::Terminal;
use crate::text;

/// Why a command did nothing, or broke.
#[derive(Debug)]
pub(crate) struct Refusal {
    code: Option<BlockerCode>,
    message: String,
    help: String,
}

impl Refusal {
    /// The request makes no sense: exit code 2.
    pub(crate) fn bad_request(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::blocked(BlockerCode::BadRequest, message, help)
    }

    /// Something stands in the way: exit code 1, or 3 where it is the place.
    pub(crate) fn blocked(code: BlockerCode, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code: Some(code), message: message.into(), help: help.into() }
    }

    /// Something broke: exit code 3.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), help: String::new() }
    }

    /// The same, with what to do.
    pub(crate) fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// A file could not be read or written.
    pub(crate) fn io(action: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        let message = format!("cannot {action} {}: {error}", path.display());
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::blocked(BlockerCode::NotFound, message, ""),
            _ => Self::failed(message),
        }
    }

    /// Says it, and gives the exit code.
    pub(crate) fn report(self, terminal: &Terminal, service: Option<Service>) -> u8 {
        if terminal.json() {
            let exit_code = self.exit_code();
            terminal.result_json(&Answer::new(self, service));
            return exit_code;
        }
        self.report_beside(terminal)
    }

    /// Says it on stderr alone, where stdout has its answer or cannot have one.
    pub(crate) fn report_beside(self, terminal: &Terminal) -> u8 {
        let exit_code = self.exit_code();
        let text = match self.code {
            Some(code) => text::blocker(&Blocker::new(code, self.message, self.help), terminal.err()),
            None => text::failure(None, &self.message, &self.help, terminal.err()),
        };
        terminal.error(&text);
        exit_code
    }

    fn exit_code(&self) -> u8 {
        match self.code {
            Some(BlockerCode::BadRequest) => 2,
            Some(code) if !code.is_environment() => 1,
            _ => 3,
        }
    }
}

/// A refusal in the shape of a `Response`; `service` and its class are null where no service was asked.
#[derive(Serialize)]
struct Answer {
    status: Status,
    service: Option<Service>,
    operation_class: Option<OperationClass>,
    operation_id: Option<()>,
    project_id: Option<()>,
    revision: Option<()>,
    runtime_state: RuntimeState,
    summary: String,
    affected_assets: [(); 0],
    diagnostics: [(); 0],
    proposed_actions: [(); 0],
    applied_actions: [(); 0],
    blockers: Vec<Blocker>,
    data: Map<String, Value>,
}

impl Answer {
    fn new(refusal: Refusal, service: Option<Service>) -> Self {
        let Refusal { code, message, help } = refusal;
        Self {
            status: if code.is_some() { Status::Blocked } else { Status::Failed },
            service,
            operation_class: service.map(Service::class),
            operation_id: None,
            project_id: None,
            revision: None,
            runtime_state: RuntimeState::default(),
            summary: message.clone(),
            affected_assets: [],
            diagnostics: [],
            proposed_actions: [],
            applied_actions: [],
            blockers: code.map(|code| Blocker::new(code, message, help)).into_iter().collect(),
            data: Map::new(),
        }
    }
}
