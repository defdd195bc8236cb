//! `list_assets`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Answer, Context, Data, ListAssets, ListData, ListFilter, ListSort, ListedAsset};
use crate::build::BuiltAsset;
use crate::diagnose::Severity;
use crate::snapshot::Asset;
use crate::workspace::ImporterChoice;

const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 10_000;

/// Lists assets, registered and unregistered alike.
#[must_use]
pub fn list(context: &Context<'_>, request: &ListAssets) -> Answer {
    if let Err(answer) = context.need_settings() {
        return answer;
    }
    let limit = request.limit.unwrap_or(DEFAULT_LIMIT);
    if limit == 0 || limit > MAX_LIMIT {
        return Answer::bad_request(format!("a page of {limit} assets"), format!("ask for 1 to {MAX_LIMIT}"));
    }
    let start = match request.cursor.as_deref().map(str::parse::<usize>) {
        None => 0,
        Some(Ok(start)) => start,
        Some(Err(_)) => return Answer::bad_request("the cursor is none of ours", "send the `next_cursor` of a page"),
    };
    let worst = context.worst();
    let mut assets: Vec<ListedAsset> =
        context.snapshot.assets.iter().map(|asset| listed(context, asset, &worst)).collect();
    assets.retain(|asset| takes(&request.filter, asset));
    assets.sort_by(|a, b| order(request.sort, a, b).then_with(|| a.root.cmp(&b.root)));
    if request.descending {
        assets.reverse();
    }
    let total = assets.len() as u64;
    let end = start.saturating_add(limit as usize);
    let next_cursor = (end < assets.len()).then(|| end.to_string());
    let page: Vec<ListedAsset> = assets.into_iter().skip(start).take(limit as usize).collect();
    let summary = match (page.len() as u64, total) {
        (shown, total) if shown == total => super::answer::count(total, "asset", "assets"),
        (shown, total) => format!("{shown} of {total} assets"),
    };
    Answer::ok(summary, Data::ListAssets(ListData { assets: page, total, next_cursor }))
}

/// One asset as lists show it.
pub(super) fn listed(context: &Context<'_>, asset: &Asset, worst: &BTreeMap<Arc<str>, Severity>) -> ListedAsset {
    let manifest = asset.manifest();
    let root = asset.root_name();
    let built = built_of(context, asset);
    ListedAsset {
        asset_id: asset.asset_id(),
        uuid: asset.uuid(),
        address: asset.address().cloned(),
        registered: asset.entry.is_some(),
        included: asset.is_included(),
        quarantined: false,
        importer: manifest.map(|manifest| importer_word(&manifest.importer)),
        labels: manifest.map(|manifest| manifest.labels.clone()).unwrap_or_default(),
        sources: asset.sources.len() as u64,
        bytes: asset.bytes(),
        parts: built.map(|built| built.imports.iter().map(|import| import.parts.len() as u64).sum()),
        state: asset.state(),
        worst: worst.get(&root).copied(),
        last_built: built.and(context.last_build()).map(|last| last.at.clone()),
        root,
    }
}

/// What the last build had of an asset.
pub(super) fn built_of<'c>(context: &'c Context<'_>, asset: &Asset) -> Option<&'c BuiltAsset> {
    context.last_build()?.asset(asset.asset_id()?)
}

fn importer_word(choice: &ImporterChoice) -> String {
    match choice {
        ImporterChoice::Auto => "auto".to_owned(),
        ImporterChoice::Named(name) => name.clone(),
        ImporterChoice::ByPattern(_) => "by pattern".to_owned(),
    }
}

fn takes(filter: &ListFilter, asset: &ListedAsset) -> bool {
    let said = |wanted: Option<bool>, is: bool| wanted.is_none_or(|wanted| wanted == is);
    let text = |text: &String| {
        let text = text.to_lowercase();
        asset.root.to_lowercase().contains(&text)
            || asset.address.as_ref().is_some_and(|address| address.as_str().contains(&text))
    };
    said(filter.included, asset.included)
        && said(filter.registered, asset.registered)
        && said(filter.quarantined, asset.quarantined)
        && said(filter.problems, asset.worst.is_some())
        && filter.text.as_ref().is_none_or(text)
        && filter.label.as_ref().is_none_or(|label| asset.labels.contains(label))
        && filter.importer.as_ref().is_none_or(|importer| asset.importer.as_ref() == Some(importer))
        && filter.state.is_none_or(|state| asset.state == state)
}

fn order(sort: ListSort, a: &ListedAsset, b: &ListedAsset) -> std::cmp::Ordering {
    match sort {
        // What has no address comes last.
        ListSort::Address => (a.address.is_none(), &a.address).cmp(&(b.address.is_none(), &b.address)),
        ListSort::Root => a.root.cmp(&b.root),
        ListSort::AssetId => a.asset_id.cmp(&b.asset_id),
        ListSort::Bytes => a.bytes.cmp(&b.bytes),
        ListSort::Parts => a.parts.cmp(&b.parts),
        ListSort::LastBuilt => a.last_built.cmp(&b.last_built),
        ListSort::Worst => a.worst.cmp(&b.worst),
    }
}
