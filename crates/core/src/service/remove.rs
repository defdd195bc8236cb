//! `remove_asset`: assets leave the registered world; their files are kept, quarantined or deleted.
//!
//! What is broken can always be removed: where there is no folder, its entry goes, whatever was asked for its files.

use std::collections::BTreeSet;

use super::answer::count;
use super::place::{Here, holds_another};
use super::{Answer, Blocker, BlockerCode, Context, Data, Files, Proposal, QuarantineData, RemoveAsset, Selection};
use crate::plan::Draft;
use crate::snapshot::Asset;
use crate::value::RelPath;
use crate::workspace::{QuarantineEntry, RegistryEntry, layout};

/// Takes the selected assets out of the registered world.
///
/// # Errors
/// The answer, where nothing can be done.
pub(super) fn remove(context: &Context<'_>, request: &RemoveAsset) -> Result<Proposal, Answer> {
    context.need_registered_world()?;
    let selected = context.select_registered(&Selection { selectors: request.selectors.clone() })?;
    let mut removal =
        Removal { context, draft: Draft::default(), entries: Vec::new(), n_moved: 0, taken: BTreeSet::new() };
    context.receipts_of(&request.selectors).into_iter().for_each(|receipt| removal.draft.rely_on(receipt));
    let mut blockers = Vec::new();
    let mut gone = 0;
    for asset in selected.values() {
        let Some(entry) = &asset.entry else { continue };
        if request.files != Files::Keep && removal.is_to_move(asset) {
            if let Some(blocker) = holds_another(context, asset).or_else(|| removal.shared_root(asset, &selected)) {
                blockers.push(blocker);
                continue;
            }
            match Here::of(context, asset)? {
                Some(here) => removal.take_away(asset, entry, &here, request.files, &mut blockers)?,
                None => gone += 1,
            }
        } else if asset.standing != crate::workspace::Standing::Folder {
            gone += 1;
        }
        removal.draft.registry_remove(asset.key(), entry);
    }
    if !blockers.is_empty() {
        return Err(Answer::blocked(blockers));
    }
    let n = selected.len() as u64;
    let files = match request.files {
        Files::Keep => "files kept",
        Files::Quarantine => "files quarantined",
        Files::Delete => "files deleted",
    };
    let mut summary = format!("{} removed from the registry, {files}", count(n, "asset", "assets"));
    if gone > 0 {
        summary.push_str(&format!(" ({gone} had no folder)"));
    }
    let data = Data::Quarantine(QuarantineData { entries: removal.entries });
    let answer = Answer::ok(summary, data).about(context.references(&selected));
    Ok(Proposal::new(removal.draft.finish(context.snapshot), answer))
}

struct Removal<'a> {
    context: &'a Context<'a>,
    draft: Draft,
    entries: Vec<super::ListedEntry>,
    n_moved: usize,
    /// The roots whose folders are on their way: two entries may name one.
    taken: BTreeSet<RelPath>,
}

impl Removal<'_> {
    /// Whether the folder of an asset is still where it was.
    fn is_to_move(&mut self, asset: &Asset) -> bool {
        asset.root.as_ref().is_ok_and(|root| !self.taken.contains(root)) || asset.root.is_err()
    }

    /// Another entry with the same root would lose its folder.
    fn shared_root(&self, asset: &Asset, selected: &crate::snapshot::Selected) -> Option<Blocker> {
        let root = asset.root.as_ref().ok()?;
        let is_selected = |other: &Asset| selected.contains_key(&(false, other.key()));
        let at_root = self.context.snapshot.assets.at_root(root);
        let other = at_root.into_iter().find(|other| other.entry.is_some() && !is_selected(other))?;
        let message = format!("another entry of the registry has the root `{}` too", other.root_text);
        Some(Blocker::new(BlockerCode::RootTaken, message, "remove the one that is wrong with its files kept"))
    }

    fn take_away(
        &mut self,
        asset: &Asset,
        entry: &RegistryEntry,
        here: &Here,
        files: Files,
        blockers: &mut Vec<Blocker>,
    ) -> Result<(), Answer> {
        self.taken.extend(asset.root.clone().ok());
        self.n_moved += 1;
        if files == Files::Delete {
            let private = RelPath::literal(layout::TRASH);
            blockers.extend(here.check_device(&**self.context.fs, &private).err());
            self.draft.delete_root(here.path.clone(), &here.listing, here.identity);
            return Ok(());
        }
        let root = asset.root.clone().unwrap_or_else(|_| RelPath::root());
        let waiting = quarantined(self.context, asset, entry, here, &root);
        let payload = waiting.payload();
        blockers.extend(here.check_device(&**self.context.fs, &payload).err());
        blockers.extend(here.check_length(&payload).err());
        let made = self.draft.make_dirs(&**self.context.fs, &waiting.folder());
        made.map_err(|error| Answer::of_system(&error))?;
        self.draft.create_beside(waiting.file(), waiting.to_json(&here.hashed(self.context)?));
        self.draft.move_root(here.path.clone(), payload, &here.listing, here.identity);
        self.entries.push(super::ListedEntry::of(&waiting));
        Ok(())
    }
}

/// The entry that an asset becomes in quarantine.
fn quarantined(
    context: &Context<'_>,
    asset: &Asset,
    entry: &RegistryEntry,
    here: &Here,
    root: &RelPath,
) -> QuarantineEntry {
    let folder = RelPath::literal(layout::QUARANTINE);
    let is_taken = |id: &str| context.fs.stat(&folder.entry(id)).is_ok();
    QuarantineEntry {
        entry_id: context.minter.entry_id(root, is_taken),
        origin: here.path.clone(),
        entry: entry.clone(),
        address: asset.shown_manifest().map(|manifest| manifest.address.clone()),
        since: jiff::Timestamp::now().to_string(),
        operation: context.operation,
        files: here.listing.n_files(),
        bytes: here.listing.bytes(),
    }
}
