//! How the answer of a service is shown.

use packwright::service::{Data, Response, Status};

use crate::host::Host;
use crate::text::{self, Lines};

/// Where a command's findings belong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Findings {
    /// They are what was asked for.
    Result,
    /// They explain what happened.
    Beside,
}

impl Host {
    /// Shows `response`: as JSON, or what was done through `show`, then findings and blockers. Gives the exit code.
    pub(crate) fn answer(&self, response: &Response, show: impl FnOnce(&Response, &Data)) -> u8 {
        self.show(response, Findings::Beside, show)
    }

    /// Like [`Host::answer`], for a command that was asked for the findings.
    pub(crate) fn answer_with_findings(&self, response: &Response, show: impl FnOnce(&Response, &Data)) -> u8 {
        self.show(response, Findings::Result, show)
    }

    fn show(&self, response: &Response, findings: Findings, show: impl FnOnce(&Response, &Data)) -> u8 {
        if self.terminal.json() {
            self.terminal.result_json(response);
            return response.exit_code();
        }
        let done = matches!(response.status, Status::Ok | Status::Preview);
        if findings == Findings::Result && done {
            self.terminal.result(&self.findings(response, findings));
        } else {
            self.terminal.error(&self.findings(response, findings));
        }
        if done {
            show(response, &response.data);
        } else {
            self.not_done(response);
        }
        response.exit_code()
    }

    fn findings(&self, response: &Response, findings: Findings) -> String {
        let paint = if findings == Findings::Result { self.terminal.out() } else { self.terminal.err() };
        let found = &response.diagnostics;
        let lines = self.workspace().map_or_else(Lines::none, |workspace| Lines::read(workspace, found));
        let mut text = text::diagnostics(found, &lines, paint);
        if findings == Findings::Beside {
            text.push_str(&text::verdict(found, paint));
        }
        text
    }

    fn not_done(&self, response: &Response) {
        let paint = self.terminal.err();
        for blocker in &response.blockers {
            self.terminal.error(&text::blocker(blocker, paint));
        }
        match response.status {
            Status::Cancelled => self.terminal.error(&format!("{}\n", text::plain(&response.summary))),
            _ if response.blockers.is_empty() => {
                self.terminal.error(&text::failure(None, &response.summary, "", paint));
            }
            _ => {}
        }
    }
}
