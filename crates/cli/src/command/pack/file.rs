//! A pack's file, mapped.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use packwright::value::ContentHash;
use packwright_format::{Pack, PackError};

use crate::host::Host;
use crate::refusal::Refusal;

/// The bytes of a pack's file.
pub(super) struct PackFile {
    path: PathBuf,
    bytes: Mmap,
}

impl PackFile {
    /// The file at a path of the shell's.
    pub(super) fn open(host: &Host, path: &Path) -> Result<Self, Refusal> {
        let bytes = map(&host.path(path)).map_err(|error| Refusal::io("read", path, &error))?;
        Ok(Self { path: path.to_owned(), bytes })
    }

    /// The path, as it was given.
    pub(super) fn path(&self) -> String {
        self.path.display().to_string()
    }

    /// The pack in it.
    pub(super) fn pack(&self) -> Result<Pack<'_>, Refusal> {
        self.try_pack().map_err(|error| Refusal::failed(format!("{} is no pack: {error}", self.path())))
    }

    /// The pack in it, or why there is none.
    pub(super) fn try_pack(&self) -> Result<Pack<'_>, PackError> {
        Pack::open(&self.bytes)
    }
}

/// A hash of a pack as every surface spells it.
pub(super) fn hash(bytes: [u8; 32]) -> ContentHash {
    ContentHash::from_bytes(bytes)
}

fn map(path: &Path) -> io::Result<Mmap> {
    // A pipe or a device would block, or has no length.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    map_file(&File::open(path)?)
}

/// Mapped, since a pack may be larger than memory and most of it is not looked at.
#[expect(unsafe_code, reason = "mapping a file")]
fn map_file(file: &File) -> io::Result<Mmap> {
    // SAFETY: the mapping is read-only, and every reader of it takes any bytes. What remains is another process that
    // changes the file in place meanwhile: a build never does, it renames a new file over the old one. Whoever cuts the
    // file short all the same ends this process by SIGBUS; who rewrites it gets an answer about neither content.
    unsafe { Mmap::map(file) }
}
