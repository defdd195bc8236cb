//! `get_asset_details`.

use rayon::prelude::*;

use super::build::Records;
use super::list::{built_of, listed};
use super::{
    Answer, Blocker, BlockerCode, Context, Data, DetailsData, FileDetails, GetAssetDetails, LastBuild, PartDetails,
};
use crate::build::hashed;
use crate::fs::read_limited;
use crate::snapshot::Asset;
use crate::value::RelPath;
use crate::workspace::Manifest;

/// All that is known of one asset.
#[must_use]
pub fn details(context: &Context<'_>, request: &GetAssetDetails) -> Answer {
    if let Err(answer) = context.need_settings() {
        return answer;
    }
    let selected = match context.snapshot.select(std::slice::from_ref(&request.selector)) {
        Ok(selected) => selected,
        Err(errors) => return Answer::unselectable(&errors),
    };
    let mut assets = selected.values();
    let (Some(asset), None) = (assets.next(), assets.next()) else {
        let message = format!("`{}` names {} assets", request.selector, selected.len());
        return Answer::blocked(vec![Blocker::new(BlockerCode::Ambiguous, message, "name one asset")]);
    };
    let reference = asset.reference();
    let data = DetailsData {
        asset: listed(context, asset),
        manifest: manifest_json(context, asset),
        files: files(context, asset),
        part_list: parts(context, asset),
        diagnostics: context.view.findings.of_root(&reference.root).cloned().collect(),
        last_build: built_of(context, asset)
            .and(context.last_build())
            .map(|last| LastBuild { at: last.at.clone(), pack: last.pack_hash }),
        history: context.history_of(asset),
    };
    let name = asset.address().map_or_else(|| asset.root_text.to_string(), ToString::to_string);
    Answer::ok(name, Data::GetAssetDetails(Box::new(data))).about(vec![reference])
}

/// Hashes the sources of one asset whose content is not known, for the listing. One that cannot be read is left out, and so
/// are all that come after a cancel.
#[must_use]
pub fn hashed_sources(context: &Context<'_>, request: &GetAssetDetails) -> Records {
    let selected = context.snapshot.select(std::slice::from_ref(&request.selector)).unwrap_or_default();
    let mut assets = selected.values();
    let (Some(asset), None) = (assets.next(), assets.next()) else { return Records::new() };
    let record = |source: &crate::snapshot::SourceFile| {
        let before = context.listing.recalled(&source.disk, &source.stamp);
        if before.is_some_and(|before| !before.racy) {
            return None;
        }
        Some((source.disk.clone(), hashed(&**context.fs, source, before, context.cancel)?))
    };
    asset.sources.par_iter().filter_map(record).collect()
}

fn manifest_json(context: &Context<'_>, asset: &Asset) -> Option<serde_json::Value> {
    let root = asset.root.as_ref().ok()?;
    let disk = &context.snapshot.tree.folder(root)?.disk;
    let path: RelPath = context.snapshot.assets_dir().join(disk).entry(Manifest::FILE);
    serde_json::from_slice(&read_limited(&**context.fs, &path, Manifest::MAX_BYTES).ok()?).ok()
}

fn files(context: &Context<'_>, asset: &Asset) -> Vec<FileDetails> {
    let file = |source: &crate::snapshot::SourceFile| FileDetails {
        path: source.disk.clone(),
        size: source.stamp.size,
        hash: context.listing.recalled(&source.disk, &source.stamp).map(|record| record.hash),
    };
    asset.sources.iter().map(file).collect()
}

fn parts(context: &Context<'_>, asset: &Asset) -> Vec<PartDetails> {
    let imports = built_of(context, asset).map(|built| built.imports.as_slice()).unwrap_or_default();
    let of = |import: &crate::build::BuiltImport| {
        let reason = import.reason.clone();
        let part = move |(part, _): &(crate::build::cache::StoredPart, u64)| PartDetails {
            name: part.name.clone(),
            format: part.format.clone(),
            bytes: part.raw_length,
            hash: part.hash,
            metadata: serde_json::from_str(&part.metadata).unwrap_or_default(),
            reason: reason.clone(),
        };
        import.parts.iter().map(part).collect::<Vec<_>>()
    };
    let mut parts: Vec<PartDetails> = imports.iter().flat_map(of).collect();
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    parts
}
