//! H309: version control would take what the packer makes.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{NotChecked, Premises, at};
use crate::diagnose::{Code, Diagnostic, Fix, Remedy};
use crate::fs::read_limited;
use crate::value::RelPath;
use crate::workspace::layout;

/// No ignore file that anybody reads is longer.
const MAX_BYTES: u64 = 1 << 20;
const GITIGNORE: &str = ".gitignore";

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    let snapshot = premises.ground.snapshot;
    let Ok(settings) = snapshot.settings() else { return Ok(()) };
    let rules = rules_of(premises, &RelPath::root())?;
    let mut open = Vec::new();
    for folder in [RelPath::literal(layout::PRIVATE), settings.out_dir.clone()] {
        // A folder may also ignore itself, as some tools have it.
        let inside = rules_of(premises, &folder)?;
        let ignores_itself = inside.matched("any", false).is_ignore();
        if !ignores_itself && !rules.matched_path_or_any_parents(folder.as_str(), true).is_ignore() {
            open.push(folder);
        }
    }
    if open.is_empty() {
        return Ok(());
    }
    let lines = layout::gitignore_lines(&settings.out_dir);
    let lines: Vec<String> =
        lines.into_iter().filter(|line| open.iter().any(|folder| *line == layout::gitignore_line(folder))).collect();
    let named: Vec<String> = open.iter().map(|folder| format!("`{folder}/`")).collect();
    let message = format!("version control would take {}: {GITIGNORE} does not cover it", named.join(" and "));
    let help = format!("add the line{} {} to {GITIGNORE}", if lines.len() == 1 { "" } else { "s" }, quoted(&lines));
    let made = at(Code::H309, RelPath::literal(GITIGNORE), message).with_help(help);
    found.push(made.with_fix(Fix::safe(format!("add {} to {GITIGNORE}", quoted(&lines)), Remedy::Ignore(lines))));
    Ok(())
}

fn quoted(lines: &[String]) -> String {
    lines.iter().map(|line| format!("`{line}`")).collect::<Vec<_>>().join(" and ")
}

/// The ignore file of a folder; an absent one has no rules.
fn rules_of(premises: &Premises<'_>, folder: &RelPath) -> Result<Gitignore, NotChecked> {
    let path = folder.entry(GITIGNORE);
    let text = match read_limited(premises.fs, &path, MAX_BYTES) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.is_absent() => String::new(),
        Err(error) => return Err(NotChecked(error.to_string())),
    };
    let mut builder = GitignoreBuilder::new(".");
    for line in text.lines() {
        // What version control does not understand it passes over.
        let _ = builder.add_line(None, line);
    }
    builder.build().map_err(|error| NotChecked(format!("{path}: {error}")))
}
