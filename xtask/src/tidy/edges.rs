//! Who may use whom among our own crates.
//!
//! Dev-dependencies are free, for a test may look at anything; what ships is not.

use serde::Deserialize;

use super::{Finding, Tree};
use crate::failure::{Doing, Outcome};
use crate::process::Run;

/// A crate, and those of ours that it may use.
const ALLOWED: [(&str, &[&str]); 6] = [
    ("packwright-format", &[]),
    ("packwright", &["packwright-format"]),
    ("packwright-importers", &["packwright"]),
    ("packwright-server", &["packwright"]),
    ("packwright-cli", &["packwright-format", "packwright", "packwright-importers", "packwright-server"]),
    ("packwright-testkit", &["packwright-format", "packwright"]),
];

const FREE: &str = "xtask";

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

pub(crate) fn check(tree: &Tree) -> Outcome<Vec<Finding>> {
    let run = Run::cargo().args(["metadata", "--no-deps", "--format-version", "1", "--locked"]).dir(&tree.root);
    let metadata = serde_json::from_str(&run.output()?).doing(|| "reading cargo's metadata".to_owned())?;
    Ok(forbidden(&metadata))
}

fn forbidden(metadata: &Metadata) -> Vec<Finding> {
    let ours = |name: &str| metadata.packages.iter().any(|package| package.name == name);
    let mut findings = Vec::new();
    for package in metadata.packages.iter().filter(|package| package.name != FREE) {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == package.name) else {
            findings.push(finding(format!("{} is a crate of ours that tidy does not know", package.name)));
            continue;
        };
        let shipped = package.dependencies.iter().filter(|dependency| dependency.kind.as_deref() != Some("dev"));
        for used in shipped.filter(|used| ours(&used.name) && !allowed.contains(&used.name.as_str())) {
            findings.push(finding(format!("{} must not use {}", package.name, used.name)));
        }
    }
    findings
}

fn finding(message: String) -> Finding {
    Finding::new("Cargo.toml", 0, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dependency's name and kind.
    type Edge = (&'static str, Option<&'static str>);

    fn messages(packages: &[(&str, &[Edge])]) -> Vec<String> {
        let dependency = |&(name, kind): &Edge| Dependency { name: name.into(), kind: kind.map(Into::into) };
        let package = |&(name, used): &(&str, &[Edge])| Package {
            name: name.into(),
            dependencies: used.iter().map(dependency).collect(),
        };
        let metadata = Metadata { packages: packages.iter().map(package).collect() };
        forbidden(&metadata).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn core_may_not_use_its_importers_but_its_tests_may() {
        let importers = ("packwright-importers", &[("packwright", None)] as &[_]);
        let shipped = [("packwright-importers", None)];
        let tested = [("packwright-importers", Some("dev"))];
        assert_eq!(messages(&[importers, ("packwright", &shipped)]), ["packwright must not use packwright-importers"]);
        assert_eq!(messages(&[importers, ("packwright", &tested)]), [""; 0]);
    }

    #[test]
    fn a_build_dependency_counts_as_shipped() {
        let used = [("packwright", Some("build"))];
        assert_eq!(
            messages(&[("packwright", &[]), ("packwright-format", &used)]),
            ["packwright-format must not use packwright"]
        );
    }

    #[test]
    fn a_crate_that_the_table_does_not_name_is_found() {
        assert_eq!(
            messages(&[("packwright-extra", &[])]),
            ["packwright-extra is a crate of ours that tidy does not know"]
        );
        assert_eq!(messages(&[("xtask", &[("packwright", None)]), ("packwright", &[])]), [""; 0]);
    }
}
