//! `packwright merge-registry`: the merge driver of version control. Works on files and needs no workspace.

use std::path::{Path, PathBuf};

use clap::Args;
use packwright::workspace::layout;
use packwright::workspace::merge::{Conflict, Merged, merge};
use serde::Serialize;

use super::Ended;
use crate::host::Host;
use crate::refusal::Refusal;
use crate::text;

/// Merge two changed registries, as git's merge driver
///
/// The result replaces OURS. A conflict is only where one asset was changed on both sides, and not to the same: it is written between conflict
/// markers, and the exit code is 1. Where one of the files cannot be read as a registry, OURS is left as it is and the
/// exit code is 3.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  git config merge.packwright.driver \"packwright merge-registry %O %A %B\"
  packwright merge-registry base.json ours.json theirs.json

git uses it where `.gitattributes` says `packwright.registry.json text eol=lf merge=packwright`, which `init` writes.
--json prints {clean, conflicts}: a conflict has {uuid, ours, theirs}, the roots, or {field}.")]
pub(crate) struct MergeRegistry {
    /// What both sides came from
    #[arg(value_name = "BASE", value_hint = clap::ValueHint::FilePath)]
    base: PathBuf,
    /// Our side; replaced by the result
    #[arg(value_name = "OURS", value_hint = clap::ValueHint::FilePath)]
    ours: PathBuf,
    /// Their side
    #[arg(value_name = "THEIRS", value_hint = clap::ValueHint::FilePath)]
    theirs: PathBuf,
}

#[derive(Serialize)]
struct Answer {
    clean: bool,
    conflicts: Vec<Named>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Named {
    Asset { uuid: String, ours: Option<String>, theirs: Option<String> },
    Field { field: String },
}

impl MergeRegistry {
    pub(super) fn run(self, host: &Host) -> Ended {
        let read = |path: &Path| std::fs::read(host.path(path)).map_err(|error| Refusal::io("read", path, &error));
        let (base, ours, theirs) = (read(&self.base)?, read(&self.ours)?, read(&self.theirs)?);
        let merged = merge(&base, &ours, &theirs).map_err(|error| Refusal::failed(error.to_string()))?;
        std::fs::write(host.path(&self.ours), &merged.bytes)
            .map_err(|error| Refusal::io("write", &self.ours, &error))?;
        show(host, &merged);
        Ok(u8::from(!merged.conflicts.is_empty()))
    }
}

fn show(host: &Host, merged: &Merged) {
    let conflicts: Vec<Named> = merged.conflicts.iter().map(Named::new).collect();
    if host.terminal.json() {
        return host.terminal.result_json(&Answer { clean: conflicts.is_empty(), conflicts });
    }
    for conflict in &conflicts {
        host.terminal.error(&format!("{}\n", text::plain(&conflict.text())));
    }
    if !conflicts.is_empty() {
        host.terminal.next(&format!("keep one side of each in {}, then `packwright doctor`", layout::REGISTRY));
    }
}

impl Named {
    fn new(conflict: &Conflict) -> Self {
        match conflict {
            Conflict::Asset { uuid, ours, theirs } => {
                Self::Asset { uuid: uuid.to_string(), ours: ours.clone(), theirs: theirs.clone() }
            }
            Conflict::Field(field) => Self::Field { field: field.clone() },
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Asset { ours: Some(ours), theirs: Some(theirs), .. } if ours == theirs => {
                format!("conflict: {ours} was changed on both sides")
            }
            Self::Asset { ours: Some(ours), theirs: Some(theirs), .. } => {
                format!("conflict: one asset is at {ours} on our side and at {theirs} on theirs")
            }
            Self::Asset { ours: Some(root), theirs: None, .. } => {
                format!("conflict: {root} was changed on our side and removed on theirs")
            }
            Self::Asset { ours: None, theirs: Some(root), .. } => {
                format!("conflict: {root} was removed on our side and changed on theirs")
            }
            Self::Asset { uuid, .. } => format!("conflict: the asset {uuid}"),
            Self::Field { field } => format!("conflict: the field `{field}` was changed on both sides"),
        }
    }
}
