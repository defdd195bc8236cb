//! All Rust files of the repository, read once, each known to be product or test code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::rust::Source;
use crate::failure::{Doing, Failure, Outcome};

/// One Rust file.
pub(crate) struct RustFile {
    pub(crate) text: String,
    pub(crate) source: Source,
    /// Whether all of the file is test code, by its folder or because a `#[cfg(test)] mod` names it.
    pub(crate) is_test: bool,
}

/// By path.
pub(crate) struct RustFiles(BTreeMap<String, RustFile>);

impl RustFiles {
    pub(crate) fn load(root: &Path, files: &[String]) -> Outcome<Self> {
        let mut texts = BTreeMap::new();
        for path in files.iter().filter(|path| path.ends_with(".rs")) {
            let text = std::fs::read_to_string(root.join(path)).doing(|| format!("reading {path}"))?;
            texts.insert(path.clone(), text);
        }
        Self::parse(texts)
    }

    pub(crate) fn parse(texts: BTreeMap<String, String>) -> Outcome<Self> {
        let mut files = BTreeMap::new();
        for (path, text) in texts {
            let source = Source::parse(&text).map_err(|error| Failure::new(format!("{path} is no Rust: {error}")))?;
            let is_test = in_test_folder(&path);
            files.insert(path, RustFile { text, source, is_test });
        }
        let mut files = Self(files);
        files.mark_test_modules();
        Ok(files)
    }

    /// Files that are not test code as a whole.
    pub(crate) fn product(&self) -> impl Iterator<Item = (&str, &RustFile)> {
        self.all().filter(|(_, file)| !file.is_test)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &RustFile)> {
        self.0.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// The names of all tests.
    pub(crate) fn tests(&self) -> BTreeSet<&str> {
        self.0.values().flat_map(|file| &file.source.tests).map(String::as_str).collect()
    }

    fn mark_test_modules(&mut self) {
        let named = |(path, file): (&String, &RustFile)| {
            let folder = module_folder(path);
            let modules = file.source.test_modules.iter();
            modules.map(|module| format!("{folder}/{module}")).collect::<Vec<_>>()
        };
        let modules: Vec<String> = self.0.iter().flat_map(named).collect();
        for (path, file) in &mut self.0 {
            file.is_test |= modules.iter().any(|module| {
                path.strip_prefix(module.as_str()).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
            });
        }
    }
}

/// Integration tests, benchmarks and the crate that only tests use.
fn in_test_folder(path: &str) -> bool {
    path.starts_with("crates/testkit/") || path.split('/').any(|folder| folder == "tests" || folder == "benches")
}

/// The folder in which a file's `mod NAME;` are looked for.
fn module_folder(path: &str) -> &str {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    if matches!(file, "mod.rs" | "lib.rs" | "main.rs") { folder } else { path.trim_end_matches(".rs") }
}

#[cfg(test)]
pub(crate) fn parsed(files: &[(&str, &str)]) -> RustFiles {
    let texts = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    RustFiles::parse(texts.collect()).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_named_by_a_test_module_is_test_code_and_so_is_what_lies_below_it() {
        let files = parsed(&[
            ("crates/core/src/fs/mod.rs", "mod real; #[cfg(test)] mod model;"),
            ("crates/core/src/fs/real.rs", "#[cfg(test)] mod tests;"),
            ("crates/core/src/fs/real/tests.rs", ""),
            ("crates/core/src/fs/model/disk.rs", ""),
            ("crates/core/src/fs/model.rs", ""),
            ("crates/core/src/fs/modelling.rs", ""),
        ]);
        let product: Vec<&str> = files.product().map(|(path, _)| path).collect();
        assert_eq!(
            product,
            ["crates/core/src/fs/mod.rs", "crates/core/src/fs/modelling.rs", "crates/core/src/fs/real.rs"]
        );
    }

    #[test]
    fn integration_tests_and_the_testkit_are_test_code() {
        let files = parsed(&[("crates/cli/tests/it/main.rs", ""), ("crates/testkit/src/lib.rs", "")]);
        assert_eq!(files.product().count(), 0);
    }

    #[test]
    fn a_file_that_is_no_rust_is_a_failure_that_names_it() {
        let broken = [("crates/core/src/x.rs".to_owned(), "fn (".to_owned())];
        let failure = RustFiles::parse(broken.into()).err().unwrap().to_string();
        assert!(failure.starts_with("crates/core/src/x.rs is no Rust"), "{failure}");
    }
}
