//! How the answer of a service is shown.

use packwright::diagnose::Diagnostic;
use packwright::service::{Data, Response, RuntimeState, Service, State, Status};

use crate::host::Host;
use crate::text::{self, Lines, Paint};

impl Host {
    /// Shows `response`: as JSON; or its findings, which explain what happened, and what was done through `show`. Gives
    /// the exit code.
    pub(crate) fn answer(&self, response: &Response, show: impl FnOnce(&Response, &Data)) -> u8 {
        self.answer_found(response, |response, data| {
            self.explain(response);
            show(response, data);
            self.note_state(response);
        })
    }

    /// The same for a command whose result the findings are: `show` shows them in their place.
    pub(crate) fn answer_found(&self, response: &Response, show: impl FnOnce(&Response, &Data)) -> u8 {
        if self.terminal.json() {
            self.terminal.result_json(response);
        } else if matches!(response.status, Status::Ok | Status::Preview) {
            show(response, &response.data);
        } else {
            self.not_done(response);
        }
        response.exit_code()
    }

    /// The findings with the lines of the workspace's files that they are about.
    pub(crate) fn findings(&self, found: &[Diagnostic], paint: Paint) -> String {
        let lines = self.workspace().map_or_else(Lines::none, |workspace| Lines::read(workspace, found));
        text::diagnostics(found, &lines, paint)
    }

    /// Says that what was shown may not be all there is, and why.
    pub(crate) fn note_state(&self, response: &Response) {
        // `recover` says itself what is unfinished.
        if is_broken(response) && response.service != Service::Recover {
            // That files were not looked at is how a cheap read is meant, and no trouble.
            let reasons = response.runtime_state.reasons.iter().filter(|reason| reason.code != NOT_SCANNED);
            let reasons: Vec<_> = reasons.map(|reason| text::plain(&reason.message)).collect();
            let state = text::word(&response.runtime_state.state);
            self.terminal.note(&format!("the project is {state}: {}", reasons.join("; ")));
            self.terminal.next(if needs_recovery(response) { "`packwright recover`" } else { "`packwright doctor`" });
        }
    }

    fn explain(&self, response: &Response) {
        let paint = self.terminal.err();
        let found = &response.diagnostics;
        self.terminal.error(&(self.findings(found, paint) + &text::verdict(found, paint)));
    }

    fn not_done(&self, response: &Response) {
        self.explain(response);
        let paint = self.terminal.err();
        for blocker in &response.blockers {
            self.terminal.error(&text::blocker(blocker, paint));
        }
        if response.status == Status::Cancelled {
            self.terminal.error(&format!("{}\n", text::plain(&response.summary)));
        } else if response.blockers.is_empty() {
            self.terminal.error(&text::failure(None, &response.summary, "", paint));
        }
    }
}

/// The reason of a project that was opened without a scan: what is known is what the last scan found.
const NOT_SCANNED: &str = "not_scanned";

/// The reason of a project in which an operation was stopped half-way, and nothing else can end it.
const RECOVERY_NEEDED: &str = "recovery_needed";

/// Whether an operation waits for a person's word.
pub(crate) fn needs_recovery(response: &Response) -> bool {
    response.runtime_state.reasons.iter().any(|reason| reason.code == RECOVERY_NEEDED)
}

/// Whether all files were looked at.
pub(crate) fn is_scanned(state: &RuntimeState) -> bool {
    !state.reasons.iter().any(|reason| reason.code == NOT_SCANNED)
}

/// Whether the snapshot that was read lacks, or may lack, what the workspace holds.
pub(crate) fn is_broken(response: &Response) -> bool {
    matches!(response.runtime_state.state, State::Diverged | State::Failed)
}
