//! What the command line itself refuses or fails at, in the shape that every answer has.
//!
//! The services answer for themselves; this is for what happens around them: arguments, paths, packs and other files.

use packwright::service::{self, Blocker, BlockerCode, Service};

use crate::terminal::Terminal;
use crate::text;

/// Why a command did nothing, or broke.
#[derive(Debug)]
pub(crate) struct Refusal(service::Refusal);

impl Refusal {
    /// The request makes no sense: exit code 2.
    pub(crate) fn bad_request(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self(service::Refusal::bad_request(message, help))
    }

    /// Something stands in the way: exit code 1, or 3 where it is the place.
    pub(crate) fn blocked(code: BlockerCode, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self(service::Refusal::blocked(code, message, help))
    }

    /// Something broke: exit code 3.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self(service::Refusal::failed(message))
    }

    /// The same, with what to do.
    pub(crate) fn with_help(self, help: impl Into<String>) -> Self {
        Self(self.0.with_help(help))
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
            let exit_code = self.0.exit_code();
            terminal.result_json(&self.0.into_answer(service));
            return exit_code;
        }
        self.report_beside(terminal)
    }

    /// Says it on stderr alone, where stdout has its answer or cannot have one.
    pub(crate) fn report_beside(self, terminal: &Terminal) -> u8 {
        let exit_code = self.0.exit_code();
        let service::Refusal { code, message, help } = self.0;
        let text = match code {
            Some(code) => text::blocker(&Blocker::new(code, message, help), terminal.err()),
            None => text::failure(None, &message, &help, terminal.err()),
        };
        terminal.error(&text);
        exit_code
    }
}
