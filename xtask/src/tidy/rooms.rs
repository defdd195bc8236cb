//! The order of core's rooms: each uses only those before it.
//!
//! Read from the paths in the code, `crate::ROOM` and `super::…` that climbs as far; a room's tests may look anywhere.

use super::rust::Source;
use super::{Finding, Tree};
use crate::failure::Outcome;

/// From the ground up.
const ROOMS: [&str; 12] = [
    "sync",
    "value",
    "event",
    "fs",
    "importer",
    "workspace",
    "snapshot",
    "diagnose",
    "plan",
    "build",
    "service",
    "runtime",
];

const CORE: &str = "crates/core/src/";

pub(crate) fn check(tree: &Tree) -> Outcome<Vec<Finding>> {
    let files = tree.rust.product().filter(|(path, _)| path.starts_with(CORE));
    Ok(files.flat_map(|(path, file)| upward(path, &file.source)).collect())
}

fn upward(path: &str, source: &Source) -> Vec<Finding> {
    let modules = module_path(path);
    let Some(&room) = modules.first() else { return Vec::new() };
    let Some(height) = height(room) else {
        return vec![Finding::new(path, 0, format!("`{room}` is a room that tidy does not know"))];
    };
    let mut findings = Vec::new();
    for (names, line) in source.paths() {
        let Some(used) = named_in_crate(&names, &modules) else { continue };
        let above = self::height(used).is_some_and(|used| used > height);
        if above {
            findings.push(Finding::new(path, line, format!("`{room}` lies below `{used}` and must not use it")));
        }
    }
    findings
}

fn height(room: &str) -> Option<usize> {
    ROOMS.iter().position(|known| *known == room)
}

/// `crates/core/src/plan/commit.rs` is `plan`, `commit`; the crate's own file is nothing.
fn module_path(path: &str) -> Vec<&str> {
    let below = path.trim_start_matches(CORE).trim_end_matches(".rs");
    let below = below.strip_suffix("/mod").unwrap_or(below);
    if below == "lib" { Vec::new() } else { below.split('/').collect() }
}

/// The name at the crate's root that a path goes through, if it climbs that far.
fn named_in_crate<'a>(names: &[&'a str], modules: &[&str]) -> Option<&'a str> {
    let climbed = names.iter().take_while(|name| **name == "super").count();
    let from_root = names[0] == "crate" || (climbed > 0 && climbed == modules.len());
    from_root.then(|| names.get(climbed.max(1)).copied()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        upward(path, &Source::parse(text).unwrap()).into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn a_room_may_use_those_below_it_and_itself() {
        let text = "use crate::{fs::Fs, value::Address}; use crate::plan::Plan; use super::journal; fn f() {}";
        assert_eq!(found("crates/core/src/plan/commit.rs", text), [""; 0]);
    }

    #[test]
    fn an_import_from_a_room_above_is_found_with_its_line() {
        assert_eq!(
            found("crates/core/src/fs/real.rs", "use std::io;\nuse crate::{value, plan::Plan};"),
            ["crates/core/src/fs/real.rs:2: `fs` lies below `plan` and must not use it"]
        );
    }

    #[test]
    fn climbing_by_super_is_found_too() {
        assert_eq!(found("crates/core/src/fs/real.rs", "fn f() { super::super::build::key(); }").len(), 1);
        assert_eq!(found("crates/core/src/fs/mod.rs", "use super::build::key;").len(), 1);
        assert_eq!(found("crates/core/src/fs/real.rs", "use super::build::key;"), [""; 0]);
    }

    #[test]
    fn tests_may_look_up_and_the_crate_root_names_every_room() {
        assert_eq!(found("crates/core/src/fs/real.rs", "#[cfg(test)] mod tests { use crate::plan::Plan; }"), [""; 0]);
        assert_eq!(found("crates/core/src/lib.rs", "pub use crate::runtime::Packer;"), [""; 0]);
    }

    #[test]
    fn a_new_room_has_to_be_given_its_place() {
        assert_eq!(found("crates/core/src/attic/mod.rs", "").len(), 1);
    }
}
