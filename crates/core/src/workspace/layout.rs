//! The names of what a workspace holds, and the lines that tell version control which of it to keep.

use super::{Registry, Settings};
use crate::value::RelPath;

/// The settings, in the workspace.
pub const SETTINGS: &str = Settings::FILE;
/// The registry, in the workspace.
pub const REGISTRY: &str = Registry::FILE;
/// The assets folder, where the settings name no other.
pub const ASSETS: &str = "assets";
/// The folder of outputs, where the settings name no other.
pub const BUILD: &str = "build";
/// The folder where removed asset roots wait.
pub const QUARANTINE: &str = "quarantine";
/// The file of one entry in quarantine, and the folder of its payload.
pub const QUARANTINE_ENTRY: &str = "entry.json";
/// The folder of an entry in quarantine that holds the asset root, whole.
pub const QUARANTINE_PAYLOAD: &str = "payload";

/// The folder of what only the packer reads. All of it but an unfinished journal may be deleted at any time.
pub const PRIVATE: &str = ".packwright";
/// The file that a writer locks; never deleted.
pub const LOCK: &str = ".packwright/lock";
/// The file that who waits for the lock has locked, so that all get their turn.
pub const TURN: &str = ".packwright/turn";
/// Who holds the lock, for messages only.
pub const HOLDER: &str = ".packwright/holder.json";
/// The undo journal of an unfinished commit.
pub const JOURNAL: &str = ".packwright/journal";
/// The names of a set of outputs that counts as new, until all of it is in its place.
pub const PUBLISH: &str = ".packwright/publish";
/// The index of files that says which have not changed.
pub const LISTING: &str = ".packwright/listing";
/// Artifacts by key.
pub const CACHE: &str = ".packwright/cache/v1";
/// What the last build made.
pub const LAST_BUILD: &str = ".packwright/last-build";
/// The names of a set of outputs that is being made, so that what a killed build left can be cleared away.
pub const STAGED: &str = ".packwright/staged";
/// Past operations and their inverses.
pub const HISTORY: &str = ".packwright/history";
/// What is to be deleted once its operation has committed.
pub const TRASH: &str = ".packwright/trash";

/// The compile surface of the last pack, in the folder of outputs.
pub const ADDRESSABLES: &str = "addressables.json";
/// What the last build did, in the folder of outputs.
pub const REPORT: &str = "report.json";

/// How the names of packs end.
pub const PACK_ENDING: &str = ".pack";

/// The pack's file, in the folder of outputs.
#[must_use]
pub fn pack_file(project_name: &str) -> String {
    format!("{project_name}{PACK_ENDING}")
}

/// The lines that a `.gitignore` in the workspace needs.
#[must_use]
pub fn gitignore_lines(out: &RelPath) -> Vec<String> {
    [&RelPath::literal(PRIVATE), out, &RelPath::literal(QUARANTINE)].map(gitignore_line).into()
}

/// The line that keeps version control from one folder of the workspace.
#[must_use]
pub fn gitignore_line(folder: &RelPath) -> String {
    format!("/{}/", escaped(folder))
}

/// The lines that a `.gitattributes` in the workspace needs.
#[must_use]
pub fn gitattributes_lines() -> Vec<String> {
    vec![format!("{REGISTRY} text eol=lf merge=packwright")]
}

/// Why the lines stand in a `.gitignore`, as a comment.
pub const IGNORED_BECAUSE: &str = "Packwright: made by tools, and made again when they are missing";

/// The command that makes the merge driver known to one clone; version control does not take it from a file.
pub const GIT_CONFIG_COMMAND: &str = "git config merge.packwright.driver \"packwright merge-registry %O %A %B\"";

/// `text`, a file of version control, with those of `lines` behind it that it does not hold, under `reason` as a
/// comment; `None` where it holds them all. What is there stays as it is, line endings too.
#[must_use]
pub fn with_lines(text: &str, lines: &[String], reason: &str) -> Option<String> {
    let missing: Vec<&String> = lines.iter().filter(|line| !text.lines().any(|there| there.trim() == **line)).collect();
    if missing.is_empty() {
        return None;
    }
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = text.to_owned();
    if !out.is_empty() && !out.ends_with('\n') {
        out.push_str(newline);
    }
    for line in std::iter::once(&format!("# {reason}")).chain(missing) {
        out.push_str(line);
        out.push_str(newline);
    }
    Some(out)
}

/// A path as gitignore spells it, where some characters are wildcards.
fn escaped(path: &RelPath) -> String {
    let special = |c: char| matches!(c, '*' | '?' | '[' | ' ');
    path.as_str().chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_appended_once_and_nothing_else_changes() {
        let lines = gitignore_lines(&RelPath::literal("build"));
        let first = with_lines("*.o\r\n/build/\r\nlast", &lines, "made by packwright").expect("lines are missing");
        assert_eq!(first, "*.o\r\n/build/\r\nlast\r\n# made by packwright\r\n/.packwright/\r\n/quarantine/\r\n");
        assert_eq!(with_lines(&first, &lines, "made by packwright"), None);
    }

    #[test]
    fn wildcards_in_a_folder_name_are_escaped_for_version_control() {
        let lines = gitignore_lines(&RelPath::literal("out [1]"));
        assert!(lines.contains(&"/out\\ \\[1]/".to_owned()));
    }
}
