//! Relative links in the documents lead to files, and their anchors to headings.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Finding, Tree};
use crate::failure::Outcome;

pub(crate) fn check(tree: &Tree) -> Outcome<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in tree.with_extension("md") {
        let text = tree.text(path)?.unwrap_or_default();
        for (target, line) in links(&text).into_iter().filter(|(target, _)| is_relative(target)) {
            if let Some(why) = broken(tree, path, target)? {
                findings.push(Finding::new(path, line, format!("the link `{target}` {why}")));
            }
        }
    }
    Ok(findings)
}

/// Why a link of the document at `path` leads nowhere, if it does.
fn broken(tree: &Tree, path: &str, target: &str) -> Outcome<Option<&'static str>> {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let file = if file.is_empty() { Some(path.to_owned()) } else { resolved(path, file) };
    let Some(file) = file else { return Ok(Some("leaves the repository")) };
    if !tree.root.join(&file).exists() {
        return Ok(Some("leads to no file"));
    }
    if anchor.is_empty() || !file.ends_with(".md") {
        return Ok(None);
    }
    let text = tree.text(&file)?.unwrap_or_default();
    Ok((!anchors(&text).contains(anchor)).then_some("leads to no heading"))
}

fn is_relative(target: &str) -> bool {
    !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
}

/// `target` as seen from the document at `path`, from the repository's root.
fn resolved(path: &str, target: &str) -> Option<String> {
    let mut folders: Vec<&str> = match Path::new(path).parent().and_then(Path::to_str) {
        Some("") | None => Vec::new(),
        Some(parent) => parent.split('/').collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(folders.pop()?),
            name => folders.push(name),
        }
    }
    Some(folders.join("/"))
}

/// The targets of a document's links, `[text](target)` and `[name]: target`, with their lines.
fn links(text: &str) -> Vec<(&str, usize)> {
    let mut links = Vec::new();
    for (line, number) in prose(text) {
        // An odd number of backticks before it: it stands in a code span.
        let in_code = |at: &usize| line[..*at].matches('`').count() % 2 == 1;
        let opened = line.match_indices("](").filter(|(at, _)| !in_code(at));
        let inline = opened.filter_map(|(at, open)| line[at + open.len()..].split(')').next());
        let defined = line.strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map(|(_, target)| target);
        let targets = inline.chain(defined).filter_map(|target| target.split_whitespace().next());
        links.extend(targets.map(|target| (target.trim_matches(['<', '>']), number)));
    }
    links.retain(|(target, _)| !target.contains('`'));
    links
}

/// The lines that are not in a code fence, counted from 1.
fn prose(text: &str) -> Vec<(&str, usize)> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            lines.push((line, number + 1));
        }
    }
    lines
}

/// The anchors of a document's headings, spelled as code hosts spell them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for (line, _) in prose(text) {
        let title = line.trim_start_matches('#');
        if title.len() < line.len() && title.starts_with(' ') {
            let plain = anchor(title.trim());
            let numbered = (1..).map(|n| format!("{plain}-{n}")).find(|name| !anchors.contains(name));
            anchors.insert(if anchors.contains(&plain) { numbered.unwrap_or_default() } else { plain });
        }
    }
    anchors
}

fn anchor(title: &str) -> String {
    let kept = title.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sources::parsed;
    use super::*;

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let paths = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        let tree = Tree { root: root.path().to_owned(), files: paths, rust: parsed(&[]) };
        check(&tree).unwrap().into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn a_link_to_a_file_that_is_there_and_one_into_the_world_are_fine() {
        let text = "[a](docs/a.md), [b](https://example.org/b), [c](docs/a.md \"title\")\n\n[d]: docs/a.md\n";
        assert_eq!(findings(&[("README.md", text), ("docs/a.md", "[up](../README.md)")]), [""; 0]);
    }

    #[test]
    fn a_link_to_nothing_is_found_with_its_line() {
        assert_eq!(findings(&[("docs/a.md", "\n[x](b.md)")]), ["docs/a.md:2: the link `b.md` leads to no file"]);
        assert_eq!(findings(&[("a.md", "[x]: gone.md")]), ["a.md:1: the link `gone.md` leads to no file"]);
        assert_eq!(findings(&[("a.md", "[x](../b.md)")]), ["a.md:1: the link `../b.md` leaves the repository"]);
    }

    #[test]
    fn an_anchor_has_to_be_a_heading_of_the_file_it_points_into() {
        let there = ("b.md", "# The pack, format 1\n## `why`, twice\n## `why`, twice\n");
        let good = "[x](b.md#the-pack-format-1) [y](b.md#why-twice) [z](b.md#why-twice-1) [w](#here)\n# Here\n";
        assert_eq!(findings(&[("a.md", good), there]), [""; 0]);
        assert_eq!(
            findings(&[("a.md", "[x](b.md#the-pack)"), there]),
            ["a.md:1: the link `b.md#the-pack` leads to no heading"]
        );
    }

    #[test]
    fn what_stands_in_code_is_no_link() {
        assert_eq!(findings(&[("a.md", "```\n[x](gone.md)\n```\n")]), [""; 0]);
        assert_eq!(findings(&[("a.md", "each `[a-z]([a-z-]*[a-z])?` of them")]), [""; 0]);
    }
}
