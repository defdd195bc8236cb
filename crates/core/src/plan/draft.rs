//! A draft: a mutation while it is planned. What is to be done, what a person is shown of it and what it relies on are
//! said together, so that none of them is forgotten.

use std::collections::BTreeSet;
use std::io;

use serde_json::Value;

use super::change::{Change, Identity, RegistryWrite, Step};
use super::receipt::{FolderListing, Receipt};
use super::{Action, ActionKind, Nature, numbered};
use crate::fs::{FileKind, Fs, FsError, IoContext};
use crate::snapshot::{AssetKey, RegistryChange, Snapshot};
use crate::value::RelPath;
use crate::workspace::{RegistryEntry, layout};

/// A mutation that is planned whole.
#[derive(Debug, Clone, Default)]
pub struct Planned {
    /// What to do.
    pub change: Change,
    /// The same, as a person is shown it.
    pub actions: Vec<Action>,
    /// What it relies on.
    pub relied_on: Vec<Receipt>,
}

impl Planned {
    /// The natures among its actions that somebody has to say yes to.
    #[must_use]
    pub fn consent_required(&self) -> Vec<Nature> {
        let natures: BTreeSet<Nature> =
            self.actions.iter().map(|action| action.nature).filter(|nature| nature.needs_consent()).collect();
        natures.into_iter().collect()
    }
}

/// A mutation while it is planned.
#[derive(Debug, Default)]
pub struct Draft {
    steps: Vec<Step>,
    /// The folders that are made.
    made: BTreeSet<RelPath>,
    registry: RegistryChange,
    /// The registry's bytes now, where it is written whatever becomes of its entries.
    rewritten: Option<Vec<u8>>,
    /// The same, and the bytes that it is to have.
    restored: Option<(Vec<u8>, Vec<u8>)>,
    actions: Vec<(Nature, ActionKind)>,
    relied_on: Vec<Receipt>,
}

impl Draft {
    /// A folder that must be there before the next steps; those above it are made too. Nothing is shown of it.
    ///
    /// # Errors
    /// What the system says, and where something else stands there.
    pub fn make_dirs(&mut self, fs: &dyn Fs, dir: &RelPath) -> Result<(), FsError> {
        let above = std::iter::successors(Some(dir.clone()), RelPath::parent).filter(|path| !path.is_root());
        let mut missing = Vec::new();
        for path in above {
            match fs.stat(&path) {
                Ok(stat) if stat.kind != FileKind::Dir => {
                    return Err(io::Error::from(io::ErrorKind::NotADirectory)).at("make the folder", &path);
                }
                Ok(_) => break,
                Err(error) if error.is_absent() => missing.push(path),
                Err(error) => return Err(error),
            }
        }
        for path in missing.into_iter().rev() {
            if self.made.insert(path.clone()) {
                self.steps.push(Step::MakeDir(path));
            }
        }
        Ok(())
    }

    /// A new file.
    pub fn create(&mut self, path: RelPath, bytes: Vec<u8>) {
        let kind = ActionKind::WriteFile { path: path.clone(), bytes: bytes.len() as u64 };
        self.actions.push((Nature::Additive, kind));
        self.relied_on.push(Receipt::nothing_at(path.clone()));
        self.steps.push(Step::Create { path, bytes });
    }

    /// A new file that belongs to a move: it is not shown by itself.
    pub fn create_beside(&mut self, path: RelPath, bytes: Vec<u8>) {
        self.steps.push(Step::Create { path, bytes });
    }

    /// Members of a manifest change.
    pub fn edit_manifest(&mut self, path: RelPath, texts: (Vec<u8>, Vec<u8>), members: (Value, Value)) {
        let kind = ActionKind::EditManifest { path: path.clone(), before: members.0, after: members.1 };
        self.replace(path, texts, kind);
    }

    /// Lines are appended to a file, which is made where it is absent.
    pub fn append_lines(&mut self, path: RelPath, before: Option<Vec<u8>>, after: Vec<u8>, lines: Vec<String>) {
        let kind = ActionKind::AppendLines { path: path.clone(), lines };
        match before {
            Some(before) => self.replace(path, (before, after), kind),
            None => {
                self.actions.push((Nature::Additive, kind));
                self.relied_on.push(Receipt::nothing_at(path.clone()));
                self.steps.push(Step::Create { path, bytes: after });
            }
        }
    }

    /// A file gets the bytes that it had.
    pub fn restore_file(&mut self, path: RelPath, texts: (Vec<u8>, Vec<u8>)) {
        let kind = ActionKind::RestoreFile { path: path.clone(), bytes: texts.1.len() as u64 };
        self.replace(path, texts, kind);
    }

    fn replace(&mut self, path: RelPath, (before, after): (Vec<u8>, Vec<u8>), kind: ActionKind) {
        self.actions.push((Nature::Edit, kind));
        self.relied_on.push(Receipt::file(path.clone(), &before));
        self.steps.push(Step::Replace { path, before, after });
    }

    /// A file that a tool wrote goes.
    pub fn remove_file(&mut self, path: RelPath, before: Vec<u8>) {
        let kind = ActionKind::RemoveFile { path: path.clone(), bytes: before.len() as u64 };
        self.actions.push((Nature::Edit, kind));
        self.relied_on.push(Receipt::file(path.clone(), &before));
        self.steps.push(Step::Remove { path, before });
    }

    /// A file that a tool wrote goes with a move: it is not shown by itself.
    pub fn remove_beside(&mut self, path: RelPath, before: Vec<u8>) {
        self.relied_on.push(Receipt::file(path.clone(), &before));
        self.steps.push(Step::Remove { path, before });
    }

    /// A folder that is removed after the commit, where it is empty then.
    pub fn remove_dir(&mut self, path: RelPath) {
        self.steps.push(Step::RemoveDir(path));
    }

    /// An asset root moves.
    pub fn move_root(&mut self, from: RelPath, to: RelPath, listing: &FolderListing, identity: Identity) {
        let (files, bytes) = (listing.n_files(), listing.bytes());
        let kind = ActionKind::MoveRoot { from: from.clone(), to: to.clone(), files, bytes };
        self.actions.push((Nature::Relocational, kind));
        self.relied_on.push(listing.receipt(from.clone()));
        self.relied_on.push(Receipt::nothing_at(to.clone()));
        self.steps.push(Step::Move { from, to, identity });
    }

    /// An asset root is deleted.
    pub fn delete_root(&mut self, path: RelPath, listing: &FolderListing, identity: Identity) {
        let kind = ActionKind::DeleteRoot { path: path.clone(), files: listing.n_files(), bytes: listing.bytes() };
        self.discard(path, listing, identity, kind);
    }

    /// An entry in quarantine is deleted.
    pub fn purge_entry(&mut self, path: RelPath, listing: &FolderListing, payload: (u64, u64), identity: Identity) {
        let kind = ActionKind::PurgeEntry { path: path.clone(), files: payload.0, bytes: payload.1 };
        self.discard(path, listing, identity, kind);
    }

    fn discard(&mut self, path: RelPath, listing: &FolderListing, identity: Identity, kind: ActionKind) {
        self.actions.push((Nature::Destructive, kind));
        self.relied_on.push(listing.receipt(path.clone()));
        self.steps.push(Step::Discard { path, identity });
    }

    /// The registry gets its canonical form; these are its bytes now.
    pub fn rewrite_registry(&mut self, bytes: Vec<u8>) {
        let path = RelPath::literal(layout::REGISTRY);
        let kind = ActionKind::RewriteRegistry { path: path.clone(), bytes: bytes.len() as u64 };
        self.actions.push((Nature::Edit, kind));
        self.relied_on.push(Receipt::file(path, &bytes));
        self.rewritten = Some(bytes);
    }

    /// The registry gets bytes that it had; `now` are those that it has.
    pub fn restore_registry(&mut self, now: &[u8], then: Vec<u8>) {
        let path = RelPath::literal(layout::REGISTRY);
        let kind = ActionKind::RestoreFile { path: path.clone(), bytes: then.len() as u64 };
        self.actions.push((Nature::Edit, kind));
        self.relied_on.push(Receipt::file(path, now));
        self.restored = Some((now.to_vec(), then));
    }

    /// A file that an operation left, too long to be kept, is deleted.
    pub fn discard_leftover(&mut self, path: RelPath, bytes: u64, identity: Identity) {
        self.actions.push((Nature::Edit, ActionKind::RemoveFile { path: path.clone(), bytes }));
        self.steps.push(Step::Discard { path, identity });
    }

    /// An entry comes to the registry. That its id, UUID and address are free is relied on.
    pub fn registry_add(&mut self, entry: RegistryEntry) {
        let kind = ActionKind::RegistryAdd { before: Value::Null, after: entry_json(&entry) };
        self.actions.push((Nature::Additive, kind));
        self.relied_on.extend(entry.asset_id().map(Receipt::id_free));
        self.relied_on.push(Receipt::UuidFree { uuid_free: entry.uuid });
        self.registry.added.push(entry);
    }

    /// An entry becomes another with the same root.
    pub fn registry_update(&mut self, key: AssetKey, before: &RegistryEntry, after: RegistryEntry) {
        let kind = ActionKind::RegistryUpdate { before: entry_json(before), after: entry_json(&after) };
        self.actions.push((Nature::Edit, kind));
        self.relied_on.push(Receipt::entry(before));
        self.registry.changed.insert(key, after);
    }

    /// An entry becomes one with another root.
    pub fn registry_move(&mut self, key: AssetKey, before: &RegistryEntry, after: RegistryEntry) {
        let kind = ActionKind::RegistryUpdate { before: entry_json(before), after: entry_json(&after) };
        self.actions.push((Nature::Edit, kind));
        self.relied_on.push(Receipt::entry(before));
        self.registry.removed.insert(key);
        self.registry.added.push(after);
    }

    /// An entry leaves the registry.
    pub fn registry_remove(&mut self, key: AssetKey, entry: &RegistryEntry) {
        let kind = ActionKind::RegistryRemove { before: entry_json(entry), after: Value::Null };
        self.actions.push((Nature::Edit, kind));
        self.relied_on.push(Receipt::entry(entry));
        self.registry.removed.insert(key);
    }

    /// Something else is relied on.
    pub fn rely_on(&mut self, receipt: Receipt) {
        if !self.relied_on.contains(&receipt) {
            self.relied_on.push(receipt);
        }
    }

    /// Something else is relied on, which is not yet.
    pub fn relies_on_new(&mut self, receipt: Receipt) {
        self.relied_on.push(receipt);
    }

    /// Something else is done, and shown so.
    pub fn show(&mut self, nature: Nature, kind: ActionKind) {
        self.actions.push((nature, kind));
    }

    /// The plan, on the registry of this snapshot.
    #[must_use]
    pub fn finish(self, snapshot: &Snapshot) -> Planned {
        let registry = match (self.rewritten, self.restored) {
            (_, Some((now, then))) => Some(RegistryWrite::bytes_again(now, then)),
            (Some(now), None) => Some(RegistryWrite::anew(snapshot, self.registry, now)),
            (None, None) => RegistryWrite::of(snapshot, self.registry),
        };
        let change = Change { steps: self.steps, registry };
        Planned { change, actions: numbered(self.actions), relied_on: self.relied_on }
    }

    /// The plan of a new workspace, whose registry is this where it has none yet.
    #[must_use]
    pub fn finish_new(mut self, registry: Option<Vec<u8>>) -> Planned {
        let path = RelPath::literal(layout::REGISTRY);
        let registry = registry.map(|bytes| {
            let kind = ActionKind::WriteFile { path: path.clone(), bytes: bytes.len() as u64 };
            self.actions.push((Nature::Additive, kind));
            self.relied_on.push(Receipt::nothing_at(path));
            RegistryWrite::new_file(bytes)
        });
        let change = Change { steps: self.steps, registry };
        Planned { change, actions: numbered(self.actions), relied_on: self.relied_on }
    }
}

/// An entry as actions show it.
fn entry_json(entry: &RegistryEntry) -> Value {
    serde_json::from_str(&entry.to_json()).unwrap_or_default()
}
