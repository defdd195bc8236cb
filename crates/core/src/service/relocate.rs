//! `relocate_asset`: an asset root goes to another place; id, UUID and address stay.

use super::place::{Here, There, holds_another};
use super::{Answer, Blocker, BlockerCode, Context, Data, Proposal, RelocateAsset, RelocateData};
use crate::plan::Draft;
use crate::value::{AssetRef, RelPath};
use crate::workspace::RegistryEntry;

/// Moves an asset root.
///
/// # Errors
/// The answer, where nothing can be done.
pub(super) fn relocate(context: &Context<'_>, request: &RelocateAsset) -> Result<Proposal, Answer> {
    context.need_registered_world()?;
    let asset = context.select_one(&request.selector)?;
    let to = RelPath::parse(request.to.trim_end_matches('/'))
        .map_err(|error| Answer::bad_request(error.to_string(), "name a folder below the assets folder"))?;
    let Some(before) = &asset.entry else { return Err(Answer::failed("BUG: a registered asset without an entry")) };
    if asset.root.as_ref() == Ok(&to) {
        let data = RelocateData { from: asset.root_name(), to: asset.root_name() };
        return Ok(Proposal::new(
            Draft::default().finish(context.snapshot),
            Answer::ok(format!("`{to}` is there already"), Data::RelocateAsset(data)),
        ));
    }
    let Some(here) = Here::of(context, &asset)? else {
        let message = format!("the folder of `{}` is gone, so there is nothing to move", asset.root_text);
        let help = "`packwright doctor` says whether another folder has its UUID now";
        return Err(Answer::blocked(vec![Blocker::new(BlockerCode::NotAFolder, message, help)]));
    };
    let there = There { root: &to, moving: Some(&asset), taken: BlockerCode::RootTaken };
    let path = there.path(context);
    let mut blockers = there.blockers(context);
    if asset.root.as_ref().is_ok_and(|root| to.is_within(root)) {
        let message = format!("`{to}` lies inside `{}` itself", asset.root_text);
        blockers = vec![Blocker::new(BlockerCode::NestedRoot, message, "choose a place outside")];
    }
    blockers.extend(holds_another(context, &asset));
    blockers.extend(here.check_device(&**context.fs, &path).err());
    blockers.extend(here.check_length(&path).err());
    if !blockers.is_empty() {
        return Err(Answer::blocked(blockers));
    }
    let mut draft = Draft::default();
    let parent = path.parent().unwrap_or_else(RelPath::root);
    draft.make_dirs(&**context.fs, &parent).map_err(|error| Answer::of_system(&error))?;
    draft.move_root(here.path.clone(), path, &here.listing, here.identity);
    let after = RegistryEntry { root: to.as_str().into(), file_index: None, ..before.clone() };
    draft.registry_move(asset.key(), before, after);
    let reference = AssetRef { root: to.as_str().into(), ..asset.reference() };
    let data = RelocateData { from: asset.root_name(), to: to.as_str().into() };
    let answer = Answer::ok(format!("moved `{}` to `{to}`", asset.root_text), Data::RelocateAsset(data));
    Ok(Proposal::new(draft.finish(context.snapshot), answer.about(vec![reference])))
}
