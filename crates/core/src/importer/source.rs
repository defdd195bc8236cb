//! A source as an importer sees it: its path below the asset root, and its bytes.

use std::borrow::Cow;
use std::io::{self, Read, Seek, SeekFrom};

use crate::fs::ReadFile;

/// One source. Small ones are in memory; large ones are read from their file as they are asked for.
pub struct Source<'a> {
    path: &'a str,
    length: u64,
    bytes: Bytes<'a>,
}

#[derive(Clone, Copy)]
enum Bytes<'a> {
    Memory(&'a [u8]),
    File(&'a dyn ReadFile),
}

impl<'a> Source<'a> {
    /// How much [`Source::head`] gives at most.
    pub const HEAD_BYTES: usize = 4096;

    /// A source in memory. `path` is in NFC and relative to the asset root.
    #[must_use]
    pub fn in_memory(path: &'a str, bytes: &'a [u8]) -> Self {
        Self { path, length: bytes.len() as u64, bytes: Bytes::Memory(bytes) }
    }

    /// A source of `length` bytes that stays in its file.
    #[must_use]
    pub fn in_file(path: &'a str, file: &'a dyn ReadFile, length: u64) -> Self {
        Self { path, length, bytes: Bytes::File(file) }
    }

    /// Its path relative to the asset root, in NFC.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path
    }

    /// Its extension in lower case (ASCII), without the dot.
    #[must_use]
    pub fn extension(&self) -> Option<String> {
        let name = self.path.rsplit('/').next()?;
        let (stem, extension) = name.rsplit_once('.')?;
        (!stem.is_empty() && !extension.is_empty()).then(|| extension.to_ascii_lowercase())
    }

    /// Bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Whether there is not one byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The first bytes, at most [`Source::HEAD_BYTES`]; empty where they cannot be read.
    #[must_use]
    pub fn head(&self) -> Cow<'a, [u8]> {
        let length = self.length.min(Self::HEAD_BYTES as u64) as usize;
        match self.bytes {
            Bytes::Memory(bytes) => Cow::Borrowed(&bytes[..length]),
            Bytes::File(_) => Cow::Owned(self.read_first(length).unwrap_or_default()),
        }
    }

    /// All bytes, in memory. Ask [`Source::len`] first: nothing here bounds it.
    ///
    /// # Errors
    /// Where the file cannot be read, or ends early.
    pub fn whole(&self) -> io::Result<Cow<'a, [u8]>> {
        match self.bytes {
            Bytes::Memory(bytes) => Ok(Cow::Borrowed(bytes)),
            Bytes::File(_) => {
                let length = usize::try_from(self.length).map_err(|_| io::ErrorKind::OutOfMemory)?;
                self.read_first(length).map(Cow::Owned)
            }
        }
    }

    /// A reader over the bytes, at their start.
    #[must_use]
    pub fn reader(&self) -> SourceReader<'a> {
        SourceReader { length: self.length, bytes: self.bytes, position: 0 }
    }

    fn read_first(&self, length: usize) -> io::Result<Vec<u8>> {
        let mut buffer = vec![0; length];
        self.reader().read_exact(&mut buffer)?;
        Ok(buffer)
    }
}

/// Reads a source from any place.
#[derive(Clone)]
pub struct SourceReader<'a> {
    length: u64,
    bytes: Bytes<'a>,
    position: u64,
}

impl SourceReader<'_> {
    /// Bytes in all.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Whether there is not one byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl Read for SourceReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.length.saturating_sub(self.position);
        let wanted = left.min(buffer.len() as u64) as usize;
        let read = match self.bytes {
            Bytes::Memory(bytes) if wanted > 0 => {
                let start = self.position as usize;
                buffer[..wanted].copy_from_slice(&bytes[start..start + wanted]);
                wanted
            }
            Bytes::Memory(_) => 0,
            Bytes::File(file) => file.read_at(&mut buffer[..wanted], self.position)?,
        };
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for SourceReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_is_what_stands_behind_the_last_dot_of_the_name() {
        let extension = |path| Source::in_memory(path, b"").extension();
        assert_eq!(extension("a.b/c.PNG").as_deref(), Some("png"));
        assert_eq!(extension("a.b/c"), None);
        assert_eq!(extension(".gitignore"), None);
        assert_eq!(extension("x."), None);
    }

    #[test]
    fn reading_past_the_end_gives_nothing() {
        let mut reader = Source::in_memory("x", b"abc").reader();
        reader.seek(SeekFrom::Start(9)).expect("seeking past the end is allowed");
        assert_eq!(reader.read(&mut [0; 4]).expect("a read in memory"), 0);
        assert!(reader.seek(SeekFrom::End(-4)).is_err());
    }
}
