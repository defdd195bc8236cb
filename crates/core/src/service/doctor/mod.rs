//! `doctor`: says what is wrong and what is untidy, and changes nothing.
//!
//! What it looks for is settled first ([`Wanted`]). Then the findings of the registered world, of content and of hygiene
//! are put together, the settings have their say, and what is left is counted.

mod gather;
mod page;
mod remedies;
mod said;
mod unseen;
mod verdict;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, Context, Data, Doctor, DoctorData, FailedCheck};
use crate::diagnose::{Code, Diagnostic};

pub use page::Examined;
pub(super) use unseen::unseen;
pub(super) use wanted::Wanted;

/// Validates the registered world, and where it is asked for the workspace around it.
#[must_use]
pub fn doctor(context: &Context<'_>, request: &Doctor) -> Answer {
    let wanted = match Wanted::of(request, context.snapshot.settings().ok()) {
        Ok(wanted) => wanted,
        Err(answer) => return answer,
    };
    let Some(found) = examine(context, &wanted) else {
        return Answer::cancelled();
    };
    let mut counts: BTreeMap<Code, u64> = BTreeMap::new();
    for one in &found.findings {
        *counts.entry(one.code).or_default() += 1;
    }
    let summary = verdict::of(context, &found, &wanted);
    let affected: BTreeSet<_> = found.findings.iter().filter_map(|one| one.asset.clone()).collect();
    let data = DoctorData {
        counts,
        checks: wanted.checks().iter().map(ToString::to_string).collect(),
        failed: found.failed,
        unchecked_sources: found.unchecked,
        allowed: found.allowed,
        off: wanted.off.iter().copied().collect(),
        diagnostics_total: None,
        affected_assets_total: None,
        next_cursor: None,
    };
    let answer = Answer::ok(summary, Data::Doctor(Box::new(data))).about(affected.into_iter().collect());
    Answer { diagnostics: found.findings, ..answer }
}

/// What a look found.
pub(super) struct Found {
    /// What is to be shown, in the order in which findings are listed.
    pub(super) findings: Vec<Diagnostic>,
    /// The checks that could not run.
    pub(super) failed: Vec<FailedCheck>,
    /// Sources whose content no build has looked at since they changed.
    pub(super) unchecked: u64,
    /// How many findings the settings allow.
    pub(super) allowed: u64,
}

/// Looks; `None` where it was cancelled.
pub(super) fn examine(context: &Context<'_>, wanted: &Wanted) -> Option<Found> {
    let content = gather::content(context, wanted);
    let mut findings = context.structural().to_vec();
    let seen: BTreeSet<String> = findings.iter().map(|found| found.fingerprint.clone()).collect();
    findings.extend(content.findings.into_iter().filter(|found| !seen.contains(&found.fingerprint)));
    findings.retain(|found| wanted.has(found.code));
    let hygiene = gather::hygiene(context, wanted, &findings);
    if context.cancel.is_cancelled() {
        return None;
    }
    let (hygiene, failed) = hygiene;
    let (hygiene, allowed) = said::by_settings(context.snapshot.settings().ok(), hygiene);
    findings.extend(hygiene);
    remedies::spell_out(context.snapshot, &mut findings);
    Diagnostic::sort(&mut findings);
    Some(Found { findings, failed, unchecked: content.unchecked, allowed })
}
