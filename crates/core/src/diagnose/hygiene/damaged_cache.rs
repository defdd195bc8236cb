//! H317: a file of the cache, or the last pack, that does not hold what it should.

use super::{NotChecked, Premises, at};
use crate::diagnose::{Code, Diagnostic, Fix};
use crate::value::RelPath;
use crate::workspace::layout;

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    for damaged in premises.damaged.unwrap_or_default() {
        let is_cache = damaged.path.is_within(&RelPath::literal(layout::CACHE));
        let help = match is_cache {
            true => {
                "no build believes it: the next one that needs it makes it again; a disk that does this may be failing"
            }
            false => {
                "build again: `packwright build --full`; and find out who changed it, or whether the disk is failing"
            }
        };
        let made = at(Code::H317, damaged.path.clone(), damaged.message.clone()).with_help(help);
        found.push(made.with_fix(Fix::shown("build it again")));
    }
    Ok(())
}
