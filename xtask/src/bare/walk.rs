//! A parallel walk with `statx`, its result one run of bytes in the order of the tree.
//!
//! Folders come back as bytes already in order, so that nothing is sorted as a whole and comparing with an index is
//! comparing two runs of bytes.

use std::ffi::CString;
use std::fmt::Display;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rayon::prelude::*;
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, StatxFlags, openat, statx};

use crate::failure::{Doing, Failure, Outcome};

/// For every file below `folder`: its name, size, modification and change time, and inode; a folder's name before,
/// and an empty name after, what it holds.
pub(crate) fn flat_index(folder: &Path) -> Outcome<Vec<u8>> {
    let top = openat(CWD, folder, folder_flags(), Mode::empty()).doing(|| format!("opening {}", folder.display()))?;
    walked(&top)
}

fn folder_flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

fn walked(folder: &OwnedFd) -> Outcome<Vec<u8>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !matches!(entry.file_name().to_bytes(), b"." | b"..") {
            names.push((entry.file_name().to_owned(), entry.file_type()));
        }
    }
    names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    // Files are too cheap to share out one by one; folders are not.
    let below: Vec<Vec<u8>> = names
        .par_iter()
        .filter(|(_, kind)| kind.is_dir())
        .map(|(name, _)| entered(folder, name))
        .collect::<Outcome<_>>()?;
    let mut below = below.into_iter();
    let mut bytes = Vec::new();
    for (name, kind) in &names {
        bytes.extend_from_slice(name.as_bytes_with_nul());
        match kind {
            FileType::Directory => bytes.extend(below.next().unwrap_or_default()),
            _ => bytes.extend(stat(folder, name)?),
        }
    }
    bytes.push(0);
    Ok(bytes)
}

fn entered(parent: &OwnedFd, name: &CString) -> Outcome<Vec<u8>> {
    walked(&openat(parent, name, folder_flags(), Mode::empty()).map_err(failed)?)
}

fn stat(folder: &OwnedFd, name: &CString) -> Outcome<[u8; 40]> {
    let found = statx(folder.as_fd(), name, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS).map_err(failed)?;
    let times = [found.stx_mtime, found.stx_ctime];
    let [mtime, ctime] = times.map(|time| i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec));
    let mut record = [0; 40];
    let fields = [found.stx_size, mtime as u64, ctime as u64, found.stx_ino, u64::from(found.stx_mode)];
    for (place, field) in record.chunks_exact_mut(8).zip(fields) {
        place.copy_from_slice(&field.to_le_bytes());
    }
    Ok(record)
}

fn failed(error: impl Display) -> Failure {
    Failure::new(format!("walking: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_of_a_folder_changes_with_a_file_in_it_and_only_then() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("a")).unwrap();
        for name in ["a/x", "a/y", "b"] {
            std::fs::write(root.path().join(name), name).unwrap();
        }
        let before = flat_index(root.path()).unwrap();
        assert_eq!(flat_index(root.path()).unwrap(), before);
        std::fs::write(root.path().join("a/y"), "longer than before").unwrap();
        assert_ne!(flat_index(root.path()).unwrap(), before);
    }

    #[test]
    fn moving_a_file_into_another_folder_changes_the_index() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("a/c")).unwrap();
        std::fs::write(root.path().join("a/x"), "x").unwrap();
        let before = flat_index(root.path()).unwrap();
        std::fs::rename(root.path().join("a/x"), root.path().join("a/c/x")).unwrap();
        assert_ne!(flat_index(root.path()).unwrap(), before);
    }
}
