//! `doctor`: says what is wrong, and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::count;
use super::{Answer, Context, Data, Doctor, DoctorData};
use crate::build::content_findings;
use crate::diagnose::{Code, Diagnostic, RULES};
use crate::workspace::nearest;

/// The codes that are found where content is read.
const CONTENT: [Code; 4] = [Code::S208, Code::S209, Code::S210, Code::S211];

/// Validates the registered world.
#[must_use]
pub fn doctor(context: &Context<'_>, request: &Doctor) -> Answer {
    let wanted = match wanted(&request.only) {
        Ok(wanted) => wanted,
        Err(answer) => return answer,
    };
    let content = content_findings(context.fs, context.importers, context.snapshot, context.listing);
    let mut findings = context.structural().to_vec();
    let seen: BTreeSet<String> = findings.iter().map(|found| found.fingerprint.clone()).collect();
    findings.extend(content.findings.into_iter().filter(|found| !seen.contains(&found.fingerprint)));
    findings.retain(|found| wanted.contains(&found.code));
    Diagnostic::sort(&mut findings);
    let mut counts: BTreeMap<Code, u64> = BTreeMap::new();
    for found in &findings {
        *counts.entry(found.code).or_default() += 1;
    }
    let ran: BTreeSet<Code> = RULES.iter().flat_map(|(codes, _)| codes.iter().copied()).chain(CONTENT).collect();
    let checks = ran.intersection(&wanted).map(ToString::to_string).collect();
    let data = DoctorData { counts, checks, failed: Vec::new(), unchecked_sources: content.unchecked };
    let affected: BTreeSet<_> = findings.iter().filter_map(|found| found.asset.clone()).collect();
    let unchecked = if CONTENT.iter().any(|code| wanted.contains(code)) { content.unchecked } else { 0 };
    let summary = verdict(context, &findings, !request.only.is_empty(), unchecked);
    let answer = Answer::ok(summary, Data::Doctor(data)).about(affected.into_iter().collect());
    Answer { diagnostics: findings, ..answer }
}

fn wanted(only: &[String]) -> Result<BTreeSet<Code>, Answer> {
    if only.is_empty() {
        return Ok(Code::ALL.iter().copied().collect());
    }
    let read = |text: &String| {
        text.parse::<Code>().map_err(|()| {
            let known = Code::ALL.iter().flat_map(|code| [code.as_str(), code.name()]);
            let help = match nearest(text, known) {
                Some(near) => format!("did you mean {near}?"),
                None => "`packwright explain` lists all codes".to_owned(),
            };
            Answer::bad_request(format!("there is no diagnostic `{text}`"), help)
        })
    };
    only.iter().map(read).collect()
}

/// One line; the worst finding reaches it.
fn verdict(context: &Context<'_>, findings: &[Diagnostic], only_some: bool, unchecked: u64) -> String {
    let registered = count(context.snapshot.assets.n_registered() as u64, "registered asset", "registered assets");
    let mut line = if findings.is_empty() && only_some {
        format!("nothing of what was looked for is wrong with {registered}")
    } else if findings.is_empty() {
        format!("nothing is wrong with {registered}")
    } else {
        let found = count(findings.len() as u64, "structural finding", "structural findings");
        format!("{found} in {registered}: builds are blocked")
    };
    if unchecked > 0 {
        line.push_str(&format!(
            "; the content of {} is unchecked until the next build",
            count(unchecked, "source", "sources")
        ));
    }
    line
}
