//! `xtask bare …`: the least that could be done, as programs to be measured against.
//!
//! Each does one thing as directly as it can be done well, with no care for anything else: no manifests, no cache, no
//! recovery. `cargo xtask bench` starts them from the release build, so that they pay for a process as Packwright does.

mod pack;
mod walk;

use std::path::{Path, PathBuf};

use crate::failure::{Doing, Failure, Outcome};

/// One bare program.
#[derive(clap::Subcommand)]
pub(crate) enum Program {
    /// Walk, read, hash with BLAKE3 and append every file to one, synced
    Pack { folder: PathBuf, out: PathBuf },
    /// Walk, read and hash with BLAKE3
    Hash { folder: PathBuf },
    /// Write size, times and inode of every file to a flat index
    Index { folder: PathBuf, index: PathBuf },
    /// Walk in parallel, `statx` every file, and compare with the flat index
    Walk { folder: PathBuf, index: PathBuf },
}

/// The walk by itself: every file looked at, nothing compared.
pub(crate) fn walk(folder: &Path) -> Outcome {
    walk::flat_index(folder).map(drop)
}

pub(crate) fn run(program: Program) -> Outcome {
    match program {
        Program::Pack { folder, out } => pack::pack(&folder, &out),
        Program::Hash { folder } => pack::hash(&folder),
        Program::Index { folder, index } => {
            std::fs::write(&index, walk::flat_index(&folder)?).doing(|| format!("writing {}", index.display()))
        }
        Program::Walk { folder, index } => {
            let known = std::fs::read(&index).doing(|| format!("reading {}", index.display()))?;
            let same = walk::flat_index(&folder)? == known;
            if same { Ok(()) } else { Err(Failure::new("the folder differs from the index")) }
        }
    }
}
