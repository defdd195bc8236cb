//! The verdict: one line, which the worst finding reaches.

use super::wanted::CONTENT;
use super::{Found, Wanted};
use crate::service::Context;
use crate::service::answer::count;

pub(super) fn of(context: &Context<'_>, found: &Found, wanted: &Wanted) -> String {
    let registered = count(context.snapshot.assets.n_registered() as u64, "registered asset", "registered assets");
    let hygiene = found.findings.iter().filter(|one| one.code.is_hygiene()).count() as u64;
    let structural = found.findings.len() as u64 - hygiene;
    let mut line = match structural {
        0 if wanted.is_named => format!("nothing of what was looked for is wrong with {registered}"),
        0 => format!("nothing is wrong with {registered}"),
        n => {
            let found = count(n, "structural finding", "structural findings");
            format!("{found} in {registered}: builds are blocked")
        }
    };
    if hygiene > 0 {
        line.push_str(&format!("; {} in the workspace", count(hygiene, "hygiene finding", "hygiene findings")));
    } else if wanted.has_hygiene() && !wanted.is_named {
        line.push_str("; nothing is untidy in the workspace");
    }
    if found.allowed > 0 {
        line.push_str(&format!("; {} allowed by the settings", found.allowed));
    }
    if !found.failed.is_empty() {
        line.push_str(&format!("; {} could not run", count(found.failed.len() as u64, "check", "checks")));
    }
    let unchecked = if wanted.has_any(&CONTENT) { found.unchecked } else { 0 };
    if unchecked > 0 {
        line.push_str(&format!(
            "; the content of {} is unchecked until the next build",
            count(unchecked, "source", "sources")
        ));
    }
    line
}
