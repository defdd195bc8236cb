//! SARIF 2.1.0, as code scanning services read it. The structs hold what is said here and nothing more of the standard.
//!
//! Paths are URIs relative to the workspace. A result is known by its fingerprint, which stays when lines move.

use std::collections::BTreeMap;
use std::fmt::Write;

use packwright::diagnose::{Code, Diagnostic, Location, Severity};
use packwright::service::FailedCheck;
use packwright::workspace::Place;
use serde::Serialize;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What paths are relative to.
const BASE: &str = "WORKSPACE";
const FINGERPRINT: &str = "packwright/v1";

/// A log with one run, which holds all findings.
pub(crate) fn sarif(found: &[Diagnostic], failed: &[FailedCheck]) -> impl Serialize {
    let codes: Vec<Code> = Code::ALL.iter().copied().filter(|code| found.iter().any(|one| one.code == *code)).collect();
    let results = found.iter().map(|one| result(one, &codes)).collect();
    let driver = Driver {
        name: "packwright",
        version: env!("CARGO_PKG_VERSION"),
        rules: codes.iter().copied().map(rule).collect(),
    };
    let base = ArtifactLocation { uri: None, uri_base_id: None, description: Some(text("the workspace")) };
    let notifications = failed.iter().map(notification).collect();
    let invocation =
        Invocation { execution_successful: failed.is_empty(), tool_execution_notifications: notifications };
    let run = Run {
        tool: Tool { driver },
        invocations: [invocation],
        original_uri_base_ids: BTreeMap::from([(BASE, base)]),
        column_kind: "unicodeCodePoints",
        results,
    };
    Log { schema: SCHEMA, version: "2.1.0", runs: [run] }
}

fn rule(code: Code) -> Rule {
    let page = code.page();
    // A page begins with its title; its first paragraph says what the finding is.
    let body = page.split_once('\n').map_or("", |(_, body)| body).trim();
    let what = body.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    Rule {
        id: code.as_str(),
        name: code.name(),
        short_description: text(code.name().replace('-', " ")),
        full_description: text(what),
        help: Help { text: page, markdown: page },
        default_configuration: Configuration { level: level(code.default_severity()) },
    }
}

fn result(found: &Diagnostic, codes: &[Code]) -> SarifResult {
    let related = found.related.iter().zip(1_u32..).map(|(related, id)| SarifLocation {
        id: Some(id),
        physical_location: physical(&related.location),
        message: Some(text(&related.message)),
    });
    let message = match &found.help {
        Some(help) => format!("{}. Help: {help}", found.message),
        None => found.message.clone(),
    };
    SarifResult {
        rule_id: found.code.as_str(),
        rule_index: codes.binary_search(&found.code).unwrap_or(0),
        level: level(found.severity),
        message: text(message),
        locations: found
            .location
            .iter()
            .map(|at| SarifLocation { id: None, physical_location: physical(at), message: None })
            .collect(),
        related_locations: related.collect(),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, found.fingerprint.clone())]),
    }
}

fn physical(at: &Location) -> PhysicalLocation {
    let region = |place: Place| Region {
        start_line: place.line,
        start_column: place.column,
        end_line: place.end_line,
        end_column: place.end_column,
    };
    let uri = Some(uri(at.path.as_str()));
    let artifact_location = ArtifactLocation { uri, uri_base_id: Some(BASE), description: None };
    PhysicalLocation { artifact_location, region: at.place.map(region) }
}

fn notification(failed: &FailedCheck) -> Notification {
    Notification {
        level: "error",
        message: text(format!("the check {} could not run: {}", failed.check, failed.message)),
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A relative path as a URI reference: what is not unreserved is escaped, byte by byte.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

fn text(text: impl Into<String>) -> Text {
    Text { text: text.into() }
}

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    original_uri_base_ids: BTreeMap<&'static str, ArtifactLocation>,
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: &'static str,
    short_description: Text,
    full_description: Text,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: Vec<SarifLocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<SarifLocation>,
    partial_fingerprints: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifLocation {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u32>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_uri_that_no_character_of_its_can_break() {
        assert_eq!(uri("assets/ui/a b#1?.png"), "assets/ui/a%20b%231%3F.png");
        assert_eq!(uri("caf\u{e9}/100%"), "caf%C3%A9/100%25");
        assert_eq!(uri("a:b"), "a%3Ab");
    }

    #[test]
    fn a_rule_says_in_its_first_paragraph_what_it_is() {
        for code in Code::ALL {
            let rule = rule(*code);
            assert!(rule.full_description.text.ends_with(['.', ':', ')']), "{code}: {}", rule.full_description.text);
            assert!(!rule.full_description.text.contains("**"), "{code}");
        }
    }
}
