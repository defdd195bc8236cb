//! Findings in the formats of other tools. Whatever the format, it carries the same findings.

mod github;
mod sarif;

pub(crate) use github::annotations;
pub(crate) use sarif::sarif;
