//! Reads the structure of a binary source from front to back, without loading it.
//!
//! Every read first asks whether the source is long enough, so a source that was cut is refused with what is missing
//! and where, and a failing read is a failing read alone. Skipping costs nothing.

use std::io::{BufReader, Read};

use packwright::importer::{ImportError, Source, SourceReader};

/// A place in a source that is being looked through.
pub(crate) struct Scan<'a> {
    reader: BufReader<SourceReader<'a>>,
    length: u64,
    position: u64,
    kind: &'static str,
}

impl<'a> Scan<'a> {
    /// Starts at the first byte. `kind` is what messages call the source: `PNG`.
    pub(crate) fn new(source: &Source<'a>, kind: &'static str) -> Self {
        Self { reader: BufReader::with_capacity(4096, source.reader()), length: source.len(), position: 0, kind }
    }

    /// Where it stands.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// The source's length.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Bytes from here to the end.
    pub(crate) fn left(&self) -> u64 {
        self.length.saturating_sub(self.position)
    }

    /// Refuses a source that has fewer than `count` bytes left; `what` is what they would be.
    pub(crate) fn need(&self, count: u64, what: &str) -> Result<(), ImportError> {
        if self.left() >= count {
            return Ok(());
        }
        let missing = count - self.left();
        let bytes = if missing == 1 { "byte" } else { "bytes" };
        Err(self.refuse(format_args!(
            "is cut off: it ends at byte {}, {missing} {bytes} short of the end of {what}",
            self.length
        )))
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], ImportError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes, what)?;
        Ok(bytes)
    }

    /// The next bytes, as many as `buffer` takes.
    pub(crate) fn fill(&mut self, buffer: &mut [u8], what: &str) -> Result<(), ImportError> {
        self.need(buffer.len() as u64, what)?;
        self.reader.read_exact(buffer)?;
        self.position += buffer.len() as u64;
        Ok(())
    }

    /// The next byte.
    pub(crate) fn byte(&mut self, what: &str) -> Result<u8, ImportError> {
        Ok(u8::from_le_bytes(self.array(what)?))
    }

    /// The next four bytes, little-endian.
    pub(crate) fn u32_le(&mut self, what: &str) -> Result<u32, ImportError> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    /// The next two bytes, little-endian.
    pub(crate) fn u16_le(&mut self, what: &str) -> Result<u16, ImportError> {
        Ok(u16::from_le_bytes(self.array(what)?))
    }

    /// The next four bytes, big-endian.
    #[cfg(feature = "image")]
    pub(crate) fn u32_be(&mut self, what: &str) -> Result<u32, ImportError> {
        Ok(u32::from_be_bytes(self.array(what)?))
    }

    /// The next two bytes, big-endian.
    #[cfg(feature = "image")]
    pub(crate) fn u16_be(&mut self, what: &str) -> Result<u16, ImportError> {
        Ok(u16::from_be_bytes(self.array(what)?))
    }

    /// Passes over the next `count` bytes, which must be there.
    pub(crate) fn skip(&mut self, count: u64, what: &str) -> Result<(), ImportError> {
        self.need(count, what)?;
        self.reader.seek_relative(count.cast_signed())?;
        self.position += count;
        Ok(())
    }

    /// Goes to `position`, or to the end where the source is shorter.
    pub(crate) fn go_to(&mut self, position: u64) -> Result<(), ImportError> {
        let target = position.min(self.length);
        self.reader.seek_relative(target.wrapping_sub(self.position).cast_signed())?;
        self.position = target;
        Ok(())
    }

    /// A refusal of what was found, which the message says of the kind: `has no pixels`.
    pub(crate) fn refuse(&self, found: impl std::fmt::Display) -> ImportError {
        ImportError::undecodable(format!("the {} {found}", self.kind))
    }
}
