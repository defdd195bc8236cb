//! `restore_quarantined`: an asset goes back to where it was, registered as it was. Never over something.

use super::place::{Here, There};
use super::quarantine::find_entry;
use super::{Answer, Blocker, BlockerCode, Context, Data, ListedEntry, Proposal, QuarantineData, RestoreQuarantined};
use crate::fs::read_limited;
use crate::plan::{Draft, Receipt};
use crate::value::{Address, AssetRef, RelPath};
use crate::workspace::{Manifest, QuarantineEntry, layout};

/// Puts an asset back.
///
/// # Errors
/// The answer, where nothing can be done.
pub(super) fn restore(context: &Context<'_>, request: &RestoreQuarantined) -> Result<Proposal, Answer> {
    context.need_registered_world()?;
    let waiting = find_entry(context, &request.entry_id)?;
    let root = waiting
        .entry
        .root_path()
        .map_err(|error| Answer::bad_request(error.to_string(), "move its payload by hand, and register it"))?;
    let fs = &**context.fs;
    let here = Here::at(fs, &waiting.payload())?;
    let there = There { root: &root, moving: None, taken: BlockerCode::OriginOccupied };
    let path = there.path(context);
    let mut blockers = there.blockers(context);
    let address = address_of(context, waiting);
    blockers.extend(identity_taken(context, waiting, address.as_ref()));
    blockers.extend(here.check_device(fs, &path).err());
    blockers.extend(here.check_length(&path).err());
    if !blockers.is_empty() {
        return Err(Answer::blocked(blockers));
    }
    let mut draft = Draft::default();
    let parent = path.parent().unwrap_or_else(RelPath::root);
    draft.make_dirs(fs, &parent).map_err(|error| Answer::of_system(&error))?;
    draft.move_root(here.path.clone(), path, &here.listing, here.identity);
    let file = waiting.file();
    let text = read_limited(fs, &file, 256 << 20).map_err(|error| Answer::failed(error.to_string()))?;
    draft.remove_beside(file, text);
    draft.remove_dir(waiting.folder());
    draft.remove_dir(RelPath::literal(layout::QUARANTINE));
    draft.registry_add(waiting.entry.clone());
    draft_address(&mut draft, address.as_ref());
    let reference = AssetRef { address, ..waiting.reference() };
    let summary = format!("restored `{root}` from quarantine");
    let data = Data::Quarantine(QuarantineData { entries: vec![ListedEntry::of(waiting)] });
    Ok(Proposal::new(draft.finish(context.snapshot), Answer::ok(summary, data).about(vec![reference])))
}

fn draft_address(draft: &mut Draft, address: Option<&Address>) {
    if let Some(address) = address {
        draft.rely_on(Receipt::AddressFree { address_free: address.clone() });
    }
}

/// The address that its manifest says now.
fn address_of(context: &Context<'_>, waiting: &QuarantineEntry) -> Option<Address> {
    let path = waiting.payload().entry(Manifest::FILE);
    let bytes = read_limited(&**context.fs, &path, Manifest::MAX_BYTES).ok()?;
    Manifest::parse(&bytes, context.importers).ok().map(|manifest| manifest.address)
}

fn identity_taken(context: &Context<'_>, waiting: &QuarantineEntry, address: Option<&Address>) -> Vec<Blocker> {
    let assets = &context.snapshot.assets;
    let mut blockers = Vec::new();
    let uuid = waiting.entry.uuid;
    if let Some(other) = assets.with_uuid(uuid).find(|asset| asset.entry.is_some()) {
        let message = format!("the UUID of `{}` belongs to `{}` now", waiting.entry.root, other.root_text);
        let help = "it is registered already, from a copy perhaps: remove that one first, or purge this entry";
        blockers.push(Blocker::new(BlockerCode::UuidTaken, message, help));
    }
    if let Some(id) = waiting.entry.asset_id()
        && let Some(other) = context.snapshot.asset(id)
    {
        let message = format!("the id {id} belongs to `{}` now", other.root_text);
        let help = "move the payload to its place by hand and register it: it gets another id then";
        blockers.push(Blocker::new(BlockerCode::IdTaken, message, help));
    }
    if let Some(address) = address
        && let Some(other) = assets.with_address(address).find(|asset| asset.entry.is_some())
    {
        let message = format!("the address `{address}` belongs to `{}` now", other.root_text);
        let help = format!(
            "give one of them another address: that one with `packwright edit`, this one in {}",
            waiting.payload().entry(Manifest::FILE)
        );
        blockers.push(Blocker::new(BlockerCode::AddressTaken, message, help));
    }
    blockers
}
