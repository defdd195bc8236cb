//! No file of the repository names a folder of the machine it was written on.

use super::{Finding, Tree};
use crate::failure::Outcome;

/// Put together here so that this file does not find itself.
const FOLDERS: [&str; 3] = [concat!("/", "work/"), concat!("/", "root/"), concat!("/tmp/", "bash_jobs")];

pub(crate) fn check(tree: &Tree) -> Outcome<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in &tree.files {
        if let Some(text) = tree.text(path)? {
            findings.extend(named(path, &text));
        }
    }
    Ok(findings)
}

fn named(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let folder = FOLDERS.iter().find(|folder| line.match_indices(**folder).any(|(at, _)| is_absolute(&line[..at])));
        if let Some(folder) = folder {
            findings.push(Finding::new(path, number + 1, format!("names a folder of one machine, `{folder}`")));
        }
    }
    findings
}

/// A slash after a name continues that name, as in a URL or a relative path.
fn is_absolute(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || "._-~*}>)".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absolute_path_of_this_machine_is_found_with_its_line() {
        let text = format!("fine\nsee `{}main`\n", FOLDERS[0]);
        assert_eq!(named("a.md", &text)[0].line, 2);
    }

    #[test]
    fn the_same_word_inside_a_longer_path_or_a_url_is_not() {
        let text = format!("https://example.org{0}x and ../art{0}y", FOLDERS[0]);
        assert_eq!(named("a.md", &text), []);
    }
}
