//! S204: a manifest that breaks a rule.

use crate::diagnose::{Code, Diagnostic, Ground};
use crate::snapshot::ManifestState;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for asset in ground.registered() {
        let ManifestState::Invalid(errors) = &asset.manifest else { continue };
        let path = ground.manifest_path(asset);
        for problem in &errors.problems {
            let help = "correct the manifest; `packwright explain S204` says more, `git diff` what it held before";
            found.push(Diagnostic::from_problem(Code::S204, &path, problem, help).of_asset(asset.reference()));
        }
    }
}
