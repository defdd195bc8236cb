//! `cargo xtask tidy`: the habits of this house as checks, so that no one has to remember them.
//!
//! A check takes the [`Tree`] and returns [`Finding`]s; it prints nothing and stops at nothing. Which checks there are
//! stands in [`CHECKS`]. Formatting, lints and licences are other tools' work.

mod catalogue;
mod conformance;
mod edges;
mod habits;
mod links;
mod machine_paths;
mod rooms;
mod rust;
mod sources;

use std::fmt;
use std::path::{Path, PathBuf};

use crate::failure::{Doing, Failure, Outcome};
use crate::repository;
use sources::RustFiles;

/// One place where a habit is broken.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    /// Counted from 1; 0 is the file as a whole.
    line: usize,
    message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// The repository as the checks see it: its files, and the Rust among them already read.
pub(crate) struct Tree {
    root: PathBuf,
    /// Relative to `root`, sorted.
    files: Vec<String>,
    rust: RustFiles,
}

impl Tree {
    fn load(root: &Path) -> Outcome<Self> {
        let files = repository::files(root)?;
        let rust = RustFiles::load(root, &files)?;
        Ok(Self { root: root.to_owned(), files, rust })
    }

    fn with_extension(&self, extension: &str) -> impl Iterator<Item = &str> {
        let has = move |path: &&str| Path::new(path).extension().is_some_and(|found| found == extension);
        self.files.iter().map(String::as_str).filter(has)
    }

    /// A file's text, or `None` for one that is not text.
    fn text(&self, path: &str) -> Outcome<Option<String>> {
        let bytes = std::fs::read(self.root.join(path)).doing(|| format!("reading {path}"))?;
        Ok(String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')))
    }
}

type Check = fn(&Tree) -> Outcome<Vec<Finding>>;

const CHECKS: [(&str, Check); 7] = [
    ("crate edges", edges::check),
    ("rooms of core", rooms::check),
    ("habits", habits::check),
    ("links", links::check),
    ("conformance", conformance::check),
    ("machine paths", machine_paths::check),
    ("catalogue", catalogue::check),
];

/// Runs every check and prints every finding; any finding is a failure.
pub(crate) fn run(root: &Path) -> Outcome {
    let tree = Tree::load(root)?;
    let mut findings = Vec::new();
    for (name, check) in CHECKS {
        let mut found = check(&tree).map_err(|failure| Failure::new(format!("tidy, {name}: {failure}")))?;
        found.sort();
        found.iter().for_each(|finding| eprintln!("{finding}"));
        findings.extend(found);
    }
    if let n @ 1.. = findings.len() {
        return Err(Failure::new(format!("tidy found {n} place{}", if n == 1 { "" } else { "s" })));
    }
    println!("tidy: {} files, nothing found", tree.files.len());
    Ok(())
}
