//! Workspaces as text and a model file system, for Packwright's own tests.
//!
//! A workspace is written as one text: a line `-- path --` begins a file, and what follows up to the next such line is
//! its content. Everything lies in a temporary folder that goes with the [`Tree`], or in a [`ModelFs`], which can crash.

mod dice;
pub mod model;

pub use dice::Dice;
pub use model::ModelFs;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A folder of files in a temporary place.
pub struct Tree {
    dir: tempfile::TempDir,
}

impl Tree {
    /// An empty folder.
    ///
    /// # Panics
    /// Where the system has no temporary folder, as everything here panics where a test cannot go on.
    #[must_use]
    pub fn empty() -> Self {
        Self { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    /// The files that `text` spells out.
    ///
    /// # Panics
    /// Where the text does not begin with `-- path --`.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let tree = Self::empty();
        tree.write_text(text);
        tree
    }

    /// Writes the files that `text` spells out over what is there.
    ///
    /// # Panics
    /// Where the text does not begin with `-- path --`.
    pub fn write_text(&self, text: &str) {
        for (path, content) in files_of(text) {
            self.write(&path, content);
        }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The path of something in it.
    #[must_use]
    pub fn at(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// Writes a file, and makes the folders it needs.
    ///
    /// # Panics
    /// Where that fails.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(&path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// A file's bytes.
    ///
    /// # Panics
    /// Where it is not there.
    #[must_use]
    pub fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// A file's text.
    ///
    /// # Panics
    /// Where it is not there, or no text.
    #[must_use]
    pub fn text(&self, path: &str) -> String {
        String::from_utf8(self.read(path)).expect("a text")
    }

    /// Removes a file or a folder with all that is in it.
    ///
    /// # Panics
    /// Where it is not there.
    pub fn remove(&self, path: &str) {
        let path = self.at(path);
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Moves a file or a folder.
    ///
    /// # Panics
    /// Where that fails.
    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.at(from), self.at(to)).unwrap_or_else(|error| panic!("{from} to {to}: {error}"));
    }

    /// Copies a folder with all that is in it.
    ///
    /// # Panics
    /// Where that fails.
    pub fn copy(&self, from: &str, to: &str) {
        for (path, bytes) in files_below(&self.at(from)) {
            self.write(&format!("{to}/{path}"), bytes);
        }
    }

    /// Gives a file's content an older time, as if nobody had touched it for an hour.
    ///
    /// # Panics
    /// Where that fails.
    pub fn age(&self, path: &str) {
        let file = fs::File::options().append(true).open(self.at(path)).expect("a file");
        file.set_modified(SystemTime::now() - Duration::from_secs(3600)).expect("a time");
    }

    /// Every folder and file with its permissions, and the bytes of files, by path; what lies below `.packwright` and
    /// `build` left out.
    ///
    /// # Panics
    /// Where something cannot be read.
    #[must_use]
    pub fn everything(&self) -> BTreeMap<String, (u32, Option<Vec<u8>>)> {
        use std::os::unix::fs::PermissionsExt;
        let mut found = BTreeMap::new();
        let mut due = vec![String::new()];
        while let Some(folder) = due.pop() {
            for entry in fs::read_dir(self.at(&folder)).expect("a folder").flatten() {
                let path = format!("{folder}{}", entry.file_name().to_string_lossy());
                let stat = entry.path().symlink_metadata().expect("a stat");
                if path == ".packwright" || path == "build" {
                    continue;
                }
                let bytes = stat.is_file().then(|| fs::read(entry.path()).expect("a file"));
                if stat.is_dir() {
                    due.push(format!("{path}/"));
                }
                found.insert(path, (stat.permissions().mode(), bytes));
            }
        }
        found
    }

    /// Every file and its bytes, by path; what lies below `.packwright` and `build` left out.
    #[must_use]
    pub fn authored(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = files_below(self.path());
        files.retain(|path, _| !path.starts_with(".packwright/") && !path.starts_with("build/"));
        files
    }
}

/// The paths and contents that a text spells out, in its order.
fn files_of(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.trim_start_matches('\n').split_inclusive('\n') {
        let header = line.trim_end().strip_prefix("-- ").and_then(|line| line.strip_suffix(" --"));
        match (header, files.last_mut()) {
            (Some(path), _) => files.push((path.to_owned(), String::new())),
            (None, Some((_, content))) => content.push_str(line),
            (None, None) => panic!("the text begins with {line:?}, not with a `-- path --`"),
        }
    }
    files
}

/// Every regular file below `dir` and its bytes, by path with `/`.
#[must_use]
pub fn files_below(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(dir.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push((entry.path(), format!("{name}/"))),
                Ok(kind) if kind.is_file() => {
                    files.extend(fs::read(entry.path()).map(|bytes| (name, bytes)));
                }
                _ => {}
            }
        }
    }
    files
}

/// Runs `work` as somebody who has no rights but those that files give, whose files `tree`'s now are.
///
/// Tests often run as root, which may read everything. Threads that `work` starts have no more rights than it.
///
/// # Panics
/// Where rights cannot be given up, and where `work` panics.
pub fn as_nobody<T: Send>(tree: &Tree, work: impl FnOnce() -> T + Send) -> T {
    if !rustix::process::geteuid().is_root() {
        return work();
    }
    give_away(tree.path());
    let unprivileged = || {
        let nobody = rustix::process::Uid::from_raw(NOBODY);
        rustix::thread::set_thread_res_uid(nobody, nobody, nobody).expect("root may become anybody");
        work()
    };
    let done = std::thread::scope(|scope| scope.spawn(unprivileged).join());
    done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The user that owns nothing, by custom.
const NOBODY: u32 = 65534;

fn give_away(path: &Path) {
    std::os::unix::fs::lchown(path, Some(NOBODY), None).expect("root may give files away");
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            give_away(&entry.path());
        } else {
            std::os::unix::fs::lchown(entry.path(), Some(NOBODY), None).expect("root may give files away");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_the_files_it_spells_out() {
        let tree = Tree::from_text("\n-- a/b.txt --\none\ntwo\n-- c --\n");
        assert_eq!(tree.text("a/b.txt"), "one\ntwo\n");
        assert_eq!(tree.authored().into_keys().collect::<Vec<_>>(), ["a/b.txt", "c"]);
    }
}
