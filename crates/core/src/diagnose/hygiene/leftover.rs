//! H310: temporary and staged files of an operation that no longer runs.

use std::time::Duration;

use super::{NotChecked, Premises, at};
use crate::diagnose::{Code, Diagnostic, Fix, Remedy};
use crate::fs::{is_temporary_name, running_holder};
use crate::value::{OperationId, RelPath};
use crate::workspace::{layout, private_leftovers, temporary_operation};

/// Some small records are written without the lock; none takes that long.
const SETTLED: Duration = Duration::from_secs(60);

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    let private = RelPath::literal(layout::PRIVATE);
    let is_there = |path: &'static str| match premises.fs.stat(&RelPath::literal(path)) {
        Ok(_) => Ok(true),
        Err(error) if error.is_absent() => Ok(false),
        Err(error) => Err(error),
    };
    let holder = running_holder(premises.fs, &private);
    let another_writes = holder.is_some_and(|holder| Some(holder.operation) != premises.operation);
    // Who writes now will clear up; what is to be recovered is no leftover yet.
    if another_writes || is_there(layout::JOURNAL)? || is_there(layout::PUBLISH)? {
        return Ok(());
    }
    let out_dir = premises.ground.snapshot.settings().map(|settings| settings.out_dir.clone());
    let out_dir = out_dir.unwrap_or_else(|_| RelPath::literal(layout::BUILD));
    let elsewhere = private_leftovers(premises.fs, &out_dir)?;
    let all = premises.survey.temporaries.iter().chain(&elsewhere);
    found.extend(all.filter(|path| !is_of_now(premises, path)).map(leftover));
    Ok(())
}

fn leftover(path: &RelPath) -> Diagnostic {
    let name = path.file_name().unwrap_or_default();
    if path.is_within(&RelPath::literal(layout::TRASH)) {
        // What people made lies in it, and nothing says that they wanted it deleted.
        let made = at(Code::H310, path.clone(), format!("`{path}` is left from an operation that was to delete it"));
        let help = "look into it; then delete it, or move what is in it to where it belongs";
        return made.with_help(help).with_fix(Fix::harmful("delete it"));
    }
    if is_ours(path, name) {
        let made = at(Code::H310, path.clone(), format!("`{path}` is left from an operation that no longer runs"));
        let help = "delete it: what it was to become was not finished";
        return made
            .with_help(help)
            .with_fix(Fix::safe(format!("remove `{path}`"), Remedy::RemoveLeftover(path.clone())));
    }
    let message = format!("`{path}` is named like a temporary file of ours, which builds leave out, and is none");
    let help = "rename it, if it is meant to be taken; or delete it";
    at(Code::H310, path.clone(), message).with_help(help).with_fix(Fix::harmful("delete it"))
}

/// Whether only the packer gives such names, or such a place.
fn is_ours(path: &RelPath, name: &str) -> bool {
    is_temporary_name(name) || path.is_within(&RelPath::literal(layout::PRIVATE))
}

fn is_of_now(premises: &Premises<'_>, path: &RelPath) -> bool {
    let name = path.file_name().unwrap_or_default();
    let operation = temporary_operation(name).unwrap_or(name).parse::<OperationId>().ok();
    let began = operation.and_then(OperationId::minted_at);
    began.is_some_and(|began| premises.now.duration_since(began).map_or(true, |age| age < SETTLED))
}
