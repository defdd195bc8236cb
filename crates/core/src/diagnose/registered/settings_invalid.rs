//! S108: the settings do not parse, or break a rule.

use crate::diagnose::{Code, Diagnostic, Ground};
use crate::value::RelPath;
use crate::workspace::Settings;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    let path = RelPath::literal(Settings::FILE);
    if let Err(problems) = ground.snapshot.settings() {
        let help = "correct the file; `packwright explain S108` says what it may hold, `git diff` what it held before";
        found.extend(problems.iter().map(|problem| Diagnostic::from_problem(Code::S108, &path, problem, help)));
    }
    for folder in &ground.snapshot.setting.linked_folders {
        let message = format!("the folder `{folder}` that the settings name is, or lies behind, a link");
        let made = Diagnostic::new(Code::S108, message).located(crate::diagnose::Location::file(path.clone()));
        found.push(made.with_help("replace the link by the folder itself, or name another folder"));
    }
}
