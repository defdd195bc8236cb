//! Where the repository is and which files belong to it.

use std::path::{Path, PathBuf};

use crate::failure::{Doing, Outcome};
use crate::process::Run;

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> Outcome<PathBuf> {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    match xtask.as_deref().and_then(Path::parent) {
        Some(root) => Ok(root.to_owned()),
        None => std::env::current_dir().doing(|| "finding the current folder".to_owned()),
    }
}

/// The paths, relative to `root`, of all files that are tracked or would be on the next `git add`, sorted.
pub(crate) fn files(root: &Path) -> Outcome<Vec<String>> {
    let listed =
        Run::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).dir(root).output()?;
    let mut files: Vec<String> = listed.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    files.retain(|path| root.join(path).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}
