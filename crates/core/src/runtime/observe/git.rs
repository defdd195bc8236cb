//! Whether git is at work on the files: while it checks out a branch, its index is locked.
//!
//! Only looks for the lock's name. What a `.git` file says is a hint like any other; believing a false one costs no
//! more than the longest hold.

use std::path::{Path, PathBuf};

use crate::fs::{FileKind, Fs, RealFs, read_limited};
use crate::value::RelPath;

/// The longest `.git` file that is read; it holds one path.
const MAX_LINK: u64 = 8 * 1024;

/// Whether the index of the repository around `workspace` is locked.
pub(super) fn index_is_locked(workspace: &Path) -> bool {
    let Some(git) = workspace.ancestors().find_map(git_folder) else { return false };
    RealFs::open(&git).is_ok_and(|git| git.stat(&RelPath::literal("index.lock")).is_ok())
}

/// Where git keeps its index for the files of `folder`, if that is the top of a working tree.
fn git_folder(folder: &Path) -> Option<PathBuf> {
    let fs = RealFs::open(folder).ok()?;
    let name = RelPath::literal(".git");
    match fs.stat(&name).ok()?.kind {
        FileKind::Dir | FileKind::Link => Some(folder.join(name.as_str())),
        // A linked working tree, or a submodule.
        FileKind::File => {
            let text = read_limited(&fs, &name, MAX_LINK).ok()?;
            let path = std::str::from_utf8(&text).ok()?.strip_prefix("gitdir:")?.trim();
            Some(folder.join(path))
        }
        FileKind::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use packwright_testkit::Tree;

    use super::*;

    fn is_locked(tree: &Tree, workspace: &str) -> bool {
        index_is_locked(&tree.at(workspace))
    }

    #[test]
    fn the_repository_around_the_workspace_is_found() {
        let tree = Tree::from_text("-- .git/HEAD --\n-- games/mine/packwright.toml --\n");
        assert!(!is_locked(&tree, "games/mine"));
        tree.write(".git/index.lock", "");
        assert!(is_locked(&tree, "games/mine"));
    }

    #[test]
    fn a_linked_working_tree_has_an_index_of_its_own() {
        let tree = Tree::from_text("-- main/.git/worktrees/side/HEAD --\n-- side/packwright.toml --\n");
        tree.write("side/.git", "gitdir: ../main/.git/worktrees/side\n");
        tree.write("main/.git/index.lock", "");
        assert!(!is_locked(&tree, "side"));
        tree.write("main/.git/worktrees/side/index.lock", "");
        assert!(is_locked(&tree, "side"));
    }

    #[test]
    fn a_git_file_that_leads_nowhere_is_no_lock() {
        let tree = Tree::from_text("-- side/packwright.toml --\n");
        for text in ["gitdir: nowhere", "nonsense", "gitdir:", "gitdir: \0"] {
            tree.write("side/.git", text);
            assert!(!is_locked(&tree, "side"), "{text:?}");
        }
    }
}
