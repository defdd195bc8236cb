//! S101, S102: the registry as a whole cannot be used.

use crate::diagnose::{Code, Diagnostic, Ground};
use crate::value::RelPath;
use crate::workspace::{Registry, RegistryError};

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    let Err(error) = &ground.snapshot.registry else { return };
    let code = match error {
        RegistryError::Unreadable(_) => Code::S101,
        RegistryError::SchemaNewer { .. } => Code::S102,
    };
    found.push(Diagnostic::from_problem(code, &RelPath::literal(Registry::FILE), error.problem()));
}
