//! Small habits of a source file: how it opens, how long it is, what it never says.

use super::rust::{Source, Token};
use super::{Finding, Tree};
use crate::failure::Outcome;

const MAX_LINES: usize = 800;

/// What is written by people and read from top to bottom.
const WRITTEN: [&str; 6] = ["rs", "js", "css", "html", "sh", "toml"];

pub(crate) fn check(tree: &Tree) -> Outcome<Vec<Finding>> {
    let mut findings = too_long(tree)?;
    for (path, file) in tree.rust.all().filter(|(path, _)| path.starts_with("crates/")) {
        findings.extend(opening(path, &file.text));
    }
    for (path, file) in tree.rust.product() {
        findings.extend(never_said(path, &file.source));
        if path.starts_with("crates/core/src/") && !path.starts_with("crates/core/src/fs/") {
            findings.extend(touches_files(path, &file.source));
        }
    }
    Ok(findings)
}

fn too_long(tree: &Tree) -> Outcome<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in WRITTEN.iter().flat_map(|extension| tree.with_extension(extension)) {
        let n_lines = tree.text(path)?.map_or(0, |text| text.lines().count());
        if n_lines > MAX_LINES {
            findings.push(Finding::new(path, 0, format!("{n_lines} lines; at most {MAX_LINES} are read to the end")));
        }
    }
    Ok(findings)
}

fn opening(path: &str, text: &str) -> Option<Finding> {
    let opens = text.starts_with("//!");
    (!opens).then(|| Finding::new(path, 1, "opens without `//!`: say what the file owns and what always holds"))
}

fn never_said(path: &str, source: &Source) -> Vec<Finding> {
    const MACROS: [&str; 3] = ["todo", "unimplemented", "dbg"];
    let at = |tokens: &[Token], message: String| Finding::new(path, tokens[0].line, message);
    let calls = source.product.windows(2).filter(|pair| pair[1].text == "!" && MACROS.contains(&&*pair[0].text));
    let unwraps =
        source.product.windows(4).filter(|four| four.iter().map(|token| &*token.text).eq([".", "unwrap", "(", ")"]));
    calls
        .map(|tokens| at(tokens, format!("`{}!` is not for product code", tokens[0].text)))
        .chain(unwraps.map(|tokens| at(tokens, "`.unwrap()` outside tests: `expect` says why it holds".to_owned())))
        .collect()
}

/// Core touches files in its room `fs` alone; everything else goes through the `Fs` trait.
fn touches_files(path: &str, source: &Source) -> Vec<Finding> {
    let is_files = |names: &[&str]| match names {
        ["std", "fs", ..] | ["rustix", "fs", ..] | ["memmap2", ..] => true,
        ["std", "os", rest @ ..] => rest.contains(&"fs"),
        _ => false,
    };
    let paths = source.paths().into_iter().filter(|(names, _)| is_files(names));
    let told = |(names, line): (Vec<&str>, usize)| {
        Finding::new(path, line, format!("`{}`: only `fs/` touches files", names.join("::")))
    };
    paths.map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        never_said("a.rs", &Source::parse(text).unwrap()).into_iter().map(|finding| finding.to_string()).collect()
    }

    fn touched(text: &str) -> usize {
        touches_files("a.rs", &Source::parse(text).unwrap()).len()
    }

    #[test]
    fn a_file_opens_by_saying_what_it_owns() {
        assert_eq!(opening("a.rs", "//! Owns a.\n"), None);
        assert!(opening("a.rs", "use std::io;\n//! Late.\n").is_some());
    }

    #[test]
    fn unwrap_is_found_in_product_code_with_its_line() {
        assert_eq!(
            said("fn f() {\n  x\n    .unwrap();\n}"),
            ["a.rs:3: `.unwrap()` outside tests: `expect` says why it holds"]
        );
    }

    #[test]
    fn unwrap_is_free_in_tests_and_its_kin_are_free_everywhere() {
        assert_eq!(said("fn f() { x.unwrap_or(1); } #[cfg(test)] mod t { fn g() { x.unwrap(); } }"), [""; 0]);
    }

    #[test]
    fn unfinished_work_is_found_but_not_in_words() {
        assert_eq!(said("fn f() { todo!() } fn g() { unimplemented!(\"x\"); dbg!(1); }").len(), 3);
        assert_eq!(said("// todo!()\nfn f() { let todo = \"dbg!\"; }"), [""; 0]);
    }

    #[test]
    fn file_access_is_found_however_it_is_imported() {
        assert_eq!(touched("use std::fs;"), 1);
        assert_eq!(touched("use std::{io, fs::File};"), 1);
        assert_eq!(touched("fn f() { std::fs::read(p); rustix::fs::openat(a); }"), 2);
        assert_eq!(touched("use std::os::unix::fs::MetadataExt;"), 1);
        assert_eq!(touched("use std::io; use crate::fs::Fs; // std::fs"), 0);
    }
}
