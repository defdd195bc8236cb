//! H306: a name that some other system cannot have, or takes for another one. The same names on every system alike.

use std::collections::BTreeMap;

use super::{NotChecked, Premises, at};
use crate::diagnose::{Code, Diagnostic, Fix, Location};
use crate::value::{RelPath, fold, is_reserved_name};
use crate::workspace::{Folder, Node, ScanFaultKind};

/// Longer paths than 260 no Windows program opens that is not made for them, and the workspace lies somewhere.
const LONGEST_PATH: usize = 240;
/// The longest name, in bytes or in UTF-16 units, of the usual file systems.
const LONGEST_NAME: usize = 255;

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    let tree = &premises.ground.snapshot.tree;
    for (_, folder) in tree.folders() {
        let folder_path = premises.in_workspace(&folder.disk);
        for node in &folder.nodes {
            check_name(&folder_path, node, found);
        }
        check_clashes(&folder_path, folder, found);
    }
    for fault in tree.faults() {
        let path = premises.in_workspace(&fault.path);
        match &fault.kind {
            ScanFaultKind::SameName => {
                let message = format!(
                    "`{path}` is a second folder of its name, an accent spelled in another way: it is left out"
                );
                found.push(named(path, message));
            }
            ScanFaultKind::TooLong => {
                let most = RelPath::MAX_BYTES;
                let message = format!("a path in `{path}` is longer than {most} bytes: it is left out");
                found.push(named(path, message));
            }
            ScanFaultKind::NotUtf8(_) | ScanFaultKind::Unreadable(_) => {}
        }
    }
    Ok(())
}

fn named(path: RelPath, message: String) -> Diagnostic {
    let help = "rename it, here and wherever it is spoken of";
    at(Code::H306, path, message).with_help(help).with_fix(Fix::shown("rename it"))
}

fn check_name(folder: &RelPath, node: &Node, found: &mut Vec<Diagnostic>) {
    let name = node.disk_name();
    let mut why = Vec::new();
    if is_reserved_name(name) {
        why.push("is a device on Windows".to_owned());
    }
    if let Some(c) =
        name.chars().find(|c| matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') || c.is_control())
    {
        why.push(format!("holds {c:?}, which Windows cannot have in a name"));
    }
    if name.ends_with(['.', ' ']) {
        why.push("ends in a dot or a space, which Windows drops".to_owned());
    }
    if node.disk_name.is_some() {
        why.push("is not in NFC: another system may spell its accents otherwise".to_owned());
    }
    if name.encode_utf16().count() > LONGEST_NAME {
        why.push(format!("is longer than {LONGEST_NAME} characters"));
    }
    let path = folder.entry(name);
    if path.as_str().len() > LONGEST_PATH && path.as_str().encode_utf16().count() > LONGEST_PATH {
        why.push(format!("makes a path longer than {LONGEST_PATH} characters, which Windows programs may not open"));
    }
    if !why.is_empty() {
        found.push(named(path, format!("the name `{}` {}", name.escape_debug(), why.join("; it "))));
    }
}

fn check_clashes(folder: &RelPath, entries: &Folder, found: &mut Vec<Diagnostic>) {
    let mut by_fold: BTreeMap<String, Vec<&Node>> = BTreeMap::new();
    for node in &entries.nodes {
        by_fold.entry(fold(&node.name)).or_default().push(node);
    }
    for group in by_fold.into_values() {
        let [first, others @ ..] = group.as_slice() else { continue };
        let Some(second) = others.first() else { continue };
        let how = match first.name == second.name {
            true => "an accent is spelled in two ways",
            false => "upper and lower case are the same there",
        };
        let (one, other) = (first.disk_name().escape_debug(), second.disk_name().escape_debug());
        let more = match others.len() {
            1 => String::new(),
            n => format!(", and {} more", n - 1),
        };
        let message = format!("`{one}` and `{other}`{more} are one name on some systems: {how}");
        let mut made = named(folder.entry(first.disk_name()), message);
        for node in others {
            made = made.with_related(Location::file(folder.entry(node.disk_name())), "the same name there");
        }
        found.push(made);
    }
}
