//! What lies in a workspace: told without what every run makes up anew.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::failure::{Doing, Outcome};
use crate::process::Run;

/// Every folder and file outside of the packer's own folder, with permissions and bytes. Names of entries in quarantine and
/// what their `entry.json` says differ from run to run, and so do new identities; they are left out.
#[derive(PartialEq, Eq)]
pub(super) struct Image(BTreeMap<String, (u32, Option<Vec<u8>>)>);

impl Image {
    pub(super) fn of(workspace: &Path) -> Outcome<Self> {
        let mut found = BTreeMap::new();
        walk(workspace, "", &mut |path, is_folder| {
            let file = workspace.join(path);
            // The next write removes it.
            if is_folder && path.starts_with("quarantine") && is_empty(&file) {
                return Ok(());
            }
            let reading = || format!("reading {}", file.display());
            let mode = file.metadata().doing(reading)?.permissions().mode();
            let bytes = if is_folder { None } else { Some(known(path, std::fs::read(&file).doing(reading)?)) };
            found.insert(nameless(path), (mode, bytes));
            Ok(())
        })?;
        Ok(Self(found))
    }

    /// Where it is neither.
    pub(super) fn differences(&self, before: &Self, after: &Self) -> String {
        let differ = |other: &Self| -> Vec<String> {
            let paths = self.0.keys().chain(other.0.keys());
            let mut differ: Vec<String> =
                paths.filter(|path| self.0.get(*path) != other.0.get(*path)).cloned().collect();
            differ.sort();
            differ.dedup();
            differ
        };
        format!("not before in {:?}, not after in {:?}", differ(before), differ(after))
    }
}

/// Calls `each` with every path below the workspace but those of the packer's own folder and the outputs.
fn walk(workspace: &Path, below: &str, each: &mut dyn FnMut(&str, bool) -> Outcome) -> Outcome {
    let folder = workspace.join(below);
    let entries = std::fs::read_dir(&folder).doing(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let entry = entry.doing(|| format!("reading {}", folder.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if path == ".packwright" || path == "build" {
            continue;
        }
        let is_folder = entry.file_type().doing(|| format!("looking at {path}"))?.is_dir();
        each(&path, is_folder)?;
        if is_folder {
            walk(workspace, &path, each)?;
        }
    }
    Ok(())
}

/// Whether there is no file in a folder, at any depth.
fn is_empty(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).ok();
    entries.is_some_and(|entries| entries.flatten().all(|entry| is_empty(&entry.path())))
}

/// The name of an entry in quarantine without its day in front and its digits behind.
fn nameless(path: &str) -> String {
    let Some(rest) = path.strip_prefix("quarantine/") else { return path.to_owned() };
    let (entry, below) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let root = entry.get("2026-11-22-".len()..entry.len().saturating_sub("-7f3a".len())).unwrap_or(entry);
    format!("quarantine/{root}{below}")
}

fn known(path: &str, bytes: Vec<u8>) -> Vec<u8> {
    let is_made_up =
        path.ends_with("/entry.json") || path.starts_with("assets/new") || path == "packwright.registry.json";
    if !is_made_up {
        return bytes;
    }
    // Identities and times: their digits say nothing that two runs could share.
    bytes.into_iter().filter(|byte| !byte.is_ascii_hexdigit() && *byte != b'-').collect()
}

/// Something that an operation of ours left behind.
pub(super) fn litter(workspace: &Path) -> Outcome<Option<String>> {
    let mut left = None;
    walk(workspace, "", &mut |path, _| {
        if path.contains(".pw-") || (path.starts_with("quarantine/") && is_empty(&workspace.join(path))) {
            left = Some(path.to_owned());
        }
        Ok(())
    })?;
    let private = workspace.join(".packwright");
    for name in ["journal", "trash"] {
        if private.join(name).exists() {
            left = Some(format!(".packwright/{name}"));
        }
    }
    let entries = std::fs::read_dir(&private).into_iter().flatten().flatten();
    let temporary =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).find(|name| name.contains(".pw-"));
    Ok(left.or(temporary))
}

pub(super) fn copy(from: &Path, to: &Path) -> Outcome {
    Run::new("cp").arg("-a").args([from, to]).run()
}

pub(super) fn clear(path: &Path) -> Outcome {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other.doing(|| format!("removing {}", path.display())),
    }
}
