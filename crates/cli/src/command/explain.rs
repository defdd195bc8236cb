//! `packwright explain`.

use clap::Args;
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use packwright::diagnose::{Class, Code, Severity};
use serde::Serialize;

use super::Ended;
use super::doctor::code;
use crate::host::Host;
use crate::text::{Table, word};

/// Say what a finding means and what to do
///
/// Without a code it lists them all.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright explain S203
  packwright explain source-missing
  packwright explain

--json prints {code, name, class, severity, page}, or an array of these without `page`.")]
pub(crate) struct Explain {
    /// A code, or its name
    #[arg(value_name = "CODE", value_parser = code, add = ArgValueCandidates::new(codes))]
    code: Option<Code>,
}

#[derive(Serialize)]
struct Entry {
    code: Code,
    name: &'static str,
    class: Class,
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'static str>,
}

impl Entry {
    fn of(code: Code) -> Self {
        Self { code, name: code.name(), class: code.class(), severity: code.default_severity(), page: None }
    }
}

impl Explain {
    pub(super) fn run(self, host: &Host) -> Ended {
        let terminal = &host.terminal;
        match self.code {
            Some(code) if terminal.json() => {
                terminal.result_json(&Entry { page: Some(code.page()), ..Entry::of(code) });
            }
            Some(code) => terminal.result(code.page()),
            None if terminal.json() => {
                terminal.result_json(&Code::ALL.iter().copied().map(Entry::of).collect::<Vec<_>>());
            }
            None => list(host),
        }
        Ok(0)
    }
}

fn list(host: &Host) {
    let mut table = Table::new(["CODE", "NAME", "CLASS", "SEVERITY"]);
    for entry in Code::ALL.iter().copied().map(Entry::of) {
        let code = entry.code.as_str().to_owned();
        table.row([code, entry.name.to_owned(), word(&entry.class), word(&entry.severity)]);
    }
    host.terminal.result(&table.render(host.terminal.out()));
    host.terminal.next("`packwright explain CODE`");
}

fn codes() -> Vec<CompletionCandidate> {
    Code::ALL.iter().map(|code| CompletionCandidate::new(code.as_str()).help(Some(code.name().into()))).collect()
}
