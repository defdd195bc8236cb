//! `cargo xtask corpus NAME`: real game data to try and to measure with, made a workspace of.
//!
//! The data comes from a Debian package, unpacked but not installed, below `corpus/`, which git ignores. Nothing of
//! it is ever committed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::failure::{Doing, Failure, Outcome};
use crate::process::Run;

/// Packages whose data folder is known; of any other, all that games share is taken.
const KNOWN: [(&str, &str); 3] = [
    ("supertuxkart-data", "usr/share/games/supertuxkart/data"),
    ("hedgewars-data", "usr/share/games/hedgewars/Data"),
    ("widelands-data", "usr/share/games/widelands/data"),
];

const SHARED: [&str; 2] = ["usr/share/games", "usr/share"];

/// Which package, and what to keep of it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A Debian package, such as hedgewars-data
    name: String,
    /// Keep the downloaded package beside the workspace
    #[arg(long)]
    keep_archive: bool,
}

/// Where the workspace of a corpus lies.
pub(crate) fn workspace(root: &Path, name: &str) -> PathBuf {
    root.join("corpus").join(name).join("workspace")
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Outcome {
    let name = checked(&arguments.name)?;
    let workspace = workspace(root, name);
    if workspace.join("assets").is_dir() {
        println!("{} is there already; delete it to fetch it again", workspace.display());
    } else {
        fetch(&root.join("corpus").join(name), name, arguments.keep_archive)?;
    }
    let Size { n_files, n_bytes } = Size::of(&workspace.join("assets"))?;
    println!("{n_files} files, {n_bytes} bytes\n\nNext:\n  cd {}", workspace.display());
    println!("  packwright init --name {name}\n  packwright register assets/*\n  packwright build");
    Ok(())
}

/// A package's name ends up in paths, so it has to be one.
fn checked(name: &str) -> Outcome<&str> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c);
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if starts_well && name.chars().all(is_name) {
        Ok(name)
    } else {
        Err(Failure::new(format!("`{name}` is no name of a Debian package")))
    }
}

fn fetch(home: &Path, name: &str, keep_archive: bool) -> Outcome {
    make_folder(home)?;
    let archive = match archive_in(home)? {
        Some(archive) => archive,
        None => download(home, name)?,
    };
    let unpacked = home.join("unpacked");
    remove_folder(&unpacked)?;
    Run::new("dpkg").arg("-x").arg(&archive).arg(&unpacked).run()?;
    let data = data_folder(&unpacked, name)?;
    let workspace = home.join("workspace");
    make_folder(&workspace)?;
    let assets = workspace.join("assets");
    std::fs::rename(&data, &assets).doing(|| format!("moving {} to {}", data.display(), assets.display()))?;
    remove_folder(&unpacked)?;
    if keep_archive {
        Ok(())
    } else {
        std::fs::remove_file(&archive).doing(|| format!("removing {}", archive.display()))
    }
}

fn download(home: &Path, name: &str) -> Outcome<PathBuf> {
    let hint = "if apt does not know the package, run `apt-get update` first";
    let run = Run::new("apt-get").args(["download", name]).dir(home);
    run.run().map_err(|failure| Failure::new(format!("{failure}; {hint}")))?;
    archive_in(home)?.ok_or_else(|| Failure::new(format!("apt-get left no package in {}", home.display())))
}

fn archive_in(home: &Path) -> Outcome<Option<PathBuf>> {
    Ok(entries(home)?.into_iter().find(|path| path.extension() == Some(OsStr::new("deb"))))
}

fn data_folder(unpacked: &Path, name: &str) -> Outcome<PathBuf> {
    let known = KNOWN.iter().filter(|(package, _)| *package == name).map(|(_, folder)| *folder);
    let mut candidates = known.chain(SHARED).map(|folder| unpacked.join(folder));
    candidates.find(|folder| folder.is_dir()).ok_or_else(|| Failure::new(format!("{name} has no data in usr/share")))
}

/// How much there is below a folder, links not counted.
#[derive(Default, Debug, Clone, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) n_files: u64,
    pub(crate) n_bytes: u64,
}

impl Size {
    pub(crate) fn of(folder: &Path) -> Outcome<Self> {
        let mut size = Self::default();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for path in entries(&folder)? {
                let found = path.symlink_metadata().doing(|| format!("looking at {}", path.display()))?;
                if found.is_dir() {
                    folders.push(path);
                } else if found.is_file() {
                    size.n_files += 1;
                    size.n_bytes += found.len();
                }
            }
        }
        Ok(size)
    }
}

fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let listed = std::fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    listed.doing(|| format!("listing {}", folder.display()))
}

fn make_folder(folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder).doing(|| format!("making {}", folder.display()))
}

fn remove_folder(folder: &Path) -> Outcome {
    if folder.exists() {
        std::fs::remove_dir_all(folder).doing(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_leave_the_corpus_folder_is_refused() {
        assert!(checked("hedgewars-data").is_ok());
        for name in ["../x", "a/b", "", ".hidden", "-x", "A"] {
            assert!(checked(name).is_err(), "{name}");
        }
    }

    #[test]
    fn an_unknown_package_gives_what_games_share_before_what_all_share() {
        let root = tempfile::tempdir().unwrap();
        make_folder(&root.path().join("usr/share/doc")).unwrap();
        assert_eq!(data_folder(root.path(), "x").unwrap(), root.path().join("usr/share"));
        make_folder(&root.path().join("usr/share/games/x")).unwrap();
        assert_eq!(data_folder(root.path(), "x").unwrap(), root.path().join("usr/share/games"));
    }

    #[test]
    fn the_size_counts_files_below_and_no_links() {
        let root = tempfile::tempdir().unwrap();
        make_folder(&root.path().join("a/b")).unwrap();
        std::fs::write(root.path().join("a/b/c"), "123").unwrap();
        std::fs::write(root.path().join("d"), "4").unwrap();
        std::os::unix::fs::symlink("d", root.path().join("e")).unwrap();
        assert_eq!(Size::of(root.path()).unwrap(), Size { n_files: 2, n_bytes: 4 });
    }
}
