//! H316: an unfinished operation that recovery could not settle.

use super::{NotChecked, Premises, at};
use crate::diagnose::{Code, Diagnostic, Fix};

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    for unsettled in premises.unsettled {
        let help = "nothing is written until it is settled: `packwright recover --undo` or `--keep`, each of which shows first \
                    what it would do";
        let made = at(Code::H316, unsettled.path.clone(), unsettled.message.clone()).with_help(help);
        found.push(made.with_fix(Fix::shown("settle the unfinished operation")));
    }
    Ok(())
}
