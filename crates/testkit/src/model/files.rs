//! The model as the product uses it.

use std::collections::BTreeMap;
use std::io;

use packwright::fs::{DirEntry, FileKind, Fs, FsError, IoContext, LockGuard, ReadFile, Stat, WriteFile};
use packwright::value::RelPath;
use rustix::io::Errno;

use super::ModelFs;
use super::calls::CallKind;
use super::disk::{Body, Id};
use super::handles::{Held, Open};
use super::machine::Machine;
use super::unsynced::Change;

impl ModelFs {
    fn call<T>(
        &self,
        kind: CallKind,
        path: &RelPath,
        action: &'static str,
        act: impl FnOnce(&mut Machine) -> Result<T, Errno>,
    ) -> Result<T, FsError> {
        let called = self.machine().call(kind, path, act);
        called.map_err(|(error, _)| io::Error::from(error)).at(action, path)
    }

    fn handle(&self, machine: &mut Machine, node: Id, path: &RelPath) -> Open {
        machine.hold(node);
        Open { files: self.clone(), node, path: path.clone() }
    }
}

impl Fs for ModelFs {
    fn read_dir(&self, dir: &RelPath) -> Result<Vec<DirEntry>, FsError> {
        self.call(CallKind::ReadDir, dir, "read the folder", |machine| {
            let disk = &machine.live;
            let entries = disk.entries(disk.open_dir(dir)?).into_iter().flatten();
            let entry = |(name, id): (&String, &Id)| {
                let node = disk.node(*id);
                let stat = match node.kind() {
                    FileKind::File => node.stat(),
                    kind => Stat::of_entry(kind, node.inode),
                };
                DirEntry { name: name.clone(), is_utf8: true, stat }
            };
            Ok(entries.map(entry).collect())
        })
    }

    fn stat(&self, path: &RelPath) -> Result<Stat, FsError> {
        self.call(CallKind::Stat, path, "look at", |machine| {
            let found = machine.live.find(path)?;
            Ok(machine.live.node(found).stat())
        })
    }

    fn open(&self, path: &RelPath) -> Result<Box<dyn ReadFile>, FsError> {
        let opened = self.call(CallKind::Open, path, "open", |machine| {
            let node = machine.live.open(path)?;
            let is_file = machine.live.node(node).kind() == FileKind::File;
            Ok(is_file.then(|| self.handle(machine, node, path)))
        });
        match opened? {
            Some(file) => Ok(Box::new(file)),
            None => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")).at("open", path),
        }
    }

    fn create_new(&self, path: &RelPath) -> Result<Box<dyn WriteFile>, FsError> {
        self.call(CallKind::CreateNew, path, "create", |machine| {
            let at = machine.live.new_slot(path)?;
            let node = machine.make(at, Machine::empty())?;
            Ok(Box::new(self.handle(machine, node, path)) as Box<dyn WriteFile>)
        })
    }

    fn create_dir(&self, path: &RelPath) -> Result<(), FsError> {
        self.call(CallKind::CreateDir, path, "create the folder", |machine| {
            let at = machine.live.slot(path)?;
            machine.make(at, Body::Dir(BTreeMap::new())).map(drop)
        })
    }

    fn rename(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.call(CallKind::Rename, to, "replace", |machine| machine.rename(from, to, true))
    }

    fn rename_no_replace(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.call(CallKind::RenameNoReplace, to, "move to", |machine| machine.rename(from, to, false))
    }

    fn remove_file(&self, path: &RelPath) -> Result<(), FsError> {
        self.call(CallKind::RemoveFile, path, "remove", |machine| machine.unlink(path, false))
    }

    fn remove_dir(&self, path: &RelPath) -> Result<(), FsError> {
        self.call(CallKind::RemoveDir, path, "remove the folder", |machine| machine.unlink(path, true))
    }

    fn sync_dir(&self, dir: &RelPath) -> Result<(), FsError> {
        self.call(CallKind::SyncDir, dir, "make durable", |machine| {
            let node = machine.live.open_dir(dir)?;
            machine.sync(node);
            Ok(())
        })
    }

    fn copy_mode(&self, from: &RelPath, to: &RelPath) -> Result<(), FsError> {
        self.call(CallKind::CopyMode, to, "set the permissions of", |machine| {
            let from = machine.live.open(from)?;
            let to = machine.live.open(to)?;
            machine.change(to, Change::Mode(machine.live.node(from).mode));
            Ok(())
        })
    }

    fn try_lock(&self, path: &RelPath) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        self.call(CallKind::TryLock, path, "lock", |machine| {
            let node = match machine.live.open(path) {
                Err(Errno::NOENT) => {
                    let at = machine.live.new_slot(path)?;
                    machine.make(at, Machine::empty())?
                }
                other => other?,
            };
            if machine.live.node(node).kind() == FileKind::Dir {
                return Err(Errno::ISDIR);
            }
            if !machine.lock(node) {
                return Ok(None);
            }
            Ok(Some(Box::new(Held(self.handle(machine, node, path))) as Box<dyn LockGuard>))
        })
    }

    fn is_network(&self) -> Result<bool, FsError> {
        self.call(CallKind::IsNetwork, &RelPath::root(), "look at the file system of", |_| Ok(false))
    }
}
