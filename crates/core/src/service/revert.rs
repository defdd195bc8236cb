//! `revert`: a past operation is undone, exactly or not at all.
//!
//! The inverse is made from the record of the operation, and everything that it left must be as it left it: what somebody
//! changed since is not taken back over their heads.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::place::{Here, There};
use super::{Answer, Blocker, BlockerCode, Context, Data, HistoryData, Proposal, Revert, Service};
use crate::fs::read_limited;
use crate::plan::{Draft, Journal, Receipt, Record, history};
use crate::snapshot::Asset;
use crate::value::{AssetId, AssetUuid, ContentHash, OperationId, RelPath};
use crate::workspace::{Manifest, RegistryEntry, layout, registry_entry};

/// No file that an operation writes is longer.
const MAX_BYTES: u64 = 16 << 20;

/// Plans the inverse of a past operation.
///
/// # Errors
/// The answer, where it cannot be undone, or not any more.
pub(super) fn revert(context: &Context<'_>, request: &Revert) -> Result<Proposal, Answer> {
    context.need_registered_world()?;
    let operation = request.operation_id;
    let known = context.history().unwrap_or_default();
    let item = known.items.iter().find(|item| item.operation == operation);
    let (Some(journal), Some(item)) = (history::record(&**context.fs, operation), item) else {
        let message = format!("there is no record of operation {operation}");
        let help =
            format!("`packwright history` shows what there is; the last {} operations are kept", history::MAX_RECORDS);
        return Err(Answer::blocked(vec![Blocker::new(BlockerCode::NotFound, message, help)]));
    };
    if let Some(by) = known.reverted_by(operation) {
        let message = format!("operation {operation} was reverted already, by {by}");
        let help = format!("`packwright revert {by}` brings it back");
        return Err(Answer::blocked(vec![Blocker::new(BlockerCode::Irreversible, message, help)]));
    }
    refuse_irreversible(&journal)?;
    let mut inverse = Inverse { context, operation, draft: Draft::default(), blockers: Vec::new(), left: Vec::new() };
    let entries = inverse.entries(&journal)?;
    inverse.steps(&journal)?;
    match journal.registry.as_ref().and_then(|registry| Some((registry.after, registry.old.clone()?))) {
        Some((after, old)) => inverse.registry_bytes(after, old),
        None => inverse.registry(&entries),
    }
    if !inverse.blockers.is_empty() {
        return Err(Answer::blocked(inverse.blockers));
    }
    let summary = format!("reverted {}: {}", journal.service, journal.summary);
    let data = Data::History(HistoryData { operations: vec![known.past(item)], next_cursor: None });
    let answer = Answer::ok(summary, data).about(journal.affected.clone());
    Ok(Proposal { reverts: Some(operation), ..Proposal::new(inverse.draft.finish(context.snapshot), answer) })
}

fn refuse_irreversible(journal: &Journal) -> Result<(), Answer> {
    let irreversible = |message: String, help: &str| {
        Err(Answer::blocked(vec![Blocker::new(BlockerCode::Irreversible, message, help)]))
    };
    if !journal.is_reversible() {
        let message = format!("operation {} deleted files for good", journal.operation);
        return irreversible(message, "get the files from version control or a backup, and register them");
    }
    if journal.service == Service::InitWorkspace.name() {
        let message = "making a workspace is not undone".to_owned();
        return irreversible(message, "to unmake it, delete packwright.toml and packwright.registry.json by hand");
    }
    Ok(())
}

/// An entry of the registry before and after the operation.
#[derive(Default)]
struct Pair {
    before: Option<RegistryEntry>,
    after: Option<RegistryEntry>,
}

struct Inverse<'a> {
    context: &'a Context<'a>,
    operation: OperationId,
    draft: Draft,
    blockers: Vec<Blocker>,
    /// Folders that are not where the operation put them any more: what else would say so of them need not.
    left: Vec<Left>,
}

/// A folder that went on from where an operation put it.
struct Left {
    home: RelPath,
    away: RelPath,
}

impl Inverse<'_> {
    fn block(&mut self, code: BlockerCode, message: String, help: impl Into<String>) {
        self.blockers.push(Blocker::new(code, message, help));
    }

    /// What the operation made of entries, by identity.
    fn entries(&self, journal: &Journal) -> Result<BTreeMap<AssetUuid, Pair>, Answer> {
        let mut pairs: BTreeMap<AssetUuid, Pair> = BTreeMap::new();
        let read = |text: &Option<String>| -> Result<Option<RegistryEntry>, Answer> {
            let Some(text) = text else { return Ok(None) };
            let raw = RawValue::from_string(text.clone()).map_err(|error| error.to_string());
            let entry = raw.and_then(|raw| registry_entry(&raw));
            entry
                .map(Some)
                .map_err(|error| Answer::failed(format!("the record of the operation does not read: {error}")))
        };
        for (before, after) in journal.registry.iter().flat_map(|registry| &registry.entries) {
            for (is_before, entry) in [(true, read(before)?), (false, read(after)?)] {
                let Some(entry) = entry else { continue };
                let pair = pairs.entry(entry.uuid).or_default();
                *(if is_before { &mut pair.before } else { &mut pair.after }) = Some(entry);
            }
        }
        Ok(pairs)
    }

    fn registry(&mut self, pairs: &BTreeMap<AssetUuid, Pair>) {
        for pair in pairs.values() {
            match (&pair.before, &pair.after) {
                (None, Some(after)) => {
                    if let Some(asset) = self.as_left(after) {
                        self.draft.registry_remove(asset.key(), after);
                    }
                }
                (Some(before), None) => self.add_again(before),
                (Some(before), Some(after)) => {
                    if let Some(asset) = self.as_left(after) {
                        if before.root == after.root {
                            self.draft.registry_update(asset.key(), after, before.clone());
                        } else {
                            self.draft.registry_move(asset.key(), after, before.clone());
                        }
                    }
                }
                (None, None) => {}
            }
        }
    }

    /// The registry as a file gets the bytes that it had.
    fn registry_bytes(&mut self, after: ContentHash, old: Vec<u8>) {
        let path = RelPath::literal(layout::REGISTRY);
        match read_limited(&**self.context.fs, &path, 1 << 30) {
            Ok(now) if ContentHash::of(&now) == after => self.draft.restore_registry(&now, old),
            _ => {
                let message = format!("{path} is not as that operation left it");
                let help = "revert what came later first; `packwright history` shows it";
                self.block(BlockerCode::Irreversible, message, help);
            }
        }
    }

    /// The asset whose entry is as the operation left it.
    fn as_left(&mut self, after: &RegistryEntry) -> Option<std::sync::Arc<Asset>> {
        let assets = &self.context.snapshot.assets;
        let same = assets.with_uuid(after.uuid).find(|asset| asset.entry.as_ref() == Some(after)).cloned();
        if same.is_none() {
            let message = format!("the registry entry of `{}` is not as that operation left it", after.root);
            self.block(BlockerCode::Irreversible, message, self.what_came_later(after.asset_id(), &after.root));
        }
        same
    }

    fn add_again(&mut self, before: &RegistryEntry) {
        if self.left.iter().any(|left| self.root_of(&left.home).as_deref() == Some(&*before.root)) {
            return;
        }
        let snapshot = self.context.snapshot;
        let registered = |asset: &&std::sync::Arc<Asset>| asset.entry.is_some();
        let help = "remove or move that one first";
        if let Some(other) = snapshot.assets.with_uuid(before.uuid).find(registered) {
            let message = format!("the UUID of `{}` is registered already, at `{}`", before.root, other.root_text);
            self.block(BlockerCode::UuidTaken, message, help);
        } else if let Some(other) = before.asset_id().and_then(|id| snapshot.asset(id)) {
            let message = format!("the id of `{}` belongs to `{}` now", before.root, other.root_text);
            self.block(BlockerCode::IdTaken, message, help);
        } else if snapshot.assets.spelled(&before.root).any(|asset| asset.entry.is_some()) {
            let message = format!("another asset has the root `{}` now", before.root);
            self.block(BlockerCode::RootTaken, message, help);
        } else {
            self.draft.registry_add(before.clone());
        }
    }

    /// What to do where something is not as it was left.
    fn what_came_later(&self, id: Option<AssetId>, root: &str) -> String {
        let history = self.context.history().unwrap_or_default();
        let last = history.items.iter().find(|item| item.is_about(id, root));
        match last.filter(|item| item.operation != self.operation) {
            Some(item) => {
                let then = match item.is_irreversible() {
                    true => ", and cannot be undone: ",
                    false => ": revert that first, or ",
                };
                format!("operation {} came later ({}){then}make the change by hand", item.operation, item.summary())
            }
            None => "make the change by hand".to_owned(),
        }
    }

    fn steps(&mut self, journal: &Journal) -> Result<(), Answer> {
        for record in journal.steps.iter().rev() {
            match record {
                Record::MakeDir(path) => self.draft.remove_dir(path.clone()),
                Record::RemoveDir(_) => {}
                Record::Create { path, .. } if self.has_left_with_its_folder(path) => {}
                Record::Create { path, digest } => {
                    if let Some(bytes) = self.bytes_as_left(path, *digest) {
                        if is_entry_file(path) {
                            self.draft.remove_beside(path.clone(), bytes);
                        } else {
                            self.draft.remove_file(path.clone(), bytes);
                        }
                    }
                }
                Record::Replace { path, before, after } => {
                    if let Some(bytes) = self.bytes_as_left(path, *after) {
                        self.draft.restore_file(path.clone(), (bytes, before.clone()));
                        self.rely_on_address(before);
                    }
                }
                Record::Remove { path, before, .. } => self.create_again(path, before)?,
                Record::Move { from, to, .. } => self.move_back(from, to)?,
                Record::Discard { .. } => {}
            }
        }
        Ok(())
    }

    /// Whether a file that told of a folder in quarantine went away with it.
    fn has_left_with_its_folder(&self, path: &RelPath) -> bool {
        is_entry_file(path) && self.left.iter().any(|left| left.away.parent() == path.parent())
    }

    /// A manifest that gets its old bytes gets its old address.
    fn rely_on_address(&mut self, manifest: &[u8]) {
        if let Ok(manifest) = Manifest::parse(manifest, self.context.importers)
            && !self.context.snapshot.assets.with_address(&manifest.address).any(|asset| asset.entry.is_some())
        {
            self.draft.rely_on(Receipt::AddressFree { address_free: manifest.address });
        }
    }

    fn bytes_as_left(&mut self, path: &RelPath, digest: ContentHash) -> Option<Vec<u8>> {
        let bytes = read_limited(&**self.context.fs, path, MAX_BYTES).ok();
        let same = bytes.filter(|bytes| ContentHash::of(bytes) == digest);
        if same.is_none() {
            let root = path.parent().and_then(|folder| self.root_of(&folder)).unwrap_or_default();
            let message = format!("{path} is not as that operation left it");
            let id = self.context.snapshot.registered_root(&root).and_then(|asset| asset.asset_id());
            self.block(BlockerCode::Irreversible, message, self.what_came_later(id, &root));
        }
        same
    }

    fn root_of(&self, folder: &RelPath) -> Option<String> {
        folder.below(&self.context.snapshot.assets_dir()).map(ToOwned::to_owned)
    }

    fn create_again(&mut self, path: &RelPath, bytes: &[u8]) -> Result<(), Answer> {
        if self.context.fs.stat(path).is_ok() {
            let help = "nothing is ever put over something: move it out of the way";
            self.block(BlockerCode::OriginOccupied, format!("something stands at {path} now"), help);
            return Ok(());
        }
        self.make_parents(path)?;
        if is_entry_file(path) {
            self.draft.create_beside(path.clone(), bytes.to_vec());
        } else {
            self.draft.create(path.clone(), bytes.to_vec());
        }
        Ok(())
    }

    fn make_parents(&mut self, path: &RelPath) -> Result<(), Answer> {
        let parent = path.parent().unwrap_or_else(RelPath::root);
        self.draft.make_dirs(&**self.context.fs, &parent).map_err(|error| Answer::of_system(&error))
    }

    /// A folder that went from `home` to `away` comes back.
    fn move_back(&mut self, home: &RelPath, away: &RelPath) -> Result<(), Answer> {
        let fs = &**self.context.fs;
        if fs.stat(away).is_err_and(|error| error.is_absent()) {
            let root = self.root_of(home).or_else(|| self.root_of(away)).unwrap_or_default();
            let message =
                format!("the files of `{root}` are not at {away} any more: they were moved, restored or purged since");
            self.block(BlockerCode::NotFound, message, self.what_came_later(None, &root));
            self.left.push(Left { home: home.clone(), away: away.clone() });
            return Ok(());
        }
        let here = Here::at(fs, away)?;
        let root = self.root_of(home).and_then(|root| RelPath::parse(&root).ok());
        if let Some(root) = root {
            let moving = self.root_of(away).and_then(|root| self.context.snapshot.registered_root(&root));
            let there = There { root: &root, moving: moving.as_deref(), taken: BlockerCode::OriginOccupied };
            self.blockers.extend(there.blockers(self.context));
        } else if fs.stat(home).is_ok() {
            let help = "nothing is ever put over something: move it out of the way";
            self.block(BlockerCode::OriginOccupied, format!("something stands at {home} now"), help);
        }
        self.blockers.extend(here.check_device(fs, home).err());
        self.make_parents(home)?;
        self.draft.move_root(away.clone(), home.clone(), &here.listing, here.identity);
        Ok(())
    }
}

fn is_entry_file(path: &RelPath) -> bool {
    path.is_within(&RelPath::literal(layout::QUARANTINE)) && path.file_name() == Some(layout::QUARANTINE_ENTRY)
}
