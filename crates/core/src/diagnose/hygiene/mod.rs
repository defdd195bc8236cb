//! The rules of hygiene, one a file: what is untidy in the workspace. None of them blocks anything.
//!
//! A rule reads no content. What it needs to know of content, of the cache or of the journal is gathered before and stands
//! in the [`Premises`]. One that cannot look where it has to says so: it is then neither pass nor fail.

mod copied_root;
mod damaged_cache;
mod duplicate_content;
mod leftover;
mod link_skipped;
mod litter;
mod loose_file;
mod non_portable_name;
mod not_canonical;
mod not_ignored;
mod premises;
mod quarantine_old;
mod recovery_conflict;
mod unknown_field;
mod unregistered_root;
mod unusable_name;
mod unused_file;

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::{Code, Diagnostic, Location};
use crate::value::RelPath;

pub use premises::{Damaged, Identity, Premises, SameBytes, Unsettled, identity_of};

/// Why a rule could not look.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotChecked(pub String);

impl From<crate::fs::FsError> for NotChecked {
    fn from(error: crate::fs::FsError) -> Self {
        Self(error.to_string())
    }
}

impl From<&crate::fs::ReadError> for NotChecked {
    fn from(error: &crate::fs::ReadError) -> Self {
        Self(error.to_string())
    }
}

/// One rule: adds what it finds.
pub type Rule = fn(&Premises<'_>, &mut Vec<Diagnostic>) -> Result<(), NotChecked>;

/// The rules, each with the code that it finds.
pub const RULES: &[(Code, Rule)] = &[
    (Code::H301, unregistered_root::check),
    (Code::H302, copied_root::check),
    (Code::H303, loose_file::check),
    (Code::H304, unused_file::check),
    (Code::H305, duplicate_content::check),
    (Code::H306, non_portable_name::check),
    (Code::H307, litter::check),
    (Code::H308, not_canonical::check),
    (Code::H309, not_ignored::check),
    (Code::H310, leftover::check),
    (Code::H311, quarantine_old::check),
    (Code::H314, link_skipped::check),
    (Code::H315, unknown_field::check),
    (Code::H316, recovery_conflict::check),
    (Code::H317, damaged_cache::check),
    (Code::H318, unusable_name::check),
];

/// What the rules that are `wanted` find, and those that could not look, with why. The findings are in no order.
#[must_use]
pub fn hygiene(
    premises: &Premises<'_>,
    wanted: &(dyn Fn(Code) -> bool + Sync),
) -> (Vec<Diagnostic>, Vec<(Code, NotChecked)>) {
    let run = |(code, check): &(Code, Rule)| {
        let mut found = Vec::new();
        // A rule has no state that a panic could leave half changed, and the others go on without it.
        let ran = catch_unwind(AssertUnwindSafe(|| check(premises, &mut found)));
        let ran = ran.unwrap_or_else(|_| Err(NotChecked(format!("BUG: the rule {} broke", code.name()))));
        (found, ran.err().map(|error| (*code, error)))
    };
    let ran: Vec<_> = RULES.par_iter().filter(|(code, _)| wanted(*code)).map(run).collect();
    let (found, failed): (Vec<_>, Vec<_>) = ran.into_iter().unzip();
    (found.into_iter().flatten().collect(), failed.into_iter().flatten().collect())
}

/// A finding about a file or a folder as a whole.
fn at(code: Code, path: RelPath, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, message).located(Location::file(path))
}

/// `1 file`, `2 files`.
fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_hygiene_has_its_rule() {
        let with_rule: Vec<Code> = RULES.iter().map(|(code, _)| *code).collect();
        let all: Vec<Code> = Code::ALL.iter().copied().filter(|code| code.is_hygiene()).collect();
        assert_eq!(with_rule, all);
        let named: Vec<&str> = all.iter().map(|code| code.as_str()).collect();
        assert_eq!(crate::workspace::Settings::HYGIENE_CODES.to_vec(), named, "the settings know the same");
    }
}
