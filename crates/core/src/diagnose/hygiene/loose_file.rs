//! H303: a file below the assets folder that lies in no asset root.

use super::{NotChecked, Premises, at};
use crate::diagnose::{Code, Diagnostic, Fix};
use crate::fs::FileKind;
use crate::value::RelPath;
use crate::workspace::{Manifest, Node};

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    for (path, folder) in premises.ground.snapshot.tree.folders() {
        // A manifest in the assets folder itself has a finding of its own.
        let is_manifest = |name: &str| path.is_root() && name == Manifest::FILE;
        let is_loose = |node: &&Node| node.kind == FileKind::File && !is_manifest(&node.name);
        if premises.owner(path).is_some() || !folder.nodes.iter().any(|node| is_loose(&node)) {
            continue;
        }
        let folder_path = premises.in_workspace(&folder.disk);
        let help = what_to_do(premises, path, &folder_path);
        for node in folder.nodes.iter().filter(is_loose) {
            let path = folder_path.entry(node.disk_name());
            let message = format!("`{path}` belongs to no asset");
            let made = at(Code::H303, path, message).with_help(&help);
            found.push(made.with_fix(Fix::shown("register or ignore it")));
        }
    }
    Ok(())
}

fn what_to_do(premises: &Premises<'_>, path: &RelPath, folder_path: &RelPath) -> String {
    let mut below = premises.ground.snapshot.tree.folders_within(path);
    // A root can lie in no other.
    let holds_roots = path.is_root() || below.any(|(path, _)| premises.owner(path).is_some());
    let way = match holds_roots {
        true => "move it into a folder of its own and register that".to_owned(),
        false => format!("register its folder with `packwright register {folder_path}`"),
    };
    format!("{way}; or ignore it, with a pattern in `ignore` under [assets] in packwright.toml")
}
