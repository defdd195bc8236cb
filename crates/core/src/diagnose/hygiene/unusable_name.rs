//! H318: a name that is not UTF-8. What has it stays out.

use super::{NotChecked, Premises, at};
use crate::diagnose::{Code, Diagnostic, Fix};
use crate::workspace::ScanFaultKind;

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    for fault in premises.ground.snapshot.tree.faults() {
        let ScanFaultKind::NotUtf8(shown) = &fault.kind else { continue };
        let folder = premises.in_workspace(&fault.path);
        let message = format!("`{}` in `{folder}` is a name that is not UTF-8: it stays out", shown.escape_debug());
        let help = "rename it; most often it was packed on a system with another encoding";
        found.push(at(Code::H318, folder, message).with_help(help).with_fix(Fix::shown("rename it")));
    }
    Ok(())
}
