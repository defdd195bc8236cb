//! H307: what editors and systems leave behind, and folders with nothing in them.

use super::{NotChecked, Premises, at};
use crate::diagnose::{Code, Diagnostic, Fix};

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    for path in &premises.survey.litter {
        let message = format!("`{path}` was left behind by an editor or a system");
        let help = "delete it, and keep such files out of version control; builds never take it";
        let made = at(Code::H307, path.clone(), message).with_help(help);
        found.push(made.with_fix(Fix::harmful("delete it")));
    }
    for path in &premises.survey.hollow {
        let message = format!("there is no file in the folder `{path}`");
        let help = "remove it; or put a `.gitkeep` into it, if it is meant to stay";
        let made = at(Code::H307, path.clone(), message).with_help(help);
        found.push(made.with_fix(Fix::harmful("remove the empty folder")));
    }
    Ok(())
}
