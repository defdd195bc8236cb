//! What below the assets folder is nobody's asset: litter of editors and systems, version control's own files, our
//! temporary files, and what the settings ignore.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::globs::nesting;
use super::{Manifest, Pattern, Problem};
use crate::value::RelPath;

/// Why a file or folder is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ignored {
    /// Left behind by an editor or a system (H307).
    Litter,
    /// A file or folder of version control.
    VersionControl,
    /// A temporary file of ours; a leftover (H310) where its operation no longer runs.
    Temporary,
    /// The settings say so.
    Settings,
}

/// Litter, by its whole name; case does not matter.
const LITTER: [&str; 11] = [
    ".ds_store",
    ".appledouble",
    ".spotlight-v100",
    ".trashes",
    ".fseventsd",
    ".directory",
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "$recycle.bin",
    "__macosx",
];

/// Files and folders of version control, by their whole name.
const VERSION_CONTROL: [&str; 9] =
    [".git", ".gitignore", ".gitattributes", ".gitmodules", ".gitkeep", ".keep", ".hg", ".hgignore", ".svn"];

/// What separates the name from the operation in a temporary file's name, `.NAME.pw-OPERATION`.
const TEMPORARY: &str = ".pw-";

/// Decides what is ignored.
#[derive(Debug, Clone)]
pub struct IgnoreRules {
    settings: Gitignore,
}

impl IgnoreRules {
    /// The built-in list, and `patterns` in gitignore syntax, relative to the assets folder. A pattern can take back
    /// what an earlier one ignored (`!keep.psd`), but nothing of the built-in list.
    ///
    /// # Errors
    /// Where a pattern is none.
    pub fn new(patterns: &[String]) -> Result<Self, Problem> {
        let mut builder = GitignoreBuilder::new(".");
        builder.allow_unclosed_class(false);
        for pattern in patterns {
            refuse_mistake(pattern)?;
            builder.add_line(None, pattern).map_err(|error| invalid(pattern, &error))?;
        }
        let settings = builder.build().map_err(|error| Problem::new(format!("the patterns of `ignore`: {error}")))?;
        Ok(Self { settings })
    }

    /// Whether this entry itself is ignored, and why. A walk that does not enter what is ignored needs no more.
    ///
    /// `path` is relative to the assets folder.
    #[must_use]
    pub fn ignores(&self, path: &RelPath, is_dir: bool) -> Option<Ignored> {
        let name = path.file_name()?;
        built_in(name).or_else(|| {
            // A pattern that is meant for sources must not make an asset of a folder with no manifest.
            if name == Manifest::FILE && !is_dir {
                return None;
            }
            let ignored = self.settings.matched(path.nfc().as_str(), is_dir).is_ignore();
            ignored.then_some(Ignored::Settings)
        })
    }

    /// Whether this entry is ignored or lies in a folder that is; for who comes by a path without a walk.
    #[must_use]
    pub fn covers(&self, path: &RelPath, is_dir: bool) -> Option<Ignored> {
        let mut folders: Vec<RelPath> = std::iter::successors(path.parent(), RelPath::parent).collect();
        folders.reverse();
        folders.iter().find_map(|folder| self.ignores(folder, true)).or_else(|| self.ignores(path, is_dir))
    }
}

/// The operation whose temporary file has this name.
#[must_use]
pub fn temporary_operation(name: &str) -> Option<&str> {
    let (stem, operation) = name.strip_prefix('.')?.rsplit_once(TEMPORARY)?;
    let spelt = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (!stem.is_empty() && !operation.is_empty() && operation.chars().all(spelt)).then_some(operation)
}

fn built_in(name: &str) -> Option<Ignored> {
    if temporary_operation(name).is_some() {
        return Some(Ignored::Temporary);
    }
    if VERSION_CONTROL.contains(&name) {
        return Some(Ignored::VersionControl);
    }
    is_litter(name).then_some(Ignored::Litter)
}

fn is_litter(name: &str) -> bool {
    let folded = name.to_ascii_lowercase();
    let ends = |suffix: &str| folded.len() > suffix.len() && folded.ends_with(suffix);
    LITTER.contains(&folded.as_str())
        || folded.starts_with("._")
        || folded.starts_with(".#")
        || (folded.len() > 1 && folded.starts_with('#') && folded.ends_with('#'))
        || [".swp", ".swo", ".tmp", "~"].into_iter().any(ends)
}

/// Gitignore passes over comments and empty lines; in a list of settings they are mistakes. Compiling recurses over
/// alternatives, so how deep they nest is bounded here.
fn refuse_mistake(pattern: &str) -> Result<(), Problem> {
    if pattern.trim().is_empty() {
        return Err(Problem::new("an ignore pattern is empty"));
    }
    if pattern.starts_with('#') {
        let problem = Problem::new(format!("the ignore pattern {pattern:?} is a comment"));
        return Err(problem.help("a name that starts with `#` is written `\\#`"));
    }
    if pattern.contains(['\n', '\0']) {
        return Err(Problem::new(format!("the ignore pattern {pattern:?} is more than one line")));
    }
    if pattern.len() > Pattern::MAX_BYTES || nesting(pattern) > Pattern::MAX_NESTING {
        let (bytes, levels) = (Pattern::MAX_BYTES, Pattern::MAX_NESTING);
        return Err(Problem::new(format!(
            "an ignore pattern has at most {bytes} bytes, and {levels} levels of braces"
        )));
    }
    Ok(())
}

fn invalid(pattern: &str, error: &ignore::Error) -> Problem {
    let why = match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    };
    Problem::new(format!("{pattern:?} is no ignore pattern: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(patterns: &[&str]) -> IgnoreRules {
        let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        IgnoreRules::new(&patterns).expect("patterns")
    }

    fn ignored(rules: &IgnoreRules, path: &'static str) -> Option<Ignored> {
        rules.ignores(&RelPath::literal(path), false)
    }

    #[test]
    fn litter_version_control_and_our_own_files_are_told_apart() {
        let rules = rules(&[]);
        for name in ["a/.DS_Store", "THUMBS.DB", "a/x.png~", "a/.x.swp", ".#lock", "#auto#", "a/._x", "x.TMP"] {
            assert_eq!(ignored(&rules, name), Some(Ignored::Litter), "{name}");
        }
        assert_eq!(ignored(&rules, "a/.gitkeep"), Some(Ignored::VersionControl));
        assert_eq!(ignored(&rules, "a/.asset.json.pw-0199c0de"), Some(Ignored::Temporary));
        for name in ["a/x.png", ".hidden", "a/#1.png", "~", "a/.pw-1", ".tmp", "swp", "#"] {
            assert_eq!(ignored(&rules, name), None, "{name}");
        }
    }

    #[test]
    fn settings_ignore_as_version_control_does() {
        let rules = rules(&["*.psd", "/raw", "work/", "!keep.psd"]);
        assert_eq!(ignored(&rules, "a/b/x.psd"), Some(Ignored::Settings));
        assert_eq!(ignored(&rules, "a/keep.psd"), None);
        assert_eq!(ignored(&rules, "raw"), Some(Ignored::Settings));
        assert_eq!(ignored(&rules, "a/raw"), None);
        assert_eq!(ignored(&rules, "work"), None, "a pattern with a slash behind it means folders");
        assert_eq!(rules.ignores(&RelPath::literal("a/work"), true), Some(Ignored::Settings));
    }

    #[test]
    fn what_lies_in_an_ignored_folder_is_covered() {
        let rules = rules(&["drafts/"]);
        let path = RelPath::literal("a/drafts/deep/x.png");
        assert_eq!(rules.ignores(&path, false), None);
        assert_eq!(rules.covers(&path, false), Some(Ignored::Settings));
        assert_eq!(rules.covers(&RelPath::literal(".git/config"), false), Some(Ignored::VersionControl));
        assert_eq!(rules.ignores(&RelPath::root(), true), None);
    }

    #[test]
    fn a_pattern_that_would_silently_do_nothing_is_refused() {
        let nested = format!("{}a{}", "{".repeat(400), "}".repeat(400));
        for pattern in ["", "  ", "# comment", "a[", "{a", "a\nb", &nested, &"a".repeat(1025)] {
            assert!(IgnoreRules::new(&[pattern.to_owned()]).is_err(), "{pattern:?}");
        }
    }
}
