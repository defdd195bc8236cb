//! H314: a symbolic link that a pattern met. It is not followed.

use super::{NotChecked, Premises, at};
use crate::diagnose::{Code, Diagnostic, Fix};

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    for asset in premises.roots() {
        for link in &asset.links {
            let path = premises.ground.root_path(asset).join(link);
            let message = format!("`{path}` is a link, and `{}` does not take it", asset.root_text);
            let help = "links are never followed: put the file itself there, or leave the link out of `sources`";
            let made = at(Code::H314, path, message).of_asset(asset.reference()).with_help(help);
            found.push(made.with_fix(Fix::shown("put the file itself there")));
        }
    }
    Ok(())
}
