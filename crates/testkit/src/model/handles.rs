//! Open files and held locks of the model.

use std::io;

use packwright::fs::{LockGuard, ReadFile, Stat, WriteFile};
use packwright::value::RelPath;
use rustix::io::Errno;

use super::ModelFs;
use super::calls::{CallKind, Verdict};
use super::disk::Id;
use super::machine::Machine;
use super::unsynced::Change;

/// An open file.
pub(super) struct Open {
    pub(super) files: ModelFs,
    pub(super) node: Id,
    /// As it was opened.
    pub(super) path: RelPath,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.files.machine().let_go(self.node);
    }
}

/// An open file whose lock is held.
pub(super) struct Held(pub(super) Open);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.files.machine().unlock(self.0.node);
    }
}

impl LockGuard for Held {}

impl Open {
    fn call<T>(&self, kind: CallKind, act: impl FnOnce(&mut Machine) -> T) -> io::Result<T> {
        let called = self.files.machine().call(kind, &self.path, |machine| Ok(act(machine)));
        called.map_err(|(error, _)| error.into())
    }

    fn stat_open(&self) -> io::Result<Stat> {
        let node = self.node;
        self.call(CallKind::StatOpen, |machine| machine.live.node(node).stat())
    }

    /// Writes; a beginning of it where the disk is full on the way.
    fn write(&self, kind: CallKind, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut machine = self.files.machine();
        let (written, ended) = match machine.calls.make(kind, self.path.as_str()) {
            Verdict::Go => (bytes, Ok(())),
            Verdict::GoAndFail(error) => (bytes, Err(error)),
            Verdict::Fail(error @ (Errno::NOSPC | Errno::DQUOT | Errno::FBIG)) => {
                (&bytes[..bytes.len() / 2], Err(error))
            }
            Verdict::Fail(error) => (&[][..], Err(error)),
            Verdict::Stopped => (&[][..], Err(Errno::IO)),
        };
        if !written.is_empty() {
            machine.change(self.node, Change::Write { offset, bytes: written.to_vec() });
        }
        ended.map_err(io::Error::from)
    }
}

impl ReadFile for Open {
    fn stat(&self) -> io::Result<Stat> {
        self.stat_open()
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.call(CallKind::ReadAt, |machine| {
            let rest = machine.live.bytes(self.node).get(offset as usize..).unwrap_or_default();
            let n = rest.len().min(buffer.len());
            buffer[..n].copy_from_slice(&rest[..n]);
            n
        })
    }
}

impl WriteFile for Open {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.write(CallKind::WriteAt, bytes, offset)
    }

    fn copy_from(&self, source: &dyn ReadFile, from: u64, to: u64, length: u64) -> io::Result<()> {
        let mut bytes = vec![0; length as usize];
        let mut done = 0;
        while done < bytes.len() {
            match source.read_at(&mut bytes[done..], from + done as u64)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => done += n,
            }
        }
        self.write(CallKind::CopyFrom, &bytes, to)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.call(CallKind::SetLen, |machine| machine.change(self.node, Change::Length(length)))
    }

    fn sync(&self) -> io::Result<()> {
        let mut machine = self.files.machine();
        match machine.calls.make(CallKind::Sync, self.path.as_str()) {
            Verdict::Go => {
                machine.sync(self.node);
                Ok(())
            }
            Verdict::GoAndFail(error) => {
                machine.sync(self.node);
                Err(error.into())
            }
            Verdict::Fail(error) => {
                machine.fail_sync(self.node);
                Err(error.into())
            }
            Verdict::Stopped => Err(Errno::IO.into()),
        }
    }

    fn stat(&self) -> io::Result<Stat> {
        self.stat_open()
    }
}
