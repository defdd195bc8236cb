//! `cargo xtask page`: the checks of the Studio page, in `crates/server/page-tests/`: its types, its modules, and the page
//! in a real browser, against the program that is built here.
//!
//! Node, npm and Chromium are the machine's own; what else is needed comes by `npm ci`, of exactly the versions that the
//! lock file names. Nothing of it is part of the program.

use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs};

use crate::codegen;
use crate::failure::{Doing, Failure, Outcome};
use crate::process::{Run, on_path};

/// The oldest node that runs the checks.
const NODE: u32 = 18;
/// What Chromium is called, by whom it comes from.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// What was installed, in the folder where it is.
const INSTALLED: &str = "node_modules/.installed-from";

type Step = fn(&Path) -> Outcome;

const STEPS: [(&str, Step); 4] =
    [("types", types), ("codegen", codegen::check), ("unit", unit), ("browser", in_browser)];

pub(crate) fn run(root: &Path) -> Outcome {
    browser()?;
    install(root)?;
    for (name, step) in STEPS {
        let began = Instant::now();
        step(root).map_err(|failure| Failure::new(format!("page, {name}: {failure}")))?;
        println!("page: {name} passed in {:.1} s", began.elapsed().as_secs_f64());
    }
    Ok(())
}

/// `cargo xtask screenshots`: pictures of every part, for `docs/studio/`.
pub(crate) fn screenshots(root: &Path) -> Outcome {
    browser()?;
    install(root)?;
    build(root)?;
    npm(root, &["run", "--silent", "screenshots"])
}

/// Where the checks are.
pub(crate) fn folder(root: &Path) -> PathBuf {
    root.join("crates/server/page-tests")
}

/// Installs what the lock file names, unless that is done.
pub(crate) fn install(root: &Path) -> Outcome {
    node()?;
    let (lock, installed) = (folder(root).join("package-lock.json"), folder(root).join(INSTALLED));
    let wanted = fs::read(&lock).doing(|| format!("reading {}", lock.display()))?;
    if fs::read(&installed).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    npm(root, &["ci", "--no-audit", "--no-fund", "--ignore-scripts"])?;
    fs::write(&installed, wanted).doing(|| format!("writing {}", installed.display()))
}

fn types(root: &Path) -> Outcome {
    npm(root, &["run", "--silent", "types"])
}

fn unit(root: &Path) -> Outcome {
    npm(root, &["run", "--silent", "unit"])
}

fn in_browser(root: &Path) -> Outcome {
    build(root)?;
    npm(root, &["run", "--silent", "browser"])
}

/// The program that the browser meets.
fn build(root: &Path) -> Outcome {
    Run::cargo().args(["build", "--package", "packwright-cli", "--locked"]).dir(root).run()
}

/// Where cargo puts that program.
fn packwright(root: &Path) -> PathBuf {
    let built = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root.join(built).join("debug/packwright")
}

fn npm(root: &Path, words: &[&str]) -> Outcome {
    Run::new("npm").args(words).dir(&folder(root)).env("PACKWRIGHT", packwright(root)).run()
}

fn node() -> Outcome {
    if !on_path("node") || !on_path("npm") {
        return Err(missing("node and npm", "nodejs npm"));
    }
    let said = Run::new("node").arg("--version").output()?;
    match major(&said) {
        Some(major) if major >= NODE => Ok(()),
        _ => {
            Err(Failure::new(format!("the checks of the page need node {NODE} or newer, and this is {}", said.trim())))
        }
    }
}

fn browser() -> Outcome {
    if CHROMIUM.iter().any(|name| on_path(name)) { Ok(()) } else { Err(missing("Chromium", "chromium")) }
}

fn missing(what: &str, packages: &str) -> Failure {
    Failure::new(format!(
        "the checks of the page need {what}; on Debian: apt-get install --no-install-recommends {packages}"
    ))
}

/// The first number of what `node --version` says.
fn major(said: &str) -> Option<u32> {
    said.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_read_and_nonsense_is_none() {
        assert_eq!(major("v18.20.4\n"), Some(18));
        assert_eq!(major("v22.0.0-nightly"), Some(22));
        assert_eq!(major("18.20"), None);
        assert_eq!(major(""), None);
    }

    #[test]
    fn what_is_missing_is_said_with_how_to_get_it() {
        assert!(
            missing("Chromium", "chromium").to_string().ends_with("apt-get install --no-install-recommends chromium")
        );
    }
}
