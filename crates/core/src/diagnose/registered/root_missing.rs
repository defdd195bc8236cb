//! S201: the registered folder is gone.

use crate::diagnose::{Code, Diagnostic, EntryField, Fix, Ground, Location, Remedy};
use crate::snapshot::Asset;
use crate::workspace::Standing;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    if ground.snapshot.tree_error.is_some() || !ground.snapshot.setting.linked_folders.is_empty() {
        return;
    }
    for asset in ground.registered().filter(|asset| asset.root.is_ok()) {
        let is_ignored =
            || asset.root.as_ref().is_ok_and(|root| ground.snapshot.setting.ignored.covers(root, true).is_some());
        let message = match asset.standing {
            Standing::Nothing if is_ignored() => {
                found.push(ignored(ground, asset));
                continue;
            }
            Standing::Nothing => format!("the folder of `{}` is gone", asset.root_text),
            Standing::File | Standing::Other => format!("`{}` is no folder any more", asset.root_text),
            Standing::Folder | Standing::Link(_) | Standing::Unreadable(_) => continue,
        };
        let made = ground.finding(Code::S201, asset, message).located(ground.entry(asset, EntryField::Root));
        found.push(match now_at(ground, asset) {
            Some(other) => made
                .with_related(Location::file(ground.root_path(other)), "this folder holds its UUID now")
                .with_help(format!(
                    "if the folder was moved, move it back to `{}`, or change `root` in the registry to `{}`",
                    asset.root_text, other.root_text
                ))
                .with_fix(pointing(asset, other)),
            None => made.with_help(format!(
                "bring the folder back (from version control, for one), or take the asset out: \
                 `packwright remove root:{} --keep`",
                asset.root_text
            )),
        });
    }
}

/// The entry follows the folder. Where the manifest there does not parse, a person looks first.
fn pointing(asset: &Asset, now: &Asset) -> Fix {
    let title = format!("let the entry of `{}` name `{}`", asset.root_text, now.root_text);
    match (&asset.root, &now.root, now.manifest()) {
        (Ok(from), Ok(to), Some(manifest)) => {
            Fix::safe(title, Remedy::PointEntry { uuid: manifest.uuid, from: from.clone(), to: to.clone() })
        }
        _ => Fix::shown(title),
    }
}

/// The folder may well be there; the packer does not look.
fn ignored(ground: &Ground<'_>, asset: &Asset) -> Diagnostic {
    let help = format!(
        "take the pattern that covers it out of `ignore` in packwright.toml, or take the asset out: \
         `packwright remove root:{} --keep`",
        asset.root_text
    );
    ground
        .finding(Code::S201, asset, format!("the folder of `{}` is ignored", asset.root_text))
        .located(ground.entry(asset, EntryField::Root))
        .with_help(help)
}

/// The one unregistered folder that holds the asset's UUID.
fn now_at<'a>(ground: &Ground<'a>, asset: &Asset) -> Option<&'a Asset> {
    let uuid = asset.entry.as_ref()?.uuid;
    let mut holders = ground.snapshot.assets.with_uuid(uuid).filter(|other| other.entry.is_none());
    let first = holders.next()?;
    holders.next().is_none().then_some(first)
}
