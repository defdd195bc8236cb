//! Reading a source so that the bytes hashed are the bytes used.
//!
//! A file is looked at before and after it is read; one that changed meanwhile is read again, and after the third time
//! it is a finding. Small files are held in memory; large ones pass through a buffer.

use std::io;
use std::time::{Instant, SystemTime};

use crate::fs::{Fs, FsError, IoContext, ReadFile, WriteFile};
use crate::value::{Cancel, ContentHash, RelPath};
use crate::workspace::Stamp;

/// Sources up to this many bytes are held in memory while they are worked on.
pub(super) const IN_MEMORY_BYTES: u64 = 16 << 20;
const ATTEMPTS: usize = 3;
const CHUNK_BYTES: usize = 1 << 20;

/// A source that was read.
pub(super) struct Reading {
    /// The file, open.
    pub(super) file: Box<dyn ReadFile>,
    /// All bytes, where they are at most [`IN_MEMORY_BYTES`].
    pub(super) bytes: Option<Vec<u8>>,
    /// What a stat said before and after.
    pub(super) stamp: Stamp,
    /// The moment just before the file was opened.
    pub(super) read_at: SystemTime,
    /// The same, by the clock that only goes on.
    pub(super) began: Instant,
    /// The hash of all bytes.
    pub(super) hash: ContentHash,
}

impl Reading {
    /// Whether whoever looks at the source now sees the bytes that were hashed: they are in memory, or their file is as
    /// it was.
    pub(super) fn still_holds(&self) -> bool {
        self.bytes.is_some() || self.file.stat().is_ok_and(|stat| Stamp::from(stat) == self.stamp)
    }
}

/// Why a source could not be read.
#[derive(Debug)]
pub(super) enum ReadFault {
    /// The system said no.
    Unreadable(FsError),
    /// It kept changing.
    Unstable,
    /// It has another length than its place in the pack.
    Resized(Stamp),
    /// The pack could not be written.
    Sink(io::Error),
    /// The build was told to stop; only where there is a place in the pack.
    Cancelled,
}

/// A place in the pack for exactly so many bytes.
#[derive(Clone, Copy)]
pub(super) struct Sink<'a> {
    pub(super) file: Option<&'a dyn WriteFile>,
    pub(super) offset: u64,
    pub(super) length: u64,
    /// Asked before each chunk: a source may have gigabytes.
    pub(super) cancel: &'a Cancel,
}

/// Reads a source whole.
pub(super) fn read(fs: &dyn Fs, path: &RelPath) -> Result<Reading, ReadFault> {
    settle(|| attempt(fs, path, None))
}

/// Reads a source whole, and writes it to its place in the pack in the same pass.
pub(super) fn read_into(fs: &dyn Fs, path: &RelPath, sink: Sink<'_>) -> Result<Reading, ReadFault> {
    settle(|| attempt(fs, path, Some(sink)))
}

fn settle(mut attempt: impl FnMut() -> Result<Option<Reading>, ReadFault>) -> Result<Reading, ReadFault> {
    for _ in 0..ATTEMPTS {
        if let Some(reading) = attempt()? {
            return Ok(reading);
        }
    }
    Err(ReadFault::Unstable)
}

/// `None` where the file changed while it was read.
fn attempt(fs: &dyn Fs, path: &RelPath, sink: Option<Sink<'_>>) -> Result<Option<Reading>, ReadFault> {
    let (read_at, began) = (SystemTime::now(), Instant::now());
    let file = fs.open(path).map_err(ReadFault::Unreadable)?;
    let look = || file.stat().at("look at", path).map(Stamp::from).map_err(ReadFault::Unreadable);
    let stamp = look()?;
    if sink.is_some_and(|sink| sink.length != stamp.size) {
        return Err(ReadFault::Resized(stamp));
    }
    let mut hasher = blake3::Hasher::new();
    let mut kept = (stamp.size <= IN_MEMORY_BYTES).then(|| Vec::with_capacity(stamp.size as usize));
    let mut buffer = vec![0; CHUNK_BYTES.min(stamp.size as usize + 1)];
    let mut done = 0;
    loop {
        if sink.is_some_and(|sink| sink.cancel.is_cancelled()) {
            return Err(ReadFault::Cancelled);
        }
        let read = file.read_at(&mut buffer, done).at("read", path).map_err(ReadFault::Unreadable)?;
        let chunk = &buffer[..read];
        if chunk.is_empty() {
            break;
        }
        if done + chunk.len() as u64 > stamp.size {
            return Ok(None);
        }
        hasher.update(chunk);
        if let Some(Sink { file: Some(pack), offset, .. }) = sink {
            pack.write_at(chunk, offset + done).map_err(ReadFault::Sink)?;
        }
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(chunk);
        }
        done += chunk.len() as u64;
    }
    if done != stamp.size || look()? != stamp {
        return Ok(None);
    }
    let hash = ContentHash::from(hasher.finalize());
    Ok(Some(Reading { file, bytes: kept, stamp, read_at, began, hash }))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::fs::{FileKind, RealFs, Stat};

    /// A file whose every look says another time.
    struct Restless<'a>(&'a AtomicU64);

    impl ReadFile for Restless<'_> {
        fn stat(&self) -> io::Result<Stat> {
            let now = self.0.fetch_add(1, Ordering::Relaxed) as i64;
            Ok(Stat { kind: FileKind::File, size: 1, mtime_ns: now, ctime_ns: now, inode: 1, device: 1 })
        }

        fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
            if offset > 0 {
                return Ok(0);
            }
            buffer[0] = b'x';
            Ok(1)
        }
    }

    #[test]
    fn a_file_that_keeps_changing_is_given_up_after_the_third_time() {
        let looks = AtomicU64::new(0);
        let before_and_after = || {
            let file = Restless(&looks);
            let stamps = (file.stat().expect("a stat"), file.stat().expect("a stat"));
            Ok((stamps.0 == stamps.1).then(|| unreachable!("it never holds still")))
        };
        assert!(matches!(settle(before_and_after), Err(ReadFault::Unstable)));
        assert_eq!(looks.load(Ordering::Relaxed), 6);
    }

    /// A pack that is told to stop as its first bytes come.
    #[derive(Default)]
    struct Stopped {
        cancel: Cancel,
        writes: AtomicU64,
    }

    impl WriteFile for Stopped {
        fn write_at(&self, _bytes: &[u8], _offset: u64) -> io::Result<()> {
            self.writes.fetch_add(1, Ordering::Relaxed);
            self.cancel.cancel();
            Ok(())
        }

        fn copy_from(&self, _source: &dyn ReadFile, _from: u64, _to: u64, _length: u64) -> io::Result<()> {
            Err(io::ErrorKind::Unsupported.into())
        }

        fn set_len(&self, _length: u64) -> io::Result<()> {
            Err(io::ErrorKind::Unsupported.into())
        }

        fn sync(&self) -> io::Result<()> {
            Err(io::ErrorKind::Unsupported.into())
        }

        fn stat(&self) -> io::Result<Stat> {
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    #[test]
    fn mut_7_a_build_that_is_cancelled_stops_within_a_long_source() {
        let folder = tempfile::tempdir().expect("a folder");
        let length = 5 * CHUNK_BYTES as u64;
        let file = std::fs::File::create(folder.path().join("long.bin")).expect("a file");
        file.set_len(length).expect("room for nothing");
        let fs = RealFs::open(folder.path()).expect("it is there");
        let pack = Stopped::default();
        let sink = Sink { file: Some(&pack), offset: 0, length, cancel: &pack.cancel };
        let read = read_into(&fs, &RelPath::literal("long.bin"), sink);
        assert!(matches!(read, Err(ReadFault::Cancelled)));
        assert_eq!(pack.writes.load(Ordering::Relaxed), 1);
    }
}
