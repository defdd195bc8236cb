//! `packwright doctor`.

use std::collections::BTreeSet;
use std::path::Path;

use clap::{Args, ValueEnum};
use packwright::diagnose::{Code, Diagnostic, Severity};
use packwright::service::{
    self, AllowData, AllowFindings, ApplyFixes, Data, DoctorData, Request, Response, Scope, Service,
};

use super::Ended;
use crate::export;
use crate::host::Host;
use crate::mutation::HowFar;
use crate::refusal::Refusal;
use crate::text::{self, Lines};

/// Say what is wrong with the registered assets, and what is untidy around them
///
/// It changes nothing, unless it is asked to fix or to allow what it finds.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright doctor
  packwright doctor --workspace            what is unregistered, unused, doubled or in the way, too
  packwright doctor --deep                 decode every source; is the cache what it should be?
  packwright doctor --only H305 -v         these findings alone, and all of them
  packwright doctor --workspace --strict   any finding makes the exit code 1
  packwright doctor --workspace --fix      what can safely be put right: shown, asked for, done
  packwright doctor --workspace --format sarif > findings.sarif
  packwright doctor --allow-all --reason \"as it was when we began\"

Exit codes: 0 nothing structural; 1 structural findings, or any with --strict; 3 a check could not run.")]
pub(crate) struct Doctor {
    /// Look at everything below the assets folder, and at the project's own files
    #[arg(long)]
    workspace: bool,
    /// Decode every source in full, hash every file of the cache and the last pack
    #[arg(long)]
    deep: bool,
    /// Exit with 1 for any finding, not only for structural ones
    #[arg(long)]
    strict: bool,
    /// Look for these codes only (`S203` or `source-missing`)
    #[arg(long, value_name = "CODE", num_args = 1.., value_delimiter = ',', value_parser = code)]
    only: Vec<Code>,
    /// How to print the findings; `json` is the whole answer, as with --json
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show what safe fixes would do, ask, and do it; `--yes` does not ask
    #[arg(long, conflicts_with_all = ["deep", "strict", "format", "allow_all"])]
    fix: bool,
    #[command(flatten)]
    how: HowFar,
    /// Add all hygiene findings there are now to `[[doctor.allow]]` in packwright.toml, for a project with a past
    #[arg(long, requires = "reason", conflicts_with_all = ["workspace", "deep", "strict", "format", "fix"])]
    allow_all: bool,
    /// Why they are meant to be
    #[arg(long, value_name = "TEXT", requires = "allow_all")]
    reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Github,
}

/// A code by number or name.
pub(super) fn code(text: &str) -> Result<Code, String> {
    text.parse().map_err(|()| "no such code; `packwright explain` lists them all".to_owned())
}

impl Doctor {
    pub(super) fn run(self, host: &Host) -> Ended {
        let only: Vec<String> = self.only.iter().map(ToString::to_string).collect();
        if self.allow_all {
            let reason = self.reason.unwrap_or_default();
            return Ok(allow(host, AllowFindings { reason, only }));
        }
        let scope = if self.workspace { Scope::Workspace } else { Scope::Registered };
        if self.fix {
            return fix(host, ApplyFixes { scope, only, fingerprints: Vec::new() }, &self.how);
        }
        if self.how.is_said() {
            let help = "say `--fix` too, or leave it out: a look changes nothing";
            return Err(Refusal::bad_request("`--yes`, `--confirm`, `-n` and `--plan-out` go with `--fix`", help));
        }
        let is_json = host.terminal.json() || self.format == Format::Json;
        if host.terminal.json() && !matches!(self.format, Format::Text | Format::Json) {
            let help = "leave out `--json`, which prints the whole answer, or the other format";
            return Err(Refusal::bad_request("two formats are asked for", help));
        }
        let request = service::Doctor { scope, deep: self.deep, only, cursor: None };
        let response = ask(host, request);
        let exit_code = match &response.data {
            _ if is_json => {
                host.terminal.result_json(&response);
                response.exit_code()
            }
            Data::Doctor(data) => {
                match self.format {
                    Format::Sarif => host.terminal.result_json(&export::sarif(&response.diagnostics, &data.failed)),
                    Format::Github => annotate(host, &response, data),
                    Format::Text | Format::Json => show(host, &response, data),
                }
                response.exit_code()
            }
            _ => host.answer(&response, |_, _| {}),
        };
        let found = self.strict && !response.diagnostics.is_empty();
        Ok(if exit_code == 0 && found { 1 } else { exit_code })
    }
}

/// The answer with all of its pages.
fn ask(host: &Host, request: service::Doctor) -> Response {
    host.with_progress(Service::Doctor, |project, cancel| {
        let mut response = project.call_with(Request::Doctor(request), cancel);
        let next = |response: &Response| match &response.data {
            Data::Doctor(data) => data.next_cursor.clone(),
            _ => None,
        };
        let mut cursor = next(&response);
        while let Some(at) = cursor.take() {
            let page =
                project.call(Request::Doctor(service::Doctor { cursor: Some(at), ..service::Doctor::default() }));
            cursor = next(&page);
            response.diagnostics.extend(page.diagnostics);
        }
        if let Data::Doctor(data) = &mut response.data
            && data.diagnostics_total.take().is_some() | data.affected_assets_total.take().is_some()
        {
            data.next_cursor = None;
            let affected: BTreeSet<_> = response.diagnostics.iter().filter_map(|one| one.asset.clone()).collect();
            response.affected_assets = affected.into_iter().collect();
        }
        response
    })
}

fn show(host: &Host, response: &Response, data: &DoctorData) {
    let (terminal, paint) = (&host.terminal, host.terminal.out());
    let found = &response.diagnostics;
    let lines = host.workspace().map_or_else(Lines::none, |workspace| Lines::read(workspace, found));
    terminal.result(&text::grouped(found, &lines, terminal.verbose(), paint));
    for check in &data.failed {
        let message = format!("the check `{}` could not run: {}", check.check, check.message);
        terminal.result(&text::failure(None, &message, "", paint));
    }
    if data.unchecked_sources > 0 {
        let sources = text::count(data.unchecked_sources, "source");
        terminal.note(&format!("{sources} changed since the last build: the content is checked when it is built"));
    }
    if data.allowed > 0 {
        let findings = text::count(data.allowed, "finding");
        terminal.note(&format!("{findings} allowed by [[doctor.allow]] in packwright.toml"));
    }
    if !data.off.is_empty() {
        let off: Vec<&str> = data.off.iter().map(|code| code.as_str()).collect();
        terminal.note(&format!("off in packwright.toml: {}", off.join(", ")));
    }
    terminal.result(&verdict(found, data, paint));
}

/// The last line.
fn verdict(found: &[Diagnostic], data: &DoctorData, paint: text::Paint) -> String {
    let checks = text::count(data.checks.len() as u64, "check");
    let failed = match data.failed.len() as u64 {
        0 => String::new(),
        n => format!("{} could not run; ", paint.severity(Severity::Error, &text::count(n, "check"))),
    };
    match found.is_empty() {
        true if data.failed.is_empty() => format!("{} by {checks}\n", paint.good("nothing found")),
        true => format!("{failed}nothing found by the others\n"),
        false => failed + &text::verdict(found, paint),
    }
}

fn annotate(host: &Host, response: &Response, data: &DoctorData) {
    // There paths are taken from the top of the repository, which the workspace may lie below.
    let repository = std::env::var_os("GITHUB_WORKSPACE");
    let below = host.workspace().zip(repository.as_deref()).and_then(|(workspace, repository)| {
        let repository = Path::new(repository).canonicalize().ok()?;
        Some(workspace.canonicalize().ok()?.strip_prefix(repository).ok()?.to_owned())
    });
    let prefix: String = below
        .iter()
        .flat_map(|below| below.components())
        .map(|part| part.as_os_str().to_string_lossy() + "/")
        .collect();
    // Of many annotations only the first are shown.
    let mut found: Vec<&Diagnostic> = response.diagnostics.iter().collect();
    found.sort_by_key(|one| std::cmp::Reverse(one.severity));
    host.terminal.result(&export::annotations(found, &data.failed, &prefix));
}

/// Makes what can safely be put right, where somebody says yes.
fn fix(host: &Host, request: ApplyFixes, how: &HowFar) -> Ended {
    let is_wide = request.scope == Scope::Workspace;
    host.mutate_shown(Request::ApplyFixes(request.into()), how, |response, data| {
        host.terminal.result(&format!("{}\n", text::plain(&response.summary)));
        if let Data::ApplyFixes(data) = data {
            for one in &data.fixed {
                host.terminal.result(&format!("  {}  {}\n", one.code, text::plain(&one.title)));
            }
            for one in &data.refused {
                let code = one.code.map_or_else(|| one.fingerprint.clone(), |code| code.to_string());
                host.terminal.result(&format!("  {code}  not fixed: {}\n", text::plain(&one.message)));
            }
            for one in &data.failed {
                host.terminal.result(&format!("  {}  not looked at: {}\n", one.check, text::plain(&one.message)));
            }
        }
        let scope = if is_wide { " --workspace" } else { "" };
        match response.operation_id.filter(|_| !response.applied_actions.is_empty()) {
            Some(operation) => host.terminal.next(&format!(
                "`packwright doctor{scope}` shows what is left; `packwright revert {operation}` takes it back"
            )),
            None => host.terminal.next(&format!("`packwright doctor{scope}` shows what a person has to look at")),
        }
    })
}

fn allow(host: &Host, request: AllowFindings) -> u8 {
    let response = host.ask(Request::AllowFindings(request.into()));
    host.answer(&response, |response, data| {
        host.terminal.result(&format!("{}\n", text::plain(&response.summary)));
        if let Data::AllowFindings(data) = data {
            list(host, data);
        }
    })
}

fn list(host: &Host, data: &AllowData) {
    for entry in &data.entries {
        host.terminal.result(&format!("  {}  {}\n", entry.code, text::plain(&entry.path)));
    }
    if data.entries.iter().any(|entry| entry.path.ends_with('*')) {
        host.terminal.note("a pattern that ends in `*` allows what comes there later, too");
    }
}
