//! S101, S102: the registry as a whole cannot be used.

use crate::diagnose::{Code, Diagnostic, Ground};
use crate::value::RelPath;
use crate::workspace::{Registry, RegistryError};

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    let Some(error) = &ground.snapshot.registry.fault else { return };
    let (code, help) = match error {
        RegistryError::Unreadable(_) => {
            (Code::S101, "correct the file, or take the last good one: `git restore packwright.registry.json`")
        }
        RegistryError::SchemaNewer { .. } => (Code::S102, "install the newer version that your team uses"),
    };
    found.push(Diagnostic::from_problem(code, &RelPath::literal(Registry::FILE), error.problem(), help));
}
