//! The rules of the registered world, one a file.

mod duplicate_address;
mod duplicate_asset_id;
mod duplicate_root;
mod duplicate_uuid;
mod invalid_asset_id;
mod manifest_invalid;
mod manifest_missing;
mod nested_root;
mod over_budget;
mod part_name_clash;
mod path_escape;
mod registry_unreadable;
mod root_missing;
mod settings_invalid;
mod source_missing;
mod unreadable;
mod uuid_mismatch;

use std::collections::BTreeMap;

use super::{Code, Diagnostic, Ground};
use crate::fs::Fs;
use crate::snapshot::{Asset, Snapshot};

/// One rule: adds what it finds.
pub type Rule = fn(&Ground<'_>, &mut Vec<Diagnostic>);

/// The rules, each with the codes that it can find.
pub const RULES: &[(&[Code], Rule)] = &[
    (&[Code::S101, Code::S102], registry_unreadable::check),
    (&[Code::S103], duplicate_asset_id::check),
    (&[Code::S104], duplicate_uuid::check),
    (&[Code::S105], duplicate_root::check),
    (&[Code::S106], duplicate_address::check),
    (&[Code::S107], invalid_asset_id::check),
    (&[Code::S108], settings_invalid::check),
    (&[Code::S201], root_missing::check),
    (&[Code::S202], manifest_missing::check),
    (&[Code::S203], source_missing::check),
    (&[Code::S204], manifest_invalid::check),
    (&[Code::S205], uuid_mismatch::check),
    (&[Code::S206], path_escape::check),
    (&[Code::S207], nested_root::check),
    (&[Code::S208], unreadable::check),
    (&[Code::S209], over_budget::check),
    (&[Code::S212], part_name_clash::check),
];

/// What is structurally wrong with the registered world, as far as it can be told without reading content.
#[must_use]
pub fn registered(snapshot: &Snapshot, fs: &dyn Fs) -> Vec<Diagnostic> {
    let ground = Ground::new(snapshot, fs);
    let mut found = Vec::new();
    for (_, check) in RULES {
        check(&ground, &mut found);
    }
    Diagnostic::sort(&mut found);
    found
}

/// Those of `assets` that share a key, those that share none left out. In order of the key, then of the registry.
fn shared<'a, K: Ord>(
    assets: impl Iterator<Item = &'a Asset>,
    key: impl Fn(&'a Asset) -> Option<K>,
) -> Vec<Vec<&'a Asset>> {
    let mut groups: BTreeMap<K, Vec<&Asset>> = BTreeMap::new();
    for asset in assets {
        if let Some(key) = key(asset) {
            groups.entry(key).or_default().push(asset);
        }
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}
