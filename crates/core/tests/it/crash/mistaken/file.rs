//! Open files with a mistake: what is read is not what is there, what is written is not what was said.

use std::io;
use std::sync::{Arc, Mutex};

use packwright::fs::{ReadFile, Stat, WriteFile};
use packwright::value::RelPath;

use super::{Course, Memory, REGISTRY, is_staged_for};
use crate::crash::mistakes::Mistake;

/// Bytes that a file had once, or will have.
pub(super) struct Remembered {
    pub(super) bytes: Vec<u8>,
    pub(super) stat: Stat,
}

impl ReadFile for Remembered {
    fn stat(&self) -> io::Result<Stat> {
        Ok(self.stat)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = self.bytes.get(offset as usize..).unwrap_or_default();
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }
}

/// A file that is being written, and one mistake.
pub(super) struct MistakenFile {
    pub(super) file: Arc<dyn WriteFile>,
    pub(super) path: RelPath,
    pub(super) mistake: Mistake,
    pub(super) course: Arc<Mutex<Course>>,
    pub(super) memory: Arc<Mutex<Memory>>,
}

impl WriteFile for MistakenFile {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        if is_staged_for(&self.path, REGISTRY) {
            self.memory.lock().expect("no panic").after = bytes.to_vec();
        }
        match (self.mistake, self.file.write_at(bytes, offset)) {
            (Mistake::WriteErrorsIgnored, _) => Ok(()),
            (_, written) => written,
        }
    }

    fn copy_from(&self, source: &dyn ReadFile, from: u64, to: u64, length: u64) -> io::Result<()> {
        self.file.copy_from(source, from, to, length)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        let is_for = |place| is_staged_for(&self.path, place);
        let is_forgotten = match self.mistake {
            Mistake::JournalNotSynced => is_for("journal"),
            Mistake::RegistryNotSynced => is_for(REGISTRY),
            Mistake::ManifestNotSynced => is_for("asset.json"),
            Mistake::PackNotSynced => is_for("game.pack"),
            Mistake::EntryNotSynced => is_for("entry.json"),
            Mistake::RegistrySyncedLate if is_for(REGISTRY) => {
                self.course.lock().expect("no panic").unsynced.push(Arc::clone(&self.file));
                true
            }
            _ => false,
        };
        if is_forgotten {
            return Ok(());
        }
        match (self.mistake, self.file.sync()) {
            (Mistake::FileSyncErrorsIgnored, _) => Ok(()),
            (Mistake::FailedSyncTriedAgain, Err(_)) => self.file.sync(),
            (_, synced) => synced,
        }
    }

    fn stat(&self) -> io::Result<Stat> {
        self.file.stat()
    }
}
