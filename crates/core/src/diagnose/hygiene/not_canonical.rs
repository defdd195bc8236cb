//! H308: a registry that is not in canonical form.

use super::{NotChecked, Premises};
use crate::diagnose::{Code, Diagnostic, Fix, Location, Remedy};
use crate::value::RelPath;
use crate::workspace::{Place, Registry};

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    let ground = premises.ground;
    let bytes = ground.registry_bytes()?;
    // One that does not read has findings of its own, and is never rewritten.
    let Ok(registry) = Registry::parse(bytes) else { return Ok(()) };
    let canonical = registry.to_bytes();
    if bytes == canonical || ground.snapshot.registry.fault.is_some() || ground.snapshot.registry.digest.is_none() {
        return Ok(());
    }
    let message = "the registry is not in canonical form";
    let location =
        Location { path: RelPath::literal(Registry::FILE), place: first_difference(bytes, &canonical), pointer: None };
    let help =
        "leave it to the next command that writes the registry, which rewrites all of it; merges go better when it is";
    let made = Diagnostic::new(Code::H308, message).located(location).with_help(help);
    found.push(made.with_fix(Fix::safe("rewrite the registry in canonical form", Remedy::RewriteRegistry)));
    Ok(())
}

/// The first line that is another one.
fn first_difference(bytes: &[u8], canonical: &[u8]) -> Option<Place> {
    let mut lines = bytes.split(|byte| *byte == b'\n').zip(canonical.split(|byte| *byte == b'\n')).zip(1_u32..);
    let ((line, _), number) = lines.find(|((line, other), _)| line != other)?;
    let end = u32::try_from(String::from_utf8_lossy(line).trim_end_matches('\r').chars().count()).unwrap_or(u32::MAX);
    Some(Place { line: number, column: 1, end_line: number, end_column: end.saturating_add(1) })
}
